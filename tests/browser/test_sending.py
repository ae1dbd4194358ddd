"""What waits on a phone leaves by itself, once, under the key of whose it is; also where the phone has trouble."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.practice.files import picture, written

from .door import sign_in, sign_in_by_form
from .learner import press
from .telephone import (
    DEDI,
    FILL,
    KEEP_A_LESSON,
    NEW_PIN,
    PIN,
    SARI,
    TOMORROW,
    UNDERSTAND_ALL,
    WATI,
    first_lesson,
    meanwhile,
    save_module,
    sign_out,
    understand,
)

HERS = ["/belajar/", "/belajar/data/", "/belajar/data/unduh/", f"/belajar/praktik/{uuid4()}/"]
HERS += [f"/belajar/kuis/{uuid4()}/luring/", f"/bukti/{uuid4()}/"]
# What a page answers to one who has nothing but the sending key: the kind of answer, and its status.
READ = """
    async (path) => {
        const headers = { Authorization: `Bearer ${(await outbox.current()).key}` };
        const answer = await fetch(path, { headers, credentials: "omit", redirect: "manual" });
        return `${answer.type} ${answer.status}`;
    }
"""
# Sends an item, sealed anew, under the key of a profile.
SEND = """
    async ([{ key, epoch, serial }, { digest, ...item }]) => {
        item.digest = await outbox.digest(item);
        const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
        const body = JSON.stringify({ epoch, serial, items: [item] });
        return (await fetch("/belajar/kirim/", { method: "POST", credentials: "omit", headers, body })).json();
    }
"""
# The same, each sent alone.
UNDERSTAND_EACH = UNDERSTAND_ALL.replace("title);", "title).then(outbox.send);")
BATCHES = "print(person.user.sending_keys.latest('pk').serial)"
FORGET_THE_KEY = """
    async () => {
        const hers = await outbox.current();
        await outbox.within(["profiles"], "readwrite", (all) => all.put({ ...hers, key: null }));
    }
"""
KEEP_A_LESSON_OF_THIS_PAGE = """
    () => {
        const owner = Number(document.querySelector("phone-profile").getAttribute("owner"));
        return outbox.add(owner, "lesson", { lesson: outbox.newId() }, "Merek");
    }
"""
# The next thing that this page sends is changed on its way; the service worker sends nothing.
CHANGE_ON_ITS_WAY = """
    () => {
        SyncManager.prototype.register = async () => {};
        const real = fetch;
        fetch = (address, { body, ...more }) => {
            fetch = real;
            return real(address, { body: body.replace('"at":"20', '"at":"19'), ...more });
        };
    }
"""
# A phone whose disk has trouble opens no database: here, because one of a later kind is there.
BREAK_DATABASE = """
    () => new Promise((done, fail) => {
        const request = indexedDB.open("belajar", 99);
        request.onsuccess = () => done(request.result.close());
        request.onerror = fail;
    })
"""
MEND_DATABASE = """
    () => new Promise((done, fail) => {
        const request = indexedDB.deleteDatabase("belajar");
        request.onsuccess = () => done();
        request.onerror = fail;
    })
"""
# What a phone noted while its clock was three days ahead: the server had asked it to wait a moment.
WAIT_BY_A_WRONG_CLOCK = """
    async () => {
        const there = Date.now;
        const ahead = () => there() + 3 * 24 * 3600e3;
        const real = fetch;
        const headers = { "Retry-After": "5" };
        Date.now = ahead;
        fetch = async () => new Response('{"reason": "often", "text": "Sebentar."}', { status: 429, headers });
        await outbox.send();
        Date.now = there;
        fetch = real;
    }
