"""Carries one module between servers as one file: a zip of ``modul.json`` and the files that its pages use.

What has another number on every server is told by what lasts: a page by its translation_key, so that all that learners
did still points at it; a picture or a recording by its name in ``carried.py``; a figure by its slug. A page is written
where it differs from how it would be told now, and then it is a new revision: the same file twice changes nothing.
"""

import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import escape
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Locale, Orderable, Page, ReferenceIndex
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import AbstractMediaChooserBlock
from wagtailmedia.models import MediaType

from . import carried
from .content_files import MAX_BYTES, ContentError, Mapping, Part, Sequence, placed
from .figures import Figure
from .html import FIGURE_TOKEN, HtmlTooLong, clean_html
from .loader import (
    FIGURE_FIELDS,
    Load,
    check_block,
    hold_pages,
    load_figures,
    load_sections,
    site_tree,
    told_sections,
)
from .media_forms import LIMITS, MAX_VIDEO
from .models import LessonPage, ModulePage
from .picture_intake import UnusablePicture, take_in
from .recordings import UnusableFile, voice_from
from .renditions import make_sizes

FORMAT, VERSION = "belajar-pena/modul", 1
TEXT = "modul.json"
MAX_PARTS = 500
VIDEOS = {".mp4", ".webm", ".ogv", ".mov"}
COMMON_FIELDS = ("title", "slug", "seo_title", "search_description")
MOMENT = (1980, 1, 1, 0, 0, 0)  # of every part of a zip, so that the same module gives the same file
PAGE_LINK = re.compile(r'<a (?=[^>]*\blinktype="page")[^>]*?\bid="(\d+)"[^>]*>')
ID = re.compile(r"[0-9A-Za-z-]{1,36}")
FILE_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,5}")

NOT_OURS = "berkas ini bukan modul dari Belajar PENA."
UNREADABLE = "berkas ini tidak bisa dibaca ({})."
BROKEN = "berkas ini rusak atau terpotong. Ambil lagi dari server asalnya."
TOO_MUCH = "isi berkas ini terlalu besar."
OTHER_VERSION = "berkas ini dari versi lain ({}). Samakan dulu versi kedua server."
WRONG_SHAPE = "isinya tidak sesuai bentuknya."


# --- What a page is, in words that every server understands --------------------------------------------------------


def page_fields(page_class: type[Page]) -> list[models.Field]:
    """The fields that are carried."""
    own = [field for field in page_class._meta.local_fields if not field.primary_key]
    return [*(page_class._meta.get_field(name) for name in COMMON_FIELDS), *own]


def child_fields(page_class: type[Page]) -> dict[str, tuple[type[models.Model], list[models.Field]]]:
    """By the name of each list of child objects that an editor keeps: its model and the fields that are carried."""
    return {
        relation.get_accessor_name(): (
            relation.related_model,
            [
                field
                for field in relation.related_model._meta.local_fields
                if not field.primary_key and field.name not in ("sort_order", relation.field.name)
            ],
        )
        for relation in get_all_child_relations(page_class)
        if issubclass(relation.related_model, Orderable)
    }


def mapped(block: blocks.Block, value, swap: Callable[[blocks.Block, object], object]):
    """A block's stored form with ``swap(block, value)`` in the place of each value that holds no other block. Raises
    KeyError, TypeError, ValueError and AttributeError where it is no such form."""
    if isinstance(block, blocks.BaseStreamBlock):
        return [
            {"type": one["type"], "id": _id(one), "value": mapped(block.child_blocks[one["type"]], one["value"], swap)}
            for one in value
        ]
    if isinstance(block, blocks.ListBlock):
        return [
            {"type": "item", "id": _id(one), "value": mapped(block.child_block, one["value"], swap)} for one in value
        ]
    if isinstance(block, blocks.BaseStructBlock):
        if value.keys() - block.child_blocks.keys():
            raise KeyError
        return {name: mapped(child, value.get(name), swap) for name, child in block.child_blocks.items()}
    return swap(block, value)


def _id(child: dict) -> str:
    if not ID.fullmatch(child["id"]):
        raise ValueError
    return child["id"]


