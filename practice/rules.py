"""How a practice task stands. Pure."""

from decimal import Decimal
from enum import StrEnum

from courses.numbers import parse_number

MAX_PHOTOS = 4
MAX_WAITING = 50  # files of one learner that belong to no practice as yet: more than any phone keeps
MAX_NUMBER = Decimal(10) ** 13
MAX_SECONDS = 60  # of a voice recording


class State(StrEnum):
    """In the words of the screen: menunggu dicek, perlu diperbaiki, sudah benar; ditarik."""

    WAITING = "waiting"
    TO_IMPROVE = "to_improve"
    RIGHT = "right"
    WITHDRAWN = "withdrawn"


def state(*, verdict: str | None, is_withdrawn: bool) -> State:
    """The state of one submission. ``verdict`` is the companion's: «right», «to_improve», or None as yet."""
    if is_withdrawn:
        return State.WITHDRAWN
    return State(verdict) if verdict else State.WAITING


def amount(typed: str, unit: str = "") -> Decimal | None:
    """The number of a practice as a person wrote it, with the two decimals that are kept. None where it is none, or
    larger than can be kept."""
    number = parse_number(typed, unit)
    return None if number is None or abs(number) >= MAX_NUMBER else number.quantize(Decimal("0.01"))


def is_an_answer(*, praise: str, suggestion: str, has_voice: bool) -> bool:
    """Whether a companion's feedback says something: one praise and one suggestion, written or spoken."""
    return has_voice or bool(praise.strip() and suggestion.strip())
