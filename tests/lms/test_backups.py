"""``manage.py backup`` and the way back from it. That phones fill the gap afterwards, tests/faults shows."""

import errno
import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from learn import rights
from learn.models import Epoch
from lms.backups import CONTENTS, BadBackup, back_up, check, restore
from people.models import Consent, HouseholdEvent, Learner, Session, TemporaryPin, User
from people.pins import choose_pin
from tests import databases
from tests import factories as make
from tests.factories import A_DAY
from tests.faults.crowd import inside, query
from tests.learn.phone import phone_of
from tests.server import ROOT


@pytest.fixture(autouse=True)
def database(tmp_path, lessons_database, django_db_setup, django_db_blocker):
    """Each test has one of its own beside pytest's."""
    name = databases.new_name(tmp_path, f"backups_{tmp_path.name}")
    with django_db_blocker.unblock():
        databases.copy(lessons_database, name)
        with inside(name):
            yield name


@pytest.fixture(autouse=True)
def roots(tmp_path, settings) -> list[Path]:
    """Where editors' files and families' lie, with one in each."""
    found = []
    for setting in ("MEDIA_ROOT", "PRIVATE_ROOT"):
        folder = tmp_path / setting / "below"
        folder.mkdir(parents=True)
        (folder / "kept.webp").write_text(setting)
        setattr(settings, setting, str(folder.parent))
        found.append(folder.parent)
    return found


def test_files_in_folders_that_are_links_come_back_too(tmp_path, roots, settings):
    """As deployments have them that replace the folder of the code."""
    for place, setting in enumerate(("MEDIA_ROOT", "PRIVATE_ROOT")):
        link = tmp_path / f"link-{place}"
        link.symlink_to(roots[place])
        setattr(settings, setting, str(link))
    made = back_up(tmp_path / "backups")
    for root in roots:
        (root / "below/kept.webp").unlink()
    restore(made)
    assert [(root / "below/kept.webp").read_text() for root in roots] == ["MEDIA_ROOT", "PRIVATE_ROOT"]


def test_a_file_that_is_deleted_meanwhile_is_not_missed(tmp_path, roots, monkeypatch):
    """A learner takes a photo back just then."""
    (going := roots[1] / "below/going.webp").write_text("soon gone")
    add = tarfile.TarFile.add

    def add_late(tar, path, *arguments, **options):
        if str(path) == str(going):
            going.unlink()
        return add(tar, path, *arguments, **options)

    monkeypatch.setattr(tarfile.TarFile, "add", add_late)
    made = back_up(tmp_path / "backups")
    with tarfile.open(made / "private.tar") as tar:
        assert [name for name in tar.getnames() if name.endswith(".webp")] == ["./below/kept.webp"]


