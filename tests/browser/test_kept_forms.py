"""Forms that the network does not take: kept, or still on the screen with what was typed."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.practice.files import picture, written

from .air import BAD_GATEWAY, SIGN_IN_OF_WIFI
from .door import sign_in_by_form
from .learner import answer, key_of, press
from .telephone import (
    DEDI,
    FILL,
    PIN,
    SARI,
    WATI,
    Telephone,
    end_sessions,
    first_lesson,
    meanwhile,
    sign_out,
    take_the_road,
    understand,
    write_down_a_visit,
)

KEEP_UNDER_ONE_ID = """
    async (words) => {
        const { owner } = await outbox.current();
        const id = outbox.newId();
        for (const text of words) await outbox.add(owner, "visit", { household: 1, text }, "Kunjungan", { id });
    }
"""
KEEP_ITS_FORM_TWICE = """
    async () => {
        const form = document.querySelector("send-practice form");
        for (let times = 0; times < 2; times++) {
            const typed = new FormData(form);
            typed.set("photo", new File(["foto"], "foto.jpg", { type: "image/jpeg" }));
            await keptForms.keep(new URL(form.action).pathname, typed);
        }
        return Promise.all(["waiting", "files"].map((store) => outbox.all(store).then((rows) => rows.length)));
    }
"""
KEEPS_NO_FILES = """
    () => {
        const { add } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.add = function (row) {
            if (row.blob) throw new DOMException("BlobURLs are not yet supported.", "DataCloneError");
            return add.call(this, row);
        };
    }
"""
# Safari before 14.1, and so every iPhone before iOS 14.5, has this in its service workers and always refuses.
READ_NO_FORM = """
    () => { Request.prototype.formData = () => Promise.reject(new DOMException("", "NotSupportedError")); }
"""


def test_a_form_with_photos_that_the_phone_keeps_twice_waits_once(telephone):
    """Two taps in a browser that takes the form to the service worker each time."""
    telephone.sign_in(DEDI)
    telephone.go("/modul/merek/melindungi-merek/")
    press(telephone.page.get_by_role("link", name="Kirim praktik"))
    with telephone.sending_held_up():
        assert telephone.page.evaluate(KEEP_ITS_FORM_TWICE) == [1, 1]


def test_a_visit_that_was_typed_while_the_session_ended_leaves_under_the_sending_key(telephone):
    page = telephone.page
    take_the_road(telephone)
    write_down_a_visit(telephone, "Sudah punya label.")
    end_sessions(telephone)
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_role("heading", name="Keluarga di HP ini")).to_be_visible()
    telephone.until("async () => (await outbox.all('sent')).some((row) => row.item.work.text === 'Sudah punya label.')")
    assert telephone.waiting() == []
    assert page.get_by_text("Waktu masuk habis. Tersimpan di HP. Nanti dikirim otomatis.").is_visible()


def test_the_way_back_leaves_a_practice_as_it_was_corrected(telephone):
    page = telephone.page
    telephone.sign_in(SARI)
    telephone.go("/modul/literasi-keuangan/buku-kas-harian/")
    press(page.get_by_role("link", name="Kirim praktik"))
    for number in ("7rb", "70000"):  # the first is shown as it was read, to be looked at
        page.get_by_label("Angka").fill(number)
        press(page.get_by_role("button", name="Kirim praktik"))
    expect(page.get_by_text("Sudah dikirim. Pendamping akan mengecek.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Rp70.000")).to_be_visible()
    assert page.get_by_text("Kiriman sebelumnya").count() == 0


def test_a_visit_that_the_network_did_not_take_is_said_to_be_on_the_phone(telephone):
    page = telephone.page
    take_the_road(telephone)
    write_down_a_visit(telephone, "Sudah punya kemasan.")
    telephone.signal(False)
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_role("heading", name="Keluarga di HP ini")).to_be_visible()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()


def test_a_tap_on_sudah_that_the_network_did_not_take_waits_on_the_phone_and_counts_once(telephone):
    """She was asked to keep the page open until there is a signal, at every door."""
    page = telephone.page
    take_the_road(telephone)
    telephone.go("/dampingan/")
    name = page.locator("main li h3").first.inner_text()
    telephone.signal(False)
    press(page.get_by_role("button", name=name))
    expect(page.get_by_role("heading", name="Keluarga di HP ini")).to_be_visible()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    [row] = telephone.waiting()
    assert (row["item"]["kind"], row["label"]) == ("contact", f"Dihubungi: {name}")
    telephone.signal(True)
    telephone.wait_until_sent(row)
    telephone.go("/dampingan/")
    expect(page.locator("main li h3", has_text=name)).to_have_count(0)
    telephone.go(f"/dampingan/keluarga/{row['item']['work']['household']}/riwayat/")
    expect(page.get_by_text("Dihubungi", exact=True)).to_have_count(1)


def test_photos_that_the_server_refuses_once_the_session_has_ended_are_said_to_be_missing(telephone):
    page = telephone.page
    take_the_road(telephone)
    end_sessions(telephone)
    page.get_by_role("link", name="Cek praktik").click()
    page.get_by_role("button", name="foto di HP").click()
    expect(page.get_by_text("Ada foto yang belum tersimpan.")).to_be_visible()


def choose_a_photo(telephone: Telephone, learner: str, tmp_path: Path) -> None:
    """Signs in, and has a practice with a photo ready to be sent."""
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(written(picture(1200, 800), "JPEG"))
    page = telephone.page
    telephone.sign_in(learner)
    telephone.go("/modul/merek/logo-dan-warna/")
    press(page.get_by_role("link", name="Kirim praktik"))
    page.locator("#id_gallery").set_input_files(photo)
    expect(page.get_by_text("1 foto siap dikirim.")).to_be_visible()


def test_practice_that_was_made_while_the_session_ended_leaves_with_its_photo(telephone, tmp_path):
    page = telephone.page
    choose_a_photo(telephone, DEDI, tmp_path)
    end_sessions(telephone)
    press(page.get_by_role("button", name="Kirim praktik"))
    expect(page.get_by_text("Waktu masuk habis. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    telephone.until("async () => !(await outbox.unsent()).length && (await outbox.all('files')).length === 1")


def test_a_phone_that_keeps_no_photos_does_not_call_itself_full(telephone, tmp_path):
    """As Safari's private window does."""
    page = telephone.page
    choose_a_photo(telephone, WATI, tmp_path)
    page.evaluate(KEEPS_NO_FILES)
    telephone.signal(False)
    page.get_by_role("button", name="Kirim praktik").click()
    expect(page.get_by_text("HP ini tidak bisa menyimpannya. Jangan tutup halaman ini.")).to_be_visible()


