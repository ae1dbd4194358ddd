"""``/lencana/<uuid>/``: public, and silent about everything but the badge."""

import re
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import segno
from django.utils import timezone
from django.utils.formats import date_format

from badges.loading import MAIN_PATH
from badges.models import Badge, BadgeModule
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
FIRST = "pengenalan-motivasi"
MAKASSAR = ZoneInfo("Asia/Makassar")


@pytest.fixture
def award():
    place = make.region("73.71.02", "Kecamatan Mamajang", "district")
    sari = make.learner(make.household(place=place, in_group=make.group(place)), pin=None)
    make.finished(sari, FIRST)
    return sari.badge_awards.get()


@pytest.fixture
def page(client, award):
    response = client.get(award.get_absolute_url())
    assert response.status_code == 200
    return response


def test_the_day_is_that_of_where_she_lives_whoever_looks(client, award):
    award.awarded_at = datetime(2026, 12, 1, 0, 30, tzinfo=MAKASSAR)
    award.save()
    assert "Sari W. 1 Desember 2026" in text(soup(client.get(award.get_absolute_url())).main)


def test_it_shows_badge_name_module_and_date_and_nothing_else(page, award):
    day = date_format(timezone.localtime(award.awarded_at, MAKASSAR), "j F Y")
    assert text(soup(page).main) == (
        f"Lencana {award.badge.name} Diraih oleh Sari W. {day} Menyelesaikan {make.module(FIRST).title}. "
        "Pindai untuk melihat lencana ini."
    )
    assert soup(page).main.select("a, img, form") == []


def test_nothing_personal_hides_in_the_source(page, award):
    home = award.learner.household
    source = page.content.decode()
    secrets = [award.learner.last_name, home.name, home.group.name, home.region.name, home.region.code]
    secrets += [award.learner.user.username, "Bu Sari"]
    assert [secret for secret in secrets if secret in source] == []


def test_without_a_last_name_the_first_name_stands_alone(client):
    dedi = make.learner(first_name="Dedi", last_name="", pin=None)
    make.finished(dedi, FIRST)
    response = client.get(dedi.badge_awards.get().get_absolute_url())
    assert "Diraih oleh Dedi " in text(soup(response).main)


def test_the_path_badge_names_all_its_modules(client):
    sari = make.learner(pin=None)
    path = Badge.objects.get(is_path=True)
    make.finished(sari, FIRST, *MAIN_PATH)
    award = sari.badge_awards.get(badge=path)
    titles = ", ".join(row.module.title for row in path.required_modules.all())
    assert f"Menyelesaikan {titles}." in text(soup(client.get(award.get_absolute_url())).main)


def test_it_does_not_name_a_module_that_came_to_the_badge_later(client, award):
    BadgeModule.objects.create(badge=award.badge, module=make.module("kemasan"), sort_order=9)
    shown = text(soup(client.get(award.get_absolute_url())).main)
    assert f"Menyelesaikan {make.module(FIRST).title}. " in shown


def test_it_asks_search_engines_to_stay_away(page):
    assert soup(page).select_one("meta[name=robots]")["content"] == "noindex"


def test_it_is_still_there_when_the_module_is_unpublished(client, award):
    make.module(FIRST).unpublish()
    assert client.get(award.get_absolute_url()).status_code == 200


def test_looking_at_it_is_the_same_for_everybody(client, page, award):
    client.force_login(make.companion().user)
    seen = client.get(award.get_absolute_url())
    assert soup(seen).main == soup(page).main


@pytest.mark.parametrize("address", [f"/lencana/{uuid.UUID(int=7)}/", "/lencana/1/", "/lencana/"])
def test_an_unknown_award_is_not_found(client, award, address):
    assert client.get(address).status_code == 404


def test_the_qr_code_leads_to_the_page(page, award):
    """Its squares are those of a QR code of the address, with two squares of white around."""
    code = segno.make(f"http://testserver{award.get_absolute_url()}", error="m", micro=False)
    drawing = soup(page).select_one(".qr svg")
    size = len(code.matrix) + 4
    assert drawing["viewbox"] == f"0 0 {size} {size}"
    white, dark = drawing.select("path")
    assert (white["fill"], white["d"]) == ("#fff", f"M0 0h{size}v{size}H0z")
    squares = re.findall(r"M(\d+) (\d+)h1v1h-1z", dark["d"])
    assert "".join(f"M{x} {y}h1v1h-1z" for x, y in squares) == dark["d"]
    drawn = {(int(x) - 2, int(y) - 2) for x, y in squares}
    assert drawn == {(x, y) for y, row in enumerate(code.matrix) for x, is_dark in enumerate(row) if is_dark}


@pytest.mark.parametrize("modules", [1, 5])
def test_the_page_takes_two_queries(client, modules, django_assert_num_queries):
    sari = make.learner(pin=None)
    make.finished(sari, FIRST, *(MAIN_PATH if modules == 5 else ()))
    award = sari.badge_awards.get(badge__is_path=modules == 5)
    with django_assert_num_queries(2):
        client.get(award.get_absolute_url())
