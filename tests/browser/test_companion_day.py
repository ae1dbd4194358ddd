"""A companion's day, on the real server and a phone: who is silent, a message, a visit, a path for a group with a word;
and the learner reads it. With JavaScript, and by plain forms."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .door import leave, sign_in
from .learner import press

PIN, PASSWORD = "274951", "belajar-bersama"
WORD = "Satu-satu saja. Saya temani."


def text_for_whatsapp(page: Page) -> str:
    link = page.get_by_role("link", name="Buka WhatsApp").get_attribute("href")
    assert link.startswith("https://wa.me/6281200001111?")
    return parse_qs(urlsplit(link).query)["text"][0]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without_javascript"])
def test_a_companion_reaches_a_silent_family_and_gives_a_group_a_path(site, request, javascript):
    page: Page = request.getfixturevalue("phone" if javascript else "phone_without_js")
    opened: list[str] = []
    page.context.route("https://wa.me/**", lambda route: (opened.append(route.request.url), route.fulfill(body="")))
    sign_in(page, site, "rina.marlina", PASSWORD)
    expect(page.get_by_role("heading", name="Hari ini")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Keluarga Nur Aini")
    expect(row.get_by_text("Bu Nur diam 8 hari")).to_be_visible()

    press(page.get_by_role("link", name="Pesan ke Keluarga Nur Aini"))
    expect(page.get_by_label("Isi pesan")).to_have_value("Halo Bu Nur, ini Rina." + text_for_whatsapp(page)[22:])
    page.get_by_label("Isi pesan").fill("Bu Nur, besok saya mampir, ya. – Rina")
    if javascript:
        assert text_for_whatsapp(page) == "Bu Nur, besok saya mampir, ya. – Rina"
        with page.context.expect_page() as chat, page.expect_navigation():
            page.get_by_role("link", name="Buka WhatsApp").click()
        chat.value.wait_for_load_state()
        assert parse_qs(urlsplit(opened[0]).query)["text"] == ["Bu Nur, besok saya mampir, ya. – Rina"]
        chat.value.close()
    else:
        press(page.get_by_role("button", name="Pakai kata yang diubah"))
        assert text_for_whatsapp(page) == "Bu Nur, besok saya mampir, ya. – Rina"
        press(page.get_by_role("button", name="Catat: pesan sudah dibuka"))
    expect(page.get_by_text("Dicatat: pesan untuk Keluarga Nur Aini.")).to_be_visible()
    expect(page.get_by_role("link", name="Pesan ke Keluarga Nur Aini")).to_have_count(0)

    press(page.get_by_role("link", name="Catat kunjungan ke Keluarga Mulyadi Hasan"))
    page.get_by_label("Catatan").fill("HP rusak. Belajar lewat kelompok.")
    press(page.get_by_role("button", name="Simpan kunjungan"))
    page.go_back()  # the page comes anew, and what she typed with it
    expect(page.get_by_label("Catatan")).to_have_value("HP rusak. Belajar lewat kelompok.")
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_text("Ini sudah tersimpan tadi. Tidak ada yang berubah.")).to_be_visible()
    press(page.get_by_role("button", name="Sudah menelepon Keluarga Joko Susilo"))
    expect(page.get_by_role("heading", name="Keluarga Joko Susilo")).to_have_count(0)

    press(page.get_by_role("link", name="Tugaskan modul"))
    page.get_by_label("Modul", exact=True).select_option(label="Jalur Utama PENA (5 modul)")
    page.get_by_label("Kelompok").select_option(label="Melati 1")
    page.get_by_label("Kata pendamping").fill(WORD)
    press(page.get_by_role("button", name="Lihat dulu"))
    expect(page.get_by_text("Keluarga Dedi Kurnia")).to_be_visible()
    press(page.get_by_role("button", name="Tugaskan ke 2 keluarga"))
    expect(page.get_by_text("Jalur Utama PENA (5 modul) ditugaskan ke 2 keluarga.")).to_be_visible()

    page.get_by_label("Nama").fill("mulyadi")
    press(page.get_by_role("button", name="Cari"))
    press(page.get_by_role("link", name="Keluarga Mulyadi Hasan"))
    press(page.get_by_role("link", name="Riwayat"))
    expect(page.get_by_text("HP rusak. Belajar lewat kelompok.")).to_be_visible()

    page.goto(f"{site}/dampingan/rekap/")
    expect(page.get_by_label("Ke laporan")).to_have_value(re.compile("Keluarga dihubungi: 2\nKeluarga dikunjungi: 2\n"))
    copy = page.get_by_role("button", name="Salin rekap")
    if javascript:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copy.click()
        expect(page.get_by_role("status")).to_have_text("Disalin. Tinggal tempel.")
        assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Ke laporan").input_value()
    else:
        expect(copy).to_be_hidden()

    leave(page)
    sign_in(page, site, "DED1PENA", PIN)
    tasks = page.get_by_role("region", name="Tugas dari pendamping")
    expect(tasks.get_by_role("listitem").filter(has_text="Riset Pasar Sederhana").get_by_text(WORD)).to_be_visible()
    page.goto(f"{site}/modul/riset-pasar/")
    expect(page.get_by_role("heading", name="Kata pendamping")).to_be_visible()
    expect(page.get_by_text(WORD)).to_be_visible()


def test_a_learner_chooses_a_module_and_lets_it_go(site, phone_without_js):
    page = phone_without_js
    sign_in(page, site, "SAR1PENA", PIN)
    page.goto(f"{site}/modul/foto-produk/")
    press(page.get_by_role("button", name="Ambil modul ini"))
    page.goto(f"{site}/belajar/")
    expect(page.get_by_role("region", name="Pilihan keluarga").get_by_text("Foto Produk dengan HP")).to_be_visible()
    page.goto(f"{site}/modul/foto-produk/")
    press(page.get_by_role("button", name="Batal ambil modul ini"))
    expect(page.get_by_role("button", name="Ambil modul ini")).to_be_visible()


def test_a_ready_phrase_that_was_taken_out_again_is_not_sent(server, phone):
    sign_in(phone, server.base_url, "rina.marlina", PASSWORD)
    phone.goto(f"{server.base_url}/dampingan/praktik/")
    press(phone.get_by_role("link", name="Cek sekarang"))
    phrases, praise = phone.locator("label.tap"), phone.get_by_label("Atau tulis sendiri").first
    for _ in range(2):  # it can be tapped once more
        phrases.filter(has_text="Fotonya jelas.").click()
        expect(praise).to_have_value("Fotonya jelas.")
        praise.fill("")
    phrases.filter(has_text="Coba foto lebih terang.").click()
    press(phone.get_by_role("button", name="Sudah benar"))
    expect(phone.get_by_text("Tulis atau ketuk satu pujian dulu.")).to_be_visible()


SPEAK = """
from practice.models import Evidence, PracticeSubmission
sent = PracticeSubmission.objects.waiting().get()
sent.evidence.add(Evidence.objects.store(sent.learner, Evidence.Kind.VOICE, b"suara"))
"""


def test_a_practice_that_was_spoken_is_not_judged_unheard_from_what_the_phone_carries(server, phone):
    server.manage("shell", "-c", SPEAK)
    sign_in(phone, server.base_url, "rina.marlina", PASSWORD)
    phone.goto(f"{server.base_url}/luring/dampingan/")
    phone.get_by_role("link", name="Cek praktik").click()
    phone.get_by_role("link", name="Bu Sari").click()
    expect(phone.get_by_text("Ada rekaman suara. Dengarkan saat ada sinyal.")).to_be_visible()
    expect(phone.get_by_role("heading", name="Yang dicek")).to_be_visible()
    expect(phone.get_by_role("button", name="Sudah benar")).to_have_count(0)
