"""``make bench-phone``: what a cheap phone on a weak signal waits for and pays for. Chromium walks the real server with
a slowed CPU and network; docs/speed.md says how. ``--quick`` only shows that it works."""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.browser import SEEN, Phone, phone
from bench.one import ENVIRONMENT
from bench.report import QUICK, RESULTS, keep, print_tables
from bench.traffic import Asked, Line, carried, until_loaded
from tests import databases
from tests.browser.chromium import FLAGS, PHONE, chromium
from tests.browser.learner import answer, key_of, press
from tests.server import RealServer, manage, run, running

RUNS = 5
NETWORKS = {"400 kbit/s, 400 ms": (400, 400), "1.6 Mbit/s, 150 ms": (1600, 150)}
MODULE, MODULE_FILE, LESSONS = "pengenalan-motivasi", "01-pengenalan-motivasi.yaml", 3
LESSON = "/modul/merek/memilih-nama/"  # with a picture, as lessons have
REQUESTS, LESSON_KB, SESSION_KB, SHIFT = 5, 60, 250, 0  # targets
LCP = {("400 kbit/s, 400 ms", "cold"): 2.0, ("400 kbit/s, 400 ms", "warm"): 0.6}
PIN = "274951"
SERVICE_WORKER = "/sw.js"  # Chromium looks after each page whether it has changed
# Between cold and warm: a page that installs the service worker and fetches the stylesheet as a file, as a learner's
# first page does. Not one elsewhere: Chromium would let go of the service worker, and the next page would come through
# it at full speed.
BEFORE = "/modul/merek/"

LEARNERS = """
from courses.models import ModulePage
from learn import intake
from people.models import Consent, Household, Learner
home = Household.objects.get(name="Keluarga Wati Lestari")
lessons = ModulePage.objects.get(slug="{module}").live_lessons()
for left in [0] + {sessions} * [{left}]:
    learner = Learner.objects.enrol(home, first_name="Wati", last_name="Lestari", address_form="ibu", pin="{pin}")
    Consent.objects.give(learner, method=Consent.Method.OWN_PHONE, by=learner.user)
    for lesson in lessons[: len(lessons) - left]:
        intake.complete_lesson(learner, lesson.translation_key)
    print("code", learner.user.username)
"""

# --- Screens ---------------------------------------------------------------------------------------------------------


def visit(phone: Phone, path: str) -> tuple[dict, dict]:
    """Opens a page: what it weighs, and when it shows."""
    phone.forget()
    phone.open(path)
    phone.settle()
    seen = phone.page.evaluate(SEEN)
    found = carried(phone.own, phone.worker)
    first, later = until_loaded(phone.own, found)
    weight = {
        "requests": len(first),
        "KB": kb(weight_of(first)),
        "pictures and later: requests": len(later),
        "pictures and later: KB": kb(weight_of(later)),
        "service worker: requests": len(phone.line.answers) - len(found),
        "service worker: KB": kb(phone.line.received - weight_of(found)),
    }
    times = {
        "FCP s": seen["fcp"] / 1000,
        "LCP s": seen["lcp"] / 1000,
        "usable s": seen["usable"] / 1000,
        "layout shift": seen["shift"],
        "long tasks": len(seen["long"]),
        "longest ms": max(seen["long"], default=0),
    }
    return weight, times


def measure_screens(browser: Browser, line: Line, cookies: list[dict], screens: dict, asked: argparse.Namespace):
    """The rows of what each screen weighs, and of when it shows."""
    weights, times = [], []
    for network, conditions in asked.networks.items():
        for screen, path in screens.items():
            visits = {"cold": [], "warm": []}
            for _ in range(asked.runs):
                with phone(browser, line, conditions, [] if path == "/masuk/" else cookies) as one:
                    visits["cold"].append(visit(one, path))
                    one.open(BEFORE)
                    one.settle()
                    visits["warm"].append(visit(one, path))
            for when, some in visits.items():
                is_lesson = screen == "lesson" and when == "cold"
                where = {"network": network, "screen": screen, "visit": when}
                aims = {
                    "requests at most": REQUESTS if is_lesson else None,
                    "KB at most": LESSON_KB if is_lesson else None,
                }
                weights.append(where | median([weight for weight, _ in some]) | aims)
                aims = {"LCP at most": LCP.get((network, when)), "shift at most": SHIFT}
                times.append(where | median([seen for _, seen in some]) | aims)
            print(f"{network}: {screen}", file=sys.stderr)
    return weights, times


# --- The first session -----------------------------------------------------------------------------------------------


