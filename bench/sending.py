"""Figure 3. The endpoint that takes phones' work: facts a second through the real server, against a bare insert of as
many rows in transactions of the same size by as many processes.

Every batch is a learner's phone after days without a signal; one in five comes a second time, as after a lost answer.
Summaries are exact: they are compared with the facts at the end, and a batch that is not answered with 200 fails the
run."""

import http.client
import json
import multiprocessing
import random
import statistics
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from django.core.management import call_command
from django.db import connection, transaction

from bench.site import CORES, Site, percentile
from courses.models import LessonPage
from learn.models import SentWork
from people.ids import new_id
from people.models import SendingKey
from tests import factories as make
from tests.faults.crowd import inside
from tests.learn.phone import Phone

TITLE = "Batches from phones, against a bare insert"
PHONES_AT_ONCE = 4
FACTS = 12_000  # a row of the table
BATCHES = [10, 40, 200]  # items


def measure(site: Site) -> list[dict]:
    facts = 400 if site.quick else FACTS
    database, rows, stored = site.crowd(1), [], 0
    with site.serving(database, pinned=False, WORKERS=str(len(CORES))) as server, inside(database):
        for size in BATCHES:
            bodies = made_batches(size, facts)
            stored += len(bodies) * size
            sent(server.port, bodies[: len(CORES)])  # warm
            seconds, latencies = sent(server.port, bodies[len(CORES) :])
            speed = (len(bodies) - len(CORES)) * size / seconds
            bare = bare_inserts(size, facts)
            rows.append(
                {
                    "database": site.database,
                    "items a batch": size,
                    "facts/s": round(speed),
                    "bare insert rows/s": round(bare),
                    "ratio": round(speed / bare, 3),
                    "p50 ms": round(1000 * statistics.median(latencies)),
                    "p99 ms": round(1000 * percentile(latencies, 99)),
                }
            )
        call_command("rebuild_progress", "--check", stdout=sys.stderr)
        assert SentWork.objects.count() == stored
    return rows


def made_batches(size: int, facts: int) -> list[tuple[str, str]]:
    """(key, body) of each batch: a learner's own. She does as many lessons as there are, and some again."""
    lessons = list(LessonPage.objects.live())
    batches = []
    with transaction.atomic():
        for _ in range(facts // size + len(CORES)):
            learner = make.learner(pin=None)
            phone = Phone(SendingKey.objects.issue(learner.user), learner.user_id)
            items = [phone.lesson(lessons[n % len(lessons)], id=str(new_id())) for n in range(size)]
            batches.append((phone.key, json.dumps(phone.batch(items))))
    return batches


def sent(port: int, batches: list[tuple[str, str]]) -> tuple[float, list[float]]:
    """Seconds for all, and for each; every fifth batch is sent twice."""
    lot = random.Random(1)  # noqa: S311
    wanted = [batch for batch in batches for _ in range(1 + (lot.random() < 0.2))]
    lot.shuffle(wanted)
    local = threading.local()

    def send(batch: tuple[str, str]) -> float:
        if not hasattr(local, "network"):
            local.network = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        key, body = batch
        begun = time.perf_counter()
        local.network.request("POST", "/belajar/kirim/", body, {"Authorization": f"Bearer {key}"})
        response = local.network.getresponse()
        answer = response.read()
        took = time.perf_counter() - begun
        assert response.status == 200 and b"refused" not in answer and b"later" not in answer, answer
        return took

    begun = time.perf_counter()
    with ThreadPoolExecutor(PHONES_AT_ONCE) as pool:
        latencies = list(pool.map(send, wanted))
    return time.perf_counter() - begun, latencies


def bare_inserts(size: int, facts: int) -> float:
    """Rows a second that as many processes insert into a bare table, ``size`` in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(
            "CREATE TABLE bench_bare (id char(32) PRIMARY KEY, learner_id int, lesson char(32), at char(26))"
        )
    connection.close()
    share = max(facts // len(CORES) // size, 1)
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=insert_bare, args=(size, share)) for _ in CORES]
    begun = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    return len(CORES) * share * size / (time.perf_counter() - begun)


def insert_bare(size: int, batches: int) -> None:
    for number in range(batches):
        rows = [(new_id().hex, number, uuid.uuid4().hex, "2026-11-22 10:05:00") for _ in range(size)]
        with transaction.atomic(), connection.cursor() as cursor:
            places = ", ".join(["(%s, %s, %s, %s)"] * size)
            values = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO bench_bare VALUES {places}", values)  # noqa: S608
    connection.close()
