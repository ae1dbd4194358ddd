"""What a phone takes along of a page, and how heavy it is."""

import pytest
from django.urls import reverse

from courses import weight
from courses.models import ContentVersion, LessonPage
from tests import factories

pytestmark = pytest.mark.django_db


def pictures(page: LessonPage) -> dict[str, int]:
    """Their bytes by their addresses."""
    parts = weight.parts(LessonPage.objects.get(pk=page.pk))
    return {part.url: part.bytes for part in parts if part.kind == "pictures"}


def test_a_picture_whose_file_was_replaced_is_taken_along_at_once(client):
    """Its page is not published anew, and the old file is gone."""
    client.force_login(factories.administrator())
    lesson, picture = factories.lessons()[0], factories.picture()
    lesson.body = [
        {"type": "picture", "id": "a1", "value": {"image": picture.pk, "alt_text": "Bungkus", "caption": ""}}
    ]
    lesson.save_revision().publish()
    before = pictures(lesson)
    new = {"title": picture.title, "file": factories.image_file(800, 500)}
    client.post(reverse("wagtailimages:edit", args=[picture.pk]), new)
    ContentVersion.objects.bump()  # as after the commit, which never comes here
    after = pictures(lesson)
    assert before.keys().isdisjoint(after)
    assert all(after.values())
