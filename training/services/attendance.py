"""Who was there: the trainer's list, also from a phone that was offline, and the participant's own QR scan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobseekers.models import JobSeeker
from training.models import Attendance, AttendanceEntry, Cohort, Enrolment, Session
from training.models.enrolments import State, StepRefused

Mark = Attendance.Mark
PARTICIPANTS = (State.ENROLLED, State.COMPLETED, State.FAILED)


@dataclass(frozen=True)
class Word:
    """One mark as somebody has made it: `seen` is what the list showed before, `at` the clock of the phone."""

    enrolment: int
    mark: str
    seen: str = ""
    at: datetime = field(default_factory=timezone.now)
    entry_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def keep(session: Session, words: Iterable[Word], *, by: User) -> list[AttendanceEntry]:
    """Keep marks of people of this cohort; words about others are left out. Raises StepRefused before the day.

    A word that has arrived already changes nothing. Of two words of one person the later one stands, whichever comes
    first. What somebody else has marked meanwhile, and the list did not show, is not written over (`CONFLICT`).
    """
    if not session.has_begun:
        raise StepRefused(_("Pertemuan ini belum mulai. Kehadiran dicatat pada harinya."))
    Session.objects.select_for_update(no_key=True).get(pk=session.pk)  # one list at a time
    known = set(Enrolment.objects.filter(cohort=session.cohort_id, state__in=PARTICIPANTS).values_list("pk", flat=True))
    return [_keep(session, word, by) for word in words if word.enrolment in known]


def _keep(session: Session, word: Word, by: User) -> AttendanceEntry:
    if earlier := AttendanceEntry.objects.filter(entry_id=word.entry_id).first():
        return earlier
    stands = Attendance.objects.filter(session=session, enrolment=word.enrolment).first()
    at, result = _moment(session, word.at), AttendanceEntry.Result.KEPT
    if stands and stands.marked_by_id == by.pk:
        result = result if at >= stands.marked_at else AttendanceEntry.Result.OLDER
    elif stands and stands.mark not in (word.seen, word.mark):
        result = AttendanceEntry.Result.CONFLICT
    if result == AttendanceEntry.Result.KEPT and not (stands and stands.mark == word.mark):
        Attendance.objects.update_or_create(
            session=session,
            enrolment_id=word.enrolment,
            defaults={"mark": word.mark, "via": Attendance.Via.LIST, "marked_by": by, "marked_at": at},
        )
    return AttendanceEntry.objects.create(
        entry_id=word.entry_id, session=session, enrolment_id=word.enrolment, mark=word.mark, seen=word.seen,
        result=result, said_by=by, said_at=word.at,
    )  # fmt: skip


def _moment(session: Session, at: datetime) -> datetime:
    """When it was, as far as the phone can be right: neither before the day of the session nor after now."""
    now, start = timezone.now(), timezone.make_aware(datetime.combine(session.on, time.min))
    return min(at, now) if at >= start else now


def mark(session: Session, marks: Mapping[int, str], *, by: User, at: datetime | None = None) -> int:
    """Keep {enrolment: mark} over whatever stands now; how many. Raises StepRefused."""
    stands = dict(session.attendances.values_list("enrolment", "mark"))
    words = [Word(pk, value, stands.get(pk, ""), at or timezone.now()) for pk, value in marks.items()]
    return len(keep(session, [word for word in words if word.mark in Mark.values], by=by))


@transaction.atomic
def check_in(session: Session, person: JobSeeker) -> Attendance:
    """The participant has scanned the code on the wall, on the day. Raises StepRefused."""
    if session.on != timezone.localdate():
        raise StepRefused(_("Kode ini hanya berlaku pada hari pertemuannya."))
    enrolment = Enrolment.objects.filter(cohort=session.cohort_id, job_seeker=person, state__in=PARTICIPANTS).first()
    if enrolment is None:
        raise StepRefused(_("Anda bukan peserta angkatan ini. Tanyakan kepada pelatih."))
    Session.objects.select_for_update(no_key=True).get(pk=session.pk)  # a list that is being kept is waited for
    return Attendance.objects.get_or_create(
        session=session, enrolment=enrolment, defaults={"mark": Mark.PRESENT, "via": Attendance.Via.QR}
    )[0]


def participants(cohort: Cohort) -> QuerySet[Enrolment]:
    """With `present_hours`, of the lesson hours that have been held (`held_hours`)."""
    present = (
        Attendance.objects.filter(enrolment=OuterRef("pk"), mark=Mark.PRESENT)
        .order_by()
        .values("enrolment")
        .annotate(hours=Sum("session__lesson_hours"))
    )
    return (
        cohort.enrolments.filter(state__in=PARTICIPANTS)
        .select_related("job_seeker__region")
        .annotate(
            present_hours=Coalesce(Subquery(present.values("hours"), output_field=IntegerField()), 0),
            held_hours=Value(held_hours(cohort)),
        )
        .order_by("job_seeker__name", "pk")
    )


def held_hours(cohort: Cohort) -> int:
    """Lesson hours of the sessions for which the list has been kept."""
    kept = cohort.sessions.filter(Q(attendances__isnull=False)).distinct()
    return sum(kept.values_list("lesson_hours", flat=True))


def percent(enrolment: Enrolment) -> int | None:
    """Of one that `participants` has found, rounded down; None while nothing has been held."""
    held: int = enrolment.held_hours  # type: ignore[attr-defined]
    return 100 * enrolment.present_hours // held if held else None  # type: ignore[attr-defined]


def marked(cohort: Cohort) -> dict[int, int]:
    """Session -> how many people have a mark."""
    rows = Attendance.objects.filter(session__cohort=cohort).values_list("session").annotate(number=Count("pk"))
    return dict(rows.order_by())
