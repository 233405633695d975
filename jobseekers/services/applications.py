"""An application from the first word to the last answer: by the person, by the office, by the employer, by the clock.

Steps of one application are conditional updates (`Application.move`); a new one holds the person's row, so that the
same wish sent twice is one application.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataAccess, User
from canvassing.models import Vacancy
from jobseekers import referral_mail
from jobseekers.models import (
    Application,
    ApplicationLog,
    Appointment,
    Consent,
    JobSeeker,
    OutcomeReason,
    Referral,
    ReferralSettings,
)
from jobseekers.models.applications import StepRefused
from jobseekers.services import people

State, Way = Application.State, Application.Way
NO_ANSWER = "no-answer"  # code of the OutcomeReason of silence


# --- Beginning ------------------------------------------------------------------------------------


def obstacle(person: JobSeeker, vacancy: Vacancy) -> str:
    """Why this person cannot apply now, in words with the next step; "" when nothing stands in the way."""
    if person.restricted_at:
        return _("Pemrosesan data sedang dibatasi atas permintaan pemiliknya. Cabut dulu pembatasan itu.")
    if person.state != JobSeeker.State.COMPLETE:
        return _("Data diri belum lengkap. Lengkapi profil dulu, lalu lamar.")
    if not vacancy.is_open:
        return _("Lowongan ini sudah ditutup. Cari lowongan lain yang masih buka.")
    return ""


@transaction.atomic
def apply(
    person: JobSeeker,
    vacancy: Vacancy,
    *,
    way: str,
    message: str = "",
    share: bool = False,
    evidence: str = "",
    by: User | None = None,
) -> Application:
    """The application, or the one that stands already. `share`: the person agrees that the employer gets the data,
    and `evidence` says how a minor's guardian does.

    `by` is the officer who proposes somebody; None for the person. Raises StepRefused.
    """
    held = JobSeeker.objects.select_for_update(no_key=True).get(pk=person.pk)
    if words := obstacle(held, vacancy):
        raise StepRefused(words)
    if share:
        given = set(held.consents.filter(withdrawn_at=None).values_list("purpose", flat=True))
        people.agree(held, given | {Consent.Purpose.SHARE}, channel=JobSeeker.Via.WEB, by=by, evidence=evidence)
    if standing := Application.objects.standing().filter(job_seeker=held, vacancy=vacancy).first():
        return standing
    application = Application.objects.create(job_seeker=held, vacancy=vacancy, way=way, message=message, created_by=by)
    ApplicationLog.objects.create(application=application, actor=by, to_state=State.APPLIED)
    if by is not None:
        people.note(held, by=by, action=DataAccess.Action.CHANGE, reason=gettext_lazy("mengusulkan untuk lowongan"))
    held.touch()
    return application


# --- Steps ----------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(application: Application, *, by: User | None) -> None:
    """Raises StepRefused."""
    application.move(State.WITHDRAWN, by=by)
    _cancel_interviews(application)


@transaction.atomic
def invite(
    application: Application, *, by: User | None, appointment: Appointment | None = None, note: str = ""
) -> None:
    """The employer wants to meet the person. Silence is counted again from the interview. Raises StepRefused."""
    _may_process(application)
    from_day = timezone.localtime(appointment.begins_at).date() if appointment else timezone.localdate()
    answer_by = from_day + timedelta(days=ReferralSettings.current().answer_days)
    application.move(State.INVITED, by=by, note=note, answer_by=answer_by, answered_at=timezone.now())
    if appointment is not None:
        appointment.application = application
        appointment.save()
    referral_mail.invited(application, appointment, note)


@transaction.atomic
def accept(application: Application, *, by: User | None, note: str = "") -> None:
    """The employer says yes. Work has begun only when an officer records the placement. Raises StepRefused."""
    _may_process(application)
    application.move(State.ACCEPTED, by=by, note=note, answered_at=timezone.now())
    referral_mail.accepted(application)


@transaction.atomic
def reject(application: Application, *, by: User | None, reason: OutcomeReason, note: str = "") -> None:
    """With a coded reason whose words the person reads. Raises StepRefused."""
    _may_process(application)
    application.move(State.REJECTED, by=by, note=note, reason=reason, answered_at=timezone.now())
    _cancel_interviews(application)
    referral_mail.ended(application)


def _may_process(application: Application) -> None:
    if application.job_seeker.restricted_at:
        raise StepRefused(_("Pemrosesan data sedang dibatasi atas permintaan pemiliknya. Cabut dulu pembatasan itu."))


def _cancel_interviews(application: Application) -> None:
    application.appointments.planned().update(state=Appointment.State.CANCELLED)


def answer_from_employer(application: Application, answer: str, *, reason: OutcomeReason | None, note: str) -> None:
    """What somebody at the employer says through the letter's link. Raises StepRefused."""
    words = _("dari perusahaan lewat tautan surat")
    told = f"{words}: {note}"[:300] if note else words
    if answer == State.INVITED:
        invite(application, by=None, note=told)
    elif answer == State.ACCEPTED:
        accept(application, by=None, note=told)
    elif answer == State.REJECTED and reason is not None:
        reject(application, by=None, reason=reason, note=told)
    else:
        raise StepRefused(_("Pilih alasan bila belum cocok."))


# --- Silence --------------------------------------------------------------------------------------


def sweep(now: datetime | None = None, limit: int = 500) -> int:
    """Remind employers and close what stayed unanswered; how many. Each is a transaction and happens once."""
    today = timezone.localdate(now)
    return _remind_employers(today, limit) + _close_silent(today, limit)


def employer_address(referral: Referral) -> str:
    """Where the employer can be written to, or "": then somebody telephones (the list of applications says so)."""
    contact = referral.vacancy.employer.contacts.exclude(email="").first()
    return contact.email if contact else ""


def _remind_employers(today: date, limit: int) -> int:
    done = 0
    due = Referral.objects.to_remind(today).exclude(vacancy__employer__contacts=None)
    for referral in due.select_related("vacancy__employer").distinct()[:limit]:
        address = employer_address(referral)
        with transaction.atomic():
            claimed = Referral.objects.to_remind(today).filter(pk=referral.pk)
            if address and claimed.update(reminded_at=timezone.now()):
                referral_mail.remind_employer(referral, address)
                done += 1
    return done


def _close_silent(today: date, limit: int) -> int:
    done = 0
    days = ReferralSettings.current().silence_days
    for application in Application.objects.silent(today, silence_days=days).select_related("vacancy")[:limit]:
        try:
            with transaction.atomic():
                application.move(State.SILENT, by=None, reason_id=NO_ANSWER)
                _cancel_interviews(application)
                referral_mail.ended(application)
                done += 1
        except StepRefused:  # answered a moment ago
            continue
    return done


def answer_rates(employers: set[int]) -> dict[int, tuple[int, int]]:
    """For each employer: of how many referred people an answer came, and of how many one was due."""
    due = Q(answered_at__isnull=False) | Q(answer_by__lt=timezone.localdate())
    rows: Any = (
        Application.objects.filter(due, referral__isnull=False, vacancy__employer__in=employers)
        .exclude(state=State.WITHDRAWN, answered_at=None)
        .values_list("vacancy__employer")
        .annotate(answered=Count("answered_at"), due=Count("pk"))
    )
    return {employer: (answered, all_due) for employer, answered, all_due in rows}
