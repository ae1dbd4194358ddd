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


def test_what_was_done_in_a_lesson_counts_where_the_lesson_stands_now(client):
    """An editor puts two modules together: a family that had begun the one read «Belum mulai» at its companion's."""
    rina = make.companion()
    sari = make.learner(make.household(rina), pin=None)
    lesson, merek = make.lessons(FIRST)[0], make.module("merek")
    intake.complete_lesson(sari, lesson.translation_key)
    make.practised(sari, FIRST)
    lesson.move(merek, pos="last-child")
    make.module(FIRST).unpublish()
    call_command("catch_up")
    client.force_login(rina.user)
    assert f"{merek.title}: 1 dari 6" in client.get("/dampingan/keluarga/").text
    call_command("rebuild_progress", "--check")


def test_a_practice_that_was_right_stays_that_of_its_module_when_its_lesson_moves():
    module, sari, rina = make.module(FIRST), make.learner(pin=None), make.companion()
    make.feedback(make.practised(sari, FIRST), rina, "right")
    make.lessons(FIRST)[0].move(make.module("merek"), pos="last-child")
    call_command("catch_up")
    assert sari.practices.get().module_key == module.translation_key


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
