"""A practice from the learner to her companion and back, on small phones, with a signal that comes and goes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.practice.files import picture, written
from tests.server import RealServer

from .chromium import OLD, PHONE, new_page
from .door import sign_in
from .learner import press
from .test_looks import faults

SARI, DEDI, WATI = ("SAR1PENA", "274951"), ("DED1PENA", "274951"), ("WAT1PENA", "274951")
RINA = ("rina.marlina", "belajar-bersama")
# Notes every microphone that a page is given.
LISTEN = """
    window.given = [];
    const real = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = async function (...asked) {
        given.push(await real.apply(this, asked));
        return given[given.length - 1];
    };
"""
STILL_ON = "given.flatMap((one) => one.getTracks()).filter((track) => track.readyState === 'live').length"
# A practice that waits for an answer; prints its id.
PRACTISE = """
from people.models import Learner
from tests import factories as make
print(make.practised(Learner.objects.get(first_name="Sari"), "kemasan").pk)
"""
CUT = "Belum ada sinyal. Jangan tutup halaman ini. Nanti dikirim otomatis."
LOGO, PROTECTION = "/modul/merek/logo-dan-warna/", "/modul/merek/melindungi-merek/"  # shown with a photo
WHY = "/modul/merek/kenapa-perlu-merek/"


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("foto") / "foto.jpg"
    path.write_bytes(written(picture(3000, 2000), "JPEG"))
    return path


def open_task(page: Page, site: str, lesson: str) -> None:
    page.goto(site + lesson)
    press(page.get_by_role("link", name="Kirim praktik"))


def open_answer(page: Page, site: str, title: str) -> None:
    """Through the companion's queue, answering what waited before, until the lesson of that title is there."""
    sign_in(page, site, *RINA)
    page.goto(f"{site}/dampingan/praktik/")
    press(page.get_by_role("link", name="Cek sekarang"))
    while title not in page.locator("main").inner_text():
        say(page)
        press(page.get_by_role("button", name="Sudah benar"))


def say(page: Page) -> None:
    page.locator("label.tap", has_text="Rapi dan lengkap.").click()
    page.locator("label.tap", has_text="Coba foto lebih terang.").click()


def open_new_answer(page: Page, server: RealServer) -> None:
    id = server.manage("shell", "-c", PRACTISE).split()[-1]
    sign_in(page, server.base_url, *RINA)
    page.goto(f"{server.base_url}/dampingan/praktik/{id}/")
    page.get_by_text("Jawab dengan suara").click()


