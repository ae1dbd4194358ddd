"""Who needs a companion today, how a household stands, and what it might learn next. Pure: facts in, ``now`` passed in.

- A household is quiet from its last work on, or from the answer that it got to it, while it has something to do: a
  module begun, or one that was given to it.
  A module of which nothing is left to do before its companion has answered a practice waits for her, not for it; one
  whose quiz the editors have taken back waits for them.
  Where nothing is begun, what was given later than the last work counts from then. With nothing left to do it is done,
  and never quiet.
- Seven days quiet, a quiz handed in twice without passing, a due date three days away or past of what can be gone on
  with, a temporary PIN in its last day or lapsed: each is a need. One household is one row, under what presses most.
- A household that has begun nothing and was given nothing waits for a module, for however long.
- A need rests for a while once the household was contacted or visited after it had come up.
- A module that any learner of the household has done is done for the household.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from progress.rules import Module

QUIET = timedelta(days=7)
LONG_QUIET = timedelta(days=14)
DUE_IS_NEAR = timedelta(days=3)
PIN_LAPSES_SOON = timedelta(hours=24)
FAILED_OFTEN = 2
RESTS_AFTER_CONTACT = timedelta(days=3)
RESTS_AFTER_VISIT = timedelta(days=7)
SUGGESTED = 3


class Kind(StrEnum):
    """What a household may need, the most pressing first. The values stand in addresses."""

    LONG_QUIET = "diam-14"
    QUIZ = "kuis"
    DUE = "tenggat"
    QUIET = "diam-7"
    PIN = "pin"


ORDER = {kind: place for place, kind in enumerate(Kind)}


class Stage(StrEnum):
    """How a household stands, in the words of the screen. The values stand in addresses."""

    NO_MODULE = "tanpa-modul"  # nothing was begun, and nothing was given
    NOT_STARTED = "belum-mulai"
    LEARNING = "sedang"
    QUIET = "diam"
    DONE = "selesai"


class Begun(NamedTuple):
    """One learner in one published module."""

    learner: int
    module: UUID
    last_fact_at: datetime
    is_done: bool = False
    awaits_others: bool = False  # nothing is left to do before a practice is answered, or a quiz is published again


class Worked(NamedTuple):
    """The last work of one learner in a module that is not published any more: there is nothing to go on with."""

    learner: int
    last_fact_at: datetime


class Given(NamedTuple):
    """A published module that is assigned to the household now."""

    module: UUID
    given_at: datetime
    due_on: date | None = None


class Failed(NamedTuple):
    """A quiz that a learner has handed in so many times and never passed."""

    learner: int
    module: UUID
    times: int
    last_at: datetime


class WaitingPin(NamedTuple):
    """A temporary PIN that its learner has not replaced yet."""

    learner: int
    expires_at: datetime


class Contact(NamedTuple):
    at: datetime
    is_visit: bool = False


@dataclass(frozen=True)
class Known:
    """All that is known of one household."""

    begun: tuple[Begun, ...] = ()
    worked: tuple[Worked, ...] = ()
    given: tuple[Given, ...] = ()
    failed: tuple[Failed, ...] = ()
    pins: tuple[WaitingPin, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @cached_property
    def done(self) -> frozenset[UUID]:
        return frozenset(one.module for one in self.begun if one.is_done)

    @cached_property
    def awaiting(self) -> frozenset[UUID]:
        """The modules that go on once somebody else has done something."""
        return frozenset(one.module for one in self.begun if one.awaits_others) - self.done

    @cached_property
    def unfinished(self) -> tuple[Given, ...]:
        """What was given and nobody has done yet, the earliest first."""
        done = self.done
        return tuple(sorted((one for one in self.given if one.module not in done), key=lambda one: one.given_at))


@dataclass(frozen=True)
class Need:
    """Something that asks for the companion; ``since`` is when it came up. ``learner`` is None where it is nobody's in
    particular. ``at`` is the moment that counts for its kind: the last work, the last try, the due day, the lapse."""

    kind: Kind
    since: datetime
    at: datetime
    learner: int | None = None
    module: UUID | None = None
    times: int = 0  # that a quiz was tried


def is_done(module: Module, passed_at: datetime | None) -> bool:
    """As a learner's summary tells it: her quiz was passed then, and the module is whole today."""
    return passed_at is not None and module.can_be_done


