from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import path
from wagtail import hooks
from wagtail.models import Page
from wagtail.wagtail_hooks import check_view_restrictions

from courses.languages import ORIGINAL, told_in
from courses.models import LessonPage, ModulePage
from people.access import learner_of, led_first
from quizzes.models import QuizPage

from .languages import address, chosen, told_for
from .rehearsal import rehearse_quiz
from .states import quiz_entry


@hooks.register("before_serve_page")
def guard_quiz(page, request, serve_args, serve_kwargs):
    """A quiz needs a sign-in; a locked one says what is missing instead of showing itself."""
    if not isinstance(page, QuizPage):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    learner = learner_of(request)
    if first := learner and led_first(learner):
        return first
    entry = quiz_entry(request, learner, page) if learner else None
    if entry and entry.is_locked:
        return render(request, "learn/quiz_locked.html", {"page": page, "entry": entry}, status=403)
    return None


@hooks.register("before_serve_page")
def lead_to_language(page, request, serve_args, serve_kwargs):
    """On to the language that was chosen, but only where the module is offered in it. A lesson of such a module that is
    not told in that language yet is read in Indonesian."""
    language = getattr(request, "language", None)
    wanted = language or chosen(request)
    if wanted == ORIGINAL:
        return None
    is_offered = isinstance(page, (ModulePage, LessonPage)) and wanted in told_for(request).offered(_family(page))
    if language is None:
        return redirect(address(page, wanted, request)) if is_offered else None
    return None if is_offered else redirect(page.get_url(request))


@hooks.register("on_serve_page", order=1)
def tell_in_its_language(serve):
    """A translation takes its page's place where the address begins with its language. Wagtail's own hook stands before
    this one and asks who may read the page itself; here it asks once more, for the translation."""
    serve_translation = check_view_restrictions(serve)

    def tell(page, request, serve_args, serve_kwargs):
        language = getattr(request, "language", None)
        translation = told_in(page, language) if language else None
        if translation is None:
            return serve(page, request, serve_args, serve_kwargs)
        translation.language = language
        return serve_translation(translation, request, serve_args, serve_kwargs)

    return tell


def _family(page: Page) -> list[UUID]:
    """The keys of the module that the page is or stands in, and of its lessons."""
    module = page.path if isinstance(page, ModulePage) else page.path[: -Page.steplen]
    return list(Page.objects.live().filter(path__startswith=module).values_list("translation_key", flat=True))


@hooks.register("register_admin_urls")
def rehearsal_urls():
    return [path("pratinjau/kuis/<int:page_id>/", rehearse_quiz, name="rehearse_quiz")]
