"""A draft may be saved with any field empty, and saves itself while its editor writes. What she opens must not break on
what is not written yet."""

from uuid import UUID

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from quizzes.blocks import QuestionsBlock
from quizzes.formats.files import FORMATS
from quizzes.models import Attempt, QuizPage
from quizzes.rules import Kind
from tests import factories, pages
from tests.quizzes.questions import choices, item, stored

pytestmark = pytest.mark.django_db

NAMELESS, RIGHT, WRONG, BLANK = (
    item(letter, {"text": text, "correct": right})
    for letter, text, right in (("a", "", True), ("b", "B", True), ("c", "C", False), ("d", "", False))
)
EMPTY = {
    Kind.SINGLE_CHOICE: [{"choices": [NAMELESS, WRONG]}, {"choices": [BLANK, WRONG]}, {"choices": [BLANK, NAMELESS]}],
    Kind.MULTI_SELECT: [{"choices": [NAMELESS, RIGHT, WRONG]}, {"choices": [BLANK, BLANK]}, {"choices": [RIGHT]}],
    Kind.TRUE_FALSE: [{"correct": False}],
    Kind.ORDERING: [{"items": []}, {"items": [item("a", ""), item("b", "")]}],
    Kind.MATCHING: [{"pairs": []}, {"pairs": [item(letter, {"left": "", "right": ""}) for letter in "ab"]}],
    Kind.NUMERIC: [{"answer": None}, {"tolerance": None}, {"unit": ""}],
}
ANYTHING = {"answer": "0", **{f"place_{place}": str(place) for place in range(6)}}


@pytest.fixture(params=Kind)
def quiz(request, client) -> QuizPage:
    """With a draft as Wagtail stores it: for each field of one kind of question, one that has it empty."""
    client.force_login(factories.staff("Penulis materi"))
    questions = [
        stored(request.param, **changes) | {"id": str(UUID(int=number))}
        for number, changes in enumerate([*EMPTY[request.param], {"question": ""}, {"explanation": ""}])
    ]
    block, quiz = QuestionsBlock(), factories.quiz("merek")
    quiz.questions = block.clean_deferred(block.to_python(questions))
    quiz.save_revision()
    return quiz


def test_whatever_is_empty_in_a_draft_its_editors_screens_open(client, quiz):
    screens = [
        reverse("wagtailadmin_pages:edit", args=[quiz.pk]),
        reverse("wagtailadmin_pages:view_draft", args=[quiz.pk]),
        reverse("desk_checks"),
        reverse("desk_checks_of_page", args=[quiz.pk]),
        reverse("quiz_desk:export", args=[quiz.pk]),
        *(reverse("quiz_desk:download", args=[quiz.pk, code]) for code in FORMATS),
    ]
    assert {url: client.get(url).status_code for url in screens} == dict.fromkeys(screens, 200)


def test_whatever_is_empty_in_a_draft_it_can_be_rehearsed_to_its_result(client, quiz):
    url = reverse("rehearse_quiz", args=[quiz.pk])
    page = client.get(url)
    for _ in quiz.questions:
        page = client.post(url, ANYTHING | {"trail": pages.soup(page).select_one("input[name=trail]")["value"]})
    assert f"dari {len(quiz.questions)} benar" in page.text


def taken_while_its_form_is_open(client) -> tuple[QuizPage, int, Attempt]:
    """The quiz, what its form saved last, and an attempt: meanwhile it was published from the list of pages."""
    client.force_login(factories.administrator())
    quiz = factories.quiz("pengenalan-motivasi")
    saved = saved_by_itself(client, quiz, "Apa itu kas?")
    client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={quiz.pk}")
    learner = factories.learner(pin=None)
    factories.read(learner, "pengenalan-motivasi")
    return quiz, saved, factories.answered(learner, "pengenalan-motivasi")


def test_what_is_written_on_in_a_form_changes_no_question_that_learners_are_asked(client):
    quiz, first, attempt = taken_while_its_form_is_open(client)
    second = saved_by_itself(client, quiz, "Apa itu modal?", overwrite_revision_id=first)
    third = saved_by_itself(client, quiz, "Apa itu laba?", overwrite_revision_id=second)
    assert (attempt.revision_id, third) == (first, second)
    assert Attempt.objects.submit(attempt).passed


def test_nor_does_it_once_that_quiz_was_taken_down(client):
    quiz, first, attempt = taken_while_its_form_is_open(client)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[quiz.pk]))
    assert saved_by_itself(client, quiz, "Apa itu modal?", overwrite_revision_id=first) != first
    assert attempt.revision_id == first
    assert Attempt.objects.submit(attempt).passed


def saved_by_itself(client, quiz: QuizPage, question: str, **more) -> int:
    """What Wagtail's form saves while its editor writes; the id of the revision."""
    offered = streamfield([("item", {"text": text, "correct": text == "Uang"}) for text in ("Uang", "Baju")])
    asked = {"question": question, "choices": offered, "explanation": "Begitu.", "lesson": ""}
    fields = {"title": quiz.title, "slug": quiz.slug, "pass_mark": 70, "attempts_per_day": 5, "draw": 0}
    fields |= {"questions": streamfield([("single_choice", asked)]), "comments": inline_formset([])}
    url = reverse("wagtailadmin_pages:edit", args=[quiz.pk])
    saved = client.post(url, nested_form_data(fields) | more, headers={"accept": "application/json"})
    return saved.json()["revision_id"]


def test_an_answer_that_a_draft_offers_no_more_is_asked_for_again(client):
    """Another tab has put other choices in its place, while she plays."""
    client.force_login(factories.staff("Penulis materi"))
    quiz = factories.quiz("merek")
    url = reverse("rehearse_quiz", args=[quiz.pk])
    two_questions(quiz, choices("b"))
    page = client.get(url)
    for letters, words in [("abcd", "Soal 2 dari 2"), ("efgh", "Soal 1 dari 2"), ("efgh", "Soal 2 dari 2")]:
        two_questions(quiz, choices(letters[1], letters))
        page = client.post(url, ANYTHING | {"trail": pages.soup(page).select_one("input[name=trail]")["value"]})
        assert (page.status_code, words in page.text) == (200, True)
    page = client.post(url, ANYTHING | {"trail": pages.soup(page).select_one("input[name=trail]")["value"]})
    assert "dari 2 benar" in page.text


def two_questions(quiz: QuizPage, offered: dict) -> None:
    ids = [str(UUID(int=number)) for number in range(2)]
    quiz.questions = QuestionsBlock().to_python([stored(Kind.SINGLE_CHOICE, **offered) | {"id": id} for id in ids])
    quiz.save_revision()
