"""What is wrong with a page in another language as such. It is read under its original's address, and nowhere else; its
original may be gone, or say something else by now. Nothing is stored for it: Wagtail's log and revisions tell."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.snippets.blocks import SnippetChooserBlock

from .checks import Change, Finding, translation_findings
from .html import MAX_HTML_LENGTH, plain_text
from .inspection import WRITTEN, Node, fill, stream_nodes
from .languages import ORIGINAL
from .models import LessonPage, ModulePage

# Of a quiz nothing is: it asks in Indonesian, whatever its translation says.
LEARNERS_WORDS = {LessonPage: ("title", "goal", "body", "practice"), ModulePage: ("title", "summary", "outcome")}
PUBLISHED, BEGUN = ("wagtail.publish", "wagtail.publish.scheduled"), "wagtail.copy_for_translation"


def inspect_translations(pages: Iterable[Page]) -> dict[Page, list[Finding]]:
    """The findings of those pages that are in another language."""
    translations = [page for page in pages if page.locale.language_code != ORIGINAL]
    if not translations:
        return {}
    originals = Page.objects.filter(
        locale__language_code=ORIGINAL, translation_key__in={page.translation_key for page in translations}
    )
    by_key = {original.translation_key: original for original in originals}
    told = {page: by_key.get(page.translation_key) for page in translations}
    changed = _changes({page: original for page, original in told.items() if original})
    return {
        page: translation_findings(
            has_original=bool(original),
            change=changed.get(page),
            waits_for_original=bool(original and page.live and not original.live),
        )
        for page, original in told.items()
    }


def _changes(originals: Mapping[Page, Page]) -> dict[Page, Change]:
    """Of those translations whose original was published with other words since, by translation."""
    originals = {
        page: original
        for page, original in originals.items()
        if type(page) in LEARNERS_WORDS and not page.alias_of_id  # an alias says what its original says
    }
    compared = _compared_with(originals) if originals else {}
    revisions = Revision.objects.in_bulk(set(compared.values()) - {None})
    today = {}
    for page_class in {type(page) for page in compared}:
        today |= page_class.objects.in_bulk(originals[page].pk for page in compared if type(page) is page_class)
    found = {}
    for page, revision in compared.items():
        original, address = today[originals[page].pk], ""
        if revision in revisions:
            before = copy(original)
            fill(before, revisions[revision].content)
            if _learners_words(before) == _learners_words(original):
                continue
            address = reverse("wagtailadmin_pages:revisions_compare", args=[original.pk, revision, "live"])
        day = date_format(timezone.localtime(original.last_published_at), "j F Y")
        found[page] = Change(day, address)
    return found


def _compared_with(originals: Mapping[Page, Page]) -> dict[Page, int | None]:
    """Of those translations whose original was published since: the revision of it that each was last compared with,
    which was when it was published, else when it was begun. None where that is not known any more."""
    begun, published = {}, defaultdict(list)
    told = PageLogEntry.objects.filter(page__in=[*originals, *originals.values()], action__in=[*PUBLISHED, BEGUN])
    told = told.order_by("timestamp", "pk").values_list("page", "action", "timestamp", "revision")
    for page_id, action, at, revision in told:
        if action == BEGUN:
            begun[page_id] = at
        else:
            published[page_id].append((at, revision))
    compared = {}
    for page, original in originals.items():
        times = [at for at, _ in published[page.pk]]
        # A draft bears the time that was known when it was saved; an older one may have been published since.
        since = times[-1] if times else page.last_published_at or begun.get(page.pk)
        if original.live and since and original.last_published_at and original.last_published_at > since:
            before = [revision for at, revision in published[original.pk] if at <= since]
            compared[page] = before[-1] if before else _draft(original, since)
    return compared


def _draft(page: Page, since: datetime) -> int | None:
    """The draft that was translated before anything of the page was published."""
    return page.revisions.filter(created_at__lte=since).order_by("-created_at").values_list("pk", flat=True).first()


def _learners_words(page: Page) -> list[str]:
    """What a learner reads on the page, piece by piece; not how it is laid out."""
    said = []
    for name in LEARNERS_WORDS[type(page)]:
        if isinstance(page._meta.get_field(name), StreamField):
            said += [_written(node) for node in stream_nodes(page, name)]
        else:
            said.append(getattr(page, name))
    return [" ".join(text.split()) for text in said if text]


def _written(node: Node) -> str:
    if isinstance(node.block, TypedTableBlock):
        return json.dumps(node.value)
    if isinstance(node.block, blocks.RichTextBlock):
        return plain_text((node.value or "")[:MAX_HTML_LENGTH])
    return str(node.value or "") if isinstance(node.block, (*WRITTEN, SnippetChooserBlock)) else ""
