"""What happens to the record of a person: saved, completed, agreed to, claimed, looked at."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.limits import within
from accounts.models import DataAccess, User
from jobseekers import nik
from jobseekers.models import Consent, Disability, JobSeeker


class TooMany(Exception):
    """Somebody asked for more than the limit allows; the message says when to try again."""


def note(person: JobSeeker, *, by: User | None, action: str, reason: str | Promise = "") -> None:
    """Write into the access log what somebody did with a person's data. Looking at the own record is no access.

    The person reads the reason, so a lazy text is kept in Indonesian, whatever language the officer works in.
    """
    if by is None or by.pk != person.user_id:
        with translation.override(settings.LANGUAGE_CODE):
            DataAccess.objects.create(actor=by, subject=person.key, action=action, reason=str(reason))


def agree(person: JobSeeker, purposes: Collection[str], *, channel: str, by: User | None, evidence: str = "") -> None:
    """Bring the consents to exactly these purposes: new ones are given, missing ones withdrawn.

    `evidence` is how the office knows that a minor's guardian agrees; of an adult nothing is kept.
    """
    standing = person.consents.filter(withdrawn_at=None)
    standing.exclude(purpose__in=purposes).update(withdrawn_at=timezone.now())
    known = set(standing.values_list("purpose", flat=True))
    Consent.objects.bulk_create(
        Consent(
            job_seeker=person,
            purpose=purpose,
            given_at=timezone.now(),
            channel=channel,
            recorded_by=by,
            guardian=person.guardian_name if person.is_minor else "",
            evidence=evidence if person.is_minor else "",
        )
        for purpose in sorted(set(purposes) - known)
    )


def note_disability(person: JobSeeker, *, kinds: list[str], needs: str) -> None:
    """Keep what the person tells; nothing told leaves no row."""
    if kinds or needs:
        Disability.objects.update_or_create(job_seeker=person, defaults={"kinds": kinds, "needs": needs})
    else:
        Disability.objects.filter(job_seeker=person).delete()


def complete(person: JobSeeker) -> bool:
    """From "being filled in" to complete, once nothing is missing. False while something is."""
    if person.missing():
        return False
    JobSeeker.objects.filter(pk=person.pk, state=JobSeeker.State.DRAFT).update(
        state=JobSeeker.State.COMPLETE, updated_at=timezone.now(), active_at=timezone.now()
    )
    person.refresh_from_db(fields=["state"])
    return True


def claimable(user: User) -> JobSeeker | None:
    """The one record that office or school made for the owner of a verified address and that nobody has claimed."""
    addresses = [each.email.lower() for each in user.emailaddress_set.filter(verified=True)]  # type: ignore[attr-defined]
    found = JobSeeker.objects.alive().filter(user=None, email__in=addresses)[:2]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def claim(user: User, born: object) -> JobSeeker | None:
    """Connect the account with the record that waits for it, if the birth date is right; None otherwise."""
    person = claimable(user)
    if person is None or person.birth_date != born:
        return None
    if not JobSeeker.objects.filter(pk=person.pk, user=None).update(user=user):
        return None
    person.refresh_from_db()
    return person


def find_by_nik(number: str, *, by: User) -> JobSeeker | None:
    """The person with exactly this NIK among those `by` may see. Raises TooMany."""
    if not within("nik", str(by.pk)):
        raise TooMany(_("Terlalu banyak pencarian NIK dalam satu jam. Coba lagi nanti."))
    person = JobSeeker.objects.visible_to(by).alive().with_nik(number).first()
    if person is not None:
        note(person, by=by, action=DataAccess.Action.SEARCH_NIK)
    return person


def reveal_nik(person: JobSeeker, *, by: User, reason: str) -> str:
    """The whole NIK, once, for somebody who may and says why; the person can read both. Raises TooMany."""
    if not by.has_perm("jobseekers.reveal_nik"):
        raise PermissionDenied
    if not within("reveal_nik", str(by.pk)):
        raise TooMany(_("Sudah terlalu banyak NIK dibuka hari ini. Coba lagi besok."))
    note(person, by=by, action=DataAccess.Action.REVEAL_NIK, reason=reason)
    return nik.decrypt(person.nik_cipher or b"", person.key)
