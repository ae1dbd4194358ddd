"""Loads what ``courses/checks.py`` judges, for many pages in a constant number of queries."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page, Site
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import AbstractMediaChooserBlock
from wagtailmedia.models import MediaType

from . import checks
from .blocks import IllustrationBlock
from .figures import Figure
from .html import FIGURE_TOKEN
from .images import Picture
from .languages import ORIGINAL
from .media import Recording
from .models import LessonPage, ModulePage
from .readability import plain
from .recordings import UnusableFile, video_suffix

# One sentence each, without being called a text: what a quick check asks and answers.
PROSE_FIELDS = {"question", "feedback", "explanation", "caption"}
WRITTEN = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
WITHOUT_FIGURES = {"alt_text", "title", "transcript", "unit"}  # what these fields say is shown as it stands
PLACES_IN_A_LESSON = {"#isi", "#praktik"}
_LINK = re.compile(r"<a\s([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')


def as_next_published(pages: Iterable[Page]) -> list[Page]:
    """The pages with the title and the content of their latest draft. Place and state stay the stored ones: a draft may
    be older than a move. ``latest_revision`` must be loaded."""
    pages = list(pages)
    for page in pages:
        if page.has_unpublished_changes and page.latest_revision:
            fill(page, page.latest_revision.content)
    return pages


def fill(page: Page, content: Mapping) -> None:
    """Gives the page the title and the content that a revision keeps."""
    for field in (page._meta.get_field("title"), *page._meta.local_concrete_fields):
        if not field.primary_key and field.name in content:
            setattr(page, field.attname, field.to_python(content[field.name]))


@dataclass(frozen=True)
class Node:
    """One block in a stream's stored form, and Wagtail's content path to it."""

    block: blocks.Block
    value: object
    place: str


def nodes(block: blocks.Block, value, place: str) -> Iterator[Node]:
    """``block`` and every block within, each with its stored value."""
    yield Node(block, value, place)
    if isinstance(block, blocks.BaseStreamBlock):
        for child in value or ():
            if child["type"] in block.child_blocks:
                yield from nodes(block.child_blocks[child["type"]], child["value"], f"{place}.{child.get('id')}")
    elif isinstance(block, blocks.ListBlock):
        for item in value or ():
            inner, id = (item["value"], item["id"]) if _is_item(item) else (item, None)
            yield from nodes(block.child_block, inner, f"{place}.{id}")
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield from nodes(child, (value or {}).get(name), f"{place}.{name}")


def _is_item(item) -> bool:
    return isinstance(item, dict) and item.keys() == {"type", "value", "id"}


def stream_nodes(page: Page, name: str) -> Iterator[Node]:
    """All blocks of the page's stream field ``name``."""
    field = page._meta.get_field(name)
    yield from nodes(field.stream_block, field.stream_block.get_prep_value(getattr(page, name)), name)


@dataclass
class _Known:
    """What the pages refer to, loaded once for all of them."""

    widths: dict[int, int]  # pictures
    recordings: dict[int, tuple[int, float]]  # (bytes, seconds)
    not_shown: set[int]  # videos that phones do not show
    figures: dict[object, Figure]  # by pk and by slug
    pages: set[int]
    paths: set[str]
    documents: set[int]


def inspect_lessons(lessons: Sequence[LessonPage], weights: dict[int, int] | None = None) -> dict[LessonPage, list]:
    """The findings of each lesson. ``weights`` are bytes by pk; a lesson without one is not weighed."""
    found = {
        lesson: [node for name in ("body", "practice") for node in stream_nodes(lesson, name)] for lesson in lessons
    }
    known = _load([node for own in found.values() for node in own], {lesson.voice_id for lesson in lessons})
    today = timezone.localdate()
    return {
        lesson: checks.lesson_findings(_lesson(lesson, own, known, (weights or {}).get(lesson.pk, 0)), today)
        for lesson, own in found.items()
    }