def last_work(known: Known) -> Begun | Worked | None:
    """The last work of anybody in the household, whatever editors did with it since."""
    return max((*known.begun, *known.worked), key=lambda one: one.last_fact_at, default=None)


def quiet_since(known: Known) -> datetime | None:
    """Since when nothing has come, though there is something to do; None where there is nothing to do."""
    last, to_begin = last_work(known), _to_begin(known)
    if last and going(known):
        return last.last_fact_at
    if to_begin:
        given_at = to_begin[0].given_at
        return max(last.last_fact_at, given_at) if last else given_at
    return None


def going(known: Known) -> list[Begun]:
    """What somebody has begun and nobody has done yet, and can go on with."""
    done = known.done
    return [one for one in known.begun if one.module not in done and not one.awaits_others]


def _to_begin(known: Known) -> list[Given]:
    """What was given and can be gone on with, the earliest first."""
    return [one for one in known.unfinished if one.module not in known.awaiting]


def stage(known: Known, now: datetime) -> Stage:
    if not known.begun:
        return Stage.NOT_STARTED if known.given else Stage.NO_MODULE
    since = quiet_since(known)
    if since is None:
        return Stage.LEARNING if known.awaiting else Stage.DONE
    return Stage.QUIET if now - since >= QUIET else Stage.LEARNING


def may_go_on(known: Known, now: datetime, modules: Mapping[UUID, Module]) -> bool:
    """Whether all is done that was begun or given, and there is another module that can be."""
    others = any(module.can_be_done for key, module in modules.items() if key not in known.done)
    return others and stage(known, now) == Stage.DONE


def needs(known: Known, now: datetime) -> list[Need]:
    """All that asks for the companion now, the most pressing first, resting or not. ``now`` bears the time zone in
    which days are counted."""
    found = [*_quiet(known, now), *_quizzes(known), *_due(known, now), *_pins(known, now)]
    return sorted(found, key=lambda need: (ORDER[need.kind], need.at))


def rests(need: Need, contacts: Sequence[Contact], now: datetime) -> bool:
    """Whether somebody has reached the household since the need came up, and not too long ago."""
    return any(
        need.since <= contact.at and now - contact.at < (RESTS_AFTER_VISIT if contact.is_visit else RESTS_AFTER_CONTACT)
        for contact in contacts
    )


def signal_is_doubtful(phone_last_sent_at: datetime | None, now: datetime) -> bool:
    """Whether a quiet household may just have no signal: its phones have sent nothing all the while."""
    return phone_last_sent_at is None or now - phone_last_sent_at >= QUIET


def days_between(earlier: datetime, later: datetime) -> int:
    """Whole days of the calendar, in the time zone of ``later``; negative where ``earlier`` comes after it."""
    return (later.date() - earlier.astimezone(later.tzinfo).date()).days


def days_told(need: Need, now: datetime) -> int:
    """How many days to tell of a need, negative where its moment is still to come: of silence as it is judged, else
    those of the calendar."""
    is_quiet = need.kind in (Kind.QUIET, Kind.LONG_QUIET)
    return (now - need.at).days if is_quiet else days_between(need.at, now)


def _quiet(known: Known, now: datetime) -> list[Need]:
    since = quiet_since(known)
    if since is None or now - since < QUIET:
        return []
    last = max(going(known), key=lambda one: one.last_fact_at, default=None)
    kind = Kind.LONG_QUIET if now - since >= LONG_QUIET else Kind.QUIET
    module = last.module if last else _to_begin(known)[0].module
    person = last or last_work(known)
    return [Need(kind, since + QUIET, since, person.learner if person else None, module)]


