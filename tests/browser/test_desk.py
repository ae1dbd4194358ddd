"""Lestari writes, the desk checks, Maya publishes, and Bu Sari reads: as they do it, with all of Wagtail's scripts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FrameLocator, Page, expect

from people.spreadsheets import XLSX
from quizzes.formats.excel import EXAMPLES
from quizzes.formats.excel import write as as_excel
from tests.desk.documents import lesson as word_lesson
from tests.desk.english import english_in

from .chromium import DESKTOP, new_page
from .door import sign_in

PASSWORD = "belajar-bersama"
LONG = "Nama yang baik itu pendek dan mudah diucap oleh semua orang di pasar pada hari apa saja."
A_DAY_LATER = """
from datetime import timedelta
from wagtail.models import Revision
for revision in Revision.objects.exclude(approved_go_live_at=None):
    revision.approved_go_live_at -= timedelta(days=2)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
from django.core.management import call_command
call_command("publish_scheduled")
"""
SHORT = "Nama yang khas mudah diingat."


def open_form(page: Page, base_url: str, title: str) -> None:
    page.goto(f"{base_url}/kelola/pages/search/?q={title}")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_url(re.compile(r"/kelola/pages/\d+/edit/"))


def show(page: Page, panel: str) -> None:
    page.locator(f"[data-side-panel-toggle={panel}]").click()


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("#w-preview-iframe")


def choose(page: Page, action: str) -> None:
    """One of the actions at the foot of the form, beside the first."""
    page.locator("footer .w-dropdown__toggle").click()
    page.locator("footer").get_by_role("button", name=action, exact=True).click()


def write(page: Page, goal: str) -> None:
    """As fingers do, letter by letter: what is there when Wagtail begins to watch the form counts as unchanged."""
    field = page.locator("[name=goal]")
    field.clear()
    field.press_sequentially(goal, delay=20)


@pytest.fixture
def other_desk(browser):
    with new_page(browser, **DESKTOP) as page:
        yield page


def test_a_draft_is_checked_reviewed_published_and_read(real_server, desktop, other_desk, phone):
    sign_in(desktop, real_server, "lestari.penulis", PASSWORD)
    open_form(desktop, real_server, "Memilih nama")
    show(desktop, "checks")
    write(desktop, LONG)
    expect(desktop.locator("page-checks")).to_contain_text("punya 17 kata", timeout=20_000)
    expect(desktop.locator("[data-checks-panel]")).to_contain_text("Kalimat terlalu panjang", timeout=20_000)
    write(desktop, SHORT)
    expect(desktop.locator("page-checks")).not_to_contain_text("Kalimat", timeout=20_000)

    show(desktop, "preview")
    expect(preview(desktop).get_by_text(SHORT)).to_be_visible(timeout=20_000)
    size = desktop.locator("#w-preview-iframe").evaluate(
        "(frame) => [frame.contentWindow.innerWidth, frame.contentWindow.innerHeight]"
    )
    assert size == [360, 640]
    assert english_in(desktop.content()) == []

    choose(desktop, "Kirim: Ditinjau sebelum terbit")
    expect(desktop.get_by_text("dikirim untuk ditinjau")).to_be_visible()

    sign_in(phone, real_server, "SAR1PENA", "274951")
    phone.goto(f"{real_server}/modul/merek/memilih-nama/")
    expect(phone.get_by_text(SHORT)).to_have_count(0)

    sign_in(other_desk, real_server, "maya.peninjau", PASSWORD)
    other_desk.goto(f"{real_server}/kelola/")
    expect(other_desk.get_by_role("link", name="1 halaman menunggu ditinjau")).to_be_visible()
    open_form(other_desk, real_server, "Memilih nama")
    choose(other_desk, "Setujui dan terbitkan")
    other_desk.wait_for_url(lambda url: "/edit/" not in url)

    phone.reload()
    expect(phone.get_by_text(SHORT)).to_be_visible()


def test_a_quiz_is_played_beside_its_form(real_server, desktop):
    sign_in(desktop, real_server, "lestari.penulis", PASSWORD)
    open_form(desktop, real_server, "Kuis: Merek Usaha")
    show(desktop, "preview")
    preview(desktop).get_by_role("link", name="Mulai kuis").click()
    expect(preview(desktop).get_by_text("Soal 1 dari 10")).to_be_visible()
    preview(desktop).locator("label.choice").first.click()
    preview(desktop).get_by_role("button", name="Lanjut").click()
    expect(preview(desktop).get_by_text("Soal 2 dari 10")).to_be_visible()


def hand_in(page: Page) -> None:
    choose(page, "Kirim: Ditinjau sebelum terbit")
    expect(page.get_by_text("dikirim untuk ditinjau")).to_be_visible()


def record_lesson(page: Page) -> None:
    """In the chooser's window, for a moment."""
    page.get_by_role("button", name="Pilih suara").first.click()
    window = page.locator(".modal")
    window.get_by_role("tab", name="Kirim suara").click()
    window.get_by_role("button", name="Rekam suara").click()
    expect(window.get_by_role("button", name="Berhenti")).to_be_visible()
    page.wait_for_function("() => /29[0-8] detik/.test(document.querySelector('record-voice').innerText)")
    # Wagtail keeps the draft by itself; publishing at the same moment would refuse that.
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/edit/" in answer.url):
        window.get_by_role("button", name="Kirim", exact=True).click()  # the recording ends by itself
        expect(window).to_have_count(0)


