"""In which language someone reads. An address says it (``/jv/modul/…``); what was chosen last leads there."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from courses.languages import ORIGINAL, OTHERS, Told, in_language, told
from people.access import learner_of
from people.models import Learner
from progress.facts import outline
from progress.kept import kept_with_content

COOKIE = "bahasa"
A_YEAR = 365 * 24 * 3600  # seconds
NAMES = dict(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """That of the address, else what a learner or this browser chose last."""
    return getattr(request, "language", None) or chosen(request)


def chosen(request: HttpRequest) -> str:
    """Her own choice goes before the browser's, which may be that of anybody in her family."""
    learner = learner_of(request) if hasattr(request, "user") else None
    code = (learner and learner.language) or request.COOKIES.get(COOKIE)
    return code if code in OTHERS else ORIGINAL


def remember(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """For a learner with her account, for others in this browser."""
    if learner := learner_of(request):
        Learner.objects.choose_language(learner.pk, code)
    else:
        response.set_cookie(COOKIE, code, max_age=A_YEAR, secure=not settings.DEMO, httponly=True, samesite="Lax")


def told_for(request: HttpRequest) -> Told:
    """What is told in other languages, read once a request."""
    if not hasattr(request, "_told"):
        request._told = told()
    return request._told


def address(page: Page, language: str, request: HttpRequest) -> str:
    """Where the original ``page`` is read in that language."""
    return in_language(page.get_url(request), language)


@kept_with_content
def addresses() -> dict[UUID, str]:
    """The address of each published original, by its key."""
    content = outline()
    pages = (*content.module_pages.values(), *content.lesson_pages.values(), *content.quiz_pages.values())
    return {page.translation_key: page.get_url() for page in pages}
