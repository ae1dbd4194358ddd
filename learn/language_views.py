from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from wagtail.views import serve

from courses.languages import ORIGINAL, OTHERS, in_language

from . import languages


def page(request: HttpRequest, language: str, path: str) -> HttpResponse:
    """A module or a lesson in another language, under its Indonesian address with the language before it. Which page it
    is, learn/wagtail_hooks.py says."""
    request.language = language
    try:
        return serve(request, path)
    except Http404:  # Wagtail keeps where a page was, of Indonesian addresses alone
        moved = get_redirect(request, Redirect.normalise_path(f"/{path}"))
        there = in_language(moved.link, language) if moved and moved.redirect_page_id else None
        if there in (None, request.path):  # it is back where it was, and taken down
            raise
        return redirect(there, permanent=moved.is_permanent)


@require_POST
def choose(request: HttpRequest, key: UUID) -> HttpResponse:
    """«Bahasa»: from now on in this language, here and everywhere it is offered."""
    pages = Page.objects.live().filter(locale__language_code=ORIGINAL)
    page = get_object_or_404(pages, translation_key=key)
    code = request.POST.get("language", "")
    if code not in (ORIGINAL, *OTHERS):
        raise Http404
    response = redirect(languages.address(page, code, request))
    languages.remember(request, response, code)
    return response
