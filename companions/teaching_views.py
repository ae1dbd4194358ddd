"""The companion's own learning: the material of each module, and how far she is in it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.models import GuidePart, ModulePage, live_modules
from people.access import companion_only
from progress.models import GuideCompletion
from progress.rules import is_ready_to_teach


@dataclass(frozen=True)
class Material:
    """The material of one module, and what the companion has learned of it."""

    module: ModulePage
    parts: list[tuple[GuidePart, bool]]

    @property
    def learned(self) -> int:
        return sum(is_learned for _, is_learned in self.parts)

    @property
    def next(self) -> GuidePart | None:
        return next((part for part, is_learned in self.parts if not is_learned), None)

    @property
    def is_ready(self) -> bool:
        """Whether it earns the badge «Siap mengajar»."""
        learned = [part.key for part, is_learned in self.parts if is_learned]
        return bool(self.parts) and is_ready_to_teach([part.key for part, _ in self.parts], learned)


def materials(request: HttpRequest, modules) -> list[Material]:
    """In one query beside that for ``modules``."""
    learned = GuideCompletion.objects.parts_of(request.user.companion)
    return [
        Material(module, [(part, part.key in learned.get(module.translation_key, ())) for part in module.guide])
        for module in modules
    ]


@never_cache
@require_GET
@companion_only
def overview(request: HttpRequest) -> HttpResponse:
    """All modules, and how far she is in the material of each."""
    rows = materials(request, live_modules())
    context = {"materials": rows, "ready": sum(row.is_ready for row in rows)}
    return render(request, "companions/material.html", context)


@never_cache
@require_GET
@companion_only
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """How to teach and check a module."""
    rows = materials(request, live_modules())
    shown = next((row for row in rows if row.module.slug == slug), None)
    if shown is None:
        raise Http404
    return render(request, "companions/guide.html", {"material": shown, "materials": rows})


@require_POST
@companion_only
def complete(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """«Sudah saya pelajari»; then on to the next part."""
    module = get_object_or_404(live_modules(), slug=slug)
    if part not in [one.key for one in module.guide]:
        raise Http404
    GuideCompletion.objects.record(request.user.companion, module.translation_key, part)
    (material,) = materials(request, [module])
    if material.is_ready:
        messages.success(request, f"Siap mengajar {module.title}! Semua bagian sudah dipelajari.")
        return redirect("companions:guide", slug)
    return redirect(reverse("companions:guide", args=[slug]) + f"#{material.next.key}")
