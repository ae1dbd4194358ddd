"""An editor deletes or moves pages: what learners have done stays, and she is told why."""

from uuid import uuid4

import pytest
from django.urls import reverse
from wagtail.models import Locale

from courses.checks import Kind
from people.models import Learner
from quizzes.inspection import inspect_quizzes
from quizzes.models import QuizPage, WaitingAttempt
from tests import factories, pages

pytestmark = pytest.mark.django_db

FIRST = "pengenalan-motivasi"
KEPT = "Kuis ini sudah dikerjakan pelajar, jadi tidak bisa dihapus."
KEPT_THERE = "Kuis ini sudah dikerjakan pelajar, jadi tidak bisa dipindah."


def passed(person: Learner) -> None:
    factories.finished(person, FIRST)


def waits(person: Learner) -> None:
    """She took the quiz along, and has sent it before it is open to her."""
    quiz = factories.quiz(FIRST)
    keys = {"quiz_key": quiz.translation_key, "module_key": quiz.get_parent().translation_key}
    row = WaitingAttempt(id=uuid4(), learner=person, revision=quiz.live_revision, draw=0, answers={}, **keys)
    WaitingAttempt.objects.keep([row])


def one(page) -> str:
    return reverse("wagtailadmin_pages:delete", args=[page.pk])


def in_the_list(page) -> str:
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={page.pk}"


@pytest.mark.parametrize("way", [one, in_the_list])
@pytest.mark.parametrize("what", [factories.quiz, factories.module])
@pytest.mark.parametrize("did", [passed, waits])
def test_a_quiz_that_somebody_has_taken_stays_and_its_editor_is_told(client, did, what, way):
    did(factories.learner())
    client.force_login(factories.administrator())
    assert KEPT in client.post(way(what(FIRST)), follow=True).text
    assert QuizPage.objects.filter(pk=factories.quiz(FIRST).pk).exists()


@pytest.mark.parametrize("way", [one, in_the_list])
def test_a_translation_can_be_deleted_even_where_its_quiz_has_been_taken(client, way):
    passed(factories.learner())
    client.force_login(factories.administrator())
    jawa = Locale.objects.get(language_code="jv")
    module = factories.module(FIRST).copy_for_translation(jawa, copy_parents=True)
    factories.quiz(FIRST).copy_for_translation(jawa)
    client.post(way(module))
    assert not QuizPage.objects.filter(locale=jawa).exists()


@pytest.mark.parametrize("way", [one, in_the_list])
def test_a_quiz_that_nobody_has_taken_can_be_deleted(client, way):
    client.force_login(factories.administrator())
    quiz = factories.quiz(FIRST)
    client.post(way(quiz))
    assert not QuizPage.objects.filter(pk=quiz.pk).exists()


def moved_alone(client, page, module):
    address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, module.pk])
    return client.post(address, follow=True)


def moved_in_the_list(client, page, module):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    return client.post(f"{address}?id={page.pk}", {"chooser": module.pk}, follow=True)


@pytest.mark.parametrize("way", [moved_alone, moved_in_the_list])
@pytest.mark.parametrize("did", [passed, waits])
def test_a_quiz_that_somebody_has_taken_stays_in_its_module(client, did, way):
    """What she passed would be the quiz's of no module."""
    did(factories.learner())
    client.force_login(factories.administrator())
    factories.quiz("merek").delete()
    assert KEPT_THERE in way(client, factories.quiz(FIRST), factories.module("merek")).text
    assert factories.quiz(FIRST).get_parent().pk == factories.module(FIRST).pk


@pytest.mark.parametrize("way", [moved_alone, moved_in_the_list])
def test_a_quiz_that_nobody_has_taken_can_be_moved_where_there_is_none(client, way):
    client.force_login(factories.administrator())
    quiz, there = factories.quiz(FIRST), factories.module("merek")
    way(client, quiz, there)
    assert QuizPage.objects.child_of(there).count() == 1
    factories.quiz("merek").delete()
    way(client, quiz, there)
    assert QuizPage.objects.child_of(there).get().pk == quiz.pk


def test_the_quiz_of_a_copied_module_leads_to_the_copys_own_lessons(client):
    client.force_login(factories.administrator())
    module = factories.module()
    pages.copy(client, module, "merek-kedua")
    copy = factories.quiz("merek-kedua")
    own = {lesson.pk for lesson in factories.lessons("merek-kedua")}
    assert {asked.value["lesson"].pk for asked in copy.asked} == own
    assert {asked.value["lesson"].pk for asked in copy.get_latest_revision_as_object().asked} == own
    assert {asked.value["lesson"].get_parent().pk for asked in factories.quiz().asked} == {module.pk}


def test_the_checks_of_a_quiz_that_was_copied_alone_say_that_it_leads_to_another_modules_lessons(client):
    client.force_login(factories.administrator())
    factories.quiz("kemasan").delete()
    pages.copy(client, factories.quiz(), "kuis", parent=factories.module("kemasan"))
    copy = factories.quiz("kemasan")
    kinds = [one.kind for one in inspect_quizzes([copy, factories.quiz()])[copy]]
    assert kinds.count(Kind.OTHER_MODULE) == len(copy.asked)


def test_the_checks_of_a_translated_quiz_say_nothing_of_where_it_leads():
    """It is asked in Indonesian, and leads to the lessons of that."""
    factories.module().copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    copy = factories.quiz().copy_for_translation(Locale.objects.get(language_code="jv"))
    assert Kind.OTHER_MODULE not in [one.kind for one in inspect_quizzes([copy])[copy]]
