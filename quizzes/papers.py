"""A quiz to take along: its questions without their key, and the answers that come back later."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from .forms import question_form
from .models import AskedQuestion, Attempt, QuizPage, WaitingAttempt, ever_published, quiz_as_of
from .rules import DRAWS, Response, shuffled


def seed_of(learner_id: int, revision_id: int) -> str:
    """What a paper is shuffled by: the learner finds the same paper again, her neighbour another."""
    return f"{learner_id}:{revision_id}"


def lot_of(seed: str, draw: int) -> str:
    """By what the questions of one attempt are drawn."""
    return f"{seed}:{draw}"


def paper(quiz: QuizPage, seed: str) -> dict:
    """Questions and draws as the phone gets them; docs/offline.md describes the form."""
    draws = [[asked.id for asked in quiz.asked_in(lot_of(seed, draw))] for draw in range(DRAWS)]
    wanted = {id for draw in draws for id in draw}
    by_id = {asked.id: asked for asked in quiz.asked if asked.id in wanted}
    # Not in the editor's order, which may follow the lessons.
    return {"draws": draws, "questions": [_question(by_id[id], seed) for id in shuffled(by_id, seed)]}


def _question(asked: AskedQuestion, seed: str) -> dict:
    form = question_form(asked, seed)
    return {
        "id": asked.id,
        "kind": asked.rule.kind,
        "question": asked.value["question"],
        "choices": form.choices,
        "labels": form.labels,
        "unit": asked.value.get("unit", ""),
    }


def responses(
    questions: Iterable[AskedQuestion], seed: str, answers: Mapping[str, Sequence[str]]
) -> dict[str, Response]:
    """What the rules judge, by question id. An answer that the form would not take is left out."""
    found = {}
    for asked in questions:
        texts = answers.get(asked.id)
        data = texts and question_form(asked, seed).named(texts)
        form = question_form(asked, seed, data=data) if data else None
        if form and form.is_valid():
            found[asked.id] = form.response
    return found


def hand_in(waiting: Collection[WaitingAttempt]) -> None:
    """Judges attempts from phones, each by its own revision. Call it in a transaction that holds the learner."""
    for row in waiting:
        seed = seed_of(row.learner_id, row.revision_id)
        attempt = Attempt(
            id=row.pk,
            learner_id=row.learner_id,
            quiz_key=row.quiz_key,
            module_key=row.module_key,
            revision=row.revision,
            started_at=row.received_at,
            paper=lot_of(seed, row.draw),
        )
        Attempt.objects.take(attempt, responses(attempt.asked, seed, row.answers))
    WaitingAttempt.objects.filter(pk__in=[row.pk for row in waiting]).delete()


def published_quizzes(revision_ids: Collection[int]) -> dict[int, QuizPage]:
    """The quizzes as these revisions have them, by revision id; without those that were never published."""
    of_quizzes = Revision.page_revisions.filter(content_type=ContentType.objects.get_for_model(QuizPage))
    revisions = list(of_quizzes.filter(pk__in=revision_ids).defer("content"))
    shown = ever_published([revision.pk for revision in revisions])
    return {revision.pk: quiz_as_of(revision) for revision in revisions if revision.pk in shown}
