"""A question as a file tells it, whatever the format. Each format is a module with ``parse``, ``write`` and ``holds``.

How a question is recognised the next time is its ``reference``: our own id in a file that we wrote, else whatever name
the file gives it. ``quizzes/plan.py`` turns it into the id of a block.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from people.spreadsheets import UNSEEN
from quizzes.rules import Kind

MAX_QUESTIONS = 1000  # a file
MAX_TEXT = 2000  # a question; nobody reads more on a phone
LESSON_TAG, UNIT_TAG = "pelajaran:", "satuan:"  # what Moodle has no field for travels as its tags

TOO_MANY = "Berkas ini lebih dari 1.000 soal. Bagi menjadi beberapa berkas."
NO_QUESTIONS = "Tidak ada soal di berkas ini. Lihat lagi contohnya."
NO_ANSWER = "Soal ini belum punya jawaban."
NO_PARTIAL = "Nilai sebagian belum bisa dipakai. Tandai jawaban yang benar penuh."
ONE_NUMBER = "Angka hanya boleh punya satu jawaban benar."
TWO_WAYS = "Angka {0} bisa dibaca dua cara. Tulis {1}, atau {0}0 bila itu pecahan."
NOT_A_NUMBER = "Jawabannya bukan angka. Tulis angka saja, misalnya 7500."
NOT_HELD = "Format ini belum bisa memuat jenis soal itu."
FEEDBACK_LOST = "Tanggapan tiap pilihan tidak ikut. Pakai penjelasan saja."

# Line breaks stay. Neither XML nor a browser takes the others; private marks of a parser must not be in a text either.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class ImportedQuestion:
    """One question. Which fields tell the answer depends on ``kind``. What a file leaves empty it does not change."""

    line: int  # where it begins in its file; the row of a sheet
    kind: Kind
    question: str
    reference: str = ""
    choices: tuple[tuple[str, bool], ...] = ()  # text, whether it is right; of choice questions
    is_true: bool = False
    items: tuple[str, ...] = ()  # in the right order
    pairs: tuple[tuple[str, str], ...] = ()
    answer: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    unit: str = ""
    explanation: str = ""
    lesson: str = ""  # its title
    remark: str = ""  # what the file says and a quiz cannot hold


@dataclass(frozen=True)
class Refused:
    """What begins at ``line`` is no question for us; ``reason`` tells the editor why in one sentence."""

    line: int
    reason: str


Entry = ImportedQuestion | Refused


class NotForUs(ValueError):
    """The question cannot be taken; the message tells the editor why."""


def tidy(text: str) -> str:
    """``text`` as we keep it: no marks that nobody sees, no control characters, single spaces, no space at the ends of
    lines."""
    text = _CONTROL.sub(" ", UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n")).strip()


def short(text: str) -> str:
    """The text where there is little room."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def number(text: str) -> Decimal:
    """The number of a format that other programs write too: a point before the fraction. Raises NotForUs."""
    text = text.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,13}(\.[0-9]{1,13})?", text):
        raise NotForUs(NOT_A_NUMBER)
    return Decimal(text)


def plain(value: Decimal) -> str:
    """The number as such formats write it."""
    return format(value.normalize() + 0, "f")


def tags_of(question: ImportedQuestion) -> list[str]:
    """The tags that hold what Moodle's formats have no field for."""
    tags = [(LESSON_TAG, question.lesson), (UNIT_TAG, question.unit)]
    return [f"{prefix}{text}" for prefix, text in tags if text]


def from_tags(tags: Sequence[str]) -> dict[str, str]:
    """The lesson and the unit among ``tags``, as fields of ImportedQuestion."""
    found = {}
    for tag in tags:
        for prefix, name in ((LESSON_TAG, "lesson"), (UNIT_TAG, "unit")):
            if tag.startswith(prefix):
                found[name] = tidy(tag.removeprefix(prefix))
    return found


def to_json(entries: Iterable[Entry]) -> list[dict]:
    """The entries as rows of a JSON column."""
    return [asdict(entry) for entry in entries]


def from_json(rows: Iterable[dict]) -> list[Entry]:
    """The entries that ``to_json`` made rows of."""
    return [Refused(**row) if "reason" in row else _question(row) for row in rows]


def _question(row: dict) -> ImportedQuestion:
    lists = {name: tuple(tuple(one) for one in row[name]) for name in ("choices", "pairs")}
    numbers = {name: Decimal(row[name]) for name in ("answer", "tolerance")}
    return ImportedQuestion(**row | lists | numbers | {"kind": Kind(row["kind"]), "items": tuple(row["items"])})
