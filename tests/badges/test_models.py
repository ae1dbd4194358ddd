"""Who gets a badge, and keeps it."""

import pytest
from django.db import IntegrityError, transaction

from badges.models import Badge, BadgeAward, BadgeModule, criteria
from learn import intake
from progress.facts import facts_of, outline
from tests import factories as make

pytestmark = pytest.mark.django_db
MAIN_PATH = ["merek", "kemasan", "riset-pasar", "literasi-keuangan", "foto-produk"]
FIRST = "pengenalan-motivasi"


@pytest.fixture
def sari():
    return make.learner(pin=None)


def award_due(person) -> list[BadgeAward]:
    return BadgeAward.objects.award_due(person, outline(), facts_of([person])[person.pk])


def names(person) -> list[str]:
    return [award.badge.name for award in person.badge_awards.select_related("badge")]


def test_each_module_has_a_badge_and_the_main_path_has_one():
    assert Badge.objects.filter(is_path=False).count() == 8
    path = Badge.objects.get(is_path=True)
    assert [row.module.slug for row in path.required_modules.all()] == MAIN_PATH


def test_the_criteria_of_all_badges_take_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(criteria.__wrapped__()) == 9


def test_who_did_nothing_gets_nothing(sari):
    assert award_due(sari) == []


def test_reading_alone_earns_nothing(sari):
    make.read(sari, FIRST)
    assert names(sari) == []


def test_a_failed_quiz_earns_nothing(sari):
    make.read(sari, FIRST)
    make.tried(sari, FIRST, right=6)  # 60 percent of the 70 needed
    assert names(sari) == []


def test_a_passed_quiz_earns_the_badge_of_its_module(sari):
    make.read(sari, FIRST)
    attempt = make.answered(sari, FIRST)
    outcome = intake.submit_attempt(attempt)
    assert [award.badge for award in outcome.awards] == [make.badge(FIRST)]
    assert names(sari) == [make.badge(FIRST).name]


def test_a_badge_is_awarded_once(sari):
    make.finished(sari, FIRST)
    before = list(BadgeAward.objects.values())
    assert award_due(sari) == []
    make.tried(sari, FIRST)  # passed a second time
    assert list(BadgeAward.objects.values()) == before


def test_the_database_refuses_the_same_badge_twice(sari):
    make.finished(sari, FIRST)
    with pytest.raises(IntegrityError), transaction.atomic():
        BadgeAward.objects.create(learner=sari, badge=make.badge(FIRST))


def test_only_the_learner_who_earned_it_gets_it(sari):
    make.learner(sari.household, pin=None)
    make.finished(sari, FIRST)
    assert BadgeAward.objects.get().learner == sari


def test_a_badge_is_kept_when_its_module_is_unpublished(sari):
    make.finished(sari, FIRST)
    make.module(FIRST).unpublish()
    assert award_due(sari) == []
    assert names(sari) == [make.badge(FIRST).name]


def test_a_badge_is_kept_when_its_criteria_grow(sari):
    make.finished(sari, FIRST)
    BadgeModule.objects.create(badge=make.badge(FIRST), module=make.module("merek"), sort_order=1)
    assert award_due(sari) == []
    assert len(names(sari)) == 1


def test_a_badge_is_kept_when_a_later_attempt_fails(sari):
    make.finished(sari, FIRST)
    make.tried(sari, FIRST, right=0)
    assert names(sari) == [make.badge(FIRST).name]


def test_a_badge_that_came_after_the_work_is_given_with_the_next_fact(sari):
    make.badge(FIRST).delete()
    make.finished(sari, FIRST)
    late = Badge.objects.create(name="Awal Baru", art="umum")
    BadgeModule.objects.create(badge=late, module=make.module(FIRST))
    outcome = intake.complete_lesson(sari, make.lessons("merek")[0].translation_key)
    assert [award.badge for award in outcome.awards] == [late]


def test_the_path_badge_comes_with_the_last_of_the_five_modules(sari):
    path = Badge.objects.get(is_path=True)
    make.finished(sari, FIRST, *MAIN_PATH[:-1])
    assert path.name not in names(sari)
    make.read(sari, MAIN_PATH[-1])
    outcome = intake.submit_attempt(make.answered(sari, MAIN_PATH[-1]))
    assert {award.badge for award in outcome.awards} == {make.badge(MAIN_PATH[-1]), path}
    assert len(names(sari)) == 7


def test_where_no_module_is_done_no_query_asks_for_badges(sari, django_assert_num_queries):
    content, facts = outline(), facts_of([sari])[sari.pk]
    with django_assert_num_queries(0):
        assert BadgeAward.objects.award_due(sari, content, facts) == []
