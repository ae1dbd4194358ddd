"""Loads the lessons that come with the product. All or nothing, as often as one likes, and never over an editor.

What one file says of a module's quiz or badge belongs to other apps: they ``register`` a function for their section.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.models import Locale, Page, Revision, Site
from wagtail.snippets.blocks import SnippetChooserBlock

from .content_files import ContentError, Mapping, Place, Sequence, read
from .figures import Figure
from .html import HtmlTooLong, clean_html
from .models import (
    GUIDE_FIELDS,
    HomePage,
    LessonPage,
    LoadedContent,
    ModuleBusinessType,
    ModuleIndexPage,
    ModulePage,
    ModulePrerequisite,
)

NAMESPACE = uuid.UUID("6f1f6a52-6d0b-5a0e-9a43-0d9f1b1f2026")  # ours alone; it must never change

LoadSection = Callable[["Load", ModulePage, Mapping | Sequence], None]
TellSection = Callable[[ModulePage], dict | None]
_sections: dict[str, LoadSection] = {}
told_sections: dict[str, TellSection] = {}  # those that are no pages, and so are not carried as such


def register(section: str, load: LoadSection, tell: TellSection | None = None) -> None:
    """Lets another app load the top-level ``section`` of each module file, after the module's own lessons. What is not
    kept in pages it also has to ``tell`` when the module is carried to another server."""
    _sections[section] = load
    if tell:
        told_sections[section] = tell


def key_of(*path: str) -> uuid.UUID:
    """The lasting key of a piece of content, such as ``key_of("lesson", "2.1")``; the same on every server."""
    return uuid.uuid5(NAMESPACE, "/".join(path))


@dataclass
class Load:
    """One run, and what it did, by page title. ``code`` is that of the module whose file is read: its page may have
    another address by now."""

    code: str = ""
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    seen: set[uuid.UUID] = field(default_factory=set)
    same: int = 0

    def page(self, parent: Page, page_class: type[Page], key: uuid.UUID, fields: dict, source: Mapping, children=()):
        """Makes or updates one page and publishes it; leaves it where an editor has changed or removed it.

        ``children`` are (relation, model, [field dicts]) for child objects. Returns the page, or None where an editor
        removed it. Raises ContentError where a field is not valid.
        """
        if key in self.seen:
            name = source.get("id") or source.get("code") or fields["title"]
            raise ContentError(source.place, f"«{name}» sudah dipakai di atas.")
        self.seen.add(key)
        written = json.dumps(
            [fields, children], default=lambda it: str(getattr(it, "translation_key", it)), sort_keys=True
        )
        digest = hashlib.sha256(written.encode()).hexdigest()
        loaded = LoadedContent.objects.filter(pk=key).first()
        page = page_class.objects.original().filter(translation_key=key).first()
        if page is None and loaded:
            self.kept.append(f"{fields['title']} (dihapus penyunting)")
            return None
        if page is not None:
            if loaded is None or page.latest_revision_id != loaded.revision_id or not page.live:
                self.kept.append(page.title)
                return page
            if loaded.digest == digest:
                self.same += 1
                return page
        page = page or page_class(translation_key=key, locale=Locale.get_default())
        if "slug" in fields:
            fields = fields | {"slug": self._free_slug(page, parent, fields["slug"])}
        revision = self.publish(page, parent, fields, source, children)
        LoadedContent.objects.update_or_create(pk=key, defaults={"revision_id": revision.pk, "digest": digest})
        return page

    def publish(self, page: Page, parent: Page, fields: dict, source: Mapping, children=()) -> Revision:
        """Gives the page its fields and children and publishes it, below ``parent`` where it is new. Raises
        ContentError where a field is not valid."""
        is_new = page.pk is None
        for name, value in fields.items():
            longest = getattr(page._meta.get_field(name), "max_length", None)
            if longest and isinstance(value, str) and len(value) > longest:
                raise ContentError(
                    source.places.get(name, source.place), f"«{name}» lebih panjang dari {longest} huruf."
                )
            setattr(page, name, value)
        for relation, model, rows in children:
            setattr(page, relation, [model(sort_order=number, **row) for number, row in enumerate(rows)])
        self._save(page, parent if is_new else None, source)
        revision = page.save_revision()
        revision.publish()
        (self.created if is_new else self.updated).append(page.title)
        return revision

    def _free_slug(self, page: Page, parent: Page, slug: str) -> str:
        """``slug``, with a number where a page that an editor has made bears it already."""
        siblings = (page.get_parent() if page.pk else parent).get_children().exclude(pk=page.pk)
        taken = set(siblings.exclude(translation_key__in=self.seen).values_list("slug", flat=True))
        return next(one for one in chain([slug], (f"{slug}-{number}" for number in count(2))) if one not in taken)

    def _save(self, page: Page, new_parent: Page | None, source: Mapping) -> None:
        try:
            if new_parent:
                new_parent.add_child(instance=page)
            else:
                page.full_clean()
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise ContentError(source.places.get(name, source.place), f"«{name}»: {messages[0]}") from None


@transaction.atomic
def load(folder: Path) -> Load:
    """Loads figures and modules from ``folder``. Raises ContentError for the first mistake; then nothing changed."""
    run = Load()
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ContentError(Place(folder.name), "tidak ada berkas materi.")
    files = {path.name: read(path) for path in paths}
    figures = files.pop("figures.yaml", Sequence([], Place(folder.name), []))
    if isinstance(figures, Mapping):
        raise ContentError(figures.place, "di sini seharusnya daftar angka.")
    hold_pages()
    load_figures(figures)
    index = site_tree()
    for file in files.values():
        if not isinstance(file, Mapping):
            raise ContentError(file.place, "berkas modul dimulai dengan «module:».")
        file.only({"module", "lessons"} | _sections.keys())
    for file in sorted(files.values(), key=lambda file: file.take("module", Mapping).take("order", int)):
        _load_module(run, index, file)
    return run


def hold_pages() -> None:
    """Until the transaction ends editors wait who save, publish or move: a page that was read before it moved, and is
    written afterwards, goes back to a place that no page above it counts. Revisions first, as an editor's form writes
    them; pages so that nobody holds one of them and waits for the rest. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Revision._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(f"LOCK TABLE {Page._meta.db_table} IN EXCLUSIVE MODE")


