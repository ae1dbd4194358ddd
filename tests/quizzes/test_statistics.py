"""What is loaded for the numbers of a question: first attempts, the wording of today, and nobody's name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from learn import intake
from people.models import User
from quizzes import statistics
from quizzes.item_analysis import ENOUGH, Flag
from quizzes.models import Answer, Attempt, QuizPage
from tests import factories
from tests.pages import soup, text

pytestmark = pytest.mark.django_db

FIRST = "pengenalan-motivasi"


def submitted(quiz: QuizPage, learners: int, *, wrong: int = 0, place: int = 0, person=None) -> list[Attempt]:
    """So many learners' attempts; ``wrong`` of them miss the question at ``place``. In bulk, as a year brings them."""
    home = factories.household()
    people = [person] if person else [factories.learner(home, pin=None) for _ in range(learners)]
    module_key = quiz.get_parent().translation_key
    made = []
    for number, learner in enumerate(people):
        began = timezone.now() - timedelta(days=1)
        attempt = Attempt(
            learner=learner,
            quiz_key=quiz.translation_key,
            module_key=module_key,
            revision=quiz.live_revision,
            pass_mark=70,
            started_at=began,
            submitted_at=began + timedelta(minutes=5),
            total=len(quiz.asked),
            passed=True,
        )
        answers = []
        for at, asked in enumerate(quiz.asked):
            is_right = not (at == place and number < wrong) and not (at == place + 1 and number % 2)
            answers.append(
                Answer(
                    attempt=attempt,
                    question_id=asked.id,
                    response=list(asked.rule.key if is_right else factories.wrong(asked)),
                    is_right=is_right,
                    answered_at=began + timedelta(seconds=20 * (at + 1)),
                )
            )
        attempt.right = sum(answer.is_right for answer in answers)
        attempt.save()
        Answer.objects.bulk_create(answers)
        made.append(attempt)
    return made


@pytest.fixture
def quiz() -> QuizPage:
    return factories.quiz(FIRST)


def numbers(quiz: QuizPage):
    quiz = QuizPage.objects.get(pk=quiz.pk)
    return statistics.numbers([quiz])[quiz.translation_key]


def test_real_attempts_are_counted_question_by_question(quiz):
    submitted(quiz, ENOUGH, wrong=18)
    first, second, *others = numbers(quiz)
    assert (first.place, first.item.tries, first.item.right) == (1, ENOUGH, 12 / 30)
    assert first.drawing == statistics.words(first.asked, factories.wrong(first.asked))
    assert (first.item.drawn, first.item.seconds) == (18 / 30, 20)
    assert Flag.TOO_MANY_WRONG in first.item.flags
    assert second.item.right == 0.5
    assert all(other.item.right == 1 and not other.item.flags for other in others)


def test_only_the_first_attempt_of_each_learner_counts(quiz):
    attempts = submitted(quiz, ENOUGH)
    again = submitted(quiz, 1, wrong=1, person=attempts[0].learner)
    Attempt.objects.filter(pk=again[0].pk).update(submitted_at=timezone.now())
    assert [one.item.tries for one in numbers(quiz)] == [ENOUGH] * 10
    assert numbers(quiz)[0].item.right == 1


def test_an_attempt_that_is_handed_in_while_the_page_is_made_counts_the_next_time(quiz):
    learner = factories.learner()
    factories.finished(learner, FIRST)
    other = factories.learner()
    factories.read(other, FIRST)
    turns = iter([lambda: intake.submit_attempt(factories.answered(other, FIRST))])

    def other_meanwhile(execute, sql, *args):
        if sql.startswith("SELECT") and 'FROM "quizzes_answer"' in sql:
            next(turns, lambda: None)()
        return execute(sql, *args)

    with connection.execute_wrapper(other_meanwhile):
        assert [one.item.tries for one in numbers(quiz)] == [1] * 10
    assert [one.item.tries for one in numbers(quiz)] == [2] * 10


def test_an_attempt_that_was_not_handed_in_counts_for_nothing(quiz):
    learner = factories.learner()
    factories.read(learner, FIRST)
    factories.answered(learner, FIRST)
    assert [one.item.tries for one in numbers(quiz)] == [0] * 10


