"""W1: the strict Content-Security-Policy, as Chromium holds our own pages to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page

from .chromium import PHONE
from .door import sign_in_by_form

PIN, PASSWORD = "274951", "belajar-bersama"
BEYOND = ("/kelola/", "/django-admin/", "/media/", "/static/")  # the desks have a policy of their own
FILES = {
    "learn:data_download",
    "companions:card_picture",
    "import_template",
    "import_refused",
    "export",
    "reports:workbook",
}
LISTEN = "addEventListener('securitypolicyviolation', (e) => violated(`${e.violatedDirective} ${e.blockedURI}`))"


@contextmanager
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A phone, and what the policy forbade its pages, as it comes."""
    context = browser.new_context(**PHONE)
    violations = []
    context.expose_binding("violated", lambda source, what: violations.append(f"{source['page'].url}: {what}"))
    context.add_init_script(LISTEN)
    yield context.new_page(), violations
    context.close()


def kind(path: str, each_lesson: bool) -> str:
    """Pages of one kind look alike: the view, and for a page of the tree how deep it lies and whether it is a quiz."""
    view = resolve(path).view_name
    if view != "wagtail_serve":
        return view
    return path if each_lesson else f"{path.count('/')} {path.endswith('/kuis/')}"


def links(page: Page, site: str) -> list[str]:
    found = page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.href)")
    paths = [urlsplit(address).path for address in found if address.startswith(site)]
    return [path for path in paths if not path.startswith(BEYOND) and resolve(path).view_name not in FILES]


def walk(page: Page, site: str, start: str, *, each_lesson: bool) -> set[str]:
    """Opens one page of every kind that links lead to from ``start``. Returns the kinds."""
    seen, waiting = set(), [start]
    while waiting:
        path = waiting.pop(0)
        if kind(path, each_lesson) in seen:
            continue
        seen.add(kind(path, each_lesson))
        page.goto(site + path)
        waiting += links(page, site)
    return seen


@pytest.mark.parametrize(
    ("who", "start", "at_least"),
    [
        (None, "/", 50),  # every module and lesson, and the sign-in
        (("SAR1PENA", PIN), "/belajar/", 10),
        (("rina.marlina", PASSWORD), "/dampingan/", 10),
        (("hadi.santoso", PASSWORD), "/laporan/", 3),
        (("admin.pena", PASSWORD), "/impor/", 3),
        (("lestari.penulis", PASSWORD), "/akun/pengaman/", 2),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_no_page_of_ours_asks_for_what_the_policy_forbids(real_server, browser, who, start, at_least):
    """W1"""
    with watched(browser) as (page, violations):
        if who:
            sign_in_by_form(page, real_server, *who)
        seen = walk(page, real_server, start, each_lesson=who is None)
        assert violations == []
        assert len(seen) >= at_least, seen


def test_a_script_that_somebody_planted_is_not_run_and_would_have_been_noticed(real_server, browser):
    """W1"""
    with watched(browser) as (page, violations):
        page.goto(f"{real_server}/masuk/")
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "window.ran = true";
                document.body.append(script);
                document.body.insertAdjacentHTML("beforeend", "<p style='color:red' onclick='0'></p>");
            }"""
        )
        assert page.evaluate("window.ran") is None
        assert any("script-src" in one for one in violations)
        assert any("style-src" in one for one in violations)
