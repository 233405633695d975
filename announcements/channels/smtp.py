"""Hands finished messages to the mail server over one kept connection, and says in our words how it went."""

import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from announcements.channels.base import Outcome
from announcements.models.deliveries import Reason

CONNECT_SECONDS = 5  # together with EMAIL_TIMEOUT, for the rest of a call, shorter than the ledger's lease
GO_ON = 354  # with the content
SHUTTING_DOWN = 421
NO_SUCH_ADDRESS = {550, 551, 553}  # as an answer to RCPT without an enhanced code
USUAL = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)  # an address in which there is nothing to take apart
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


def wire_format(message: EmailMessage) -> bytes:
    """A message as SMTP carries it, with CRLF at line ends. Raises BadHeaderError for a line break in a header."""
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def path(address: str) -> str:
    """An address as the envelope names it: in ASCII whatever its domain is written in, without a name before it."""
    if USUAL.fullmatch(address):
        return f"<{address}>"
    return smtplib.quoteaddr(address if address.isascii() else sanitize_address(address, "utf-8"))


def dotted(content: bytes) -> bytes:
    """A message with the mark of its end, which no line of its own can be taken for (RFC 5321, 4.5.2)."""
    end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    return content.replace(b"\r\n.", b"\r\n..") + end


class SmtpSession:
    """Opens its connection when first used and again after every breakdown."""

    def __init__(self) -> None:
        # Django's backend knows the EMAIL_ settings: TLS, login, certificates.
        self.backend = EmailBackend(timeout=CONNECT_SECONDS)
        self.sender = path(settings.DEFAULT_FROM_EMAIL)

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
            self._smtp().send(dotted(content))
            return self._answer(*self._reply())
        except smtplib.SMTPResponseException as error:
            self.close()
            return _unreachable(error.smtp_code)
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

    def _reply(self) -> tuple[int, bytes]:
        return self._smtp().getreply()

    def _envelope(self, recipient: str) -> Outcome | None:
        """MAIL, RCPT and DATA. None when the server waits for the content."""
        self._smtp().ehlo_or_helo_if_needed()
        replies = self._ask(f"MAIL FROM:{self.sender}", f"RCPT TO:{path(recipient)}", "DATA")
        code, reply = next(replies)
        if code != 250:  # it will not have us as sender: no recipient's fault, so nobody's mail may fail for it
            self._hang_up()
            return _unreachable(code)
        code, reply = next(replies)
        if code not in (250, 251):
            if self._pipelines and next(replies)[0] == GO_ON:
                self._hang_up()  # before the dot nothing has been sent
            return self._answer(code, reply, to_recipient=True)
        code, reply = next(replies)
        return None if code == GO_ON else self._answer(code, reply)

    def _ask(self, *commands: str) -> Iterator[tuple[int, bytes]]:
        """The answers to these commands, which leave together where the server takes that (RFC 2920)."""
        if any("\r" in each or "\n" in each for each in commands):
            raise ValueError("an address with a line break")
        for group in [commands] if self._pipelines else [[each] for each in commands]:
            self._smtp().send("".join(f"{each}\r\n" for each in group))
            for _command in group:
                yield self._reply()

    @property
    def _pipelines(self) -> bool:
        assert self.backend.connection is not None
        return self.backend.connection.has_extn("pipelining")

    def _hang_up(self) -> None:
        """Without a goodbye, which the server might take for content."""
        self._smtp().close()
        self.backend.connection = None

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