def test_attempts_made_on_the_screens_count(quiz):
    learner = factories.learner()
    factories.finished(learner, FIRST)
    assert [one.item.tries for one in numbers(quiz)] == [1] * 10
    assert intake.submitted_today(learner, quiz) == 1


def test_a_question_whose_words_have_changed_begins_anew_and_the_others_go_on(quiz):
    submitted(quiz, ENOUGH)
    data = quiz.questions.get_prep_value()
    data[0]["value"]["question"] = "Lain sekali?"
    data[1]["value"]["explanation"] = "Dijelaskan lebih baik."
    quiz.questions = data
    quiz.save_revision().publish()
    assert [one.item.tries for one in numbers(quiz)][:3] == [0, ENOUGH, ENOUGH]


def test_the_newest_first_attempts_are_enough(quiz, monkeypatch):
    monkeypatch.setattr(statistics, "SAMPLE", ENOUGH)
    old = submitted(quiz, 5, wrong=5)
    Attempt.objects.filter(pk__in=[one.pk for one in old]).update(submitted_at=timezone.now() - timedelta(days=300))
    submitted(quiz, ENOUGH)
    assert (numbers(quiz)[0].item.tries, numbers(quiz)[0].item.right) == (ENOUGH, 1)


def test_the_flagged_come_with_the_most_wrong_first(quiz):
    submitted(quiz, ENOUGH, wrong=20, place=4)
    submitted(factories.quiz("merek"), ENOUGH, wrong=25, place=2)
    found = [(one.quiz.get_parent().slug, one.place) for one in statistics.flagged(QuizPage.objects.live())]
    assert found[:2] == [("merek", 3), (FIRST, 5)]


def test_without_quizzes_nothing_is_flagged():
    assert statistics.flagged([]) == []


@pytest.mark.parametrize("learners", [1, 31])
@pytest.mark.parametrize("slugs", [[FIRST], [FIRST, "merek"]], ids=["one quiz", "two quizzes"])
def test_the_answers_of_few_and_of_many_cost_three_queries(slugs, learners, django_assert_num_queries):
    for slug in slugs:
        submitted(factories.quiz(slug), learners)
    quizzes = [factories.quiz(slug) for slug in slugs]
    with django_assert_num_queries(3):
        statistics.flagged(quizzes)


# --- Where editors meet them -------------------------------------------------------------------------------------


@pytest.fixture
def editor(client) -> User:
    user = factories.staff("Penulis materi")
    client.force_login(user)
    return user


def test_the_editor_of_a_quiz_shows_the_numbers_of_each_question(client, quiz, editor):
    submitted(quiz, ENOUGH, wrong=18)
    rows = soup(client.get(f"/kelola/pages/{quiz.pk}/edit/")).select("#soal-dalam-angka > li")
    assert [row["data-question"] for row in rows] == [asked.id for asked in quiz.asked]
    assert "40 % langsung benar, dari 30 pelajar" in text(rows[0])
    assert "Terlalu banyak yang salah. Cek kuncinya" in text(rows[0])
    assert "100 % langsung benar" in text(rows[5])


def test_with_few_answers_the_editor_says_how_many_are_needed(client, quiz, editor):
    submitted(quiz, 2)
    row = soup(client.get(f"/kelola/pages/{quiz.pk}/edit/")).select_one("#soal-dalam-angka > li")
    assert "2 pelajar sudah menjawab. Angkanya tampil mulai 30 pelajar." in text(row)


def test_the_report_lists_what_to_look_at_without_anybodys_name(client, quiz, editor):
    attempts = submitted(quiz, ENOUGH, wrong=18)
    page = client.get("/kelola/kuis/soal/")
    shown = text(soup(page).select_one(".quiz-lines > li"))
    assert f"{quiz.title} · Soal 1" in shown
    assert "Pilihan ini menarik." in shown
    for attempt in attempts:
        assert attempt.learner.first_name not in page.text
        assert attempt.learner.user.username not in page.text


def test_the_report_says_when_nothing_needs_a_look(client, editor):
    assert "Belum ada soal yang perlu dilihat." in client.get("/kelola/kuis/soal/").text
