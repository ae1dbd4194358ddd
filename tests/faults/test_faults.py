"""The real server is killed, cut off, run out of disk and put back to an old copy: no acknowledged work is lost, and
none counts twice."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from people.models import User
from tests import databases
from tests.faults.crowd import Crowd, check_summaries, inside, learning, query
from tests.faults.network import FATES, BadNetwork
from tests.preloaded import PreloadedServer
from tests.server import RealServer, run

KILLS = 20


@pytest.fixture(autouse=True)
def real_databases(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Each test has a database of its own beside pytest's."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def database(tmp_path, lessons_database) -> str:
    name = databases.new_name(tmp_path, f"faults_{tmp_path.name}")
    databases.copy(lessons_database, name)
    return name


@pytest.fixture
def servers(tmp_path, database, static_root) -> Iterator:
    """Starts servers on the database; whatever still runs at the end is killed."""
    started: list[RealServer] = []

    def start() -> RealServer:
        server = PreloadedServer(tmp_path, database, static_root, WORKERS="1", GRANIAN_LOG_LEVEL="error")
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()


def is_whole(database: str) -> bool:
    """Whether SQLite's file has taken no harm; PostgreSQL was not killed."""
    if connection.vendor != "sqlite":
        return True
    with closing(sqlite3.connect(database)) as file:
        return file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_killed_and_cut_off_again_and_again_it_keeps_what_it_acknowledged(database, servers):
    """R1, R2, R4, R8: kill -9 under load, while requests are lost, cut midway, doubled and late."""
    with inside(database):
        crowd = Crowd(copies=30)
    server = servers()
    network = BadNetwork(server.port)
    for phone in crowd.phones:
        phone.port = network.port
    with learning(crowd.phones) as load:
        for _ in range(KILLS):
            spare = servers()  # ready before the other one dies, so that it dies at work
            load.more(batches=10)
            load.wait_for(batches=2 * len(crowd.phones))
            server.kill()
            server, network.target = spare, spare.port
    with inside(database):
        assert crowd.acknowledged_and_missing() == set()
    network.is_calm = True
    for phone in crowd.phones:
        phone.learn(1000)
        phone.send_all()
        assert phone.send_again is False
    network.close()
    assert server.stop() == 0
    assert network.met.keys() == set(FATES), "everything has happened"
    with inside(database):
        assert crowd.found() == crowd.expected()
        check_summaries()
    assert is_whole(database)


def test_after_a_restore_phones_fill_the_gap(database, servers, tmp_path):
    """R7, R12: from a backup that was made while people worked, and from a copy that was put back by hand."""
    with inside(database):
        crowd = Crowd(copies=1)
    server = servers()
    for phone in crowd.phones:
        phone.port = server.port
        phone.learn(4)
        phone.send_all()
    with learning(crowd.phones) as load, inside(database):
        load.more(batches=20)
        load.wait_for(batches=1)
        call_command("backup", str(tmp_path / "backups"))
    copy = databases.new_name(tmp_path, "copy_of_faults")
    server.kill()
    databases.copy(database, copy)
    server = servers()
    for phone in crowd.phones:
        phone.port = server.port
        phone.learn(4)
        phone.send_all()
    assert server.stop() == 0

    for name in ("backup", "copy"):
        if name == "backup":
            (backup,) = (tmp_path / "backups").iterdir()
            run("scripts/restore", str(backup), **server.environment)
        else:
            databases.copy(copy, database)
        with inside(database):
            assert crowd.acknowledged_and_missing()
        server = servers()
        for phone in crowd.phones:
            phone.port = server.port
            status, told = phone.ask([])
            assert (status, told["send_again"]) == (200, True), name
            phone.send_all()
        assert server.stop() == 0
        with inside(database):
            assert crowd.found() == crowd.expected()
            check_summaries()
        assert is_whole(database)


def test_a_full_disk_acknowledges_nothing_and_everything_arrives_afterwards(database, servers):
    """R5"""
    with inside(database):
        crowd = Crowd(copies=30)
        fill_the_ledger()
    server = servers()
    for phone in crowd.phones:
        phone.port = server.port
        assert phone.ask([])[0] == 200
    writers = processes_that_write(server, database)
    limit_files(writers, str(no_more_than()))
    refused = [send_until_the_disk_is_full(phone) for phone in crowd.phones]
    assert {status for status, _ in refused} == {503}
    assert all(told["text"].endswith(".") for _, told in refused)
    with inside(database):
        assert crowd.acknowledged_and_missing() == set()
    limit_files(writers, "unlimited")
    for phone in crowd.phones:
        phone.learn(1000)
        phone.send_all()
    assert server.stop() == 0
    with inside(database):
        assert crowd.found() == crowd.expected()
        check_summaries()
    assert is_whole(database)


def send_until_the_disk_is_full(phone) -> tuple[int, dict]:
    """The answer that is not 200."""
    while phone.waiting_work:
        phone.learn(5)
        before = set(phone.acknowledged)
        status, told = phone.ask(list(phone.outbox.values()))
        if status != 200:
            assert set(phone.acknowledged) == before
            return status, told
    raise AssertionError("There was room for everything.")


def no_more_than() -> int:
    """Bytes that a file may have: less than PostgreSQL's ledger has already, more than its log of 16 MB; with SQLite,
    a little more than its log has so far."""
    return 200_000 if connection.vendor == "sqlite" else 18 * 1024 * 1024


def limit_files(processes: list[int], size: str) -> None:
    """Said by each process's own owner: root may be forbidden to say it for others."""
    for pid in processes:
        owner = Path(f"/proc/{pid}").stat()
        said = ["prlimit", f"--pid={pid}", f"--fsize={size}:unlimited"]
        subprocess.run(said, check=True, user=owner.st_uid, group=owner.st_gid, extra_groups=[])


def fill_the_ledger() -> None:
    """With somebody else's work, so that it must grow beyond what the files may have."""
    if connection.vendor == "sqlite":
        return
    stranger = User.objects.create(username="orang.lain").pk
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO learn_sentwork (id, user_id, kind, digest, phone_clock, received_at) SELECT "
            "gen_random_uuid(), %s, 'lesson', repeat('0', 64), '', now() FROM generate_series(1, 140000)",
            [stranger],
        )


def processes_that_write(server: RealServer, database: str) -> list[int]:
    if connection.vendor == "sqlite":
        main = server.process.pid
        return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
    with inside("postgres"):
        return [pid for (pid,) in query(f"SELECT pid FROM pg_stat_activity WHERE datname = '{database}'")]  # noqa: S608
