"""The cheapest mail server that there can be, so that the sender is the limit: takes everything and only counts.

    python -m tests.benchmarks.smtp_sink DESCRIPTOR     serves on that listening socket

Ask it by its own words: ZERO MILLISECONDS forgets everything and sets how long it thinks about a mail; STAT answers
what it has taken, as JSON; LAST the size of the latest mail and then the mail.
"""

import asyncio
import json
import socket
import sys
import time
from typing import Any, ClassVar

END = b"\r\n.\r\n"


class Taken:
    def __init__(self, think_seconds: float = 0) -> None:
        self.think_seconds = think_seconds
        self.number, self.first, self.last = 0, 0.0, 0.0
        self.addresses: set[bytes] = set()
        self.codes: dict[str, float] = {}  # when mail to addresses that begin with "kode" came in
        self.content = b""

    def note(self, address: bytes, content: bytes) -> None:
        now = time.time()
        if address.startswith(b"KODE"):
            self.codes[address.decode().lower()] = now
            return
        self.number, self.first, self.last = self.number + 1, self.first or now, now
        self.addresses.add(address)
        self.content = content

    def as_json(self) -> bytes:
        known: dict[str, Any] = {"number": self.number, "first": self.first, "last": self.last, "codes": self.codes}
        return json.dumps(known | {"different": len(self.addresses)}).encode()


class Connection(asyncio.Protocol):
    taken: ClassVar[Taken] = Taken()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.buffer, self.in_content, self.address = transport, b"", False, b""
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            mark = END if self.in_content else b"\r\n"
            at = self.buffer.find(mark)
            if at < 0:
                return
            part, self.buffer = self.buffer[:at], self.buffer[at + len(mark) :]
            self.content(part) if self.in_content else self.command(part.upper())

    def content(self, content: bytes) -> None:
        self.in_content = False
        Connection.taken.note(self.address, content)
        if seconds := Connection.taken.think_seconds:
            asyncio.get_running_loop().call_later(seconds, self.transport.write, b"250 2.0.0 ok\r\n")
        else:
            self.transport.write(b"250 2.0.0 ok\r\n")

    def command(self, line: bytes) -> None:
        answer = b"250 ok"
        if line.startswith(b"EHLO"):
            answer = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME"
        elif line.startswith(b"RCPT"):
            self.address = line[line.find(b"<") + 1 : line.find(b">")]
        elif line == b"DATA":
            self.in_content, answer = True, b"354 go"
        elif line.startswith(b"ZERO"):
            Connection.taken = Taken(int(line.split()[1]) / 1000)
        elif line == b"STAT":
            answer = Connection.taken.as_json()
        elif line == b"LAST":
            answer = b"%d\r\n%b" % (len(Connection.taken.content), Connection.taken.content)
        elif line == b"QUIT":
            answer = b"221 bye"
        self.transport.write(answer + b"\r\n")
        if line == b"QUIT":
            self.transport.close()


class Sink:
    """The other end of the words above, for the benchmark."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.file = self.socket.makefile("rb")
        self.file.readline()

    def ask(self, words: str) -> bytes:
        self.socket.sendall(words.encode() + b"\r\n")
        return self.file.readline()

    def zero(self, milliseconds: int = 0) -> None:
        self.ask(f"ZERO {milliseconds}")

    def stat(self) -> dict[str, Any]:
        return json.loads(self.ask("STAT"))

    def latest(self) -> bytes:
        content = self.file.read(int(self.ask("LAST")))
        self.file.readline()
        return content


async def serve(descriptor: int) -> None:
    server = await asyncio.get_running_loop().create_server(Connection, sock=socket.socket(fileno=descriptor))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