# --- Out -----------------------------------------------------------------------------------------------------------


@dataclass
class Telling:
    """Tells pages, and remembers the files that they use. Raises ContentError where one of them is gone."""

    files: dict[str, models.Model] = field(default_factory=dict)
    figures: set[str] = field(default_factory=set)

    def page(self, page: Page) -> dict:
        """Everything that is carried of a page, as JSON takes it."""
        self.title = page.title
        return {
            "type": page._meta.label,
            "key": str(page.translation_key),
            "fields": {field.name: self._field(field, page) for field in page_fields(type(page))},
            "children": {
                name: [{field.name: self._field(field, row) for field in fields} for row in getattr(page, name).all()]
                for name, (_, fields) in child_fields(type(page)).items()
            },
        }

    def _field(self, field: models.Field, owner: models.Model):
        if isinstance(field, StreamField):
            block = field.stream_block
            return mapped(block, block.get_prep_value(getattr(owner, field.name)), self._leaf)
        value = getattr(owner, field.name)
        if value is not None and isinstance(field, models.ForeignKey):
            return str(value.translation_key) if isinstance(value, Page) else self._file(value)
        return value

    def _leaf(self, block: blocks.Block, value):
        if value is None:
            return None
        if isinstance(block, ImageChooserBlock):
            return self._file(carried.Picture.objects.filter(pk=value).first())
        if isinstance(block, AbstractMediaChooserBlock):
            return self._file(carried.Recording.objects.filter(pk=value).first())
        if isinstance(block, SnippetChooserBlock):
            slug = Figure.objects.filter(pk=value).values_list("slug", flat=True).first()
            self.figures.add(slug)
            return slug
        if isinstance(block, blocks.PageChooserBlock):
            # What is not published is not carried, and nobody is led to it.
            key = Page.objects.live().filter(pk=value).values_list("translation_key", flat=True).first()
            return str(key) if key else None
        if isinstance(block, blocks.RichTextBlock):
            try:
                return clean_html(PAGE_LINK.sub(_as_address, value))
            except HtmlTooLong as error:
                raise ContentError(Part(self.title), str(error)) from None
        return str(value) if isinstance(value, Decimal) else value

    def _file(self, owner: models.Model | None) -> str:
        try:
            name = carried.name_of(owner)
        except (KeyError, FileNotFoundError):  # nobody's, for its row is gone; or its file is
            raise ContentError(Part(self.title), "ada gambar atau rekaman yang sudah hilang.") from None
        self.files[name] = owner
        return name


def _as_address(link: re.Match) -> str:
    """A link to one of our pages by its address: numbers differ, and the page may come later."""
    page = Page.objects.filter(pk=link[1]).first()
    return f'<a href="{escape(page.url)}">' if page and page.url else "<a>"


def pages_of(module: ModulePage) -> list[Page]:
    """What is published of a module, each page after those that it may name."""
    pages = [page.specific for page in module.get_children().live()]
    return [module, *sorted(pages, key=lambda page: not isinstance(page, LessonPage))]


def export_module(slug: str, path: Path) -> int:
    """Writes the module, as it is published, to ``path``, and returns how many pages it has. Raises ContentError."""
    module = ModulePage.objects.original().live().filter(slug=slug).first()
    if module is None:
        raise ContentError(Part(slug), "modul ini tidak ada atau belum terbit.")
    telling = Telling()
    pages = [telling.page(page) for page in pages_of(module)]
    telling.figures |= set(FIGURE_TOKEN.findall(json.dumps(pages)))
    content = {
        "format": FORMAT,
        "version": VERSION,
        "pages": pages,
        "figures": [
            {"slug": figure.slug} | {name: getattr(figure, name) for name in sorted(FIGURE_FIELDS)}
            for figure in Figure.objects.filter(slug__in=telling.figures).order_by("slug")
        ],
        "files": {name: carried.told(owner) for name, owner in sorted(telling.files.items())},
    } | {section: told for section, tell in told_sections.items() if (told := tell(module))}
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.sebagian")  # another may be writing the same file
    try:
        with zipfile.ZipFile(unfinished, "w") as file:
            text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
            file.writestr(zipfile.ZipInfo(TEXT, MOMENT), text, zipfile.ZIP_DEFLATED)
            for name, owner in sorted(telling.files.items()):
                with owner.file.open() as data:
                    file.writestr(zipfile.ZipInfo(name, MOMENT), data.read())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return len(pages)


