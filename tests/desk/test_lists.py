"""Wagtail's lists of pages, as an editor reads them."""

import pytest
from django.test import Client
from wagtail.models import Page

from courses.models import LessonPage
from tests import factories, pages

pytestmark = pytest.mark.django_db


def listed(client: Client, parent: Page) -> list[str]:
    rows = pages.soup(client.get(f"/kelola/pages/{parent.pk}/")).select("table.listing td.title .title-wrapper")
    return [row.get_text(strip=True) for row in rows]


def test_lessons_stand_in_the_order_in_which_they_are_read_whichever_was_changed_last(client):
    client.force_login(factories.staff("Penulis materi"))
    LessonPage.objects.get(slug="memilih-nama").save_revision()
    module = factories.module("merek")
    assert listed(client, module) == [page.title for page in module.get_children()]


def test_modules_stand_in_the_order_of_the_learning_path(client):
    client.force_login(factories.staff("Penulis materi"))
    index = factories.module("merek").get_parent()
    assert listed(client, index) == [page.title for page in index.get_children()]
