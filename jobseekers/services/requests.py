"""What people ask about their own data: at once where they can do it themselves, within 72 hours where the office must.

A withdrawal or restriction holds from the moment it is asked for; the request that it leaves is the office's to read.
Whoever asks to be erased is left alone from that moment on, too.
"""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DataAccess, User
from accounts.roles import Role
from jobseekers import personal_mail
from jobseekers.models import Consent, DataRequest, JobSeeker
from jobseekers.services.erasure import CannotErase, erase
from jobseekers.services.people import note

State, Kind = DataRequest.State, DataRequest.Kind
HOLDING = (Kind.RESTRICTION, Kind.ERASURE)  # nothing is done with the data from the moment of asking


class AlreadyAnswered(Exception):
    """A colleague has answered this request; the message says so."""


@transaction.atomic
def ask(
    person: JobSeeker, kind: str, *, via: str, by: User | None = None, words: str = "", alerts: bool = False
) -> DataRequest:
    """Open a request, or answer the one of this kind that is open already. `by` is the officer at the desk."""
    if kind in HOLDING:
        JobSeeker.objects.alive().filter(pk=person.pk, restricted_at=None).update(restricted_at=timezone.now())
    try:
        with transaction.atomic():
            return DataRequest.objects.create(
                job_seeker=person, kind=kind, via=via, recorded_by=by, words=words, erase_alerts=alerts
            )
    except IntegrityError:
        return DataRequest.objects.get(job_seeker=person, kind=kind, state=State.OPEN)


@transaction.atomic
def give(
    person: JobSeeker, purpose: str, *, via: str, by: User | None = None, guardian: str = "", evidence: str = ""
) -> None:
    """Agree to one purpose; a second time changes nothing. A minor's guardian must be named (UU 27/2022 art. 25)."""
    if person.is_minor and not guardian:
        raise ValueError("A minor's consent names the guardian.")
    if not person.consents_to(purpose):
        Consent.objects.create(
            job_seeker=person,
            purpose=purpose,
            channel=via,
            recorded_by=by,
            guardian=guardian,
            evidence=evidence,
        )


@transaction.atomic
def withdraw(person: JobSeeker, purpose: str, *, via: str, by: User | None = None) -> bool:
    """Effective at once; a request that is done already keeps the day and the words. False when nothing stood."""
    if not person.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        return False
    DataRequest.objects.create(
        job_seeker=person,
        kind=Kind.WITHDRAWAL,
        via=via,
        recorded_by=by,
        words=str(Consent.Purpose(purpose).label),
        state=State.DONE,
        handled_at=timezone.now(),
        handled_by=by,
    )
    return True


@transaction.atomic
def lift(person: JobSeeker, *, by: User | None = None) -> None:
    """Go on as before. An open request about it is done with."""
    JobSeeker.objects.filter(pk=person.pk).update(restricted_at=None)
    person.data_requests.filter(kind=Kind.RESTRICTION, state=State.OPEN).update(
        state=State.DONE, answer=str(_("Batasan dicabut.")), handled_at=timezone.now(), handled_by=by
    )


def may_decide(request: DataRequest, user: User) -> bool:
    """Erasure is the head's to decide; the rest anybody's who handles requests."""
    if not user.has_perm("jobseekers.change_datarequest"):
        return False
    return request.kind != Kind.ERASURE or user.has_role(Role.MANAGER)


@transaction.atomic
def finish(request: DataRequest, *, by: User, answer: str = "") -> None:
    """Do what was asked, and write to the person. Raises AlreadyAnswered, CannotErase, PermissionDenied."""
    person, address = request.job_seeker, request.job_seeker.email
    _close(request, State.DONE, by=by, answer=answer)
    note(person, by=by, action=DataAccess.Action.CHANGE, reason=Kind(request.kind).label)
    if request.kind == Kind.ERASURE:
        erase(person, by=by, alerts=request.erase_alerts)
    personal_mail.outcome(request, address)


@transaction.atomic
def refuse(request: DataRequest, *, by: User, answer: str) -> None:
    """Say no, with the reason in law; what was held back goes on. Raises AlreadyAnswered, PermissionDenied."""
    _close(request, State.REFUSED, by=by, answer=answer)
    if request.kind in HOLDING and not request.job_seeker.data_requests.open().filter(kind__in=HOLDING).exists():
        JobSeeker.objects.filter(pk=request.job_seeker_id).update(restricted_at=None)
    personal_mail.outcome(request, request.job_seeker.email)


def _close(request: DataRequest, state: str, *, by: User, answer: str) -> None:
    if not may_decide(request, by):
        raise PermissionDenied
    closed = DataRequest.objects.open().filter(pk=request.pk)
    if not closed.update(state=state, answer=answer, handled_by=by, handled_at=timezone.now()):
        raise AlreadyAnswered(_("Permintaan ini sudah dijawab. Muat ulang halaman ini."))
    request.state, request.answer = state, answer


__all__ = [
    "AlreadyAnswered", "CannotErase", "ask", "finish", "give", "lift", "may_decide", "refuse", "withdraw",
]  # fmt: skip