"""
# What a restore of a backup from before her work leaves: nothing of it, and a new epoch.
RESTORE = "from learn.models import Epoch, SentWork; SentWork.objects.filter(user=person.user).delete()"
RESTORE += "; Epoch.objects.create()"
ARRIVED = "from learn.models import SentWork; print(SentWork.objects.filter(user=person.user).count())"
# Only the page sends. A practice with a photo, beside what the phone has; how often photos went is counted.
KEEP_A_PHOTO = """
    async (lesson) => {
        SyncManager.prototype.register = async () => {};
        const real = fetch;
        window.files = 0;
        const count = (address) => () => { files += String(address).includes("/berkas/"); };
        fetch = (address, ...more) => real(address, ...more).finally(count(address));
        const { owner } = await outbox.current();
        const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
        const id = "019aab10-7c00-7000-8000-00000000f070";
        const work = { lesson, note: "", number: "", files: [id] };
        await outbox.add(owner, "practice", work, "Praktik", { files: [{ id, field: "photo", blob }] });
    }
"""
FULL_OF_PHOTOS = """
    () => {
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (row, ...more) {
            if (row.blob) throw new DOMException("", "QuotaExceededError");
            return put.call(this, row, ...more);
        };
    }
"""
FULL_WHILE_PHOTOS_ARE_KEPT = """
    () => {
        const { put, delete: remove } = IDBObjectStore.prototype;
        let full = true;
        IDBObjectStore.prototype.delete = function (...asked) {
            if (this.name === "files") full = false;
            return remove.apply(this, asked);
        };
        IDBObjectStore.prototype.put = function (...asked) {
            if (!full || this.name !== "sent") return put.apply(this, asked);
            this.transaction.abort();
            throw new DOMException("", "QuotaExceededError");
        };
    }
"""
# She goes on while something is read, and the browser keeps the page for «Back». Then the next one writes.
LEAVE_AND_WRITE = """
    async () => {
        const goOn = (profiles) => { profiles.get(0).onsuccess = () => goOn(profiles); };
        outbox.within(["profiles"], "readonly", goOn);
        await new Promise((later) => setTimeout(later, 100));
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        const late = new Promise((done) => setTimeout(done, 3000, "late"));
        const writing = outbox.within(["profiles"], "readwrite", (profiles) => profiles.delete(0));
        return Promise.race([writing.then(() => "written"), late]);
    }
"""
LEAVE_AND_COME_BACK = """
    async () => {
        await outbox.all("profiles");
        const [reading, writing] = [outbox.all("profiles"), outbox.note("aside", "written")];
        await new Promise(queueMicrotask);
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        await writing;
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        return [(await reading).length, await outbox.noted("aside")];
    }
"""


def test_work_leaves_while_no_page_is_open_once_the_browser_finds_a_signal(telephone):
    """R9"""
    telephone.sign_in(SARI)
    save_module(telephone, "riset-pasar")
    telephone.signal(False)
    first_lesson(telephone, "riset-pasar")
    understand(telephone)
    [row] = telephone.waiting()
    arrived = f"from learn.models import SentWork; print(SentWork.objects.filter(id='{row['id']}').count())"
    telephone.page.goto("about:blank")
    telephone.signal(True)
    telephone.wake()
    for _ in range(100):
        if telephone.server.manage("shell", "--no-imports", "-c", arrived).strip() == "1":
            return
        telephone.page.wait_for_timeout(100)
    raise AssertionError("It never arrived.")


# Only pages send, and once the answer to a second file is lost on its way; how often files went is counted.
LOSE_AN_ANSWER = """
    SyncManager.prototype.register = async () => {};
    const real = fetch;
    fetch = async (address, ...more) => {
        const answer = await real(address, ...more);
        if (!String(address).includes("/kirim/berkas/")) return answer;
        localStorage.files = Number(localStorage.files || 0) + 1;
        if (localStorage.files === "2") throw new TypeError("cut");
        return answer;
    };