def _quizzes(known: Known) -> list[Need]:
    often = [one for one in known.failed if one.times >= FAILED_OFTEN]
    return [Need(Kind.QUIZ, one.last_at, one.last_at, one.learner, one.module, one.times) for one in often]


def _due(known: Known, now: datetime) -> list[Need]:
    found = []
    for one in _to_begin(known):
        if one.due_on and one.due_on - now.date() <= DUE_IS_NEAR:
            due = datetime.combine(one.due_on, time.min, now.tzinfo)
            found.append(Need(Kind.DUE, due - DUE_IS_NEAR, due, module=one.module))
    return found


def _pins(known: Known, now: datetime) -> list[Need]:
    near = [one for one in known.pins if one.expires_at - now <= PIN_LAPSES_SOON]
    return [Need(Kind.PIN, one.expires_at - PIN_LAPSES_SOON, one.expires_at, one.learner) for one in near]


# --- Assigning -----------------------------------------------------------------------------------------------------


class Standing(StrEnum):
    """What giving a module to a household would bring about."""

    NEW = "new"
    CHANGED = "changed"  # it has the module with another due date or word
    SAME = "same"
    DONE = "done"  # and it is left alone


@dataclass(frozen=True)
class Terms:
    """With what an assignment is given."""

    due_on: date | None = None
    word: str = ""
    spoken: UUID | None = None  # the word in her own voice

    @property
    def said(self) -> tuple[str, UUID | None]:
        return self.word, self.spoken


def standing(has: Terms | None, gets: Terms, *, is_done: bool, again: bool) -> Standing:
    """``has`` is what the household has of the module already; ``again`` gives it to those too who have done it. A date
    or a word left empty changes nothing."""
    if is_done and not again:
        return Standing.DONE
    if has is None:
        return Standing.NEW
    same = gets.due_on in (None, has.due_on) and gets.said in (("", None), has.said)
    return Standing.SAME if same else Standing.CHANGED


# --- Suggesting ----------------------------------------------------------------------------------------------------


class Reason(StrEnum):
    """Why a module is suggested, the best reason first."""

    INTEREST = "interest"
    BUSINESS = "business"
    NEXT = "next"


@dataclass(frozen=True)
class Offer:
    """A published module, as far as it matters for whom it is. Without business types it is for all."""

    key: UUID
    topic: str = ""
    business_types: frozenset[str] = frozenset()
    prerequisites: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """``leads_to`` is the module for whose sake this one, its prerequisite, is suggested."""

    key: UUID
    reason: Reason
    leads_to: UUID | None = None


def suggestions(
    offers: Sequence[Offer], has: Collection[UUID], *, business_type: str = "", interest: str = ""
) -> list[Suggestion]:
    """What to give a household next, at most three; ``offers`` in the order of the path, ``has`` what it has or has
    done. First what it is interested in, then what is made for its business, then what comes next. What a module needs
    first is suggested in its place."""
    by_key = {offer.key: offer for offer in offers}
    found: dict[UUID, Suggestion] = {}
    for reason in Reason:
        for offer in offers:
            if offer.key not in has and _fits(offer, reason, business_type, interest):
                first = _first_step(offer, by_key, has)
                found.setdefault(first, Suggestion(first, reason, None if first == offer.key else offer.key))
    return list(found.values())[:SUGGESTED]


def _fits(offer: Offer, reason: Reason, business_type: str, interest: str) -> bool:
    if offer.business_types and business_type not in offer.business_types:
        return False
    match reason:
        case Reason.INTEREST:
            return bool(interest) and offer.topic == interest
        case Reason.BUSINESS:
            return bool(offer.business_types)
        case Reason.NEXT:
            return True


def _first_step(offer: Offer, by_key: Mapping[UUID, Offer], has: Collection[UUID]) -> UUID:
    """The first module on the way to ``offer`` that the household does not have."""
    step, seen = offer, {offer.key}
    while missing := [
        by_key[key] for key in step.prerequisites if key in by_key and key not in has and key not in seen
    ]:
        step = missing[0]
        seen.add(step.key)
    return step.key
