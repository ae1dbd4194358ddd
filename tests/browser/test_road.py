"""A companion on the road: her list on the phone, and what she writes down without a signal."""

import re

from playwright.sync_api import expect

from .door import sign_in
from .learner import press
from .telephone import (
    KEEP_A_LESSON,
    NEW_PIN,
    WATI,
    end_sessions,
    first_lesson,
    meanwhile,
    save_module,
    sign_out,
    take_the_road,
    understand,
    write_down_a_visit,
)

HAND_OVER = """
from people.models import Companion, Companionship, Household
rina = Companion.objects.get(user__username="rina.marlina")
agus = Companion.objects.exclude(pk=rina.pk).first()
homes = Household.objects.filter(name="Keluarga Mulyadi Hasan")
assert Companionship.objects.hand_over(homes, rina, agus, by=rina.user) == 1
"""
EKA_HAS_NOT_AGREED = """
from people.models import Consent
assert Consent.objects.filter(learner__first_name="Eka").delete()[0]
"""
FOUR_DAYS_AGO = """
    async () => {
        const caseload = await outbox.noted("own:caseload");
        await outbox.note("own:caseload", { ...caseload, at: Date.now() - 4 * 24 * 3600e3 });
    }
"""
IN_FOUR_DAYS = FOUR_DAYS_AGO.replace("- 4 *", "+ 4 *")


def open_the_oldest_practice(page) -> None:
    page.get_by_role("link", name="Cek praktik").click()
    expect(page.get_by_role("heading", name="Praktik", exact=True)).to_be_visible()  # families stood in rows until then
    page.locator(".rows a").first.click()


def test_on_the_road_the_enter_key_in_a_sentence_gives_no_verdict(telephone):
    page = telephone.page
    take_the_road(telephone)
    open_the_oldest_practice(page)
    page.locator("label.tap", has_text="Rapi dan lengkap.").click()
    page.locator("label.tap", has_text="Coba foto lebih terang.").click()
    page.evaluate("addEventListener('submit', (event) => { event.preventDefault(); document.title = 'sent'; }, true)")
    page.get_by_label("Atau tulis sendiri").last.press("Enter")
    assert page.title() != "sent"


def test_on_the_road_a_browser_that_does_not_say_what_was_pressed_keeps_the_verdict(telephone):
    page = telephone.page
    page.add_init_script("delete SubmitEvent.prototype.submitter")
    take_the_road(telephone)
    open_the_oldest_practice(page)
    page.locator("label.tap", has_text="Rapi dan lengkap.").click()
    page.locator("label.tap", has_text="Coba foto lebih terang.").click()
    telephone.signal(False)
    page.get_by_role("button", name="Sudah benar").click()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    [row] = telephone.waiting()
    assert row["item"]["work"]["verdict"] == "right"


def test_what_is_written_on_the_road_stays_while_photos_are_still_on_their_way(telephone):
    page, kept = telephone.page, "async () => (await outbox.notes('own:photo:')).length > 0"
    take_the_road(telephone)
    page.get_by_role("link", name="Cek praktik").click()
    telephone.air.slow = b"GET /bukti/"
    page.get_by_role("button", name="foto di HP").click()
    page.get_by_role("main").get_by_role("link", name="Keluarga", exact=True).click()
    page.get_by_role("link", name="Keluarga Mulyadi Hasan").click()
    page.get_by_label("Catatan (boleh kosong)").fill("Warung sedang tutup.")
    telephone.air.slow = b""
    telephone.until(kept)
    page.wait_for_timeout(500)  # what came with the photos has had its time
    expect(page.get_by_label("Catatan (boleh kosong)")).to_have_value("Warung sedang tutup.")


def test_a_name_that_is_looked_for_on_the_road_stays_when_a_newer_list_has_come(telephone):
    page = telephone.page
    take_the_road(telephone)
    taken = page.evaluate("outbox.noted('own:caseload').then(({ at }) => at)")
    telephone.air.slow = b"GET /dampingan/luring.json"
    telephone.go("/luring/dampingan/")
    page.get_by_label("Nama").press_sequentially("mulyadi")
    telephone.air.slow = b""
    telephone.until("async (taken) => (await outbox.noted('own:caseload')).at > taken", taken)
    page.wait_for_timeout(300)  # it is shown as well
    expect(page.get_by_label("Nama")).to_have_value("mulyadi")
    expect(page.get_by_label("Nama")).to_be_focused()
    expect(page.locator(".rows a")).to_have_count(1)