def test_what_is_typed_into_a_form_of_one_who_has_signed_out_is_not_kept_as_hers(telephone):
    """R8"""
    page = telephone.page
    take_the_road(telephone)
    write_down_a_visit(telephone, "Dari orang lain.")
    telephone.page = telephone.context.new_page()
    sign_out(telephone)
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_role("heading", name="Halaman ini sudah lama terbuka")).to_be_visible()
    telephone.go("/luring/")
    assert telephone.waiting() == telephone.page.evaluate("outbox.all('sent')") == []


def test_what_was_typed_into_a_form_that_a_full_phone_cannot_keep_stays_on_the_screen(telephone):
    page = telephone.page
    take_the_road(telephone)
    write_down_a_visit(telephone, "Sudah punya kemasan, dan 'label'.")
    history = page.url.replace("kunjungan", "riwayat")
    [worker] = telephone.context.service_workers
    worker.evaluate(FILL)
    telephone.signal(False)
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_role("heading", name="Memori HP penuh")).to_be_visible()
    telephone.signal(True)
    press(page.get_by_role("button", name="Coba lagi"))
    page.goto(history)
    expect(page.get_by_text("Sudah punya kemasan, dan 'label'.")).to_be_visible()


def test_what_was_typed_into_a_form_that_was_not_complete_stays_on_the_screen(telephone):
    page = telephone.page
    take_the_road(telephone)
    telephone.go("/dampingan/pertemuan/baru/")
    press(page.get_by_role("link", name="Melati 1"))
    page.get_by_label("Tempat").fill("Balai desa 'Sukasari'")
    telephone.signal(False)
    press(page.get_by_role("button", name="Simpan pertemuan"))
    expect(page.get_by_role("heading", name="Belum lengkap")).to_be_visible()
    assert telephone.waiting() == []
    telephone.signal(True)
    press(page.get_by_role("button", name="Coba lagi"))
    expect(page.get_by_label("Tempat")).to_have_value("Balai desa 'Sukasari'")
    expect(page.locator(".wrong").first).to_be_visible()


