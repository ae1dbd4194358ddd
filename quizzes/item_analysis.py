"""What the answers to a question tell about the question. Pure; the facts come from ``statistics.py``.

Only each learner's first attempt counts: later ones show what was remembered, not how the question reads.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import mean, median, pstdev

from .rules import Kind, Response

# A share of 30 answers is off by 9 percent at most (one standard error), a correlation by about 0.18. With fewer, a
# flag would speak of these few people, not of the question.
ENOUGH = 30
MOST_RIGHT = 0.5  # where fewer are right first time, more are wrong than right
DRAWS = 1 / 3  # the share of all first answers that one wrong answer may have
TELLS = 0.1  # Ebel and Frisbie call an item below 0.2 poor; the error above is taken into account
PUT_AWAY = 600  # seconds; after a longer pause the phone lay aside


class Flag(StrEnum):
    TOO_MANY_WRONG = "terlalu banyak yang salah"
    DRAWING = "pilihan ini menarik"
    NOT_TELLING = "tidak membedakan"

    @property
    def advice(self) -> str:
        """What to do, in one sentence."""
        return ADVICE[self]


ADVICE = {
    Flag.TOO_MANY_WRONG: "Cek kuncinya, lalu buat kata-katanya lebih mudah atau perjelas pelajarannya.",
    Flag.DRAWING: "Jelaskan di pelajaran kenapa jawaban ini belum tepat, atau ganti pilihannya.",
    Flag.NOT_TELLING: "Yang paham dan yang belum sama hasilnya: perjelas soalnya, atau ganti.",
}


@dataclass(frozen=True)
class Tried:
    """One learner's answer to the question in her first attempt."""

    response: Response
    is_right: bool
    rest: float | None = None  # the share right of all other questions of the attempt, 0 to 1; None where it had none
    seconds: float | None = None  # since her answer before, or since she began


@dataclass(frozen=True)
class Item:
    """A question in numbers. All but ``tries`` are empty until there are ENOUGH."""

    tries: int
    right: float | None = None  # share right first time, 0 to 1
    drawing: Response | None = None  # the wrong answer that most gave
    drawn: float = 0  # the share of all answers that it has
    discrimination: float | None = None
    seconds: int | None = None
    flags: tuple[Flag, ...] = ()


def analysed(kind: Kind, tries: Sequence[Tried]) -> Item:
    if len(tries) < ENOUGH:
        return Item(len(tries))
    right = mean(tried.is_right for tried in tries)
    wrong = Counter(_told_apart(kind, tried.response) for tried in tries if not tried.is_right)
    # The first in order where two have drawn as many, so that it is the same every time.
    drawing, times = min(wrong.items(), key=lambda one: (-one[1], one[0])) if wrong else (None, 0)
    item = Item(
        tries=len(tries),
        right=right,
        drawing=drawing,
        drawn=times / len(tries),
        discrimination=discrimination(tries),
        seconds=usual_seconds(tries),
    )
    return replace(item, flags=_flags(kind, item))


def _told_apart(kind: Kind, response: Response) -> Response:
    """The response so that equal answers are equal: several choices have no order."""
    return tuple(sorted(response)) if kind == Kind.MULTI_SELECT else response


def _flags(kind: Kind, item: Item) -> tuple[Flag, ...]:
    found = {
        Flag.TOO_MANY_WRONG: item.right < MOST_RIGHT,
        # Of two answers the wrong one always has all who are wrong: that says nothing new.
        Flag.DRAWING: kind != Kind.TRUE_FALSE and item.drawn >= DRAWS,
        Flag.NOT_TELLING: item.discrimination is not None and item.discrimination < TELLS,
    }
    return tuple(flag for flag, applies in found.items() if applies)


def discrimination(tries: Sequence[Tried]) -> float | None:
    """The corrected point-biserial correlation, -1 to 1: do those who are right here do better in the rest of the quiz?

    r = (M1 - M0) / s * sqrt(p * q), of the scores in the other questions, so that the question does not count itself
    (Crocker and Algina, Introduction to Classical and Modern Test Theory, 1986, chapter 14). Below 0.2 is poor (Ebel
    and Frisbie, Essentials of Educational Measurement, 1991, chapter 13). None where everybody was right, or nobody, or
    all did as well in the rest.
    """
    known = [(tried.is_right, tried.rest) for tried in tries if tried.rest is not None]
    right, wrong = ([rest for is_right, rest in known if is_right is side] for side in (True, False))
    spread = pstdev(rest for _, rest in known) if known else 0
    if not right or not wrong or not spread:
        return None
    share = len(right) / len(known)
    return (mean(right) - mean(wrong)) / spread * (share * (1 - share)) ** 0.5


def usual_seconds(tries: Sequence[Tried]) -> int | None:
    """The median time in seconds; None unless ENOUGH are known. Answers that came in together, as stored work does, and
    those after a long pause tell no time."""
    known = [tried.seconds for tried in tries if tried.seconds is not None and 1 <= tried.seconds <= PUT_AWAY]
    return round(median(known)) if len(known) >= ENOUGH else None
