"""Loads what the rules need, for many learners at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Expression,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from courses.models import LessonPage, ModulePage, ModulePrerequisite, live_modules, with_task
from people.models import Learner
from people.prepared import Prepared
from practice.models import Feedback, PracticeSubmission
from quizzes.models import Attempt, QuizPage, WaitingAttempt

from .kept import kept_with_content
from .models import LessonCompletion, QuizOpening
from .rules import Facts, Module, PracticeNeed

BLANK = Value("", CharField())
RIGHT, TO_IMPROVE = Feedback.Verdict.RIGHT, Feedback.Verdict.TO_IMPROVE


# What stands in the place of a title that is not among those of an Outline.
GONE = "Pelajaran yang sudah tidak terbit"
GONE_MODULE = "Modul yang sudah tidak terbit"


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
        titles={page.translation_key: page.title for rows in (by_path.values(), *lessons_of.values()) for page in rows},
        quizzes={module_key: quiz.translation_key for module_key, quiz in quiz_of.items()},
        module_pages={page.translation_key: page for page in by_path.values()} if pages else {},
        lesson_pages={page.translation_key: page for rows in lessons_of.values() for page in rows} if pages else {},
        quiz_pages=quiz_of if pages else {},
    )


def can_go_on(content: Outline) -> Q:
    """Summaries of modules that are not done, and in which something is left for the learner to do: the rules
    ``is_done`` and ``awaits_others`` for more of them than can be looked at one by one."""
    whole = [key for key, module in content.modules.items() if module.can_be_done]
    stops = Q(module_key__in=whole, passed_at__isnull=False)
    for key, module in content.modules.items():
        wants_practice = module.practice_needed == PracticeNeed.QUIZ and bool(module.tasks)
        if module.can_be_done and not wants_practice:
            continue  # a lesson is left, or its quiz
        waits = Q(module_key=key)
        if wants_practice:
            sent, right = _last_practice(module, feedback=None), _right_practice(module)
            waits &= Q(quiz_opened_at=None) & sent & ~right if module.can_be_done else sent | right
        stops |= waits & ~_last_practice(module, feedback__verdict=TO_IMPROVE) & _has_read(module)
    return Q(module_key__in=content.modules) & ~stops


def _has_read(module: Module) -> Q:
    """Of a summary: whether its learner has done each lesson of the module as it is today."""
    if not module.lessons:
        return Q()
    mine = LessonCompletion.objects.filter(learner=OuterRef("learner"), lesson_key__in=module.lessons)
    count = mine.order_by().values("learner").annotate(count=Count("pk")).values("count")
    return Q(GreaterThanOrEqual(Coalesce(Subquery(count), 0), len(module.lessons)))


def _last_practice(module: Module, **says) -> Q:
    """Of a summary: whether the last practice of its learner for some task of the module says that."""
    mine = PracticeSubmission.objects.current().filter(learner=OuterRef("learner"))
    later = mine.filter(lesson_key=OuterRef("lesson_key"), handed_in_at__gt=OuterRef("handed_in_at"))
    return Q(Exists(mine.filter(~Exists(later), lesson_key__in=module.tasks, **says)))


def _right_practice(module: Module) -> Q:
    """Of a summary: whether its learner has a practice that the module may want."""
    mine = PracticeSubmission.objects.current().filter(learner=OuterRef("learner"), module_key=module.key)
    return Q(Exists(mine.filter(feedback__verdict=RIGHT))) | _last_practice(module, feedback__verdict=RIGHT)


def modules_of(lessons: Collection[UUID], content: Outline) -> dict[UUID, UUID]:
    """Module key by lesson key, for every lesson that has ever been published and is still there."""
    modules = {lesson: key for key, module in content.modules.items() for lesson in module.lessons if lesson in lessons}
    if unknown := set(lessons) - modules.keys():
        pages = LessonPage.objects.original().filter(translation_key__in=unknown, first_published_at__isnull=False)
        modules |= modules_above(pages)
    return modules


def modules_above(pages: QuerySet) -> dict[UUID, UUID]:
    """Module key by the key of each of these lessons or quizzes, as they hang together today, in two queries."""
    paths = {key: path[: -ModulePage.steplen] for key, path in pages.values_list("translation_key", "path")}
    above = dict(ModulePage.objects.filter(path__in=paths.values()).values_list("path", "translation_key"))
    return {key: above[path] for key, path in paths.items() if path in above}


def _told(kind: str, rows: QuerySet, key: str, says: Expression = BLANK, at: Expression = BLANK) -> QuerySet:
    """Rows of one table, so that all tables are read at once: kind, learner, key, module, what it says, when, which."""
    rows = rows.order_by().annotate(kind=Value(kind, CharField()), says=says, at=at)
    return rows.values_list("kind", "learner_id", key, "module_key", "says", "at", Cast("pk", CharField()))


def _all_facts(learners: int) -> QuerySet:
    of = {"learner__in": [learners]}
    at_meeting = Case(When(session=None, then=BLANK), default=Value("met"), output_field=CharField())
    practices = PracticeSubmission.objects.current().filter(**of)
    first, *others = (
        _told("done", LessonCompletion.objects.filter(**of), "lesson_key", at_meeting),
        _told("opened", QuizOpening.objects.filter(**of), "module_key"),
        _told("passed", Attempt.objects.filter(**of, passed=True), "module_key"),
        _told("begun", Attempt.objects.open().filter(**of), "module_key"),
        _told("waiting", WaitingAttempt.objects.filter(**of), "module_key"),
        _told(
            *("practice", practices, "lesson_key"),
            *(Coalesce("feedback__verdict", BLANK), Cast("handed_in_at", CharField())),
        ),
    )
    return first.union(*others, all=True)


_facts = Prepared(_all_facts, learners=int)


def facts_of(learners: Iterable[Learner]) -> dict[int, Facts]:
    """The facts of each learner by id, in one query."""
    ids = [learner.pk for learner in learners]
    found: dict[int, dict[str, list]] = {id: defaultdict(list) for id in ids}
    for kind, learner_id, *fact in _facts(learners=ids) if ids else ():
        found[learner_id][kind].append(fact)
    return {id: _as_facts(by_kind) for id, by_kind in found.items()}


def _as_facts(found: dict[str, list]) -> Facts:
    """``found`` are (key, module, what it says, when, which), by kind."""
    practices = sorted(found["practice"], key=lambda fact: fact[3:])
    last = {lesson: verdict for lesson, _, verdict, *_ in practices}
    return Facts(
        lessons_done=frozenset(lesson for lesson, *_ in found["done"]),
        quizzes_opened=frozenset(module for module, *_ in found["opened"]),
        quizzes_passed=frozenset(module for module, *_ in found["passed"]),
        practices_approved=frozenset(module for _, module, verdict, *_ in practices if verdict == RIGHT),
        practices_waiting=frozenset(lesson for lesson, verdict in last.items() if not verdict),
        practices_to_improve=frozenset(lesson for lesson, verdict in last.items() if verdict == TO_IMPROVE),
        practices_right=frozenset(lesson for lesson, verdict in last.items() if verdict == RIGHT),
        lessons_at_meetings=frozenset(lesson for lesson, _, says, *_ in found["done"] if says),
        quizzes_begun=frozenset(module for module, *_ in found["begun"]),
        quizzes_waiting=frozenset(module for module, *_ in found["waiting"]),
    )
