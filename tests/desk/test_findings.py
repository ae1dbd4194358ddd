"""The lessons that come with the product pass their own checks."""

import pytest

from courses.checks import Severity
from courses.models import LessonPage
from courses.weight import page_bytes, weigh
from desk.findings import every_finding, findings_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_shipped_content_has_no_warning_left():
    rows = every_finding(weighed=True)
    assert [(row.page.slug, row.sentence) for row in rows if row.finding.severity != Severity.NOTE] == []


def test_a_finding_leads_to_its_field():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "kata " * 16
    row = findings_of(page)[0]
    assert row.edit_url == f"/kelola/pages/{page.pk}/edit/#:w:contentpath=goal"


def test_a_finding_names_the_module_that_its_draft_has_moved_to():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "kata " * 16
    page.save_revision()
    page.move(factories.module("kemasan"), pos="last-child")
    [row] = [row for row in every_finding() if row.finding.place == "goal"]
    assert row.module == factories.module("kemasan").title


def test_a_page_weighs_what_a_phone_loads_for_it():
    page = factories.lessons("merek")[0]
    alone = page_bytes(page)
    assert 4_000 < alone < 14_000
    picture = factories.picture(factories.image_file(width=1200))
    page.body.append(("picture", {"image": picture, "alt_text": "Label keripik", "caption": ""}))
    avif = picture.get_rendition("format-avif|width-720")
    assert page_bytes(page) - alone == pytest.approx(avif.file.size, abs=1_000)


def test_a_draft_is_weighed_once(django_assert_num_queries):
    page = factories.lessons("merek")[0]
    first = weigh([page])
    with django_assert_num_queries(1):  # what is remembered
        assert weigh([page]) == first
