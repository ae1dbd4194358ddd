"""Chromium as a cheap phone on a weak signal: one page, its service worker, and what is heard of both."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from playwright.sync_api import Browser, CDPSession, Page

from bench.traffic import Line, Traffic
from tests.browser.chromium import PHONE

SLOWER = 4  # times, the CPU
QUIET, PATIENCE = 2.0, 60.0  # seconds: so long nothing moves, and nothing more is to come
EVENTS = [f"Network.{name}" for name in ("requestWillBeSent", "responseReceived", "loadingFinished", "loadingFailed")]
# Asked for afterwards: a script that watches from the first would have the page wait for what runs it.
SEEN = """() => {
  const entries = (type) => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type, buffered: true });
    return observer.takeRecords();
  };
  const shifts = entries("layout-shift").filter((entry) => !entry.hadRecentInput);
  return {
    fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime || 0,
    lcp: entries("largest-contentful-paint").pop()?.startTime || 0,
    shift: shifts.reduce((sum, entry) => sum + entry.value, 0),
    long: entries("longtask").map((entry) => entry.duration),
    usable: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
  };
}"""


@dataclass
class Phone:
    """A page of a fresh context on a slow network, and what is heard of it."""

    page: Page
    line: Line
    network: tuple[int, int]
    own: Traffic = field(default_factory=Traffic)
    worker: Traffic = field(default_factory=Traffic)
    session: CDPSession | None = None

    def slow_down(self) -> None:
        """Before the first page, and each service worker before it runs: it is a target of its own."""
        self.session = self.page.context.new_cdp_session(self.page)
        for event in [*EVENTS, "Page.loadEventFired"]:
            self.session.on(event, partial(self.hear, event))
        self.session.on("Target.attachedToTarget", self.slow_worker_down)
        self.session.on("Target.receivedMessageFromTarget", lambda told: self.hear_worker(json.loads(told["message"])))
        attach = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False}
        self.session.send("Target.setAutoAttach", attach)
        for method, options in self.slowness():
            self.session.send(method, options)
        self.session.send("Page.enable")
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def slowness(self) -> list[tuple[str, dict]]:
        speed, latency = self.network
        bytes_a_second = speed * 1000 / 8
        slow = {"latency": latency, "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
        return [("Network.enable", {}), ("Network.emulateNetworkConditions", slow | {"offline": False})]

    def slow_worker_down(self, told: dict) -> None:
        for number, (method, options) in enumerate([*self.slowness(), ("Runtime.runIfWaitingForDebugger", {})]):
            message = json.dumps({"id": number, "method": method, "params": options})
            self.session.send("Target.sendMessageToTarget", {"sessionId": told["sessionId"], "message": message})

    def hear(self, event: str, told: dict) -> None:
        self.own.hear(event, told)

    def hear_worker(self, message: dict) -> None:
        assert "error" not in message, message
        self.worker.hear(message.get("method", ""), message.get("params", {}))

    def forget(self) -> None:
        self.own, self.worker = Traffic(), Traffic()
        self.line.clear()

    def open(self, path: str) -> None:
        self.page.goto(f"http://127.0.0.1:{self.line.port}{path}", timeout=1000 * PATIENCE)

    def settle(self) -> None:
        """Waits until nothing moves any more: lazy pictures and the service worker come after the page."""
        begun = time.monotonic()
        while (waits := self.own.open or self.worker.open) or time.monotonic() - max(begun, self.line.moved_at) < QUIET:
            assert time.monotonic() < begun + PATIENCE, waits
            self.page.wait_for_timeout(100)  # meanwhile events are heard


@contextmanager
def phone(browser: Browser, line: Line, network: tuple[int, int], cookies: list[dict]) -> Iterator[Phone]:
    context = browser.new_context(**PHONE, storage_state={"cookies": cookies})
    one = Phone(context.new_page(), line, network)
    one.slow_down()
    yield one
    context.close()
