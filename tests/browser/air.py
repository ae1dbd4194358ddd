"""What is between a phone and the server."""

import asyncio
from contextlib import suppress
from threading import Thread

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Bad Gateway</h1>"
SIGN_IN_OF_WIFI = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Wi-Fi</h1>"


class Air:
    """Carries from ``port`` to the server's and back. Without a signal nothing listens there, and what was open is cut:
    a browser's own switch for that does not reach what a service worker sends."""

    def __init__(self, server_port: int):
        self.server_port, self.port = server_port, 0
        self.slow: bytes = b""  # what the phone asks for and does not get as yet
        self._loop = asyncio.new_event_loop()
        self._ends: set[asyncio.StreamWriter] = set()
        Thread(target=self._loop.run_forever, daemon=True).start()
        self.signal(True)

    def signal(self, there: bool) -> None:
        self.there = there
        asyncio.run_coroutine_threadsafe(self._listen() if there else self._cut(), self._loop).result()

    def trouble(self, answer: bytes) -> None:
        """There is a signal, but another answers in the server's place: a gateway before one that is down, as for a
        moment at a release, or a Wi-Fi that wants to be signed in to."""
        self.signal(False)
        self.there, self._instead = True, answer
        asyncio.run_coroutine_threadsafe(self._listen(self._refuse), self._loop).result()

    def close(self) -> None:
        self.signal(False)
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _end(self) -> None:
        """Whom it still carries for is told, or asyncio complains of each when the run is over."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _listen(self, meet=None) -> None:
        self._listener = await asyncio.start_server(meet or self._meet, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        for door in self._listener.sockets:
            self._loop.remove_reader(door.fileno())
        for _ in range(3):  # who was let in just now is met first: asyncio would leave her standing, open and unread
            await asyncio.sleep(0)
        self._listener.close()
        for end in self._ends:
            end.close()

    async def _refuse(self, from_phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        await from_phone.readuntil(b"\r\n\r\n")
        to_phone.write(self._instead)
        to_phone.close()

    async def _meet(self, from_phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.server_port)
        await asyncio.gather(self._carry(from_phone, to_server), self._carry(from_server, to_phone))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        self._ends.add(target)
        with suppress(OSError):
            while (part := await source.read(65536)) and self.there:
                while self.slow and part.startswith(self.slow):
                    await asyncio.sleep(0.05)
                target.write(part)
                await target.drain()
        target.close()
        self._ends.discard(target)
