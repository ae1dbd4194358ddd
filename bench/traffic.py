"""What a browser asks for, told by its own events (CDP), and what really goes over the line to the server.

The line is measured too because the events leave something out: the service worker's own script, what it imports, and
the browser's look whether that script has changed.
"""

import math
import re
import socket
import threading
import time
from dataclasses import dataclass

A_REQUEST = re.compile(rb"(?:GET|HEAD|POST) (\S+)")
APART = 0.1  # seconds by which the clocks of a page and its service worker may seem to differ


@dataclass
class Asked:
    """One request; ``bytes`` that came for it, headers included: none, where a cache had it."""

    url: str
    kind: str
    at: float
    bytes: int = 0
    from_worker: bool = False


class Traffic:
    """The requests of one target, from its events."""

    def __init__(self):
        self.asked: list[Asked] = []
        self.open: dict[str, Asked] = {}
        self.loaded_at = math.inf

    def hear(self, event: str, told: dict) -> None:
        id = told.get("requestId")
        match event:
            case "Network.requestWillBeSent":
                if redirect := told.get("redirectResponse"):
                    self._end(id, redirect["encodedDataLength"])
                if told["request"]["url"].startswith("http"):
                    self.open[id] = Asked(told["request"]["url"], told.get("type", ""), told["timestamp"])
                    self.asked.append(self.open[id])
            case "Network.responseReceived" if id in self.open:
                self.open[id].from_worker = told["response"].get("fromServiceWorker", False)
            case "Network.loadingFinished":
                self._end(id, told["encodedDataLength"])
            case "Network.loadingFailed":
                self._end(id, 0)
            case "Page.loadEventFired":
                self.loaded_at = told["timestamp"]

    def _end(self, id: str, size: float) -> None:
        if asked := self.open.pop(id, None):
            asked.bytes = int(size)


def carried(page: Traffic, worker: Traffic) -> list[Asked]:
    """What the network carried for a page. What it had from its service worker came as the worker's own request for
    the same address, or from the worker's cache."""
    found, taken = [], set()
    for asked in page.asked:
        size = asked.bytes
        if asked.from_worker:
            since = asked.at - APART
            later = (one for one in worker.asked if one.url == asked.url and one.at >= since and id(one) not in taken)
            if one := next(later, None):
                taken.add(id(one))
                size = one.bytes
        if size:
            found.append(Asked(asked.url, asked.kind, asked.at, size, asked.from_worker))
    return found


def until_loaded(page: Traffic, found: list[Asked]) -> tuple[list[Asked], list[Asked]]:
    """What was asked for until the page had loaded, and what it does without: pictures, and whatever came later."""
    first = [one for one in found if one.at <= page.loaded_at and one.kind != "Image"]
    return first, [one for one in found if one not in first]


@dataclass
class Answered:
    """One request as the line saw it, and the bytes that came back."""

    path: str
    bytes: int = 0


class Line:
    """Stands between the browser and the server's ``port``, and counts. It slows nothing."""

    def __init__(self, port: int):
        self.server = ("127.0.0.1", port)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.answers: list[Answered] = []
        self.sent = 0
        self.moved_at = time.monotonic()
        threading.Thread(target=self._accept, daemon=True).start()

    def clear(self) -> None:
        self.answers, self.sent = [], 0

    @property
    def received(self) -> int:
        return sum(one.bytes for one in self.answers)

    def _accept(self) -> None:
        while True:
            browser, _ = self.listening.accept()
            server = socket.create_connection(self.server)
            asked: list[Answered] = []  # on this connection
            for source, target in ((browser, server), (server, browser)):
                target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                options = (source, target, asked, source is browser)
                threading.Thread(target=self._pass_on, args=options, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, asked: list[Answered], is_sent: bool) -> None:
        try:
            while piece := source.recv(1 << 16):
                self.moved_at = time.monotonic()
                if not is_sent:
                    asked[-1].bytes += len(piece)
                else:
                    self.sent += len(piece)
                    if found := A_REQUEST.match(piece):  # HTTP/1.1: one at a time, and it begins its piece
                        asked.append(Answered(found[1].decode()))
                        self.answers.append(asked[-1])
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            target.close()  # the other side has gone
