"""An attempt: begun, answered, handed in, and judged for ever by the quiz as it was when it was begun."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from people.models import Learner, User
from quizzes import papers
from quizzes.models import Answer, Attempt, AttemptClosed, NotInAttempt, QuizPage
from quizzes.rules import Kind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari() -> Learner:
    return factories.learner(pin=None)


def begin(learner: Learner, slug: str = "merek") -> Attempt:
    return Attempt.objects.begin(learner, factories.quiz(slug), factories.module(slug).translation_key)


def answer_all(attempt: Attempt, *, right: int = 99) -> None:
    """The first ``right`` questions rightly, the others not."""
    for number, asked in enumerate(attempt.asked):
        Attempt.objects.answer(attempt, asked.id, asked.rule.key if number < right else factories.wrong(asked))


def judged(attempt: Attempt) -> Attempt:
    Attempt.objects.submit(attempt)
    return Attempt.objects.get(pk=attempt.pk)


def publish(slug: str = "merek", **changes) -> QuizPage:
    """An editor changes the quiz and publishes it."""
    quiz = factories.quiz(slug)
    for name, value in changes.items():
        setattr(quiz, name, value)
    quiz.save_revision(user=factories.staff("Peninjau materi")).publish()
    return factories.quiz(slug)


def turned_round(quiz: QuizPage) -> list[dict]:
    """The questions of a quiz in which true is false."""
    data = quiz.questions.get_prep_value()
    for question in data:
        if question["type"] == Kind.TRUE_FALSE:
            question["value"]["correct"] = not question["value"]["correct"]
    return data


def of_kind(attempt: Attempt, kind: Kind):
    return next(asked for asked in attempt.asked if asked.rule.kind == kind)


# --- Beginning ---------------------------------------------------------------------------------------------------


def test_an_attempt_remembers_who_what_and_by_which_mark(sari):
    quiz, attempt = factories.quiz(), begin(sari)
    assert (attempt.learner, attempt.quiz_key, attempt.module_key) == (
        sari,
        quiz.translation_key,
        factories.module().translation_key,
    )
    assert (attempt.revision, attempt.pass_mark) == (quiz.live_revision, 70)
    assert (attempt.submitted_at, attempt.passed, attempt.right, attempt.total) == (None, None, None, None)


def test_beginning_again_goes_on_with_the_open_attempt(sari):
    assert begin(sari) == begin(sari)
    assert Attempt.objects.count() == 1


def test_after_handing_in_a_new_attempt_begins(sari):
    first = begin(sari)
    Attempt.objects.submit(first)
    second = begin(sari)
    assert second != first
    assert list(Attempt.objects.open()) == [second]
    assert list(Attempt.objects.submitted()) == [first]


def test_another_learner_and_another_quiz_have_attempts_of_their_own(sari):
    dedi = factories.learner(pin=None)
    assert len({begin(sari), begin(dedi), begin(sari, "kemasan")}) == 3


def test_the_database_keeps_a_second_open_attempt_out(sari):
    first = begin(sari)
    copy = {name: getattr(first, name) for name in ("learner", "quiz_key", "module_key", "revision", "pass_mark")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(**copy)
    Attempt.objects.submit(first)
    Attempt.objects.create(**copy)


def test_a_draft_of_the_editor_is_asked_nobody(sari):
    quiz = factories.quiz()
    quiz.pass_mark, quiz.questions = 100, quiz.questions.get_prep_value()[:2]
    quiz.save_revision()
    attempt = begin(sari)
    assert (attempt.pass_mark, len(attempt.asked)) == (70, 10)


def test_each_attempt_has_its_own_order_and_keeps_it(sari):
    orders = []
    for _ in range(4):
        attempt = begin(sari)
        orders.append([asked.id for asked in attempt.asked])
        assert [asked.id for asked in Attempt.objects.get(pk=attempt.pk).asked] == orders[-1]
        Attempt.objects.submit(attempt)
    assert {frozenset(order) for order in orders} == {frozenset(asked.id for asked in factories.quiz().asked)}
    assert len({tuple(order) for order in orders}) > 1


def test_a_pool_asks_each_attempt_so_many_of_its_questions_and_keeps_them(sari):
    publish(draw=4)
    asked_by_attempt = []
    for _ in range(5):
        attempt = begin(sari)
        asked_by_attempt.append([asked.id for asked in attempt.asked])
        assert [asked.id for asked in Attempt.objects.get(pk=attempt.pk).asked] == asked_by_attempt[-1]
        Attempt.objects.submit(attempt)
    assert [len(set(asked)) for asked in asked_by_attempt] == [4] * 5
    assert len({frozenset(asked) for asked in asked_by_attempt}) > 1


def test_a_pool_takes_evenly_from_every_lesson(sari):
    publish(draw=len({asked.value["lesson"] for asked in factories.quiz().asked}))
    lessons = [asked.value["lesson"] for asked in begin(sari).asked]
    assert len(lessons) == len(set(lessons)) > 2


def test_an_attempt_at_a_pool_is_judged_by_the_questions_that_it_was_asked(sari):
    publish(draw=4)
    attempt = begin(sari)
    answer_all(attempt, right=3)
    attempt = judged(attempt)
    assert (attempt.right, attempt.total, attempt.passed) == (3, 4, True)


def test_a_question_that_was_not_drawn_takes_no_answer(sari):
    quiz = publish(draw=4)
    attempt = begin(sari)
    asked = {asked.id for asked in attempt.asked}
    other = next(question for question in quiz.asked if question.id not in asked)
    with pytest.raises(NotInAttempt):
        Attempt.objects.answer(attempt, other.id, other.rule.key)


def test_neither_another_draw_nor_a_lesson_that_is_gone_changes_what_an_open_attempt_is_asked(sari):
    publish(draw=4)
    attempt = begin(sari)
    before = [asked.id for asked in attempt.asked]
    publish(draw=2)
    for lesson in factories.lessons():
        lesson.delete()
    assert [asked.id for asked in Attempt.objects.get().asked] == before


@pytest.mark.parametrize(("draw", "valid"), [(0, True), (10, True), (11, False)])
def test_no_more_questions_are_drawn_than_there_are(draw, valid):
    quiz = factories.quiz()
    quiz.draw = draw
    if valid:
        quiz.full_clean()
    else:
        with pytest.raises(ValidationError, match="Kuis ini baru punya 10 soal"):
            quiz.full_clean()


# --- Answering ---------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_and_not_judged_yet(sari):
    attempt = begin(sari)
    asked = attempt.asked[0]
    Attempt.objects.answer(attempt, asked.id, asked.rule.key)
    assert Attempt.objects.get().responses == {asked.id: asked.rule.key}
    assert Answer.objects.get().is_right is None


def test_a_later_answer_takes_the_place_of_an_earlier_one(sari):
    attempt = begin(sari)
    asked = attempt.asked[0]
    Attempt.objects.answer(attempt, asked.id, asked.rule.key)
    Attempt.objects.answer(attempt, asked.id, factories.wrong(asked))
    assert Attempt.objects.get().responses == {asked.id: factories.wrong(asked)}


IMPOSSIBLE = {
    Kind.SINGLE_CHOICE: [(), ("lain",), ("", "")],
    Kind.MULTI_SELECT: [(), ("lain",)],
    Kind.TRUE_FALSE: [("ya",), ("benar", "salah")],
    Kind.ORDERING: [(), ("lain",)],
    Kind.MATCHING: [(), ("lain",)],
    Kind.NUMERIC: [(), ("banyak",), ("1", "2")],
}


@pytest.mark.parametrize("kind", Kind)
def test_what_does_not_answer_the_question_is_not_kept(sari, kind):
    attempt = begin(sari)
    for response in IMPOSSIBLE[kind]:
        with pytest.raises(NotInAttempt):
            Attempt.objects.answer(attempt, of_kind(attempt, kind).id, response)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("elsewhere", ["another quiz", "nowhere"])
def test_a_question_that_is_not_in_the_attempt_is_refused(sari, elsewhere):
    attempt = begin(sari)
    foreign = factories.quiz("kemasan").asked[0].id if elsewhere == "another quiz" else "00000000-0000"
    with pytest.raises(NotInAttempt):
        Attempt.objects.answer(attempt, foreign, ("benar",))
    with pytest.raises(NotInAttempt):
        attempt.question(foreign)
    assert not Answer.objects.exists()


def test_an_attempt_that_is_handed_in_takes_no_answer(sari):
    attempt = begin(sari)
    answer_all(attempt, right=0)
    before = judged(attempt).responses
    for asked in attempt.asked:
        with pytest.raises(AttemptClosed):
            Attempt.objects.answer(attempt, asked.id, asked.rule.key)
    after = Attempt.objects.get()
    assert (after.responses, after.right) == (before, 0)


# --- Handing in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("right", "passed"), [(0, False), (6, False), (7, True), (10, True)])
def test_an_attempt_passes_at_the_mark(sari, right, passed):
    attempt = begin(sari)
    answer_all(attempt, right=right)
    attempt = judged(attempt)
    assert (attempt.right, attempt.total, attempt.passed) == (right, 10, passed)
    assert attempt.score.percent == right * 10
    assert attempt.submitted_at >= attempt.started_at


def test_each_answer_is_marked_right_or_not(sari):
    attempt = begin(sari)
    answer_all(attempt, right=4)
    Attempt.objects.submit(attempt)
    marks = dict(Answer.objects.values_list("question_id", "is_right"))
    assert [marks[asked.id] for asked in attempt.asked] == [True] * 4 + [False] * 6


def test_a_question_left_out_counts_as_not_right(sari):
    attempt = begin(sari)
    for asked in attempt.asked[:3]:
        Attempt.objects.answer(attempt, asked.id, asked.rule.key)
    attempt = judged(attempt)
    assert (attempt.right, attempt.total, attempt.passed) == (3, 10, False)


def test_handing_in_twice_changes_nothing(sari):
    attempt = begin(sari)
    answer_all(attempt)
    first = judged(attempt)
    publish(pass_mark=100, questions=turned_round(factories.quiz()))
    second = judged(attempt)
    for name in ("right", "total", "passed", "submitted_at"):
        assert getattr(second, name) == getattr(first, name)


def test_the_one_who_hands_in_gets_the_result_back(sari):
    attempt = begin(sari)
    answer_all(attempt)
    for _ in range(2):
        assert Attempt.objects.submit(attempt).passed is True


# --- The editor meanwhile ----------------------------------------------------------------------------------------


def test_it_is_judged_by_the_questions_it_was_begun_with(sari):
    """All keys that can be turned round are, and half the questions are gone."""
    attempt = begin(sari)
    answer_all(attempt)
    publish(questions=turned_round(factories.quiz())[:5])
    attempt = judged(Attempt.objects.get())
    assert (attempt.right, attempt.total, attempt.passed) == (10, 10, True)


@pytest.mark.parametrize(("mark", "right", "passed"), [(100, 7, True), (10, 6, False)])
def test_it_is_judged_by_the_pass_mark_it_was_begun_with(sari, mark, right, passed):
    attempt = begin(sari)
    publish(pass_mark=mark)
    answer_all(attempt, right=right)
    attempt = judged(attempt)
    assert (attempt.pass_mark, attempt.passed) == (70, passed)


def test_an_open_attempt_goes_on_asking_what_it_began_with(sari):
    attempt = begin(sari)
    words = [asked.value["question"] for asked in attempt.asked]
    publish(questions=[])
    again = begin(sari)
    assert [asked.value["question"] for asked in again.asked] == words
    answer_all(again)


def test_an_answer_given_before_the_change_stands(sari):
    attempt = begin(sari)
    asked = of_kind(attempt, Kind.TRUE_FALSE)
    Attempt.objects.answer(attempt, asked.id, asked.rule.key)
    publish(questions=turned_round(factories.quiz()))
    Attempt.objects.submit(attempt)
    assert Answer.objects.get().is_right is True


def test_the_next_attempt_asks_the_new_quiz(sari):
    Attempt.objects.submit(begin(sari))
    quiz = publish(pass_mark=80, questions=factories.quiz().questions.get_prep_value()[:5])
    attempt = begin(sari)
    assert (attempt.revision, attempt.pass_mark, len(attempt.asked)) == (quiz.live_revision, 80, 5)


def test_an_old_result_can_still_be_read_after_its_quiz_was_taken_down(sari):
    attempt = begin(sari)
    answer_all(attempt, right=7)
    Attempt.objects.submit(attempt)
    factories.quiz().unpublish()
    old = Attempt.objects.get()
    assert (old.passed, len(old.asked), len(old.responses)) == (True, 10, 10)


def test_a_lesson_that_is_gone_takes_no_question_with_it(sari):
    attempt = begin(sari)
    for lesson in factories.lessons():
        lesson.delete()
    attempt = Attempt.objects.get()
    answer_all(attempt)
    assert judged(attempt).passed
    assert {asked.value["lesson"] for asked in attempt.revision.as_object().asked} == {None}


def test_the_revision_that_an_attempt_is_judged_by_cannot_be_deleted(sari):
    attempt = begin(sari)
    with pytest.raises(ProtectedError):
        attempt.revision.delete()


@pytest.mark.parametrize("page", [factories.quiz, factories.module], ids=["quiz", "module"])
def test_a_quiz_that_somebody_has_tried_cannot_be_deleted_and_says_so(client, sari, page):
    begin(sari)
    client.force_login(User.objects.create_superuser("admin.uji"))
    client.raise_request_exception = False
    assert client.post(f"/kelola/pages/{page().pk}/delete/").status_code < 500
    assert Attempt.objects.get().asked


def test_nobody_ever_passes_a_quiz_without_questions(sari):
    publish(questions=[])
    attempt = judged(begin(sari))
    assert (attempt.right, attempt.total, attempt.passed) == (0, 0, False)


# --- How much it costs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 5])
def test_a_long_quiz_is_read_with_as_many_queries_as_a_short_one(sari, django_assert_num_queries, times):
    questions = factories.quiz().questions.get_prep_value()
    publish(questions=[question | {"id": str(uuid4())} for _ in range(times) for question in questions])
    answer_all(begin(sari))
    attempt = Attempt.objects.select_related("revision").get()
    with django_assert_num_queries(13):
        assert len(attempt.revision.as_object().asked) == 10 * times
    with django_assert_num_queries(1):  # the quiz has been made of its revision before
        assert len(attempt.asked) == len(attempt.responses) == 10 * times


@pytest.mark.parametrize("many", [1, 3])
def test_published_quizzes_are_found_in_the_same_queries_however_many(many, django_assert_num_queries):
    quizzes = list(QuizPage.objects.original().live().order_by("path")[:many])
    ids = {quiz.live_revision_id: quiz for quiz in quizzes}
    other = factories.module().save_revision().pk
    papers.published_quizzes(ids)  # each is made once
    with django_assert_num_queries(3):
        found = papers.published_quizzes({*ids, other})
    assert found == ids
