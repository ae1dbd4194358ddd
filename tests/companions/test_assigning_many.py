"""Giving a module or a path to many: what each has already is shown first, and only «pasti» writes."""

import pytest
from django.utils import timezone

from badges.models import Badge
from courses.models import ModuleBusinessType
from learn import intake
from people.models import Companionship, Household
from progress.models import AssigningRule, GuideCompletion, ModuleAssignment
from tests import factories as make
from tests.pages import field_error, sends, soup, text

pytestmark = pytest.mark.django_db
MANY = "/dampingan/tugaskan/"
FIRST = "pengenalan-motivasi"


@pytest.fixture
def path() -> Badge:
    return Badge.objects.get(is_path=True)


def data(slug: str = "merek", **more) -> dict:
    module = slug if slug.startswith("jalur-") else str(make.module(slug).translation_key)
    return {"module": module, "group": "", "business_type": "", "region": "", "due_on": "", "word": ""} | more


def rows() -> list[dict]:
    return list(ModuleAssignment.objects.order_by("pk").values())


def parts(response) -> dict[str, dict[str, str]]:
    """What stands beside each household's name, under its heading."""
    return {
        text(section.h2): {text(row.b): text(row.select_one(".soft")) for row in section.select("li.row")}
        for section in soup(response).select("section.card")
    }


@pytest.mark.parametrize("step", [{}, {"pasti": "ya"}], ids=["preview", "sent"])
def test_a_path_waits_until_the_material_of_each_of_its_modules_is_learned(client, rina, path, step):
    AssigningRule.objects.update(material_first=True)
    make.household(rina)
    modules = [row.module for row in path.required_modules.all()]
    for module in modules[1:]:
        for part in module.guide:
            GuideCompletion.objects.record(rina, module.translation_key, part.key)
    response = client.post(MANY, data(f"jalur-{path.pk}") | step)
    assert (response.status_code, rows()) == (422, [])
    ways = [a["href"] for a in soup(response).main.select("form a.btn") if "/dampingan/modul/" in a["href"]]
    assert ways == [f"/dampingan/modul/{modules[0].slug}/"]


# --- The preview --------------------------------------------------------------------------------------------------


def test_what_each_household_has_already_is_shown_before_anything_is_written(client, rina):
    new, has, other_date, done = (make.household(rina) for _ in range(4))
    key = make.module(FIRST).translation_key
    due = timezone.localdate()
    ModuleAssignment.objects.assign([has], key, by=rina.user, due_on=due)
    ModuleAssignment.objects.assign([other_date], key, by=rina.user)
    make.finished(make.learner(done, pin=None), FIRST)
    before = rows()
    response = client.post(MANY, data(FIRST, due_on=due.isoformat()))
    assert response.status_code == 200
    assert parts(response) == {
        "2 keluarga mendapat yang baru": {new.name: "Modul baru", other_date.name: "Tenggat atau kata berganti"},
        "2 keluarga tidak berubah": {has.name: "Sudah ditugaskan", done.name: "Sudah selesai"},
    }
    assert text(soup(response).select_one("button.main")) == "Tugaskan ke 2 keluarga"
    assert rows() == before


def test_the_preview_sends_on_what_was_typed(client, rina):
    make.household(rina)
    sent = data(due_on="31/12/2099", word="Pelan-pelan saja, <b>Bu</b>.")
    page = soup(client.post(MANY, sent))
    assert "Selesai paling lambat 31 Desember 2099" in text(page.main)
    assert "Kata pendamping Pelan-pelan saja, <b>Bu</b>." in text(page.select_one(".note"))
    form = page.main.form
    client.post(MANY, sends(form) | {"pasti": "ya"})
    stored = ModuleAssignment.objects.get()
    assert (stored.due_on.isoformat(), stored.word) == ("2099-12-31", "Pelan-pelan saja, <b>Bu</b>.")


def test_one_may_go_back_and_change_with_everything_kept(client, rina):
    make.household(rina)
    response = client.post(MANY, data(word="Ayo, Bu!", ubah="ya"))
    assert response.status_code == 200
    assert text(soup(response).select_one("textarea[name=word]")) == "Ayo, Bu!"
    assert sends(soup(response).main.form)["module"] == [str(make.module().translation_key)]
    assert rows() == []


@pytest.mark.parametrize(("word", "households"), [("", 2), ("Ayo!", 2), ("Pelan.", 3)])
def test_as_many_get_something_as_the_button_said(client, rina, word, households):
    homes = [make.household(rina) for _ in range(3)]
    ModuleAssignment.objects.assign(homes[:1], make.module().translation_key, by=rina.user, word="Ayo!")
    button = soup(client.post(MANY, data(word=word))).select_one("button.main")
    response = client.post(MANY, data(word=word, pasti="ya"), follow=True)
    assert text(button) == f"Tugaskan ke {households} keluarga"
    assert f"ditugaskan ke {households} keluarga." in text(soup(response).select_one("main > .note"))