def test_on_the_road_the_list_tells_whom_she_has_visited(telephone):
    """Of thirty doors on one way she could not tell which were done: each stayed «Diam … hari»."""
    page = telephone.page
    take_the_road(telephone)
    telephone.signal(False)
    door = page.get_by_role("link", name="Keluarga Slamet Riyadi")
    expect(door).not_to_contain_text("Dikunjungi")
    door.click()
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP.")).to_be_visible()
    expect(door).to_contain_text("Dikunjungi")


def test_on_the_road_who_waits_comes_first_and_whom_she_reached_waits_no_more(telephone):
    page = telephone.page
    take_the_road(telephone)
    telephone.signal(False)
    rows = page.locator("road-caseload h2, road-caseload .rows b")
    told = rows.all_inner_texts()
    waiting = int(re.search(r"Menunggu \((\d+)\)", told[0])[1])
    first = told[1]
    assert told[waiting + 1].startswith("Yang lain (")
    page.get_by_role("link", name=first).click()
    note, tap = page.get_by_label("Catatan (boleh kosong)"), page.get_by_role("button", name="Sudah dihubungi")
    note.fill("Warung tutup.")
    expect(tap).to_be_hidden()  # it would not take the note along
    note.fill("")
    tap.click()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP.")).to_be_visible()
    expect(rows.first).to_have_text(f"Menunggu ({waiting - 1})")
    expect(page.get_by_role("link", name=first)).to_contain_text("Dihubungi")
    [row] = telephone.waiting()
    assert row["item"]["kind"] == "contact"
    telephone.signal(True)
    telephone.wait_until_sent(row)
    telephone.go("/dampingan/")
    expect(page.locator("main li h3", has_text=first)).to_have_count(0)


def test_a_companion_works_on_the_road_and_what_is_hers_no_more_is_refused(lasting_telephone):
    """Z4, P7"""
    page = lasting_telephone.page
    sign_in(page, lasting_telephone.base_url, "rina.marlina", "belajar-bersama")
    press(page.get_by_role("link", name="Bawa ke jalan"))
    expect(page.get_by_text("8 keluarga · dibawa")).to_be_visible()
    lasting_telephone.ready()
    page.get_by_role("link", name="Cek praktik").click()
    page.get_by_role("button", name="foto di HP").click()
    expect(page.get_by_role("button", name="foto di HP")).to_be_hidden()

    lasting_telephone.signal(False)
    lasting_telephone.restart()
    page = lasting_telephone.page
    lasting_telephone.go("/dampingan/")
    page.get_by_role("link", name="Keluarga Mulyadi Hasan").click()
    page.get_by_label("Catatan (boleh kosong)").fill("Warung sedang tutup.")
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    expect(page.get_by_role("heading", name="Keluarga di HP ini")).to_be_focused()
    page.get_by_role("link", name="Catat pertemuan").click()
    page.get_by_role("link", name="Mawar 2").click()
    page.get_by_label("Tempat").fill("Balai desa")
    page.get_by_text("Merek Usaha").click()
    page.get_by_label("Memilih nama").check()
    page.get_by_role("button", name="Simpan pertemuan").click()
    expect(page.get_by_role("group", name="Siapa yang hadir?").get_by_text("Ini belum diisi.")).to_be_visible()
    page.get_by_role("button", name="Semua hadir").click()
    page.get_by_role("button", name="Simpan pertemuan").click()
    page.get_by_role("link", name="Cek praktik").click()
    page.get_by_role("link", name="Bu Sari").first.click()  # the oldest
    expect(page.get_by_alt_text("Foto dari Bu Sari")).to_be_visible()
    page.locator("label.tap", has_text="Rapi dan lengkap.").click()
    page.locator("label.tap", has_text="Coba foto lebih terang.").click()
    page.get_by_role("button", name="Sudah benar").click()
    expect(page.get_by_role("heading", name="Keluarga di HP ini")).to_be_visible()
    assert {row["item"]["kind"] for row in lasting_telephone.waiting()} == {"visit", "attendance", "feedback"}

    lasting_telephone.server.manage("shell", "-c", HAND_OVER)
    lasting_telephone.signal(True)
    lasting_telephone.until(
        "async () => { const all = await outbox.all('waiting'); return all.length && all.every((it) => it.refused); }"
    )
    refused = {row["item"]["kind"] for row in lasting_telephone.waiting()}
    assert refused == {"visit", "attendance"}, "the meeting counted her as there"
    lasting_telephone.go("/belajar/kiriman/")
    expect(page.get_by_text("Keluarga ini didampingi orang lain").first).to_be_visible()
    session = lasting_telephone.context.cookies()
    lasting_telephone.context.clear_cookies()  # it has run out, as it does every night
    lasting_telephone.go("/luring/dampingan/")
    expect(page.get_by_text("7 keluarga · dibawa")).to_be_visible()
    expect(page.get_by_role("link", name="Keluarga Mulyadi Hasan")).to_have_count(0)
    lasting_telephone.context.add_cookies(session)
    sign_out(lasting_telephone)
    lasting_telephone.go("/luring/")
    assert page.evaluate("outbox.notes('own:')") == []
    assert len(lasting_telephone.waiting()) == 2