def test_a_backup_that_found_no_room_takes_none(tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "add", full)
    with pytest.raises(OSError, match="No space left"):
        back_up(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def half_made(folder: Path) -> Path:
    (half := folder / ".20261130-231528-705282").mkdir(parents=True)
    (half / "media.tar").touch()
    return half


def test_what_a_power_cut_left_of_a_backup_takes_no_room_from_the_next(tmp_path):
    half_made(tmp_path / "backups")
    made = back_up(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == [made]


def test_a_backup_that_is_being_made_is_left_to_whoever_makes_it(tmp_path):
    half = half_made(tmp_path / "backups")
    handle = os.open(tmp_path / "backups", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(BadBackup, match="Another backup is being made"):
            back_up(tmp_path / "backups")
        assert (half / "media.tar").exists()
    finally:
        os.close(handle)


@pytest.mark.parametrize(
    "contents", ["", "[]", '{"sums": 3}', '{"sums": {}, "made_at": "kemarin"}', '{"sums": {}, "made_at": 3}']
)
def test_a_list_of_contents_that_somebody_has_written_over_is_refused(contents, tmp_path):
    (tmp_path / CONTENTS).write_text(contents)
    with pytest.raises(BadBackup, match=f"it has no readable {CONTENTS}"):
        check(tmp_path)


@pytest.mark.parametrize("setting", ["MEDIA_ROOT", "PRIVATE_ROOT", "STATIC_ROOT"])
def test_no_backup_lies_where_everyone_could_fetch_it_or_where_the_next_would_hold_it(setting, tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path / "STATIC_ROOT")
    link = tmp_path / "link"
    link.symlink_to(getattr(settings, setting))
    for folder in (Path(getattr(settings, setting)), link / "backups"):
        with pytest.raises(BadBackup, match=f"lies in {setting}"):
            back_up(folder)
        assert not (link / "backups").exists()


def test_a_backup_of_the_version_before_comes_back_over_tables_that_it_does_not_know(tmp_path):
    """The update was the mistake: one of its tables points at people, and may not be in its own way later."""
    User.objects.create(username="rina.marlina")
    made = back_up(tmp_path / "backups")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE newer (id bigint PRIMARY KEY, account bigint REFERENCES people_user (id))")
        cursor.execute("INSERT INTO newer SELECT 1, id FROM people_user")
    User.objects.create(username="agus.salim")
    restore(made)
    assert query("SELECT username FROM people_user") == [("rina.marlina",)]
    assert "newer" not in connection.introspection.table_names()


def test_files_that_find_no_room_leave_the_database_as_it_is(tmp_path, settings):
    """A database of yesterday without its new epoch, and phones would send nothing again."""
    made = back_up(tmp_path / "backups")
    User.objects.create(username="rina.marlina")
    settings.PRIVATE_ROOT = str(tmp_path / "PRIVATE_ROOT/below/kept.webp")  # no folder: nothing goes in
    before = Epoch.objects.current()
    with pytest.raises(OSError, match="kept"):
        restore(made)
    assert (User.objects.count(), Epoch.objects.current()) == (1, before)


def test_whoever_is_cut_off_while_she_puts_it_back_leaves_nothing_of_it_on_the_disk(tmp_path, database, roots):
    """Her connection to the server goes, or its memory runs out. As ``psql`` begins, its caller is killed."""
    User.objects.create(username="rina.marlina")
    made = back_up(tmp_path / "backups")
    programs, temporary = tmp_path / "programs", tmp_path / "temporary"
    programs.mkdir()
    temporary.mkdir()
    (programs / "psql").write_text("#!/bin/sh\nkill -9 $PPID\n")
    (programs / "psql").chmod(0o755)
    environment = {
        "DATABASE_URL": databases.url(database),
        "MEDIA_ROOT": str(roots[0]),
        "PRIVATE_ROOT": str(roots[1]),
        "PATH": f"{programs}:{os.environ['PATH']}",
        "TMPDIR": str(temporary),
    }
    done = subprocess.run([sys.executable, "manage.py", "restore", str(made)], cwd=ROOT, env=os.environ | environment)
    assert done.returncode == (0 if connection.vendor == "sqlite" else -9)
    files = [path for path in temporary.rglob("*") if path.is_file()]
    assert [path for path in files if b"rina.marlina" in path.read_bytes()] == []


def test_after_two_restores_what_was_there_before_both_is_there_still(tmp_path, database):
    made = back_up(tmp_path / "backups")
    User.objects.create(username="rina.marlina")
    for _ in range(2):
        restore(made)
    found = []
    for file in Path(database).parent.glob("*.before-restore-*"):
        with closing(sqlite3.connect(file)) as copy:
            found += copy.execute("SELECT username FROM people_user").fetchall()
    assert found == ([("rina.marlina",)] if connection.vendor == "sqlite" else [])  # PostgreSQL has no file to keep


# --- What must not come back -------------------------------------------------------------------------------------


def test_whoever_was_erased_since_the_backup_goes_again(tmp_path, roots, capsys):
    """P4. The backup has a list of its own, of those who were gone already; a full disk had cut a line of it."""
    home = make.household()
    before, since, stays = (make.learner(home, first_name=name) for name in ("Wati", "Sari", "Dedi"))
    rights.erase(before)
    with (roots[1] / "erased.txt").open("a") as noted:
        noted.write("12 2026-1")
    made = back_up(tmp_path / "backups")
    rights.erase(since)
    restore(made)
    assert set(Learner.objects.all()) == {since, stays}, "or the backup was none"
    call_command("prepare")
    assert list(Learner.objects.all()) == [stays]
    assert "1 pelajar yang sudah dihapus kembali bersama cadangan, dan dihapus lagi." in capsys.readouterr().out
    call_command("prepare")
    assert "pelajar" not in capsys.readouterr().out


def test_a_phone_whose_learner_was_erased_since_the_backup_is_told_so_after_it_too(tmp_path):
    """Also under a key that the backup does not have, and where it does not have her."""
    sari = make.learner()
    before = phone_of(sari)
    made = back_up(tmp_path / "backups")
    since, newcomer = phone_of(sari), make.learner(first_name="Nia")
    phones = [before, since, phone_of(newcomer)]
    rights.erase(sari)
    rights.erase(newcomer)
    restore(made)
    call_command("prepare")
    assert [phone.post(phone.batch([])).status_code for phone in phones] == [410, 410, 410]


def test_whoever_gets_the_number_of_somebody_erased_stays(tmp_path):
    """A database that went back in time gives its numbers out again."""
    home = make.household()
    made = back_up(tmp_path / "backups")
    erased = make.learner(home)
    number = erased.user_id
    rights.erase(erased)
    restore(made)
    assert make.learner(home).user_id == number
    call_command("prepare")
    assert Learner.objects.count() == 1


def test_the_list_of_the_erased_comes_with_the_backup_to_a_new_machine(tmp_path, roots):
    """Where a still older backup is put back after it."""
    home = make.household()
    make.learner(home)
    oldest = back_up(tmp_path / "backups")
    rights.erase(Learner.objects.get())
    newer = back_up(tmp_path / "backups")
    shutil.rmtree(roots[1])
    for backup in (newer, oldest):
        restore(backup)
    call_command("prepare")
    assert not Learner.objects.exists()


def test_a_folder_that_takes_nothing_hinders_no_erasure(tmp_path, settings, caplog):
    (file := tmp_path / "no folder").touch()
    settings.PRIVATE_ROOT = str(file)
    sari = make.learner()
    rights.erase(sari)
    assert not Learner.objects.exists()
    assert f"erased.txt misses this line: {sari.user_id} {sari.user.date_joined.isoformat()} " in caplog.text


def test_a_backup_comes_back_with_the_python_of_debian_12(tmp_path, roots, monkeypatch):
    """3.11.2, whose tarfile takes no filter yet; docs/production.md installs on it."""
    extract = tarfile.TarFile.extractall
    monkeypatch.setattr(tarfile.TarFile, "extractall", lambda tar, path, members=None: extract(tar, path, members))
    made = back_up(tmp_path / "backups")
    (kept := roots[1] / "below/kept.webp").unlink()
    restore(made)
    assert kept.exists()


def test_whoever_withdrew_since_the_backup_has_withdrawn(tmp_path):
    """P2. Who has agreed anew before it has agreed."""
    sari, dedi, wati = (make.learner(first_name=name) for name in ("Sari", "Dedi", "Wati"))
    rina = make.companion().user
    rights.withdraw(dedi, by=dedi.user)
    Consent.objects.give(dedi, method=Consent.Method.AT_THE_DOOR, by=rina)
    made = back_up(tmp_path / "backups")
    rights.withdraw(sari, by=sari.user)
    restore(made)
    assert User.objects.get(pk=sari.user_id).is_active, "or the backup was none"
    call_command("prepare")
    assert set(Learner.objects.active()) == {dedi, wati}
    assert sari.household.events.first().kind == HouseholdEvent.Kind.CONSENT_WITHDRAWN
    Consent.objects.give(Learner.objects.get(pk=sari.pk), method=Consent.Method.AT_THE_DOOR, by=rina)
    call_command("prepare")
    assert sari in Learner.objects.active(), "she may come back"


def test_whoever_agreed_anew_has_agreed_where_a_backup_from_before_was_put_back_by_mistake(tmp_path):
    sari = make.learner()
    wrong = back_up(tmp_path / "backups")
    rights.withdraw(sari, by=sari.user)
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=make.companion().user)
    right = back_up(tmp_path / "backups")
    for backup, agrees in ((wrong, False), (right, True)):
        restore(backup)
        call_command("prepare")
        assert Learner.objects.active().exists() == agrees


def test_whoever_agreed_anew_after_the_clock_was_set_back_has_agreed(monkeypatch):
    """Hers was the moment of a server whose clock had been a day ahead: each new version ended her consent again."""
    sari = make.learner()
    tomorrow = timezone.now() + A_DAY
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: tomorrow)
        rights.withdraw(sari, by=sari.user)
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=make.companion().user)
    call_command("prepare")
    assert sari in Learner.objects.active()


