"""``make_people``: a crowd to measure with, whose facts hang together as if the verbs had stored them."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from wagtail.models import Page

from badges.models import BadgeAward
from lms.crowd import PIN, card_code, companion_name, coordinator_name
from people.models import Household, HouseholdGroup, Learner, Region, User
from practice.models import Feedback, PracticeSubmission
from progress.facts import facts_of, outline
from progress.models import ModuleAssignment
from progress.rules import State, gate
from quizzes.models import Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db
LEARNERS, CASELOAD = 120, 50
TODAY = date(2026, 11, 24)


def make_people(**options) -> None:
    call_command("make_people", learners=LEARNERS, caseload=CASELOAD, today=TODAY, **options)


def rows() -> dict[str, list[tuple]]:
    """All rows of people and of what they did, without the numbers that count up."""
    found = {}
    for app in ("people", "progress", "quizzes", "badges", "practice"):
        for model in apps.get_app_config(app).get_models():
            if not issubclass(model, Page):
                fields = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
                found[model._meta.label] = sorted(model._base_manager.values_list(*fields), key=repr)
    return found


@pytest.fixture
def crowd():
    make_people()


def test_outside_a_demo_it_makes_nobody(settings):
    """A14: they all have one PIN, which everybody can read."""
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=true"):
        make_people()
    assert not User.objects.exists()


def test_where_learners_are_it_makes_nobody_unless_asked():
    make.learner()
    with pytest.raises(CommandError, match="beside-others"):
        make_people()
    assert Learner.objects.count() == 1
    make_people(beside_others=True)
    assert Learner.objects.count() == 1 + LEARNERS


def test_it_makes_the_crowd_once(crowd):
    with pytest.raises(CommandError, match="already"):
        make_people(beside_others=True)


def test_the_same_number_on_the_same_day_gives_the_same_people():
    found = []
    for _ in range(2):
        with transaction.atomic():
            make_people()
            found.append(rows())
            transaction.set_rollback(True)
        assert not Learner.objects.exists()
    assert found[0] == found[1]


def test_every_summary_agrees_with_its_facts(crowd, capsys):
    call_command("rebuild_progress", check=True)
    assert capsys.readouterr().out == "0 ringkasan berbeda.\n"


def test_constraints_hold(crowd):
    connection.check_constraints()


def constraints() -> dict[str, dict]:
    """Keys, indexes and checks of all tables."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: connection.introspection.get_constraints(cursor, table) for table in tables}


def test_every_index_and_constraint_is_still_there():
    """PostgreSQL writes the crowd without them."""
    before = constraints()
    make_people()
    assert constraints() == before


def test_whoever_comes_next_gets_a_number_of_her_own(crowd):
    home = make.household(make.companion())
    assert make.learner(home, pin=None).pk > LEARNERS


def test_what_they_did_follows_the_rules(crowd):
    """A quiz is open to whoever may take it, only those have attempts, and every award is earned and none missing."""
    content = outline()
    learners = list(Learner.objects.all())
    facts = facts_of(learners)
    for learner in learners:
        known = facts[learner.pk]
        for key, module in content.modules.items():
            is_open = gate(module, known, content.modules).state != State.LOCKED
            assert is_open == (key in known.quizzes_opened)
        assert BadgeAward.objects.award_due(learner, content, known) == []
    assert set(Attempt.objects.values_list("learner", "module_key")) <= {
        (id, key) for id, known in facts.items() for key in known.quizzes_opened
    }


def test_attempts_are_judged_as_their_answers_say(crowd):
    for attempt in Attempt.objects.select_related("revision").prefetch_related("answers"):
        told = (attempt.right, attempt.total, attempt.passed, attempt.submitted_at)
        answers = {answer.question_id: answer.is_right for answer in attempt.answers.all()}
        assert sum(answers.values()) == attempt.right
        attempt.judge(attempt.responses)
        assert told[:3] == (attempt.right, attempt.total, attempt.passed)


def test_everybody_has_her_place(crowd):
    """A household has one learner, a group, a region and one companion, who has her share."""
    assert Household.objects.count() == Learner.objects.count() == LEARNERS
    first = User.objects.get(username=companion_name(0))
    assert Household.objects.for_companion(first).count() == CASELOAD
    homes = Household.objects.select_related("region", "group")
    assert {home.region.level for home in homes} == {Region.Level.DISTRICT}
    assert {home.group.region_id == home.region_id for home in homes} == {True}
    assert HouseholdGroup.objects.count() == 5
    province = homes[0].region_id[:2]
    assert Household.objects.for_coordinator(User.objects.get(username=coordinator_name(province))).exists()


def test_there_is_some_of_everything(crowd):
    assert Attempt.objects.filter(passed=False).exists() and Attempt.objects.filter(passed=True).exists()
    assert PracticeSubmission.objects.waiting().exists() and Feedback.objects.exists()
    assert BadgeAward.objects.exists() and ModuleAssignment.objects.filter(due_on__lt=TODAY).exists()
    assert Learner.objects.filter(completions=None).exists()


def test_they_sign_in_with_their_card_and_the_one_pin(crowd, client):
    sent = {"login": card_code(7), "password": PIN}
    response = client.post("/masuk/", sent, follow=True)
    assert response.redirect_chain and response.status_code == 200
    assert Learner.objects.get(user__username=card_code(7)).greeting_name in response.text
    assert authenticate(None, username=companion_name(0), password=PIN)
