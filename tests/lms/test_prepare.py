"""What brings the database to this version, on a machine where something is not right."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import ROOT


def prepare(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/belajar.sqlite3", "PYTHON": sys.executable} | environment
    return subprocess.run(
        ["scripts/prepare"], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def refused(done: subprocess.CompletedProcess) -> str:
    """The one line in which it said why not."""
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    return line


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path):
    line = refused(prepare(tmp_path, DATABASE_URL="postgresql://belajar:rahasia@127.0.0.1:1/belajar"))
    assert "DATABASE_URL: basis data tidak bisa dibuka." in line
    assert "rahasia" not in line


@pytest.mark.parametrize("name", ["PRIVATE_ROOT", "MEDIA_ROOT"])
def test_a_folder_that_takes_no_files_is_told_before_anything_is_written(name, tmp_path):
    (tmp_path / "berkas").write_text("")
    line = refused(prepare(tmp_path, **{name: str(tmp_path / "berkas" / "dalam")}))
    assert f"{name}: folder tidak bisa ditulisi." in line
    assert "TABLE" not in (tmp_path / "belajar.sqlite3").read_text(errors="replace")


def test_the_demo_does_not_share_a_port_with_another_server(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        environment = os.environ | {"PORT": str(other.getsockname()[1]), "DATABASE_URL": f"sqlite:///{tmp_path}/demo"}
        done = subprocess.run(["scripts/run"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert "Mungkin server lain masih jalan" in refused(done)
