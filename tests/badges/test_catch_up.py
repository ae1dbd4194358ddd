"""A change of the content brings learners something while they do nothing."""

import pytest
from django.core.management import call_command

from badges.models import Badge, BadgeAward, BadgeModule
from learn import intake
from progress.models import QuizOpening
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
FIRST = "pengenalan-motivasi"


def new_badge() -> Badge:
    badge = Badge.objects.create(name="Pemula", art="umum")
    BadgeModule.objects.create(badge=badge, module=make.module(FIRST))
    return badge


def test_a_new_badge_comes_to_who_has_done_its_modules_before_and_to_nobody_else():
    sari, dedi = make.learner(), make.learner(first_name="Dedi")
    make.finished(sari, FIRST)
    make.read(dedi, FIRST)
    badge = new_badge()
    for _ in range(2):
        call_command("catch_up")
        assert BadgeAward.objects.get(badge=badge).learner == sari


def test_a_badge_that_waited_for_a_practice_comes_once_none_is_wanted():
    module, sari = make.module(FIRST), make.learner()
    module.practice_needed = "badge"
    module.save()
    make.finished(sari, FIRST)
    assert not sari.badge_awards.exists()
    module.practice_needed = "none"
    module.save()
    call_command("catch_up")
    assert sari.badge_awards.count() == 1


def test_a_quiz_opens_once_the_lesson_that_was_missing_is_taken_back():
    sari = make.learner()
    *read, left = make.lessons(FIRST)
    for lesson in read:
        intake.complete_lesson(sari, lesson.translation_key)
    left.unpublish()
    call_command("catch_up")
    assert QuizOpening.objects.get().learner == sari


def test_who_has_withdrawn_is_left_alone():
    sari = make.learner()
    make.finished(sari, FIRST)
    sari.user.is_active = False
    sari.user.save()
    badge = new_badge()
    call_command("catch_up")
    assert not BadgeAward.objects.filter(badge=badge).exists()


@pytest.mark.parametrize("learners", [1, 5])
def test_to_look_for_who_is_left_behind_takes_the_same_queries(django_assert_num_queries, learners):
    for _ in range(learners):
        make.finished(make.learner(pin=None), FIRST)
    call_command("catch_up")
    with django_assert_num_queries(7):
        call_command("catch_up")
