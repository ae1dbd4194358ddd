"""A page bears its stylesheet, until the phone has said that it has it as a file; and old phones can read it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from lms.stylesheet import SHEETS, stylesheet
from tests import factories as make

pytestmark = pytest.mark.django_db
# What Chromium 80 does not know, and what would cost it a rule, or all of them (@layer came with 99). Of a list of
# selectors, one that it does not know costs all.
TOO_NEW = re.compile(
    r"@layer|@container|@scope|@starting-style|:is\(|:where\(|:not\([^)]*,|&|\binset[\w-]*:|\b(?:padding|margin)-(?:inline|block):"
    r"|[;{]\s*(?:rotate|scale|translate):|\d[dsl]v[hw]|color-mix|oklch"
)
ADDRESSES = ["/", "/masuk/", "/masuk/pertama/", "/modul/", "/modul/merek/", "/luring/", "/luring/kuis/", "/tidak/ada/"]


def page(path: str, release: str | None = None):
    client = Client()
    if release:
        client.cookies[settings.STYLESHEET_COOKIE] = release
    return client.get(path)


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_links_to_the_stylesheet_only_where_the_phone_has_that_of_today(path):
    for release in (None, "0123456789ab"):
        assert f">{stylesheet('everyone')}</style>" in page(path, release).text
    linked = page(path, settings.STYLESHEET_RELEASE)
    assert '<link rel="stylesheet" href="/static/css/everyone.css">' in linked.text
    assert "<style" not in linked.text


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_cache_mistakes_one_for_the_other(path):
    assert "Cookie" in page(path)["Vary"]


def test_the_file_says_what_the_pages_say():
    assert Path(finders.find("css/everyone.css")).read_text() == stylesheet("everyone")


def test_staff_bear_only_their_own(client):
    client.force_login(make.companion().user)
    client.cookies[settings.STYLESHEET_COOKIE] = settings.STYLESHEET_RELEASE
    answer = client.get("/dampingan/").text
    assert f"<style>{stylesheet('staff')}</style>" in answer and stylesheet("everyone") not in answer


@pytest.mark.parametrize("sheet", SHEETS)
def test_phones_whose_browser_is_not_updated_any_more_can_read_the_stylesheets(sheet):
    assert TOO_NEW.findall(stylesheet(sheet)) == []


def test_writing_lines_are_printed_by_an_old_browser_too():
    """Without the prefix Chromium knows it from 136 on, and prints no background before."""
    assert "{ -webkit-print-color-adjust: exact; print-color-adjust: exact; }" in stylesheet("staff")


@pytest.mark.parametrize(("sheet", "page"), [(".alone > li", "a6"), (".eight", "a4"), (".sheet-a5", "a5")])
def test_each_sheet_is_printed_on_its_own_kind_of_page(sheet, page):
    """Firefox knows what the body said for the first two pages only."""
    assert f", {sheet} {{ page: {page}; }}" in stylesheet("staff")
