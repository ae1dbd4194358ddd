"""What a companion's phone takes along: hers alone, no more than its screens show, small, and quick for many."""

import gzip
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.timezone import localtime

from people.models import Companionship, Household, HouseholdEvent
from people.reaching import Way
from tests import factories as make
from tests.pages import soup, text

from .test_scale import crowd

pytestmark = pytest.mark.django_db
ROAD = "/dampingan/luring.json"
KB = 1024


def test_her_list_her_groups_and_the_practices_that_wait(client, rina):
    group = make.group()
    sari = make.learner(make.household(rina, in_group=group), pin=None)
    make.read(sari)
    sent = make.practised(sari, note="Tiga nama.", files=[make.photo(sari).pk])
    told = client.get(ROAD).json()
    assert told["owner"] == rina.user_id
    [home] = told["households"]
    assert (home["id"], home["group"]) == (sari.household_id, group.pk)
    [person] = home["learners"]
    assert (person["id"], person["agreed"]) == (sari.pk, True)
    [practice] = told["practices"]
    assert (practice["id"], practice["note"], len(practice["photos"])) == (str(sent.pk), "Tiga nama.", 1)
    assert [one["id"] for one in told["groups"]] == [group.pk]


def test_a_practice_says_whether_there_is_a_voice_and_what_to_check(client, rina):
    sari = make.learner(make.household(rina), pin=None)
    make.practised(sari, files=[make.photo(sari).pk])
    make.practised(sari, number=1, files=[make.voice(sari).pk])
    written, spoken = client.get(ROAD).json()["practices"]
    assert (written["voice"], spoken["voice"], spoken["photos"]) == (False, True, [])
    assert spoken["rubric"] == make.module().rubric_points != []


def test_a_household_that_was_visited_from_another_screen_is_told_as_visited(client, rina):
    visited, _ = make.household(rina), make.household(rina)
    HouseholdEvent.objects.note(visited, HouseholdEvent.Kind.VISITED, by=rina.user)
    day = date_format(localtime(visited.events.get(kind=HouseholdEvent.Kind.VISITED).at), "j M Y")
    assert [home["reached"] for home in client.get(ROAD).json()["households"]] == [f"Dikunjungi {day}", ""]


def test_it_tells_in_which_turn_households_wait_as_hari_ini_does(client, rina):
    fresh, quiet, silent, tried, reached = (make.learner(make.household(rina), pin=None) for _ in range(5))
    for one, days in ((fresh, 0), (quiet, 8), (silent, 20), (reached, 30)):
        make.read(one)
        make.moved_back(one, days)
    make.read(tried, "pengenalan-motivasi")
    for _ in range(2):
        make.tried(tried, "pengenalan-motivasi", right=0)
    HouseholdEvent.objects.reach(reached.household, Way.CALL, by=rina.user)
    homes = {
        home["id"]: (home["waits"], home["about"], home["state"]) for home in client.get(ROAD).json()["households"]
    }
    assert [homes[one.household_id] for one in (silent, tried, quiet, fresh, reached)] == [
        (1, "diam-14", "Diam 20 hari"),
        (2, "kuis", "Kuis belum lulus"),
        (3, "diam-7", "Diam 8 hari"),
        (0, "", ""),
        (0, "", "Diam 30 hari"),
    ]


def test_it_tells_no_more_than_its_screens_show(client, rina):
    """Z3, P6"""
    home = make.household(rina, in_group=make.group())
    Household.objects.filter(pk=home.pk).update(phone="+6281234567890")
    make.practised(make.learner(home, pin=None))
    answer = client.get(ROAD)
    told = answer.json()
    assert "81234567890" not in answer.text
    assert answer["Cache-Control"].count("no-store") == 1
    assert set(told) == {
        *("csrf", "owner", "nickname", "households", "groups", "modules", "practices", "praises", "suggestions"),
    }
    assert set(told["households"][0]) == {
        *("id", "name", "place", "group", "state", "waits", "about", "reached", "tasks", "learners"),
    }
    assert set(told["households"][0]["learners"][0]) == {"id", "name", "state", "agreed"}
    assert set(told["groups"][0]) == {"id", "name", "place"}
    assert set(told["practices"][0]) == {
        *("id", "learner", "household", "title", "task", "rubric", "at", "note", "number", "photos", "voice"),
    }


def test_a_phone_without_scripts_is_told_that_it_cannot_take_the_list_along(client, rina):
    """It was told to press where it had just pressed."""
    page = soup(client.get("/luring/dampingan/"))
    assert "HP ini tidak bisa membawa daftar keluarga." in text(page.main.noscript)


def test_a_household_that_was_given_to_another_is_not_told_any_more(client, rina):
    """Z4"""
    home = make.household(rina)
    make.practised(make.learner(home, pin=None))
    assert len(client.get(ROAD).json()["households"]) == 1
    Companionship.objects.end_all([home], rina, by=rina.user)
    told = client.get(ROAD).json()
    assert (told["households"], told["practices"], told["groups"]) == ([], [], [])


@pytest.mark.parametrize("number", [1, 400])
def test_four_hundred_households_take_as_many_queries_as_one_and_come_within_60_kb(client, rina, number):
    home = crowd(rina, number)
    make.practised(home.learners.get())
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(ROAD)
    assert len(answer.json()["households"]) == number
    assert len(queries) == 24
    assert len(gzip.compress(answer.content)) <= 60 * KB
    assert json.loads(answer.content)["practices"]
