"""Figure 4: a whole district signs in within a minute, and whoever reads meanwhile hardly notices. Both cores serve, as
in production."""

import random
import time
from collections import Counter

from bench.client import Deed, Pause, Phone, run
from bench.site import CORES, Site, percentile
from courses.models import LessonPage
from lms.crowd import card_code
from tests.faults.crowd import inside

TITLE = "2,000 learners sign in within a minute, and others read meanwhile"
LEARNERS, WITHIN = 2000, 60  # seconds
READERS, READ_EVERY = 4, 0.1  # seconds
TARGET = 2  # times the idle p99, at most


def measure(site: Site) -> list[dict]:
    learners, within = (20, 2) if site.quick else (LEARNERS, WITHIN)
    crowd = site.crowd(learners)
    with inside(crowd):
        lesson = LessonPage.objects.live().first().url
    workers = {"WORKERS": str(len(CORES)), "ALLAUTH_TRUSTED_PROXY_COUNT": "1"}
    with site.serving(crowd, pinned=False, **workers) as server:
        run(server.port, [reader(lesson, until=time.monotonic() + 1) for _ in range(READERS)])  # warms
        end = time.monotonic() + within / 4
        idle = run(server.port, [reader(lesson, until=end) for _ in range(READERS)])["read"]
        left, lot = Counter(learners=learners), random.Random(1)  # noqa: S311
        arriving = [signs_in(i, lot.uniform(0, within), left) for i in range(learners)]
        begun, cpu = time.monotonic(), server.cpu()
        took = run(server.port, [*arriving, *(reader(lesson, left=left) for _ in range(READERS))])
        wall, cpu = time.monotonic() - begun, server.cpu() - cpu
    return [
        {
            "database": site.database,
            "learners": learners,
            "seconds": round(wall, 1),
            "asked to wait": len(took["sign-in"]) - learners,
            "CPU ms a sign-in": round(1000 * cpu / learners, 1),
            "readers' p50 ms, idle": round(1000 * percentile(idle, 50), 1),
            "meanwhile": round(1000 * percentile(took["read"], 50), 1),
            "readers' p99 ms, idle": round(1000 * percentile(idle, 99), 1),
            "p99 meanwhile": round(1000 * percentile(took["read"], 99), 1),
            "times idle": round(percentile(took["read"], 99) / percentile(idle, 99), 2),
            "target": TARGET,
        }
    ]


def signs_in(number: int, after: float, left: Counter) -> Deed:
    yield Pause(after)
    yield from Phone(address=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}").sign_in(card_code(number))
    left["learners"] -= 1


def reader(lesson: str, *, until: float | None = None, left: Counter | None = None) -> Deed:
    """Reads until that time, or as long as somebody still signs in."""
    phone, lot = Phone(address="10.200.0.1"), random.Random(2)  # noqa: S311
    while time.monotonic() < until if until else left["learners"]:
        (yield from phone.get("read", lesson)).expect(200, "Masuk untuk")
        yield Pause(READ_EVERY * lot.uniform(0.5, 1.5))
