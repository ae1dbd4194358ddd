"""The production server where it starts often. To read in all of the product takes two seconds of CPU; here one process
has done so (``multiprocessing``'s fork server), and servers and commands are its children."""

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from runpy import run_module
from unittest.mock import patch

from django.core.files.storage import storages
from django.core.management import execute_from_command_line
from django.db import connection
from django.test import override_settings

from tests.server import AS_IN_PRODUCTION, RealServer, run


class Child(ForkServerProcess):
    """A process of the product, with what is said in it in ``log``. Has what ``RealServer`` needs of Popen."""

    def __init__(self, server: RealServer, log: Path, arguments: list[str]):
        super().__init__()
        self.database, self.environment, self.log, self.arguments = server.database, server.environment, log, arguments
        forkserver.set_forkserver_preload(["lms.wsgi"])
        with patch.dict(os.environ, AS_IN_PRODUCTION | {"STATIC_ROOT": self.environment["STATIC_ROOT"]}):
            forkserver.ensure_running()
        self.start()

    def run(self) -> None:
        multiprocessing.set_start_method("fork", force=True)  # granian's workers: what was read in is theirs too
        os.setsid()  # so that it and its workers can be killed together
        os.environ.update(self.environment)
        connection.settings_dict["NAME"] = self.database
        storages["private"]._location = self.environment["PRIVATE_ROOT"]
        own = {name: self.environment[name] for name in ("MEDIA_ROOT", "PRIVATE_ROOT", "BASE_URL")}
        override_settings(**own, WAGTAILADMIN_BASE_URL=own["BASE_URL"]).enable()
        with self.log.open("a") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        sys.argv = self.arguments
        if self.arguments[0] == "manage.py":
            execute_from_command_line(self.arguments)
        else:
            run_module("granian", run_name="__main__")

    def poll(self) -> int | None:
        return self.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait(self, seconds: float | None = None) -> int:
        self.join(seconds)
        if self.exitcode is None:
            raise subprocess.TimeoutExpired(self.arguments, seconds)
        return self.exitcode


class PreloadedServer(RealServer):
    def _begin(self) -> Child | subprocess.Popen:
        if "APPLICATION" in self.environment:  # that is something else
            return super()._begin()
        said = run("scripts/serve", **self.environment | {"PYTHON": "echo"}).split()
        return Child(self, self.log, said[1:])  # without -m

    def manage(self, *arguments: str) -> str:
        printed = self.log.with_name("manage.log")
        printed.unlink(missing_ok=True)
        code = Child(self, printed, ["manage.py", *arguments]).wait()
        assert code == 0, printed.read_text()
        return printed.read_text()