def test_on_the_road_who_has_not_agreed_is_named_beside_those_who_can_be_ticked(telephone):
    page = telephone.page
    telephone.server.manage("shell", "-c", EKA_HAS_NOT_AGREED)
    take_the_road(telephone)
    page.get_by_role("link", name="Catat pertemuan").click()
    page.get_by_role("link", name="Mawar 2").click()
    expect(page.get_by_label("Bu Eka")).to_have_count(0)
    expect(page.get_by_text("Belum setuju: Bu Eka Putri.")).to_be_visible()


def test_on_the_road_whoever_ticks_all_hears_how_many_are_there(telephone):
    page = telephone.page
    take_the_road(telephone)
    page.get_by_role("link", name="Catat pertemuan").click()
    page.get_by_role("link", name="Melati 1").click()
    page.get_by_role("button", name="Semua hadir").click()
    expect(page.get_by_role("status").filter(has_text="hadir")).to_have_text("2 dari 2 hadir")


def test_on_the_road_a_name_is_found_as_with_a_signal(telephone):
    page = telephone.page
    take_the_road(telephone)
    search, rows = page.get_by_label("Nama"), page.locator("ul.rows li")
    for typed in ("ibu", "Ibu  Sari", "bapak dedi"):
        search.fill(typed)
        expect(rows.first).to_contain_text("Keluarga")


def test_what_is_refused_on_the_road_is_said_so_at_once(telephone):
    page = telephone.page
    take_the_road(telephone)
    page.get_by_role("link", name="Catat pertemuan").click()
    page.get_by_role("link", name="Mawar 2").click()
    page.get_by_label("Tanggal").fill("2020-01-01")
    page.get_by_label("Tempat").fill("Balai desa")
    page.get_by_text("Merek Usaha").click()
    page.get_by_label("Memilih nama").check()
    page.get_by_role("button", name="Semua hadir").click()
    page.get_by_role("button", name="Simpan pertemuan").click()
    expect(page.get_by_text("Tanggal pertemuan ini tidak bisa dicatat.")).to_be_visible()


