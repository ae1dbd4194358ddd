"""A module's path as its learner would walk it, drafts included. Nothing is stored: the learner here is made up."""

from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from courses.inspection import as_next_published
from courses.languages import ORIGINAL, Told
from courses.models import LessonPage, ModulePage
from courses.previews import LEARNER, PUBLISHED
from people.models import Learner
from progress.facts import Outline
from progress.rules import Facts, Module
from quizzes.models import QuizPage

from . import states


def is_preview(request: HttpRequest) -> bool:
    return getattr(request, "is_preview", False) and request.preview_mode != PUBLISHED


def stand_in(request: HttpRequest) -> Learner | None:
    """The learner through whose eyes the editor looks; None where it is a visitor's."""
    return Learner(first_name="Sari", address_form="ibu") if request.preview_mode == LEARNER else None


class DraftScreen(states.Screen):
    """As ``Screen``, for one module with every draft in it; each link leads to the next draft's preview."""

    def __init__(self, request: HttpRequest, page: Page):
        self.request, self.learner, self.page = request, None, page
        self.told, self.language = Told(), ORIGINAL

    @cached_property
    def module(self) -> ModulePage | None:
        """The module that the page is or stands in. ``page`` itself may not be stored yet."""
        if isinstance(self.page, ModulePage):
            return self.page
        stored = ModulePage.objects.filter(path=self.page.path[: -Page.steplen]).select_related("latest_revision")
        return next(iter(as_next_published(stored)), None)

    @cached_property
    def outline(self) -> Outline:
        module = self.module
        rows = LessonPage.objects.filter(path__startswith=module.path, depth=module.depth + 1)
        lessons = {lesson.pk: lesson for lesson in as_next_published(rows.select_related("latest_revision"))}
        if isinstance(self.page, LessonPage):
            lessons[self.page.pk] = self.page
        ordered = sorted(lessons.values(), key=lambda lesson: lesson.path)
        quizzes = QuizPage.objects.filter(path__startswith=module.path, depth=module.depth + 1)
        quiz = self.page if isinstance(self.page, QuizPage) else quizzes.defer("questions").first()
        keys = tuple(lesson.translation_key for lesson in ordered)
        return Outline(
            modules={module.translation_key: Module(module.translation_key, keys, quiz is not None)},
            titles={page.translation_key: page.title for page in (module, *ordered)},
            quizzes={module.translation_key: quiz.translation_key} if quiz else {},
            module_pages={module.translation_key: module},
            lesson_pages={lesson.translation_key: lesson for lesson in ordered},
            quiz_pages={module.translation_key: quiz} if quiz else {},
        )

    @cached_property
    def facts(self) -> Facts:
        """She has read what stands before this page, so that the way on leads forward."""
        keys = self.outline.modules[self.module.translation_key].lessons
        if isinstance(self.page, QuizPage):
            return Facts(lessons_done=frozenset(keys))
        if isinstance(self.page, LessonPage):
            return Facts(lessons_done=frozenset(keys[: keys.index(self.page.translation_key)]))
        return Facts()

    def url_of(self, page: Page) -> str:
        if page.pk is None:
            return "#"
        return f"{reverse('wagtailadmin_pages:view_draft', args=[page.pk])}?mode={self.request.preview_mode}"


def module_card(request: HttpRequest, page: ModulePage) -> states.ModuleCard:
    return DraftScreen(request, page).card(page.translation_key)


def lesson_place(request: HttpRequest, page: LessonPage) -> states.LessonPlace | None:
    screen = DraftScreen(request, page)
    return states.place_in(screen, page) if screen.module else None


def quiz_entry(request: HttpRequest, page: QuizPage) -> states.QuizEntry | None:
    screen = DraftScreen(request, page)
    if screen.module is None:
        return None
    card = screen.card(screen.module.translation_key)
    return states.QuizEntry(card, open_attempt=None, best=None, attempts_left=None)
