"""Who gets a seat: applying, the waiting list, offers with an end, leaving.

Every step holds the person, then the cohort, so that of many at the same moment each sees what the one before has done;
the order in which they commit is the order in which seats go. That no cohort is oversold does not depend on it: the
database counts and refuses (`COUNT_SEATS`, `cohort_not_oversold`).
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DataAccess, User
from jobseekers.models import JobSeeker
from jobseekers.services import people
from training import conditions, mails
from training.models import Cohort, Enrolment, EnrolmentLog
from training.models.enrolments import SEATED, State, StepRefused

FIRST_COME = Cohort.Intake.FIRST_COME


def obstacle(person: JobSeeker, cohort: Cohort) -> str:
    """Why this person cannot apply now, in words with the next step; "" when nothing stands in the way."""
    if not cohort.takes_applications:
        return _("Pendaftaran angkatan ini tidak dibuka sekarang. Lihat pelatihan lain.")
    if person.restricted_at:
        return _("Pemrosesan data sedang dibatasi atas permintaan pemiliknya. Cabut dulu pembatasan itu.")
    if person.state != JobSeeker.State.COMPLETE:
        return _("Data diri belum lengkap. Lengkapi profil dulu, lalu daftar.")
    return " ".join(conditions.unmet(person, cohort, cohort.course.rules.all()))


@transaction.atomic
def apply(person: JobSeeker, cohort: Cohort, *, via: str, motivation: str = "", by: User | None = None) -> Enrolment:
    """The enrolment, or the one that stands already. Raises StepRefused.

    Without selection it has a seat, or the next place on the waiting list.
    """
    person = hold_person(person.pk)
    cohort = hold(cohort)
    if standing := Enrolment.objects.standing().filter(cohort=cohort, job_seeker=person).first():
        if standing.state in (State.DROPPED, State.COMPLETED, State.FAILED):
            raise StepRefused(_("Orang ini sudah pernah ikut angkatan ini. Hubungi kantor."))
        return standing
    if words := obstacle(person, cohort):
        raise StepRefused(words)
    enrolment = Enrolment(cohort=cohort, job_seeker=person, via=via, motivation=motivation, created_by=by)
    if cohort.intake == FIRST_COME:
        waits = cohort.free < 1 or Enrolment.objects.in_line().filter(cohort=cohort).exists()
        enrolment.state = State.WAITING if waits else State.ENROLLED
        enrolment.position = next_position(cohort) if waits else None
    enrolment.save()
    EnrolmentLog.objects.create(enrolment=enrolment, actor=by, to_state=enrolment.state)
    if by is not None:
        people.note(person, by=by, action=DataAccess.Action.CHANGE, reason=str(cohort))
    person.touch()
    mails.received(enrolment)
    if enrolment.state == State.WAITING and cohort.free > 0:  # who stands before cannot take the seat now
        pass_on(cohort)
        enrolment.refresh_from_db()
    return enrolment


@dataclass(frozen=True)
class Offers:
    made: list[Enrolment] = field(default_factory=list)
    skipped: list[tuple[Enrolment, str]] = field(default_factory=list)  # with why


@transaction.atomic
def offer(cohort: Cohort, *, by: User | None) -> Offers:
    """Offer every free seat to whoever is next in line. Raises StepRefused after the last day for it."""
    cohort, offers = hold(cohort), Offers()
    if not cohort.may_offer:
        raise StepRefused(_("Kursi tidak ditawarkan lagi: kelas sudah lewat hari penggantian peserta."))
    for enrolment in Enrolment.objects.in_line().filter(cohort=cohort).select_related("job_seeker"):
        if len(offers.made) >= cohort.free:
            break
        if why := hindrance(enrolment):
            note_skip(enrolment, why, by)
            offers.skipped.append((enrolment, why))
            continue
        enrolment.move(State.OFFERED, by=by, offered_until=end_of_offer(cohort), position=None)
        mails.offered(enrolment)
        offers.made.append(enrolment)
    return offers


def hindrance(enrolment: Enrolment, *, seats_elsewhere: tuple[str, ...] = (State.OFFERED, State.ENROLLED)) -> str:
    """Why a free seat passes this person by, or ""."""
    person = enrolment.job_seeker
    if person.restricted_at:
        return _("pemrosesan datanya dibatasi")
    if person.state != JobSeeker.State.COMPLETE:
        return _("datanya tidak lengkap lagi")
    elsewhere = Enrolment.objects.filter(job_seeker=person, state__in=seats_elsewhere)
    elsewhere = elsewhere.exclude(cohort=enrolment.cohort_id).exclude(cohort__state=Cohort.State.CANCELLED)
    elsewhere = elsewhere.filter(cohort__ends_on__gte=timezone.localdate())
    if busy := elsewhere.select_related("cohort__course").first():
        return _("punya kursi di %(cohort)s") % {"cohort": busy.cohort}
    return ""


def note_skip(enrolment: Enrolment, why: str, by: User | None) -> None:
    """Once for each reason, however often the list is gone through."""
    last = enrolment.log.first()
    if last is None or not (last.is_skip and last.note == why):
        EnrolmentLog.objects.create(
            enrolment=enrolment, actor=by, from_state=enrolment.state, to_state=enrolment.state, note=why
        )


def end_of_offer(cohort: Cohort) -> datetime:
    """After the office's hours, at the latest when the last day for replacing somebody ends."""
    last = timezone.make_aware(datetime.combine(cohort.last_replacement_day, time.max))
    return min(timezone.now() + timedelta(hours=cohort.offer_hours), last)


