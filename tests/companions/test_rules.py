"""Who needs the companion, how a household stands, and what to give it next: companions/rules.py as tables. A and B are
modules; learners are 1 and 2; days are counted back from NOW, a Tuesday at ten in the morning."""

from datetime import date, datetime, timedelta, timezone
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as some

from companions.rules import (
    Begun,
    Contact,
    Failed,
    Given,
    Kind,
    Known,
    Need,
    Offer,
    Reason,
    Stage,
    Standing,
    Suggestion,
    Terms,
    WaitingPin,
    Worked,
    days_between,
    days_told,
    needs,
    quiet_since,
    rests,
    signal_is_doubtful,
    stage,
    standing,
    suggestions,
)
from tests.properties import steady

WIB = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=WIB)


def key(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


A, B = key("A"), key("B")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def begun(days: float, module: UUID = A, *, done: bool = False, by: int = 1) -> Begun:
    return Begun(by, module, ago(days), done)


def awaiting(days: float, module: UUID = A) -> Begun:
    return Begun(1, module, ago(days), awaits_others=True)


def assigned(days: float, module: UUID = A, due: date | None = None) -> Given:
    return Given(module, ago(days), due)


# --- How a household stands ---------------------------------------------------------------------------------------

STAGES = [
    ("nothing done, nothing given", Known(), Stage.NO_MODULE, None),
    ("given long ago, never begun", Known(given=(assigned(30),)), Stage.NOT_STARTED, 30),
    ("at work", Known(begun=(begun(6.9),)), Stage.LEARNING, 6.9),
    ("seven days without work", Known(begun=(begun(7),)), Stage.QUIET, 7),
    ("all that was given is done", Known(begun=(begun(40, done=True),), given=(assigned(50),)), Stage.DONE, None),
    ("all that was begun is done, nothing given", Known(begun=(begun(40, done=True),)), Stage.DONE, None),
    (
        "something new was given lately",
        Known(begun=(begun(40, done=True),), given=(assigned(2, B),)),
        Stage.LEARNING,
        2,
    ),
    (
        "something new was given, and still waits",
        Known(begun=(begun(40, done=True),), given=(assigned(9, B),)),
        Stage.QUIET,
        9,
    ),
    (
        "begun and left, whatever is given since",
        Known(begun=(begun(20),), given=(assigned(1, B),)),
        Stage.QUIET,
        20,
    ),
    (
        "one of the family goes on",
        Known(begun=(begun(20), begun(1, B, by=2))),
        Stage.LEARNING,
        1,
    ),
    ("all that is left awaits her answer", Known(begun=(awaiting(20),)), Stage.LEARNING, None),
    ("given, and awaits her answer", Known(begun=(awaiting(20),), given=(assigned(30),)), Stage.LEARNING, None),
    ("her last work is published no more", Known(begun=(begun(20),), worked=(Worked(1, ago(9)),)), Stage.QUIET, 9),
    ("none of her work is published any more", Known(worked=(Worked(1, ago(9)),)), Stage.NO_MODULE, None),
    ("something else was begun", Known(begun=(begun(20, B), awaiting(9))), Stage.QUIET, 9),
    ("another of the family can go on", Known(begun=(awaiting(20), begun(21, by=2))), Stage.QUIET, 20),
    (
        "one has done it, so it is done for the household",
        Known(begun=(begun(20, done=True), begun(19, by=2)), given=(assigned(30),)),
        Stage.DONE,
        None,
    ),
]


@pytest.mark.parametrize(("known", "expected", "days"), [row[1:] for row in STAGES], ids=[row[0] for row in STAGES])
def test_a_household_stands_and_is_quiet_since(known, expected, days):
    assert stage(known, NOW) == expected
    assert quiet_since(known) == (None if days is None else ago(days))


# --- What it needs ------------------------------------------------------------------------------------------------


def due_in(days: int) -> date:
    return NOW.date() + timedelta(days=days)


NEEDS = [
    ("at work", Known(begun=(begun(6.9),)), []),
    ("7 days quiet", Known(begun=(begun(7),)), [Kind.QUIET]),
    ("13.9 days quiet", Known(begun=(begun(13.9),)), [Kind.QUIET]),
    ("14 days quiet", Known(begun=(begun(14),)), [Kind.LONG_QUIET]),
    ("never begun", Known(given=(assigned(8),)), [Kind.QUIET]),
    ("nothing to do", Known(begun=(begun(90, done=True),)), []),
    ("failed once", Known(failed=(Failed(1, A, 1, ago(1)),)), []),
    ("failed twice", Known(failed=(Failed(1, A, 2, ago(1)),)), [Kind.QUIZ]),
    ("due in 4 days", Known(given=(assigned(1, due=due_in(4)),)), []),
    ("due in 3 days", Known(given=(assigned(1, due=due_in(3)),)), [Kind.DUE]),
    ("past due", Known(given=(assigned(1, due=due_in(-5)),)), [Kind.DUE]),
    ("due, and awaits her answer", Known(begun=(awaiting(9),), given=(assigned(9, due=due_in(-1)),)), []),
    ("due and done", Known(begun=(begun(1, done=True),), given=(assigned(2, due=due_in(0)),)), []),
    ("PIN for 25 hours more", Known(pins=(WaitingPin(1, ago(-25 / 24)),)), []),
    ("PIN for 24 hours more", Known(pins=(WaitingPin(1, ago(-1)),)), [Kind.PIN]),
    ("PIN lapsed", Known(pins=(WaitingPin(1, ago(3)),)), [Kind.PIN]),
    (
        "everything at once, the most pressing first",
        Known(
            begun=(begun(15),),
            given=(assigned(20, due=due_in(1)),),
            failed=(Failed(1, A, 3, ago(15)),),
            pins=(WaitingPin(1, ago(0)),),
        ),
        [Kind.LONG_QUIET, Kind.QUIZ, Kind.DUE, Kind.PIN],
    ),
]


@pytest.mark.parametrize(("known", "kinds"), [row[1:] for row in NEEDS], ids=[row[0] for row in NEEDS])
def test_a_household_needs(known, kinds):
    assert [need.kind for need in needs(known, NOW)] == kinds


def test_a_quiet_household_tells_who_stopped_where_and_when():
    known = Known(begun=(begun(30, done=True), begun(9, B, by=2)))
    assert needs(known, NOW) == [Need(Kind.QUIET, since=ago(2), at=ago(9), learner=2, module=B)]


def test_one_that_never_began_tells_what_was_given_first_and_nobody():
    known = Known(given=(assigned(8, B), assigned(10, A)))
    assert needs(known, NOW) == [Need(Kind.QUIET, since=ago(3), at=ago(10), module=A)]


def test_a_due_date_comes_up_three_days_before_at_midnight():
    [need] = needs(Known(given=(assigned(1, due=due_in(1)),)), NOW)
    assert (need.at, need.since) == (datetime(2026, 11, 25, tzinfo=WIB), datetime(2026, 11, 22, tzinfo=WIB))


# --- Stepping back ------------------------------------------------------------------------------------------------

RESTS = [
    ("nobody came", (), False),
    ("contacted just now", (Contact(ago(0)),), True),
    ("contacted not quite 3 days ago", (Contact(ago(2.9)),), True),
    ("contacted 3 days ago", (Contact(ago(3)),), False),
    ("visited not quite 7 days ago", (Contact(ago(6.9), is_visit=True),), False),  # the need came up 5 days ago
    ("visited since it came up", (Contact(ago(4.9), is_visit=True),), True),
    ("contacted before it came up", (Contact(ago(5.1)),), False),
    ("one of several is enough", (Contact(ago(9)), Contact(ago(1))), True),
]


@pytest.mark.parametrize(("contacts", "expected"), [row[1:] for row in RESTS], ids=[row[0] for row in RESTS])
def test_a_need_of_five_days_rests(contacts, expected):
    assert rests(Need(Kind.QUIET, since=ago(5), at=ago(12)), contacts, NOW) is expected


def test_a_visit_lets_it_rest_for_seven_days():
    need = Need(Kind.QUIET, since=ago(20), at=ago(27))
    assert rests(need, (Contact(ago(6.9), is_visit=True),), NOW)
    assert not rests(need, (Contact(ago(7), is_visit=True),), NOW)


@pytest.mark.parametrize(("sent", "doubtful"), [(None, True), (ago(7), True), (ago(6.9), False)])
def test_a_phone_that_sent_nothing_all_the_while_may_have_no_signal(sent, doubtful):
    assert signal_is_doubtful(sent, NOW) is doubtful


@pytest.mark.parametrize(
    ("earlier", "days"),
    [
        (datetime(2026, 11, 23, 23, 59, tzinfo=WIB), 1),
        (datetime(2026, 11, 24, 0, 1, tzinfo=WIB), 0),
        (datetime(2026, 11, 23, 18, 0, tzinfo=timezone.utc), 0),  # noqa: UP017 (the 24th where she lives)
        (datetime(2026, 11, 25, 0, 0, tzinfo=WIB), -1),
    ],
)
def test_days_are_those_of_the_calendar(earlier, days):
    assert days_between(earlier, NOW) == days


@pytest.mark.parametrize("days", [7, 13, 13.5, 13.9, 14, 14.9])
def test_whoever_is_told_to_be_quiet_for_14_days_stands_under_that_heading(days):
    """«Diam 14 hari» stood under «Diam 7 hari lebih» until the hour of her last work."""
    [need] = needs(Known(begun=(begun(days),)), NOW)
    assert (days_told(need, NOW) >= 14) is (need.kind == Kind.LONG_QUIET)


moments = some.floats(0, 60, allow_nan=False)
households = some.builds(
    Known,
    begun=some.lists(some.builds(begun, moments, some.sampled_from([A, B]), done=some.booleans()), max_size=4).map(
        tuple
    ),
    given=some.lists(some.builds(assigned, moments, some.sampled_from([A, B])), max_size=2).map(tuple),
)


@steady
@given(households)
def test_quiet_in_the_list_is_quiet_today(known):
    kinds = {need.kind for need in needs(known, NOW)}
    if stage(known, NOW) == Stage.QUIET:
        assert kinds & {Kind.QUIET, Kind.LONG_QUIET}
    if stage(known, NOW) in (Stage.DONE, Stage.LEARNING):
        assert not kinds & {Kind.QUIET, Kind.LONG_QUIET}


# --- Giving -------------------------------------------------------------------------------------------------------

SOON, LATER = date(2026, 12, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("has", "gets", "done", "again", "expected"),
    [
        (None, Terms(), False, False, Standing.NEW),
        (None, Terms(SOON, "Ayo"), False, False, Standing.NEW),
        (Terms(SOON), Terms(SOON), False, False, Standing.SAME),
        (Terms(SOON), Terms(LATER), False, False, Standing.CHANGED),
        (Terms(SOON), Terms(), False, False, Standing.SAME),
        (Terms(), Terms(SOON), False, False, Standing.CHANGED),
        (Terms(SOON, "Ayo"), Terms(SOON), False, False, Standing.SAME),
        (Terms(SOON, "Ayo"), Terms(SOON, "Ayo"), False, False, Standing.SAME),
        (Terms(SOON, "Ayo"), Terms(SOON, "Pelan"), False, False, Standing.CHANGED),
        (None, Terms(SOON), True, False, Standing.DONE),
        (Terms(LATER), Terms(SOON), True, False, Standing.DONE),
        (None, Terms(SOON), True, True, Standing.NEW),
        (Terms(SOON), Terms(SOON), True, True, Standing.SAME),
    ],
)
def test_what_giving_a_module_would_bring_about(has, gets, done, again, expected):
    assert standing(has, gets, is_done=done, again=again) == expected


# --- Suggesting ---------------------------------------------------------------------------------------------------


def offer(name: str, topic: str = "", types: str = "", needs: str = "") -> Offer:
    return Offer(key(name), topic, frozenset(types.split()), tuple(key(one) for one in needs.split()))


PATH = [
    offer("first"),
    offer("brand", "merek", needs="first"),
    offer("packs", "kemasan", needs="first"),
    offer("photo", "foto", needs="first"),
    offer("video", "foto", needs="photo"),
    offer("cooking", types="kuliner"),
]


@pytest.mark.parametrize(
    ("has", "business", "interest", "expected"),
    [
        ("", "", "", ["first next"]),
        ("first", "", "", ["brand next", "packs next", "photo next"]),
        ("first", "", "kemasan", ["packs interest", "brand next", "photo next"]),
        ("first", "kuliner", "kemasan", ["packs interest", "cooking business", "brand next"]),
        ("first", "jasa", "", ["brand next", "packs next", "photo next"]),
        ("first photo", "", "foto", ["video interest", "brand next", "packs next"]),
        ("first brand packs photo video", "jasa", "foto", []),
        ("first brand packs photo video", "kuliner", "foto", ["cooking business"]),
    ],
)
def test_a_household_is_offered(has, business, interest, expected):
    found = suggestions(PATH, {key(one) for one in has.split()}, business_type=business, interest=interest)
    wanted = [tuple(one.split()) for one in expected]
    assert [(one.key, str(one.reason)) for one in found] == [(key(name), reason) for name, reason in wanted]


def test_what_a_module_needs_first_is_suggested_in_its_place():
    found = suggestions(PATH, {key("first")}, interest="foto")
    assert found[0] == Suggestion(key("photo"), Reason.INTEREST)
    assert suggestions(PATH, set(), interest="foto")[0] == Suggestion(key("first"), Reason.INTEREST, key("photo"))
    assert suggestions(PATH[4:], set(), interest="foto")[0] == Suggestion(key("video"), Reason.INTEREST)


def test_prerequisites_in_a_circle_are_offered_all_the_same():
    circle = [offer("one", needs="two"), offer("two", needs="one")]
    assert {one.key for one in suggestions(circle, set())} == {key("one"), key("two")}
