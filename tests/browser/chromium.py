"""Chromium as people's phones and an editor's desk."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

expect.set_options(timeout=20_000)  # milliseconds: two walks, their servers and browsers may share two slow cores
# As in scripts/chromium. The first is Chromium without its windows, and takes half as long for a walk.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",  # a made-up microphone, allowed without asking
    "--use-fake-device-for-media-stream",
]
# Chromium also logs the status of the document itself, which a test may well ask for, and that a sending key has ended.
EXPECTED_STATUSES = tuple(
    f"Failed to load resource: the server responded with a status of {n}" for n in (401, 403, 404, 410, 422)
)
# Wagtail keeps a draft by itself, and refuses to where a button has saved a newer one just then.
LATE_DRAFT = "Failed to load resource: the server responded with a status of 400"
CHECKER = "axe.run results"  # how Wagtail's content checker logs what it found in an editor's draft
PHONE = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 1, "locale": "id-ID"}
# What a phone lacks whose Chromium is that of Android 8.
OLD = "delete Element.prototype.replaceChildren; delete Object.fromEntries;"
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1, "locale": "id-ID"}


def chromium() -> str | None:
    """The Chromium of this machine; None stands for Playwright's own."""
    for program in PROGRAMS:
        path = shutil.which(program)
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


@contextmanager
def new_page(browser: Browser, **options) -> Iterator[Page]:
    """A page with nobody signed in. Fails where its console or its scripts reported an error, CSP's included."""
    complaints = []

    def listen(message: ConsoleMessage) -> None:
        at = message.location.get("url", "")
        own = (at == page.url or at.endswith("/belajar/kirim/")) and message.text.startswith(EXPECTED_STATUSES)
        own = own or message.text.startswith(CHECKER) or (at.endswith("/edit/") and message.text.startswith(LATE_DRAFT))
        if message.type == "error" and not own:
            complaints.append(f"{message.text} ({at})")

    context = browser.new_context(**options)
    page = context.new_page()
    context.on("console", listen)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield page
    context.close()
    assert complaints == []