# --- In ------------------------------------------------------------------------------------------------------------


def import_module(path: Path) -> Load:
    """Makes or updates the module of the file, and publishes it. Raises ContentError; then nothing has changed."""
    arrived: list[carried.Picture | carried.Recording] = []
    try:
        with _opened(path) as file:
            taking = _Taking(file, path.name, arrived)
            taking.files()  # before the transaction: while voices and sizes are made, others write
            with transaction.atomic():
                hold_pages()
                return taking.module()
    except BaseException:  # a full disk, or Ctrl+C
        _take_back(arrived)
        raise


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise ContentError(Part(path.name), BROKEN) from None
    except OSError as problem:
        raise ContentError(Part(path.name), UNREADABLE.format(problem.strerror)) from None


@transaction.atomic
def _take_back(arrived: list[carried.Picture | carried.Recording]) -> None:
    """What another import has used meanwhile stays; whoever is about to publish it is waited for."""
    hold_pages()
    for owner in arrived:
        if not ReferenceIndex.get_references_to(owner).exists():
            carried.CarriedFile.objects.filter(stored_as=owner.file.name).delete()
            owner.delete()  # and its files, those of its sizes too


def _read(file: zipfile.ZipFile, name: str) -> bytes:
    """Raises ContentError where the part is damaged, locked, or larger than it may be."""
    if file.getinfo(name).file_size > (MAX_BYTES if name == TEXT else MAX_VIDEO):
        raise ContentError(Part(name), TOO_MUCH)
    try:
        return file.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):  # Runtime: it wants a password
        raise ContentError(Part(name), BROKEN) from None


def _content(file: zipfile.ZipFile, name: str) -> Mapping:
    """What ``modul.json`` says, once the file as a whole is what it should be. Raises ContentError."""
    place = Part(name)
    names = file.namelist()
    if TEXT not in names:
        raise ContentError(place, NOT_OURS)
    if len(names) > MAX_PARTS:
        raise ContentError(place, TOO_MUCH)
    try:
        content = placed(json.loads(_read(file, TEXT)), Part(TEXT))
    except (ValueError, RecursionError):
        raise ContentError(place, BROKEN) from None
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise ContentError(place, NOT_OURS)
    if content.get("version") != VERSION:
        raise ContentError(place, OTHER_VERSION.format(content.get("version")))
    content.only({"format", "version", "pages", "figures", "files"} | told_sections.keys())
    if sorted(names) != sorted([TEXT, *content.take("files", Mapping)]):
        raise ContentError(place, "berkas yang ada di dalamnya tidak sama dengan daftarnya.")
    return content


def arrive(name: str, kind: str, fields: dict, data: bytes) -> carried.Picture | carried.Recording:
    """Keeps a carried file as an editor's own would be. Raises UnusablePicture, UnusableFile, ValidationError, and
    ValueError where it is no video."""
    if kind == "picture":
        owner = take_in(data, name, **fields)
    elif fields["type"] == MediaType.AUDIO:
        voice = voice_from(SimpleUploadedFile(name, data), LIMITS, twin=True)
        stem = Path(name).stem
        files = {"file": ContentFile(voice.opus, f"{stem}.webm"), "twin": ContentFile(voice.aac, f"{stem}.m4a")}
        owner = carried.Recording(**fields | files | {"duration": voice.seconds})
    elif Path(name).suffix in VIDEOS:
        owner = carried.Recording(**fields, file=ContentFile(data, name))
    else:
        raise ValueError(name)
    if kind == "recording":
        owner.full_clean()
        owner.save()
    stored = {"kind": kind, "stored_as": owner.file.name}
    carried.CarriedFile.objects.update_or_create(name=name, defaults=stored)
    return owner


