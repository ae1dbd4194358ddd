"""What every test stands on: an environment, a database with the real lessons, files that go with the run."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import django
import pytest
from django.conf import settings
from django.db import connection

from tests import databases
from tests.server import ROOT, RealServer, manage, once_a_run, run, running

# --- Before the settings load. A pytest-xdist worker finds all of this in its environment already. ---------------

if "TEST_FOLDER" not in os.environ:
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="belajar-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ.setdefault("DEMO", "true")
    # Static files under their plain names, so that no test waits for collectstatic; the real server has its own.
    os.environ["STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    os.environ.setdefault("SECRET_KEY", "only-tests-sign-with-this-key-0123456789-abcdefghijklmnop")
    os.environ.setdefault("PIN_PEPPER", "only-tests-hash-with-this-pepper-0123456789-abcdefghijkl")
    # The settings read DATABASE_URL once, when Django starts, which is before pytest hands out its options.
    if "--postgres" in sys.argv:
        databases.start_postgres(Path(os.environ["TEST_FOLDER"]))
    os.environ["DATABASE_URL"] = databases.url(databases.new_name(Path(os.environ["TEST_FOLDER"]), "belajar"))

# Python looks through everything that it holds each time that 700 things more are there: with all of Django and all the
# tests in memory, that was a tenth of the run.
gc.set_threshold(200_000)

# What the lessons' database is made from.
MIGRATIONS = "*/migrations/*.py"
LESSONS = ("content/*", "scripts/prepare", "lms/**/*.py", *(f"{app}/**/*.py" for app in ("badges", "progress")))
LESSONS += tuple(f"{app}/**/*.py" for app in ("practice", "quizzes", "courses", "people"))
LONG = {"faults", "browser", "bench"}  # folders whose tests start servers and browsers
FIRST = "tests/bench/test_bench.py"  # the worker that gets it makes the lessons' database
RUN_FOLDER = Path(os.environ["TEST_FOLDER"])  # shared by all workers of this run
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["PRIVATE_ROOT"] = str(RUN_FOLDER / WORKER / "private")

django.setup()
settings.MEDIA_ROOT = str(RUN_FOLDER / WORKER / "media")
settings.STATIC_ROOT = str(RUN_FOLDER / "static")
Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
# Each worker has its own. With SQLite a file, not memory: that has no WAL, and threads lock it differently.
connection.settings_dict["NAME"] = databases.new_name(RUN_FOLDER, f"test_{WORKER}")


def pytest_addoption(parser):
    parser.addoption("--postgres", action="store_true", help="run on a PostgreSQL started for this run, not on SQLite")


def pytest_report_header():
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(items):
    """While one worker makes the lessons' database, the others have the files that need none. Then the long files, so
    that no core waits at the end for another's."""
    with_database = {item.path for item in items if needs_database(item)}

    def place(item) -> int:
        if item.path == ROOT / FIRST:
            return 0
        return 1 if item.path not in with_database else 2 if item.path.parent.name in LONG else 3

    items.sort(key=place)


def needs_database(item) -> bool:
    return bool(item.get_closest_marker("django_db") or "lessons_database" in item.fixturenames)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """In CI a skipped test is a failed run: there, everything can be installed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def lessons_database(pytestconfig) -> str:
    """The name of a database with the lessons, made once a run. Copy it: nobody may change it."""
    name = databases.new_name(RUN_FOLDER, "lessons")

    def make():
        databases.create(name)
        kept, url = pytestconfig.cache.mkdir("databases"), databases.url(name)
        with databases.made_before(kept, name, MIGRATIONS, *LESSONS) as found:
            if not found:
                with databases.made_before(kept, name, MIGRATIONS):
                    manage("migrate", "--verbosity=0", DATABASE_URL=url)
                run("scripts/prepare", DATABASE_URL=url)

    once_a_run(RUN_FOLDER / "lessons.done", make)
    return name


@pytest.fixture(scope="session")
def django_db_setup(lessons_database):
    """Takes the place of pytest-django's: every test that has the database finds the lessons in it."""
    databases.copy(lessons_database, connection.settings_dict["NAME"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Brings the lessons back after a test with real transactions: Django has emptied all tables by then."""
    result = yield
    marker = item.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames:
        connection.close()
        databases.copy(databases.new_name(RUN_FOLDER, "lessons"), connection.settings_dict["NAME"])
    return result


@pytest.fixture
def quick_hashes(settings):
    """For tests in which nobody signs in with a secret."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# --- The real server ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def static_root(pytestconfig) -> Path:
    """The collected static files, as in production; those of an earlier run where none has changed since."""
    folder = pytestconfig.cache.mkdir("static") / databases.digest("static/**/*", "*/static/**/*", "lms/s*.py")

    def make():
        if not folder.exists():
            half = folder.with_suffix(f".{os.getpid()}")
            manage("collectstatic", "--noinput", STATIC_ROOT=str(half))
            half.replace(folder)

    once_a_run(RUN_FOLDER / "collected.done", make)
    return folder


@pytest.fixture(scope="session", autouse=True)
def static_meanwhile(request) -> None:
    """While the first worker makes the lessons' database, the second collects the static files."""
    if WORKER == "gw1":
        request.getfixturevalue("static_root")


@pytest.fixture(scope="session")
def demo_database(lessons_database) -> str:
    """The name of a database with the lessons and the people of the demo. Copy it: nobody may change it."""
    name = databases.new_name(RUN_FOLDER, "demo")

    def make():
        databases.copy(lessons_database, name)
        (RUN_FOLDER / "demo-private").mkdir()  # the demo may have no files of its own
        manage("make_demo", DATABASE_URL=databases.url(name), PRIVATE_ROOT=str(RUN_FOLDER / "demo-private"))

    once_a_run(RUN_FOLDER / "demo.done", make)
    return name


@contextmanager
def demo_server(
    folder: Path, demo_database: str, static_root: Path, kind: type[RealServer] = RealServer, **environment: str
) -> Iterator[RealServer]:
    database = databases.new_name(folder, f"server_{uuid4().hex}")
    databases.copy(demo_database, database)
    shutil.copytree(RUN_FOLDER / "demo-private", folder / "private")
    with running(folder, database, static_root, kind, **environment) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory, demo_database, static_root) -> Iterator[RealServer]:
    """The production server over HTTP with the demo's people, fresh for each test module."""
    with demo_server(tmp_path_factory.mktemp("server"), demo_database, static_root) as server:
        yield server


@pytest.fixture(scope="module")
def real_server(server) -> str:
    """The base URL of ``server``, such as ``http://127.0.0.1:4711``."""
    return server.base_url
