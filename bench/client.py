"""Phones that ask the real server, many at once and light: one thread, raw sockets that are kept open, no library.

What a phone does is a generator, a deed: it yields a ``Request`` (or a ``Pause``) and is sent the ``Answer``. ``run``
plays many of them at the same time and tells how long each kind of request took.
"""

import gzip
import heapq
import html
import re
import selectors
import socket
import time
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from urllib.parse import urlencode

import brotli

from lms.crowd import PIN


@dataclass(frozen=True)
class Request:
    """``what`` is the kind under which its time is counted."""

    what: str
    data: bytes


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # by name in small letters
    cookies: dict[str, str]
    body: bytes  # as it came

    @cached_property
    def text(self) -> str:
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.headers.get("content-encoding", ""), bytes)
        return unpack(self.body).decode()

    def expect(self, status: int, *pieces: str) -> "Answer":
        """Raises AssertionError where it is not what was asked for: each of ``pieces`` must stand in it."""
        assert self.status == status, f"{self.status} instead of {status}: {self.headers} {self.text[:500]}"
        for piece in pieces:
            assert piece in self.text, f"«{piece}» is missing in {self.text[:2000]}"
        return self


Deed = Generator[Request | Pause, Answer, None]
Asking = Generator[Request | Pause, Answer, Answer]


@dataclass
class Phone:
    """A browser with its cookies; ``address`` is where it seems to come from, behind a proxy of ours."""

    address: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, what: str, path: str, **headers: str) -> Asking:
        return self._ask(what, "GET", path, b"", headers)

    def post(self, what: str, path: str, form: dict) -> Asking:
        body = urlencode(form | {"csrfmiddlewaretoken": self.cookies["csrftoken"]}, doseq=True).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self._ask(what, "POST", path, body, headers)

    def sign_in(self, name: str) -> Asking:
        """By the form; asks again as long as the server asks to wait."""
        (yield from self.get("sign-in form", "/masuk/")).expect(200)
        while True:
            answer = yield from self.post("sign-in", "/masuk/", {"login": name, "password": PIN})
            if answer.status != 503:
                return answer.expect(302)
            yield Pause(float(answer.headers["retry-after"]))

    def _ask(self, what: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Asking:
        headers = {"Host": "127.0.0.1", "Accept-Encoding": "br", **headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.address:
            headers["X-Forwarded-For"] = self.address
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        answer = yield Request(what, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.cookies |= answer.cookies
        return answer


def fields_of(page: str) -> dict[str, object]:
    """An answer to the form of a question as it stands in ``page``: the first choice, or each thing in the order given,
    or a number."""
    names = dict.fromkeys(re.findall(r'name="(answer|place_\d+)"', page))
    if "answer" not in names:
        return {name: str(place) for place, name in enumerate(names)}
    first = re.search(r'<input[^>]*name="answer"[^>]*value="(\d+)"', page)
    return {"answer": html.unescape(first[1]) if first else "1"}


def run(port: int, deeds: Iterable[Deed]) -> dict[str, list[float]]:
    """Plays all ``deeds`` at the same time; seconds of each request, by kind. Raises what a deed raises."""
    took: dict[str, list[float]] = defaultdict(list)
    paused: list[tuple[float, int, _Player]] = []
    number = count()  # equals in ``paused`` need an order
    with selectors.DefaultSelector() as selector:
        players = [_Player(port, deed, selector) for deed in deeds]

        def go_on(player: _Player, answer: Answer | None) -> None:
            seconds = player.go_on(answer)
            if seconds is not None:
                heapq.heappush(paused, (time.perf_counter() + seconds, next(number), player))

        for player in players:
            go_on(player, None)
        while paused or selector.get_map():
            wait = max(0.0, paused[0][0] - time.perf_counter()) if paused else None
            for key, _ in selector.select(wait):
                player: _Player = key.data
                if (answer := player.receive()) is not None:
                    took[player.request.what].append(time.perf_counter() - player.asked_at)
                    go_on(player, answer)
            while paused and paused[0][0] <= time.perf_counter():
                go_on(heapq.heappop(paused)[2], None)
    return took


class _Player:
    """One deed with its connection."""

    def __init__(self, port: int, deed: Deed, selector: selectors.BaseSelector):
        self.port, self.deed, self.selector = port, deed, selector
        self.socket: socket.socket | None = None
        self.request: Request | None = None
        self.asked_at = 0.0

    def go_on(self, answer: Answer | None) -> float | None:
        """To the next request; returns the seconds of a pause."""
        try:
            step = self.deed.send(answer)
        except StopIteration:
            self.close()
            return None
        if isinstance(step, Pause):
            self.close()
            return step.seconds
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(self.socket, selectors.EVENT_READ, self)
        self.request, self.received, self.asked_at = step, b"", time.perf_counter()
        self.socket.sendall(step.data)
        return None

    def receive(self) -> Answer | None:
        """What has come; None until it is whole."""
        piece = self.socket.recv(1 << 18)
        assert piece, f"cut off at {self.received[:300]}"
        self.received += piece
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        status, headers, cookies = _read(head)
        length = 0 if status in (204, 304) else int(headers["content-length"])
        if len(body) < length:
            return None
        assert len(body) == length
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, cookies, body)

    def close(self) -> None:
        if self.socket is not None:
            self.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None


def _read(head: bytes) -> tuple[int, dict[str, str], dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers, cookies = {}, {}
    for line in lines:
        name, _, value = line.partition(":")
        value = value.strip()
        if name.lower() == "set-cookie":
            cookie, _, text = value.partition(";")[0].partition("=")
            cookies[cookie] = text
        else:
            headers[name.lower()] = value
    return int(first.split()[1]), headers, cookies