def test_what_a_restore_says_leads_to_whoever_has_an_old_secret_again(tmp_path, capsys, caplog):
    """Hers was replaced because somebody knew it, or was the first of her own."""
    sari, rina, admin = make.learner(), make.companion().user, make.administrator()
    dedi, wati = make.learner(first_name="Dedi", pin=None), make.learner(first_name="Wati")
    TemporaryPin.objects.issue(wati, by=rina, request=RequestFactory().get("/"))
    backup = back_up(tmp_path / "backups")
    caplog.clear()
    with caplog.at_level("INFO"):
        TemporaryPin.objects.issue(sari, by=rina, request=RequestFactory().get("/"))
        desk = Client()
        desk.force_login(admin)
        given = {"usable_password": "true", "password1": "dari-administrator", "password2": "dari-administrator"}
        desk.post(f"/django-admin/people/user/{rina.pk}/password/", given)
        own = {"oldpassword": make.PASSWORD, "password1": "hanya-saya-yang-tahu", "password2": "hanya-saya-yang-tahu"}
        desk.post("/akun/ganti-pin/", own)
        choose_pin(dedi, make.PIN, first=True)
        choose_pin(wati, make.PIN)
    call_command("restore", backup)
    assert User.objects.get(pk=sari.user_id).check_password(make.PIN), "as it was then"

    made_at = datetime.fromisoformat(json.loads((backup / CONTENTS).read_text())["made_at"])
    assert f"seperti pada {made_at:%Y-%m-%d %H:%M} UTC" in capsys.readouterr().out
    [pattern] = re.findall(r"grep -E '(.*?)'", (ROOT / "docs/production.md").read_text())
    assert [line for line in caplog.messages if re.search(pattern, line)] == [
        f"temporary PIN for learner {sari.pk} by user {rina.pk}",
        f"temporary password for user {rina.pk} by user {admin.pk}",
        f"own PIN or password for user {admin.pk}",
        f"own PIN for learner {dedi.pk}",
        f"own PIN for learner {wati.pk}",
    ]


def test_no_session_comes_back(tmp_path):
    """One may have ended since, because the phone was stolen."""
    client = Client()
    client.force_login(make.learner().user)
    made = back_up(tmp_path / "backups")
    assert Session.objects.count() == 1
    restore(made)
    assert Session.objects.count() == 0


# --- scripts/restore, as somebody in a hurry types it ------------------------------------------------------------


def refusal(*arguments: str, cwd: Path) -> str:
    """What the script says, which puts nothing back."""
    environment = os.environ | {"PYTHON": sys.executable}
    command = [str(ROOT / "scripts/restore"), *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    return done.stderr.strip()


def test_a_backup_is_named_from_the_folder_where_one_is(tmp_path):
    made = back_up(tmp_path / "backups")
    (made / "media.tar").unlink()  # or everything would be put back
    assert f"{made / 'media.tar'} is missing" in refusal(made.name, cwd=made.parent)


def test_without_a_backup_it_says_what_it_needs(tmp_path):
    assert refusal(cwd=tmp_path).endswith("Name the backup: scripts/restore FOLDER/20261129-021500-000000")