def site_tree() -> ModuleIndexPage:
    """The module index; made with the front page where the tree is still empty."""
    index = ModuleIndexPage.objects.first()
    if index:
        return index
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).first()
    welcome = site.root_page if site else None
    home = root.add_child(
        instance=HomePage(
            title="Belajar PENA",
            slug="beranda",
            introduction="Belajar usaha dari rumah, pelan-pelan, langsung dipraktikkan.",
        )
    )
    home.save_revision().publish()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "Belajar PENA"}
    )
    if welcome:
        welcome.delete()
    index = home.add_child(instance=ModuleIndexPage(title="Modul", slug="modul"))
    index.save_revision().publish()
    return index


FIGURE_FIELDS = {"label", "value", "year", "source", "checked_on", "check_again_by", "checker"}


def load_figures(rows: Sequence, *, newer_wins: bool = False) -> None:
    """Makes the figures that are not there yet. One that is there is its checker's, and stays as it is; or, where
    ``newer_wins``, gives way to one that was checked later. Raises ContentError."""
    known = {figure.slug: figure for figure in Figure.objects.all()}
    for row, place in zip(rows, rows.places, strict=True):
        if not isinstance(row, Mapping):
            raise ContentError(place, "tiap angka adalah daftar «kunci: isi».")
        row.only(FIGURE_FIELDS | {"slug"})
        fields = {name: row.take(name, object) for name in FIGURE_FIELDS}
        row.take("checked_on", date), row.take("check_again_by", date)
        figure = known.get(row.take("slug")) or Figure(slug=row["slug"])
        if figure.pk and not (newer_wins and fields["checked_on"] > figure.checked_on):
            continue
        for name, value in fields.items():
            setattr(figure, name, value)
        try:
            figure.full_clean()
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise ContentError(row.places.get(name, place), f"«{name}»: {messages[0]}") from None
        figure.save()


MODULE_KEYS = {
    "code", "order", "title", "summary", "outcome", "pictogram", "audience", "level", "topic",
    "business_types", "prerequisites", "practice_needed", "companion_guide",
}  # fmt: skip
LESSON_KEYS = {"id", "slug", "title", "goal", "minutes", "body", "practice"}


