"""Figure 2: what learners send by the form, against a bare hello: what it costs, one after the other and in turns with
hello; and how long each waits where 32 send at once."""

import re
from collections.abc import Callable, Iterable

from bench.client import Deed, Phone, fields_of, run
from bench.pages import asking
from bench.site import Measured, Server, Site, database_cpu, in_turns, percentile
from courses.models import LessonPage
from quizzes.models import QuizPage
from tests import factories as make
from tests.faults.crowd import inside

TITLE = "What learners send by the form, one by one and 32 at once"
AT_ONCE = 32
IN_A_TURN = 8  # learners whose work is one round, one after the other
COSTS, WAITS = 10, 20  # at most so many times the CPU of hello; the p99 at most so many times the median
Work = Callable[[Phone], Deed]  # all that one learner sends


def measure(site: Site) -> list[dict]:
    rounds, in_a_turn, at_once, lessons = (1, 2, 4, 6) if site.quick else (8, IN_A_TURN, AT_ONCE, 43)
    database = site.crowd(1)
    with inside(database):
        codes = [make.learner().user.username for _ in range(in_a_turn * (rounds + 1) + at_once)]
        lessons = list(LessonPage.objects.live().order_by("path")[:lessons])
        quiz = QuizPage.objects.live().order_by("path").first()
    with site.with_hello(database) as (server, hello):
        phones = [Phone() for _ in codes]
        run(server.port, [phone.sign_in(code) for phone, code in zip(phones, codes, strict=True)])
        crowd, others = phones[:at_once], phones[at_once:]
        turns = [others[start : start + in_a_turn] for start in range(0, len(others), in_a_turn)]

        def row(what: str, work: Work) -> dict:
            alone = one_by_one(server, hello, what, work, turns)
            return {"database": site.database, "write": what} | alone | all_at_once(server, hello, what, work, crowd)

        done = row("lesson done", lambda phone: reads(phone, lessons))
        papers: dict[int, list] = {id(phone): [] for phone in phones}
        run(server.port, [opens(phone, quiz, papers[id(phone)]) for phone in phones])
        return [done, row("quiz answer", lambda phone: answers(phone, papers[id(phone)]))]


def one_by_one(server: Server, hello: Server, what: str, work: Work, turns: list[list[Phone]]) -> dict:
    """What one costs: hello, then the learners of a turn, one after the other, and over again."""
    waiting = iter(turns)
    hellos = asking([(Phone(), "hello")], "/", 1000)
    things = {"hello": (hello, hellos), what: (server, lambda: [after_each_other(map(work, next(waiting)))])}
    measured = in_turns(len(turns) - 1, things)
    one, bare = measured[what], measured["hello"]
    return {
        "CPU ms": round(one.cpu_ms, 2),
        "database CPU ms": round(one.database_cpu_ms, 2),
        "times hello": round(one.cpu_ms / bare.cpu_ms, 1),
        "target": COSTS,
    }


def all_at_once(server: Server, hello: Server, what: str, work: Work, phones: list[Phone]) -> dict:
    bare = costing(hello, "page", asking([(Phone(), "hello")] * len(phones), "/", 500)())
    one = costing(server, what, [work(phone) for phone in phones])
    return {
        "CPU ms, at once": round(one.cpu_ms, 2),
        "times hello, at once": round(one.cpu_ms / bare.cpu_ms, 1),
        "p50 ms": round(1000 * percentile(one.seconds, 50), 1),
        "p99 ms": round(1000 * percentile(one.seconds, 99), 1),
        "p99 / p50": round(percentile(one.seconds, 99) / percentile(one.seconds, 50), 1),
        "p99 target": WAITS,
    }


def costing(server: Server, what: str, deeds: list[Deed]) -> Measured:
    """What requests of one kind take, all phones at once."""
    cpu, own_cpu = server.cpu(), database_cpu()
    seconds = run(server.port, deeds)[what]
    return Measured(len(seconds), server.cpu() - cpu, database_cpu() - own_cpu, seconds=seconds)


def after_each_other(deeds: Iterable[Deed]) -> Deed:
    for deed in deeds:
        yield from deed


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
