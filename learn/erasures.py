"""Who was erased and who withdrew, in files that no database takes back in time: a restore brings them back, and what
they asked for is done again. Numbers of accounts, moments and digests of sending keys, which tell nothing where the
account is gone."""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from people.models import Consent, Learner, User

ERASED, WITHDRAWN = FILES = "erased.txt", "withdrawn.txt"
_WHOLE = re.compile(r"[0-9]+( [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+\+00:00){1,2}( [0-9a-f]{64})*\.")
log = logging.getLogger("learn.erasures")


def mark_of(user: User) -> str:
    """A database that went back in time gives its numbers out again, but at other moments."""
    return f"{user.pk} {user.date_joined.isoformat()}"


def note_erased(mark: str, at: datetime, keys: Iterable[str]) -> None:
    """Call it last in the transaction that erases her: nobody stays who is noted. ``keys`` are digests."""
    _note(ERASED, " ".join([mark, at.isoformat(), *keys]))


def note_withdrawn(learner: Learner) -> None:
    """By when she had agreed, not by when she withdrew: a clock that is set back would end what she agrees to anew."""
    given = learner.consents.aggregate(last=Max("given_at"))["last"]
    if given:
        _note(WITHDRAWN, f"{mark_of(learner.user)} {given.isoformat()}")


def erased_and_back() -> list[Learner]:
    return list(_learners({" ".join(line.split()[:2]) for line in _lines(ERASED)}).values())


def erased_keys() -> Iterator[tuple[datetime, list[str]]]:
    """When each was erased, and the digests of her sending keys: a backup does not have those that came after it."""
    for line in _lines(ERASED):
        _, _, *rest = line.split()
        if rest:
            yield datetime.fromisoformat(rest[0]), rest[1:]


def withdrawn_and_back() -> list[Learner]:
    """Those whose consent stands, though they withdrew after they had given it."""
    ended: dict[str, datetime] = {}
    for mark, _, at in (line.rpartition(" ") for line in sorted(_lines(WITHDRAWN))):
        ended[mark] = datetime.fromisoformat(at)
    found = _learners(set(ended))
    standing = Consent.objects.filter(withdrawn_at=None, learner__in=[learner.pk for learner in found.values()])
    given = dict(standing.order_by("-given_at").values_list("learner", "given_at"))  # the first, where there are two
    return [one for mark, one in found.items() if one.pk in given and given[one.pk] <= ended[mark]]


def _note(name: str, line: str) -> None:
    """A folder that takes nothing hinders nobody's right; then the log has the line, to be put there by hand."""
    file = Path(settings.PRIVATE_ROOT) / name
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as notes:
            notes.write(f"\n{line}.\n")  # on a line of its own, though a full disk has cut the one before
            notes.flush()
            os.fsync(notes.fileno())
    except OSError:
        log.exception("%s misses this line: %s.", name, line)


def _lines(name: str) -> set[str]:
    """Those that are whole."""
    file = Path(settings.PRIVATE_ROOT) / name
    lines = file.read_text().splitlines() if file.exists() else []
    return {line.removesuffix(".") for line in lines if _WHOLE.fullmatch(line)}


def _learners(marks: set[str]) -> dict[str, Learner]:
    """Whoever is there, by her mark."""
    numbers = {int(mark.partition(" ")[0]) for mark in marks}
    found = Learner.objects.select_related("user").in_bulk(numbers, field_name="user_id").values()
    return {mark: learner for learner in found if (mark := mark_of(learner.user)) in marks}
