"""Every word that our editors meet is Indonesian."""

import gettext
import json
import re

import pytest
from django.test import Client
from django.utils import translation
from wagtail.models import Workflow

from courses.models import HomePage, LessonPage, ModuleIndexPage, ModulePage
from quizzes.models import QuizPage
from tests import factories
from tests.desk.catalogues import entries
from tests.desk.english import PACKAGES, english_in, words
from tests.server import ROOT

pytestmark = pytest.mark.django_db
CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))
SCREENS = [
    "/kelola/",
    "/kelola/pages/",
    "/kelola/pages/{module}/",
    "/kelola/pages/{module}/edit/",
    "/kelola/pages/{module}/add_subpage/",
    "/kelola/pages/{lesson}/edit/",
    "/kelola/pages/{lesson}/history/",
    "/kelola/pages/{lesson}/workflow_history/",
    "/kelola/pages/{lesson}/usage/",
    "/kelola/pages/{lesson}/copy/",
    "/kelola/pages/{lesson}/move/",
    "/kelola/pages/{lesson}/revisions/compare/live...latest/",
    "/kelola/pages/{quiz}/edit/",
    "/kelola/pages/add/courses/lessonpage/{module}/",
    "/kelola/pages/search/?q=merek",
    "/kelola/choose-page/",
    "/kelola/choose-external-link/",
    "/kelola/choose-email-link/",
    "/kelola/images/",
    "/kelola/images/add/",
    "/kelola/images/multiple/add/",
    "/kelola/images/{picture}/",
    "/kelola/images/chooser/",
    "/kelola/documents/",
    "/kelola/documents/multiple/add/",
    "/kelola/media/",
    "/kelola/media/audio/add/",
    "/kelola/media/video/add/",
    "/kelola/media/chooser/",
    "/kelola/snippets/",
    "/kelola/snippets/courses/figure/",
    "/kelola/snippets/courses/figure/add/",
    "/kelola/snippets/courses/figure/edit/{figure}/",
    "/kelola/snippets/badges/badge/",
    "/kelola/reports/locked/",
    "/kelola/reports/workflow/",
    "/kelola/reports/workflow_tasks/",
    "/kelola/reports/site-history/",
    "/kelola/reports/aging-pages/",
    "/kelola/reports/page-types-usage/",
    "/kelola/reports/pemeriksaan/",
    "/kelola/reports/draf-saya/",
    "/kelola/word/",
    "/kelola/account/",
    "/kelola/bulk/wagtailcore/page/move/?next=/kelola/&id={lesson}",
    "/kelola/bulk/courses/picture/add_tags/?next=/kelola/&id={picture}",
    # Reviewers alone
    "/kelola/pages/{lesson}/delete/",
    "/kelola/pages/{lesson}/unpublish/",
    "/kelola/bulk/wagtailcore/page/delete/?next=/kelola/&id={lesson}",
    "/kelola/bulk/wagtailcore/page/publish/?next=/kelola/&id={lesson}",
    "/kelola/bulk/wagtailcore/page/unpublish/?next=/kelola/&id={lesson}",
    "/kelola/bulk/wagtailcore/page/unpublish/?next=/kelola/&id={module}",
]


@pytest.mark.parametrize("kind", [HomePage, ModuleIndexPage, ModulePage, LessonPage, QuizPage])
def test_a_kind_of_page_has_the_same_word_for_one_and_for_many(kind):
    assert kind._meta.verbose_name_plural == kind._meta.verbose_name


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))


@pytest.fixture
def things() -> dict[str, int]:
    """A lesson with a draft in review, and one of everything else that an address names."""
    lesson = LessonPage.objects.get(slug="memilih-nama")
    lesson.goal = "Bisa memilih nama yang khas."
    lesson.save_revision(user=factories.staff("Penulis materi"))
    Workflow.objects.get().start(lesson, factories.staff("Penulis materi"))
    return {
        "module": factories.module("merek").pk,
        "lesson": lesson.pk,
        "quiz": factories.quiz("merek").pk,
        "picture": factories.picture().pk,
        "figure": 1,
    }


def shown(client: Client, address: str) -> str | None:
    """What the editor reads there; None where she may not look."""
    response = client.get(address, follow=True)
    assert response.status_code in (200, 403), f"{address} answers {response.status_code}"
    if response.status_code == 403 or response.request["PATH_INFO"] != address.partition("?")[0]:
        return None
    if response["Content-Type"].startswith("application/json"):
        return json.loads(response.content)["html"]
    return response.text


@pytest.mark.parametrize(("group", "at_least"), [("Penulis materi", 40), ("Peninjau materi", 48)])
def test_no_screen_has_an_english_word(client, things, group, at_least):
    client.force_login(factories.staff(group))
    pages = {address: shown(client, address.format(**things)) for address in SCREENS}
    seen = {address: html for address, html in pages.items() if html}
    assert len(seen) >= at_least
    assert {address: found for address, html in seen.items() if (found := english_in(html))} == {}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Simpan draf, lalu terbitkan.</p>", []),
        ("<script>const draft = 1;</script><p hidden>Draft</p>", []),
        ('<a title="Save">x</a>', ["save: Save"]),
        ("<p>1 comment</p>", ["comment: 1 comment"]),
        ("<p>b187be9deca8-foto-799.jpeg</p>", []),
    ],
)
def test_it_is_found_where_it_is_read_and_where_it_is_heard(html, found):
    assert english_in(html) == found


# What no field of ours is called, and what glossaries of computers say.
@pytest.mark.parametrize("word", ["slug", "minimum", "maksimum"])
def test_no_sentence_speaks_as_computers_do(word):
    english = [
        entry["msgid"] for path in PACKAGES[0].rglob("locale/en/LC_MESSAGES/django.po") for entry in entries(path)
    ]
    with translation.override("id"):
        told = {text: str(translation.gettext(text)) for text in english if " " in text}
    assert {text: said for text, said in told.items() if word in words(said)} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_what_is_compiled_is_what_was_written(path):
    """Nobody needs gettext's tools to run the product: the compiled files are kept too, and must not lag behind."""
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    told = {}
    for entry in entries(path):
        if entry["msgid"]:
            is_plural = "msgid_plural" in entry
            told[(entry["msgid"], 0) if is_plural else entry["msgid"]] = entry["msgstr"]
    assert {key: text for key, text in compiled._catalog.items() if key} == told


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_translation_asks_for_nothing_that_its_english_does_not_give(path):
    """A placeholder too many would be an error 500."""
    wrong = [
        entry["msgid"]
        for entry in entries(path)
        if entry["msgid"]
        and placeholders(entry["msgstr"]) - placeholders(entry["msgid"] + entry.get("msgid_plural", ""))
    ]
    assert wrong == []
