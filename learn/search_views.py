"""``/cari/``: everybody's search over the lessons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from courses.search import find, modules_to_read
from courses.search_words import MAX_ASKED

from .languages import language_of


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The form, and what was found."""
    asked = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:MAX_ASKED]
    language = language_of(request)
    found = find(asked, language) if asked else None
    is_found = bool(found and (found.results or found.modules))
    to_try = [] if is_found else modules_to_read(language)
    return render(request, "learn/search.html", {"asked": asked, "found": found, "to_try": to_try})
