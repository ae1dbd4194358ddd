"""``/dampingan/lembar/``: practice sheets for families without a phone."""

import pytest

from courses.models import LessonPage
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
ALL = "/dampingan/lembar/merek/"


def sheets(client, address: str = ALL):
    response = client.get(address)
    assert response.status_code == 200
    return soup(response).select("article")


def test_a_sheet_holds_what_a_family_needs_without_a_phone(client, rina):
    lesson = make.lessons()[1]
    (sheet,) = sheets(client, f"{ALL}{lesson.slug}/")
    words = text(sheet)
    assert text(sheet.h2) == lesson.title
    for part in (lesson.goal, "Merek Usaha · Pelajaran 2", "Nama", "Tanggal", "Tunjukkan ke pendamping"):
        assert part in words
    assert "Tulis 3 calon nama." in text(sheet.select_one(".task"))
    (points,) = [block.value for block in lesson.body if block.block_type == "key_points"]
    assert [text(point) for point in sheet.select("ol li")] == [" ".join(point.split()) for point in points]
    assert sheet.select_one(".lines") and sheet.select_one(".box")


def test_all_sheets_of_a_module_are_one_print(client, rina):
    assert [text(sheet.h2) for sheet in sheets(client)] == [lesson.title for lesson in make.lessons()]


def test_a_figure_stands_with_its_date(client, rina):
    words = text(sheets(client, f"{ALL}{make.lessons()[4].slug}/")[0])
    assert "{" not in words
    assert "(per " in words


def test_a_lesson_without_a_task_or_key_points_still_has_a_sheet(client, rina):
    lesson = make.lessons()[0]
    lesson.body, lesson.practice = [("tip", "Coba hari ini.")], []
    lesson.save_revision().publish()
    assert "Tulis apa yang dipelajari hari ini." in text(sheets(client)[0])


@pytest.mark.parametrize("address", ["tidak-ada/", "merek/tidak-ada/", "merek/kuis/"])
def test_what_is_not_published_is_not_found(client, rina, address):
    assert client.get(f"/dampingan/lembar/{address}").status_code == 404


def test_an_unpublished_lesson_has_no_sheet(client, rina):
    lesson = make.lessons()[0]
    lesson.unpublish()
    assert client.get(f"{ALL}{lesson.slug}/").status_code == 404
    assert len(sheets(client)) == len(make.lessons())


def test_many_lessons_take_as_many_queries_as_one(client, rina, django_assert_num_queries):
    client.get(ALL)
    with django_assert_num_queries(10):
        client.get(ALL)
    LessonPage.objects.filter(pk__in=[lesson.pk for lesson in make.lessons()[:-1]]).update(live=False)
    with django_assert_num_queries(10):
        assert len(sheets(client)) == 1
