"""How an answer is judged. Pure: questions and responses in, results out.

A response is a tuple of strings, whatever the kind of question: the ids chosen (one, or several in any order), the
ids in order, for matching the right-hand ids in the order of the left-hand ones, or the number as a decimal text.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest

Response = tuple[str, ...]

DRAWS = 5  # a paper to take along has the questions of so many attempts
TRUE, FALSE = "benar", "salah"


class Kind(StrEnum):
    SINGLE_CHOICE = "single_choice"
    MULTI_SELECT = "multi_select"
    TRUE_FALSE = "true_false"
    ORDERING = "ordering"
    MATCHING = "matching"
    NUMERIC = "numeric"


@dataclass(frozen=True)
class Question:
    """``options`` are the ids to choose from, to put in order, or the left-hand side of a matching question, whose
    right-hand side is ``targets``. ``key`` is the right response; empty in a draft that says none yet."""

    id: str
    kind: Kind
    key: Response
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Score:
    right: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that nobody reads a score that did not pass as the pass mark."""
        return self.right * 100 // self.total if self.total else 0

    def passes(self, pass_mark: int) -> bool:
        """Whether the score reaches ``pass_mark`` percent. A quiz without questions is never passed."""
        return self.total > 0 and self.right >= right_needed(self.total, pass_mark)


def right_needed(total: int, pass_mark: int) -> int:
    """How many of ``total`` have to be right."""
    return -(-pass_mark * total // 100)


def is_right(question: Question, response: Response) -> bool:
    if question.kind == Kind.NUMERIC:
        number = _stored_number(response)
        return number is not None and any(abs(number - Decimal(key)) <= question.tolerance for key in question.key)
    if question.kind == Kind.MULTI_SELECT:
        return len(response) == len(set(response)) and set(response) == set(question.key)
    return response == question.key


def is_possible(question: Question, response: Response) -> bool:
    """Whether ``response`` answers the question at all: only ids that it offers, each once, none left out."""
    match question.kind:
        case Kind.NUMERIC:
            return _stored_number(response) is not None
        case Kind.MULTI_SELECT:
            return 0 < len(response) == len(set(response)) and set(response) <= set(question.options)
        case Kind.ORDERING:
            return sorted(response) == sorted(question.options)
        case Kind.MATCHING:
            return sorted(response) == sorted(question.targets)
        case _:
            return len(response) == 1 and response[0] in question.options


def score(questions: Sequence[Question], responses: Mapping[str, Response]) -> Score:
    """The score of ``responses`` by question id; a question without one counts as not right."""
    right = sum(is_right(question, responses.get(question.id, ())) for question in questions)
    return Score(right, len(questions))


def _stored_number(response: Response) -> Decimal | None:
    """The number of a stored response, which is a plain decimal; None where it is none."""
    plain = len(response) == 1 and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", response[0])
    return Decimal(response[0]) if plain else None


def shuffled(ids: Iterable[str], seed: str) -> list[str]:
    """``ids`` in an order that depends on ``seed`` alone, the same on every machine and Python version."""
    return sorted(ids, key=lambda id: hashlib.sha256(f"{seed}:{id}".encode()).digest())


def drawn(pool: Mapping[str, Hashable], draw: int, seed: str) -> list[str]:
    """Which ids of ``pool`` an attempt asks, in its own order: ``draw`` of them, or all where that is 0 or more than
    there are. ``pool`` says of each id from which lesson it is.

    The lessons take turns, so that none gives two questions more than another that still has some. Who begins, and
    which questions come first, depends on ``seed`` alone.
    """
    if not 0 < draw < len(pool):
        return shuffled(pool, seed)
    lot = f"{seed}:draw"  # not the order they are asked in: that would put one lesson's question first every time
    by_lesson: dict[str, list[str]] = defaultdict(list)
    for id in shuffled(pool, lot):
        by_lesson[str(pool[id])].append(id)
    lessons = shuffled(by_lesson, lot)
    rounds = zip_longest(*(by_lesson[lesson] for lesson in lessons))
    turns = [id for turn in rounds for id in turn if id is not None]
    return shuffled(turns[:draw], seed)


def asked_count(questions: int, draw: int) -> int:
    """How many questions an attempt asks."""
    return draw if 0 < draw < questions else questions


def shuffled_apart(ids: Sequence[str], seed: str) -> list[str]:
    """As ``shuffled``, but never the order given: that would show an ordering question already solved."""
    order = shuffled(ids, seed)
    return order[1:] + order[:1] if order == list(ids) else order


def attempts_left(limit: int, submitted_today: int) -> int | None:
    """How many more attempts the learner has today; None where the editor set no limit (0)."""
    return max(0, limit - submitted_today) if limit else None
