"""A mail server on loopback for the tests: real SMTP, keeps what it accepts, misbehaves when told to."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str | None]  # for an address the server's reply, or None for "accepted"


@dataclass(frozen=True)
class Mail:
    address: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    def part(self, kind: str) -> str:
        """The text of the "plain" or the "html" part."""
        body = self.message.get_body((kind,))
        assert body is not None
        return body.get_content().replace("\r\n", "\n")


class Sink:
    """`with Sink() as sink:` serves on `sink.port` in a thread of its own; `sink.mails` is what it accepted."""

    def __init__(self) -> None:
        self.connections: list[SMTP] = []
        self.port = 0
        self.forget()

    def forget(self) -> None:
        """Have taken nothing, and behave."""
        self.mails: list[Mail] = []
        self.pipelining = True
        self.answer_to_recipient: Answer = lambda address: None
        self.answer_to_content: Answer = lambda address: None
        self.before_answer: Callable[[str], object] = lambda address: None
        self.hangs_up_after_content = False
        self.after_taking: Callable[[str], str] = lambda address: ""  # "silence" or "hang up" instead of an answer

    @property
    def addresses(self) -> list[str]:
        return sorted(mail.address for mail in self.mails)

    def __enter__(self) -> Self:
        self.ready = threading.Event()
        self.thread = threading.Thread(target=asyncio.run, args=[self._serve()])
        self.thread.start()
        self.ready.wait()
        return self

    def __exit__(self, *_error: object) -> None:
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join()

    async def _serve(self) -> None:
        self.loop, self.stopped = asyncio.get_running_loop(), asyncio.Event()
        await self._open()
        self.ready.set()
        await self.stopped.wait()
        await self._close()

    def open(self) -> None:
        """Be there again after `close`, on the same port."""
        asyncio.run_coroutine_threadsafe(self._open(), self.loop).result()

    def close(self) -> None:
        """Be gone: connections break off, new ones are refused."""
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result()

    async def _open(self) -> None:
        self.server = await self.loop.create_server(self._connection, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self.server.close()
        for connection in self.connections:
            if connection.transport:
                connection.transport.close()
        self.connections.clear()

    def _connection(self) -> SMTP:
        self.connections.append(SMTP(self, hostname="localhost", loop=self.loop))
        return self.connections[-1]

    # What aiosmtpd calls; the names are its convention.

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.answer_to_recipient(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if refusal := self.answer_to_content(address):
            return refusal
        await asyncio.to_thread(self.before_answer, address)
        assert isinstance(envelope.content, bytes)
        self.mails.append(Mail(address, envelope.content))
        instead = "hang up" if self.hangs_up_after_content else self.after_taking(address)
        if instead == "silence":
            await asyncio.sleep(3600)
        if instead == "hang up":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 2.0.0 OK: queued"
