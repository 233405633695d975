"""Placement as a dated event, and what becomes of the people afterwards. Rules: design/domain.md 6, 8, 9, 11."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataAccess, User, current_office
from canvassing.models import Region
from jobseekers import referral_mail
from jobseekers.models import (
    Application,
    FollowUp,
    JobSeeker,
    Placement,
    ReferralSettings,
    RegisterEvent,
    RegistrationCard,
)
from jobseekers.models.applications import StepRefused
from jobseekers.services import cards, people

Scope, Answer = Placement.Scope, FollowUp.Answer
EMPLOYED = (Answer.SAME_JOB, Answer.OTHER_JOB)


class PlacementRefused(Exception):
    """Nobody can be placed like this; the message says why and what to do."""


def scope_of(region_code: str) -> str:
    """AKL within the province (or the city, by the office's setting), AKAD outside it, AKAN abroad."""
    if region_code.startswith(Region.ABROAD):
        return Scope.AKAN
    home = current_office().city_code
    within = ReferralSettings.current().local_within
    border = home[:2] if within == ReferralSettings.Boundary.PROVINCE else home
    return Scope.AKL if region_code.startswith(border) else Scope.AKAD


@transaction.atomic
def place(placement: Placement, *, by: User, application: Application | None = None) -> Placement:
    """Record that somebody has begun to work: event, card, follow-ups, all or nothing.

    The same placement sent twice is one. Other running applications stay as they are. Raises PlacementRefused.
    """
    person = JobSeeker.objects.select_for_update(no_key=True).get(pk=placement.job_seeker_id)
    if earlier := _earlier(placement):
        return earlier
    if words := obstacle(person, placement.started_on):
        raise PlacementRefused(words)
    if application is not None:
        if application.state != Application.State.ACCEPTED:
            raise PlacementRefused(_("Catat dulu bahwa perusahaan menerima orang ini."))
        placement.application = application
    placement.scope = scope_of(placement.region_id)
    placement.recorded_by = by
    if person.in_register:
        placement.event = RegisterEvent.objects.place(person, on=placement.started_on, by=by)
    for card in person.cards.filter(state=RegistrationCard.State.ISSUED):
        cards.end(card, RegistrationCard.End.PLACED, by)
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError as error:
        raise PlacementRefused(_("Penempatan dari lamaran ini sudah tercatat.")) from error
    FollowUp.objects.bulk_create(
        FollowUp(placement=placement, months=months, due_on=cards.months_after(placement.started_on, months))
        for months in FollowUp.MONTHS
    )
    people.note(person, by=by, action=DataAccess.Action.CHANGE, reason=gettext_lazy("mencatat penempatan"))
    return placement


def _earlier(placement: Placement) -> Placement | None:
    same = Q(employer=placement.employer_id, started_on=placement.started_on) | Q(entry_id=placement.entry_id)
    return Placement.objects.filter(same, job_seeker=placement.job_seeker_id).first()


def obstacle(person: JobSeeker, started_on: date) -> str:
    """Why this person cannot be placed on that day, in words; "" when nothing stands in the way."""
    if person.restricted_at:
        return _("Pemrosesan data sedang dibatasi atas permintaan pemiliknya. Cabut dulu pembatasan itu.")
    if person.state != JobSeeker.State.COMPLETE:
        return _("Data diri belum lengkap. Lengkapi dulu, lalu catat penempatan.")
    if started_on > timezone.localdate():
        return _("Tanggal mulai belum tiba. Catat penempatan pada hari orangnya mulai bekerja.")
    entry = person.register_events.filter(kind=RegisterEvent.Kind.REGISTERED).order_by("-pk").first()
    if person.in_register and entry is not None and started_on < entry.on:
        return _("Orang ini baru terdaftar sesudah tanggal itu. Periksa tanggal mulai.")
    return ""


# --- Afterwards -----------------------------------------------------------------------------------


def sweep(now: datetime | None = None, limit: int = 500) -> int:
    """Ask by mail who is due; how many. Each is a transaction and happens once."""
    today = timezone.localdate(now)
    done = 0
    for row in FollowUp.objects.to_ask(today).select_related("placement__job_seeker", "placement__employer")[:limit]:
        with transaction.atomic():
            if FollowUp.objects.to_ask(today).filter(pk=row.pk).update(asked_at=timezone.now()):
                referral_mail.please_tell(row)
                done += 1
    return done


def answer(row: FollowUp, value: str, *, by: User | None = None) -> bool:
    """Keep an answer: of the person through the link, or told to an officer. False when the time for it is over."""
    if timezone.localdate() > row.correctable_until:
        return False
    FollowUp.objects.filter(pk=row.pk).update(
        answer=value,
        answered_at=timezone.now(),
        asked_at=row.asked_at or timezone.now(),
        via=FollowUp.Via.PHONE if by else FollowUp.Via.MESSAGE,
        by=by,
    )
    if value != Answer.NOT_REACHED:
        row.placement.job_seeker.touch()
    if by is not None:
        people.note(
            row.placement.job_seeker,
            by=by,
            action=DataAccess.Action.CHANGE,
            reason=gettext_lazy("mencatat tindak lanjut"),
        )
    return True


@transaction.atomic
def call_failed(row: FollowUp, *, by: User) -> int:
    """One more call that nobody answered; after the third the person is "not reached". How many so far."""
    held = FollowUp.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.answer:
        raise StepRefused(_("Orang ini baru saja menjawab. Muat ulang halaman ini."))
    FollowUp.objects.filter(pk=row.pk).update(calls=F("calls") + 1, asked_at=held.asked_at or timezone.now(), by=by)
    if held.calls + 1 >= FollowUp.CALLS:
        answer(held, Answer.NOT_REACHED, by=by)
    return held.calls + 1


@dataclass(frozen=True)
class Funnel:
    """What is known of the people whose follow-up after `months` is due. due = not_asked + waiting + answered +
    not_reached; answered = employed + business + seeking + studying."""

    months: int
    due: int
    asked: int
    answered: int
    not_reached: int
    employed: int
    business: int
    seeking: int
    studying: int

    @property
    def not_asked(self) -> int:
        return self.due - self.asked

    @property
    def waiting(self) -> int:
        return self.asked - self.answered - self.not_reached

    @property
    def employed_percent(self) -> int | None:
        """Of those who answered; None while nobody has."""
        return round(100 * self.employed / self.answered) if self.answered else None

    @property
    def answered_percent(self) -> int | None:
        return round(100 * self.answered / self.due) if self.due else None


def funnel() -> list[Funnel]:
    """One row for 3, 6 and 12 months, of all follow-ups that are due."""

    def told(*answers: str) -> Count:
        return Count("pk", filter=Q(answer__in=answers))

    counted = (
        FollowUp.objects.due(timezone.localdate())
        .order_by()
        .values("months")
        .annotate(
            due=Count("pk"),
            asked=Count("asked_at"),
            answered=Count("pk", filter=~Q(answer__in=("", Answer.NOT_REACHED))),
            not_reached=told(Answer.NOT_REACHED),
            employed=told(*EMPLOYED),
            business=told(Answer.BUSINESS),
            seeking=told(Answer.SEEKING),
            studying=told(Answer.STUDYING),
        )
    )
    found = {row["months"]: Funnel(**row) for row in counted}
    return [found.get(months, Funnel(months, *[0] * 8)) for months in FollowUp.MONTHS]
