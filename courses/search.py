"""Search over the published lessons. The sentences are kept beside the pages with the stems of their words, and are
compared as plain text: it is the same on every database."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models, transaction
from django.dispatch import receiver
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.signals import page_published, page_unpublished

from .figures import figures_in
from .html import FIGURE_TOKEN, MAX_HTML_LENGTH, plain_text
from .inspection import Node, nodes
from .languages import ORIGINAL, Told, told
from .models import LessonPage, ModulePage, live_modules
from .passages import Passage
from .search_words import asked, nearest, sentences, stem, words

MOST_LESSONS = 20  # shown
UNSAID = {"feedback", "explanation", "alt_text", "unit", "transcript"}  # fields that lead nobody to a place
_PIECE = re.compile(r"[^\W_]+|[\W_]+")


# --- What is kept ----------------------------------------------------------------------------------------------------


def index(lesson: LessonPage) -> None:
    """Keeps the lesson's sentences as they are published now, whatever ``lesson`` says: of two who publish it at once,
    who did so first may come here last."""
    with transaction.atomic():
        list(LessonPage.objects.select_for_update(of=("self",), no_key=True).filter(pk=lesson.pk))
        page = LessonPage.objects.live().filter(pk=lesson.pk).first()
        rows = [
            Passage(
                page=page, position=position, place=place, text=text, words=_spaced(words(text)), stems=_stems(text)
            )
            for position, (place, text) in enumerate(_sentences_of(page) if page else ())
        ]
        lesson.passages.all().delete()
        Passage.objects.bulk_create(rows)


def index_missing() -> int:
    """Keeps the sentences of the published lessons that have none; how many those were."""
    missing = LessonPage.objects.live().filter(passages=None, alias_of=None)
    for lesson in missing:
        index(lesson)
    return len(missing)


@receiver(page_published)
def index_published(instance, **kwargs):
    if isinstance(instance, LessonPage) and not instance.alias_of_id:
        index(instance)


@receiver(page_unpublished)
def forget_unpublished(instance, **kwargs):
    if isinstance(instance, LessonPage):
        instance.passages.all().delete()


def _spaced(tokens: Iterable[str]) -> str:
    return f" {' '.join(tokens)} "


def _stems(text: str) -> str:
    return _spaced(stem(word) for word in words(text))


def _sentences_of(lesson: LessonPage) -> Iterator[tuple[str, str]]:
    """(the place in the page, the sentence), in reading order."""
    yield "", lesson.title
    yield from (("", sentence) for sentence in sentences(lesson.goal))
    for name, place in (("body", "b{}"), ("practice", "praktik")):
        stream = lesson._meta.get_field(name).stream_block
        for number, child in enumerate(stream.get_prep_value(getattr(lesson, name)), 1):
            for node in nodes(stream.child_blocks[child["type"]], child["value"], child["type"]):
                for sentence in sentences(_said(node)):
                    yield place.format(number), sentence


def _said(node: Node) -> str:
    """What the block itself says, a line for each row; empty where it only holds others."""
    if isinstance(node.block, TypedTableBlock):
        rows = [[column["heading"] for column in node.value["columns"]], *(row["values"] for row in node.value["rows"])]
        return "\n".join(" · ".join(map(str, row)) for row in rows)
    if node.place.rpartition(".")[2] in UNSAID or ".choices." in node.place:
        return ""
    if isinstance(node.block, blocks.RichTextBlock):
        return plain_text((node.value or "")[:MAX_HTML_LENGTH])
    return node.value or "" if isinstance(node.block, blocks.CharBlock | blocks.TextBlock) else ""


# --- What is found ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """A lesson, and its sentence that has most of what was asked. ``pieces``: (text, whether it was asked for)."""

    page: LessonPage  # the original, with the title that it is read under; so is its module
    module: ModulePage
    place: str
    pieces: list[tuple[str, bool]]
    language: str  # of the sentence; none where it is Indonesian


@dataclass(frozen=True)
class Found:
    results: list[Result]
    modules: list[ModulePage]  # whose title was asked for, with the title that each is read under
    instead: str = ""  # the words that were searched for, where some of those asked for are nowhere


@dataclass(frozen=True)
class _Titled:
    """A module, and every title by which who reads in one language may know it."""

    page: ModulePage
    titles: tuple[str, ...]

    @property
    def stems(self) -> set[str]:
        return {stem(word) for title in self.titles for word in words(title)}


def modules_to_read(language: str = ORIGINAL) -> list[ModulePage]:
    """The modules that everybody may read, in the order of the learning path, with their titles in ``language``."""
    return [module.page for module in _titled(told() if language != ORIGINAL else Told(), language)]


def _titled(told: Told, language: str) -> list[_Titled]:
    modules = list(live_modules().public().only("path", "url_path", "title", "translation_key"))
    originals = [module.title for module in modules]
    told.tell(modules, language)
    return [_Titled(page, tuple({title, page.title})) for page, title in zip(modules, originals, strict=True)]


def find(text: str, language: str = ORIGINAL) -> Found:
    """The modules and lessons that everybody may read and that have the words of ``text``, in Indonesian or as they are
    told in ``language``; those with most of them first."""
    tokens = asked(text)
    titles = told() if language != ORIGINAL else Told()
    modules = _titled(titles, language)
    pages = LessonPage.objects.live().public().filter(locale__language_code__in={ORIGINAL, language})
    readable = Passage.objects.filter(page__in=pages)
    passages = _having(readable, {stem(token) for token in tokens})
    held = set(" ".join(passage.stems for passage in passages).split()).union(*(module.stems for module in modules))
    missing = [token for token in tokens if stem(token) not in held]
    if missing:
        vocabulary = {word for kept in readable.values_list("words", flat=True) for word in kept.split()}
        vocabulary.update(word for module in modules for title in module.titles for word in words(title))
        nearer = {token: nearest(token, vocabulary) or token for token in missing}
        if any(nearer[token] != token for token in missing):
            tokens = [nearer.get(token, token) for token in tokens]
            passages = _having(readable, {stem(token) for token in tokens})
    stems = {stem(token) for token in tokens}
    named = _named(modules, stems)
    results = _results(passages, stems, language, [module.page for module in modules], titles)
    return Found(results, named, " ".join(tokens) if missing and (passages or named) else "")


def _named(modules: list[_Titled], stems: set[str]) -> list[ModulePage]:
    """The modules with most of the words in their title, where those are half of the words: «label kemasan» is one
    module, and «usaha pembeli harga» is none."""
    had = [(len(stems & module.stems), module.page) for module in modules]
    most = max((number for number, _ in had), default=0)
    return [page for number, page in had if number == most] if most and most * 2 >= len(stems) else []


def _having(readable: models.QuerySet[Passage], stems: set[str]) -> list[Passage]:
    """The sentences with any of the stems, in reading order."""
    if not stems:
        return []
    any_of = models.Q()
    for one in stems:
        any_of |= models.Q(stems__contains=f" {one} ")
    found = readable.filter(any_of).select_related("page")
    return list(found.defer("page__body", "page__practice").order_by("page__path", "position"))


def _results(
    passages: list[Passage], stems: set[str], language: str, every: list[ModulePage], titles: Told
) -> list[Result]:
    if not passages:
        return []
    modules = {module.path: module for module in every}
    lessons = {passage.page.translation_key: passage.page for passage in passages}
    if language != ORIGINAL:
        originals = LessonPage.objects.original().live().public().filter(translation_key__in=lessons)
        lessons = {page.translation_key: page for page in originals.defer("body", "practice")}
        titles.tell(lessons.values(), language)
    of_page = defaultdict(list)
    for passage in passages:
        lesson = lessons.get(passage.page.translation_key)
        if lesson and _above(lesson) in modules:
            of_page[lesson].append((len(stems & set(passage.stems.split())), passage))
    ranked = sorted(of_page.items(), key=lambda had: _rank(had[1], stems), reverse=True)[:MOST_LESSONS]
    best = [(lesson, max(had, key=lambda one: _worth(lesson, *one))[1]) for lesson, had in ranked]
    figures = {slug: figure.value for slug, figure in figures_in(passage.text for _, passage in best).items()}
    return [
        Result(
            lesson,
            modules[_above(lesson)],
            passage.place,
            _pieces(FIGURE_TOKEN.sub(lambda token: figures.get(token[1], "–"), passage.text), stems),
            language if passage.page != lesson else "",
        )
        for lesson, passage in best
    ]


def _above(lesson: LessonPage) -> str:
    """The path of its module."""
    return lesson.path[: -LessonPage.steplen]


def _worth(lesson: LessonPage, number: int, passage: Passage) -> tuple[int, bool, bool]:
    """How many of the words the sentence has, whether it is of what is read, and whether it says more than a title."""
    return number, passage.page != lesson, bool(passage.place)


def _rank(had: list[tuple[int, Passage]], stems: set[str]) -> tuple[int, int, int]:
    """How many of the words the lesson has, how many its title, and how often."""
    every = {one for _, passage in had for one in passage.stems.split()}
    in_title = max((number for number, passage in had if passage.position == 0), default=0)
    return len(stems & every), in_title, len(had)


def _pieces(text: str, stems: set[str]) -> list[tuple[str, bool]]:
    """The text in pieces, with whether each is one of the words."""
    return [(piece, bool(stems & {stem(word) for word in words(piece)})) for piece in _PIECE.findall(text)]
