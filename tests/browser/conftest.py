"""Chromium against the real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import demo_server
from tests.preloaded import PreloadedServer
from tests.server import RealServer

from .air import Air
from .chromium import DESKTOP, FLAGS, PHONE, chromium, new_page
from .telephone import LastingTelephone, Telephone


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


@pytest.fixture
def telephone(browser, server) -> Iterator[Telephone]:
    air = Air(server.port)
    context = browser.new_context(**PHONE)
    context.new_page()
    yield Telephone(context, server, air)
    context.close()
    air.close()


@pytest.fixture
def lasting_telephone(browser, tmp_path, server) -> Iterator[LastingTelephone]:
    air = Air(server.port)
    telephone = LastingTelephone(browser.browser_type, tmp_path / "hp", server, air)
    yield telephone
    telephone.context.close()
    air.close()
