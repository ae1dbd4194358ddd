"""One question of each kind, made without a database, as an editor would write it."""

from wagtail.blocks import StreamValue

from quizzes.blocks import QuestionsBlock
from quizzes.models import AskedQuestion
from quizzes.rules import Kind

ID = "00000000-0000-0000-0000-000000000000"


def item(letter: str, value) -> dict:
    """An entry of a list; its id says which, so that tests can name it."""
    return {"type": "item", "id": f"id-of-{letter}", "value": value}


def choices(right: str, letters: str = "abcd") -> dict:
    return {"choices": [item(letter, {"text": f"Pilihan {letter}", "correct": letter in right}) for letter in letters]}


VALUES = {
    Kind.SINGLE_CHOICE: choices("b"),
    Kind.MULTI_SELECT: choices("bd"),
    Kind.TRUE_FALSE: {"correct": True},
    Kind.ORDERING: {"items": [item(letter, f"Langkah {letter}") for letter in "abc"]},
    Kind.MATCHING: {
        "pairs": [item(letter, {"left": f"Kiri {letter}", "right": f"Kanan {letter}"}) for letter in "abc"]
    },
    Kind.NUMERIC: {"answer": "7500", "tolerance": "0", "unit": "rupiah"},
}
KEYS = {
    Kind.SINGLE_CHOICE: ("id-of-b",),
    Kind.MULTI_SELECT: ("id-of-b", "id-of-d"),
    Kind.TRUE_FALSE: ("benar",),
    Kind.ORDERING: ("id-of-a", "id-of-b", "id-of-c"),
    Kind.MATCHING: ("id-of-a", "id-of-b", "id-of-c"),
    Kind.NUMERIC: ("7500",),
}


def stored(kind: Kind, **changes) -> dict:
    """The question as its page stores it."""
    value = {"question": "Soalnya?", "explanation": "Penjelasannya.", "lesson": None} | VALUES[kind] | changes
    return {"type": str(kind), "id": ID, "value": value}


def asked(kind: Kind, **changes) -> AskedQuestion:
    block = QuestionsBlock()
    value: StreamValue = block.to_python([stored(kind, **changes)])
    (bound,) = value
    return AskedQuestion(bound.block.to_question(bound.id, bound.value), bound.value)