def record(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Berhenti (5").click()
    expect(page.get_by_text("Rekaman siap dikirim.")).to_be_visible()


def wait_until_sent(page: Page) -> None:
    """It goes on by itself, for as long as the page is open."""
    for _ in range(600):
        if not page.evaluate("outbox.unsent()"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate("outbox.all('profiles')"))


def test_photos_survive_a_cut_in_the_middle_and_the_answer_comes_back(real_server, browser, photo):
    sent: list[str] = []

    def cut_the_second(route: Route) -> None:
        """Its photo arrives, and the acknowledgement does not."""
        sent.append(route.request.url)
        if len(sent) == 2:
            route.fetch()
            route.abort("internetdisconnected")
        else:
            route.continue_()

    context = browser.new_context(**PHONE)  # its console tells of the cut, which is expected here
    page = context.new_page()
    sign_in(page, real_server, *SARI)
    open_task(page, real_server, LOGO)
    assert faults(page) == []
    page.locator("#id_gallery").set_input_files([photo, photo, photo])
    expect(page.get_by_text("3 foto siap dikirim.")).to_be_visible()
    page.get_by_role("button", name="Hapus").first.click()
    expect(page.get_by_text("2 foto siap dikirim.")).to_be_visible()
    assert faults(page) == []
    page.route("**/praktik/bukti/**", cut_the_second)
    page.get_by_role("button", name="Kirim praktik").click()
    page.wait_for_url("**/logo-dan-warna/")  # kept, and led back
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    wait_until_sent(page)
    page.goto(real_server + LOGO)
    press(page.get_by_role("link", name="Lihat praktik"))
    expect(page.get_by_role("link", name="Lihat foto")).to_have_count(2)
    assert len(sent) == len(set(sent)) == 2, "what was not acknowledged went again by the outbox, under its id"
    assert faults(page) == []
    context.close()

    with new_page(browser, **PHONE) as rina:
        open_answer(rina, real_server, "Logo dan warna")
        for image in rina.locator("img.photo").all():
            assert image.evaluate("async (image) => (await image.decode(), image.naturalWidth)") == 1600
        assert faults(rina) == []
        press(rina.get_by_role("button", name="Perlu diperbaiki"))
        expect(rina.get_by_text("Tulis atau ketuk satu pujian dulu.")).to_be_visible()
        say(rina)
        expect(rina.get_by_label("Atau tulis sendiri").first).to_have_value("Rapi dan lengkap.")
        press(rina.get_by_role("button", name="Perlu diperbaiki"))
        expect(rina.get_by_text("Jawaban untuk Bu Sari terkirim.")).to_be_visible()

    with new_page(browser, **PHONE) as sari:
        sign_in(sari, real_server, *SARI)
        expect(sari.get_by_text("Coba foto lebih terang.").first).to_be_visible()
        assert faults(sari) == []
        press(sari.get_by_role("link", name="Perbaiki praktik"))
        expect(sari.get_by_text("Rapi dan lengkap.")).to_be_visible()
        assert faults(sari) == []


@pytest.mark.parametrize(
    ("person", "asked"),
    [(DEDI, "**/praktik/bukti/**"), (WATI, "**/belajar/praktik/*/")],
    ids=["photo", "form"],
)
def test_a_practice_that_meets_the_page_of_a_wifi_waits_on_the_phone(real_server, browser, photo, person, asked):
    """Such a page says that all is well, as the server never does."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    sign_in(page, real_server, *person)
    open_task(page, real_server, WHY)
    page.locator("#id_gallery").set_input_files(photo)
    expect(page.get_by_text("1 foto siap dikirim.")).to_be_visible()
    page.get_by_label("Catatan").fill("Warna hijau.")
    page.route(asked, lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi</h1>"))
    page.get_by_role("button", name="Kirim praktik").click()
    page.wait_for_url(f"**{WHY}")
    expect(page.get_by_text("Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    page.unroute(asked)
    wait_until_sent(page)
    page.goto(real_server + WHY)
    press(page.get_by_role("link", name="Lihat praktik"))
    expect(page.get_by_role("link", name="Lihat foto")).to_have_count(1)
    expect(page.get_by_text("Warna hijau.").first).to_be_visible()
    context.close()


def test_without_javascript_it_is_the_same_by_plain_forms(real_server, browser, phone_without_js, photo):
    page = phone_without_js
    sign_in(page, real_server, *SARI)
    open_task(page, real_server, PROTECTION)
    page.locator("#id_gallery").set_input_files([photo, photo])
    press(page.get_by_role("button", name="Kirim praktik"))
    expect(page.get_by_text("Sudah dikirim. Pendamping akan mengecek.")).to_be_visible()
    expect(page.get_by_role("link", name="Lihat foto")).to_have_count(2)

    with new_page(browser, **PHONE, java_script_enabled=False) as rina:
        open_answer(rina, real_server, "Melindungi merek")
        say(rina)
        press(rina.get_by_role("button", name="Sudah benar"))
        expect(rina.get_by_text("Jawaban untuk Bu Sari terkirim.")).to_be_visible()

    page.goto(real_server + PROTECTION)
    expect(page.get_by_text("Sudah benar")).to_be_visible()
    expect(page.get_by_text("Rapi dan lengkap.")).to_be_visible()


def test_a_photo_is_sent_by_an_old_browser(real_server, phone, photo):
    phone.add_init_script(OLD)
    sign_in(phone, real_server, *WATI)
    open_task(phone, real_server, LOGO)
    phone.locator("#id_gallery").set_input_files(photo)
    expect(phone.get_by_text("1 foto siap dikirim.")).to_be_visible()
    press(phone.get_by_role("button", name="Kirim praktik"))
    expect(phone.get_by_text("Sudah dikirim. Pendamping akan mengecek.")).to_be_visible()


def test_of_several_photos_the_one_that_is_none_says_so(real_server, browser, photo):
    """Where the phone cannot show it either, nothing else tells them apart."""
    context = browser.new_context(**PHONE)  # its console tells of the refusal, which is expected here
    page = context.new_page()
    sign_in(page, real_server, *WATI)
    open_task(page, real_server, "/modul/kemasan/guna-kemasan/")
    none = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 5000}
    for file in (photo, none):
        page.locator("#id_gallery").set_input_files([file])
    expect(page.get_by_text("2 foto siap dikirim.")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Kirim praktik").click()
        expect(page.get_by_text("Berkas ini bukan foto, atau rusak. Pilih foto lain.")).to_be_visible()
    expect(page.locator(".tiles li").last.get_by_text("Foto ini belum bisa dikirim.")).to_be_visible()
    expect(page.get_by_text("1 foto siap dikirim.")).to_be_visible()
    page.get_by_role("button", name="Hapus").last.click()
    press(page.get_by_role("button", name="Kirim praktik"))
    expect(page.get_by_text("Sudah dikirim. Pendamping akan mengecek.")).to_be_visible()
    context.close()


def test_of_several_photos_each_is_called_by_its_number(real_server, phone, photo):
    sign_in(phone, real_server, *WATI)
    open_task(phone, real_server, PROTECTION)
    phone.locator("#id_gallery").set_input_files([photo, photo, photo])
    expect(phone.get_by_text("3 foto siap dikirim.")).to_be_visible()
    phone.get_by_role("button", name="Hapus foto 2").click()
    expect(phone.get_by_text("2 foto siap dikirim.")).to_be_visible()
    for number in (1, 2):
        expect(phone.get_by_role("img", name=f"Foto {number} yang akan dikirim")).to_be_visible()
        expect(phone.get_by_role("button", name=f"Hapus foto {number}")).to_be_visible()


def test_a_voice_is_recorded_heard_and_sent(real_server, phone):
    """Into a microphone that Chromium makes up."""
    sign_in(phone, real_server, *SARI)
    open_task(phone, real_server, "/modul/merek/cerita-dan-slogan/")
    phone.get_by_role("button", name="Rekam suara").click()
    phone.get_by_role("button", name="Berhenti (58 detik lagi)").click()
    expect(phone.get_by_text("Rekaman siap dikirim.")).to_be_visible()
    assert faults(phone) == []
    press(phone.get_by_role("button", name="Kirim praktik"))
    expect(phone.get_by_text("Menunggu dicek")).to_be_visible()
    length = phone.locator("audio[src]").evaluate(
        "(audio) => new Promise((done) => { audio.onloadedmetadata = () => done(audio.duration); audio.load(); })"
    )
    assert 1 < length < 30


def test_whoever_drops_a_recording_is_at_the_recorder_again(real_server, phone):
    sign_in(phone, real_server, *SARI)
    phone.goto(f"{real_server}/modul/pengenalan-motivasi/apa-itu-pena/")
    press(phone.get_by_role("link", name="Lihat praktik"))
    phone.get_by_text("Kirim lagi").click()
    phone.get_by_role("button", name="Rekam suara").click()
    phone.get_by_role("button", name="Berhenti (58 detik lagi)").click()
    phone.get_by_role("button", name="Hapus rekaman").press("Enter")
    expect(phone.get_by_role("button", name="Rekam suara")).to_be_focused()


def test_a_companions_verdict_is_the_button_that_she_pressed_last(server, browser):
    """The first time, with a voice, there was no signal."""
    context = browser.new_context(**PHONE)  # its console tells of the cut, which is expected here
    page = context.new_page()
    open_new_answer(page, server)
    address = page.url
    page.route("**/bukti/**", lambda route: route.abort("internetdisconnected"))
    record(page, "Rekam suara")
    page.get_by_role("button", name="Perlu diperbaiki").click()
    expect(page.get_by_text(CUT)).to_be_visible()
    page.get_by_role("button", name="Hapus rekaman").click()
    say(page)
    press(page.get_by_role("button", name="Sudah benar"))
    page.goto(address)
    expect(page.locator("main .note b")).to_have_text("Sudah benar")
    context.close()


def test_the_enter_key_in_a_sentence_gives_no_verdict(server, phone):
    open_new_answer(phone, server)
    say(phone)
    phone.evaluate("addEventListener('submit', (event) => { event.preventDefault(); document.title = 'sent'; }, true)")
    phone.get_by_label("Atau tulis sendiri").last.press("Enter")
    assert phone.title() != "sent"


def test_a_voice_that_was_recorded_anew_is_the_one_that_is_heard(server, browser):
    """The first one had arrived, and its form had not."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    open_new_answer(page, server)
    address, arrived = page.url, []
    page.on(
        "requestfinished", lambda it: arrived.append(it.url) if "/bukti/" in it.url and it.method == "POST" else None
    )
    page.route(address, lambda route: route.abort("internetdisconnected"))
    record(page, "Rekam suara")
    page.get_by_role("button", name="Sudah benar").click()
    expect(page.get_by_text(CUT)).to_be_visible()
    page.unroute(address)
    record(page, "Rekam ulang")
    press(page.get_by_role("button", name="Sudah benar"))
    page.goto(address)
    [_, anew] = [url.rstrip("/").split("/")[-1] for url in arrived]
    expect(page.locator(f"main audio[src='/bukti/{anew}/']")).to_be_visible()
    context.close()


def test_photos_that_were_taken_away_again_do_not_go_with_the_practice(real_server, browser, photo):
    """The first one had arrived, and the second was refused."""
    sent: list[str] = []

    def refuse_the_second(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 2:
            route.fulfill(status=422, json={"error": "Berkas ini bukan foto."})
        else:
            route.continue_()

    context = browser.new_context(**PHONE)
    page = context.new_page()
    sign_in(page, real_server, *WATI)
    open_task(page, real_server, PROTECTION)
    page.locator("#id_gallery").set_input_files([photo, photo])
    expect(page.get_by_text("2 foto siap dikirim.")).to_be_visible()
    page.route("**/praktik/bukti/**", refuse_the_second)
    page.get_by_role("button", name="Kirim praktik").click()
    expect(page.get_by_text("Berkas ini bukan foto.")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Hapus").first.click()
    page.get_by_label("Catatan").fill("Nama sudah dicek.")
    press(page.get_by_role("button", name="Kirim praktik"))
    expect(page.get_by_text("Nama sudah dicek.").first).to_be_visible()
    expect(page.get_by_role("link", name="Lihat foto")).to_have_count(0)
    context.close()


def test_two_taps_on_the_recorder_leave_no_microphone_on(real_server, phone):
    phone.add_init_script(LISTEN)
    sign_in(phone, real_server, *DEDI)
    open_task(phone, real_server, "/modul/merek/cerita-dan-slogan/")
    phone.get_by_role("button", name="Rekam suara").evaluate("(it) => { it.click(); it.click(); }")
    phone.get_by_role("button", name="Berhenti (5").click()
    expect(phone.get_by_text("Rekaman siap dikirim.")).to_be_visible()
    assert phone.evaluate(STILL_ON) == 0


def test_one_button_begins_and_ends_a_recording_by_the_keyboard(server, phone):
    open_new_answer(phone, server)
    phone.get_by_role("button", name="Rekam suara").press("Enter")
    expect(phone.get_by_role("button", name="Berhenti (5")).to_be_visible()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Rekaman siap dikirim.")).to_be_visible()


def test_a_companion_records_in_the_familys_name(real_server, phone):
    sign_in(phone, real_server, *RINA)
    phone.goto(f"{real_server}/dampingan/keluarga/")
    press(phone.get_by_role("link", name="Keluarga Dedi Kurnia"))
    press(phone.get_by_role("link", name="Pak Dedi"))
    press(phone.get_by_role("link", name="Catat praktik"))
    assert faults(phone) == []
    phone.get_by_text("Merek Usaha").click()
    press(phone.get_by_role("link", name="Memilih nama"))
    assert faults(phone) == []
    phone.get_by_label("Catatan").fill("Tiga nama disebut di rumah.")
    press(phone.get_by_role("button", name="Simpan"))
    expect(phone.get_by_text("Tercatat atas nama Pak Dedi. Sekarang jawab.")).to_be_visible()
    expect(phone.get_by_text("Tiga nama disebut di rumah.")).to_be_visible()
