"""Figure 1: what people read, against a bare hello on the same server."""

from bench.client import Deed, Phone, run
from bench.site import Deeds, Site, in_turns, percentile, ratio
from courses.models import LessonPage
from lms.crowd import card_code, companion_name
from people.models import Learner
from tests.faults.crowd import inside

TITLE = "What people read, against a bare hello"
HOUSEHOLDS = 400  # of one companion
CLIENTS = 4
ANEW = "/dampingan/?anew"  # whatever stands behind a question mark is made by Django, and never kept
# At least so many times as fast as hello. PostgreSQL answers from another process, which costs.
TARGETS = {
    "lesson, signed in": {"sqlite": 0.30, "postgresql": 0.25},
    "lesson, anonymous": 1.0,
    "lesson, 304": 1.0,
    "/belajar/, 8 modules": 0.10,
    "/dampingan/, 400 households": 0.05,
}


def measure(site: Site) -> list[dict]:
    rounds, requests = (2, 8) if site.quick else (8, 200)
    households = 40 if site.quick else HOUSEHOLDS
    crowd = site.crowd(households, caseload=households)
    with inside(crowd):
        lesson = LessonPage.objects.live().order_by("path").last().url  # nobody has come so far
        own = [Learner.objects.get(user__username=card_code(i)) for i in range(CLIENTS)]
    with site.with_hello(crowd) as (server, hello):
        visitors, companion = [(Phone(), "Masuk untuk")] * CLIENTS, Phone()
        phones = [Phone() for _ in own]
        run(server.port, [phone.sign_in(card_code(i)) for i, phone in enumerate(phones)])
        run(server.port, [companion.sign_in(companion_name(0))])
        readers = [(phone, own_form(learner)) for phone, learner in zip(phones, own, strict=True)]
        at_home = [(phone, greeting(learner)) for phone, learner in zip(phones, own, strict=True)]
        things = {
            "hello": (hello, asking([(Phone(), "hello")] * CLIENTS, "/", requests)),
            "lesson, signed in": (server, asking(readers, lesson, requests)),
            "lesson, anonymous": (server, asking(visitors, lesson, requests)),
            "/belajar/, 8 modules": (server, asking(at_home, "/belajar/", requests // 4)),
            "/dampingan/, 400 households": (server, asking([(companion, "Hari ini")], "/dampingan/", requests // 4)),
            "the same, made anew": (server, asking([(companion, "Hari ini")], ANEW, requests // 4)),
        }
        if tag := tag_of(server.port, lesson):
            again = asking([(Phone(), "")] * CLIENTS, lesson, requests, 304, **{"If-None-Match": tag})
            things["lesson, 304"] = (server, again)
        measured = in_turns(rounds, things)
    hello = measured["hello"]
    return [
        {
            "database": site.database,
            "page": what,
            "ratio": round(ratio(one, hello), 3),
            "target": target(what, site.database),
            "CPU ms": round(one.cpu_ms, 2),
            "database CPU ms": round(one.database_cpu_ms, 2),
            "p50 ms": round(1000 * percentile(one.seconds, 50), 2),
            "p99 ms": round(1000 * percentile(one.seconds, 99), 2),
        }
        for what, one in measured.items()
    ]


def target(what: str, database: str) -> float | None:
    wanted = TARGETS.get(what)
    return wanted[database] if isinstance(wanted, dict) else wanted


def asking(people: list[tuple[Phone, str]], path: str, times: int, status: int = 200, **headers: str) -> Deeds:
    """Each phone asks for a page so many times; what is its own must stand in each answer."""
    return lambda: [asks(phone, path, times, status, piece, headers) for phone, piece in people]


def asks(phone: Phone, path: str, times: int, status: int, piece: str, headers: dict[str, str]) -> Deed:
    for _ in range(times):
        (yield from phone.get("page", path, **headers)).expect(status, piece)


def own_form(learner: Learner) -> str:
    """What only her lesson page bears while she has not said «Sudah paham»."""
    return f'name="owner" value="{learner.user_id}"'


def greeting(learner: Learner) -> str:
    return f"Selamat datang, {learner.greeting_name}"


def tag_of(port: int, path: str) -> str:
    """The ETag of a page; empty where it has none, and then there is no 304 to measure."""
    found = []

    def look() -> Deed:
        found.append((yield from Phone().get("page", path)).expect(200).headers.get("etag", ""))

    run(port, [look()])
    return found[0]
