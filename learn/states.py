"""What a learner's screens show, put together from rules, facts and pages. Nothing here writes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.models import Page

from badges.consequences import Outcome
from badges.models import Badge, BadgeAward, BadgeModule
from courses.languages import ORIGINAL, Told, told_in
from courses.models import LessonPage, ModulePage, live_modules
from people.models import Learner
from practice.models import PracticeSubmission
from practice.rules import State as PracticeState
from progress.facts import Outline, facts_of, outline
from progress.models import ModuleAssignment, SessionLesson
from progress.rules import (
    Facts,
    Gate,
    Module,
    Pace,
    PracticeNeed,
    State,
    Step,
    StepKind,
    gate,
    learning_order,
    misses_practice,
    next_lesson,
    next_step,
    pace,
    practice_to_do,
    untried_practice,
)
from quizzes import papers
from quizzes.models import Attempt, QuizPage, WaitingAttempt, quiz_as_of
from quizzes.rules import attempts_left

from .intake import module_of, submitted_today
from .languages import NAMES, address, addresses, in_language, language_of, told_for


@dataclass(frozen=True)
class LessonRow:
    page: LessonPage
    url: str
    number: int
    is_done: bool
    is_new: bool  # published after the learner had opened the quiz
    at_meeting: bool  # done because it was treated at a meeting where she was
    practice: PracticeState | None = None  # of the last one handed in


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    language: str  # of the title; none where it is Indonesian


@dataclass(frozen=True)
class ModuleCard:
    """A module as its learner sees it; for a visitor nothing is done."""

    page: ModulePage
    url: str
    lessons: list[LessonRow]
    pace: Pace
    gate: Gate
    quiz_url: str
    missing_lessons: list[Link] = field(default_factory=list)
    missing_modules: list[Link] = field(default_factory=list)
    quiz_key: UUID | None = None
    missing_practice: Link | None = None  # what the quiz, or the badge of a module that is done, waits for
    assignment: ModuleAssignment | None = None  # that her household has now; with ``is_own_choice``
    languages: list[tuple[str, str]] = field(default_factory=list)  # (code, name), where there is a choice
    language: str = ORIGINAL  # that is read

    @property
    def language_name(self) -> str:
        return NAMES[self.language]

    @property
    def lessons_done(self) -> int:
        return sum(lesson.is_done for lesson in self.lessons)

    @property
    def next_row(self) -> LessonRow | None:
        return next((lesson for lesson in self.lessons if not lesson.is_done), None)


def without_earned(content: Outline, learner: Learner) -> Outline:
    """Without the practices that badges want which she has already: an editor may ask for one later."""
    wanting = [key for key, module in content.modules.items() if module.practice_needed == PracticeNeed.BADGE]
    if not wanting:
        return content
    due = BadgeModule.objects.filter(module__translation_key__in=wanting).exclude(badge__awards__learner=learner)
    earned = set(wanting).difference(due.values_list("module__translation_key", flat=True))
    asking = {key: replace(content.modules[key], practice_needed=PracticeNeed.NONE) for key in earned}
    return replace(content, modules=content.modules | asking)


class Screen:
    """The published content and one learner's facts, loaded once a request."""

    def __init__(self, request: HttpRequest, learner: Learner | None):
        self.request, self.learner = request, learner
        self.outline: Outline = without_earned(outline(), learner) if learner else outline()
        self.told: Told = told_for(request)
        self.language = language_of(request)
        for pages in (self.outline.module_pages, self.outline.lesson_pages):
            self.told.tell(pages.values(), self.language)
        self.facts: Facts = facts_of([learner])[learner.pk] if learner else Facts()

    def card(self, key: UUID, assignment: ModuleAssignment | None = None) -> ModuleCard:
        module, page = self.outline.modules[key], self.outline.module_pages[key]
        state = gate(module, self.facts, self.outline.modules)
        was_open = key in self.facts.quizzes_opened or key in self.facts.quizzes_passed
        quiz = self.outline.quiz_pages.get(key)
        return ModuleCard(
            page=page,
            url=self.url_of(page),
            lessons=[
                self._row(lesson, number, was_open) for number, lesson in enumerate(self.outline.lessons_of(key), 1)
            ],
            pace=pace(module, self.facts),
            gate=state,
            quiz_url=self.url_of(quiz) if quiz else "",
            quiz_key=quiz.translation_key if quiz else None,
            missing_lessons=[self._link(self.outline.lesson_pages[missing]) for missing in state.missing_lessons],
            missing_modules=[self._link(self.outline.module_pages[missing]) for missing in state.missing_modules],
            missing_practice=self._missing_practice(module, state),
            assignment=assignment,
            languages=self.languages(key),
            language=self.language if key in self._in_language else ORIGINAL,
        )

    def _row(self, lesson: LessonPage, number: int, was_open: bool) -> LessonRow:
        is_done = lesson.translation_key in self.facts.lessons_done
        return LessonRow(
            page=lesson,
            url=self.url_of(lesson),
            number=number,
            is_done=is_done,
            is_new=was_open and not is_done and lesson.translation_key not in self._treated,
            at_meeting=lesson.translation_key in self.facts.lessons_at_meetings,
            practice=self.practice_state(lesson),
        )

    @cached_property
    def _treated(self) -> set[UUID]:
        """At meetings of her group, undone ones too: what she has not done of these may have been taken back."""
        in_group = SessionLesson.objects.filter(session__group__households=self.learner.household_id)
        return set(in_group.values_list("lesson_key", flat=True))

    def practice_state(self, lesson: LessonPage) -> PracticeState | None:
        by_state = {
            PracticeState.WAITING: self.facts.practices_waiting,
            PracticeState.TO_IMPROVE: self.facts.practices_to_improve,
            PracticeState.RIGHT: self.facts.practices_right,
        }
        return next((state for state, lessons in by_state.items() if lesson.translation_key in lessons), None)

    def _missing_practice(self, module: Module, state: Gate) -> Link | None:
        waits_for_badge = state.state == State.DONE and misses_practice(module, self.facts, PracticeNeed.BADGE)
        if not state.missing_practice and not waits_for_badge:
            return None
        lesson = self.outline.lesson_pages[practice_to_do(module, self.facts)]
        return Link(lesson.title, practice_url(lesson), _language(lesson))

    def _link(self, page) -> Link:
        return Link(page.title, self.url_of(page), _language(page))

    def languages(self, key: UUID) -> list[tuple[str, str]]:
        """(code, name) of every language in which the module is offered, Indonesian first; none where it alone is."""
        others = self.told.offered([key, *self.outline.modules[key].lessons])
        return [(code, NAMES[code]) for code in (ORIGINAL, *others)] if others else []

    def url_of(self, page: Page) -> str:
        """In the language that is read, where the page's module is offered in it."""
        return address(page, self.language if page.translation_key in self._in_language else ORIGINAL, self.request)

    @cached_property
    def _in_language(self) -> set[UUID]:
        """The keys of all modules that are offered in the language, and of their lessons."""
        families = [{key, *module.lessons} for key, module in self.outline.modules.items()]
        return set().union(*(keys for keys in families if self.language in self.told.offered(keys)))


