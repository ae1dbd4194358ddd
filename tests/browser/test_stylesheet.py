"""The stylesheet comes inside the first page, and once more as a file; after that a page only links to it."""

from playwright.sync_api import Page, expect

LESSON = "/modul/merek/memilih-nama/"
LOOKS = """
    () => [...document.querySelectorAll("body, header, h1, main a, main p")].map((one) => {
        const { color, fontSize, backgroundColor } = getComputedStyle(one);
        const { x, y, width, height } = one.getBoundingClientRect();
        return [color, fontSize, backgroundColor, x, y, width, height];
    })
"""
CARRIED = """
    performance.getEntriesByType("resource").filter((one) => one.name.endsWith(".css")).map((one) => one.transferSize)
"""
SHIFTED = """
    new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().map((one) => one.value)))
        .observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done([]), 500))
"""


def has_stylesheet(page: Page) -> None:
    page.wait_for_function("() => document.cookie.includes('gaya=')")


def test_the_second_page_links_to_it_and_looks_the_same_from_the_start(phone, server):
    phone.goto(server.base_url + LESSON)
    expect(phone.locator("style")).to_have_count(1)
    looks = phone.evaluate(LOOKS)
    has_stylesheet(phone)
    phone.goto(server.base_url + LESSON)
    expect(phone.locator("style")).to_have_count(0)
    assert phone.evaluate(LOOKS) == looks
    assert phone.evaluate(SHIFTED) == []
    assert phone.evaluate(CARRIED) == [0], "the phone has it"


def test_without_javascript_it_comes_inside_every_page(phone_without_js, server):
    for _ in range(2):
        phone_without_js.goto(server.base_url + LESSON)
        expect(phone_without_js.locator("style")).to_have_count(1)
