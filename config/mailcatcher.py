"""The demo's mail server: takes every mail on a loopback port and delivers none.

`python -m config.mailcatcher DESCRIPTOR` serves on a listening socket that the supervisor has opened,
so its port is known and takes connections before this process is up. The newest mails lie in
`mail/` of the state directory, one file each, in names that sort by time.
"""

import asyncio
import re
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from config import engines

KEPT = 500
NAME = re.compile(r"\d{8}T\d{6}\.\d{6}-[0-9a-f]{8}")
RECIPIENTS_HEADER = "X-Envelope-To"  # whom it really went to; the To header may say otherwise


@dataclass(frozen=True)
class CaughtMail:
    name: str
    message: EmailMessage

    @property
    def received_at(self) -> datetime:
        return datetime.strptime(self.name.split("-")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def recipients(self) -> str:
        return str(self.message.get(RECIPIENTS_HEADER, ""))

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


def newest(limit: int) -> list[CaughtMail]:
    """The latest mails, newest first, with their headers only."""
    names = sorted((path.stem for path in _directory().glob("*.eml")), reverse=True)
    return list(_parse_existing(names[:limit]))


def read(name: str) -> CaughtMail:
    """One mail whole. Raises FileNotFoundError for a name that no mail has (any more)."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return _parse(name)


def store(content: bytes, recipients: list[str]) -> None:
    """Keep a mail, and drop the oldest beyond the limit."""
    directory = _directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    partial = directory / f"{name}.partial"
    partial.write_bytes(f"{RECIPIENTS_HEADER}: {', '.join(recipients)}\r\n".encode() + content)
    partial.rename(directory / f"{name}.eml")
    for path in sorted(directory.glob("*.eml"))[:-KEPT]:
        path.unlink(missing_ok=True)


def _directory() -> Path:
    return engines.state_dir() / "mail"


def _parse(name: str, *, headers_only: bool = False) -> CaughtMail:
    with (_directory() / f"{name}.eml").open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file, headersonly=headers_only)
    return CaughtMail(name, message)


def _parse_existing(names: list[str]) -> Iterator[CaughtMail]:
    for name in names:
        try:
            yield _parse(name, headers_only=True)
        except FileNotFoundError:  # dropped since we looked
            continue


class Catcher:
    """What aiosmtpd calls for every mail; the method's name is its convention."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        store(envelope.content, envelope.rcpt_tos)
        return "250 OK"


async def serve(listener: socket.socket) -> None:
    """Take mails until SIGTERM or SIGINT."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopped.set)
    server = await loop.create_server(
        # With a name given, no connection waits for the machine's name to be looked up.
        lambda: SMTP(Catcher(), hostname="localhost", enable_SMTPUTF8=True, loop=loop),
        sock=listener,
    )
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1]))))