def _language(page: Page) -> str:
    return getattr(page, "language", "")  # as ``Told.tell`` left it


def practice_url(lesson: LessonPage) -> str:
    return reverse("learn:practice", args=[lesson.translation_key])


@dataclass(frozen=True)
class NextStep:
    """The big button: what it says and where it leads."""

    label: str
    title: str
    module: ModuleCard
    url: str
    language: str = ""  # of the title, where it is a lesson's


@dataclass(frozen=True)
class Home:
    next: NextStep | None
    untried: NextStep | None  # a practice, once all else is done
    cards: list[ModuleCard]
    awards: list[BadgeAward]
    badges_total: int
    practices: list["PracticeCard"]

    @property
    def is_all_done(self) -> bool:
        """False where nothing is left to do before a practice is answered, or a quiz is published."""
        return all(card.pace == Pace.DONE for card in self.cards)

    @property
    def parts(self) -> dict[str, list[ModuleCard]]:
        """The cards under their headings; within each, in the order of ``cards``."""
        others = [card for card in self.cards if not card.assignment]
        tasks = [card for card in self.cards if card.assignment and not card.assignment.is_own_choice]
        choices = [card for card in self.cards if card.assignment and card.assignment.is_own_choice]
        rest = "Modul lain" if tasks or choices else "Modul"
        parts = {"Tugas dari pendamping": tasks, "Pilihan keluarga": choices, rest: others}
        return {heading: cards for heading, cards in parts.items() if cards}


