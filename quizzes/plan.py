"""What a file of questions would do to a quiz: which are new, changed, the same or refused, and why.

How a question is recognised. First by its ``reference``: the id of a block (a file that we wrote), or a name of the
file's own, from which the block's id was derived when it came in, so that the same file finds it again. Then by its
kind and words, unless the file has those words twice under different names. A reference that a file uses twice tells
nothing. A question that is not in the file stays as it is.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import chain

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamValue

from courses.loader import first_message

from .blocks import QuestionsBlock
from .formats.questions import MAX_TEXT, Entry, ImportedQuestion, Refused, plain, tidy
from .rules import Kind

BLOCKS = QuestionsBlock().child_blocks
PARTS = {  # of a question, as the preview names what has changed
    "question": "soal",
    "choices": "pilihan",
    "is_true": "kunci",
    "items": "urutan",
    "pairs": "pasangan",
    "answer": "jawaban",
    "tolerance": "boleh meleset",
    "unit": "satuan",
    "explanation": "penjelasan",
    "lesson": "pelajaran",
}
NO_EXPLANATION = "Penjelasannya belum ada. Isi sebelum diterbitkan."
OTHER_KIND = "Jenisnya berbeda dari soal yang sudah ada. Kosongkan nomornya untuk soal baru."
TOO_LONG = f"Teksnya lebih dari {MAX_TEXT:,} huruf. Pendekkan dulu.".replace(",", ".")


class Outcome(StrEnum):
    NEW = "baru"
    CHANGED = "berubah"
    SAME = "sama"
    REFUSED = "ditolak"


@dataclass(frozen=True)
class Line:
    """What one entry of the file would do. ``stored`` is the block that it becomes."""

    line: int
    outcome: Outcome
    question: str = ""
    kind: str = ""
    key: str = ""  # the right answer, for the editor to see what was understood
    reason: str = ""
    remarks: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    stored: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    lines: list[Line]
    questions: list[dict]  # all questions of the quiz as they would be stored

    def counts(self) -> dict[Outcome, int]:
        found = Counter(line.outcome for line in self.lines)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def writes(self) -> int:
        """How many questions of the quiz it would write: the new and the changed ones."""
        return sum(line.outcome in (Outcome.NEW, Outcome.CHANGED) for line in self.lines)


def told(bound) -> ImportedQuestion:
    """A question block as a file tells it; its id is the reference."""
    value = bound.value
    answer = {
        "choices": tuple((tidy(one["text"]), bool(one["correct"])) for one in value.get("choices", ())),
        "is_true": bool(value.get("correct")),
        "items": tuple(tidy(one) for one in value.get("items", ())),
        "pairs": tuple((tidy(one["left"]), tidy(one["right"])) for one in value.get("pairs", ())),
        "answer": Decimal(value.get("answer") or 0),
        "tolerance": Decimal(value.get("tolerance") or 0),
        "unit": tidy(value.get("unit") or ""),
    }
    return ImportedQuestion(
        line=0,
        kind=Kind(bound.block_type),
        question=tidy(value["question"]),
        reference=bound.id,
        explanation=tidy(value["explanation"]),
        lesson=tidy(value["lesson"].title) if value["lesson"] else "",
        **answer,
    )


def plan(questions: StreamValue, entries: Sequence[Entry], *, quiz: uuid.UUID, lessons: Mapping[str, int]) -> Plan:
    """What ``entries`` would do to ``questions``, those of the quiz whose key is ``quiz``. ``lessons`` gives the ids of
    the lessons that a question may name, by their titles in small letters."""
    return _Planning(questions, entries, quiz, lessons).plan()


class _Planning:
    def __init__(self, questions, entries, quiz, lessons):
        self.entries, self.quiz = entries, quiz
        self.raw = {raw["id"]: raw for raw in questions.get_prep_value()}
        self.stored = {bound.id: told(bound) for bound in questions}
        self.by_words = {_words(one): id for id, one in reversed(self.stored.items())}
        used = {bound.value["lesson"] for bound in questions} - {None}
        self.lessons = lessons | {tidy(page.title).casefold(): page.pk for page in used}
        taken = [entry for entry in entries if isinstance(entry, ImportedQuestion)]
        self.references = Counter(entry.reference for entry in taken)
        self.words = Counter(_words(entry) for entry in taken)
        self.seen: dict[str, int] = {}  # the ids that the file has used, each with its line

    def plan(self) -> Plan:
        lines = [self._line(entry) for entry in self.entries]
        for line in lines:
            if line.stored:
                self.raw[line.stored["id"]] = line.stored  # a new one comes last
        return Plan(lines, list(self.raw.values()))

    def _line(self, entry: Entry) -> Line:
        if isinstance(entry, Refused):
            return Line(entry.line, Outcome.REFUSED, reason=entry.reason)
        id = self._id(entry)
        old = self.stored.get(id)
        new = _filled(entry, old)
        reason = self._problem(new, id, old)
        label, remarks = BLOCKS[entry.kind].label, _remarks(new)
        line = Line(entry.line, Outcome.SAME, entry.question, label, _key(new), reason, remarks)
        if reason:
            return replace(line, outcome=Outcome.REFUSED)
        self.seen[id] = entry.line
        changes = tuple(name for part, name in PARTS.items() if old and getattr(old, part) != getattr(new, part))
        if old and not changes:
            return line
        stored = _stored(new, id, self.raw.get(id), self.lessons.get(new.lesson.casefold()))
        return replace(line, outcome=Outcome.CHANGED if old else Outcome.NEW, changes=changes, stored=stored)

    def _id(self, entry: ImportedQuestion) -> str:
        words = _words(entry)
        is_own = entry.reference and self.references[entry.reference] == 1
        derived = str(uuid.uuid5(self.quiz, entry.reference if is_own else "\n".join([entry.reference, *words])))
        if is_own and entry.reference in self.stored:
            return entry.reference
        if derived not in self.stored and words in self.by_words and (not entry.reference or self.words[words] == 1):
            return self.by_words[words]
        return derived

    def _problem(self, new: ImportedQuestion, id: str, old: ImportedQuestion | None) -> str:
        """Why the question is refused; empty where it is not."""
        if id in self.seen:
            return f"Soal ini sudah ada di baris {self.seen[id]}."
        if old and old.kind != new.kind:
            return OTHER_KIND
        if new.lesson and new.lesson.casefold() not in self.lessons:
            return f"Pelajaran «{new.lesson}» tidak ada di modul ini."
        if any(len(text) > MAX_TEXT for text in _texts(new)):
            return TOO_LONG
        return _said_by_block(replace(new, explanation=new.explanation or "–"), id)


def _words(question: ImportedQuestion) -> tuple[str, str]:
    return str(question.kind), question.question.casefold()


def _texts(question: ImportedQuestion) -> Iterable[str]:
    yield from (question.question, question.explanation, question.unit, *question.items)
    yield from chain.from_iterable(question.pairs)
    yield from (text for text, _ in question.choices)


def _filled(entry: ImportedQuestion, old: ImportedQuestion | None) -> ImportedQuestion:
    """The entry, with what the file leaves empty as it was, and the same lesson under its own name."""
    if old is None:
        return entry
    kept = {name: getattr(old, name) for name in ("unit", "explanation", "lesson") if not getattr(entry, name)}
    if entry.lesson.casefold() == old.lesson.casefold():
        kept["lesson"] = old.lesson
    return replace(entry, **kept)


def _key(question: ImportedQuestion) -> str:
    match question.kind:
        case Kind.TRUE_FALSE:
            return "Benar" if question.is_true else "Salah"
        case Kind.ORDERING:
            return " → ".join(question.items)
        case Kind.MATCHING:
            return "; ".join(f"{left} = {right}" for left, right in question.pairs)
        case Kind.NUMERIC:
            about = f" ± {plain(question.tolerance)}" if question.tolerance else ""
            return f"{plain(question.answer)}{about} {question.unit}".replace(".", ",").strip()
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            return "; ".join(text for text, right in question.choices if right)


def _remarks(question: ImportedQuestion) -> tuple[str, ...]:
    own = () if question.explanation else (NO_EXPLANATION,)
    return (question.remark, *own) if question.remark else own


def _said_by_block(question: ImportedQuestion, id: str) -> str:
    """The first thing that an editor would be told of such a question."""
    block = BLOCKS[question.kind]
    try:
        block.clean(block.to_python(_stored(question, id)["value"]))
    except ValidationError as error:
        name, inner = next(iter(error.block_errors.items()))
        return f"{block.child_blocks[name].label}: {first_message(inner)}"
    return ""


def _stored(question: ImportedQuestion, id: str, old: dict | None = None, lesson: int | None = None) -> dict:
    """The question as its page stores it. What reads as before keeps its id, so that answers to it stay answers."""
    value = {"question": question.question, "explanation": question.explanation, "lesson": lesson}
    before = old["value"] if old else {}
    match question.kind:
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            choices = [{"text": text, "correct": right} for text, right in question.choices]
            value["choices"] = _items(choices, id, before.get("choices", ()), lambda one: one["text"])
        case Kind.TRUE_FALSE:
            value["correct"] = question.is_true
        case Kind.ORDERING:
            value["items"] = _items(question.items, id, before.get("items", ()), str)
        case Kind.MATCHING:
            pairs = [{"left": left, "right": right} for left, right in question.pairs]
            value["pairs"] = _items(pairs, id, before.get("pairs", ()), lambda one: one["right"])
        case Kind.NUMERIC:
            value |= {"answer": str(question.answer), "tolerance": str(question.tolerance), "unit": question.unit}
    return {"type": str(question.kind), "id": id, "value": value}


def _items(values: Iterable, id: str, before: Iterable[dict], text_of) -> list[dict]:
    known = {tidy(text_of(item["value"])): item["id"] for item in before}
    return [
        {
            "type": "item",
            "id": known.get(text_of(one)) or _new_id(f"{id}\n{text_of(one)}", known.values()),
            "value": one,
        }
        for one in values
    ]


def _new_id(seed: str, taken: Collection[str]) -> str:
    """The same for the same seed, unless something has it already: what came from a file and was reworded by hand."""
    id = str(uuid.uuid5(uuid.NAMESPACE_OID, seed))
    return _new_id(id, taken) if id in taken else id
