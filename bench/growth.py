"""Figure 5: the same screens of the same people, with ever more people beside them. Each size has its server, and they
are asked in turns."""

from contextlib import ExitStack

from bench.client import Phone, run
from bench.pages import ANEW, asking, greeting, own_form
from bench.site import Site, in_turns
from courses.models import LessonPage
from lms.crowd import COMPANIONS_A_REGENCY, card_code, companion_name, coordinator_name
from people.models import Companion, Coordinator, Learner, Region
from reports import numbers
from tests.faults.crowd import inside

TITLE = "The same screens beside ever more learners"
SCREENS = ["lesson", "/belajar/", "/dampingan/", "/dampingan/, made anew", "/laporan/", "serah terima"]
TARGET = 1.3  # times the smallest, at most
CASELOAD = 250  # so that a regency's four companions have the smallest crowd among them, and each size the same region


def measure(site: Site) -> list[dict] | None:
    """None for a whole run on SQLite: a million is PostgreSQL's."""
    if site.database == "sqlite" and not site.quick:
        return None
    rounds, requests = (2, 8) if site.quick else (8, 100)
    rows, last = [], {}
    with ExitStack() as servers:
        things, held = {}, {}
        for size in site.sizes:
            crowd = site.crowd(size, caseload=CASELOAD)
            server = servers.enter_context(site.serving(crowd))
            with inside(crowd):
                asked = screens(server.port, requests)
            held[size] = server, server.resident()
            things |= {f"{what} {size}": (server, deeds) for what, deeds in asked.items()}
        measured = in_turns(rounds, things)
        grown = {size: (server.resident() - before, server.resident()) for size, (server, before) in held.items()}
    for what in SCREENS:
        for size in site.sizes:
            one = measured[f"{what} {size}"]
            cost = one.cpu_ms + one.database_cpu_ms
            first = last.setdefault(what, cost)
            rows.append(
                {
                    "database": site.database,
                    "screen": what,
                    "learners": size,
                    "CPU ms": round(one.cpu_ms, 2),
                    "database CPU ms": round(one.database_cpu_ms, 2),
                    "times the smallest": round(cost / first, 2) if first else None,
                    "target": TARGET,
                    "worker MB": round(grown[size][1]),
                    "MB more than at first": round(grown[size][0], 1),
                }
            )
    return rows


def screens(port: int, requests: int) -> dict:
    """What to ask of the database that this process is in: deeds by screen. The learner, the companion and the
    coordinator are the same in each size, or look on over as many households."""
    lesson = LessonPage.objects.live().order_by("path").last()
    learner = Learner.objects.get(user__username=card_code(0))
    regencies = Region.objects.filter(level=Region.Level.REGENCY).order_by("code").values_list("code", flat=True)
    # The last one that has all its companions, and has them once: a large crowd goes round twice.
    place = max(min(Companion.objects.count() // COMPANIONS_A_REGENCY, len(regencies)), 1) - 1
    names = [card_code(0), companion_name(0), coordinator_name(regencies[place])]
    phones = [Phone() for _ in names]
    run(port, [phone.sign_in(name) for phone, name in zip(phones, names, strict=True)])
    reader, companion, coordinator = phones
    theirs = numbers.companions(Coordinator.objects.get(user__username=names[-1]).user).first().pk
    often = 4 * requests  # CPU is counted in hundredths of a second, and these take half a thousandth
    return {
        "lesson": asking([(reader, own_form(learner))], lesson.url, often),
        "/belajar/": asking([(reader, greeting(learner))], "/belajar/", often),
        "/dampingan/": asking([(companion, "Hari ini")], "/dampingan/", requests),
        "/dampingan/, made anew": asking([(companion, "Hari ini")], ANEW, requests // 4),
        "/laporan/": asking([(coordinator, "keluarga")], "/laporan/", requests // 4),
        "serah terima": asking([(coordinator, "Serah terima")], f"/laporan/serah-terima/{theirs}/", requests // 4),
    }