@transaction.atomic
def accept(enrolment: Enrolment, *, by: User | None, note: str = "") -> None:
    """Raises StepRefused when the offer is over, or the person has taken a seat elsewhere meanwhile."""
    hold_person(enrolment.job_seeker_id)
    cohort = hold(enrolment.cohort)
    enrolment.refresh_from_db()
    if cohort.state not in (Cohort.State.OPEN, Cohort.State.RUNNING):
        raise StepRefused(_("Angkatan ini sudah selesai atau dibatalkan."))
    if why := hindrance(enrolment, seats_elsewhere=(State.ENROLLED,)):
        raise StepRefused(_("Kursi belum bisa diterima: %(why)s.") % {"why": why})
    if enrolment.state == State.OFFERED and not enrolment.awaits_answer:
        raise StepRefused(_("Tawaran kursi ini sudah lewat waktunya. Hubungi kantor; mungkin masih ada kursi."))
    enrolment.move(State.ENROLLED, by=by, note=note, offered_until=None)


@transaction.atomic
def decline(enrolment: Enrolment, *, by: User | None, note: str = "") -> None:
    """Say no to an offer. Raises StepRefused when it has been answered: a seat that was taken is not lost by this."""
    cohort = hold(enrolment.cohort)
    enrolment.refresh_from_db()
    if enrolment.state != State.OFFERED:
        raise StepRefused(_("Tawaran ini sudah dijawab atau tidak berlaku lagi."))
    enrolment.move(State.DECLINED, by=by, note=note, position=None, offered_until=None)
    pass_on(cohort)


@transaction.atomic
def leave(enrolment: Enrolment, *, by: User | None, reason: str = "") -> None:
    """Withdraw, decline an offer, or drop out, whichever fits; the seat is free again. Raises StepRefused."""
    cohort = hold(enrolment.cohort)
    enrolment.refresh_from_db()
    changes: dict[str, object] = {"position": None, "offered_until": None}
    to = State.WITHDRAWN
    if enrolment.state == State.OFFERED:
        to = State.DECLINED
    elif enrolment.state == State.ENROLLED and timezone.localdate() >= cohort.begins_on:
        to, changes["reason"] = State.DROPPED, reason or _("Mengundurkan diri")
    enrolment.move(to, by=by, note=reason, **changes)
    if by is not None and by.pk != enrolment.job_seeker.user_id:
        mails.removed(enrolment, reason)
    pass_on(cohort)


@transaction.atomic
def cancel(cohort: Cohort, *, by: User) -> int:
    """The class does not take place: everybody's seat, offer or place in line ends and everybody is told; how many.

    Raises StepRefused.
    """
    cohort = hold(cohort)
    if not cohort.move(Cohort.State.CANCELLED):
        raise StepRefused(_("Keadaan angkatan sudah berubah. Muat ulang halaman ini."))
    reason, told = _("Angkatan dibatalkan"), 0
    running = (State.APPLIED, State.WAITING, State.OFFERED, State.ENROLLED)
    for enrolment in cohort.enrolments.filter(state__in=running).select_related("job_seeker__user"):
        enrolment.move(State.WITHDRAWN, by=by, note=reason, position=None, offered_until=None, reason=reason)
        mails.removed(enrolment, reason)
        told += 1
    return told


def pass_on(cohort: Cohort) -> None:
    """Without selection nobody decides: a free seat is offered at once to whoever is next."""
    if cohort.intake == FIRST_COME and cohort.may_offer:
        offer(cohort, by=None)


@transaction.atomic
def set_capacity(cohort: Cohort, capacity: int) -> None:
    """Raises IntegrityError when more seats are taken than that."""
    cohort = hold(cohort)
    Cohort.objects.filter(pk=cohort.pk).update(capacity=capacity)
    pass_on(hold(cohort))


def sweep(now: datetime | None = None, limit: int = 500) -> int:
    """End offers whose time is over, and without selection pass the seats on; how many. Each is a transaction."""
    done = 0
    due = Enrolment.objects.run_out(now or timezone.now()).select_related("cohort").order_by("pk")
    for enrolment in due[:limit]:
        try:
            with transaction.atomic():
                cohort = hold(enrolment.cohort)
                enrolment.move(State.LAPSED, by=None)
                mails.lapsed(enrolment)
                pass_on(cohort)
                done += 1
        except StepRefused:  # accepted a moment ago
            continue
    return done


def recount() -> list[Cohort]:
    """Cohorts whose counter is not the number of their seated people: none, unless somebody switched triggers off."""
    return [
        cohort for cohort in Cohort.objects.all() if cohort.taken != cohort.enrolments.filter(state__in=SEATED).count()
    ]


def hold_person(pk: int) -> JobSeeker:
    """The record locked before any cohort, as erasing and merging lock it."""
    return JobSeeker.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def hold(cohort: Cohort) -> Cohort:
    """The cohort as it stands now, locked until the end of the transaction."""
    return Cohort.objects.select_for_update(of=("self",), no_key=True).select_related("course").get(pk=cohort.pk)


def next_position(cohort: Cohort) -> int:
    return (Enrolment.objects.filter(cohort=cohort).aggregate(last=Max("position"))["last"] or 0) + 1
