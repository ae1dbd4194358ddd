"""Copies that Wagtail makes of pages: what of them names a page that was copied along names its copy."""

import json
import re
from collections.abc import Callable, Mapping

from django.db import transaction
from wagtail.admin.forms.pages import CopyForm
from wagtail.fields import StreamField
from wagtail.models import Page

_LINK = re.compile(r"<a [^>]*>")
_ADDRESS = re.compile(r'\bhref="([^"#?]*)')
_PAGE = re.compile(r'\bid="([0-9]+)"')


class OwnCopyForm(CopyForm):
    """Without Wagtail's aliases: a page that follows another would stand in every list as its twin."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)


def twins(page: Page, copy: Page) -> list[tuple[Page, Page]]:
    """Every page that was copied, beside its copy. Within the copied page, addresses stay what they were."""
    copies = {_place(one, copy): one for one in copy.get_descendants(inclusive=True)}
    originals = page.get_descendants(inclusive=True)
    return [(one, copies[_place(one, page)]) for one in originals if _place(one, page) in copies]


def _place(page: Page, root: Page) -> str:
    return page.url_path.removeprefix(root.url_path)


@transaction.atomic
def rewrite(page: Page, swap: Callable[[object], object]) -> None:
    """Puts ``swap(stream)`` in the place of each stream, as stored, in all that is written of the page. Only for a
    copy, which has judged nobody yet."""
    streams = [field.name for field in page._meta.get_fields() if isinstance(field, StreamField)]
    for name in streams:
        setattr(page, name, swap(list(getattr(page, name).raw_data)))
    page.save(clean=False)
    for revision in page.revisions.all():
        for name in streams:
            revision.content[name] = json.dumps(swap(json.loads(revision.content[name])))
        revision.save(update_fields=["content"])


def relinked(stream, swapped: Mapping[str, str]):
    """A stream as stored, with the links of its rich texts to ``swapped``, ids and addresses, leading elsewhere."""
    if isinstance(stream, dict):
        return {name: relinked(value, swapped) for name, value in stream.items()}
    if isinstance(stream, list):
        return [relinked(value, swapped) for value in stream]
    if isinstance(stream, str):
        return _LINK.sub(lambda link: _relinked(link[0], swapped), stream)
    return stream


def _relinked(link: str, swapped: Mapping[str, str]) -> str:
    target = _PAGE if 'linktype="page"' in link else _ADDRESS
    return target.sub(lambda found: found[0].replace(found[1], swapped.get(found[1], found[1])), link)
