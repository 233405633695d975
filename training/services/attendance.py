"""Who was there: the trainer's list, also from a phone that was offline, and the participant's own QR scan."""

from collections.abc import Mapping
from datetime import datetime, time

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
from training.models import Attendance, Cohort, Enrolment, Session
from training.models.enrolments import State, StepRefused

Mark = Attendance.Mark
PARTICIPANTS = (State.ENROLLED, State.COMPLETED, State.FAILED)


def mark(session: Session, marks: Mapping[int, str], *, by: User, at: datetime | None = None) -> int:
    """Keep {enrolment: mark} of people of this cohort; how many. The later word wins, whichever arrives first."""
    if not session.has_begun:
        raise StepRefused(_("Pertemuan ini belum mulai. Kehadiran dicatat pada harinya."))
    known = set(Enrolment.objects.filter(cohort=session.cohort_id, state__in=PARTICIPANTS).values_list("pk", flat=True))
    now, start = timezone.now(), timezone.make_aware(datetime.combine(session.on, time.min))
    at = min(at, now) if at and at >= start else now  # a clock before the day of the session is wrong
    rows = [
        Attendance(session=session, enrolment_id=pk, mark=value, via=Attendance.Via.LIST, marked_by=by, marked_at=at)
        for pk, value in marks.items()
        if pk in known and value in Mark.values
    ]
    for row in rows:
        older = Attendance.objects.filter(session=session, enrolment=row.enrolment_id, marked_at__lte=at)
        if not older.update(mark=row.mark, via=row.via, marked_by=by, marked_at=at):
            Attendance.objects.bulk_create([row], ignore_conflicts=True)  # the first word, or a later one stands
    return len(rows)


def check_in(session: Session, person: JobSeeker) -> Attendance:
    """The participant has scanned the code on the wall, on the day. Raises StepRefused."""
    if session.on != timezone.localdate():
        raise StepRefused(_("Kode ini hanya berlaku pada hari pertemuannya."))
    enrolment = Enrolment.objects.filter(cohort=session.cohort_id, job_seeker=person, state__in=PARTICIPANTS).first()
    if enrolment is None:
        raise StepRefused(_("Anda bukan peserta angkatan ini. Tanyakan kepada pelatih."))
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
