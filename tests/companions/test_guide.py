"""``/dampingan/materi/`` and ``/dampingan/modul/<slug>/``: how to teach and check a module, and what she has learned of
it. Companions' own material."""

import pytest

from courses.models import ModulePage
from progress.models import GuideCompletion
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
GUIDE = "/dampingan/modul/merek/"


def test_a_companion_reads_how_to_teach_and_check(client, rina):
    main = soup(client.get(GUIDE)).main
    guide = make.module().guide
    assert len(guide) == 4
    shown = {text(part.h2): [text(point) for point in part.select("li")] for part in main.select("section.card")}
    assert len(main.select("button.main")) == 1, "one thing to do next"
    assert shown == {part.title: [" ".join(point.split()) for point in part.points] for part in guide}


def test_it_leads_to_the_guides_of_all_other_modules(client, rina):
    chips = [link["href"] for link in soup(client.get(GUIDE)).select("a.chip")]
    assert len(chips) == 7
    assert GUIDE not in chips
    assert all(client.get(address).status_code == 200 for address in chips)


def test_a_module_without_a_guide_says_that_it_is_coming(client, rina):
    module = make.module()
    module.guide_goals = module.companion_guide = module.guide_rubric = module.guide_mistakes = ""
    module.save_revision().publish()
    assert "Materi modul ini sedang disiapkan." in text(soup(client.get(GUIDE)).main)


@pytest.mark.parametrize("who", ["learner", "coordinator", "editor"])
def test_it_is_not_for_others(client, who):
    people = {
        "learner": lambda: make.learner(pin=None).user,
        "coordinator": lambda: make.coordinator(make.region()).user,
        "editor": make.staff,
    }
    client.force_login(people[who]())
    response = client.get(GUIDE)
    assert response.status_code == 403
    assert make.module().rubric_points[0] not in response.text


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(GUIDE)["Location"] == f"/masuk/?next={GUIDE}"


def test_no_page_for_learners_holds_the_guide(client):
    sari = make.learner(pin=None)
    module = make.module()
    addresses = ["/belajar/", "/modul/", module.url, *[lesson.url for lesson in make.lessons()]]
    for visitor in (True, False):
        if not visitor:
            client.force_login(sari.user)
        for address in addresses:
            page = client.get(address, follow=True).text
            assert not any(point in page for part in module.guide for point in part.points), address
            assert GUIDE not in page


@pytest.mark.parametrize("slug", ["tidak-ada", "merek"])
def test_an_unknown_or_unpublished_module_is_not_found(client, rina, slug):
    make.module().unpublish()
    assert client.get(f"/dampingan/modul/{slug}/").status_code == 404


# --- Her own progress ---------------------------------------------------------------------------------------------


def say(client, part: str, slug: str = "merek"):
    return client.post(f"/dampingan/modul/{slug}/{part}/", follow=True)


def test_each_part_is_ticked_off_and_leads_to_the_next(client, rina):
    response = say(client, "goals")
    assert response.redirect_chain == [(f"{GUIDE}#teaching", 302)]
    main = soup(response).main
    assert "1 dari 4 bagian sudah dipelajari" in text(main)
    assert text(main.find(id="goals").parent).endswith("Sudah dipelajari")
    assert len(main.select("form")) == 3


def test_all_parts_earn_the_badge_which_the_overview_shows(client, rina):
    for part in ("mistakes", "rubric", "teaching", "goals"):
        response = say(client, part)
    main = soup(response).main
    assert "Siap mengajar Merek Usaha! Semua bagian sudah dipelajari." in text(main)
    assert main.select("section.score svg.badge")
    overview = soup(client.get("/dampingan/materi/")).main
    assert "Siap mengajar 1 dari 8 modul" in text(overview)
    assert ["Siap mengajar" in text(row) for row in overview.select("li.mod")].count(True) == 1


def test_said_again_nothing_changes(client, rina):
    say(client, "goals")
    before = list(GuideCompletion.objects.values())
    say(client, "goals")
    assert list(GuideCompletion.objects.values()) == before


def test_another_companion_begins_at_the_start(client, rina):
    say(client, "goals")
    client.force_login(make.companion().user)
    assert "0 dari 4 bagian" in text(soup(client.get(GUIDE)).main)


@pytest.mark.parametrize("address", ["merek/semua", "tidak-ada/goals"])
def test_a_part_that_is_not_there_is_not_found(client, rina, address):
    assert client.post(f"/dampingan/modul/{address}/").status_code == 404
    assert not GuideCompletion.objects.exists()


def test_a_learner_learns_no_companions_material(client):
    client.force_login(make.learner(pin=None).user)
    assert client.post(f"{GUIDE}goals/").status_code == 403
    assert not GuideCompletion.objects.exists()


@pytest.mark.parametrize(("address", "queries"), [(GUIDE, 11), ("/dampingan/materi/", 10)])
def test_eight_modules_take_as_many_queries_as_one(client, rina, address, queries, django_assert_num_queries):
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    ModulePage.objects.exclude(slug="merek").update(live=False)
    with django_assert_num_queries(queries):
        client.get(address)
