"""Practice sheets for families without a phone: one A5 a lesson, black on white."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from courses.models import LessonPage, ModulePage, live_modules
from people.access import companion_only


@dataclass(frozen=True)
class Sheet:
    lesson: LessonPage
    number: int  # its place in the module

    @property
    def key_points(self) -> list[str]:
        return [point for block in self.lesson.body if block.block_type == "key_points" for point in block.value]


@require_GET
@companion_only
def of_module(request: HttpRequest, module: str) -> HttpResponse:
    """The sheets of all lessons of a module, for one print."""
    page = get_object_or_404(live_modules(), slug=module)
    return print_page(request, page, enumerate(page.live_lessons(), 1))


@require_GET
@companion_only
def of_lesson(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    page = get_object_or_404(live_modules(), slug=module)
    shown = get_object_or_404(page.live_lessons(), slug=lesson)
    number = page.live_lessons().filter(path__lte=shown.path).count()
    return print_page(request, page, [(number, shown)], shown)


def print_page(
    request: HttpRequest, module: ModulePage, lessons: Iterable[tuple[int, LessonPage]], only: LessonPage | None = None
) -> HttpResponse:
    sheets = [Sheet(lesson, number) for number, lesson in lessons]
    return render(request, "companions/sheets.html", {"module": module, "sheets": sheets, "only": only})
