"""Pieces of work as a phone sends them (docs/offline.md). Pure: JSON in; items, or why not, out."""

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from people.importing.identity import without_identity_numbers
from people.reaching import Way
from quizzes.rules import DRAWS

ITEMS = 200  # a batch
ITEM_BYTES = 16 * 1024
LARGEST_NUMBER = 2**53 - 1  # that JavaScript holds exactly
DEPTH = 8

_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_NOT_PLAIN = re.compile("[\0\ud800-\udfff]")
_CLOCK = re.compile(r"[ -~]{0,40}")


class Reason(StrEnum):
    """Why an item was not taken. The words for people are in learn/receiving.py."""

    SHAPE = "shape"
    KIND = "kind"
    DAMAGED = "damaged"
    CHANGED = "changed"
    OWNER = "owner"
    LESSON = "lesson"
    QUIZ = "quiz"
    HOUSEHOLD = "household"
    PRESENT = "present"
    DAY = "day"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    FILE = "file"


class Refused(Exception):
    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Lesson:
    """«Sudah paham»."""

    lesson: UUID


@dataclass(frozen=True)
class Quiz:
    """A whole attempt: by question id, what its form would send."""

    quiz: UUID
    revision: int
    draw: int  # which of the paper's
    answers: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Practice:
    """A practice task handed in; ``number`` as it was typed, ``files`` sent apart."""

    lesson: UUID
    note: str
    number: str
    files: tuple[UUID, ...]


@dataclass(frozen=True)
class Attendance:
    """A group's meeting."""

    group: int
    held_on: date
    place: str
    lessons: tuple[UUID, ...]
    learners: tuple[int, ...]


@dataclass(frozen=True)
class Visit:
    """A household was visited."""

    household: int
    text: str


@dataclass(frozen=True)
class Contact:
    """A household was reached, with one tap; ``about`` is the need for which, if any."""

    household: int
    way: Way
    about: str


@dataclass(frozen=True)
class Feedback:
    """A companion's answer to a practice."""

    practice: UUID
    verdict: str
    praise: str
    suggestion: str
    voice: UUID | None


Work = Lesson | Quiz | Practice | Attendance | Visit | Contact | Feedback


@dataclass(frozen=True)
class Item:
    id: UUID
    kind: str
    clock: str  # the phone's; only noted
    digest: str
    work: Work


def read_item(value: object, owner: int, kinds: Collection[str]) -> Item:
    """The item in ``value``, sent by the account ``owner``, who may send these ``kinds``. Raises Refused."""
    if not isinstance(value, dict) or value.keys() != {"id", "owner", "kind", "at", "work", "digest"}:
        raise Refused(Reason.SHAPE)
    if not is_plain(value):
        raise Refused(Reason.SHAPE)
    text = canonical({name: part for name, part in value.items() if name != "digest"})
    if len(text) > ITEM_BYTES:
        raise Refused(Reason.SHAPE)
    if value["digest"] != digest_of(text):
        raise Refused(Reason.DAMAGED)
    if type(value["owner"]) is not int or value["owner"] != owner:
        raise Refused(Reason.OWNER)
    if not _text(value["id"], _UUID7) or not _text(value["at"], _CLOCK) or not isinstance(value["work"], dict):
        raise Refused(Reason.SHAPE)
    if not isinstance(value["kind"], str) or value["kind"] not in kinds:
        raise Refused(Reason.KIND)
    work = READERS[value["kind"]](value["work"])
    return Item(UUID(value["id"]), value["kind"], value["at"], value["digest"], work)


