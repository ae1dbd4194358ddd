"""Her data in her hands, on a small phone: see, correct, take along, withdraw, erase."""

from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from .door import leave, sign_in, sign_in_by_form
from .learner import press
from .test_looks import faults

CODE, PIN = "SAR1PENA", "274951"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without_javascript"])


@pytest.fixture
def page(request, javascript) -> Page:
    return request.getfixturevalue("phone" if javascript else "phone_without_js")


@BOTH
def test_she_corrects_and_takes_along_and_withdraws(site, page, tmp_path):
    """P2, P3"""
    sign_in(page, site, CODE, PIN)
    press(page.get_by_role("link", name="Data saya"))
    page.get_by_text("Lihat 6 pelajaran selesai").click()
    expect(page.get_by_text("Kenal PENA dan Siap Berusaha").first).to_be_visible()

    press(page.get_by_role("link", name="Perbaiki nama atau gambar"))
    page.get_by_label("Nama panggilan").fill("Sri")
    page.locator("label.choice", has_text="Ikan").click()
    press(page.get_by_role("button", name="Simpan"))
    expect(page.get_by_text("Sudah diperbaiki.")).to_be_visible()
    expect(page.get_by_text("Bu Sri").first).to_be_visible()

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh data saya").click()
    waiting.value.save_as(tmp_path / "data.zip")
    with ZipFile(tmp_path / "data.zip") as files:
        files.extractall(tmp_path / "data")
    offline = page.context.new_page()
    offline.goto((tmp_path / "data" / "baca-data-saya.html").as_uri())
    expect(offline.get_by_text("Sri Wulandari").first).to_be_visible()
    offline.get_by_role("link", name="Lihat jawaban kuis saya").click()
    expect(offline.get_by_text("10 dari 10 benar")).to_be_visible()
    offline.close()

    press(page.get_by_role("link", name="Tarik persetujuan"))
    press(page.get_by_role("button", name="Ya, tarik persetujuan"))
    expect(page.get_by_text("Persetujuan sudah ditarik.")).to_be_visible()
    page.evaluate("localStorage.clear()")
    leave(page)
    sign_in_by_form(page, site, CODE, PIN)
    expect(page.get_by_text("Mungkin persetujuan sudah ditarik. Tanya pendamping.")).to_be_visible()


@BOTH
def test_she_erases_everything_with_her_pin(site, page):
    """P4"""
    sign_in(page, site, CODE, PIN)
    page.goto(f"{site}/belajar/data/")
    press(page.get_by_role("link", name="Hapus data saya"))
    page.locator("#id_pin").fill("860427")
    press(page.get_by_role("button", name="Hapus data saya"))
    expect(page.get_by_text("PIN belum tepat. Coba lagi.")).to_be_visible()
    page.locator("#id_pin").fill(PIN)
    press(page.get_by_role("button", name="Hapus data saya"))
    expect(page.get_by_text("Semua data sudah dihapus.")).to_be_visible()

    leave(page)
    sign_in(page, site, "rina.marlina", "belajar-bersama")
    expect(page.get_by_text("Wulandari")).to_have_count(0)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_every_screen_is_free_of_faults(real_server, request, device):
    page = request.getfixturevalue(device)
    sign_in(page, real_server, CODE, PIN)
    found = {}
    for path in ("", "perbaiki/", "tarik/", "hapus/"):
        page.goto(f"{real_server}/belajar/data/{path}")
        for summary in page.locator("main summary").all():
            summary.click()
        found[path] = faults(page)
    page.goto(f"{real_server}/masuk/persetujuan/")
    found["consent"] = faults(page)
    page.locator("button.main").click()
    expect(page.get_by_text("Pilih umurnya dulu.")).to_be_visible()
    found["consent, refused"] = faults(page)
    assert {path: mistakes for path, mistakes in found.items() if mistakes} == {}