def assignments_of(learner: Learner) -> dict[UUID, ModuleAssignment]:
    """What her household has now, by module: the companion's first, by due date."""
    current = ModuleAssignment.objects.current().filter(household=learner.household_id).with_choice()
    in_order = sorted(current, key=lambda row: (row.is_own_choice, row.due_on or date.max, row.pk))
    return {row.module_key: row for row in in_order}


def home(request: HttpRequest, learner: Learner) -> Home:
    """``/belajar/``: what to do next, all modules with the assigned first, and the badges."""
    screen = Screen(request, learner)
    given = assignments_of(learner)
    assignments = {key: row for key, row in given.items() if key in screen.outline.modules}
    order = learning_order(list(screen.outline.modules.values()), list(assignments), screen.facts)
    cards = {module.key: screen.card(module.key, assignments.get(module.key)) for module in order}
    step = next_step(order, screen.facts)
    untried = None if step else untried_practice(order, screen.facts)
    awards = list(BadgeAward.objects.filter(learner=learner).select_related("badge"))
    return Home(
        next=_next(step, cards, screen) if step else None,
        untried=_next(untried, cards, screen) if untried else None,
        cards=list(cards.values()),
        awards=awards,
        badges_total=Badge.objects.count(),
        practices=practice_news(screen, awards),
    )


def _next(step: Step, cards: dict[UUID, ModuleCard], screen: Screen) -> NextStep:
    card = cards[step.module]
    if step.kind == StepKind.QUIZ:
        label = "Lanjutkan kuis" if step.module in screen.facts.quizzes_begun else "Kerjakan kuis"
        return NextStep(label, f"Kuis {card.page.title}", card, card.quiz_url)
    row = next(row for row in card.lessons if row.page.translation_key == step.lesson)
    if step.kind == StepKind.PRACTICE:
        label = "Perbaiki praktik" if row.practice == PracticeState.TO_IMPROVE else "Kirim praktik"
        return NextStep(label, row.page.title, card, practice_url(row.page), _language(row.page))
    nothing_done = not screen.facts.lessons_done
    return NextStep("Mulai belajar" if nothing_done else "Lanjut", row.page.title, card, row.url, _language(row.page))


@dataclass(frozen=True)
class ListedModule:
    page: ModulePage
    url: str


def modules(request: HttpRequest) -> list[ListedModule]:
    """``/modul/``: all modules as they are read. Who reads in Indonesian pays nothing for other languages."""
    if language_of(request) == ORIGINAL:
        return [ListedModule(page, page.get_url(request)) for page in live_modules()]
    screen = Screen(request, None)
    translations = ModulePage.objects.live().filter(alias_of=None, locale__language_code=screen.language)
    summaries = dict(translations.values_list("translation_key", "summary"))
    for key, page in screen.outline.module_pages.items():
        page.summary = summaries.get(key, page.summary)
    return [ListedModule(page, screen.url_of(page)) for page in screen.outline.module_pages.values()]


def module_card(request: HttpRequest, learner: Learner | None, page: ModulePage) -> ModuleCard | None:
    """The card of one module; None where it is not published (an editor's preview)."""
    screen = Screen(request, learner)
    if page.translation_key not in screen.outline.modules:
        return None
    assignments = assignments_of(learner) if learner else {}
    return screen.card(page.translation_key, assignments.get(page.translation_key))


@dataclass(frozen=True)
class LessonPlace:
    """Where a lesson stands in its module, and whether the learner has done it."""

    card: ModuleCard
    row: LessonRow
    next_url: str  # the next lesson to do, or the quiz, or the module
    practice: "PracticeCard | None"  # None for a visitor, or where there is no task


def lesson_place(request: HttpRequest, learner: Learner | None, page: LessonPage) -> LessonPlace | None:
    """The place of a published lesson; None where it or its module is not published."""
    return place_in(Screen(request, learner), page)


