"""What a module consists of, for a phone that takes it along: each address, its bytes, and a version."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest

from courses import weight
from courses.figures import figures_in, in_words
from courses.languages import ORIGINAL, told_in
from courses.models import LessonPage
from progress.facts import outline

from .languages import address, told_for


def module_files(request: HttpRequest, key: UUID, language: str = ORIGINAL) -> dict | None:
    """The public files of a published module, told in ``language`` as far as it is; None where it is not published.
    A page's version changes with whatever a visitor reads there, and with each release; a picture or recording never
    changes under its address."""
    content = outline()
    if key not in content.modules:
        return None
    module, lessons = content.module_pages[key], content.lessons_of(key)
    titles = told_for(request).titles[language]
    told = {page.pk: told_in(page, language) for page in [module, *lessons] if page.translation_key in titles}
    files = {}
    for page in [module, *lessons]:
        url = address(page, language, request)
        if page.pk in told:
            page = told[page.pk]
            page.language = language
        words, *others = weight.parts(page, language)
        for at, part in [(url, words), *((part.url, part) for part in others)]:
            files[at] = {"url": at, "bytes": part.bytes, "kind": part.kind, "version": part.version}
            if part.twin:
                files[at]["twin"] = {"url": part.twin.url, "bytes": part.twin.bytes}
    quiz = content.quiz_pages.get(key)
    # As online: the Indonesian task where the translation has none, since the quiz may want it.
    tasks = tasks_of(told[one.pk] if one.pk in told and told[one.pk].practice else one for one in lessons)
    return {
        "key": str(key),
        "title": titles.get(key, module.title),
        "url": address(module, language, request),
        "quiz": str(quiz.translation_key) if quiz else None,
        "lessons": [
            {
                "key": str(lesson.translation_key),
                "url": address(lesson, language, request),
                "title": titles.get(lesson.translation_key, lesson.title),
                "task": task,
            }
            for lesson, task in zip(lessons, tasks, strict=True)
        ],
        "files": list(files.values()),
    }


def tasks_of(lessons: Iterable[LessonPage]) -> list[dict | None]:
    """The practice task at the end of each lesson, in plain values; None where it has none."""
    tasks = [lesson.task or None for lesson in lessons]
    figures = figures_in(task["instruction"] for task in tasks if task)
    return [
        task
        and {
            "instruction": in_words(task["instruction"], figures),
            "evidence": list(task["evidence"]),
            "unit": task["unit"],
        }
        for task in tasks
    ]