def first_session(phone: Phone, code: str) -> dict:
    """Sign-in, LESSONS lessons with «Sudah paham», the quiz with all answers right, its result. She reads each page, so
    that what a page asks for later comes too."""
    page, key, pages = phone.page, key_of(MODULE_FILE), 0

    def go_on(button) -> None:
        nonlocal pages
        press(button)
        phone.settle()
        pages += 1

    phone.forget()
    phone.open("/masuk/")
    phone.settle()
    page.locator("input[name=login]").fill(code)
    page.locator("input[name=password]").fill(PIN)
    go_on(page.locator("form button.main"))
    # Home installs the service worker, which no page has come through yet: what no page asked for is its install.
    installed, before = phone.line.received - weight_of(carried(phone.own, phone.worker)), len(phone.line.answers)
    go_on(page.locator("main .next a.btn.main"))
    for _ in range(LESSONS):
        go_on(page.get_by_role("button", name="Sudah paham"))
    go_on(page.get_by_role("button", name="Mulai kuis"))
    questions = 0
    while "/soal/" in page.url:
        answer(page, key[page.locator("h1").inner_text().strip()], right=True, javascript=True)
        go_on(page.locator("button.main"))
        questions += 1
    assert questions == len(key) and "/hasil/" in page.url, page.url
    looks = [one.bytes for one in phone.line.answers[before:] if one.path == SERVICE_WORKER]
    return {
        "pages": pages + 1,
        "requests": len(phone.line.answers),
        "KB": kb(phone.line.received),
        "pages and their files KB": kb(phone.line.received - installed - sum(looks)),
        "service worker's install KB": kb(installed),
        "looks for a new one": len(looks),
        "looks KB": kb(sum(looks)),
        "sent KB": kb(phone.line.sent),
    }


def measure_sessions(browser: Browser, line: Line, codes: list[str], asked: argparse.Namespace) -> list[dict]:
    rows = []
    for network, conditions in asked.networks.items():
        runs = []
        for _ in range(asked.runs):
            with phone(browser, line, conditions, []) as one:
                runs.append(first_session(one, codes.pop()))
        rows.append({"network": network} | median(runs) | {"KB at most": SESSION_KB})
        print(f"{network}: first session", file=sys.stderr)
    return rows


def weight_of(some: list[Asked]) -> int:
    return sum(one.bytes for one in some)


def kb(size: float) -> float:
    return size / 1000


def median(rows: list[dict]) -> dict:
    """Each figure's own."""
    return {name: round(statistics.median(row[name] for row in rows), 3) for name in rows[0]}


# --- The site --------------------------------------------------------------------------------------------------------


@contextmanager
def site(folder: Path) -> Iterator[RealServer]:
    """The product with the demo's people, and one worker."""
    os.environ |= ENVIRONMENT
    database, static = databases.new_name(folder, "phone"), folder / "static"
    environment = {
        "DATABASE_URL": databases.url(database),
        "PRIVATE_ROOT": str(folder / "private"),
    }
    run("scripts/prepare", **environment)
    manage("make_demo", **environment)
    manage("collectstatic", "--noinput", STATIC_ROOT=str(static))
    with running(folder, database, static, WORKERS="1") as server:
        yield server


def enrolled(server: RealServer, sessions: int = 0) -> list[str]:
    """The codes of a learner whose quiz is open, and then for each session one who has LESSONS lessons before her."""
    code = LEARNERS.format(module=MODULE, sessions=sessions, left=LESSONS, pin=PIN)
    printed = server.manage("shell", "-v", "0", "-c", code)
    return [line.split()[1] for line in printed.splitlines() if line.startswith("code ")]


def ready(browser: Browser, line: Line, code: str, quick: bool) -> tuple[list[dict], dict[str, str]]:
    """The cookies of one who has signed in, and the screens, each of which the server has shown once."""
    base_url = f"http://127.0.0.1:{line.port}"
    with browser.new_context(**PHONE, service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{base_url}/masuk/")
        page.locator("input[name=login]").fill(code)
        page.locator("input[name=password]").fill(PIN)
        press(page.locator("form button.main"))
        screens = {"sign-in": "/masuk/", "home": "/belajar/", "lesson": LESSON, "quiz": f"/modul/{MODULE}/kuis/"}
        for path in screens.values():
            page.goto(base_url + path)
        press(page.get_by_role("button", name="Mulai kuis"))
        screens["first question"] = page.url.removeprefix(base_url)
        return context.cookies(), {"lesson": LESSON} if quick else screens


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    asked.networks = dict(list(NETWORKS.items())[-1:]) if asked.quick else NETWORKS
    asked.runs = 1 if asked.quick else RUNS
    with tempfile.TemporaryDirectory(prefix="belajar-phone-") as folder, site(Path(folder)) as server:
        reader, *codes = enrolled(server, sessions=len(asked.networks) * asked.runs)
        line = Line(server.port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            cookies, screens = ready(browser, line, reader, asked.quick)
            weights, times = measure_screens(browser, line, cookies, screens, asked)
            rows = measure_sessions(browser, line, codes, asked)
            browser.close()
    tables = [
        {"title": "What a screen weighs (HTTP without TLS)", "rows": weights},
        {"title": "When a screen shows (HTTP without TLS)", "rows": times},
        {"title": "The whole first session (HTTP without TLS)", "rows": rows},
    ]
    print_tables(tables)
    keep("bench-phone", tables, QUICK if asked.quick else RESULTS)


if __name__ == "__main__":
    main()