def test_without_a_date_the_preview_does_not_deny_the_due_dates_that_stay(client, rina):
    home = make.household(rina)
    key = make.module().translation_key
    ModuleAssignment.objects.assign([home], key, by=rina.user, due_on=timezone.localdate())
    assert "Tanpa batas waktu" not in text(soup(client.post(MANY, data(word="Ayo!"))).main)
    client.post(MANY, data(word="Ayo!", pasti="ya"))
    assert ModuleAssignment.objects.current().get().due_on == timezone.localdate()


def test_what_a_household_has_chosen_becomes_a_task_when_she_gives_it(client, rina):
    home = make.household(rina)
    sari = make.learner(home, pin=None)
    ModuleAssignment.objects.choose(sari, make.module().translation_key)
    assert "1 keluarga mendapat yang baru" in text(soup(client.post(MANY, data())).main)
    client.post(MANY, data(pasti="ya"))
    assert "Dipilih keluarga" not in text(soup(client.get(f"/dampingan/keluarga/{home.pk}/")).main)
    assert intake.leave_module(sari, make.module()) is False
    client.post(MANY, data(pasti="ya"))
    assert ModuleAssignment.objects.count() == 2, "given again, nothing changes"


def test_where_nobody_fits_it_says_so_and_offers_no_button(client, rina):
    make.household(rina)
    page = soup(client.post(MANY, data(business_type="otomotif")))
    assert "Tidak ada keluarga seperti itu." in text(page.main)
    assert not page.select_one("button[name=pasti]")


# --- To whom ------------------------------------------------------------------------------------------------------


def test_a_second_tap_for_those_without_a_module_finds_that_they_have_it(client, rina):
    make.household(rina)
    form = data(without_module="on", pasti="ya")
    client.post(MANY, form)
    before = rows()
    assert "Di pilihan ini tidak ada yang menunggu modul." in text(soup(client.post(MANY, form)).main)
    assert rows() == before


def test_where_nobody_of_one_group_lacks_a_module_it_does_not_speak_of_all(client, rina):
    melati = make.group()
    given, lacking = make.household(rina, in_group=melati), make.household(rina)
    for home in (given, lacking):
        make.learner(home, pin=None)
    ModuleAssignment.objects.assign([given], make.module().translation_key, by=rina.user)
    page = soup(client.post(MANY, data(FIRST, without_module="on", group=melati.pk)))
    assert "Di pilihan ini tidak ada yang menunggu modul." in text(page.main)
    assert "1 keluarga belum punya modul" in text(soup(client.get("/dampingan/")).main)


@pytest.mark.parametrize("by", ["group", "business_type", "region", "all three", "nothing"])
def test_it_goes_to_those_of_her_own_who_fit(client, rina, by):
    melati, makassar = make.group(), make.region("73.71", "Kota Makassar")
    wanted = make.household(rina, in_group=melati, place=makassar)
    type(wanted).objects.filter(pk=wanted.pk).update(business_type="kuliner")
    other = make.household(rina)
    foreign = make.household(make.companion(), in_group=melati, place=makassar)
    type(foreign).objects.filter(pk=foreign.pk).update(business_type="kuliner")
    fits = {"group": melati.pk, "business_type": "kuliner", "region": "73.71"}
    chosen = {"all three": fits, "nothing": {}}.get(by, {by: fits.get(by)})
    client.post(MANY, data(pasti="ya", **chosen))
    given = {row.household for row in ModuleAssignment.objects.all()}
    assert given == ({wanted, other} if by == "nothing" else {wanted})


@pytest.mark.parametrize("again", [False, True])
def test_who_has_done_it_gets_it_only_when_asked_for(client, rina, again):
    done = make.household(rina)
    make.finished(make.learner(done, pin=None), FIRST)
    client.post(MANY, data(FIRST, pasti="ya") | ({"again": "on"} if again else {}))
    assert ModuleAssignment.objects.exists() is again


@pytest.mark.parametrize(
    ("field", "value"), [("region", "73.71"), ("region", "x"), ("business_type", "tambang"), ("module", "jalur-0")]
)
def test_what_is_not_offered_is_refused_at_its_field(client, rina, field, value):
    make.household(rina)
    make.household(make.companion(), place=make.region("73.71", "Kota Makassar"))
    response = client.post(MANY, data(pasti="ya") | {field: value})
    assert response.status_code == 422
    assert field_error(response, field).startswith("Pilih satu")
    assert rows() == []


def test_a_word_that_is_too_long_is_refused_at_its_field_and_kept(client, rina):
    make.household(rina)
    response = client.post(MANY, data(word="a" * 301, pasti="ya"))
    assert response.status_code == 422
    assert field_error(response, "word") == "Kata ini terlalu panjang. Ringkas sedikit."
    assert text(soup(response).select_one("textarea[name=word]")) == "a" * 301
    assert rows() == []


def test_where_all_families_changed_hands_since_the_preview_it_says_that_nobody_is_left(client, rina):
    """Z4: it said that they had the module already."""
    home, _ = (make.household(rina) for _ in range(2))
    Household.objects.filter(pk=home.pk).update(business_type="kuliner")
    Companionship.objects.hand_over([home], rina, make.companion(), by=rina.user)
    response = client.post(MANY, data(business_type="kuliner", pasti="ya"))
    assert "Tidak ada keluarga seperti itu. Pilih yang lain." in text(soup(response).main)
    assert rows() == []


