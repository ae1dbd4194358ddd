"""Modules that were taken along: what they show without a signal, and once there is one again."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.server import RealServer

from .air import SIGN_IN_OF_WIFI
from .learner import press
from .telephone import (
    DEDI,
    PIN,
    SARI,
    TELL_IN_JAVANESE,
    UNDERSTAND_ALL,
    WANT_A_PRACTICE,
    WATI,
    first_lesson,
    meanwhile,
    save_module,
    sign_out,
    understand,
)
from .test_save_data import GIVE_A_PICTURE

CUT_AFTER_THREE = """
    () => {
        const real = fetch;
        window.asked = [];
        window.cut = true;
        fetch = (address, ...more) => {
            asked.push(String(address));
            return cut && asked.length > 3 ? Promise.reject(new TypeError("cut")) : real(address, ...more);
        };
    }
"""
SILENT_AFTER_THREE = """
    () => {
        const real = fetch;
        window.asked = [];
        window.silent = true;
        const never = (signal) => new Promise((_, cut) => {
            if (signal) signal.onabort = () => cut(new DOMException("", "AbortError"));
        });
        fetch = (address, ...more) => {
            asked.push(String(address));
            return silent && asked.length > 3 ? never(more[0].signal) : real(address, ...more);
        };
    }
"""
LOOKS = "(body) => [getComputedStyle(body).backgroundColor, getComputedStyle(body).fontSize]"
GIVE_A_VOICE = """
from django.core.files.base import ContentFile
from courses.media_forms import LIMITS
from courses.models import ModulePage, Recording
from courses.recordings import voice_from
from tests.practice.files import sound
voice = voice_from(ContentFile(sound(4)), LIMITS, twin=True)
files = {"file": ContentFile(voice.opus, "suara.webm"), "twin": ContentFile(voice.aac, "suara.m4a")}
lesson = ModulePage.objects.original().get(slug="kemasan").live_lessons().first()
lesson.voice = Recording.objects.create(type="audio", title="Suara", duration=voice.seconds, **files)
lesson.save_revision().publish()
"""
# What an editor may do to a lesson: give it another address, take it back, leave it to those who sign in.
MOVE = "lesson.slug = 'merekam'; lesson.save_revision().publish()"
TAKE_BACK = "lesson.unpublish()"
LOCK = "PageViewRestriction.objects.create(page=lesson, restriction_type='login')"
CHANGE = """
from wagtail.models import PageViewRestriction
from courses.models import LessonPage
lesson = LessonPage.objects.original().get(slug="{slug}")
{change}
"""
IS_KEPT = "async (path) => Boolean(await (await caches.open('tersimpan')).match(path))"
ADD_A_LESSON = "make.lessons('pengenalan-motivasi')[0].copy(update_attrs={'slug': 'baru', 'title': 'Baru'})"
ADD_A_LESSON_FOR_A_WHILE = "make.lessons('kemasan')[0].copy(update_attrs={'slug': 'sebentar', 'title': 'Sebentar'})"
MEET = """
from badges import meetings
from progress.meetings import today_in
rina, [lesson, *_] = Companion.objects.get(user__username="rina.marlina"), make.lessons("literasi-keuangan")
told = {{"held_on": today_in(person.household.group), "place": "Balai desa", "lesson_keys": [lesson.translation_key]}}
meetings.record(person.household.group, **told, learner_ids=[person.pk], by=rina.user)
""".format()
UNDO = """
from badges import meetings
from progress.models import GroupSession
meetings.undo(GroupSession.objects.latest("recorded_at"))
"""
DELETE_IT = "next(lesson for lesson in make.lessons('kemasan') if lesson.slug == 'sebentar').delete()"
EXAMPLES = json.loads((Path(__file__).parents[1] / "learn" / "digests.json").read_text())


def test_work_without_a_signal_survives_a_cold_start_and_leaves_by_itself(lasting_telephone):
    """R8, R9, P6"""
    page = lasting_telephone.page
    lasting_telephone.sign_in(DEDI)
    for example in EXAMPLES:
        assert page.evaluate("(item) => outbox.digest(item)", example["item"]) == example["digest"]
    save_module(lasting_telephone, "merek")

    lasting_telephone.signal(False)
    lasting_telephone.restart()
    first_lesson(lasting_telephone, "merek")
    understand(lasting_telephone)
    page = lasting_telephone.page
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    [row] = lasting_telephone.waiting()
    lasting_telephone.go("/belajar/")
    expect(page.get_by_role("heading", name="Yang ada di HP ini")).to_be_visible()
    expect(page.get_by_text("1 menunggu dikirim")).to_be_visible()

    lasting_telephone.kill()  # with a full outbox
    lasting_telephone.go("/belajar/kiriman/")
    assert lasting_telephone.waiting() == [row]
    kept = lasting_telephone.page.evaluate("outbox.all('profiles').then(JSON.stringify)")
    assert "08" not in [part[:2] for part in json.loads(kept)[0]["nickname"].split()]
    assert set(json.loads(kept)[0]) <= {
        "owner",
        "key",
        "ended",
        "askedAt",
        "epoch",
        "serial",
        "nickname",
        "companion",
        "trouble",
        "sentAt",
        "until",
    }

    lasting_telephone.signal(True)  # and nobody touches anything
    lasting_telephone.wait_until_sent(row)
    assert [one["id"] for one in lasting_telephone.page.evaluate("outbox.all('sent')")] == [row["id"]]


def test_signing_in_from_a_saved_lesson_leads_back_to_it_signed_in(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    save_module(telephone, "pemasaran-digital")
    sign_out(telephone)
    first_lesson(telephone, "pemasaran-digital")
    press(page.get_by_role("link", name="Masuk untuk menyimpan kemajuan"))
    page.get_by_role("button", name="Pak Dedi").click()
    page.locator("input[name=password]").fill(PIN)
    with page.expect_navigation():
        page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("button", name="Sudah paham")).to_be_visible()


def release(server: RealServer, application: str) -> None:
    assert server.stop() == 0
    server.environment["APPLICATION"] = application
    server.start()


def test_saved_pages_keep_their_looks_when_a_release_changes_the_stylesheet(lasting_telephone):
    page, server = lasting_telephone.page, lasting_telephone.server
    lasting_telephone.sign_in(DEDI)
    save_module(lasting_telephone, "merek")
    lasting_telephone.go("/belajar/")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    looks, before = page.locator("body").evaluate(LOOKS), page.evaluate("caches.keys()")
    lasting_telephone.signal(False)
    release(server, "tests.browser.next_release:application")
    lasting_telephone.signal(True)
    lasting_telephone.go("/belajar/")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(0)  # what the phone has is of before
    gone = "async (names) => !(await caches.keys()).some((name) => name !== 'tersimpan' && names.includes(name))"
    lasting_telephone.until(gone, before)
    lasting_telephone.signal(False)
    release(server, "lms.wsgi:application")
    lasting_telephone.restart()
    for path in ("/modul/merek/", "/modul/merek/memilih-nama/", "/luring/", "/belajar/kiriman/"):
        lasting_telephone.go(path)
        expect(lasting_telephone.page.locator("style[data-file]")).to_have_count(1)
        assert lasting_telephone.page.locator("body").evaluate(LOOKS) == looks


def test_a_saved_page_that_is_not_public_there_any_more_leads_on_to_what_is(telephone):
    page, module = telephone.page, "/modul/videografi/"
    telephone.sign_in(SARI)
    save_module(telephone, "videografi")
    changes = [("cara-merekam", MOVE), ("suara-yang-jelas", LOCK), ("menyunting-di-hp", TAKE_BACK)]
    telephone.server.manage("shell", "-c", "".join(CHANGE.format(slug=slug, change=what) for slug, what in changes))
    for old, new, words in [
        ("cara-merekam", "merekam", "Sudah paham"),
        ("suara-yang-jelas", "suara-yang-jelas", "Sudah paham"),
        ("menyunting-di-hp", "menyunting-di-hp", "Halaman ini tidak ada"),
    ]:
        telephone.go(f"{module}{old}/")
        telephone.until(f"async (path) => !(await ({IS_KEPT})(path))", f"{module}{old}/")
        telephone.go(f"{module}{old}/")
        assert page.url == f"{telephone.base_url}{module}{new}/"
        expect(page.get_by_text(words).first).to_be_visible()


def test_a_lesson_for_those_who_sign_in_is_not_kept_as_the_page_that_asks_them_to(telephone):
    page, lesson = telephone.page, "/modul/foto-produk/cahaya-dari-jendela/"
    telephone.server.manage("shell", "-c", CHANGE.format(slug="cahaya-dari-jendela", change=LOCK))
    telephone.sign_in(SARI)
    save_module(telephone, "foto-produk")
    assert not page.evaluate(IS_KEPT, lesson)
    telephone.go(lesson)
    expect(page.get_by_role("heading", name="Cahaya dari jendela")).to_be_visible()


def test_it_can_be_installed(telephone):
    telephone.go("/luring/")
    tools = telephone.context.new_cdp_session(telephone.page)
    assert tools.send("Page.getAppManifest")["errors"] == []
    assert tools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_a_phone_that_was_set_back_by_years_is_told_so_where_the_network_does_not_answer(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    save_module(telephone, "merek")
    telephone.signal(False)
    telephone.go("/belajar/")
    expect(page.get_by_role("heading", name="Yang ada di HP ini")).to_be_visible()
    told = page.get_by_text("Itu salah. Betulkan dulu di Pengaturan HP")
    page.wait_for_timeout(500)
    expect(told).to_have_count(0)

    page.clock.set_fixed_time("2015-01-01T08:00:00+07:00")
    telephone.go("/belajar/")
    expect(page.get_by_text("Tanggal di HP ini 1 Jan 2015.")).to_be_visible()
    expect(told).to_be_visible()


def test_a_download_that_is_cut_goes_on_where_it_was(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    telephone.go("/modul/kemasan/")
    download = page.get_by_role("button", name="Unduh dulu")
    expect(download).to_be_visible()
    page.evaluate(CUT_AFTER_THREE)
    download.click()
    expect(page.get_by_text("Terputus. Yang sudah diunduh tetap ada.")).to_be_visible()
    first = page.evaluate("() => { cut = false; return asked.splice(0, asked.length); }")
    page.get_by_role("button", name="Lanjutkan unduhan").click()
    expect(page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)
    again = page.evaluate("asked")
    assert len(first) > 3 and not set(first[:3]) & set(again)
    assert set(first[3:]) <= set(again)


def test_a_voice_that_was_taken_along_is_heard_without_a_signal_and_goes_on_where_it_stopped(lasting_telephone):
    page = lasting_telephone.page
    lasting_telephone.server.manage("shell", "-c", GIVE_A_VOICE)
    lasting_telephone.sign_in(DEDI)
    lasting_telephone.go("/modul/kemasan/")
    page.locator("label", has_text="Dengan gambar dan suara").click()
    page.get_by_role("button", name="Unduh dulu").click()
    expect(page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)
    lasting_telephone.signal(False)
    lasting_telephone.restart()
    page = lasting_telephone.page
    first_lesson(lasting_telephone, "kemasan")
    page.get_by_role("button", name="Dengarkan").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1.2")
    page.get_by_role("button", name="Berhenti").click()
    page.reload()
    page.get_by_role("button", name="Lanjut dengarkan").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1.5")


def test_a_link_in_another_language_than_a_module_was_taken_in_leads_to_what_was_taken(telephone):
    """As within a lesson: a translation links to the pages of its original."""
    telephone.sign_in(DEDI)
    meanwhile(telephone, "Dedi", TELL_IN_JAVANESE)
    save_module(telephone, "pemasaran-digital", "/jv")
    telephone.signal(False)
    telephone.go("/modul/pemasaran-digital/")
    assert telephone.page.url.endswith("/jv/modul/pemasaran-digital/")
    telephone.go("/su/modul/pemasaran-digital/")
    assert telephone.page.url.endswith("/jv/modul/pemasaran-digital/")
    telephone.go("/modul/kemasan/")
    expect(telephone.page.get_by_role("heading", name="Modul tersimpan")).to_be_visible()


def test_a_practice_that_is_not_on_the_phone_leads_to_what_is(telephone):
    telephone.sign_in(DEDI)
    telephone.signal(False)
    telephone.go(f"/belajar/praktik/{uuid4()}/")
    expect(telephone.page.get_by_role("heading", name="Praktik ini belum ada di HP")).to_be_visible()
    press(telephone.page.get_by_role("link", name="Yang ada di HP ini"))
    expect(telephone.page.get_by_role("heading", name="Modul tersimpan")).to_be_visible()


def test_a_lesson_that_a_meeting_brought_and_took_back_is_to_be_understood_on_every_screen(telephone):
    page = telephone.page
    meanwhile(telephone, "Dedi", MEET)
    telephone.sign_in(DEDI)
    save_module(telephone, "literasi-keuangan")
    first_lesson(telephone, "literasi-keuangan")
    expect(page.get_by_text("Sudah paham. Pelajaran ini selesai.")).to_be_visible()
    lesson = page.url
    meanwhile(telephone, "Dedi", UNDO)
    page.goto(lesson)
    expect(page.get_by_role("button", name="Sudah paham")).to_be_visible()
    telephone.go("/modul/literasi-keuangan/")
    expect(page.locator("save-module")).to_contain_text("Tersimpan di HP,")
    expect(page.locator("ol.rows .mark.good")).to_have_count(0)


def test_a_lesson_that_is_added_to_a_module_that_she_has_done_is_still_to_be_understood(telephone):
    page = telephone.page
    meanwhile(telephone, "Sari", ADD_A_LESSON)
    telephone.sign_in(SARI)
    save_module(telephone, "pengenalan-motivasi")
    telephone.signal(False)
    telephone.go("/modul/pengenalan-motivasi/")
    expect(page.locator(".mark:not(.good)")).to_have_count(1)
    press(page.locator("ol.rows a", has_text="Baru"))
    expect(page.get_by_role("button", name="Sudah paham")).to_be_visible()


def test_whoever_takes_a_module_along_is_where_the_phone_says_so(telephone):
    telephone.sign_in(DEDI)
    save_module(telephone, "kemasan")
    expect(telephone.page.locator("save-module :focus")).to_contain_text("Tersimpan di HP,")
    telephone.page.get_by_role("button", name="Hapus dari HP").press("Enter")
    expect(telephone.page.locator("save-module :focus")).to_contain_text("Unduh dulu")


def test_a_rupiah_without_a_signal_is_written_with_letters_too(telephone):
    page = telephone.page
    telephone.sign_in(SARI)
    save_module(telephone, "literasi-keuangan")
    telephone.go("/modul/literasi-keuangan/buku-kas-harian/")
    key = page.locator("[data-lesson]").get_attribute("data-lesson")
    telephone.go(f"/luring/praktik/#{key}")
    expect(page.get_by_label("Angka")).to_have_attribute("inputmode", "text")


def test_a_lesson_that_is_refused_says_so_before_it_leads_on(telephone):
    meanwhile(telephone, "Wati", ADD_A_LESSON_FOR_A_WHILE)
    telephone.sign_in(WATI)
    save_module(telephone, "kemasan")
    telephone.go("/modul/kemasan/")
    meanwhile(telephone, "Wati", DELETE_IT)
    press(telephone.page.locator("ol.rows a", has_text="Sebentar"))
    telephone.page.get_by_role("button", name="Sudah paham").click()
    expect(telephone.page.get_by_text("Pelajaran ini sudah dihapus.")).to_be_visible()
    expect(telephone.page.get_by_role("link", name="Lanjut")).to_be_visible()


def test_a_module_is_said_to_be_on_the_phone_once_the_phone_can_open_it(telephone):
    page = telephone.page
    telephone.air.slow = b"GET /sw.js"
    telephone.go("/modul/merek/")
    page.get_by_role("button", name="Unduh dulu").click()
    telephone.until("async () => (await (await caches.open('tersimpan')).keys()).length > 5")
    page.wait_for_timeout(1000)
    assert not page.get_by_text("Tersimpan di HP,").is_visible()
    telephone.air.slow = b""
    expect(page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)
    telephone.signal(False)
    telephone.go("/modul/merek/")
    expect(page.get_by_text("Tersimpan di HP,")).to_be_visible()


def test_a_module_whose_way_stays_silent_is_said_to_be_cut_and_goes_on_where_it_was(telephone):
    page = telephone.page
    telephone.air.slow = b"GET /sw.js"
    telephone.go("/modul/kemasan/")
    download = page.get_by_role("button", name="Unduh dulu")
    expect(download).to_be_visible()
    page.clock.install()
    page.evaluate(SILENT_AFTER_THREE)
    download.click()
    telephone.until("() => asked.length > 3")
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("Terputus. Yang sudah diunduh tetap ada.")).to_be_visible()
    first = page.evaluate("() => { silent = false; return asked.splice(0, asked.length); }")
    page.get_by_role("button", name="Lanjutkan unduhan").click()
    telephone.until("async () => (await (await caches.open('tersimpan')).keys()).length > 5")
    page.wait_for_timeout(2000)  # all is there but the service worker
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("Terputus. Yang sudah diunduh tetap ada.")).to_be_visible()
    assert not set(first[:3]) & set(page.evaluate("asked"))
    telephone.air.slow = b""
    page.get_by_role("button", name="Lanjutkan unduhan").click()
    expect(page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)


def test_whoever_is_signed_in_keeps_the_way_to_her_data_and_reads_each_state_once(telephone):
    telephone.sign_in(SARI)
    telephone.go("/modul/pengenalan-motivasi/")
    telephone.ready()
    telephone.page.wait_for_timeout(500)  # what the page does after that comes at once, or not at all
    expect(telephone.page.locator("a.who")).to_have_attribute("href", "/belajar/data/")
    assert telephone.page.locator("ol.rows li").first.inner_text().count("Selesai") == 1


@pytest.mark.parametrize(
    ("choice", "lesson"), [("Dengan gambar", "dengarkan-pembeli"), ("Tulisan saja", "pertanyaan-yang-baik")]
)
def test_a_phone_that_saves_data_shows_the_pictures_that_it_took_along(lasting_telephone, choice, lesson):
    """And those alone: another waits for a tap, and for a signal."""
    lasting_telephone.server.manage("shell", "-c", GIVE_A_PICTURE.format(slug=lesson))
    lasting_telephone.context.set_extra_http_headers({"Save-Data": "on"})
    lasting_telephone.go("/modul/riset-pasar/")
    lasting_telephone.page.locator("label", has_text=choice).click()
    lasting_telephone.page.get_by_role("button", name="Unduh dulu").click()
    expect(lasting_telephone.page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)
    lasting_telephone.signal(False)
    lasting_telephone.restart()
    lasting_telephone.go(f"/modul/riset-pasar/{lesson}/")
    image = lasting_telephone.page.get_by_role("img", name="Keripik di bungkus bening")
    if choice == "Tulisan saja":
        lasting_telephone.page.get_by_role("link", name="Lihat gambar").click()
        again = lasting_telephone.page.get_by_role("link", name="Gambar belum bisa dibuka. Coba lagi.")
        expect(again).to_be_visible()
        lasting_telephone.signal(True)
        again.click()
    expect(image).to_be_visible()
    assert image.evaluate("(image) => image.naturalWidth") == (360 if choice == "Tulisan saja" else 720)


def test_without_a_signal_another_size_of_a_saved_picture_does_and_no_other_picture(telephone):
    """WhatsApp names pictures by the time, with dots in it."""
    name = "/media/images/WhatsApp_Image_10.20.{}.format-webp.width-{}.webp".format
    telephone.sign_in(DEDI)
    telephone.go("/belajar/")  # by the service worker
    keep = "async (path) => (await caches.open('tersimpan')).put(path, new Response('keripik'))"
    telephone.page.evaluate(keep, name(30, 360))
    telephone.signal(False)
    ask = "(path) => fetch(path).then((answer) => answer.text(), () => 'none')"
    assert [telephone.page.evaluate(ask, name(second, 720)) for second in (30, 31)] == ["keripik", "none"]


def test_a_saved_lesson_that_is_opened_at_a_wifi_which_wants_a_sign_in_stays_on_the_phone(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    save_module(telephone, "kemasan")
    first_lesson(telephone, "kemasan")
    title = page.locator("h1").inner_text()
    telephone.air.trouble(SIGN_IN_OF_WIFI)
    page.reload()
    page.wait_for_timeout(1000)  # it is looked at anew, behind
    telephone.signal(False)
    page.reload()
    expect(page.locator("h1")).to_have_text(title)


def test_a_module_that_is_fetched_at_a_wifi_which_wants_a_sign_in_is_not_said_to_be_on_the_phone(telephone):
    telephone.sign_in(DEDI)
    telephone.go("/modul/kemasan/")
    button = telephone.page.get_by_role("button", name="Unduh dulu")
    expect(button).to_be_visible()
    telephone.air.trouble(SIGN_IN_OF_WIFI)
    button.click()
    expect(telephone.page.get_by_text("Terputus. Yang sudah diunduh tetap ada.")).to_be_visible()
    assert not telephone.page.evaluate(IS_KEPT, "/modul/kemasan/")


def test_a_saved_module_goes_on_where_she_is(telephone):
    page = telephone.page
    meanwhile(telephone, "Wati", "make.finished(person, 'pengenalan-motivasi')")
    telephone.sign_in(WATI)
    save_module(telephone, "merek")
    main = page.locator(".actions a.main")
    telephone.signal(False)
    telephone.go("/modul/merek/")
    expect(main).to_have_text("Mulai belajar")
    press(main)
    understand(telephone)
    telephone.go("/modul/merek/")
    expect(main).to_have_text("Lanjut: Memilih nama")
    page.evaluate(UNDERSTAND_ALL)
    telephone.go("/modul/merek/")
    expect(main).to_have_text("Kerjakan kuis")
    press(main)
    expect(page.locator("phone-quiz form h1")).to_be_visible()
    telephone.signal(True)  # and her practice is wanted, too
    meanwhile(telephone, "Wati", WANT_A_PRACTICE.replace("riset-pasar", "merek"))
    telephone.go("/modul/merek/")
    expect(page.get_by_text("Kuis terbuka setelah satu praktik dijawab «Sudah benar».")).to_be_visible()
    expect(main).to_have_text("Kembali ke Belajar")
