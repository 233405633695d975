"""Alerts in WhatsApp and Telegram: agreed to on the site, proved by a code from the chat, stopped from either."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from canvassing.search import Criteria
from jobseekers.models import ChatSubscription, JobSeeker
from jobseekers.models.alerts import CONSENT_VERSION
from jobseekers.models.chats import CODE_LIFE, new_code
from jobseekers.services.alerts import Wishes, fields_of

State = ChatSubscription.State


def profile_search(person: JobSeeker) -> Criteria:
    """The search to begin with: what the profile says the person wants."""
    return Criteria(
        places=tuple(person.places),
        education=person.education_id,
        occupation_group=(person.occupation_id or "")[:1],
        wage_from=person.wage_from,
        part_time=person.part_time,
    )


@transaction.atomic
def ask(
    person: JobSeeker, channel: str, *, criteria: Criteria, language: str, wishes: Wishes | None = None
) -> ChatSubscription:
    """Agree to messages on a channel. An active chat gets the new search; anything else a fresh one-time code."""
    fields = fields_of(criteria) | (wishes or {}) | {"language": language, "consent_version": CONSENT_VERSION}
    row = ChatSubscription.objects.select_for_update().filter(job_seeker=person, channel=channel).first()
    row = row or ChatSubscription(job_seeker=person, channel=channel)
    if not row.is_active:
        fields |= {
            "state": State.PENDING,
            "code": new_code(),
            "code_until": timezone.now() + CODE_LIFE,
            "consented_at": timezone.now(),
            "stopped_at": None,
        }
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def link(channel: str, code: str, *, address: str) -> ChatSubscription | None:
    """The chat at `address` (a telephone number in digits, a Telegram chat id) has sent a code.

    None when the code is wrong, used or old, or the chat belongs to somebody else already.
    """
    row = ChatSubscription.objects.linkable(channel, code).first()
    if row is None:
        return None
    try:
        with transaction.atomic():
            linked = ChatSubscription.objects.linkable(channel, code).update(
                state=State.ACTIVE, address=address, code="", code_until=None, linked_at=timezone.now()
            )
    except IntegrityError:
        return None
    row.refresh_from_db()
    return row if linked else None
