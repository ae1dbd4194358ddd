"""An editor tells a lesson in Javanese, and a learner reads it so; one that is not told yet she reads in Indonesian."""

from playwright.sync_api import expect

from tests.desk.english import english_in

from .door import sign_in
from .test_desk import PASSWORD, choose, open_form

LESSON = "/modul/merek/memilih-nama/"


def test_a_lesson_is_told_in_javanese_and_read_by_who_chooses_it(real_server, desktop, phone):
    sign_in(desktop, real_server, "maya.peninjau", PASSWORD)
    open_form(desktop, real_server, "Memilih nama")
    page_id = desktop.url.rstrip("/").split("/")[-2]
    desktop.goto(f"{real_server}/kelola/translation/submit/page/{page_id}/")
    assert english_in(desktop.content()) == []
    ways = [desktop.url]
    while desktop.get_by_label("Basa Jawa").is_disabled():  # the pages above it come first, once for a language
        desktop.get_by_role("link", name="Terjemahkan halaman induknya").click()
        ways.append(desktop.url)
    for way in reversed(ways):
        desktop.goto(way)
        desktop.get_by_label("Basa Jawa").check()
        with desktop.expect_navigation():
            desktop.locator("main form input[type=submit]").click()
    title = desktop.locator("[name=title]")
    title.clear()
    title.press_sequentially("Milih jeneng", delay=60)
    choose(desktop, "Terbitkan")
    expect(desktop.get_by_text("«Milih jeneng» sudah terbit")).to_be_visible()

    sign_in(phone, real_server, "SAR1PENA", "274951")
    phone.goto(f"{real_server}{LESSON}")
    phone.get_by_role("button", name="Basa Jawa").click()
    expect(phone).to_have_url(f"{real_server}/jv{LESSON}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Milih jeneng")
    phone.goto(f"{real_server}/belajar/")
    phone.get_by_role("link", name="Merek Usaha").first.click()
    phone.get_by_role("link", name="Kenapa usaha perlu merek").first.click()
    expect(phone.get_by_text("Pelajaran ini belum ada dalam Basa Jawa.")).to_be_visible()
    phone.get_by_role("button", name="Indonesia").click()
    expect(phone.get_by_text("belum ada dalam")).to_have_count(0)