@pytest.mark.parametrize("where", [MANY, "/dampingan/keluarga/{}/"], ids=["many", "one"])
def test_a_word_keeps_no_identity_number(client, rina, where):
    home = make.household(rina)
    response = client.post(where.format(home.pk), data(word="KTP 3671014505800001", pasti="ya"))
    assert response.status_code == 422
    assert field_error(response, "word") == "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."
    assert text(soup(response).select_one("textarea[name=word]")) == "KTP 3671014505800001"
    assert rows() == []


# --- A path -------------------------------------------------------------------------------------------------------


def test_a_path_gives_each_of_its_modules(client, rina, path):
    home = make.household(rina)
    response = client.post(MANY, data(f"jalur-{path.pk}", pasti="ya", word="Satu-satu saja."), follow=True)
    keys = [row.module.translation_key for row in path.required_modules.all()]
    assert len(keys) == 5
    assert list(ModuleAssignment.objects.order_by("pk").values_list("module_key", flat=True)) == keys
    assert set(ModuleAssignment.objects.values_list("household", "word")) == {(home.pk, "Satu-satu saja.")}
    assert "Jalur Utama PENA (5 modul) ditugaskan ke 1 keluarga." in text(soup(response).select_one("main > .note"))


def test_of_a_path_each_household_gets_what_it_lacks(client, rina, path):
    home = make.household(rina)
    sari = make.learner(home, pin=None)
    make.finished(sari, FIRST, "merek")
    ModuleAssignment.objects.assign([home], make.module("kemasan").translation_key, by=rina.user)
    response = client.post(MANY, data(f"jalur-{path.pk}"))
    assert parts(response) == {
        "1 keluarga mendapat yang baru": {home.name: "3 baru. 1 sudah ditugaskan. 1 sudah selesai."}
    }
    client.post(MANY, data(f"jalur-{path.pk}", pasti="ya"))
    assert ModuleAssignment.objects.current().count() == 4


def test_a_path_given_twice_changes_nothing(client, rina, path):
    make.household(rina)
    client.post(MANY, data(f"jalur-{path.pk}", pasti="ya"))
    before = rows()
    response = client.post(MANY, data(f"jalur-{path.pk}", pasti="ya"), follow=True)
    assert "Tidak ada yang berubah." in text(soup(response).main)
    assert rows() == before


def test_one_household_gets_a_path_on_its_own_page(client, rina, path):
    home = make.household(rina)
    sent = {"module": f"jalur-{path.pk}", "due_on": "", "word": "Ayo!"}
    client.post(f"/dampingan/keluarga/{home.pk}/", sent)
    assert ModuleAssignment.objects.current().filter(household=home, word="Ayo!").count() == 5


# --- Suggestions --------------------------------------------------------------------------------------------------


def suggested(client, home) -> dict[str, str]:
    section = soup(client.get(f"/dampingan/keluarga/{home.pk}/")).select_one("form[aria-labelledby=tugaskan]")
    return {text(row.a): text(row.select_one(".soft")) for row in section.select("ul > li")}


def test_business_and_interest_suggest_modules(client, rina):
    home = make.household(rina)
    type(home).objects.filter(pk=home.pk).update(business_type="jasa", interest="jualan-daring")
    ModuleBusinessType.objects.create(page=make.module("kemasan"), code="kuliner")
    ModuleBusinessType.objects.create(page=make.module("riset-pasar"), code="jasa")
    ModuleAssignment.objects.assign([home], make.module(FIRST).translation_key, by=rina.user)
    assert suggested(client, home) == {
        make.module("pemasaran-digital").title: "Sesuai minat.",
        make.module("riset-pasar").title: "Cocok untuk usahanya.",
        make.module("merek").title: "Berikutnya di jalur.",
    }


def test_what_is_needed_first_says_for_what(client, rina):
    home = make.household(rina)
    type(home).objects.filter(pk=home.pk).update(interest="kemasan")
    first = next(iter(suggested(client, home).items()))
    assert first == (make.module(FIRST).title, f"Perlu dulu untuk «{make.module('kemasan').title}».")


def test_a_suggestion_is_one_tap_away_from_being_given(client, rina):
    home = make.household(rina)
    page = soup(client.get(f"/dampingan/keluarga/{home.pk}/"))
    link = page.select_one("form[aria-labelledby=tugaskan] ul a")
    form = soup(client.get(f"/dampingan/keluarga/{home.pk}/{link['href'].partition('#')[0]}")).select_one(
        "form[aria-labelledby=tugaskan]"
    )
    assert sends(form)["module"] == [str(make.module(FIRST).translation_key)]


# --- Scale --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("households", [1, 50])
def test_a_path_for_many_takes_the_same_queries(client, rina, path, households, django_assert_num_queries):
    for _ in range(households):
        make.household(rina)
    sent = data(f"jalur-{path.pk}")
    with django_assert_num_queries(19):
        client.post(MANY, sent)