def place_in(screen: Screen, page: LessonPage) -> LessonPlace | None:
    for key, module in screen.outline.modules.items():
        if page.translation_key in module.lessons:
            card = screen.card(key)
            row = next(row for row in card.lessons if row.page.translation_key == page.translation_key)
            following = next_lesson(module, screen.facts, after=page.translation_key)
            by_key = {row.page.translation_key: row.url for row in card.lessons}
            next_url = (
                by_key[following] if following and following != page.translation_key else card.quiz_url or card.url
            )
            has_task = screen.learner and page.translation_key in module.tasks
            return LessonPlace(card, row, next_url, practice_card(screen, page) if has_task else None)
    return None


@dataclass(frozen=True)
class AfterLesson:
    """How far a module is once one of its lessons is done, and what comes next."""

    done: int
    total: int
    has_opened: bool  # its quiz, just now
    next_url: str  # as in LessonPlace


def after_lesson(request: HttpRequest, lesson_key: UUID, outcome: Outcome) -> AfterLesson:
    """Reads no page: a learner who says «Sudah paham» waits for the answer."""
    content = outline(pages=False)
    key = module_of(content, lesson_key)
    module, language = content.modules[key], language_of(request)
    following = next_lesson(module, outcome.facts, after=lesson_key) or key  # never the lesson itself, which is done
    place = content.quizzes.get(key, key) if following == key else following
    if language != ORIGINAL and language not in told_for(request).offered([key, *module.lessons]):
        language = ORIGINAL
    return AfterLesson(
        done=len(outcome.facts.lessons_done.intersection(module.lessons)),
        total=len(module.lessons),
        has_opened=key in outcome.opened,
        next_url=in_language(addresses()[place], language),
    )


@dataclass(frozen=True)
class PracticeCard:
    """A practice task and the last that was handed in for it; None where nothing was."""

    lesson: LessonPage
    last: PracticeSubmission | None
    awards: list[BadgeAward] = field(default_factory=list)  # that its answer brought

    @property
    def url(self) -> str:
        return practice_url(self.lesson)

    @property
    def state(self) -> PracticeState | None:
        return self.last.state if self.last else None


def practice_card(screen: Screen, lesson: LessonPage) -> PracticeCard:
    mine = PracticeSubmission.objects.current().filter(learner=screen.learner, lesson_key=lesson.translation_key)
    return PracticeCard(lesson, mine.select_related("feedback__by", "feedback__voice").first())


NEWS = 3  # practices on the first screen
AT_ONCE = timedelta(seconds=5)  # what follows from an answer is stored with it, before she can give the next


def brought_by(answered: PracticeSubmission | None, awards: Iterable[BadgeAward]) -> list[BadgeAward]:
    """Of the learner's badges, those that came with the companion's answer, while she was not there to see it."""
    if answered is None or answered.state != PracticeState.RIGHT:
        return []
    return [award for award in awards if timedelta() <= award.awarded_at - answered.feedback.given_at < AT_ONCE]


def practice_news(screen: Screen, awards: Collection[BadgeAward]) -> list[PracticeCard]:
    """The last practice of each lesson that has a task: first what wants something of the learner, then what is new.
    ``awards`` are all of hers."""
    tasks = {lesson for module in screen.outline.modules.values() for lesson in module.tasks}
    mine = PracticeSubmission.objects.current().filter(learner=screen.learner)
    last: dict[UUID, PracticeSubmission] = {}
    for submission in mine.select_related("feedback__by", "feedback__voice")[:30]:
        if submission.lesson_key in tasks:
            last.setdefault(submission.lesson_key, submission)
    newest = sorted(last.values(), key=lambda one: (one.state == PracticeState.TO_IMPROVE, one.last_at), reverse=True)
    pages = screen.outline.lesson_pages
    return [PracticeCard(pages[one.lesson_key], one, brought_by(one, awards)) for one in newest[:NEWS]]


