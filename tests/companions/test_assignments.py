"""A companion gives a module to one household or to a group, and takes it back; never beyond her own."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from progress.models import AssigningRule, GuideCompletion, LessonCompletion, ModuleAssignment, ModuleProgress
from tests import factories as make
from tests.pages import field_error, sends, soup, text

pytestmark = pytest.mark.django_db
TO_GROUP = "/dampingan/tugaskan/"


@pytest.fixture
def home(rina):
    return make.household(rina)


def url(home) -> str:
    return f"/dampingan/keluarga/{home.pk}/"


def withdraw_url(assignment) -> str:
    return f"/dampingan/tugas/{assignment.pk}/tarik/"


def soon():
    return timezone.localdate() + timedelta(days=14)


def data(slug: str = "merek", due_on: str = "", **more) -> dict:
    return {"module": str(make.module(slug).translation_key), "due_on": due_on} | more


def given(by, *homes, slug: str = "merek") -> ModuleAssignment:
    ModuleAssignment.objects.assign(homes, make.module(slug).translation_key, by=by.user)
    return ModuleAssignment.objects.current().filter(household__in=homes).latest("pk")


def messages(response) -> str:
    return " ".join(text(note) for note in soup(response).select("main > .note"))


def rows() -> list[dict]:
    return list(ModuleAssignment.objects.order_by("pk").values())


def test_what_is_done_says_so_and_stands_last(client, rina, home):
    given(rina, home, slug="pengenalan-motivasi")
    given(rina, home)
    make.finished(make.learner(home, pin=None), "pengenalan-motivasi")
    done = [
        "Selesai" in text(line) for line in soup(client.get(url(home))).select("section[aria-labelledby=tugas] li.row")
    ]
    assert done == [False, True]


# --- To one household ---------------------------------------------------------------------------------------------


def test_a_module_is_assigned_with_its_due_date(client, rina, home):
    response = client.post(url(home), data(due_on=soon().isoformat()), follow=True)
    assert response.redirect_chain == [(url(home), 302)]
    assert messages(response) == f"{make.module().title} ditugaskan ke 1 keluarga."
    stored = ModuleAssignment.objects.get()
    assert (stored.household, stored.module_key) == (home, make.module().translation_key)
    assert (stored.due_on, stored.assigned_by, stored.withdrawn_at) == (soon(), rina.user, None)
    assert f"Paling lambat {date_format(soon(), 'j M Y')}" in text(soup(response).main)


def test_the_due_date_may_be_left_out(client, home):
    response = client.post(url(home), data(), follow=True)
    assert ModuleAssignment.objects.get().due_on is None
    assert "Tanpa batas waktu" in text(soup(response).main)


def test_today_is_not_too_late(client, home):
    client.post(url(home), data(due_on=timezone.localdate().isoformat()))
    assert ModuleAssignment.objects.get().due_on == timezone.localdate()


@pytest.mark.parametrize("written", ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"])
def test_a_date_may_be_written_as_people_write_it(client, home, written):
    client.post(url(home), data(due_on=soon().strftime(written)))
    assert ModuleAssignment.objects.get().due_on == soon()


def test_assigned_twice_changes_nothing_and_says_so(client, home):
    client.post(url(home), data(due_on=soon().isoformat()))
    before = rows()
    response = client.post(url(home), data(due_on=soon().isoformat()), follow=True)
    assert "memang sudah ditugaskan. Tidak ada yang berubah." in messages(response)
    assert rows() == before


def test_the_household_of_another_companion_gets_nothing(client, rina, agus, home):
    other = make.household(agus)
    client.post(url(home), data())
    assert not ModuleAssignment.objects.filter(household=other).exists()


# --- Wrong input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2020-01-31", "Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya."),
        ("besok", "Tulis tanggal seperti 30/11/2026."),
        ("2030-02-30", "Tulis tanggal seperti 30/11/2026."),
        ("31/31/2030", "Tulis tanggal seperti 30/11/2026."),
        ('"><script>', "Tulis tanggal seperti 30/11/2026."),
        ("2030-01-01\x00", "Tulis tanggal seperti 30/11/2026."),
    ],
)
@pytest.mark.parametrize("where", ["household", "group"])
def test_a_date_that_cannot_be_is_refused_at_its_field_and_kept(client, rina, where, typed, message):
    melati = make.group()
    home = make.household(rina, in_group=melati)
    address = url(home) if where == "household" else TO_GROUP
    response = client.post(address, data(due_on=typed, group=melati.pk))
    assert response.status_code == 422
    assert field_error(response, "due_on") == message
    kept = sends(soup(response).select_one("form:has([name=due_on])"))
    assert kept["module"] == [str(make.module().translation_key)]
    if where == "household":  # whose form stands below everything else
        assert soup(response).select_one("main > .note.warn a")["href"] == "#tugaskan"
    if "\x00" not in typed:
        assert kept["due_on"] == [typed]
    assert rows() == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Pilih modulnya dulu."),
        ("merek", "Pilih satu modul dari daftar."),
        ("00000000-0000-0000-0000-000000000001", "Pilih satu modul dari daftar."),
    ],
)
def test_a_module_that_is_not_in_the_list_is_refused_and_the_date_kept(client, home, typed, message):
    response = client.post(url(home), {"module": typed, "due_on": soon().isoformat()})
    assert response.status_code == 422
    assert field_error(response, "module") == message
    assert soup(response).select_one("[name=due_on]")["value"] == soon().isoformat()
    assert rows() == []


def test_an_unpublished_module_cannot_be_assigned(client, home):
    sent = data()
    make.module().unpublish()
    assert field_error(client.post(url(home), sent), "module") == "Pilih satu modul dari daftar."
    assert rows() == []


def test_without_the_token_of_its_form_nothing_is_stored(rina, home):
    """W3."""
    assignment = given(rina, home, slug="kemasan")
    before = rows()
    client = Client(enforce_csrf_checks=True)
    client.force_login(rina.user)
    for address in (url(home), TO_GROUP, withdraw_url(assignment)):
        assert client.post(address, data()).status_code == 403
    assert rows() == before


# --- To a group ---------------------------------------------------------------------------------------------------


def test_a_group_means_her_own_households_in_it(client, rina, agus):
    melati = make.group()
    mine = [make.household(rina, in_group=melati) for _ in range(2)]
    make.household(agus, in_group=melati)
    make.household(rina)
    ended = make.household(rina, in_group=melati)
    ended.companionships.update(ended_at=timezone.now())
    response = client.post(TO_GROUP, data(group=melati.pk, pasti="ya"), follow=True)
    assert response.redirect_chain == [("/dampingan/keluarga/", 302)]
    assert messages(response) == f"{make.module().title} ditugaskan ke 2 keluarga."
    assert {row.household for row in ModuleAssignment.objects.all()} == set(mine)


def test_to_a_group_twice_changes_nothing_and_says_so(client, rina):
    melati = make.group()
    make.household(rina, in_group=melati)
    client.post(TO_GROUP, data(group=melati.pk, pasti="ya"))
    before = rows()
    response = client.post(TO_GROUP, data(group=melati.pk, pasti="ya"), follow=True)
    assert "Tidak ada yang berubah." in messages(response)
    assert rows() == before


def test_in_a_group_only_the_households_without_it_get_it(client, rina):
    melati = make.group()
    homes = [make.household(rina, in_group=melati) for _ in range(3)]
    given(rina, homes[0])
    response = client.post(TO_GROUP, data(group=melati.pk, pasti="ya"), follow=True)
    assert "ditugaskan ke 2 keluarga." in messages(response)
    assert ModuleAssignment.objects.current().count() == 3


@pytest.mark.parametrize("which", ["foreign", "unknown", "x", "9" * 30])
def test_a_group_that_is_not_hers_is_refused_at_its_field(client, rina, agus, which):
    make.household(rina, in_group=make.group())
    foreign = make.group()
    make.household(agus, in_group=foreign)
    sent = {"foreign": foreign.pk, "unknown": foreign.pk + 1000}.get(which, which)
    response = client.post(TO_GROUP, data(group=sent))
    assert response.status_code == 422
    assert field_error(response, "group") == "Pilih satu kelompok dari daftar."
    assert foreign.name not in response.text
    assert rows() == []


def test_only_groups_with_her_own_households_are_offered(client, rina, agus):
    mine, foreign, left = make.group(), make.group(), make.group()
    make.household(rina, in_group=mine)
    make.household(agus, in_group=foreign)
    make.household(rina, in_group=left).companionships.update(ended_at=timezone.now())
    offered = soup(client.get(TO_GROUP)).select("select[name=group] option")
    assert [text(option) for option in offered] == ["Semua kelompok", mine.name]


def test_the_group_that_she_came_from_is_chosen_already(client, rina):
    melati = make.group()
    make.household(rina, in_group=melati)
    form = soup(client.get(f"{TO_GROUP}?kelompok={melati.pk}")).main.form
    assert sends(form)["group"] == [str(melati.pk)]


# --- Taken back ---------------------------------------------------------------------------------------------------


def test_an_assignment_is_taken_back_by_its_button(client, rina, home):
    assignment = given(rina, home)
    form = soup(client.get(url(home))).select_one("form[action*=tarik]")
    assert (form["method"], form["action"]) == ("post", withdraw_url(assignment))
    response = client.post(form["action"], follow=True)
    assert response.redirect_chain == [(url(home), 302)]
    assert messages(response) == "Tugas ditarik. Pelajaran yang sudah selesai tetap tersimpan."
    assignment.refresh_from_db()
    assert assignment.withdrawn_by == rina.user
    assert assignment.withdrawn_at is not None
    assert "Belum ada tugas." in text(soup(response).main)


def test_taken_back_twice_keeps_who_and_when(client, rina, agus, home):
    home.companionships.create(companion=agus)
    assignment = given(rina, home)
    client.post(withdraw_url(assignment))
    before = rows()
    client.force_login(agus.user)
    assert client.post(withdraw_url(assignment)).status_code == 302
    assert rows() == before


def test_what_was_given_anew_meanwhile_stays_and_she_is_told(client, rina, home):
    seen = given(rina, home)
    client.post(url(home), data(word="Pelan saja."), follow=True)
    response = client.post(withdraw_url(seen), follow=True)
    assert messages(response) == "Tugas ini tadi sudah ditarik atau diganti. Tidak ada yang berubah."
    assert "«Pelan saja.»" in text(soup(response).select_one("section[aria-labelledby=tugas]"))


def test_tasks_without_a_due_date_come_last_as_in_the_list(client, rina, home):
    make.learner(home, pin=None)
    for slug, due_on in (("kemasan", None), ("merek", soon())):
        ModuleAssignment.objects.assign([home], make.module(slug).translation_key, by=rina.user, due_on=due_on)
    titles = [make.module(slug).title for slug in ("merek", "kemasan")]
    tasks = soup(client.get(url(home))).select("section[aria-labelledby=tugas] li b")
    assert [text(task) for task in tasks] == titles
    assert f"Tugas: {', '.join(titles)}" in text(soup(client.get("/dampingan/keluarga/")).main)


def test_taking_back_keeps_what_was_learned(client, rina, home):
    sari = make.learner(home, pin=None)
    make.read(sari)
    assignment = given(rina, home)
    before = list(LessonCompletion.objects.values()), list(ModuleProgress.objects.values())
    client.post(withdraw_url(assignment))
    assert (list(LessonCompletion.objects.values()), list(ModuleProgress.objects.values())) == before
    assert "5 dari 5 pelajaran" in text(soup(client.get(url(home))).main)


@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_only_post_takes_back(client, rina, home, method):
    assignment = given(rina, home)
    before = rows()
    assert getattr(client, method)(withdraw_url(assignment)).status_code == 405
    assert rows() == before


# --- Never another's ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_household_is_not_found(client, rina, agus, method):
    foreign = make.household(agus)
    assert getattr(client, method)(url(foreign), data()).status_code == 404
    assert rows() == []


@pytest.mark.parametrize("pk", [0, 10**6, 10**30])
def test_an_unknown_household_is_not_found(client, rina, pk):
    assert client.get(f"/dampingan/keluarga/{pk}/").status_code == 404
    assert client.post(f"/dampingan/tugas/{pk}/tarik/").status_code == 404


def test_a_foreign_assignment_is_not_found(client, rina, agus):
    assignment = given(agus, make.household(agus))
    before = rows()
    assert client.post(withdraw_url(assignment)).status_code == 404
    assert rows() == before


def test_an_ended_companionship_ends_everything_at_once(client, rina, home):
    """Z4."""
    home.group = make.group()
    home.save()
    assignment = given(rina, home)
    before = rows()
    home.companionships.update(ended_at=timezone.now())
    assert client.get(url(home)).status_code == 404
    assert client.post(url(home), data("kemasan")).status_code == 404
    assert client.post(withdraw_url(assignment)).status_code == 404
    assert client.post(TO_GROUP, data("kemasan", group=home.group.pk)).status_code == 422
    assert rows() == before


def test_the_next_companion_sees_what_was_there(client, rina, agus, home):
    """Z4."""
    make.finished(make.learner(home, pin=None), "pengenalan-motivasi")
    given(rina, home)
    home.companionships.update(ended_at=timezone.now())
    home.companionships.create(companion=agus)
    client.force_login(agus.user)
    main = text(soup(client.get(url(home))).main)
    assert f"{make.module('pengenalan-motivasi').title} Selesai" in main
    assert "Tanpa batas waktu" in main


@pytest.mark.parametrize("who", ["visitor", "learner", "coordinator", "editor"])
def test_nobody_else_assigns_or_takes_back(client, agus, who):
    home = make.household(agus, in_group=make.group())
    assignment = given(agus, home, slug="kemasan")
    before = rows()
    people = {
        "learner": lambda: make.learner(home, pin=None).user,
        "coordinator": lambda: make.coordinator(home.region).user,
        "editor": make.staff,
    }
    if who in people:
        client.force_login(people[who]())
    for address in (url(home), TO_GROUP):
        for response in (client.get(address), client.post(address, data(group=home.group.pk))):
            assert response.status_code == (302 if who == "visitor" else 403)
    assert client.post(withdraw_url(assignment)).status_code == (302 if who == "visitor" else 403)
    assert rows() == before


# --- The household's page -----------------------------------------------------------------------------------------


def test_the_household_shows_each_learner_in_each_module_begun(client, rina, home):
    make.finished(make.learner(home, pin=None), "pengenalan-motivasi")
    make.learner(home, first_name="Dedi", address_form="bapak", pin=None)
    people = {
        text(section.h2): section for section in soup(client.get(url(home))).select("section:has(h2[id^=pelajar])")
    }
    done = people["Bu Sari"].select("li.person")
    assert [text(line) for line in done] == [f"{make.module('pengenalan-motivasi').title} Selesai"]
    assert (done[0].progress["value"], done[0].progress["max"]) == ("5", "5")
    assert "Belum mulai belajar." in text(people["Pak Dedi"])


def test_an_assigned_module_that_is_no_longer_published_can_be_taken_back(client, rina, home):
    assignment = given(rina, home)
    make.module().unpublish()
    page = soup(client.get(url(home)))
    assert "Modul yang sedang tidak terbit" in text(page.main)
    assert client.post(page.select_one("form[action*=tarik]")["action"]).status_code == 302
    assignment.refresh_from_db()
    assert assignment.withdrawn_at


@pytest.mark.parametrize("learners", [1, 6])
def test_the_page_takes_the_same_queries_at_any_number_of_learners(
    client, rina, home, learners, django_assert_num_queries
):
    for _ in range(learners):
        make.read(make.learner(home, pin=None), "pengenalan-motivasi")
    for slug in ["merek", "kemasan", "foto-produk"][:learners]:
        given(rina, home, slug=slug)
    with django_assert_num_queries(28):
        page = soup(client.get(url(home)))
    assert len(page.select("li.person")) == learners


# --- The administrator's switch -----------------------------------------------------------------------------------


def learned(companion, slug: str = "merek") -> None:
    module = make.module(slug)
    for part in module.guide:
        GuideCompletion.objects.record(companion, module.translation_key, part.key)


@pytest.fixture
def material_first():
    AssigningRule.objects.update(material_first=True)


@pytest.mark.parametrize("to", ["household", "group"])
def test_switched_on_she_learns_the_material_before_she_assigns(client, rina, material_first, to):
    home = make.household(rina, in_group=make.group())
    address, more = (url(home), {}) if to == "household" else (TO_GROUP, {"group": home.group.pk})
    response = client.post(address, data(due_on=soon().isoformat()) | more)
    assert response.status_code == 422
    assert (
        field_error(response, "module") == "Pelajari dulu materi pendampingnya. Sesudah itu modul ini bisa ditugaskan."
    )
    assert "/dampingan/modul/merek/" in [link["href"] for link in soup(response).main.select("form a.btn")]
    assert sends(soup(response).select("main form")[-1])["due_on"] == [soon().isoformat()]
    assert not ModuleAssignment.objects.exists()
    learned(rina)
    assert client.post(address, data() | more | {"pasti": "1"}).status_code == 302
    assert ModuleAssignment.objects.count() == 1


def test_switched_on_what_she_gave_before_stays_and_can_be_taken_back(client, rina, home, material_first):
    assignment = given(rina, home)
    assert make.module().title in text(soup(client.get(url(home))).main)
    client.post(withdraw_url(assignment))
    assert not ModuleAssignment.objects.current().exists()


def test_the_administrator_switches_it_in_one_row(client):
    client.force_login(make.administrator())
    rule = AssigningRule.objects.get()
    page = client.get(f"/django-admin/progress/assigningrule/{rule.pk}/change/")
    assert "Pendamping belajar dulu" in text(soup(page).form.find_next("form"))
    client.post(f"/django-admin/progress/assigningrule/{rule.pk}/change/", {"material_first": "on"})
    assert AssigningRule.objects.get().material_first is True
    assert client.get("/django-admin/progress/assigningrule/add/").status_code == 403
    assert client.post(f"/django-admin/progress/assigningrule/{rule.pk}/delete/").status_code == 403
