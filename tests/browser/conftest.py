"""People's phones: Chromium against the real server. A page that complains on its console fails its test."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.conftest import demo_server
from tests.preloaded import PreloadedServer
from tests.server import RealServer

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


# One worker each: a walk is one or two people's, and every further worker takes the browser's core to start.
@pytest.fixture(scope="module")
def server(tmp_path_factory, demo_database, static_root) -> Iterator[RealServer]:
    """The production server with the demo's people, fresh for each test module."""
    with demo_server(
        tmp_path_factory.mktemp("server"), demo_database, static_root, PreloadedServer, WORKERS="1"
    ) as server:
        yield server


@pytest.fixture
def site(tmp_path, demo_database, static_root) -> Iterator[str]:
    """The base URL of a server of one test's own, so that nobody else's clicks show."""
    with demo_server(tmp_path, demo_database, static_root, PreloadedServer, WORKERS="1") as server:
        yield server.base_url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A module's own: while Playwright runs, so does an event loop, and Django refuses its database to the tests of
    other modules that come next in the same worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


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


@pytest.fixture
def phone(browser) -> Iterator[Page]:
    with new_page(browser, **PHONE) as page:
        yield page


@pytest.fixture
def phone_without_js(browser) -> Iterator[Page]:
    with new_page(browser, **PHONE, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def desktop(browser) -> Iterator[Page]:
    with new_page(browser, **DESKTOP) as page:
        yield page


def leave(page: Page) -> None:
    """Nobody is signed in any more. The page goes first: what it still asks for would come from nobody."""
    page.goto("about:blank")
    page.context.clear_cookies()


def sign_in(page: Page, base_url: str, username: str, secret: str) -> None:
    """Signs in as the form does, without opening it, which takes longer than all the rest. Ends on the first screen.
    The page goes first: what it still asks for may lead a visitor to the sign-in, which gives her another token."""
    if page.url != "about:blank":
        page.goto("about:blank")
    door, asking = f"{base_url}/masuk/", page.context.request
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', asking.get(door).text())
    form = {"csrfmiddlewaretoken": token, "login": username, "password": secret}
    answer = asking.post(door, form=form, max_redirects=0)
    assert answer.status == 302, answer.text()
    page.goto(urljoin(door, answer.headers["location"]))


def sign_in_by_form(page: Page, base_url: str, username: str, secret: str) -> None:
    """Signs in as people do, and waits for what comes then."""
    page.goto(f"{base_url}/masuk/")
    if (other := page.get_by_role("button", name="Orang lain")).is_visible():
        other.click()  # the phone remembers who has learned on it
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(secret)
    with page.expect_navigation():
        page.locator("input[name=password]").press("Enter")