def inspect_modules(modules: Sequence[ModulePage]) -> dict[ModulePage, list]:
    """The findings of each module."""
    widths = dict(Picture.objects.filter(pk__in={module.picture_id for module in modules}).values_list("pk", "width"))
    lessons = defaultdict(int)
    for path in LessonPage.objects.live().values_list("path", flat=True):
        lessons[path[: -Page.steplen]] += 1
    return {
        module: checks.module_findings(
            checks.Module(
                texts=(checks.Text("summary", module.summary), checks.Text("outcome", module.outcome)),
                # It is an ornament here, with the module's name beside it: only its size counts.
                pictures=(checks.PictureUse("picture", module.title, widths.get(module.picture_id)),)
                if module.picture_id
                else (),
                lessons=lessons[module.path] if module.locale.language_code == ORIGINAL else None,
            )
        )
        for module in modules
    }


def _load(every: Sequence[Node], voices: set[int | None]) -> _Known:
    chosen = defaultdict(set, {AbstractMediaChooserBlock: voices - {None}})
    links = []
    for node in every:
        for kind in (ImageChooserBlock, AbstractMediaChooserBlock, SnippetChooserBlock):
            if isinstance(node.block, kind) and node.value:
                chosen[kind].add(node.value)
        if isinstance(node.block, blocks.RichTextBlock):
            links += _links(node.value or "")
    figures = {}
    for figure in Figure.objects.all():
        figures[figure.pk] = figures[figure.slug] = figure
    media = Recording.objects.filter(pk__in=chosen[AbstractMediaChooserBlock])
    pages, paths = _published() if links else (set(), set())
    return _Known(
        widths=dict(Picture.objects.filter(pk__in=chosen[ImageChooserBlock]).values_list("pk", "width")),
        recordings={recording.pk: (_size(recording.file), recording.duration or 0) for recording in media},
        not_shown={one.pk for one in media if one.type == MediaType.VIDEO and not _is_shown(one.file.name)},
        figures=figures,
        pages=pages,
        paths=paths,
        documents=set(get_document_model().objects.values_list("pk", flat=True)) if links else set(),
    )


def _size(file) -> int:
    try:
        return file.size
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=1000)
def _is_shown(name: str) -> bool:
    """Whether phones show the video of that name; another never gets it (media_forms.py)."""
    try:
        with default_storage.open(name) as file:
            return bool(video_suffix(file))
    except (UnusableFile, FileNotFoundError):
        return False


def _published() -> tuple[set[int], set[str]]:
    """The ids and the addresses of all published pages."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    root = site.root_page.url_path.rstrip("/") if site else ""
    rows = list(Page.objects.live().values_list("pk", "url_path"))
    return {pk for pk, _ in rows}, {path.removeprefix(root) for _, path in rows}


def _links(html: str) -> list[dict[str, str]]:
    """The attributes of each link in a rich text's stored form."""
    return [dict(_ATTRIBUTE.findall(tag)) for tag in _LINK.findall(html)]


def _lesson(lesson: LessonPage, own: Sequence[Node], known: _Known, page_bytes: int) -> checks.Lesson:
    texts = [checks.Text("goal", lesson.goal)]
    pictures, recordings, figures, links = [], [], [], []
    if lesson.voice_id:
        recordings.append(_voice("voice", lesson.voice_id, known))
    for node in own:
        block, value = node.block, node.value
        if isinstance(block, blocks.RichTextBlock):
            links += [_link(node.place, attributes, known) for attributes in _links(value or "")]
        if _is_prose(node) and value:
            texts.append(checks.Text(node.place, plain(value)))
        figures += _named_figures(node, known)
        if isinstance(block, SnippetChooserBlock) and value:
            figures.append(_figure(node.place, value, "yang dipilih", known))
        elif isinstance(block, AbstractMediaChooserBlock) and value and _stands_alone(node):
            recordings.append(_voice(node.place, value, known))
        elif isinstance(block, blocks.BaseStructBlock):
            pictures += _picture(node, known)
            recordings += _recording(node, known)
    return checks.Lesson(
        texts=tuple(texts),
        pictures=tuple(pictures),
        recordings=tuple(recordings),
        figures=tuple(figures),
        links=tuple(links),
        page_bytes=page_bytes,
    )