class _Taking:
    """One file on its way in. ``arrived`` grows by what was put into the storage."""

    def __init__(self, file: zipfile.ZipFile, name: str, arrived: list[models.Model]):
        self.file, self.arrived, self.run = file, arrived, Load()
        self.content = _content(file, name)

    def files(self) -> None:
        """Keeps what the pages use and is not here yet, each picture in all its sizes."""
        used = set(FILE_NAME.findall(json.dumps(self.content.take("pages", Sequence))))
        for name in sorted(used & self.content["files"].keys()):
            self._owner(name, self.content["pages"].place)

    def module(self) -> Load:
        rows = self.content.take("pages", Sequence)
        pages = [self._of_shape(row, place) for row, place in zip(rows, rows.places, strict=True)]
        if not pages or pages[0]["type"] != ModulePage._meta.label:
            raise ContentError(rows.place, NOT_OURS)
        load_figures(self._figures(), newer_wins=True)
        module = self._page(pages[0], site_tree(), [ModulePage])
        children = [self._page(page, module, module.allowed_subpage_models()) for page in pages[1:]]
        _put_in_order(module, [page.pk for page in children if isinstance(page, LessonPage)])
        load_sections(self.run, module, self.content)
        return self.run

    def _of_shape(self, row, place: Part) -> Mapping:
        if not isinstance(row, Mapping):
            raise ContentError(place, WRONG_SHAPE)
        row.only({"type", "key", "fields", "children"})
        row.take("type"), row.take("key"), row.take("fields", Mapping), row.take("children", Mapping)
        return row

    def _figures(self) -> Sequence:
        figures = self.content.take("figures", Sequence)
        for figure in figures:
            for name in ("checked_on", "check_again_by"):
                if isinstance(figure, Mapping) and isinstance(figure.get(name), str):
                    try:
                        figure[name] = date.fromisoformat(figure[name])
                    except ValueError:
                        raise ContentError(figure.places[name], "tanggal ini tidak ada.") from None
        return figures

    def _page(self, source: Mapping, parent: Page, allowed: list[type[Page]]) -> Page:
        page_class = {model._meta.label: model for model in allowed}.get(source["type"])
        if page_class is None:
            raise ContentError(source.places["type"], "jenis halaman ini tidak dikenal di sini.")
        key = self._key(source["key"], source.places["key"])
        page = page_class.objects.original().filter(translation_key=key).first()
        if page and page.live and _tells(page) == source:
            self.run.same += 1
            return page
        if page and page.get_parent().pk != parent.pk:
            raise ContentError(source.place, f"«{page.title}» ada di modul lain di sini.")
        if page and page.has_unpublished_changes:
            self.run.kept.append(page.get_latest_revision_as_object().title)
        page = page or page_class(translation_key=key, locale=Locale.get_default())
        _clear_schedule(page)
        fields = self._fields(source["fields"], page_fields(page_class))
        known = child_fields(page_class)
        source["children"].only(known.keys())
        children = [
            (name, model, self._rows(source["children"].take(name, Sequence), model, told))
            for name, (model, told) in known.items()
        ]
        self.run.publish(page, parent, fields, source["fields"], children)
        return page

    def _fields(self, source: Mapping, known: list[models.Field]) -> dict:
        if not isinstance(source, Mapping):
            raise ContentError(self.content.places["pages"], WRONG_SHAPE)
        source.only({field.name for field in known})
        return {field.name: self._field(field, source.take(field.name, object), source) for field in known}

    def _rows(self, rows: Sequence, model: type[models.Model], known: list[models.Field]) -> list[dict]:
        """The child objects of a page, each once, checked by their fields' own rules."""
        found = [self._fields(row, known) for row in rows]
        others = [field.name for field in model._meta.fields if field not in known]
        try:
            for row in found:
                model(**row).clean_fields(exclude=others)
        except ValidationError:
            raise ContentError(rows.place, WRONG_SHAPE) from None
        if any(row in found[:number] for number, row in enumerate(found)):
            raise ContentError(rows.place, "ada yang ditulis dua kali.")
        return found

    def _field(self, field: models.Field, value, source: Mapping):
        place = source.places[field.name]
        if isinstance(field, StreamField):
            return json.dumps(self._stream(field.stream_block, value, place))
        if isinstance(value, dict | list):
            raise ContentError(place, WRONG_SHAPE)
        if value is not None and isinstance(field, models.ForeignKey):
            is_page = issubclass(field.related_model, Page)
            return self._other_page(field.related_model, value, place) if is_page else self._owner(value, place)
        return value

    def _stream(self, block: blocks.BaseStreamBlock, value, place: Part) -> list[dict]:
        """The stream in its stored form, checked by the blocks' own rules."""
        if not isinstance(value, Sequence):
            raise ContentError(place, WRONG_SHAPE)
        try:
            stored = mapped(block, value, lambda leaf, told: self._leaf(leaf, told, place))
            for child, at in zip(block.to_python(stored), value.places, strict=True):
                check_block(child.block, child.value, at)
        except HtmlTooLong as error:
            raise ContentError(place, str(error)) from None
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            raise ContentError(place, WRONG_SHAPE) from None
        return stored

    def _leaf(self, block: blocks.Block, value, place: Part):
        if value is None:
            return None
        if isinstance(block, TypedTableBlock):
            return value
        if isinstance(block, blocks.MultipleChoiceBlock):
            return [str(one) for one in value]
        if isinstance(value, dict | list):
            raise TypeError
        if isinstance(block, ImageChooserBlock | AbstractMediaChooserBlock):
            return self._owner(value, place).pk
        if isinstance(block, SnippetChooserBlock):
            return Figure.objects.filter(slug=value).values_list("pk", flat=True).first()
        if isinstance(block, blocks.PageChooserBlock):
            return self._other_page(block.target_model, value, place).pk
        if isinstance(block, blocks.RichTextBlock):
            return clean_html(value)
        return value

    def _key(self, text, place: Part) -> UUID:
        try:
            return UUID(text)
        except (ValueError, TypeError, AttributeError):
            raise ContentError(place, WRONG_SHAPE) from None

    def _other_page(self, page_class: type[Page], key: str, place: Part) -> Page:
        page = page_class.objects.filter(translation_key=self._key(key, place), locale=Locale.get_default()).first()
        if page is None:
            raise ContentError(place, "ini menunjuk modul atau pelajaran yang belum ada di sini. Impor itu dulu.")
        return page

    def _owner(self, name, place: Part) -> models.Model:
        """The picture or recording of that name, kept now where it is not here yet."""
        told = self.content["files"].get(name) if isinstance(name, str) and FILE_NAME.fullmatch(name) else None
        if not isinstance(told, Mapping) or told.get("kind") not in carried.KINDS:
            raise ContentError(place, "gambar atau rekaman ini tidak ada di dalam berkas.")
        if owner := carried.owner_of(name):
            return owner
        kind = told["kind"]
        fields = {field: told.get(field) for field in carried.KINDS[kind].fields}
        try:
            owner = arrive(name, kind, fields, _read(self.file, name))
        except (UnusablePicture, UnusableFile) as problem:
            raise ContentError(told.place, str(problem)) from None
        except (ValidationError, ValueError, TypeError):
            raise ContentError(told.place, "rekaman ini tidak bisa dipakai.") from None
        self.arrived.append(owner)
        if isinstance(owner, carried.Picture):
            make_sizes(owner)
        return owner


def _tells(page: Page) -> dict | None:
    """As the page would be told now; None where it cannot, for something that it uses is gone."""
    try:
        return Telling().page(page)
    except ContentError:
        return None


def _clear_schedule(page: Page) -> None:
    """An hour that was set here would hold the page back, or has taken it down and would do so again."""
    page.go_live_at = None
    if page.expire_at and page.expire_at <= timezone.now():
        page.expire_at = None


def _put_in_order(module: ModulePage, wanted: list[int]) -> None:
    """Brings the lessons into the order of the file; those that it does not have stay before them."""
    lessons = LessonPage.objects.child_of(module).filter(pk__in=wanted).order_by("path")
    if [lesson.pk for lesson in lessons] != wanted:
        for pk in wanted:
            LessonPage.objects.get(pk=pk).move(ModulePage.objects.get(pk=module.pk), pos="last-child")
