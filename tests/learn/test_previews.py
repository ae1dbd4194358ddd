"""What an editor sees before a page is published. A preview stores nothing and leads to the next draft."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import LessonPage, ModulePage
from learn.rehearsal import SEED
from progress.models import LessonCompletion
from quizzes.forms import question_form
from quizzes.models import Answer, Attempt, QuizPage
from quizzes.rules import Kind, shuffled
from tests import factories, pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client) -> Client:
    client.force_login(factories.staff("Penulis materi"))
    return client


def draft(page, mode: str = "pelajar") -> str:
    return f"{reverse('wagtailadmin_pages:view_draft', args=[page.pk])}?mode={mode}"


def new_module() -> ModulePage:
    """A module that nobody has published yet, with two lessons and a quiz in draft."""
    index = factories.module("merek").get_parent()
    module = index.add_child(instance=ModulePage(title="Baru", slug="baru", summary="S.", outcome="O.", live=False))
    for number in (1, 2):
        page = LessonPage(title=f"Pelajaran {number}", slug=f"p{number}", goal="Tahu.", minutes=3, body=[], live=False)
        module.add_child(instance=page)
        page.save_revision()
    quiz = QuizPage(title="Kuis: Baru", slug="kuis", questions=factories.quiz("merek").questions, live=False)
    module.add_child(instance=quiz)
    quiz.save_revision()
    module.save_revision()
    return module


# --- The path ----------------------------------------------------------------------------------------------------


def test_a_whole_path_can_be_walked_before_any_of_it_is_published(editor):
    module = new_module()
    first, second = LessonPage.objects.child_of(module).order_by("path")
    quiz = QuizPage.objects.child_of(module).get()
    start = pages.links(editor.get(draft(module)))
    assert draft(first) in start and draft(second) in start
    assert draft(second) in pages.links(editor.get(draft(first)))
    assert draft(quiz) in pages.links(editor.get(draft(second)))
    assert reverse("rehearse_quiz", args=[quiz.pk]) in pages.links(editor.get(draft(quiz)))


def test_a_draft_of_a_published_lesson_shows_its_new_words_in_the_preview_alone(editor):
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "Tujuan yang baru ditulis."
    page.save_revision()
    assert "Tujuan yang baru ditulis." in editor.get(draft(page)).text
    assert "Tujuan yang baru ditulis." not in Client().get(page.url).text


def test_a_lesson_of_a_module_whose_draft_is_older_than_a_move_leads_to_its_own_module(editor):
    module = factories.module("merek")
    module.save_revision()
    factories.module("kemasan").move(module, pos="left")
    first, second, *_ = factories.lessons("merek")
    assert draft(second) in pages.links(editor.get(draft(first)))


def test_a_learner_and_a_visitor_see_their_own_ways_on(editor):
    page = LessonPage.objects.get(slug="memilih-nama")
    as_learner, as_visitor = (pages.soup(editor.get(draft(page, mode))) for mode in ("pelajar", "pengunjung"))
    assert pages.text(as_learner.select_one(".who")) == "Bu Sari" and "Sudah paham" in pages.text(as_learner)
    assert pages.text(as_visitor.select_one(".who")) == "Masuk" and "Sudah paham" not in pages.text(as_visitor)


def test_a_preview_may_stand_in_a_frame_of_our_own_and_a_lesson_in_none(editor):
    page = LessonPage.objects.get(slug="memilih-nama")
    assert "frame-ancestors 'self'" in editor.get(draft(page))["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in editor.get(page.url)["Content-Security-Policy"]


@pytest.mark.parametrize("page_class", [ModulePage, LessonPage, QuizPage])
def test_previews_begin_on_the_phone_that_we_design_for(page_class):
    sizes = {size["name"]: size["device_width"] for size in page_class.preview_sizes}
    assert sizes[page_class().default_preview_size] == 360
    assert [name for name, _ in page_class.preview_modes] == ["pelajar", "pengunjung"]


# --- Playing the quiz --------------------------------------------------------------------------------------------


def right_answer(asked) -> dict[str, str | list[str]]:
    """What the form sends for the right answer: the key's places in the shuffled list."""
    form, rule = question_form(asked, SEED), asked.rule
    if rule.kind == Kind.NUMERIC:
        return {"answer": rule.key[0]}
    if rule.kind in (Kind.ORDERING, Kind.MATCHING):
        return {f"place_{number}": str(form.order.index(id)) for number, id in enumerate(rule.key)}
    places = [str(form.order.index(id)) for id in rule.key]
    return {"answer": places if rule.kind == Kind.MULTI_SELECT else places[0]}


def play(client: Client, quiz: QuizPage, *, right: int):
    """Answers all questions, the first ``right`` of them rightly. Returns the last page."""
    url = reverse("rehearse_quiz", args=[quiz.pk])
    response = client.get(url)
    by_id = {asked.id: asked for asked in quiz.asked}
    for number, id in enumerate(shuffled(by_id, SEED)):
        trail = pages.soup(response).select_one("input[name=trail]")["value"]
        asked = by_id[id]
        sent = right_answer(asked)
        if number >= right:
            sent = wrong_answer(sent, asked)
        response = client.post(url, {"trail": trail, **sent})
    return response


def wrong_answer(sent: dict, asked) -> dict:
    if asked.rule.kind == Kind.NUMERIC:
        return {"answer": "999999"}
    if asked.rule.kind in (Kind.ORDERING, Kind.MATCHING):
        return dict(zip(sent, list(sent.values())[::-1], strict=True))
    other = next(str(place) for place in range(len(asked.rule.options)) if str(place) not in sent["answer"])
    return {"answer": [other] if asked.rule.kind == Kind.MULTI_SELECT else other}


def test_the_quiz_can_be_played_to_its_result_and_nothing_is_stored(editor):
    quiz = factories.quiz("merek")
    response = play(editor, quiz, right=8)
    assert "8 dari 10 benar" in response.text and "Selamat, Bu Sari!" in response.text
    assert not Attempt.objects.exists() and not Answer.objects.exists() and not LessonCompletion.objects.exists()


def test_a_quiz_that_is_not_passed_says_so(editor):
    response = play(editor, factories.quiz("merek"), right=3)
    assert "3 dari 10 benar" in response.text and "Belum tepat semua, Bu Sari" in response.text


def test_the_latest_draft_is_played(editor):
    quiz = factories.quiz("merek")
    quiz.pass_mark = 90
    quiz.save_revision()
    assert "Belum tepat semua" in play(editor, quiz, right=8).text


def test_no_answer_gets_a_sentence_and_keeps_its_place(editor):
    url = reverse("rehearse_quiz", args=[factories.quiz("merek").pk])
    trail = pages.soup(editor.get(url)).select_one("input[name=trail]")["value"]
    response = editor.post(url, {"trail": trail})
    assert response.status_code == 422
    assert "Soal 1 dari 10" in response.text


def test_a_trail_that_was_changed_begins_again(editor):
    url = reverse("rehearse_quiz", args=[factories.quiz("merek").pk])
    response = editor.post(url, {"trail": "eyJhIjoxfQ:x:y", "answer": "0"})
    assert (response.status_code, response["Location"]) == (302, url)


@pytest.mark.parametrize("who", ["visitor", "learner", "companion"])
def test_others_cannot_play(client, who):
    """Z1: the address tells what is right."""
    if who != "visitor":
        person = factories.learner(pin=None).user if who == "learner" else factories.companion().user
        client.force_login(person)
    response = client.get(reverse("rehearse_quiz", args=[factories.quiz("merek").pk]))
    assert response.status_code in (302, 403)