def schedule(page: Page, day: str) -> None:
    """In the window that the panel of states opens."""
    show(page, "status")
    page.get_by_role("button", name="Atur jadwal").click()
    # Typed, it would open a calendar over the button, which goes when it likes.
    page.locator("[name=go_live_at]").evaluate("(field, day) => { field.value = day; }", day)
    with page.expect_navigation():
        page.get_by_role("button", name="Simpan jadwal").click()


def look_up(phone: Page, typed: str) -> None:
    phone.get_by_role("link", name="Cari").click()
    phone.get_by_label("Tulis satu atau dua kata").fill(typed)
    phone.get_by_role("button", name="Cari").click()


def test_a_word_file_and_an_excel_file_become_a_lesson_and_its_questions(server, desktop, other_desk, phone):
    real_server = server.base_url
    sign_in(desktop, real_server, "lestari.penulis", PASSWORD)
    desktop.get_by_role("link", name="Dari Word").click()
    file = {"name": "bungkus.docx", "mimeType": "application/octet-stream", "buffer": word_lesson()}
    desktop.locator("[name=file]").set_input_files(file)
    desktop.get_by_role("button", name="Periksa berkas").click()
    desktop.get_by_label("Tujuan").fill("Bisa membungkus sampai rapat.")
    desktop.get_by_label("Masuk ke modul").select_option(label="Kemasan, Label, dan Mutu")
    desktop.get_by_label("Isi gambar dalam kata").fill("Keripik dalam plastik yang rapat.")
    assert english_in(desktop.content()) == []
    desktop.get_by_role("button", name="Simpan sebagai draf").click()
    expect(desktop.get_by_text("Draf «Membungkus keripik» tersimpan.")).to_be_visible()
    record_lesson(desktop)
    hand_in(desktop)

    desktop.goto(f"{real_server}/kelola/kuis/")
    desktop.locator("li", has_text="Kemasan, Label, dan Mutu").get_by_role("link", name="Impor soal").click()
    file = {"name": "soal.xlsx", "mimeType": XLSX, "buffer": as_excel(EXAMPLES)}
    desktop.locator("[name=file]").set_input_files(file)
    desktop.get_by_role("button", name="Periksa berkas").click()
    desktop.get_by_role("button", name=re.compile("Simpan . soal")).click()
    hand_in(desktop)

    sign_in(other_desk, real_server, "maya.peninjau", PASSWORD)
    for title in ("Membungkus keripik", "Kuis: Kemasan, Label, dan Mutu"):
        open_form(other_desk, real_server, title)
        if title == "Membungkus keripik":
            schedule(other_desk, f"{timezone.now() + timedelta(days=1):%Y-%m-%d} 07:00")
        choose(other_desk, "Setujui dan terbitkan")
        other_desk.wait_for_url(lambda url: "/edit/" not in url)

    sign_in(phone, real_server, "SAR1PENA", "274951")
    look_up(phone, "rekatkn ujung")
    expect(phone.get_by_role("link", name="Membungkus keripik")).to_have_count(0)
    server.manage("shell", "-c", A_DAY_LATER)
    look_up(phone, "rekatkn ujung")
    phone.get_by_role("link", name="Membungkus keripik").click()
    expect(phone.get_by_role("button", name="Dengarkan")).to_be_visible()
    expect(phone.get_by_text("Rekatkan ujungnya.")).to_be_in_viewport()
    expect(phone.get_by_alt_text("Keripik dalam plastik yang rapat.")).to_be_attached()


def test_no_word_of_a_title_is_broken_in_a_list_on_a_phone(real_server, phone):
    sign_in(phone, real_server, "lestari.penulis", PASSWORD)
    phone.goto(f"{real_server}/kelola/pages/search/?q=Merek Usaha")
    phone.locator(".listing td.children a").first.click()
    phone.wait_for_url(re.compile(r"/kelola/pages/\d+/$"))
    lines = phone.locator(".listing td.title .title-wrapper a").evaluate_all(
        """(links) => links.map((link) => {
            const words = document.createRange();
            words.selectNodeContents(link);
            return [link.innerText, new Set([...words.getClientRects()].map(({ top }) => top)).size];
        })"""
    )
    assert lines and [title for title, count in lines if count > len(title.split())] == []
