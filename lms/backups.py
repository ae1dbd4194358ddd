"""A copy of everything people did, consistent though the server goes on working; and the way back from it."""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from learn import erasures
from learn.models import Epoch

CONTENTS = "contents.json"
FOLDERS = {"media.tar": "MEDIA_ROOT", "private.tar": "PRIVATE_ROOT"}
DROP_TABLES = """DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE 'DROP TABLE ' || name || ' CASCADE';
    END LOOP;
END $$"""
CONNECTION = ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey")


class BadBackup(Exception):
    """The backup is not whole, or not of this kind of database; nothing was changed. The message says what it is."""


def back_up(folder: Path) -> Path:
    """Makes a new backup in ``folder``, and returns it as a folder of its own. First the database, then the files: each
    file that a row of the copy names is there. Raises BadBackup where the copy is not whole, where another is being
    made there, or where it would lie in a folder that everyone is served from or that the next backup holds."""
    for setting in (*FOLDERS.values(), "STATIC_ROOT"):
        if folder.resolve().is_relative_to(Path(getattr(settings, setting)).resolve()):
            raise BadBackup(f"{folder} lies in {setting}: keep backups elsewhere, where nobody is served from.")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        for half in folder.glob(".[0-9]*-*-[0-9]*"):  # what a kill or a power cut left would take the next one's room
            shutil.rmtree(half, ignore_errors=True)
        name = _now()
        half = folder / f".{name}"  # nobody takes it for a backup before it is one
        half.mkdir(mode=0o700)
        try:
            _fill(half)
            check(half)
        except BaseException:
            shutil.rmtree(half)  # or each try on a full disk would leave less room for the next
            raise
        return half.rename(folder / name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Raises BadBackup where another is being made there. Whoever is killed lets go of it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BadBackup(f"Another backup is being made in {folder}: wait until it is there.") from None
    finally:
        os.close(handle)


def _fill(folder: Path) -> None:
    database = folder / database_name()
    if connection.vendor == "sqlite":
        _copy_sqlite(database)
    else:
        _postgres("pg_dump", "--format=custom", f"--file={database}")
    for archive, setting in FOLDERS.items():
        with tarfile.open(folder / archive, "w", dereference=True) as tar:  # such folders are often links to a disk
            _pack(tar, Path(getattr(settings, setting)), ".")
    sums = {path.name: sum_of(path) for path in sorted(folder.iterdir())}
    (folder / CONTENTS).write_text(json.dumps({"made_at": timezone.now().isoformat(), "sums": sums}, indent=1))


def _pack(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """With all below it. What is deleted on the way there, by a learner or by time, is not missed."""
    with suppress(FileNotFoundError):
        tar.add(path, arcname=name, recursive=False)
        for below in sorted(path.iterdir()) if path.is_dir() else ():
            _pack(tar, below, f"{name}/{below.name}")


def check(backup: Path) -> None:
    """Raises BadBackup where a part is missing or changed, or the database's copy is not whole."""
    try:
        contents = json.loads((backup / CONTENTS).read_text())
        sums = dict(contents["sums"])
        datetime.fromisoformat(contents["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BadBackup(f"{backup} is no backup: it has no readable {CONTENTS}.") from None
    if sums.keys() != {database_name(), *FOLDERS}:
        raise BadBackup(f"{backup} is not of this kind of database: it holds {', '.join(sorted(sums))}.")
    for name, wanted in sums.items():
        if not (backup / name).exists() or sum_of(backup / name) != wanted:
            raise BadBackup(f"{backup / name} is missing, or has changed since it was made.")
    if connection.vendor == "sqlite":
        _check_sqlite(backup / database_name())
    else:
        _postgres("pg_restore", "--list", str(backup / database_name()), connects=False)


def made_at(backup: Path) -> str:
    """As ``journalctl --since`` reads it."""
    moment = datetime.fromisoformat(json.loads((backup / CONTENTS).read_text())["made_at"])
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def restore(backup: Path) -> Epoch:
    """Puts everything back as it was in ``backup``, and begins a new epoch: phones then send again what they have kept.
    Some things are not to come back: sessions, which may have ended since, and whoever was erased or withdrew since,
    for whom ``manage.py prepare`` does it again. The server must be stopped. Raises BadBackup, and has changed nothing
    then; OSError and sqlite3.Error, and the database is as it was. First the files, of which a full disk may have too
    many: those that no row names do no harm, but a database without its new epoch would lose work."""
    check(backup)
    for archive, setting in FOLDERS.items():
        root = Path(getattr(settings, setting))
        with tarfile.open(backup / archive) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11 has it since 3.11.4
            tar.extractall(root, [one for one in tar if not _stays(root / one.name)])  # noqa: S202
    source = backup / database_name()
    if connection.vendor == "sqlite":
        _put_back_sqlite(source)
    else:
        _put_back_postgres(source)
    connection.close()
    epoch = Epoch.objects.create()
    _end_sessions()
    return epoch


def _stays(path: Path) -> bool:
    """The lists of who was erased and who withdrew know of more than the backup."""
    return path in {Path(settings.PRIVATE_ROOT) / name for name in erasures.FILES} and path.exists()


def _end_sessions() -> None:
    """In the tables as the backup has them: of this version, or of one before."""
    with connection.cursor() as cursor:
        for table in {"people_session", "django_session"}.intersection(connection.introspection.table_names(cursor)):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  one of these two


def database_name() -> str:
    return f"database.{connection.vendor}"


def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return timezone.now().strftime("%Y%m%d-%H%M%S-%f")


def _copy_sqlite(target: Path) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _check_sqlite(database: Path) -> None:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        try:
            found = copy.execute("PRAGMA integrity_check").fetchall()
            found += copy.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            found = [("ok",), str(error)]
    if found != [("ok",)]:
        raise BadBackup(f"{database} is not whole: {found[:3]}")


def _put_back_sqlite(source: Path) -> None:
    """The old file stays beside the new one, in case the wrong backup was taken, and so do those of times before."""
    connection.close()
    database = Path(connection.settings_dict["NAME"])
    new, before = database.with_name(f"{database.name}.new"), f"{database.name}.before-restore-{_now()}"
    new.unlink(missing_ok=True)  # what a full disk has cut
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(new)) as copy:
        old.backup(copy)
    for ending in ("", "-wal", "-shm"):
        path = database.with_name(database.name + ending)
        if path.exists():
            path.replace(path.with_name(f"{before}{ending}"))
    new.replace(database)


def _put_back_postgres(source: Path) -> None:
    """``pg_restore --clean`` would drop what the backup knows alone, and fail at tables of a newer version that point
    there, or leave them to be in the way of the migrations. The script's file has no name: whatever cuts this process
    off, nothing that is known of families stays on the disk."""
    with TemporaryFile() as script:
        _postgres("pg_restore", "--no-owner", "--file=-", str(source), connects=False, stdout=script)
        script.seek(0)
        at_once = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=on")
        _postgres("psql", *at_once, f"--command={DROP_TABLES}", "--file=-", stdin=script)


def _postgres(
    program: str, *arguments: str, connects: bool = True, stdin: IO | None = None, stdout: IO | int = subprocess.PIPE
) -> None:
    """Runs one of PostgreSQL's own programs, from PATH. The password is in the environment, where ``ps`` does not
    show it."""
    parameters = connection.get_connection_params()
    environment = os.environ | ({"PGPASSWORD": parameters["password"]} if parameters.get("password") else {})
    target = make_conninfo(**{name: parameters[name] for name in CONNECTION if parameters.get(name)})
    command = [program, *([f"--dbname={target}"] if connects else []), *arguments]
    streams = {"stdin": stdin, "stdout": stdout, "stderr": subprocess.PIPE}
    done = subprocess.run(command, env=environment, text=True, check=False, **streams)  # noqa: S603
    if done.returncode:
        raise BadBackup(f"{program}: {done.stderr.strip()}")
