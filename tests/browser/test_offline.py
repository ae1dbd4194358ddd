"""A phone without a signal, in Chromium with a profile of its own, on the real server."""

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect, sync_playwright

from tests.practice.files import picture, written
from tests.server import RealServer

from .air import BAD_GATEWAY, SIGN_IN_OF_WIFI, Air
from .conftest import FLAGS, PHONE, chromium, sign_in, sign_in_by_form
from .learner import answer, key_of, press
from .test_save_data import GIVE_A_PICTURE

SARI, DEDI, WATI, PIN = "SAR1PENA", "DED1PENA", "WAT1PENA", "274951"
WAITING = "outbox.all('waiting')"
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
# What happens on the server meanwhile, to a learner by her first name.
MEANWHILE = """
from people.models import Companion, Learner
from progress.rules import PracticeNeed
from tests import factories as make
person = Learner.objects.get(first_name="{name}")
{what}
"""
WANT_A_PRACTICE = "page = make.module('riset-pasar'); page.practice_needed = PracticeNeed.QUIZ"
WANT_A_PRACTICE += "; page.save_revision().publish()"
FIND_IT_RIGHT = "make.feedback(make.practised(person, 'riset-pasar'), Companion.objects.first())"
ADD_A_LESSON = "make.lessons('pengenalan-motivasi')[0].copy(update_attrs={'slug': 'baru', 'title': 'Baru'})"
TELL_IN_JAVANESE = """
from wagtail.models import Locale
told, jawa = make.lessons("pemasaran-digital")[0], Locale.objects.get(language_code="jv")
told = told.get_translation_or_none(jawa) or told.copy_for_translation(jawa, copy_parents=True)
told.save_revision().publish()
"""
# Says «Sudah paham» to every lesson on this phone.
UNDERSTAND_ALL = """
    async () => {
        const { owner } = await outbox.current();
        for (const { lessons } of await outbox.notes("module:"))
            for (const { key, title } of lessons) await outbox.add(owner, "lesson", { lesson: key }, title);
    }
"""
# The same, each sent alone.
UNDERSTAND_EACH = UNDERSTAND_ALL.replace("title);", "title).then(outbox.send);")
# Her own secret, newly chosen: for the server another one, for the other tests the same.
NEW_PIN = f"person.user.set_password('{PIN}'); person.user.save()"
BATCHES = "print(person.user.sending_keys.latest('pk').serial)"
KEEP_A_LESSON = "outbox.current().then(({ owner }) => outbox.add(owner, 'lesson', { lesson: outbox.newId() }, 'Merek'))"
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
# Hands in an attempt without an answer at the quiz of a module on this phone.
FAIL = """
    async (url) => {
        const { owner } = await outbox.current();
        const module = (await outbox.notes("module:")).find((one) => one.url === url);
        const { quiz, revision, draws } = await outbox.noted(`paper:${owner}:${module.quiz}`);
        await outbox.add(owner, "quiz", { quiz, revision, draw: 0, answers: {} }, module.title);
    }
"""
# Answers the one quiz on this phone, up to the first question of a kind.
ANSWER_UNTIL = """
    async (end) => {
        const { owner } = await outbox.current();
        const [{ quiz, revision, draws, questions }] = await outbox.notes(`paper:${owner}:`);
        const answers = {};
        for (const wanted of draws[0]) {
            const { id, kind, labels } = questions.find((one) => one.id === wanted);
            if (kind === end) break;
            answers[id] = labels.length ? labels.map((_, place) => String(place)) : ["0"];
        }
        await outbox.note(`attempt:${owner}:${quiz}`, { id: outbox.newId(), revision, draw: 0, answers });
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
# Chromium's tools set no quota that its database keeps to: it refuses here as it does where there is no room left.
FILL = "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError'); }; }"
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
END_SESSIONS = "from people.models import Session; Session.objects.all().delete()"
FOUR_DAYS_AGO = """
    async () => {
        const caseload = await outbox.noted("own:caseload");
        await outbox.note("own:caseload", { ...caseload, at: Date.now() - 4 * 24 * 3600e3 });
    }
"""
EXAMPLES = json.loads((Path(__file__).parents[1] / "learn" / "digests.json").read_text())
# What a restore of a backup from before her work leaves: nothing of it, and a new epoch.
RESTORE = "from learn.models import Epoch, SentWork; SentWork.objects.filter(user=person.user).delete()"
RESTORE += "; Epoch.objects.create()"
ARRIVED = "from learn.models import SentWork; print(SentWork.objects.filter(user=person.user).count())"
TOMORROW = "() => { const there = Date.now; Date.now = () => there() + 25 * 3600e3; return outbox.send(); }"
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
# Safari before 14.1, and so every iPhone before iOS 14.5, has this in its service workers and always refuses.
READ_NO_FORM = """
    () => { Request.prototype.formData = () => Promise.reject(new DOMException("", "NotSupportedError")); }
"""
# She goes on in the middle of a transaction, and the browser keeps the page for «Back». Then the next one reads.
LEAVE_AND_READ = """
    async () => {
        const goOn = (profiles) => { profiles.get(0).onsuccess = () => goOn(profiles); };
        outbox.within(["profiles"], "readwrite", goOn).catch(() => {});
        await new Promise((later) => setTimeout(later, 100));
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
        const late = new Promise((done) => setTimeout(done, 3000, "late"));
        return Promise.race([outbox.all("profiles").then(() => "read"), late]);
    }
