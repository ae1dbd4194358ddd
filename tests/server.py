"""The production server as a process of its own, started by the same script as ``make run``."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases

ROOT = Path(__file__).resolve().parent.parent
STOPS_WITHIN = 10  # seconds
AS_IN_PRODUCTION = {"STATIC_STORAGE": "lms.static_files.StaticFilesStorage"}


def run(*command: str, **environment: str) -> str:
    """What a program of the project prints. Raises CalledProcessError."""
    environment = os.environ | {"PYTHON": sys.executable} | AS_IN_PRODUCTION | environment
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def manage(*arguments: str, **environment: str) -> str:
    """What a management command prints. Raises CalledProcessError."""
    return run(sys.executable, "manage.py", *arguments, **environment)


def once_a_run(done: Path, work: Callable[[], object]) -> None:
    """Does ``work`` in the first worker that comes; the others wait for it. ``done`` marks that it is."""
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            work()
            done.touch()


class RealServer:
    """granian with its own database, uploads and port. Use it through ``running``."""

    def __init__(self, folder: Path, database: str, static_root: Path, **environment: str):
        self.database = database
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "DATABASE_URL": databases.url(database),
            "MEDIA_ROOT": str(folder / "media"),
            "PRIVATE_ROOT": str(folder / "private"),
            "STATIC_ROOT": str(static_root),
            "BASE_URL": self.base_url,
            "PORT": str(self.port),
            "PYTHON": sys.executable,
        } | environment
        self.log = folder / "server.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns as soon as all its workers answer."""
        said_before = self.log.stat().st_size if self.log.exists() else 0
        self.process = self._begin()
        for _ in range(2400):  # two minutes: the machine may have much else to do
            if self.answers() and self._has_all_workers(said_before):
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        raise AssertionError(f"The server does not answer.\n{self.log.read_text()}")

    def _begin(self) -> subprocess.Popen:
        with self.log.open("a") as log:
            return subprocess.Popen(
                ["scripts/serve"],
                cwd=ROOT,
                env=os.environ | AS_IN_PRODUCTION | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that it and its workers can be killed together
            )

    def _has_all_workers(self, said_before: int) -> bool:
        """A worker that is told to stop while it starts hears it only when it is killed. Where granian may only speak
        of errors, one that answers stands for all."""
        if (os.environ | self.environment).get("GRANIAN_LOG_LEVEL") == "error":
            return True
        workers = int(self.environment.get("WORKERS", os.cpu_count()))
        return self.log.read_bytes()[said_before:].count(b"] Started worker-") >= workers

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.base_url}/masuk/", timeout=10)
        except urllib.error.HTTPError:
            pass  # an answer too
        except OSError:
            return False
        return True

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends the signal and returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)

    def kill(self) -> None:
        """As when the power goes: the server and its workers are gone at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def manage(self, *arguments: str) -> str:
        """Runs a management command on the server's own data."""
        return manage(*arguments, **self.environment)


@contextmanager
def running(
    folder: Path, database: str, static_root: Path, kind: type[RealServer] = RealServer, **environment: str
) -> Iterator[RealServer]:
    """A started server with ``environment`` on top; stopped at the end, which must go cleanly."""
    server = kind(folder, database, static_root, **environment)
    server.start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            code = server.stop()
            assert code == 0, f"The server stopped with {code}.\n{server.log.read_text()}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
