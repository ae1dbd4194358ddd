"""The whole path, by three people on the real server: a learner, her companion, an editor."""

import pytest
from playwright.sync_api import Page, expect

from .chromium import OLD
from .door import leave, sign_in, sign_in_by_form
from .learner import answer, answer_all, key_of, press, understand_all

PIN, PASSWORD = "274951", "belajar-bersama"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without_javascript"])
def test_a_learner_reads_fails_passes_and_shows_her_badge(site, request, javascript):
    page: Page = request.getfixturevalue("phone" if javascript else "phone_without_js")
    key = key_of("02-merek.yaml")
    sign_in_by_form(page, site, "sar1 pena", PIN)
    expect(page.get_by_role("heading", name="Selamat datang, Bu Sari")).to_be_visible()

    page.goto(f"{site}/modul/merek/kuis/")
    expect(page.get_by_text("Selesaikan 5 pelajaran lagi untuk membuka kuis.")).to_be_visible()

    assert understand_all(page, site, "merek") == 5
    expect(page.get_by_text("Kuis sudah terbuka")).to_be_visible()

    press(page.get_by_role("button", name="Mulai kuis"))
    answer_all(page, key, right=False, javascript=javascript)
    expect(page.get_by_role("heading", name="Belum tepat semua, Bu Sari")).to_be_visible()
    expect(page.get_by_text("0 dari 10 benar")).to_be_visible()
    expect(page.get_by_role("link", name="Baca lagi: Memilih nama").first).to_be_visible()

    press(page.get_by_role("button", name="Coba lagi"))
    answer_all(page, key, right=True, javascript=javascript)
    expect(page.get_by_role("heading", name="Selamat, Bu Sari!")).to_be_visible()
    expect(page.get_by_text("10 dari 10 benar")).to_be_visible()

    press(page.get_by_role("link", name="Lihat lencana"))
    badge = page.url
    leave(page)
    page.goto(badge)
    expect(page.get_by_role("heading", name="Pandai Merek")).to_be_visible()
    expect(page.get_by_text("Sari W.")).to_be_visible()
    expect(page.get_by_text("Wulandari")).to_have_count(0)

    sign_in(page, site, "rina.marlina", PASSWORD)
    page.goto(f"{site}/dampingan/keluarga/")
    press(page.get_by_role("link", name="Keluarga Sari Wulandari"))
    line = page.get_by_role("listitem").filter(has_text="Merek Usaha").filter(has_text="Selesai")
    expect(line.first).to_be_visible()


def test_every_kind_of_question_is_answered_with_an_old_browser(site, phone):
    phone.add_init_script(OLD)
    sign_in(phone, site, "SAR1PENA", PIN)
    phone.goto(f"{site}/modul/pengenalan-motivasi/kuis/")
    press(phone.locator("main button.main"))
    answer_all(phone, key_of("01-pengenalan-motivasi.yaml"), right=True, javascript=True)
    expect(phone.get_by_role("heading", name="Selamat, Bu Sari!")).to_be_visible()


def test_a_companion_assigns_a_module_and_takes_it_back(site, phone):
    sign_in(phone, site, "rina.marlina", PASSWORD)
    press(phone.get_by_role("link", name="Tugaskan modul"))
    phone.get_by_label("Kelompok").select_option(label="Melati 1")
    phone.get_by_label("Modul", exact=True).select_option(label="Foto Produk dengan HP")
    press(phone.get_by_role("button", name="Lihat dulu"))
    press(phone.get_by_role("button", name="Tugaskan ke 2 keluarga"))
    expect(phone.get_by_text("Foto Produk dengan HP ditugaskan ke 2 keluarga.")).to_be_visible()

    leave(phone)
    sign_in(phone, site, "DED1PENA", PIN)
    tasks = phone.get_by_role("region", name="Tugas dari pendamping")
    expect(tasks.get_by_role("heading", name="Foto Produk dengan HP")).to_be_visible()

    leave(phone)
    sign_in(phone, site, "rina.marlina", PASSWORD)
    phone.goto(f"{site}/dampingan/keluarga/")
    press(phone.get_by_role("link", name="Keluarga Dedi Kurnia"))
    press(phone.get_by_role("button", name="Tarik tugas Foto Produk dengan HP"))
    expect(phone.get_by_text("Tugas ditarik.")).to_be_visible()
    expect(phone.get_by_role("button", name="Tarik tugas Foto Produk dengan HP")).to_have_count(0)


def test_an_editor_changes_a_sentence_and_the_learner_reads_it(site, desktop):
    sign_in(desktop, site, "maya.peninjau", PASSWORD)
    desktop.goto(f"{site}/kelola/pages/search/?q=Kenapa+usaha+perlu+merek")
    desktop.get_by_role("link", name="Kenapa usaha perlu merek?").first.click()
    desktop.locator("textarea[name^='body-0-value-0']").first.fill("Merek itu wajah usaha kita.")
    desktop.locator("footer [data-w-dropdown-target=toggle]").click()
    with desktop.expect_navigation():
        desktop.locator("button[name='action-publish']").click()

    leave(desktop)
    sign_in(desktop, site, "DED1PENA", PIN)
    desktop.goto(f"{site}/modul/merek/kenapa-perlu-merek/")
    expect(desktop.get_by_text("Merek itu wajah usaha kita.")).to_be_visible()


def test_a_number_that_was_typed_is_there_again_by_the_way_back(site, phone):
    sign_in(phone, site, "SAR1PENA", PIN)
    phone.goto(f"{site}/modul/pengenalan-motivasi/kuis/")
    press(phone.locator("main button.main"))
    key = key_of("01-pengenalan-motivasi.yaml")
    while not phone.locator("#id_answer").count():
        answer(phone, key[phone.locator("h1").inner_text().strip()], right=True, javascript=True)
        press(phone.locator("button.main"))
    phone.locator("#id_answer").fill("12.345")
    phone.goto(f"{site}/modul/")
    phone.go_back()
    expect(phone.locator("#id_answer")).to_have_value("12.345")
