"""Django's, allauth's and our own mail to one person: a row of the ledger in the caller's transaction."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models.functions import Now

from announcements import hints
from announcements.channels.smtp import wire_format
from announcements.expansion import mail_domain
from announcements.models import Delivery
from announcements.models.announcements import ChannelKey

USEFUL_FOR = timedelta(hours=1)  # sign-in codes; a message may say otherwise by an attribute `useful_for`


class LedgerBackend(BaseEmailBackend):
    """`EMAIL_BACKEND`. A mail exists exactly if the caller's transaction commits, and leaves at once after that."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """The number of messages written. Raises BadHeaderError for line breaks in a header."""
        messages = [message for message in email_messages if message.recipients()]
        Delivery.objects.bulk_create([row for message in messages for row in _rows(message)])
        if messages:
            hints.hint(hints.CRITICAL)
        return len(messages)


def _rows(message: EmailMessage) -> list[Delivery]:
    """One row per recipient, each with the same finished message."""
    message_id = message.extra_headers.setdefault("Message-ID", f"<{uuid4()}@{mail_domain()}>")
    content = wire_format(message)
    return [
        Delivery(
            channel=ChannelKey.EMAIL,
            priority=Delivery.Priority.CRITICAL,
            address=parseaddr(recipient)[1],
            message=content,
            message_id=message_id,
            expires_at=Now() + getattr(message, "useful_for", USEFUL_FOR),
        )
        for recipient in message.recipients()
    ]
