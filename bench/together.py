"""Nobody sees another's: 32 phones of 32 learners at once, and every answer must be its own learner's."""

import time
from uuid import UUID

from bench.client import Deed, Phone, run
from bench.site import CORES, Site, percentile
from courses.models import LessonPage
from people.models import Learner
from people.waiting import PLACES
from tests import factories as make
from tests.faults.crowd import inside

TITLE = "32 learners at once, each answer her own"
LEARNERS, SECONDS = 32, 60


def measure(site: Site) -> list[dict]:
    seconds = 2 if site.quick else SECONDS
    database = site.crowd(1)
    with inside(database):
        people = differing(LEARNERS)
        lessons = {lesson.url: lesson.translation_key for lesson in LessonPage.objects.live().order_by("path")[:3]}
    with site.serving(database, pinned=False, WORKERS=str(len(CORES))) as server:
        took = read_together(server.port, people, lessons, seconds)
    every = [one for some in took.values() for one in some]
    return [
        {
            "database": site.database,
            "learners": LEARNERS,
            "seconds": seconds,
            "answers, each its learner's own": len(every),
            "somebody else's": 0,  # the first one ends the run
            "p50 ms": round(1000 * percentile(every, 50), 1),
            "p99 ms": round(1000 * percentile(every, 99), 1),
        }
    ]


def differing(number: int) -> list[Learner]:
    """Learners whose names tell them apart."""
    return [make.learner(first_name=f"Pelajar-{place:02}") for place in range(number)]


def read_together(port: int, people: list[Learner], lessons: dict[str, UUID], seconds: float) -> dict[str, list[float]]:
    """All sign in, each on her phone; then they read, learn and look at their own screens at the same time."""
    phones = [Phone() for _ in people]
    arriving = [phone.sign_in(learner.user.username) for phone, learner in zip(phones, people, strict=True)]
    for first in range(0, len(arriving), PLACES):  # so that nobody is asked to wait
        run(port, arriving[first : first + PLACES])
    end = time.monotonic() + seconds
    deeds = [learns(phone, learner, lessons, end) for phone, learner in zip(phones, people, strict=True)]
    return run(port, deeds)


def learns(phone: Phone, learner: Learner, lessons: dict[str, UUID], end: float) -> Deed:
    """Reads over and over; every second learner says «Sudah paham» on the way. Both the name in the head and the state
    below the lesson must be hers."""
    own, says_so = f" {learner.greeting_name}</a>", learner.pk % 2
    form, done = f'name="owner" value="{learner.user_id}"', "Pelajaran ini selesai"
    is_first = True
    while time.monotonic() < end or is_first:
        for url, key in lessons.items():
            state = done if says_so and not is_first else form
            answer = (yield from phone.get("lesson", url)).expect(200, own, state)
            assert (form in answer.text) != (done in answer.text)
            if says_so and is_first:
                (yield from phone.post("lesson done", f"/belajar/pelajaran/{key}/paham/", {})).expect(302)
                (yield from phone.get("lesson", url)).expect(200, own, done)
        (yield from phone.get("home", "/belajar/")).expect(200, f"Selamat datang, {learner.greeting_name}")
        (yield from phone.get("own data", "/belajar/data/")).expect(200, learner.full_name)
        (yield from phone.get("page of all", "/modul/")).expect(200, own)
        is_first = False
