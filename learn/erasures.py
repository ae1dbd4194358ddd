"""Who was erased, in a file that no database takes back in time: a restore brings them back, and they go again. Numbers
of accounts and the moments when they were made, which tell nothing where the account is gone."""

import logging
import os
from pathlib import Path

from django.conf import settings

from people.models import Learner, User

FILE = "erased.txt"
log = logging.getLogger("learn.erasures")


def mark_of(user: User) -> str:
    """A database that went back in time gives its numbers out again, but at other moments."""
    return f"{user.pk} {user.date_joined.isoformat()}"


def note(mark: str) -> None:
    """Call it last in the transaction that erases her: nobody stays who is noted. A folder that takes nothing hinders
    no erasure; then the log has the line, to be put there by hand."""
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        with _file().open("a") as file:
            file.write(f"\n{mark}\n")  # on a line of its own, though a full disk has cut the one before
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        log.exception("%s misses this line: %s", FILE, mark)


def back() -> list[Learner]:
    """Whoever was erased and is there."""
    noted = set(_file().read_text().splitlines()) if _file().exists() else set()
    numbers = {int(number) for number in (mark.partition(" ")[0] for mark in noted) if number.isdecimal()}
    found = Learner.objects.select_related("user").in_bulk(numbers, field_name="user_id").values()
    return [learner for learner in found if mark_of(learner.user) in noted]


def _file() -> Path:
    return Path(settings.PRIVATE_ROOT) / FILE
