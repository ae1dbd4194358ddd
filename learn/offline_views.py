"""What a phone takes along to work without a signal: the service worker, the app's manifest, pages that hold nobody's
state, and the list of a module's files. All of it is public; what is a learner's own lies on her phone beside it."""

import hashlib
from functools import cache
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_GET

from courses import weight
from courses.blocks import EVIDENCE
from courses.languages import ORIGINAL, OTHERS

from . import offline

SCRIPTS = ["outbox", "kept-forms", "learning", "phone", "save-module", "read-aloud", "play-voice", "show-picture"]
SCRIPTS += ["check-clock", "outbox-list", "order-list", "match-pairs", "phone-quiz"]
SCRIPTS += ["road", "take-caseload", "tick-count", "ready-phrases"]  # the companion's
SCRIPTS += ["take-photos", "record-voice", "send-practice", "phone-practice"]
PAGES = {
    "offline": "learn/offline.html",
    "learn:outbox": "learn/outbox.html",
    "offline_quiz": "learn/offline_quiz.html",
    "offline_practice": "learn/offline_practice.html",
    "offline_road": "companions/road.html",
}
# Every kind of evidence: the phone hides what the task does not ask for.
FORM = {"form": {"kinds": list(EVIDENCE)}}
LOOKS = ["css/everyone.css", "img/icon.svg", "img/icon-192.png"]


@cache
def shell() -> tuple[list[str], str]:
    """The addresses that every phone keeps, and a version that changes with what is behind any of them."""
    files = [*map(reverse, PAGES), *map(static, [*(f"js/{name}.js" for name in SCRIPTS), *LOOKS])]
    pages = [render_to_string(template, FORM) for template in PAGES.values()]
    return files, hashlib.sha256("".join([*files, *pages, weight.release()]).encode()).hexdigest()[:12]


@require_GET
@cache_control(no_cache=True)
@conditional_page
def service_worker(request: HttpRequest) -> HttpResponse:
    """With a tag: Chromium looks after nearly every page whether there is a new one."""
    files, version = shell()
    script = "text/javascript; charset=utf-8"
    return render(request, "learn/service_worker.js", {"files": files, "version": version}, content_type=script)


@require_GET
@cache_control(max_age=24 * 3600)
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "any")]
    icons += [("img/icon-maskable-512.png", "512x512", "maskable")]
    return JsonResponse(
        {
            "id": "/belajar/",
            "name": "Belajar PENA",
            "short_name": "Belajar PENA",
            "description": "Belajar usaha dari rumah: pelajaran pendek, langsung dipraktikkan.",
            "lang": "id",
            "start_url": reverse("learn:home"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6ebda",
            "theme_color": "#fffaf1",
            "icons": [
                {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in icons
            ],
        },
        content_type="application/manifest+json",
    )


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page that a phone fills with what it keeps; the same for everyone."""
    return render(request, PAGES[name], FORM)


@require_GET
@cache_control(no_cache=True)
def module_files(request: HttpRequest, key: UUID) -> JsonResponse:
    language = request.GET.get("bahasa", ORIGINAL)
    found = offline.module_files(request, key, language) if language in (ORIGINAL, *OTHERS) else None
    if found is None:
        raise Http404("Modul ini tidak ada.")
    return JsonResponse(found)
