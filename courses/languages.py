"""Other languages beside Indonesian. A page is told in one where an editor has published it so; else in Indonesian."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from wagtail.models import Page

ORIGINAL = settings.LANGUAGE_CODE
OTHERS = [code for code, _ in settings.LANGUAGES if code != ORIGINAL]


def named(title: str, language: str) -> str:
    """A page for its editors, with its language where it is another: it bears its original's title until it is told."""
    return title if language == ORIGINAL else f"{title} ({dict(settings.LANGUAGES)[language]})"


@dataclass(frozen=True)
class Told:
    """The titles of all published translations: by language, by the key that they share with their original."""

    titles: dict[str, dict[UUID, str]] = field(default_factory=lambda: defaultdict(dict))

    def offered(self, keys: Collection[UUID]) -> list[str]:
        """The languages in which at least one of these pages is told, in the order of the settings."""
        return [code for code in OTHERS if not self.titles[code].keys().isdisjoint(keys)]

    def tell(self, pages: Collection[Page], language: str) -> None:
        """Gives each page that is told in ``language`` the title that it has there, and the ``language`` itself."""
        for page in pages:
            if title := self.titles[language].get(page.translation_key):
                page.title, page.language = title, language


def told() -> Told:
    """In one query, whatever there is. Copies that Wagtail keeps in step with their original say nothing new."""
    found = Told()
    pages = Page.objects.live().filter(alias_of=None, locale__language_code__in=OTHERS)
    for code, key, title in pages.values_list("locale__language_code", "translation_key", "title"):
        found.titles[code][key] = title
    return found


def in_language(url: str, language: str) -> str:
    """The address of an original, as it is where it is read in that language."""
    return url if language == ORIGINAL else f"/{language}{urlsplit(url).path}"


def told_in(page: Page, language: str) -> Page | None:
    """The page as it is told in that language; None where it is not."""
    same = type(page)._default_manager.live().filter(alias_of=None, locale__language_code=language)
    return same.filter(translation_key=page.translation_key).first()


class UnderItsLanguage:
    """A mixin for pages, before ``Page``: a translation is read under its original's address, with its language before
    it."""

    def get_url_parts(self, request=None):
        roots = self._get_relevant_site_root_paths(request)  # Wagtail has read them for ``super`` anyway
        language = roots[0].language_code if roots else ORIGINAL
        originals = type(self)._default_manager.filter(locale__language_code=ORIGINAL)
        original = originals.filter(translation_key=self.translation_key).first() if language != ORIGINAL else None
        parts = original and original.get_url_parts(request)
        return (*parts[:2], in_language(parts[2], language)) if parts else super().get_url_parts(request)