@dataclass(frozen=True)
class PracticeScreen:
    """The screen of one task, as its lesson is read: what to do, and all that was handed in, the newest first."""

    lesson: LessonPage
    lesson_url: str
    task: Mapping  # courses.blocks.PracticeTaskBlock
    history: list[PracticeSubmission]

    @property
    def last(self) -> PracticeSubmission | None:
        return next((one for one in self.history if one.state != PracticeState.WITHDRAWN), None)

    @cached_property
    def awards(self) -> list[BadgeAward]:
        is_right = self.last and self.last.state == PracticeState.RIGHT
        mine = BadgeAward.objects.filter(learner=self.last.learner_id).select_related("badge") if is_right else []
        return brought_by(self.last, mine)

    @property
    def earlier(self) -> list[PracticeSubmission]:
        return [one for one in self.history if one is not self.last]


def practice_screen(request: HttpRequest, learner: Learner, lesson: LessonPage) -> PracticeScreen | None:
    """None where the lesson or its module is not published, or ends in no task."""
    published = any(lesson.translation_key in module.tasks for module in outline(pages=False).modules.values())
    if not published:
        return None
    history = PracticeSubmission.objects.filter(learner=learner, lesson_key=lesson.translation_key).to_show()
    language = language_of(request)
    if language != ORIGINAL and (told := told_in(lesson, language)) and told.practice:
        lesson, told.language = told, language
    return PracticeScreen(lesson, lesson.get_url(request), lesson.task, list(history))


@dataclass(frozen=True)
class QuizEntry:
    """The start screen of a quiz: whether it is open, begun, passed, and how many attempts are left today."""

    card: ModuleCard
    open_attempt: Attempt | None
    best: Attempt | None
    attempts_left: int | None  # None: no limit
    waits: bool = False  # an attempt from her phone, until the quiz is open

    @property
    def is_locked(self) -> bool:
        return self.card.gate.state == State.LOCKED

    @property
    def is_passed(self) -> bool:
        return self.card.gate.state == State.DONE


def quiz_entry(request: HttpRequest, learner: Learner | None, page: QuizPage) -> QuizEntry | None:
    """None where the quiz or its module is not published."""
    screen = Screen(request, learner)
    key = next((key for key, quiz in screen.outline.quiz_pages.items() if quiz.pk == page.pk), None)
    if key is None:
        return None
    mine = Attempt.objects.filter(learner=learner, quiz_key=page.translation_key)
    from_phone = WaitingAttempt.objects.filter(learner=learner, quiz_key=page.translation_key)
    judged = sorted(mine.submitted(), key=lambda attempt: (attempt.passed, attempt.score.percent))
    card = screen.card(key)
    return QuizEntry(
        card=card,
        open_attempt=mine.open().first(),
        best=judged[-1] if judged else None,
        attempts_left=attempts_left(page.attempts_per_day, submitted_today(learner, page)) if learner else None,
        waits=card.gate.state == State.LOCKED and from_phone.exists(),
    )


def paper(learner: Learner, quiz_key: UUID) -> dict | None:
    """A published quiz to take along, as docs/offline.md describes it; None where it or its module is not published."""
    content = outline()
    found = next(((key, page) for key, page in content.quiz_pages.items() if page.translation_key == quiz_key), None)
    if found is None:
        return None
    module_key, page = found
    revision = page.asked_revision
    quiz = quiz_as_of(revision)
    module, facts = content.modules[module_key], facts_of([learner])[learner.pk]
    state = gate(module, facts, content.modules)
    return {
        "quiz": str(quiz_key),
        "module": str(module_key),
        "title": quiz.title,
        "revision": revision.pk,
        "pass_mark": quiz.pass_mark,
        "attempts_per_day": quiz.attempts_per_day,
        "gate": {
            "state": state.state,
            "missing_lessons": [str(key) for key in state.missing_lessons],
            "missing_modules": [str(key) for key in state.missing_modules],
            "missing_practice": state.missing_practice,
        },
        "lessons_done": [str(key) for key in module.lessons if key in facts.lessons_done],
    } | papers.paper(quiz, papers.seed_of(learner.pk, revision.pk))


def attempt_url(attempt: Attempt) -> str:
    """The first question without an answer, or the last one."""
    answered = attempt.responses
    numbers = [number for number, question in enumerate(attempt.asked, 1) if question.id not in answered]
    return reverse("learn:question", args=[attempt.pk, numbers[0] if numbers else len(attempt.asked)])