"""


def test_practice_waits_with_its_photos_and_each_arrives_once_after_a_cut(lasting_telephone, tmp_path):
    """R4"""
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(written(picture(1200, 800), "JPEG"))
    lasting_telephone.sign_in(SARI)
    save_module(lasting_telephone, "merek")
    lasting_telephone.signal(False)
    lasting_telephone.restart()
    lasting_telephone.context.add_init_script(LOSE_AN_ANSWER)
    page = lasting_telephone.page
    lasting_telephone.go("/modul/merek/logo-dan-warna/")
    check = page.locator(".cek details").first
    check.locator("summary").click()
    expect(check.locator(".note")).to_be_visible()
    press(page.get_by_role("link", name="Kirim praktik"))
    expect(page.get_by_role("heading", name="Logo dan warna")).to_be_visible()
    page.get_by_role("button", name="Simpan praktik").click()
    expect(page.get_by_text("Tulis, foto, atau rekam dulu.")).to_be_visible()
    page.locator("#id_gallery").set_input_files([photo, photo])
    expect(page.get_by_text("2 foto siap dikirim.")).to_be_visible()
    press(page.get_by_role("button", name="Simpan praktik"))
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    expect(page.get_by_text("Praktik menunggu dikirim")).to_be_visible()

    lasting_telephone.restart()
    lasting_telephone.context.add_init_script(LOSE_AN_ANSWER)
    lasting_telephone.go("/belajar/kiriman/")
    expect(lasting_telephone.page.get_by_text("Praktik: Logo dan warna")).to_be_visible()
    expect(lasting_telephone.page.get_by_text("2 foto atau suara")).to_be_visible()
    lasting_telephone.signal(True)
    lasting_telephone.until("() => Number(localStorage.files) >= 2")
    lasting_telephone.page.evaluate("outbox.send()")  # another page could cut off what is on its way
    lasting_telephone.until("async () => !(await outbox.unsent()).length")
    assert lasting_telephone.page.evaluate("localStorage.files") == "3"
    lasting_telephone.go("/modul/merek/logo-dan-warna/")
    press(lasting_telephone.page.get_by_role("link", name="Kirim praktik"))
    expect(lasting_telephone.page.get_by_role("link", name="Lihat foto")).to_have_count(2)


# As after a week in which no form came for what had arrived.
FORGET_WHAT_WAITS = """
from datetime import timedelta
from django.utils import timezone
from django.core.management import call_command
from practice.models import Evidence
Evidence.objects.waiting().update(stored_at=timezone.now() - timedelta(days=8))
call_command("apply_retention")
assert not Evidence.objects.waiting().exists()
"""


def test_a_photo_that_the_server_forgot_before_its_practice_came_is_sent_again(telephone, tmp_path):
    """It had arrived; then the signal went."""
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(written(picture(1200, 800), "JPEG"))
    page, address = telephone.page, re.compile("/belajar/praktik/[0-9a-f-]{36}/$")
    telephone.sign_in(SARI)
    telephone.go("/modul/merek/melindungi-merek/")
    press(page.get_by_role("link", name="Kirim praktik"))
    page.locator("#id_gallery").set_input_files(photo)
    expect(page.get_by_text("1 foto siap dikirim.")).to_be_visible()
    with telephone.sending_held_up():
        page.route(address, lambda route: route.abort("internetdisconnected"))
        press(page.get_by_role("button", name="Kirim praktik"))
        expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
        [row] = telephone.waiting()
        telephone.server.manage("shell", "-c", FORGET_WHAT_WAITS)
    telephone.wait_until_sent(row)
    telephone.until("async () => !(await outbox.unsent()).length")
    page.unroute(address)
    telephone.go("/modul/merek/melindungi-merek/")
    press(page.get_by_role("link", name="Lihat praktik"))
    expect(page.get_by_role("link", name="Lihat foto")).to_have_count(1)


def test_a_photo_waits_for_its_practice_that_the_server_could_not_take_and_is_there_after_weeks(telephone):
    """The server keeps one without a practice for a week, and the phone takes what has arrived for kept."""
    batches = re.compile("/belajar/kirim/$")
    telephone.sign_in(WATI)
    telephone.go("/belajar/kiriman/")
    key = meanwhile(telephone, "Wati", "print(make.lessons('merek')[1].translation_key)").strip()
    telephone.page.evaluate(KEEP_A_PHOTO.replace("f070", "f071"), key)
    telephone.page.route(batches, lambda route: route.fulfill(status=503, json={"reason": "storage", "text": ""}))
    telephone.page.evaluate("outbox.send()")
    telephone.server.manage("shell", "-c", FORGET_WHAT_WAITS)
    telephone.page.unroute(batches)
    telephone.until("async () => (await outbox.send()) && !(await outbox.unsent()).length")
    arrived = f"Evidence.objects.filter(learner=person, submission__lesson_key='{key}').count()"
    told = meanwhile(telephone, "Wati", f"from practice.models import Evidence; print({arrived})")
    assert told.strip() == "1"


def test_each_learners_work_leaves_under_her_own_key_also_after_sign_out(telephone):
    """R8, P7"""
    telephone.sign_in(DEDI)
    save_module(telephone, "kemasan")
    telephone.signal(False)
    first_lesson(telephone, "kemasan")
    understand(telephone)
    [row] = telephone.waiting()
    with telephone.sending_held_up():
        telephone.signal(True)
        sign_out(telephone)
        telephone.sign_in(SARI)
        assert telephone.waiting() == [row]
    telephone.go("/belajar/")
    telephone.wait_until_sent(row)
    dedi, sari = sorted(telephone.page.evaluate("outbox.all('profiles')"), key=lambda one: one["owner"] != row["owner"])
    assert (dedi["owner"], len({dedi["key"], sari["key"]})) == (row["owner"], 2)
    stolen = telephone.page.evaluate(SEND, [sari, row["item"] | {"id": "019aab10-7c00-7000-8000-000000000001"}])
    assert stolen["items"][0]["status"] == "refused", "hers is not credited under another's key"
    telephone.go("/modul/kemasan/")
    expect(telephone.page.locator(".mark.good")).to_have_count(0)
    sign_out(telephone)
    telephone.sign_in(DEDI)
    telephone.go("/modul/kemasan/")
    expect(telephone.page.locator(".mark.good")).to_have_count(1)


def test_after_a_new_pin_one_more_piece_takes_two_batches(telephone):
    telephone.sign_in(WATI)
    save_module(telephone, "riset-pasar")
    telephone.page.evaluate(UNDERSTAND_EACH)
    assert int(meanwhile(telephone, "Wati", BATCHES)) > 4
    meanwhile(telephone, "Wati", NEW_PIN)
    telephone.page.evaluate(UNDERSTAND_EACH.replace("lessons)", "lessons.slice(0, 1))"))
    telephone.sign_in(WATI)
    telephone.until("async () => !(await outbox.all('waiting')).length")
    assert int(meanwhile(telephone, "Wati", BATCHES)) == 2


def test_what_is_refused_with_kirim_lagi_is_sent_again_by_that_button(telephone):
    page = telephone.page
    key = meanwhile(telephone, "Wati", "print(make.lessons('kemasan')[0].translation_key)").strip()
    telephone.sign_in(WATI)
    telephone.go("/belajar/kiriman/")
    page.evaluate(CHANGE_ON_ITS_WAY)
    page.evaluate(KEEP_A_LESSON.replace("outbox.newId()", f"'{key}'"))
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_text("Isi kiriman ini berubah di jalan. Kirim lagi.")).to_be_visible()
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.get_by_text("Semua sudah terkirim.")).to_be_visible()
    assert telephone.waiting() == []


def test_beside_refused_work_nothing_says_that_all_was_sent(telephone):
    page = telephone.page
    telephone.sign_in(WATI)
    telephone.go("/belajar/kiriman/")
    with telephone.sending_held_up():
        page.evaluate(KEEP_A_LESSON)
        page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_text("Ada yang perlu dilihat.")).to_be_visible()
    expect(page.get_by_role("button", name="Sudah saya baca")).to_be_visible()
    expect(page.get_by_role("button", name="Kirim lagi")).to_have_count(0)
    home = telephone.context.new_page()
    home.goto(f"{telephone.base_url}/belajar/")
    expect(home.get_by_role("link", name=re.compile("^1 perlu dilihat"))).to_be_visible()
    page.get_by_role("button", name="Sudah saya baca").click()
    expect(page.get_by_text("Tidak ada yang menunggu.")).to_be_visible()
    expect(page.get_by_text("Ada yang perlu dilihat.")).to_be_hidden()


def test_what_was_sent_last_on_another_day_bears_its_day(telephone):
    """Without it, a phone that was off for weeks says that it has sent today."""
    page = telephone.page
    telephone.sign_in(DEDI)
    page.evaluate("outbox.current().then(({ owner }) => outbox.become(owner, { sentAt: Date.UTC(2026, 9, 26, 5) }))")
    telephone.go("/belajar/")
    expect(page.get_by_text("terakhir terkirim 26 Okt 2026, ")).to_be_visible()


# Another who learns on this phone, whose key has ended, and a lesson of hers.
BESIDE = """
    async () => {
        const profile = { owner: 99999, nickname: "Bu Ani", key: "ended", epoch: null, serial: 0, askedAt: Date.now() };
        await outbox.within(["profiles"], "readwrite", (all) => all.put(profile));
        await outbox.add(profile.owner, "lesson", { lesson: outbox.newId() }, "Merek");
    }
