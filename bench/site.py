"""The servers that are measured, and what is read off them: requests a second, CPU, memory.

The product and the bare hello run side by side on one core, with PostgreSQL; the phones have the other. They are asked
in turns, so that whatever else the machine does meets both alike.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from bench.client import Deed, run
from tests import databases
from tests.faults.crowd import inside
from tests.server import RealServer

CORES = sorted(os.sched_getaffinity(0))
SERVERS_CORE, PHONES_CORE = CORES[0], CORES[-1]
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1024 * 1024


@dataclass(frozen=True)
class Site:
    """One database system, with an empty product in the database ``lessons``; ``quick`` only shows that it works."""

    folder: Path
    lessons: str
    static: Path
    sizes: list[int]  # of the crowds that show what grows
    quick: bool

    @property
    def database(self) -> str:
        return connection.vendor

    def crowd(self, learners: int, **options: int) -> str:
        """A database with so many learners."""
        name = databases.new_name(self.folder, f"crowd_{learners}_{len(list(self.folder.iterdir()))}")
        databases.copy(self.lessons, name)
        with inside(name):
            call_command("make_people", learners=learners, stdout=sys.stderr, **options)
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")  # as the database does by itself sooner or later
        return name

    @contextmanager
    def serving(self, database: str, *, pinned: bool = True, **environment: str) -> Iterator["Server"]:
        """The product on ``database``: one worker on the servers' core, unless told otherwise."""
        folder = self.folder / f"server_{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        server = Server(folder, database, self.static, **({"WORKERS": "1"} | environment))
        with on_core(SERVERS_CORE) if pinned else nullcontext():
            server.start()
        try:
            for pid in database_processes():
                with suppress(ProcessLookupError):  # it has ended meanwhile
                    os.sched_setaffinity(pid, {SERVERS_CORE} if pinned else CORES)
            with on_core(PHONES_CORE) if pinned else nullcontext():
                yield server
        finally:
            server.stop()

    @contextmanager
    def with_hello(self, database: str) -> Iterator[tuple["Server", "Server"]]:
        """The product, and the bare hello beside it."""
        with (
            self.serving(database) as server,
            self.serving(database, APPLICATION="bench.hello:application", DJANGO_SETTINGS_MODULE="") as hello,
        ):
            yield server, hello


class Server(RealServer):
    def workers(self) -> list[int]:
        return _children(self.process.pid)

    def cpu(self) -> float:
        """Seconds of CPU that its workers have taken."""
        return sum(_cpu(pid) for pid in self.workers())

    def resident(self) -> float:
        """MB that a worker holds; the largest, where there are several."""
        return max(_resident(pid) for pid in self.workers()) / MB


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This process, and whatever it starts, runs on ``core`` only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass
class Measured:
    """What several rounds of one thing took."""

    requests: int = 0
    cpu: float = 0.0  # seconds, of workers
    database_cpu: float = 0.0
    rates: list[float] = field(default_factory=list)  # requests a second, round by round
    seconds: list[float] = field(default_factory=list)  # each request

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.requests

    @property
    def database_cpu_ms(self) -> float:
        return 1000 * self.database_cpu / self.requests


Deeds = Callable[[], list[Deed]]


def in_turns(rounds: int, things: dict[str, tuple[Server, Deeds]]) -> dict[str, Measured]:
    """Plays each of ``things`` ``rounds`` times, one after the other and over again. The first round only warms."""
    measured = {what: Measured() for what in things}
    for number in range(rounds + 1):
        for what, (server, deeds) in things.items():
            cpu, own_cpu = server.cpu(), database_cpu()
            begun = time.perf_counter()
            took = [seconds for some in run(server.port, deeds()).values() for seconds in some]
            wall = time.perf_counter() - begun
            if number:
                one = measured[what]
                one.requests += len(took)
                one.cpu += server.cpu() - cpu
                one.database_cpu += database_cpu() - own_cpu
                one.seconds += took
                one.rates.append(len(took) / wall)
    return measured


def ratio(thing: Measured, hello: Measured) -> float:
    """How many of ``thing`` are answered while one hello is: the median of rounds, each compared with its own hello."""
    return statistics.median(a / b for a, b in zip(thing.rates, hello.rates, strict=True))


def percentile(seconds: list[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1]


_taken: dict[int, float] = {}  # seconds of CPU, by PostgreSQL's processes; those that have ended keep theirs


def database_cpu() -> float:
    """Seconds of CPU that PostgreSQL has taken, without what it cleans up meanwhile; 0 with SQLite."""
    for pid in database_processes():
        if not _cleans_up(pid):
            _taken[pid] = max(_taken.get(pid, 0.0), _cpu(pid))
    return sum(_taken.values())


def database_processes() -> list[int]:
    """PostgreSQL's; none with SQLite, which works inside the workers."""
    if connection.vendor != "postgresql":
        return []
    return [_postmaster(), *_children(_postmaster())]


@cache
def _postmaster() -> int:
    with psycopg.connect(databases.url("postgres")) as own:
        (pid,) = own.execute("SELECT pg_backend_pid()").fetchone()
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cleans_up(pid: int) -> bool:
    try:
        return "autovacuum" in Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return True


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0  # ended meanwhile
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