def canonical(value: object) -> bytes:
    """What ``JSON.stringify`` writes of a plain value whose keys are sorted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(text: bytes) -> str:
    """SHA-256 over the canonical form of an item, as hexadecimal digits."""
    return hashlib.sha256(text).hexdigest()


def as_text(value: object, *, for_people: bool = False) -> str:
    """Whatever came, as JSON in ASCII; to be kept ``for_people`` to look at, without identity numbers."""
    try:
        return json.dumps(_to_keep(value) if for_people else value, sort_keys=True)
    except RecursionError:
        return '"terlalu dalam"'


def _to_keep(value: object) -> object:
    match value:
        case str():
            return value if is_key(value) else without_identity_numbers(value)
        case list():
            return [_to_keep(part) for part in value]
        case dict():
            return {key: _to_keep(part) for key, part in value.items()}
        case _:
            return value


def is_plain(value: object, depth: int = DEPTH) -> bool:
    """Whether the value has the same canonical form in every language, and a database can hold its texts."""
    match value:
        case None | bool():
            return True
        case int():
            return abs(value) <= LARGEST_NUMBER
        case str():
            return not _NOT_PLAIN.search(value)
        case list():
            return depth > 0 and all(is_plain(part, depth - 1) for part in value)
        case dict():
            return depth > 0 and all(key.isascii() and is_plain(part, depth - 1) for key, part in value.items())
        case _:
            return False


def read_lesson(work: dict) -> Lesson:
    _only(work, {"lesson"})
    return Lesson(_key(work["lesson"]))


def read_quiz(work: dict) -> Quiz:
    _only(work, {"quiz", "revision", "draw", "answers"})
    revision, draw, answers = work["revision"], work["draw"], work["answers"]
    if type(revision) is not int or not 0 < revision < 2**31 or type(draw) is not int or not 0 <= draw < DRAWS:
        raise Refused(Reason.SHAPE)
    if not isinstance(answers, dict) or len(answers) > 100:
        raise Refused(Reason.SHAPE)
    read = {_short(id, 36): _texts(texts) for id, texts in answers.items()}
    return Quiz(_key(work["quiz"]), revision, draw, read)


def read_practice(work: dict) -> Practice:
    _only(work, {"lesson", "note", "number", "files"})
    note, number = _words(work["note"], 2000), _words(work["number"], 60)
    return Practice(_key(work["lesson"]), note, number, _many(work["files"], 5, _key))


def read_attendance(work: dict) -> Attendance:
    _only(work, {"group", "held_on", "place", "lessons", "learners"})
    try:
        held_on = date.fromisoformat(_short(work["held_on"], 10))
    except ValueError:
        raise Refused(Reason.SHAPE) from None
    place = _words(work["place"], 120)
    lessons, learners = _many(work["lessons"], 50, _key), _many(work["learners"], 400, _row)
    return Attendance(_row(work["group"]), held_on, place, lessons, learners)


def read_visit(work: dict) -> Visit:
    _only(work, {"household", "text"})
    return Visit(_row(work["household"]), _words(work["text"], 250))


def read_contact(work: dict) -> Contact:
    _only(work, {"household", "way", "about"})
    if work["way"] not in list(Way):
        raise Refused(Reason.SHAPE)
    return Contact(_row(work["household"]), Way(work["way"]), _short(work["about"], 20))


def read_feedback(work: dict) -> Feedback:
    _only(work, {"practice", "verdict", "praise", "suggestion", "voice"})
    if work["verdict"] not in ("right", "to_improve"):
        raise Refused(Reason.SHAPE)
    praise, suggestion = _words(work["praise"], 300), _words(work["suggestion"], 300)
    voice = None if work["voice"] is None else _key(work["voice"])
    return Feedback(_key(work["practice"]), work["verdict"], praise, suggestion, voice)


READERS: dict[str, Callable[[dict], Work]] = {
    "lesson": read_lesson,
    "quiz": read_quiz,
    "practice": read_practice,
    "attendance": read_attendance,
    "visit": read_visit,
    "contact": read_contact,
    "feedback": read_feedback,
}


def _only(work: dict, names: set[str]) -> None:
    if work.keys() != names:
        raise Refused(Reason.SHAPE)


def _text(value: object, pattern: re.Pattern) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def is_key(value: object) -> bool:
    """Whether it is a UUID as phones write it."""
    return _text(value, _KEY)


def _key(value: object) -> UUID:
    if not is_key(value):
        raise Refused(Reason.SHAPE)
    return UUID(value)


def _short(value: object, length: int) -> str:
    if not isinstance(value, str) or len(value) > length:
        raise Refused(Reason.SHAPE)
    return value


def _words(value: object, length: int) -> str:
    """Somebody's own, without identity numbers: she is no longer there to be asked for others."""
    return without_identity_numbers(_short(value, length))


def _row(value: object) -> int:
    """The number of a row in the database."""
    if type(value) is not int or value < 1:
        raise Refused(Reason.SHAPE)
    return value


def _many(value: object, most: int, read: Callable) -> tuple:
    if not isinstance(value, list) or len(value) > most:
        raise Refused(Reason.SHAPE)
    return tuple(dict.fromkeys(map(read, value)))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise Refused(Reason.SHAPE)
    return tuple(_short(text, 60) for text in value)
