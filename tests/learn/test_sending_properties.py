"""What holds for every order, repetition and loss of what phones send, and for everything that is not from a phone."""

import json
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from badges.models import BadgeAward
from learn.items import READERS
from learn.models import Epoch, SentWork
from people.models import SendingKey
from progress.models import LessonCompletion, ModuleProgress, QuizOpening
from quizzes.models import Answer, Attempt, WaitingAttempt
from tests import factories as make
from tests.learn.fold import Content, content_of, fold, hexed, possible_work, stored
from tests.learn.phone import Phone, phone_of, sealed
from tests.properties import steady

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
FIRST, NEXT = "pengenalan-motivasi", "merek"  # the second needs the first


# --- Whatever comes -----------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def as_version_7(id: UUID) -> str:
    return f"{str(id)[:14]}7{str(id)[15:]}"


@st.composite
def almost_items(draw) -> dict:
    """An item with its digest in which something is not as it should be, perhaps."""
    work = draw(
        st.fixed_dictionaries({"lesson": st.uuids().map(str) | anything})
        | st.fixed_dictionaries(
            {
                "quiz": st.uuids().map(str) | anything,
                "revision": st.integers() | anything,
                "draw": st.integers(-1, 5) | anything,
                "answers": st.dictionaries(st.text(max_size=40), st.lists(st.text(max_size=70)), max_size=3) | anything,
            }
        )
        | anything
    )
    item = {
        "id": draw(st.uuids(version=4).map(as_version_7) | st.uuids().map(str) | anything),
        "owner": draw(st.just("mine") | anything),
        "kind": draw(st.sampled_from([*READERS]) | anything),
        "at": draw(st.just("") | anything),
        "work": work,
    }
    changed = draw(st.sampled_from([{}, {}, {}, {"more": 1}, {"kind": "lesson"}]))
    return item | changed


def with_digest(item: dict, owner: int) -> dict:
    if item["owner"] == "mine":
        item = item | {"owner": owner}
    try:
        return sealed(**item)
    except UnicodeEncodeError:  # half a letter
        return item | {"digest": "0" * 64}


@pytest.fixture
def phone() -> Phone:
    return phone_of(make.learner())


def answered(phone: Phone, body: object) -> dict:
    """The answer, which is JSON and no 500; the limit of batches a minute is not asked here."""
    SendingKey.objects.update(while_began_at=None)
    response = phone.post(body)
    assert response.status_code in (200, 400, 413), response.content
    return response.json()


