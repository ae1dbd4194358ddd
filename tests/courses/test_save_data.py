"""A phone that saves data is sent no photograph before its owner taps; everything else is as for others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import LessonPage, Picture
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
SAVING = {"save-data": "on"}
ALT = "Keripik di bungkus bening"


def published(*pictures: Picture) -> LessonPage:
    """A lesson with each picture as a block, and as a step's."""
    page = make.lessons()[0]
    page.body = [("picture", {"image": picture, "alt_text": ALT, "caption": ""}) for picture in pictures]
    page.body.append(("steps", [{"text": "Potong.", "image": picture, "alt_text": ALT} for picture in pictures]))
    page.save_revision().publish()
    return page


def waiting(response) -> list:
    return soup(response).select("show-picture")


def asked_for(response) -> list[str]:
    """The editors' files that a browser fetches without being told to."""
    shown = soup(response).select("img, source")
    urls = [tag.get("srcset") or tag.get("src") for tag in shown if not tag.find_parent("template")]
    return [url for url in urls if "/media/" in url]


def test_no_photograph_of_a_lesson_comes_unasked(client):
    page = published(make.picture())
    response = client.get(page.url, headers=SAVING)
    assert asked_for(response) == []
    assert len(waiting(response)) == 2


def test_nor_that_of_a_module(client):
    module = make.module()
    module.picture = make.picture()
    module.save_revision().publish()
    assert asked_for(client.get(module.url, headers=SAVING)) == []
    assert asked_for(client.get(module.url)) != []


@pytest.mark.parametrize("headers", [{}, {"save-data": "off"}])
def test_a_phone_that_does_not_save_data_gets_them_with_the_page(client, headers):
    response = client.get(published(make.picture()).url, headers=headers)
    assert len(asked_for(response)) == 6
    assert waiting(response) == []


def test_a_link_stands_in_its_place_that_says_what_is_there_and_what_it_weighs(client):
    """And opens it, without JavaScript too."""
    picture = make.picture()
    [link, _] = [one.a for one in waiting(client.get(published(picture).url, headers=SAVING))]
    small = picture.get_rendition("format-jpeg|width-360")
    assert text(link) == f"Lihat gambar ({round(small.file.size / 1000)} KB) {ALT}"
    assert link["href"] == small.url
    assert client.get(link["href"])["Content-Type"] == "image/jpeg"


def test_the_place_has_the_pictures_shape(client):
    """So that nothing moves when it comes."""
    picture = make.picture(make.image_file(600, 900))
    [place, _] = waiting(client.get(published(picture).url, headers=SAVING))
    assert place.a.svg["viewbox"] == "0 0 360 540"
    assert (place.img["width"], place.img["height"], place.img["alt"]) == ("360", "540", ALT)


def test_a_tap_brings_none_larger_than_the_link_says(client):
    [place, _] = waiting(client.get(published(make.picture()).url, headers=SAVING))
    assert {source["type"] for source in place.find_all("source")} == {"image/avif", "image/webp"}
    assert "width-720" not in str(place)


def test_a_file_that_is_gone_is_not_weighed(client):
    picture = make.picture()
    page = published(picture)
    small = picture.get_rendition("format-jpeg|width-360").file
    small.storage.delete(small.name)
    [place, _] = waiting(client.get(page.url, headers=SAVING))
    assert text(place.a) == f"Lihat gambar {ALT}"


def test_drawings_come_with_the_page(client):
    """They weigh hardly more than a link."""
    page = make.lessons()[0]
    page.body = [("illustration", {"name": "dua-bungkus", "alt_text": "Dua bungkus", "caption": ""})]
    page.save_revision().publish()
    assert soup(client.get(page.url, headers=SAVING)).select_one("figure img")["alt"] == "Dua bungkus"


@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_no_more_queries(client, number):
    page = published(*(make.picture() for _ in range(number)))
    client.get(page.url)
    counted = []
    for headers in ({}, SAVING):
        with CaptureQueriesContext(connection) as queries:
            client.get(page.url, headers=headers)
        counted.append(len(queries))
    assert counted[1] <= counted[0]


@pytest.mark.parametrize("headers", [{}, SAVING])
def test_caches_are_told_which_pages_depend_on_it(client, headers):
    with_photographs, without = published(make.picture()), make.lessons()[1]
    assert "Save-Data" in client.get(with_photographs.url, headers=headers)["Vary"]
    assert "Save-Data" not in client.get(without.url, headers=headers)["Vary"]


def test_an_editor_sees_the_photographs_of_her_draft(client):
    client.force_login(make.staff("Penulis materi"))
    page = published(make.picture())
    assert len(asked_for(client.get(f"/kelola/pages/{page.pk}/view_draft/"))) == 6