def test_work_that_meets_a_server_in_trouble_is_kept_as_without_a_signal(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    first_lesson(telephone, "videografi")
    telephone.air.trouble(BAD_GATEWAY)
    understand(telephone)
    expect(page.get_by_text("Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    [row] = telephone.waiting()
    telephone.signal(False)
    telephone.signal(True)
    telephone.page.evaluate("outbox.send()")
    telephone.wait_until_sent(row)


def test_a_practice_that_a_network_takes_and_never_answers_is_kept_after_a_while(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    first_lesson(telephone, "foto-produk")
    press(page.get_by_role("link", name="Kirim praktik"))
    page.locator("#id_gallery").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": written(picture(), "JPEG")}
    )
    expect(page.get_by_text("1 foto siap dikirim.")).to_be_visible()
    telephone.air.slow = f"POST {urlsplit(page.url).path} ".encode()
    page.clock.install()
    page.get_by_role("button", name="Kirim praktik").click()
    expect(page.get_by_text("Mengirim …", exact=True)).to_be_visible()
    page.wait_for_timeout(1000)
    with page.expect_navigation():
        page.clock.fast_forward(30_000)
    expect(page.get_by_text("Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    telephone.air.slow = b""
    telephone.until("async () => (await outbox.all('sent')).some((row) => row.item.kind === 'practice')")


def test_an_answer_that_the_network_did_not_take_stays_on_the_screen_until_it_does(telephone):
    page, key = telephone.page, key_of("02-merek.yaml")
    meanwhile(telephone, "Dedi", "make.finished(person, 'pengenalan-motivasi'); make.read(person, 'merek')")
    telephone.sign_in(DEDI)
    telephone.go("/modul/merek/kuis/")
    press(page.get_by_role("button", name="Mulai kuis"))
    answer(page, key[page.locator("h1").inner_text().strip()], right=True, javascript=True)
    telephone.signal(False)
    press(page.locator("button.main"))
    expect(page.get_by_role("heading", name="Belum ada sinyal")).to_be_visible()
    telephone.signal(True)
    press(page.get_by_role("button", name="Coba lagi"))
    expect(page.get_by_text("Soal 2 dari")).to_be_visible()


def test_what_was_typed_without_a_signal_is_sent_as_it_was(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    telephone.go("/belajar/data/perbaiki/")
    page.get_by_label("Nama belakang").fill("D'\"<b>&amp;")
    telephone.signal(False)
    press(page.get_by_role("button", name="Simpan"))
    telephone.signal(True)
    press(page.get_by_role("button", name="Coba lagi"))
    telephone.go("/belajar/data/perbaiki/")
    expect(page.get_by_label("Nama belakang")).to_have_value("D'\"<b>&amp;")


def test_a_service_worker_that_can_read_no_form_lets_each_through(telephone):
    page = telephone.page
    telephone.sign_in(WATI)
    [worker] = telephone.context.service_workers
    worker.evaluate(READ_NO_FORM)
    first_lesson(telephone, "kemasan")
    understand(telephone)
    first_lesson(telephone, "kemasan")
    expect(page.get_by_text("Pelajaran ini selesai.")).to_be_visible()
    sign_out(telephone)
    sign_in_by_form(page, telephone.base_url, WATI, PIN)
    expect(page).to_have_url(f"{telephone.base_url}/belajar/")


def test_a_pin_that_was_typed_without_a_signal_stays_nowhere(telephone):
    """R8: somebody else may hold the phone when there is one."""
    page = telephone.page
    telephone.sign_in(DEDI)
    sign_out(telephone)
    telephone.go("/masuk/")
    page.get_by_role("button", name="Pak Dedi").click()
    page.locator("input[name=password]").fill(PIN)
    telephone.signal(False)
    with page.expect_navigation():
        page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("heading", name="Belum ada sinyal")).to_be_visible()
    assert PIN not in page.content()
    telephone.signal(True)
    press(page.get_by_role("button", name="Coba lagi"))
    expect(page.get_by_role("button", name="Pak Dedi")).to_be_visible()


def test_work_that_a_wifi_answers_which_wants_a_sign_in_is_kept(telephone):
    """The phone shows its page, so that she can sign in there."""
    telephone.sign_in(DEDI)
    first_lesson(telephone, "foto-produk")
    telephone.air.trouble(SIGN_IN_OF_WIFI)
    understand(telephone)
    expect(telephone.page.get_by_role("heading", name="Wi-Fi")).to_be_visible()
    telephone.signal(False)
    telephone.signal(True)
    telephone.go("/belajar/kiriman/")
    telephone.until("async () => (await outbox.all('sent')).some((row) => row.item.kind === 'lesson')")


def test_two_taps_on_a_visit_keep_it_once_and_do_not_call_the_phone_full(telephone):
    page = telephone.page
    take_the_road(telephone)
    telephone.signal(False)
    page.locator(".rows a").first.click()
    page.get_by_role("button", name="Simpan kunjungan").evaluate("(it) => { it.click(); it.click(); }")
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP.")).to_be_visible()
    assert page.get_by_text("Memori HP penuh.").count() == 0
    assert len(telephone.waiting()) == 1


def test_what_is_changed_on_a_form_that_waits_waits_beside_it(telephone):
    take_the_road(telephone)
    telephone.signal(False)
    telephone.page.evaluate(KEEP_UNDER_ONE_ID, ["Warungnya ramai.", "Warungnya ramai.", "Lupa: butuh kemasan."])
    words = [row["item"]["work"]["text"] for row in telephone.waiting()]
    assert sorted(words) == ["Lupa: butuh kemasan.", "Warungnya ramai."]