@settings(steady, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(items=st.lists(almost_items() | anything, max_size=6))
def test_whatever_items_come_each_gets_an_answer_in_words(phone, items):
    """W8"""
    items = [with_digest(item, phone.owner) if isinstance(item, dict) and "work" in item else item for item in items]
    told = answered(phone, {"epoch": None, "serial": 0, "items": items})
    assert len(told["items"]) == len(items)
    for answer in told["items"]:
        assert answer["status"] == "sent" or answer["text"]


@settings(steady, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | anything.map(json.dumps) | st.text(max_size=200).map(str.encode))
def test_whatever_body_comes_is_answered(phone, body):
    """W8"""
    assert answered(phone, body)


# --- Phones and server together -----------------------------------------------------------------------------------

KEPT = (Epoch, SendingKey, SentWork, LessonCompletion, QuizOpening, Attempt, Answer)
KEPT += (WaitingAttempt, ModuleProgress, BadgeAward)


class Profile:
    """A learner on a phone, and all that she may do."""

    def __init__(self, learner, content: dict[str, Content]):
        self.learner = learner
        self.phone = phone_of(learner)
        self.possible, self.passes = possible_work(self.phone, learner, content)

    def send(self, items: list[dict], *, answer_arrives: bool = True) -> None:
        SendingKey.objects.update(while_began_at=None)
        if answer_arrives:
            self.phone.send(*items)
        else:
            assert self.phone.post(self.phone.batch(items)).status_code == 200


class PhonesAndServer(RuleBasedStateMachine):
    """Two learners on one phone, a server that is put back to an older copy, and a network that loses and doubles."""

    @initialize()
    def begin(self):
        self.content = content_of(FIRST, NEXT)
        home = make.household()
        self.profiles = [Profile(make.learner(home, pin=None), self.content) for _ in range(2)]
        self.copy: dict[type, list] = {}
        self.is_whole = True  # the server has all that it acknowledged

    @rule(data=st.data(), who=st.integers(0, 1))
    def learn_something(self, data, who):
        profile = self.profiles[who]
        known = profile.phone.outbox.keys() | profile.phone.acknowledged.keys()
        new = [item for item in profile.possible if item["id"] not in known]
        for item in data.draw(st.lists(st.sampled_from(new), max_size=8)) if new else []:
            profile.phone.keep(item)

    @rule(data=st.data(), who=st.integers(0, 1), answer_arrives=st.booleans())
    def send_some(self, data, who, answer_arrives):
        profile = self.profiles[who]
        if profile.phone.made:
            items = data.draw(st.lists(st.sampled_from(profile.phone.made), max_size=8))  # in any order, and twice
            profile.send(items, answer_arrives=answer_arrives)

    @rule(data=st.data(), who=st.integers(0, 1))
    def send_under_the_others_key(self, data, who):
        mine, other = self.profiles[who], self.profiles[1 - who]
        if mine.phone.made:
            SendingKey.objects.update(while_began_at=None)
            assert other.phone.statuses(data.draw(st.sampled_from(mine.phone.made))) == ["refused"]

    @rule(data=st.data(), who=st.integers(0, 1))
    def send_a_changed_copy(self, data, who):
        profile = self.profiles[who]
        known = [item for item in profile.phone.acknowledged.values() if item["kind"] == "lesson"]
        if known and self.is_whole:
            item = data.draw(st.sampled_from(known))
            other = data.draw(st.sampled_from([one for one in profile.possible if one["kind"] == "lesson"]))
            copy = profile.phone.item("lesson", other["work"], id=item["id"], at="lain")
            profile.send([copy])
            assert profile.phone.send_again is False

    @rule()
    def keep_a_copy_of_the_server(self):
        self.copy = {model: list(model.objects.all()) for model in KEPT}

    @rule()
    def put_the_old_copy_back(self):
        """By hand: nobody begins a new epoch."""
        if self.copy:
            for model in reversed(KEPT):
                model.objects.all().delete()
            for model in KEPT:
                model.objects.bulk_create(self.copy[model])
            self.is_whole = False

    @rule()
    def everything_arrives(self):
        """However the phones and the server stood: after a contact and a whole outbox, all is there once."""
        for profile in self.profiles:
            profile.send([])
            profile.send(list(profile.phone.outbox.values()))
            assert not profile.phone.outbox
            assert stored(profile.learner.pk, query) == fold(profile.phone.made, profile.passes, self.content)
        self.is_whole = True

    @invariant()
    def what_is_stored_is_a_fold_of_what_came(self):
        for profile in getattr(self, "profiles", []):
            found = stored(profile.learner.pk, query)
            came = [item for item in profile.phone.made if hexed(item["id"]) in found.ledger]
            assert found == fold(came, profile.passes, self.content)
            if self.is_whole:
                assert {hexed(id) for id in profile.phone.acknowledged} <= found.ledger


def query(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class InOneTransaction(PhonesAndServer):
    """Undoes each run."""

    def __init__(self):
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()

    def teardown(self):
        if hasattr(self, "profiles"):
            self.everything_arrives()
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)


def test_phones_and_server_agree_in_the_end_whatever_happens_between():
    """R3, R7, R8"""
    run_state_machine_as_test(
        InOneTransaction,
        settings=settings(
            steady, max_examples=20, stateful_step_count=12, suppress_health_check=list(HealthCheck), print_blob=False
        ),
    )
