"""A photograph on a phone that saves data: it waits for a tap, and comes in place."""

import pytest
from playwright.sync_api import Page, expect

from .chromium import PHONE, new_page
from .test_looks import faults

LESSON = "/modul/merek/melindungi-merek/"
GIVE_A_PICTURE = """
from courses.models import LessonPage
from tests import factories as make
lesson = LessonPage.objects.original().get(slug="{slug}")
lesson.body.insert(0, ("picture", {{"image": make.picture(), "alt_text": "Keripik di bungkus bening", "caption": ""}}))
lesson.save_revision().publish()
"""
SAVING = {"extra_http_headers": {"Save-Data": "on"}}
SEEN = "(image) => image.complete && image.naturalWidth"


@pytest.fixture(scope="module")
def lesson(server) -> str:
    """The address of a lesson that begins with a photograph."""
    server.manage("shell", "-c", GIVE_A_PICTURE.format(slug="melindungi-merek"))
    return server.base_url + LESSON


@pytest.fixture
def saving(browser):
    with new_page(browser, **PHONE, **SAVING) as page:
        yield page


def photographs(page: Page) -> list[str]:
    """What the page fetches from now on of editors' pictures."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/media/" in request.url else None)
    return asked


def test_it_comes_by_a_tap_alone_and_nothing_moves(saving, lesson):
    asked = photographs(saving)
    saving.goto(lesson)
    link = saving.get_by_role("link", name="Lihat gambar")
    link.scroll_into_view_if_needed()
    assert asked == []
    assert faults(saving) == []
    place, height = link.bounding_box(), saving.evaluate("document.documentElement.scrollHeight")
    link.click()
    image = saving.get_by_role("img", name="Keripik di bungkus bening")
    expect(image).to_be_visible()
    assert image.evaluate(SEEN) == 360
    assert [url.rpartition(".")[2] for url in asked] == ["avif"]
    assert image.bounding_box() == place
    assert saving.evaluate("document.documentElement.scrollHeight") == height
    assert saving.url == lesson


def test_by_keyboard_whoever_opened_it_is_at_the_picture_and_goes_on_from_there(saving, lesson):
    saving.goto(lesson)
    saving.get_by_role("link", name="Lihat gambar").focus()
    saving.keyboard.press("Enter")
    expect(saving.get_by_role("img", name="Keripik di bungkus bening")).to_be_focused()
    saving.keyboard.press("Tab")
    expect(saving.locator("summary").first).to_be_focused()


def test_without_javascript_a_link_leads_to_it(browser, lesson):
    with new_page(browser, **PHONE, **SAVING, java_script_enabled=False) as page:
        asked = photographs(page)
        page.goto(lesson)
        assert asked == []
        link = page.get_by_role("link", name="Lihat gambar")
        expect(link).to_be_visible()
        # Not opened here: Chromium's own page around a picture breaks our policy, and says so on the console.
        assert page.request.get(page.url.removesuffix(LESSON) + link.get_attribute("href")).ok
