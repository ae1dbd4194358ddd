"""A meeting of the group at 360×640, by the companion and by a learner who was there; and the sheets for who has no
phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from .door import leave, sign_in
from .learner import press

PIN, PASSWORD = "274951", "belajar-bersama"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without_javascript"])
def test_a_companion_ticks_who_was_there_and_takes_one_back(site, request, javascript):
    page: Page = request.getfixturevalue("phone" if javascript else "phone_without_js")
    sign_in(page, site, "rina.marlina", PASSWORD)
    page.goto(f"{site}/dampingan/pertemuan/")
    expect(page.get_by_text("1 hadir · 1 pelajaran")).to_be_visible()  # last week's
    press(page.get_by_role("link", name="Catat pertemuan"))
    press(page.get_by_role("link", name="Melati 1"))

    page.locator("summary", has_text="Merek Usaha").click()
    page.get_by_label("Memilih nama").check()
    if javascript:
        page.get_by_role("button", name="Semua hadir").click()
        expect(page.get_by_text("2 dari 2 hadir")).to_be_visible()
    else:
        for name in ("Bu Sari Wulandari", "Pak Dedi Kurnia"):
            page.locator("label.tick", has_text=name).click()
    page.get_by_label("Tempat").fill("")
    press(page.get_by_role("button", name="Simpan pertemuan"))
    expect(page.get_by_text("Tulis tempatnya dulu")).to_be_visible()
    expect(page.get_by_label("Memilih nama")).to_be_checked()
    page.get_by_label("Tempat").fill("Balai desa Sukasari")
    press(page.get_by_role("button", name="Simpan pertemuan"))
    expect(page.get_by_text("Pertemuan tersimpan. 2 orang hadir.")).to_be_visible()
    meeting = page.url

    page.locator("label.tick", has_text="Bu Sari Wulandari").click()
    press(page.get_by_role("button", name="Simpan kehadiran"))
    expect(page.get_by_text("Kehadiran sudah diperbaiki.")).to_be_visible()

    leave(page)
    sign_in(page, site, "DED1PENA", PIN)
    page.goto(f"{site}/modul/merek/")
    expect(page.get_by_role("link", name="Memilih nama")).to_contain_text("Selesai di pertemuan")

    leave(page)
    sign_in(page, site, "rina.marlina", PASSWORD)
    page.goto(meeting)
    page.locator("summary", has_text="Batalkan pertemuan").click()
    press(page.get_by_role("button", name="Ya, batalkan"))
    expect(page.get_by_text("Pertemuan dibatalkan.")).to_be_visible()

    leave(page)
    sign_in(page, site, "DED1PENA", PIN)
    page.goto(f"{site}/modul/merek/")
    expect(page.get_by_role("link", name="Memilih nama")).not_to_contain_text("Selesai")


def test_each_lesson_is_printed_on_one_a5_sheet(site, phone):
    sign_in(phone, site, "rina.marlina", PASSWORD)
    longest = (("merek", 5), ("kemasan", 6), ("literasi-keuangan", 6))  # key points and tasks
    for module, lessons in longest:
        phone.goto(f"{site}/dampingan/lembar/{module}/")
        assert phone.locator("article").count() == lessons
        printed = phone.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
        assert {tuple(round(float(points) / 72 * 25.4) for points in box) for box in boxes} == {(148, 210)}
        assert len(boxes) == lessons