"""
IN_FOUR_DAYS = FOUR_DAYS_AGO.replace("- 4 *", "+ 4 *")


class Telephone:
    """One phone with its own storage; it can be switched off and on, and lose its signal."""

    def __init__(self, chromium_type, folder: Path, server: RealServer, air: Air):
        self.type, self.folder, self.server, self.air = chromium_type, folder, server, air
        self.base_url = f"http://127.0.0.1:{air.port}"
        self.on()

    def on(self) -> None:
        self.context: BrowserContext = self.type.launch_persistent_context(
            str(self.folder), executable_path=chromium(), args=FLAGS, **PHONE
        )
        self.page: Page = self.context.pages[0]
        self.context.set_offline(not self.air.there)

    def restart(self) -> None:
        self.context.close()
        self.on()

    def kill(self) -> None:
        """As when the battery falls out; then it is switched on again."""
        os.kill(self._process(), signal.SIGKILL)
        with suppress(Error):  # it is closed already, or is about to be
            self.context.close()
        self.on()

    def _process(self) -> int:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # gone meanwhile
                arguments = (process / "cmdline").read_text().split("\0")
                if f"--user-data-dir={self.folder}" in arguments and not any("--type=" in one for one in arguments):
                    return int(process.name)
        raise AssertionError("The browser does not run.")

    def signal(self, there: bool) -> None:
        self.air.signal(there)
        self.context.set_offline(not there)

    def wake(self) -> None:
        """The browser wakes the service worker, as it does where work was announced and there is a signal again."""
        workers, registered = self.context.new_cdp_session(self.page), []
        workers.on("ServiceWorker.workerRegistrationUpdated", lambda told: registered.extend(told["registrations"]))
        workers.send("ServiceWorker.enable")
        while not registered:
            self.page.wait_for_timeout(100)
        event = {"origin": self.base_url, "registrationId": registered[0]["registrationId"], "tag": "kirim"}
        workers.send("ServiceWorker.dispatchSyncEvent", event | {"lastChance": False})

    def go(self, path: str) -> None:
        self.page.goto(self.base_url + path)

    def sign_in(self, code: str) -> None:
        sign_in(self.page, self.base_url, code, PIN)
        self.ready()

    @contextmanager
    def sending_held_up(self) -> Iterator[None]:
        """Another page has the lock that pages and the service worker send under."""
        page = self.context.new_page()
        page.goto(f"{self.base_url}/luring/")
        page.evaluate("() => new Promise((held) => { navigator.locks.request('kirim', () => new Promise(held)); })")
        yield
        page.close()

    def ready(self) -> None:
        self.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        self.until("async () => Boolean((await outbox.current() || {}).key)")
        self.until("() => document.cookie.includes('gaya=')")  # the last that a page fetches by itself

    def until(self, holds: str, *argument) -> None:
        """Waits until the asynchronous function ``holds`` says so; Playwright takes any promise for a yes."""
        for _ in range(300):
            if self.page.evaluate(holds, *argument):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{holds} {argument} never came true.")

    def waiting(self) -> list[dict]:
        return self.page.evaluate(WAITING)

    def wait_until_sent(self, row: dict) -> None:
        """Returns once nothing waits and ``row`` is among what was acknowledged."""
        self.until(
            "async (id) => !(await outbox.all('waiting')).length"
            " && (await outbox.all('sent')).some((it) => it.id === id)",
            row["id"],
        )


@pytest.fixture(scope="module")
def chromium_type():
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture
def telephone(chromium_type, tmp_path, server) -> Iterator[Telephone]:
    air = Air(server.port)
    telephone = Telephone(chromium_type, tmp_path / "hp", server, air)
    yield telephone
    telephone.context.close()
    air.signal(False)


def save_module(telephone: Telephone, slug: str, language: str = "") -> None:
    telephone.go(f"{language}/modul/{slug}/")
    telephone.page.get_by_role("button", name="Unduh dulu").click()
    expect(telephone.page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)


def understand(telephone: Telephone) -> None:
    press(telephone.page.get_by_role("button", name="Sudah paham"))


def meanwhile(telephone: Telephone, name: str, what: str) -> str:
    return telephone.server.manage("shell", "--no-imports", "-c", MEANWHILE.format(name=name, what=what))


def sign_out(telephone: Telephone) -> None:
    telephone.go("/keluar/")
    press(telephone.page.get_by_role("button", name="Keluar"))


def first_lesson(telephone: Telephone, slug: str) -> None:
    telephone.go(f"/modul/{slug}/")
    press(telephone.page.locator("ol.rows a").first)


def test_work_without_a_signal_survives_a_cold_start_and_leaves_by_itself(telephone):
    """R8, R9, P6"""
    page = telephone.page
    telephone.sign_in(DEDI)
    for example in EXAMPLES:
        assert page.evaluate("(item) => outbox.digest(item)", example["item"]) == example["digest"]
    save_module(telephone, "merek")

    telephone.signal(False)
    telephone.restart()
    first_lesson(telephone, "merek")
    understand(telephone)
    page = telephone.page
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    [row] = telephone.waiting()
    telephone.go("/belajar/")
    expect(page.get_by_role("heading", name="Yang ada di HP ini")).to_be_visible()
    expect(page.get_by_text("1 menunggu dikirim")).to_be_visible()

    telephone.kill()  # with a full outbox
    telephone.go("/belajar/kiriman/")
    assert telephone.waiting() == [row]
    kept = telephone.page.evaluate("outbox.all('profiles').then(JSON.stringify)")
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

    telephone.signal(True)  # and nobody touches anything
    telephone.wait_until_sent(row)
    assert [one["id"] for one in telephone.page.evaluate("outbox.all('sent')")] == [row["id"]]


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


def test_practice_waits_with_its_photos_and_each_arrives_once_after_a_cut(telephone, tmp_path):
    """R4"""
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(written(picture(1200, 800), "JPEG"))
    telephone.sign_in(SARI)
    save_module(telephone, "merek")
    telephone.signal(False)
    telephone.restart()
    telephone.context.add_init_script(LOSE_AN_ANSWER)
    page = telephone.page
    telephone.go("/modul/merek/logo-dan-warna/")
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

    telephone.restart()
    telephone.context.add_init_script(LOSE_AN_ANSWER)
    telephone.go("/belajar/kiriman/")
    expect(telephone.page.get_by_text("Praktik: Logo dan warna")).to_be_visible()
    expect(telephone.page.get_by_text("2 foto atau suara")).to_be_visible()
    telephone.signal(True)
    telephone.until("() => Number(localStorage.files) >= 2")
    telephone.page.evaluate("outbox.send()")  # another page could cut off what is on its way
    telephone.until("async () => !(await outbox.unsent()).length")
    assert telephone.page.evaluate("localStorage.files") == "3"
    telephone.go("/modul/merek/logo-dan-warna/")
    press(telephone.page.get_by_role("link", name="Kirim praktik"))
    expect(telephone.page.get_by_role("link", name="Lihat foto")).to_have_count(2)


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


def test_a_form_with_photos_that_the_phone_keeps_twice_waits_once(telephone):
    """Two taps in a browser that takes the form to the service worker each time."""
    telephone.sign_in(DEDI)
    telephone.go("/modul/merek/melindungi-merek/")
    press(telephone.page.get_by_role("link", name="Kirim praktik"))
    with telephone.sending_held_up():
        assert telephone.page.evaluate(KEEP_ITS_FORM_TWICE) == [1, 1]


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


def release(server: RealServer, application: str) -> None:
    assert server.stop() == 0
    server.environment["APPLICATION"] = application
    server.start()


def test_saved_pages_keep_their_looks_when_a_release_changes_the_stylesheet(telephone):
    page, server = telephone.page, telephone.server
    telephone.sign_in(DEDI)
    save_module(telephone, "merek")
    telephone.go("/belajar/")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    looks, before = page.locator("body").evaluate(LOOKS), page.evaluate("caches.keys()")
    telephone.signal(False)
    release(server, "tests.browser.next_release:application")
    telephone.signal(True)
    telephone.go("/belajar/")
    expect(page.locator("link[rel=stylesheet]")).to_have_count(0)  # what the phone has is of before
    gone = "async (names) => !(await caches.keys()).some((name) => name !== 'tersimpan' && names.includes(name))"
    telephone.until(gone, before)
    telephone.signal(False)
    release(server, "lms.wsgi:application")
    telephone.restart()
    for path in ("/modul/merek/", "/modul/merek/memilih-nama/", "/luring/", "/belajar/kiriman/"):
        telephone.go(path)
        expect(telephone.page.locator("style[data-file]")).to_have_count(1)
        assert telephone.page.locator("body").evaluate(LOOKS) == looks


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


def test_a_voice_that_was_taken_along_is_heard_without_a_signal_and_goes_on_where_it_stopped(telephone):
    page = telephone.page
    telephone.server.manage("shell", "-c", GIVE_A_VOICE)
    telephone.sign_in(DEDI)
    telephone.go("/modul/kemasan/")
    page.locator("label", has_text="Dengan gambar dan suara").click()
    page.get_by_role("button", name="Unduh dulu").click()
    expect(page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)
    telephone.signal(False)
    telephone.restart()
    page = telephone.page
    first_lesson(telephone, "kemasan")
    page.get_by_role("button", name="Dengarkan").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1.2")
    page.get_by_role("button", name="Berhenti").click()
    page.reload()
    page.get_by_role("button", name="Lanjut dengarkan").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1.5")


def test_a_quiz_taken_without_a_signal_is_judged_when_it_arrives(telephone):
    page, key = telephone.page, key_of("02-merek.yaml")
    telephone.sign_in(SARI)
    save_module(telephone, "merek")
    telephone.signal(False)
    first_lesson(telephone, "merek")
    for _ in range(5):
        understand(telephone)
    press(page.get_by_role("link", name="Kerjakan kuis"))
    heading = page.locator("phone-quiz form h1")
    expect(heading).to_be_visible()
    while heading.count():
        question = heading.inner_text().strip()
        answer(page, key[question], right=True, javascript=True)
        page.locator("button.main").click()
        expect(page.locator("phone-quiz h1")).not_to_have_text(question)
    expect(page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()].count("quiz") == 1
    telephone.signal(True)
    telephone.until("async () => !(await outbox.all('waiting')).length")
    telephone.go("/belajar/")
    expect(page.get_by_role("link", name="Pandai Merek")).to_be_visible()


def test_what_opens_a_quiz_on_the_server_opens_it_on_the_phone_that_had_saved_it_before(telephone):
    page, opens = telephone.page, telephone.page.get_by_role("link", name="Kerjakan kuis")
    telephone.sign_in(WATI)
    save_module(telephone, "kemasan")
    meanwhile(telephone, "Wati", "make.finished(person, 'pengenalan-motivasi'); make.read(person, 'kemasan')")
    telephone.go("/modul/kemasan/")
    expect(opens).to_be_visible()
    expect(page.locator(".mark.good")).to_have_count(page.locator(".mark").count())
    telephone.signal(False)
    telephone.go("/modul/kemasan/")
    press(opens)
    expect(page.locator("phone-quiz form h1")).to_be_visible()


def test_a_quiz_that_was_passed_is_not_asked_for_again_by_the_module_on_the_phone(telephone):
    page = telephone.page
    meanwhile(telephone, "Sari", "make.finished(person, 'pengenalan-motivasi')")
    telephone.sign_in(SARI)
    save_module(telephone, "pengenalan-motivasi")
    telephone.signal(False)
    telephone.go("/modul/pengenalan-motivasi/")
    expect(page.get_by_text("Kuis sudah lulus.")).to_be_visible()
    expect(page.get_by_role("link", name="Kerjakan kuis")).to_have_count(0)
    expect(page.locator(".actions a.main")).to_have_text("Kembali ke Belajar")


def test_a_locked_quiz_on_the_phone_leads_back_to_its_module(telephone):
    telephone.sign_in(DEDI)
    save_module(telephone, "foto-produk")
    telephone.signal(False)
    telephone.go("/modul/foto-produk/kuis/")
    expect(telephone.page.get_by_role("heading", name="Kuis masih terkunci")).to_be_visible()
    press(telephone.page.get_by_role("link", name="Kembali ke modul"))
    expect(telephone.page.get_by_role("heading", name="Foto Produk")).to_be_visible()


def test_a_module_that_was_taken_in_another_language_leads_to_its_quiz(telephone):
    heading = telephone.page.get_by_role("heading", name="Kuis masih terkunci")
    telephone.sign_in(DEDI)
    meanwhile(telephone, "Dedi", TELL_IN_JAVANESE)
    save_module(telephone, "pemasaran-digital", "/jv")
    telephone.signal(False)
    for address in ("/modul/pemasaran-digital/kuis/", "/jv/modul/pemasaran-digital/kuis/"):
        telephone.go(address)
        expect(heading).to_be_visible()
    press(telephone.page.get_by_role("link", name="Kembali ke modul"))
    assert telephone.page.url.endswith("/jv/modul/pemasaran-digital/")


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


def test_a_quiz_that_arrived_and_was_failed_opens_the_next_one_no_more(telephone):
    page, opens = telephone.page, telephone.page.get_by_role("link", name="Kerjakan kuis")
    meanwhile(telephone, "Sari", "make.read(person, 'foto-produk'); make.read(person, 'videografi')")
    telephone.sign_in(SARI)
    save_module(telephone, "foto-produk")
    save_module(telephone, "videografi")
    telephone.signal(False)
    page.evaluate(FAIL, "/modul/foto-produk/")
    telephone.go("/modul/videografi/")
    expect(opens).to_be_visible()
    [row] = telephone.waiting()
    telephone.signal(True)
    telephone.wait_until_sent(row)
    telephone.go("/modul/videografi/")
    expect(page.get_by_text("Terkunci. Selesaikan 1 modul lagi")).to_be_visible()


@pytest.mark.parametrize("saver", [None, DEDI], ids=["a visitor", "another"])
def test_what_somebody_else_saved_leads_whoever_signs_in_to_her_own_quiz(telephone, saver):
    page = telephone.page
    if saver:
        telephone.sign_in(saver)
    save_module(telephone, "merek")
    if saver:
        sign_out(telephone)
    telephone.sign_in(WATI)
    telephone.signal(False)
    telephone.go("/modul/merek/")
    press(page.get_by_role("link", name="Buka kuis"))
    expect(page.get_by_role("heading", name="Kuis ini belum ada di HP")).to_be_visible()
    telephone.signal(True)
    telephone.go("/modul/merek/")
    expect(page.get_by_text("Terkunci. Selesaikan")).to_be_visible()


def test_a_quiz_that_wants_a_practice_opens_on_the_phone_only_when_that_was_found_right(telephone):
    page = telephone.page
    meanwhile(telephone, "Sari", WANT_A_PRACTICE)
    telephone.sign_in(SARI)
    save_module(telephone, "riset-pasar")
    page.evaluate(UNDERSTAND_ALL)
    telephone.signal(False)
    telephone.go("/modul/riset-pasar/")
    expect(page.get_by_text("Kuis terbuka setelah satu praktik dijawab «Sudah benar».")).to_be_visible()
    meanwhile(telephone, "Sari", FIND_IT_RIGHT)
    telephone.signal(True)
    telephone.go("/modul/riset-pasar/")
    expect(page.get_by_role("link", name="Kerjakan kuis")).to_be_visible()


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


def test_a_quiz_left_in_the_middle_is_gone_on_with_where_no_lesson_before_it_is_done_any_more(telephone):
    """A meeting had brought them all, and was taken back."""
    telephone.sign_in(DEDI)
    save_module(telephone, "foto-produk")
    telephone.page.evaluate(ANSWER_UNTIL, "the end")
    telephone.go("/modul/foto-produk/")
    press(telephone.page.get_by_role("link", name="Lanjutkan kuis"))
    expect(telephone.page.get_by_role("button", name="Selesai")).to_be_visible()


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


def answer_until(telephone: Telephone, end: str) -> None:
    """Without a signal, to a question of that kind, or to the last one."""
    telephone.sign_in(SARI)
    save_module(telephone, "foto-produk")
    telephone.page.evaluate(UNDERSTAND_ALL)
    telephone.page.evaluate(ANSWER_UNTIL, end)
    telephone.signal(False)
    telephone.go("/modul/foto-produk/")
    expect(telephone.page.get_by_role("link", name="Lanjutkan kuis")).to_be_visible()
    telephone.go("/belajar/")
    press(telephone.page.get_by_role("link", name="Lanjutkan Kuis: "))


def test_two_taps_on_the_last_button_hand_in_one_attempt(telephone):
    answer_until(telephone, "the end")
    telephone.page.get_by_role("button", name="Selesai").evaluate("(it) => { it.click(); it.click(); }")
    expect(telephone.page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()].count("quiz") == 1


def test_a_quiz_that_has_arrived_leads_to_its_result(telephone):
    """From where it was handed in, and from its module afterwards: both are this phone's own pages."""
    page = telephone.page
    answer_until(telephone, "the end")
    page.get_by_role("button", name="Selesai").click()
    expect(page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    telephone.signal(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    press(page.get_by_role("link", name="Lihat nilai"))
    expect(page.get_by_role("heading", name="Jawaban tadi")).to_be_visible()
    telephone.go("/modul/foto-produk/")
    press(page.get_by_role("link", name="Lihat nilai terakhir"))
    expect(page.get_by_role("heading", name="Jawaban tadi")).to_be_visible()


def test_whoever_hands_in_a_quiz_is_at_what_is_said_then(telephone):
    answer_until(telephone, "the end")
    telephone.page.get_by_role("button", name="Selesai").press("Enter")
    expect(telephone.page.get_by_role("heading", name="Selesai")).to_be_focused()


def test_whoever_takes_a_module_along_is_where_the_phone_says_so(telephone):
    telephone.sign_in(DEDI)
    save_module(telephone, "kemasan")
    expect(telephone.page.locator("save-module :focus")).to_contain_text("Tersimpan di HP,")
    telephone.page.get_by_role("button", name="Hapus dari HP").press("Enter")
    expect(telephone.page.locator("save-module :focus")).to_contain_text("Unduh dulu")


def test_a_partner_that_is_taken_twice_is_said_before_the_next_question(telephone):
    answer_until(telephone, "matching")
    pairs = telephone.page.locator("match-pairs fieldset")
    expect(pairs.first).to_be_visible()  # only then are all of them there to be counted
    for pair in pairs.all():
        pair.locator("label").first.click()
    telephone.page.locator("button.main").click()
    expect(telephone.page.get_by_text("Ada pasangan yang dipakai dua kali.")).to_be_visible()
    expect(telephone.page.locator("match-pairs")).to_be_visible()


def test_on_the_road_the_enter_key_in_a_sentence_gives_no_verdict(telephone):
    page = telephone.page
    take_the_road(telephone)
    page.get_by_role("link", name="Cek praktik").click()
    page.locator(".rows a").first.click()
    page.locator("label.tap", has_text="Rapi dan lengkap.").click()
    page.locator("label.tap", has_text="Coba foto lebih terang.").click()
    page.evaluate("addEventListener('submit', (event) => { event.preventDefault(); document.title = 'sent'; }, true)")
    page.get_by_label("Atau tulis sendiri").last.press("Enter")
    assert page.title() != "sent"


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


def test_what_was_missing_is_said_no_more_at_the_next_question(telephone):
    answer_until(telephone, "matching")
    page, missing = telephone.page, telephone.page.get_by_text("Pilih atau tulis jawaban dulu.")
    page.locator("button.main").click()
    expect(missing).to_be_visible()
    for place, pair in enumerate(page.locator("match-pairs fieldset").all()):
        pair.locator("label").nth(place).click()
    page.locator("button.main").click()
    expect(page.locator("match-pairs")).to_have_count(0)
    expect(missing).to_have_count(0)


def test_a_companion_works_on_the_road_and_what_is_hers_no_more_is_refused(telephone):
    """Z4, P7"""
    page = telephone.page
    sign_in(page, telephone.base_url, "rina.marlina", "belajar-bersama")
    press(page.get_by_role("link", name="Bawa ke jalan"))
    expect(page.get_by_text("8 keluarga · dibawa")).to_be_visible()
    telephone.ready()
    page.get_by_role("link", name="Cek praktik").click()
    page.get_by_role("button", name="foto di HP").click()
    expect(page.get_by_role("button", name="foto di HP")).to_be_hidden()

    telephone.signal(False)
    telephone.restart()
    page = telephone.page
    telephone.go("/dampingan/")
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
    assert {row["item"]["kind"] for row in telephone.waiting()} == {"visit", "attendance", "feedback"}

    telephone.server.manage("shell", "-c", HAND_OVER)
    telephone.signal(True)
    telephone.until(
        "async () => { const all = await outbox.all('waiting'); return all.length && all.every((it) => it.refused); }"
    )
    refused = {row["item"]["kind"] for row in telephone.waiting()}
    assert refused == {"visit", "attendance"}, "the meeting counted her as there"
    telephone.go("/belajar/kiriman/")
    expect(page.get_by_text("Keluarga ini didampingi orang lain").first).to_be_visible()
    session = telephone.context.cookies()
    telephone.context.clear_cookies()  # it has run out, as it does every night
    telephone.go("/luring/dampingan/")
    expect(page.get_by_text("7 keluarga · dibawa")).to_be_visible()
    expect(page.get_by_role("link", name="Keluarga Mulyadi Hasan")).to_have_count(0)
    telephone.context.add_cookies(session)
    sign_out(telephone)
    telephone.go("/luring/")
    assert page.evaluate("outbox.notes('own:')") == []
    assert len(telephone.waiting()) == 2


def take_the_road(telephone: Telephone) -> None:
    sign_in_by_form(telephone.page, telephone.base_url, "rina.marlina", "belajar-bersama")
    press(telephone.page.get_by_role("link", name="Bawa ke jalan"))
    expect(telephone.page.get_by_text("keluarga · dibawa")).to_be_visible()
    telephone.ready()


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


def test_a_rupiah_without_a_signal_is_written_with_letters_too(telephone):
    page = telephone.page
    telephone.sign_in(SARI)
    save_module(telephone, "literasi-keuangan")
    telephone.go("/modul/literasi-keuangan/buku-kas-harian/")
    key = page.locator("[data-lesson]").get_attribute("data-lesson")
    telephone.go(f"/luring/praktik/#{key}")
    expect(page.get_by_label("Angka")).to_have_attribute("inputmode", "text")


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


def end_sessions(telephone: Telephone) -> None:
    """As a companion's does each evening: the server does not know it any more, and the phone's cookie is gone."""
    telephone.server.manage("shell", "--no-imports", "-c", END_SESSIONS)
    kept = [cookie for cookie in telephone.context.cookies() if "csrf" in cookie["name"]]
    telephone.context.clear_cookies()
    telephone.context.add_cookies(kept)


def write_down_a_visit(telephone: Telephone, words: str) -> None:
    telephone.go("/dampingan/keluarga/")
    press(telephone.page.locator("main li h2 a, main li h3 a").last)
    press(telephone.page.get_by_role("link", name="Catat kunjungan"))
    telephone.page.get_by_label("Catatan").fill(words)


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


def test_the_way_back_to_a_question_that_wanted_an_answer_asks_it_anew(telephone):
    page = telephone.page
    telephone.sign_in(SARI)
    telephone.go("/modul/pengenalan-motivasi/kuis/")
    press(page.locator("main button.main"))
    first = page.locator("h1").inner_text()
    key = key_of("01-pengenalan-motivasi.yaml")
    press(page.get_by_role("button", name="Lanjut"))  # without an answer
    answer(page, key[first], right=True, javascript=True)
    press(page.get_by_role("button", name="Lanjut"))
    page.go_back()
    expect(page.get_by_role("heading", name=first)).to_be_visible()


def test_a_visit_that_the_network_did_not_take_is_said_to_be_on_the_phone(telephone):
    page = telephone.page
    take_the_road(telephone)
    write_down_a_visit(telephone, "Sudah punya kemasan.")
    telephone.signal(False)
    press(page.get_by_role("button", name="Simpan kunjungan"))
    expect(page.get_by_role("heading", name="Keluarga di HP ini")).to_be_visible()
    expect(page.get_by_text("Belum ada sinyal. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()


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


def test_photos_that_the_server_refuses_once_the_session_has_ended_are_said_to_be_missing(telephone):
    page = telephone.page
    take_the_road(telephone)
    end_sessions(telephone)
    page.get_by_role("link", name="Cek praktik").click()
    page.get_by_role("button", name="foto di HP").click()
    expect(page.get_by_text("Ada foto yang belum tersimpan.")).to_be_visible()


def test_practice_that_was_made_while_the_session_ended_leaves_with_its_photo(telephone, tmp_path):
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(written(picture(1200, 800), "JPEG"))
    page = telephone.page
    telephone.sign_in(DEDI)
    telephone.go("/modul/merek/logo-dan-warna/")
    press(page.get_by_role("link", name="Kirim praktik"))
    page.locator("#id_gallery").set_input_files(photo)
    expect(page.get_by_text("1 foto siap dikirim.")).to_be_visible()
    end_sessions(telephone)
    press(page.get_by_role("button", name="Kirim praktik"))
    expect(page.get_by_text("Waktu masuk habis. Tersimpan di HP. Nanti dikirim otomatis.")).to_be_visible()
    telephone.until("async () => !(await outbox.unsent()).length && (await outbox.all('files')).length === 1")


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
def test_a_phone_that_saves_data_shows_the_pictures_that_it_took_along(telephone, choice, lesson):
    """And those alone: another waits for a tap, and for a signal."""
    telephone.server.manage("shell", "-c", GIVE_A_PICTURE.format(slug=lesson))
    telephone.context.set_extra_http_headers({"Save-Data": "on"})
    telephone.go("/modul/riset-pasar/")
    telephone.page.locator("label", has_text=choice).click()
    telephone.page.get_by_role("button", name="Unduh dulu").click()
    expect(telephone.page.get_by_text("Tersimpan di HP,")).to_be_visible(timeout=30_000)
    telephone.signal(False)
    telephone.restart()
    telephone.go(f"/modul/riset-pasar/{lesson}/")
    image = telephone.page.get_by_role("img", name="Keripik di bungkus bening")
    if choice == "Tulisan saja":
        telephone.page.get_by_role("link", name="Lihat gambar").click()
        again = telephone.page.get_by_role("link", name="Gambar belum bisa dibuka. Coba lagi.")
        expect(again).to_be_visible()
        telephone.signal(True)
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


def test_a_page_that_the_browser_puts_aside_holds_up_no_other(telephone):
    """Safari puts it aside with all that it has begun; nothing on the phone could be read or sent any more."""
    telephone.go("/luring/")
    assert telephone.page.evaluate(LEAVE_AND_READ) == "read"


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


def test_a_quiz_that_another_page_has_handed_in_can_be_taken_once_more(telephone):
    answer_until(telephone, "the end")
    first = telephone.page
    heading = first.locator("phone-quiz form h1")
    expect(heading).to_be_visible()
    # On the other page, the same attempt at the same question.
    second = telephone.context.new_page()
    second.goto(first.url)
    expect(second.locator("phone-quiz form h1")).to_be_visible()
    for page in (first, second):
        page.get_by_role("button", name="Selesai").click()
        expect(page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()].count("quiz") == 1
    first.reload()
    expect(first.get_by_text("Soal 1 dari")).to_be_visible()


def test_a_clock_that_was_put_right_holds_up_no_work(telephone):
    telephone.sign_in(DEDI)
    telephone.go("/belajar/kiriman/")
    telephone.page.evaluate("() => { SyncManager.prototype.register = async () => {}; }")
    telephone.page.evaluate(KEEP_A_LESSON)
    telephone.page.evaluate(WAIT_BY_A_WRONG_CLOCK)
    telephone.until("() => outbox.send().then(() => outbox.all('waiting')).then(([row]) => Boolean(row.refused))")


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


def test_what_a_learner_has_erased_is_gone_from_her_phone_and_what_others_did_there_stays(telephone):
    """P4"""
    page = telephone.page
    everything = "Promise.all(['profiles', 'waiting', 'sent', 'files'].map(outbox.all)).then((found) => found.flat())"
    telephone.sign_in(WATI)
    page.evaluate(KEEP_A_LESSON)
    page.evaluate("outbox.send()")  # there is no such lesson: it stays
    sign_out(telephone)
    tini = "print(make.learner(first_name='Tini').user.username, make.PIN)"
    code, pin = meanwhile(telephone, "Wati", tini).split()
    sign_in(page, telephone.base_url, code, pin)
    telephone.ready()
    save_module(telephone, "kemasan")
    page.evaluate(KEEP_A_LESSON)
    telephone.signal(False)
    page.evaluate(UNDERSTAND_ALL)
    telephone.signal(True)
    telephone.go("/belajar/data/hapus/")
    page.locator("#id_pin").fill(pin)
    with telephone.sending_held_up():  # a network that never answers holds up nothing here
        press(page.get_by_role("button", name="Hapus data saya"))
        expect(page.get_by_text("Di HP ini juga sudah dihapus.")).to_be_visible()
    wati = int(meanwhile(telephone, "Wati", "print(person.user_id)"))
    assert {row["owner"] for row in page.evaluate(everything)} == {wati}
    assert page.evaluate("outbox.noted('current')") is None
    assert page.evaluate("outbox.notes('paper:')") == []
    assert page.evaluate("JSON.parse(localStorage.getItem('profil')).map((one) => one.nickname)") == ["Bu Wati"]


OF = "person = Learner.objects.get(user_id={}); "
ERASE = "from learn import rights; rights.erase(person)"
AGREE_ANEW = "from people.models import Consent; by = Companion.objects.get(user__username='rina.marlina').user; "
AGREE_ANEW += "Consent.objects.give(person, method='at_the_door', by=by)"
# All that a phone has under a number.
HAS = """
    async (owner) => {
        const rows = (await Promise.all(["profiles", "waiting", "sent", "files"].map(outbox.all))).flat();
        const notes = (await Promise.all(["paper", "attempt"].map((kind) => outbox.notes(`${kind}:${owner}:`)))).flat();
        return rows.filter((row) => row.owner === owner).length + notes.length;
    }
"""

IS_NOT_THERE = """
    (owner) => new Promise((tell) => {
        indexedDB.open("belajar").onsuccess = ({ target: { result: base } }) => {
            const asked = base.transaction("profiles").objectStore("profiles").get(owner);
            asked.onsuccess = () => tell(!asked.result);
            base.close();
        };
    })
"""


@pytest.fixture
def shared(telephone) -> tuple[int, int]:
    """The telephone has work of Bu Wati, then of Bu Tini, who is signed in and has a module. Their numbers."""
    telephone.sign_in(WATI)
    telephone.page.evaluate(KEEP_A_LESSON)
    telephone.page.evaluate("outbox.send()")  # there is no such lesson: it stays
    sign_out(telephone)
    tini = "one = make.learner(first_name='Tini'); print(one.user.username, make.PIN, person.user_id, one.user_id)"
    code, pin, *owners = meanwhile(telephone, "Wati", tini).split()
    sign_in(telephone.page, telephone.base_url, code, pin)
    telephone.ready()
    save_module(telephone, "kemasan")
    telephone.page.evaluate(KEEP_A_LESSON)
    wati, tini = map(int, owners)
    assert telephone.page.evaluate(HAS, tini) > 2
    return wati, tini


@pytest.mark.parametrize("key", ["alive", "ended"])
def test_a_phone_lets_go_of_whoever_was_erased_elsewhere_and_of_nothing_of_others(telephone, shared, key):
    """P4. Her session has ended with it: the next page is the sign-in."""
    (wati, tini), page = shared, telephone.page
    if key == "ended":
        meanwhile(telephone, "Wati", OF.format(tini) + NEW_PIN)
        page.evaluate("outbox.send(true)")
        assert page.evaluate("outbox.current().then(({ ended }) => ended)")
    others = page.evaluate(HAS, wati)
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.go("/belajar/")
    expect(page.locator(".faces button")).to_have_text(["Bu Wati"])
    expect(page.get_by_text("Siapa yang mau belajar?")).to_be_visible()
    assert [page.evaluate(HAS, owner) for owner in (tini, wati)] == [0, others]
    telephone.go("/luring/")
    expect(page.get_by_role("link", name="Kemasan")).to_be_visible()
    assert page.evaluate("outbox.noted('current')") is None


def test_a_face_that_an_older_release_kept_goes_with_whoever_was_erased_elsewhere(telephone, shared):
    """P4. Faces had no number then."""
    _, tini = shared
    kept = json.loads(telephone.page.evaluate("localStorage.profil"))
    older = json.dumps([{name: one[name] for name in ("code", "nickname", "face")} for one in kept])
    telephone.page.evaluate("(older) => { localStorage.profil = older; }", older)
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.go("/belajar/")
    expect(telephone.page.locator(".faces button")).to_have_text(["Bu Wati"])


def test_what_an_older_release_noted_of_whoever_was_erased_lets_go_of_her_face_and_goes(telephone, shared):
    """P4. It noted the number alone, and the phone has the new release before it shows the sign-in again."""
    (_, tini), page = shared, telephone.page
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    page.evaluate("async (owner) => { await outbox.erase(owner); await outbox.note(`erased:${owner}`, owner); }", tini)
    telephone.go("/belajar/")
    expect(page.locator(".faces button")).to_have_text(["Bu Wati"])
    assert page.evaluate("outbox.notes('erased:')") == []


def test_a_saved_module_that_is_opened_with_a_signal_lets_go_of_whoever_was_erased(telephone, shared):
    """P4. It shows without the network, and asks for her quiz behind."""
    _, tini = shared
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.go("/modul/kemasan/")
    telephone.until(f"async () => !(await ({HAS})({tini}))")
    telephone.go("/modul/kemasan/")
    expect(telephone.page.get_by_text("Bu Tini")).to_have_count(0)


def test_work_of_whoever_withdrew_sleeps_on_the_phone_and_leaves_by_itself_once_she_agrees_anew(telephone, shared):
    _, tini = shared
    page = telephone.page
    before = page.evaluate(HAS, tini)
    meanwhile(telephone, "Wati", OF.format(tini) + "from learn import rights; rights.withdraw(person, by=person.user)")
    page.evaluate(UNDERSTAND_ALL)
    telephone.go("/belajar/")
    expect(page.locator(".faces button")).to_have_text(["Bu Tini", "Bu Wati"])
    telephone.go("/luring/")
    page.evaluate("outbox.send(true)")
    assert page.evaluate(HAS, tini) > before
    assert any(not row.get("refused") for row in telephone.waiting())
    meanwhile(telephone, "Wati", OF.format(tini) + AGREE_ANEW)
    page.evaluate(TOMORROW)
    telephone.until("async () => (await outbox.all('waiting')).every((row) => row.refused)")


def test_what_a_service_worker_is_told_of_whoever_was_erased_goes_from_the_sign_in_too(telephone, shared):
    """P4"""
    _, tini = shared
    telephone.signal(False)
    telephone.page.evaluate(KEEP_A_LESSON)
    telephone.page.goto("about:blank")
    meanwhile(telephone, "Wati", OF.format(tini) + ERASE)
    telephone.signal(True)
    telephone.go("/manifest.webmanifest")  # no page of ours, so that only the service worker sends
    telephone.wake()
    telephone.until(IS_NOT_THERE, tini)
    telephone.signal(False)
    telephone.go("/luring/")
    assert telephone.page.evaluate(HAS, tini) == 0
    assert len(json.loads(telephone.page.evaluate("localStorage.profil"))) == 2
    telephone.signal(True)
    telephone.go("/masuk/")
    expect(telephone.page.locator(".faces button")).to_have_text(["Bu Wati"])


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


def test_a_list_from_a_clock_that_was_put_back_is_old_too(telephone):
    take_the_road(telephone)
    telephone.signal(False)
    telephone.page.evaluate(IN_FOUR_DAYS)
    telephone.go("/luring/dampingan/")
    expect(telephone.page.get_by_role("heading", name="Daftar ini sudah lama")).to_be_visible()