def _load_module(run: Load, index: ModuleIndexPage, file: Mapping) -> None:
    source = file.take("module", Mapping)
    source.only(MODULE_KEYS)
    code, audience = source.take("code"), _chosen(source, "audience", ["learner", "companion"])
    fields = (
        {name: source.take(name) for name in ("title", "summary", "outcome", "pictogram", "level")}
        | {
            "slug": code,
            "topic": source.take("topic", str, ""),
            "for_learners": "learner" in audience,
            "for_companions": "companion" in audience,
            "practice_needed": source.take("practice_needed", str, ModulePage.PracticeNeeded.NONE),
        }
        | _guide(source.take("companion_guide", Mapping, Mapping({}, source.place)))
    )
    required = [_module(source, other) for other in _chosen(source, "prerequisites", None)]
    prerequisites = [{"module": other} for other in required if other]
    children = [
        (
            "business_types",
            ModuleBusinessType,
            [{"code": kind} for kind in _chosen(source, "business_types", list(dict(settings.BUSINESS_TYPES)))],
        ),
        ("prerequisites", ModulePrerequisite, prerequisites),
    ]
    module = run.page(index, ModulePage, key_of("module", code), fields, source, children)
    if module is None:
        return
    lessons = file.take("lessons", list)
    for lesson, place in zip(lessons, lessons.places, strict=True):
        _load_lesson(run, module, _as(Mapping, lesson, place))
    run.code = code
    load_sections(run, module, file)


def load_sections(run: Load, module: ModulePage, file: Mapping) -> None:
    """What the file says of other apps' things. Raises ContentError."""
    for section, load_section in _sections.items():
        if section in file:
            load_section(run, module, _as(Mapping, file[section], file.places[section]))


def _guide(source: Mapping) -> dict[str, str]:
    """The companions' material, by field: one line a point."""
    source.only(GUIDE_FIELDS.keys())
    return {field: "\n".join(_chosen(source, part, None)) for part, (field, _) in GUIDE_FIELDS.items()}


def _chosen(source: Mapping, name: str, among: list[str] | None) -> list[str]:
    """A list of different texts, each one of ``among`` where that is given. Raises ContentError."""
    values = source.take(name, list, [])
    for value in values:
        if not isinstance(value, str) or (among is not None and value not in among):
            raise ContentError(source.places[name], f"«{name}» berisi yang tidak dikenal: {value}.")
    for value in values:
        if values.count(value) > 1:
            raise ContentError(source.places[name], f"«{name}» berisi {value} dua kali.")
    return values


def _module(source: Mapping, code: str) -> ModulePage | None:
    """The module of that code; None where an editor has removed it."""
    module = ModulePage.objects.original().filter(translation_key=key_of("module", str(code))).first()
    if module is None and not LoadedContent.objects.filter(pk=key_of("module", str(code))).exists():
        raise ContentError(source.places["prerequisites"], f"modul «{code}» belum ada sebelum modul ini.")
    return module


def _load_lesson(run: Load, module: ModulePage, source: Mapping) -> None:
    source.only(LESSON_KEYS)
    id = source.take("id")
    practice = source.take("practice", Mapping)
    task = Sequence([Mapping({"task": practice}, practice.place)], practice.place, [practice.place])
    fields = {
        "title": source.take("title"),
        "slug": source.take("slug"),
        "goal": source.take("goal"),
        "minutes": source.take("minutes", int),
        "body": json.dumps(stream_data(LessonPage.body.field, source.take("body", Sequence), f"lesson/{id}/body")),
        "practice": json.dumps(stream_data(LessonPage.practice.field, task, f"lesson/{id}/practice")),
    }
    run.page(module, LessonPage, key_of("lesson", id), fields, source)


def stream_data(stream_field, items: Sequence, path: str) -> list[dict]:
    """A StreamField's stored form from a list of ``{block type: value}``, checked by the blocks' own rules.

    Ids come from ``path`` and position, so that loading the same file again gives the same ids. Raises ContentError.
    """
    block = stream_field.stream_block
    if not items:
        raise ContentError(items.place, f"«{stream_field.name}» masih kosong.")
    data = _raw(block, items, items.place, path)
    value = block.to_python(data)
    for number, child in enumerate(value):
        check_block(child.block, child.value, items.places[number])
    return data