def _is_prose(node: Node) -> bool:
    if isinstance(node.block, (blocks.TextBlock, blocks.RichTextBlock)):
        return True
    return isinstance(node.block, blocks.CharBlock) and node.place.rpartition(".")[2] in PROSE_FIELDS


def _figure(place: str, key, name: str, known: _Known, *, is_shown: bool = True) -> checks.FigureUse:
    figure = known.figures.get(key)
    return checks.FigureUse(place, figure.label if figure else name, figure and figure.check_again_by, is_shown)


def _named_figures(node: Node, known: _Known) -> Iterator[checks.FigureUse]:
    """Those that the block's own words name by their ``{slug}``."""
    if isinstance(node.block, TypedTableBlock):
        words = json.dumps(node.value)
    else:
        words = node.value if isinstance(node.block, WRITTEN) else ""
    is_shown = node.place.rpartition(".")[2] not in WITHOUT_FIGURES
    for slug in dict.fromkeys(FIGURE_TOKEN.findall(words or "")):
        if is_shown or slug in known.figures:  # else these are only words
            yield _figure(node.place, slug, slug, known, is_shown=is_shown)


def _picture(node: Node, known: _Known) -> Iterator[checks.PictureUse]:
    """The picture that the struct holds beside its description."""
    fields = node.block.child_blocks
    chosen = (node.value or {}).get("image")
    if isinstance(fields.get("image"), ImageChooserBlock) and chosen:
        yield checks.PictureUse(f"{node.place}.alt_text", node.value.get("alt_text") or "", known.widths.get(chosen))
    elif isinstance(node.block, IllustrationBlock):  # a drawing of ours has every width
        alt = (node.value or {}).get("alt_text") or ""
        yield checks.PictureUse(f"{node.place}.alt_text", alt, checks.MIN_PICTURE_WIDTH)


def _recording(node: Node, known: _Known) -> Iterator[checks.RecordingUse]:
    """The recording that the struct holds beside its transcript."""
    chooser = node.block.child_blocks.get("media")
    chosen = (node.value or {}).get("media")
    if isinstance(chooser, AbstractMediaChooserBlock) and chosen:
        size, seconds = known.recordings.get(chosen, (None, 0))
        transcript = node.value.get("transcript") or ""
        is_video = chooser.media_type == "video"
        yield checks.RecordingUse(
            f"{node.place}.transcript", is_video, transcript, size, seconds, chosen not in known.not_shown
        )


def _stands_alone(node: Node) -> bool:
    """Whether the block is one of the stream's own, not a field within one."""
    return node.place.count(".") == 1


def _voice(place: str, chosen: int, known: _Known) -> checks.RecordingUse:
    """A voice that reads aloud what stands on the page."""
    size, seconds = known.recordings.get(chosen, (None, 0))
    return checks.RecordingUse(place, False, None, size, seconds)


def _link(place: str, attributes: dict[str, str], known: _Known) -> checks.LinkUse:
    address, kind = attributes.get("href", ""), attributes.get("linktype")
    if kind == "page":
        return checks.LinkUse(place, address, int(attributes.get("id", 0)) in known.pages)
    if kind == "document":
        return checks.LinkUse(place, address, int(attributes.get("id", 0)) in known.documents)
    if address.startswith("#"):
        return checks.LinkUse(place, address, address in PLACES_IN_A_LESSON)
    if address.startswith("/") and not address.startswith("//"):
        return checks.LinkUse(place, address, _leads_somewhere(address, known.paths))
    return checks.LinkUse(place, address)


def _leads_somewhere(address: str, paths: set[str]) -> bool:
    """Whether the address on our own site is a published page or one of the product's screens."""
    path = re.split(r"[?#]", address)[0]
    try:
        return path in paths if resolve(path).url_name == "wagtail_serve" else True
    except Resolver404:
        return False
