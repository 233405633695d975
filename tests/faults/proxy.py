"""A line between the workers and one of their servers that can be slow, silent or cut."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536  # bytes


class Line:
    """Forwards a TCP port of its own to `target`: a port on loopback, or the path of a socket.

    `delay`: seconds that each chunk waits. Changed from any thread; what happens on the line happens in its own.
    """

    def __init__(self, target: int | str) -> None:
        self.target, self.delay = target, 0.0
        self.loop = asyncio.new_event_loop()
        self.open_ends: set[asyncio.StreamWriter] = set()
        self.flows = asyncio.Event()
        self.flows.set()
        self.is_gone = False
        self.struck = 0  # ends of connections that were hung up

    def __enter__(self) -> "Line":
        self.server = self.loop.run_until_complete(asyncio.start_server(self._join, "127.0.0.1", 0))
        self.port: int = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def cut(self) -> None:
        """Hang up on both ends of every connection, in the middle of whatever they say."""
        self.loop.call_soon_threadsafe(self._hang_up)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Connections stand and are accepted, and nothing comes through."""
        self.loop.call_soon_threadsafe(self.flows.clear)
        try:
            yield
        finally:
            self.loop.call_soon_threadsafe(self.flows.set)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Connections break, and new ones break at once."""
        self.is_gone = True
        self.cut()
        try:
            yield
        finally:
            self.is_gone = False

    def _hang_up(self) -> None:
        self.struck += len(self.open_ends)
        for end in self.open_ends:
            end.transport.abort()

    async def _end(self) -> None:
        self.server.close()
        self.flows.set()
        self._hang_up()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_gone:
            writer.transport.abort()
            return
        try:
            if isinstance(self.target, str):
                there = await asyncio.open_unix_connection(self.target)
            else:
                there = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, there[1]}
        self.open_ends |= ends
        try:
            await asyncio.gather(self._carry(reader, there[1]), self._carry(there[0], writer))
        finally:
            self.open_ends -= ends

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until one side has said all; the other may go on (half-close), unless the line broke."""
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await asyncio.sleep(self.delay)
                await self.flows.wait()
                writer.write(chunk)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
            return
        writer.transport.abort()
