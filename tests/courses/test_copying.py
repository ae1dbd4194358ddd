"""An editor copies pages: what a copy says of a page that was copied along is about that one's copy."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Page

from courses.models import LessonPage
from tests import factories, pages

pytestmark = pytest.mark.django_db


def write(lesson: LessonPage, *texts: str) -> None:
    """Publishes the lesson with these paragraphs alone, and keeps a later draft of the same."""
    raw = [{"type": "paragraph", "value": text, "id": f"b{number}"} for number, text in enumerate(texts)]
    lesson.body = lesson.body.stream_block.to_python(raw)
    lesson.save_revision().publish()
    lesson.save_revision()


def to(page: Page) -> str:
    return f'<p>Baca <a linktype="page" id="{page.pk}">ini</a> dulu.</p>'


def to_address(page: Page, place: str = "") -> str:
    return f'<p>Baca <a href="{page.url}{place}">ini</a> dulu.</p>'


def written(lesson: LessonPage) -> list[list[str]]:
    """The texts that learners see, and those of every revision."""
    every = [list(lesson.body.raw_data), *(json.loads(one.content["body"]) for one in lesson.revisions.all())]
    return [[block["value"] for block in body] for body in every]


def test_the_links_between_the_lessons_of_a_copied_module_lead_to_the_copys_own(client):
    client.force_login(factories.administrator())
    module, (first, second, *_) = factories.module(), factories.lessons()
    elsewhere = factories.lessons("kemasan")[0]
    write(first, to(second), to(module), to_address(second, "#praktik"), to(elsewhere), to_address(elsewhere))
    pages.copy(client, module, "merek-kedua")
    copied, other, *_ = factories.lessons("merek-kedua")
    own = [to(other), to(factories.module("merek-kedua")), to_address(other, "#praktik")]
    published, *_, latest = written(copied)
    assert published == latest == [*own, to(elsewhere), to_address(elsewhere)]
    assert written(first)[0][0] == to(second)


def test_a_lesson_that_is_copied_alone_keeps_its_links(client):
    client.force_login(factories.administrator())
    first, second, *_ = factories.lessons()
    write(first, to(second))
    pages.copy(client, first, "memilih-lagi")
    assert written(LessonPage.objects.get(slug="memilih-lagi"))[0] == [to(second)]


@pytest.mark.parametrize("what", [factories.module, factories.quiz, lambda: factories.lessons()[0]])
def test_no_copy_of_ours_follows_its_original(client, what):
    """Learners would find it twice in every list."""
    client.force_login(factories.administrator())
    address = reverse("wagtailadmin_pages:copy", args=[what().pk])
    assert pages.soup(client.get(address)).select_one("[name=new_slug]")
    assert not pages.soup(client.get(address)).select_one("[name=alias]")


def test_a_copy_asked_to_follow_its_original_is_one_of_its_own(client):
    client.force_login(factories.administrator())
    pages.copy(client, factories.module(), "merek-kedua", alias="on")
    assert factories.module("merek-kedua").alias_of is None


def test_nobody_puts_out_a_copy_past_the_forms(client):
    """A writer made a live page in Javanese of it, which no reviewer had seen."""
    client.force_login(factories.staff("Penulis materi"))
    lesson, asked = factories.lessons()[0], {"locale": "jv", "copy_parents": True, "alias": True}
    for action in ("copy_for_translation", "convert_alias", "publish", "copy"):
        address = reverse("wagtailadmin_api:pages:action", args=[lesson.pk, action])
        assert client.post(address, asked, content_type="application/json").status_code == 404
    assert Page.objects.filter(translation_key=lesson.translation_key).count() == 1
    assert client.get(reverse("wagtailadmin_api:pages:detail", args=[lesson.pk])).status_code == 200
