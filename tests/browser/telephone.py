"""A phone that can lose its signal: Chromium with storage of its own, behind air of its own, on the real server."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, Error, expect

from tests.server import RealServer

from .air import Air
from .chromium import FLAGS, PHONE, chromium
from .door import sign_in, sign_in_by_form
from .learner import press

SARI, DEDI, WATI, PIN = "SAR1PENA", "DED1PENA", "WAT1PENA", "274951"
WAITING = "outbox.all('waiting')"
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
# Her own secret, newly chosen: for the server another one, for the other tests the same.
NEW_PIN = f"person.user.set_password('{PIN}'); person.user.save()"
KEEP_A_LESSON = "outbox.current().then(({ owner }) => outbox.add(owner, 'lesson', { lesson: outbox.newId() }, 'Merek'))"
# Chromium's tools set no quota that its database keeps to: it refuses here as it does where there is no room left.
FILL = "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError'); }; }"
END_SESSIONS = "from people.models import Session; Session.objects.all().delete()"
TOMORROW = "() => { const there = Date.now; Date.now = () => there() + 25 * 3600e3; return outbox.send(); }"


class Telephone:
    """One phone with its own storage, which can lose its signal."""

    def __init__(self, context: BrowserContext, server: RealServer, air: Air):
        self.server, self.air = server, air
        self.base_url = f"http://127.0.0.1:{air.port}"
        self.hold(context)

    def hold(self, context: BrowserContext) -> None:
        self.context = context
        [self.page] = context.pages
        context.set_offline(not self.air.there)

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


class LastingTelephone(Telephone):
    """One with a browser and a folder of its own, which can be switched off and on."""

    def __init__(self, chromium_type: BrowserType, folder: Path, server: RealServer, air: Air):
        self.type, self.folder = chromium_type, folder
        super().__init__(self._started(), server, air)

    def _started(self) -> BrowserContext:
        return self.type.launch_persistent_context(str(self.folder), executable_path=chromium(), args=FLAGS, **PHONE)

    def restart(self) -> None:
        self.context.close()
        self.hold(self._started())

    def kill(self) -> None:
        """As when the battery falls out; then it is switched on again."""
        os.kill(self._process(), signal.SIGKILL)
        with suppress(Error):  # it is closed already, or is about to be
            self.context.close()
        self.hold(self._started())

    def _process(self) -> int:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # gone meanwhile
                arguments = (process / "cmdline").read_text().split("\0")
                if f"--user-data-dir={self.folder}" in arguments and not any("--type=" in one for one in arguments):
                    return int(process.name)
        raise AssertionError("The browser does not run.")


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


def take_the_road(telephone: Telephone) -> None:
    sign_in_by_form(telephone.page, telephone.base_url, "rina.marlina", "belajar-bersama")
    press(telephone.page.get_by_role("link", name="Bawa ke jalan"))
    expect(telephone.page.get_by_text("keluarga · dibawa")).to_be_visible()
    telephone.ready()


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