def test_what_arrived_is_said_so_where_the_key_of_another_on_the_phone_has_ended(telephone):
    telephone.sign_in(WATI)
    meanwhile(telephone, "Wati", NEW_PIN)
    telephone.page.evaluate(KEEP_A_LESSON)
    take_the_road(telephone)
    telephone.page.locator(".rows a").first.click()
    telephone.page.get_by_role("button", name="Simpan kunjungan").click()
    expect(telephone.page.get_by_text("Sudah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()] == ["lesson"]


def test_what_waits_for_her_to_sign_in_once_more_says_so(telephone):
    telephone.sign_in(WATI)
    save_module(telephone, "literasi-keuangan")
    meanwhile(telephone, "Wati", NEW_PIN)
    first_lesson(telephone, "literasi-keuangan")
    understand(telephone)
    expect(telephone.page.get_by_text("Masuk sekali lagi. Lalu kiriman berangkat.")).to_be_visible()


def test_a_companion_without_her_list_is_told_the_button_that_brings_it(telephone):
    page, way = telephone.page, "buka Hari ini. Lalu pilih Bawa ke jalan."
    telephone.go("/luring/dampingan/")
    expect(page.get_by_text(way)).to_be_visible()
    sign_in(page, telephone.base_url, "agus.salim", "belajar-bersama")
    press(page.get_by_role("link", name="Bawa ke jalan"))
    expect(page.get_by_text("keluarga · dibawa")).to_be_visible()
    telephone.signal(False)
    page.evaluate(FOUR_DAYS_AGO)
    telephone.go("/luring/dampingan/")
    expect(page.get_by_role("heading", name="Daftar ini sudah lama")).to_be_visible()
    expect(page.get_by_text(way)).to_be_visible()


def test_a_list_is_said_to_be_on_the_phone_once_the_phone_can_open_it(telephone):
    page = telephone.page
    telephone.air.slow = b"GET /sw.js"
    sign_in(page, telephone.base_url, "agus.salim", "belajar-bersama")
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/luring.json")):
        page.get_by_role("link", name="Bawa ke jalan").click()
    page.wait_for_timeout(1000)  # what the page does with the list comes at once, or not before the service worker
    assert not page.get_by_text("keluarga · dibawa").is_visible()
    telephone.air.slow = b""
    expect(page.get_by_text("keluarga · dibawa")).to_be_visible()
    telephone.signal(False)
    telephone.go("/luring/dampingan/")
    expect(page.get_by_text("keluarga · dibawa")).to_be_visible()


def test_a_list_that_is_not_taken_along_is_said_so_after_a_while(telephone):
    page, words = telephone.page, "Daftar keluarga belum terbawa. Saat ada sinyal, buka lagi halaman ini."
    telephone.air.slow = b"GET /sw.js"
    sign_in(page, telephone.base_url, "agus.salim", "belajar-bersama")
    page.clock.install()
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/luring.json")):
        page.get_by_role("link", name="Bawa ke jalan").click()
    page.wait_for_timeout(1000)
    page.clock.fast_forward(61_000)
    expect(page.get_by_text(words)).to_be_visible()
    telephone.air.slow = b"GET /dampingan/luring.json"
    telephone.go("/luring/dampingan/")
    page.wait_for_timeout(1000)
    page.clock.fast_forward(61_000)
    expect(page.get_by_text(words)).to_be_visible()


def test_a_companion_who_took_nothing_along_meets_our_page_without_a_signal(telephone):
    sign_in(telephone.page, telephone.base_url, "agus.salim", "belajar-bersama")
    telephone.go("/dampingan/keluarga/")
    press(telephone.page.locator("main li h2 a, main li h3 a").first)
    telephone.until("async () => Boolean(((await navigator.serviceWorker.getRegistration()) || {}).active)")
    telephone.signal(False)
    telephone.go("/dampingan/keluarga/")
    expect(telephone.page.get_by_role("heading", name="Belum ada di HP")).to_be_visible()


def test_a_visit_on_a_phone_without_a_key_waits_until_its_companion_has_signed_in_again(telephone):
    page = telephone.page
    telephone.go("/luring/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    sign_in(page, telephone.base_url, "agus.salim", "belajar-bersama")
    write_down_a_visit(telephone, "Sudah punya timbangan.")
    end_sessions(telephone)
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_text("1 menunggu dikirim")).to_be_visible()
    [row] = telephone.waiting()
    sign_in(page, telephone.base_url, "agus.salim", "belajar-bersama")
    press(page.get_by_role("link", name="Bawa ke jalan"))
    telephone.wait_until_sent(row)


def test_a_list_from_a_clock_that_was_put_back_is_old_too(telephone):
    take_the_road(telephone)
    telephone.signal(False)
    telephone.page.evaluate(IN_FOUR_DAYS)
    telephone.go("/luring/dampingan/")
    expect(telephone.page.get_by_role("heading", name="Daftar ini sudah lama")).to_be_visible()
