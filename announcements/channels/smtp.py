"""Hands finished messages to the mail server over one kept connection, and says in our words how it went."""

import re
import smtplib
import time
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from announcements.channels.base import Outcome
from announcements.models.deliveries import Reason

CONNECT_SECONDS = 5  # together with EMAIL_TIMEOUT, for the rest of a call, shorter than the ledger's lease
SHUTTING_DOWN = 421
NO_SUCH_ADDRESS = {550, 551, 553}  # as an answer to RCPT without an enhanced code
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


def wire_format(message: EmailMessage) -> bytes:
    """A message as SMTP carries it, with CRLF at line ends. Raises BadHeaderError for a line break in a header."""
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def on_envelope(address: str) -> str:
    """In ASCII whatever its domain is written in."""
    return address if address.isascii() else sanitize_address(address, "utf-8")


class SmtpSession:
    """Opens its connection when first used and again after every breakdown."""

    def __init__(self) -> None:
        # Django's backend knows the EMAIL_ settings: TLS, login, certificates.
        self.backend = EmailBackend(timeout=CONNECT_SECONDS)

    def close(self) -> None:
        with suppress(OSError):  # a server that does not say goodbye
            self.backend.close()

    def send(self, recipient: str, content: bytes) -> Outcome:
        """Send one message within EMAIL_TIMEOUT. A server that hung up on an idle connection is called once more."""
        reused = self.backend.connection is not None
        outcome = self._try(recipient, content)
        if reused and outcome.reason == Reason.UNREACHABLE:
            outcome = self._try(recipient, content)
        return outcome

    def _try(self, recipient: str, content: bytes) -> Outcome:
        """Until the content goes out a failure is certain; after that only an answer tells (RFC 1047)."""
        content_sent = False
        try:
            self.backend.open()
            self.deadline = time.monotonic() + settings.EMAIL_TIMEOUT
            if refusal := self._envelope(recipient):
                return refusal
            content_sent = True
            return self._answer(*self._smtp().data(content))
        except smtplib.SMTPResponseException as error:  # SMTPDataError: a clear no to the content
            self.close()
            return self._answer(error.smtp_code, error.smtp_error) if content_sent else _unreachable(error.smtp_code)
        except OSError as error:  # smtplib's own errors are OSErrors too
            self.close()
            reason = Reason.NO_ANSWER if content_sent else Reason.UNREACHABLE
            return Outcome(reason, code=type(error).__name__[:40])

    def _smtp(self) -> smtplib.SMTP:
        """The connection, with what is left of the time for its next step."""
        smtp = self.backend.connection
        assert smtp is not None  # opened before, or an OSError has ended the try
        assert smtp.sock is not None
        smtp.sock.settimeout(max(0.1, self.deadline - time.monotonic()))
        return smtp

    def _envelope(self, recipient: str) -> Outcome | None:
        """MAIL and RCPT. None when both were accepted."""
        self._smtp().ehlo_or_helo_if_needed()
        code, reply = self._smtp().mail(on_envelope(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
        if code != 250:  # it will not have us as sender: no recipient's fault, so nobody's mail may fail for it
            self.close()
            return _unreachable(code)
        code, reply = self._smtp().rcpt(on_envelope(recipient))
        if code in (250, 251):
            return None
        return self._answer(code, reply, to_recipient=True)

    def _answer(self, code: int, reply: bytes | str, *, to_recipient: bool = False) -> Outcome:
        """What a reply to RCPT or to the content means. A connection that is not clean afterwards is given up."""
        text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
        enhanced = found[0] if (found := ENHANCED.match(text)) else ""
        if code == SHUTTING_DOWN:
            self.close()
            return _unreachable(code)
        if 200 <= code < 300:
            return Outcome(Reason.ACCEPTED, f"{code} {enhanced}".strip(), text[:200])
        self._reset()
        return Outcome(_refusal(code, enhanced, to_recipient), f"{code} {enhanced}".strip())

    def _reset(self) -> None:
        if self.backend.connection is None:
            return
        try:
            self._smtp().rset()
        except OSError:
            self.close()


def _refusal(code: int, enhanced: str, to_recipient: bool) -> Reason:
    if code < 500:
        return Reason.BUSY
    unknown = enhanced.startswith("5.1.") if enhanced else to_recipient and code in NO_SUCH_ADDRESS
    return Reason.UNKNOWN_ADDRESS if unknown else Reason.REFUSED


def _unreachable(code: int) -> Outcome:
    return Outcome(Reason.UNREACHABLE, str(code))
