"""How a practice task stands. Pure."""

from enum import StrEnum

MAX_PHOTOS = 4
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


def is_an_answer(*, praise: str, suggestion: str, has_voice: bool) -> bool:
    """Whether a companion's feedback says something: one praise and one suggestion, written or spoken."""
    return has_voice or bool(praise.strip() and suggestion.strip())
