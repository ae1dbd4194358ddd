"""Figure 2: what learners send, one by one and by the form, 32 at a time, against a bare hello."""

import re

from bench.client import Deed, Phone, fields_of, run
from bench.pages import asking
from bench.site import Measured, Server, Site, database_cpu, percentile
from courses.models import LessonPage
from quizzes.models import QuizPage
from tests import factories as make
from tests.faults.crowd import inside

TITLE = "What learners send by the form, 32 at a time"
LEARNERS = 32
COSTS, WAITS = 10, 20  # at most so many times the CPU of hello; the p99 at most so many times the median


def measure(site: Site) -> list[dict]:
    learners, lessons, hellos = (4, 6, 200) if site.quick else (LEARNERS, 43, 500)
    database = site.crowd(1)
    with inside(database):
        codes = [make.learner().user.username for _ in range(learners)]
        lessons = list(LessonPage.objects.live().order_by("path")[:lessons])
        quiz = QuizPage.objects.live().order_by("path").first()
    with site.with_hello(database) as (server, hello):
        phones = [Phone() for _ in codes]
        run(server.port, [phone.sign_in(code) for phone, code in zip(phones, codes, strict=True)])
        bare = costing(hello, "page", asking([(Phone(), "hello")] * learners, "/", hellos)())
        done = costing(server, "lesson done", [reads(phone, lessons) for phone in phones])
        papers: dict[str, list] = {code: [] for code in codes}
        run(server.port, [opens(phone, quiz, paper) for phone, paper in zip(phones, papers.values(), strict=True)])
        answered = costing(
            server, "quiz answer", [answers(phone, paper) for phone, paper in zip(phones, papers.values(), strict=True)]
        )
    rows = []
    for what, one in (("lesson done", done), ("quiz answer", answered)):
        rows.append(
            {
                "database": site.database,
                "write": what,
                "CPU ms": round(one.cpu_ms, 2),
                "database CPU ms": round(one.database_cpu_ms, 2),
                "times hello": round(one.cpu_ms / bare.cpu_ms, 1),
                "target": COSTS,
                "p50 ms": round(1000 * percentile(one.seconds, 50), 1),
                "p99 ms": round(1000 * percentile(one.seconds, 99), 1),
                "p99 / p50": round(percentile(one.seconds, 99) / percentile(one.seconds, 50), 1),
                "p99 target": WAITS,
            }
        )
    return rows


def costing(server: Server, what: str, deeds: list[Deed]) -> Measured:
    """What requests of one kind take, all phones at once."""
    cpu, own_cpu = server.cpu(), database_cpu()
    seconds = run(server.port, deeds)[what]
    return Measured(len(seconds), server.cpu() - cpu, database_cpu() - own_cpu, seconds=seconds)


def reads(phone: Phone, lessons: list[LessonPage]) -> Deed:
    """Says «Sudah paham» to one lesson after the other."""
    for lesson in lessons:
        done = yield from phone.post("lesson done", f"/belajar/pelajaran/{lesson.translation_key}/paham/", {})
        done.expect(302)
        phone.cookies.pop("messages", None)  # the next page shows it, and it is gone


def opens(phone: Phone, quiz: QuizPage, paper: list[tuple[str, dict]]) -> Deed:
    """Begins the quiz and looks at each question; ``paper`` gets its address and an answer to its form."""
    begun = yield from phone.post("begin", f"/belajar/kuis/{quiz.translation_key}/mulai/", {})
    first = begun.expect(302).headers["location"]
    for number in range(1, quiz.asked_count + 1):
        path = re.sub(r"soal/\d+/", f"soal/{number}/", first)
        page = (yield from phone.get("question", path)).expect(200)
        paper.append((path, fields_of(page.text)))


def answers(phone: Phone, paper: list[tuple[str, dict]]) -> Deed:
    """Sends one answer after the other; after the last the attempt is judged."""
    for path, answer in paper:
        sent = (yield from phone.post("quiz answer", path, answer)).expect(302)
    assert "/hasil/" in sent.headers["location"]
