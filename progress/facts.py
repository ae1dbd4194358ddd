"""Loads what the rules need, for many learners at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from courses.models import LessonPage, ModulePage, ModulePrerequisite, live_modules, with_task
from people.models import Learner
from people.prepared import Prepared
from practice.models import Feedback, PracticeSubmission
from quizzes.models import Attempt, QuizPage

from .kept import kept_with_content
from .models import LessonCompletion, QuizOpening
from .rules import Facts, Module, PracticeNeed


@dataclass(frozen=True)
class Outline:
    """All published modules with their pages. ``modules`` is what the rules know; the pages are for showing, and may be
    left out."""

    modules: dict[UUID, Module]  # in the order of the learning path
    quizzes: dict[UUID, UUID]  # the quiz's key by its module's
    titles: dict[UUID, str]  # of modules and lessons
    module_pages: dict[UUID, ModulePage]
    lesson_pages: dict[UUID, LessonPage]
    quiz_pages: dict[UUID, QuizPage]  # by module key

    def lessons_of(self, module_key: UUID) -> list[LessonPage]:
        return [self.lesson_pages[key] for key in self.modules[module_key].lessons]


def outline(*, pages: bool = True) -> Outline:
    """The published content, in four queries. Without ``pages`` only what the rules know, which is kept in memory."""
    return _outline(pages=True) if pages else _rules_only()


@kept_with_content
def _rules_only() -> Outline:
    return _outline(pages=False)


def _outline(*, pages: bool) -> Outline:
    modules, lessons, quizzes = (
        live_modules(),
        with_task(LessonPage.objects.original().live()),
        QuizPage.objects.original().live(),
    )
    if pages:
        lessons, quizzes = lessons.defer("body", "practice"), quizzes.defer("questions")
    else:
        modules = modules.values_list("pk", "path", "translation_key", "title", "practice_needed", named=True)
        lessons = lessons.values_list("path", "translation_key", "title", "has_task", named=True)
        quizzes = quizzes.values_list("path", "translation_key", named=True)
    by_path = {module.path: module for module in modules}
    lessons_of: dict[int, list] = defaultdict(list)
    for lesson in lessons.order_by("path"):
        if parent := by_path.get(lesson.path[: -LessonPage.steplen]):
            lessons_of[parent.pk].append(lesson)
    quiz_of = {}
    for quiz in quizzes:
        if parent := by_path.get(quiz.path[: -QuizPage.steplen]):
            quiz_of[parent.translation_key] = quiz
    prerequisites: dict[int, list[UUID]] = defaultdict(list)
    needs = ModulePrerequisite.objects.filter(page__in=[module.pk for module in by_path.values()])
    for page_id, key in needs.values_list("page_id", "module__translation_key"):
        prerequisites[page_id].append(key)
    return Outline(
        modules={
            module.translation_key: Module(
                key=module.translation_key,
                lessons=tuple(lesson.translation_key for lesson in lessons_of[module.pk]),
                has_quiz=module.translation_key in quiz_of,
                prerequisites=tuple(prerequisites[module.pk]),
                tasks=tuple(lesson.translation_key for lesson in lessons_of[module.pk] if lesson.has_task),
                practice_needed=PracticeNeed(module.practice_needed),
            )
            for module in by_path.values()
        },
        titles={
            page.translation_key: page.title for pages in (by_path.values(), *lessons_of.values()) for page in pages
        },
        quizzes={module_key: quiz.translation_key for module_key, quiz in quiz_of.items()},
        module_pages={page.translation_key: page for page in by_path.values()} if pages else {},
        lesson_pages={page.translation_key: page for rows in lessons_of.values() for page in rows} if pages else {},
        quiz_pages=quiz_of if pages else {},
    )


_completions = Prepared(
    lambda learners: LessonCompletion.objects.filter(learner__in=[learners]).values_list(
        "learner_id", "lesson_key", "session_id"
    ),
    learners=int,
)
_openings = Prepared(
    lambda learners: QuizOpening.objects.filter(learner__in=[learners]).values_list("learner_id", "module_key"),
    learners=int,
)
_passes = Prepared(
    lambda learners: Attempt.objects.filter(learner__in=[learners], passed=True).values_list(
        "learner_id", "module_key"
    ),
    learners=int,
)
_submissions = Prepared(
    lambda learners: (
        PracticeSubmission.objects.current()
        .filter(learner__in=[learners])
        .order_by("handed_in_at", "pk")
        .values_list("learner_id", "lesson_key", "module_key", "feedback__verdict")
    ),
    learners=int,
)


def facts_of(learners: Iterable[Learner]) -> dict[int, Facts]:
    """The facts of each learner by id, in four queries."""
    ids = [learner.pk for learner in learners]
    if not ids:
        return {}
    done, met, opened, passed = _by_learner(), _by_learner(), _by_learner(), _by_learner()
    for learner_id, key, session_id in _completions(learners=ids):
        done[learner_id].add(key)
        if session_id:
            met[learner_id].add(key)
    for learner_id, key in _openings(learners=ids):
        opened[learner_id].add(key)
    for learner_id, key in _passes(learners=ids):
        passed[learner_id].add(key)
    approved, by_state = _practices(ids)
    return {
        id: Facts(
            frozenset(done[id]),
            frozenset(opened[id]),
            frozenset(passed[id]),
            frozenset(approved[id]),
            practices_waiting=frozenset(by_state[None][id]),
            practices_to_improve=frozenset(by_state[Feedback.Verdict.TO_IMPROVE][id]),
            practices_right=frozenset(by_state[Feedback.Verdict.RIGHT][id]),
            lessons_at_meetings=frozenset(met[id]),
        )
        for id in ids
    }


def _practices(ids: list[int]) -> tuple[dict[int, set[UUID]], dict[str | None, dict[int, set[UUID]]]]:
    """By learner, the modules with an approved practice; and, by the answer to the last one, the lessons."""
    approved, last = _by_learner(), {}
    for learner_id, lesson_key, module_key, verdict in _submissions(learners=ids):
        if verdict == Feedback.Verdict.RIGHT:
            approved[learner_id].add(module_key)
        last[learner_id, lesson_key] = verdict
    by_state = defaultdict(_by_learner)
    for (learner_id, lesson_key), verdict in last.items():
        by_state[verdict][learner_id].add(lesson_key)
    return approved, by_state


def _by_learner() -> defaultdict[int, set[UUID]]:
    return defaultdict(set)