def check_block(block: blocks.Block, value, place: Place) -> None:
    """Raises ContentError at ``place`` with the first thing that the block's own rules say of ``value``."""
    try:
        block.clean(value)
    except ValidationError as error:
        raise ContentError(place, first_message(error)) from None


def first_message(error: ValidationError) -> str:
    """The innermost message of a block's nested validation error."""
    nested = getattr(error, "block_errors", None)
    if nested:
        nested = list(nested.values()) if isinstance(nested, dict) else nested
        return first_message(next(child for child in nested if child))
    if getattr(error, "cell_errors", None):
        return first_message(next(iter(next(iter(error.cell_errors.values())).values())))
    non_block = getattr(error, "non_block_errors", None)
    return non_block[0] if non_block else error.messages[0]


def _raw(block: blocks.Block, value, place: Place, path: str):
    """``value`` from a content file in the stored form of ``block``. Raises ContentError."""
    if isinstance(block, blocks.BaseStreamBlock):
        return _raw_stream(block, _as(Sequence, value, place), path)
    if isinstance(block, blocks.ListBlock):
        items = _as(Sequence, value, place)
        return [
            {
                "type": "item",
                "id": str(key_of(path, str(number))),
                "value": _raw(block.child_block, item, items.places[number], f"{path}/{number}"),
            }
            for number, item in enumerate(items)
        ]
    if isinstance(block, TypedTableBlock):
        return _raw_table(_as(Mapping, value, place))
    if isinstance(block, blocks.BaseStructBlock):
        if isinstance(value, str):  # a step that is only words
            value = Mapping({"text": value}, place)
        fields = _as(Mapping, value, place)
        fields.only(block.child_blocks.keys())
        return {
            name: _raw(block.child_blocks[name], item, fields.places[name], f"{path}/{name}")
            for name, item in fields.items()
        }
    if isinstance(block, SnippetChooserBlock):
        figure = Figure.objects.filter(slug=value).first()
        if figure is None:
            raise ContentError(place, f"angka «{value}» belum ada di figures.yaml.")
        return figure.pk
    if isinstance(block, blocks.RichTextBlock):
        try:
            return clean_html(_as(str, value, place))
        except HtmlTooLong as error:
            raise ContentError(place, str(error)) from None
    if isinstance(block, blocks.BooleanBlock):
        return _as(bool, value, place)
    if isinstance(block, blocks.MultipleChoiceBlock):
        return list(_as(Sequence, value, place))
    return _as(str, value, place)


def _raw_stream(block: blocks.BaseStreamBlock, items: Sequence, path: str) -> list[dict]:
    data = []
    for number, item in enumerate(items):
        fields = _as(Mapping, item, items.places[number])
        if len(fields) != 1:
            raise ContentError(items.places[number], "tulis satu blok saja, misalnya «tip: …».")
        ((name, value),) = fields.items()
        if name not in block.child_blocks:
            raise ContentError(items.places[number], f"blok «{name}» tidak dikenal.")
        child_path = f"{path}/{number}"
        raw = _raw(block.child_blocks[name], value, fields.places[name], child_path)
        data.append({"type": name, "value": raw, "id": str(key_of(child_path))})
    return data


def _raw_table(table: Mapping) -> dict:
    table.only({"caption", "columns", "rows"})
    columns, rows = table.take("columns", Sequence), table.take("rows", Sequence)
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(columns):
            raise ContentError(rows.places[number], f"baris ini harus punya {len(columns)} kolom.")
    return {
        "columns": [{"type": "text", "heading": heading} for heading in columns],
        "rows": [{"values": [str(cell) for cell in row]} for row in rows],
        "caption": table.take("caption", str, ""),
    }


def _as(kind: type, value, place: Place):
    if not isinstance(value, kind):
        wanted = {str: "teks", bool: "true atau false", Sequence: "daftar", Mapping: "daftar «kunci: isi»"}[kind]
        raise ContentError(place, f"di sini seharusnya {wanted}.")
    return value
