"""``/cari/``: everybody's search over the lessons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from courses.models import live_modules
from courses.search import find
from courses.search_words import MAX_ASKED

from .languages import language_of


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The form, and what was found."""
    asked = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:MAX_ASKED]
    found = find(asked, language_of(request)) if asked else None
    to_try = [] if found and found.results else [module.title for module in live_modules().public()]
    return render(request, "learn/search.html", {"asked": asked, "found": found, "to_try": to_try})