"""


def test_whose_work_cannot_leave_is_said_by_name(telephone):
    """Whoever has just signed in, and whose own has left, is not told to sign in once more."""
    telephone.sign_in(DEDI)
    telephone.page.evaluate(BESIDE)
    telephone.go("/belajar/kiriman/")
    telephone.page.get_by_role("button", name="Kirim sekarang").click()
    expect(telephone.page.get_by_text("Bu Ani: Masuk sekali lagi. Lalu kiriman berangkat.")).to_be_visible()


def test_whoever_sends_by_the_keyboard_is_not_thrown_back_to_the_top(telephone):
    page = telephone.page
    telephone.sign_in(WATI)
    telephone.go("/belajar/kiriman/")
    button = page.get_by_role("button", name="Kirim sekarang")
    with telephone.sending_held_up():
        page.evaluate(KEEP_A_LESSON)
        button.press("Enter")
        page.wait_for_timeout(200)  # the browser takes the focus away a little later
        expect(button).to_be_focused()
    expect(page.get_by_text("Ada yang perlu dilihat.")).to_be_visible()
    expect(page.locator("outbox-list ul")).to_be_focused()  # the button is gone


def test_with_a_sending_key_nothing_can_be_read(telephone):
    """R9"""
    telephone.sign_in(DEDI)
    answers = {path: telephone.page.evaluate(READ, path) for path in HERS}
    assert set(answers.values()) <= {"opaqueredirect 0", "basic 404"}, answers  # to the sign-in, or there is nothing
    assert telephone.page.evaluate(READ, "/belajar/kirim/") == "basic 405"


def test_after_sign_out_nothing_of_hers_opens_and_what_was_not_sent_stays(telephone):
    """P7"""
    telephone.sign_in(SARI)
    save_module(telephone, "kemasan")
    telephone.go("/belajar/data/")
    telephone.signal(False)
    first_lesson(telephone, "kemasan")
    lesson = telephone.page.url.removeprefix(telephone.base_url)
    understand(telephone)
    [row] = telephone.waiting()
    with telephone.sending_held_up():
        telephone.signal(True)
        sign_out(telephone)
        telephone.signal(False)
        for path in [*HERS, "/modul/kemasan/", lesson, "/luring/", "/luring/kuis/", "/dampingan/"]:
            telephone.go(path)
            telephone.page.wait_for_load_state("networkidle")
            words = telephone.page.locator("body").inner_text()
            assert "Sari" not in words and "Selesai" not in words, path
        assert telephone.waiting() == [row]


def test_a_full_phone_says_so_and_calls_nothing_saved(telephone):
    """R10"""
    telephone.sign_in(DEDI)
    save_module(telephone, "riset-pasar")
    telephone.signal(False)
    first_lesson(telephone, "riset-pasar")
    telephone.page.evaluate(FILL)
    telephone.page.get_by_role("button", name="Sudah paham").click()
    expect(telephone.page.get_by_text("Memori HP penuh. Ini belum tersimpan.")).to_be_visible()
    assert telephone.waiting() == []


def test_a_phone_whose_database_does_not_open_still_signs_in_and_out(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    page.evaluate(BREAK_DATABASE)
    sign_out(telephone)
    telephone.go("/masuk/")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    sign_in_by_form(page, telephone.base_url, DEDI, PIN)
    page.wait_for_url("**/belajar/")


def test_once_its_database_opens_again_a_page_that_stayed_open_keeps_work(telephone):
    telephone.sign_in(DEDI)
    telephone.go("/belajar/kiriman/")
    telephone.page.evaluate(BREAK_DATABASE)
    assert telephone.page.evaluate("outbox.noted('current').then(() => false, () => true)")
    telephone.page.evaluate(MEND_DATABASE)
    assert telephone.page.evaluate("outbox.note('release', 'a').then(() => outbox.noted('release'))") == "a"


def test_what_a_network_takes_and_never_answers_is_given_up_after_a_while_so_that_it_can_be_sent_again(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    page.evaluate(f"async () => {{ SyncManager.prototype.register = async () => {{}}; await {KEEP_A_LESSON}; }}")
    telephone.air.slow = b"POST /belajar/kirim/ "
    page.clock.install()
    page.evaluate("() => { outbox.send().then((clean) => { window.clean = clean; }); }")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.clean") is None
    page.clock.fast_forward(300_000)
    telephone.until("() => window.clean === false")
    telephone.air.slow = b""
    page.evaluate("outbox.send()")
    [row] = telephone.waiting()
    assert row["refused"]  # so it was there: no such lesson is known


def test_a_key_that_is_asked_for_and_never_comes_holds_up_neither_the_page_nor_what_waits(telephone):
    page = telephone.page
    telephone.sign_in(DEDI)
    page.evaluate(f"async () => {{ SyncManager.prototype.register = async () => {{}}; await {KEEP_A_LESSON}; }}")
    page.evaluate(FORGET_THE_KEY)
    telephone.air.slow = b"POST /belajar/kirim/kunci/ "
    page.clock.install()
    telephone.go("/belajar/")
    expect(page.get_by_text("1 menunggu dikirim")).to_be_visible()
    page.clock.fast_forward(300_000)
    page.wait_for_timeout(500)
    telephone.air.slow = b""
    page.clock.fast_forward(300_000)
    telephone.until("async () => (await outbox.all('waiting')).every((row) => row.refused)")  # so it was there


def test_a_page_that_the_browser_puts_aside_holds_up_no_other(telephone):
    """Safari puts it aside with all that it has begun; nothing could be kept on the phone or sent any more."""
    telephone.go("/luring/")
    assert telephone.page.evaluate(LEAVE_AND_WRITE) == "written"


def test_what_a_page_was_writing_as_it_was_put_aside_is_kept_and_what_it_read_comes_once_she_is_back(telephone):
    telephone.sign_in(SARI)
    assert telephone.page.evaluate(LEAVE_AND_COME_BACK) == [1, "written"]


def test_a_clock_that_was_put_right_holds_up_no_work(telephone):
    telephone.sign_in(DEDI)
    telephone.go("/belajar/kiriman/")
    telephone.page.evaluate("() => { SyncManager.prototype.register = async () => {}; }")
    telephone.page.evaluate(KEEP_A_LESSON)
    telephone.page.evaluate(WAIT_BY_A_WRONG_CLOCK)
    telephone.until("() => outbox.send().then(() => outbox.all('waiting')).then(([row]) => Boolean(row.refused))")


def test_a_phone_that_has_nothing_to_send_asks_once_a_day_and_fills_what_a_restore_lost(telephone):
    """R7"""
    telephone.sign_in(DEDI)
    key = meanwhile(telephone, "Dedi", "print(make.lessons('videografi')[0].translation_key)").strip()
    telephone.page.evaluate(KEEP_A_LESSON.replace("outbox.newId()", f"'{key}'"))
    telephone.page.evaluate("outbox.send()")
    telephone.until("async () => !(await outbox.all('waiting')).length")
    meanwhile(telephone, "Dedi", RESTORE)
    telephone.page.evaluate("outbox.send()")
    assert meanwhile(telephone, "Dedi", ARRIVED).strip() == "0", "it asked today already"
    telephone.page.evaluate(TOMORROW)
    assert meanwhile(telephone, "Dedi", ARRIVED).strip() == "1"


def test_what_is_tapped_on_a_page_of_one_who_has_signed_out_is_not_kept_as_hers(telephone):
    """R8: a saved page bears no token that the server could refuse."""
    page = telephone.page
    telephone.sign_in(SARI)
    save_module(telephone, "kemasan")
    first_lesson(telephone, "kemasan")
    expect(page.get_by_role("button", name="Sudah paham")).to_be_visible()
    telephone.page = telephone.context.new_page()
    sign_out(telephone)
    telephone.sign_in(DEDI)
    press(page.get_by_role("button", name="Sudah paham"))
    expect(page.locator("a.who")).to_contain_text("Dedi")
    assert telephone.waiting() == telephone.page.evaluate("outbox.all('sent')") == []


def test_a_photo_that_arrived_is_not_sent_again_because_the_phone_is_full(telephone):
    telephone.sign_in(DEDI)
    telephone.go("/belajar/kiriman/")
    key = meanwhile(telephone, "Dedi", "print(make.lessons('merek')[1].translation_key)").strip()
    telephone.page.evaluate(KEEP_A_PHOTO, key)
    telephone.page.evaluate(FULL_OF_PHOTOS)
    for _ in range(3):
        telephone.page.evaluate("outbox.send()")
    assert telephone.page.evaluate("files") == 1
    assert telephone.page.evaluate("outbox.unsent()") == []


def test_what_arrives_from_a_full_phone_waits_no_more_once_photos_that_arrived_make_room(telephone):
    telephone.sign_in(DEDI)
    telephone.go("/belajar/kiriman/")
    key = meanwhile(telephone, "Dedi", "print(make.lessons('merek')[1].translation_key)").strip()
    telephone.page.evaluate(KEEP_A_PHOTO, key)
    telephone.until("async () => (await outbox.send()) && (await outbox.all('files')).length === 1")
    telephone.page.evaluate(FULL_WHILE_PHOTOS_ARE_KEPT)
    telephone.page.evaluate(KEEP_A_LESSON.replace("outbox.newId()", f"'{key}'"))
    telephone.page.evaluate("outbox.send()")
    assert telephone.waiting() == telephone.page.evaluate("outbox.all('files')") == []


def test_after_a_new_pin_the_first_page_that_knows_her_sends_what_waits(telephone):
    telephone.sign_in(WATI)
    meanwhile(telephone, "Wati", NEW_PIN)
    with telephone.sending_held_up():
        telephone.page.evaluate(KEEP_A_LESSON)
        telephone.sign_in(WATI)  # her old key is still on the phone
    telephone.until(
        "() => outbox.all('waiting').then(([row]) => Boolean(row && row.refused))"
    )  # there is no such lesson


@pytest.mark.parametrize("left_at", ["phone", "kunci"], ids=["before its scripts came", "before its key came"])
def test_whoever_leaves_belajar_in_a_hurry_sends_from_the_page_where_she_is(telephone, left_at):
    page, hurry = telephone.page, re.compile(left_at)
    page.route(hurry, lambda route: route.abort())
    sign_in(page, telephone.base_url, DEDI, PIN)
    page.unroute(hurry)
    first_lesson(telephone, "kemasan")
    page.evaluate(KEEP_A_LESSON_OF_THIS_PAGE)
    telephone.until("() => outbox.send().then(() => outbox.all('waiting')).then(([row]) => Boolean(row.refused))")
