"""The administrator's desk for people."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from learn import rights
from learn.traces import traces_of
from people import spreadsheets
from people.importing import steps
from people.models import Companion, Companionship, Household, HouseholdEvent, Learner, Region, TemporaryPin, User
from people.rules import parse_card_code
from tests import factories, pages

from .importing.files import checked, header, upload

pytestmark = pytest.mark.django_db

PLACE = "/django-admin/people"


@pytest.fixture(autouse=True)
def administrator(client):
    admin = factories.administrator()
    client.force_login(admin)
    return admin


def fill_in(client, path: str, **answers):
    """Opens a form, changes some answers and sends it."""
    form = pages.soup(client.get(path)).select_one("#content-main form")
    return client.post(path, pages.sends(form) | answers)


def test_a_learner_made_here_gets_an_account_and_a_card_code(client):
    home = factories.household()
    answers = {"household": home.pk, "first_name": "Nia", "last_name": "Kurnia", "address_form": "kak"}
    assert fill_in(client, f"{PLACE}/learner/add/", **answers).status_code == 302
    nia = Learner.objects.get()
    assert (nia.household, nia.full_name, nia.greeting_name) == (home, "Nia Kurnia", "Kak Nia")
    assert parse_card_code(nia.user.username)
    assert not nia.user.has_usable_password()
    assert nia.user.username in client.get(f"{PLACE}/learner/").content.decode()


def test_a_learner_changed_here_keeps_account_and_code(client):
    sari = factories.learner(code="SAR1PENA")
    assert fill_in(client, f"{PLACE}/learner/{sari.pk}/change/", last_name="Lestari").status_code == 302
    changed = Learner.objects.get()
    assert (changed.last_name, changed.user.username) == ("Lestari", "SAR1PENA")
    assert User.objects.get(pk=sari.user_id).check_password(factories.PIN)


@pytest.mark.parametrize("desk", [f"{PLACE}/user/{{}}/change/", "/kelola/users/edit/{}/"])
def test_the_name_of_a_learners_account_is_changed_with_the_learner_alone(client, desk):
    """Her household's history would show another name than her own screens."""
    sari = factories.learner(code="SAR1PENA")
    path = desk.format(sari.user_id)
    form = next(
        form
        for form in pages.soup(client.get(path)).select("main form, #content-main form")
        if form.select("[name=username]")
    )
    answers = pages.sends(form) | {"first_name": "Lain", "last_name": "Orang"}
    assert client.post(path, answers).status_code == 302
    account = User.objects.get(pk=sari.user_id)
    assert (account.first_name, account.last_name) == (sari.user.first_name, sari.user.last_name)


def test_a_learner_gets_another_code_here_and_the_first_pin_is_made_with_it(client):
    """Her card was lost."""
    sari = factories.learner(code="SAR1PENA", pin=None)
    assert fill_in(client, f"{PLACE}/user/{sari.user_id}/change/", username="sari2lai").status_code == 302
    pin = {"code": "SARI 2LAI", "pin": factories.PIN, "again": factories.PIN}
    assert Client().post("/masuk/pertama/", pin)["Location"] == "/belajar/"


@pytest.mark.parametrize("code", ["BUSARI01", "sari.baru", "SAR1"])
def test_what_no_card_can_bear_is_no_learners_code(client, code):
    """With a U, say: from her card nobody could sign in."""
    sari = factories.learner(code="SAR1PENA")
    response = fill_in(client, f"{PLACE}/user/{sari.user_id}/change/", username=code)
    assert "Kode kartu ada delapan huruf dan angka, tanpa huruf U." in pages.text(pages.soup(response))
    assert User.objects.get(pk=sari.user_id).username == "SAR1PENA"


def give_pin(client, sari: Learner, **answers) -> None:
    answers = {"usable_password": "true", "password1": "918273", "password2": "918273"} | answers
    assert fill_in(client, f"{PLACE}/user/{sari.user_id}/password/", **answers).status_code == 302


def give_pin_at_the_editors_desk(client, sari: Learner) -> None:
    account = {"username": sari.user.username, "first_name": "Sari", "last_name": "W.", "is_active": "on"}
    pins = {"password1": "918273", "password2": "918273"}
    assert client.post(f"/kelola/users/edit/{sari.user_id}/", account | pins).status_code == 302
    assert client.post(f"/kelola/users/edit/{sari.user_id}/", account).status_code == 302, "no PIN given, none told"


@pytest.mark.parametrize("give_pin", [give_pin, give_pin_at_the_editors_desk])
def test_a_pin_that_is_given_here_is_a_temporary_one(client, administrator, give_pin):
    """A9, Z5: also after one that is over, which nobody could sign in with any more."""
    sari = factories.learner()
    over = timezone.now() - timedelta(days=1)
    TemporaryPin.objects.create(learner=sari, issued_by=administrator, issued_at=over, expires_at=over)
    give_pin(client, sari)
    phone = Client()
    signed_in = phone.post("/masuk/", {"login": sari.user.username, "password": "918273"})
    assert signed_in["Location"] == "/belajar/"
    assert phone.get("/belajar/")["Location"] == "/masuk/pin-baru/"
    assert sari.household.events.get(kind="pin_reset").by == administrator


def test_a_pin_that_is_taken_away_here_leaves_a_new_card(client):
    sari = factories.learner()
    give_pin(client, sari, usable_password="false")
    assert not TemporaryPin.objects.exists()
    pin = {"code": sari.user.username, "pin": factories.PIN, "again": factories.PIN}
    assert Client().post("/masuk/pertama/", pin)["Location"] == "/belajar/"


def test_what_is_changed_here_stands_in_the_history_so_that_erasing_finds_it(client, administrator):
    """P4"""
    siti = factories.learner(first_name="Siti", last_name="Aminah")
    old, new = siti.household, factories.household()
    change = f"{PLACE}/learner/{siti.pk}/change/"
    assert fill_in(client, change, household=new.pk, first_name="Sari").status_code == 302
    assert fill_in(client, change).status_code == 302, "nothing changed, nothing told"
    told = HouseholdEvent.objects.filter(by=administrator).order_by("pk").values_list("household", "kind", "text")
    moved = ("learner_moved", f"Sari Aminah: {old} → {new}")
    assert list(told) == [(old.pk, "corrected", "Siti Aminah → Sari Aminah"), (old.pk, *moved), (new.pk, *moved)]
    traces = traces_of(Learner.objects.get())
    assert (traces.households, "Siti Aminah" in traces.names) == ({old.pk, new.pk}, True)


def test_who_made_a_learner_here_stands_in_the_history(client, administrator):
    answers = {"household": factories.household().pk, "first_name": "Nia", "address_form": "kak"}
    fill_in(client, f"{PLACE}/learner/add/", **answers)
    assert Learner.objects.get().household.events.get(kind="learner_added").by == administrator


@pytest.mark.parametrize("kind", ["learner", "user"])
def test_nobody_deletes_a_learner_here(client, kind):
    """P4: her name would stay in histories, her files on the disk."""
    sari = factories.learner()
    pk = sari.pk if kind == "learner" else sari.user_id
    client.post(f"{PLACE}/{kind}/{pk}/delete/", {"post": "yes"})
    client.post(f"{PLACE}/{kind}/", {"action": "delete_selected", "_selected_action": pk, "post": "yes"})
    assert Learner.objects.get().user.username == sari.user.username


def test_a_region_is_renamed_here_and_keeps_its_code(client):
    for code, name in (("36", "Banten"), ("73", "Sulawesi Selatan")):
        factories.region(code, name, "province")
    assert fill_in(client, f"{PLACE}/region/36/change/", name="Banten Baru", code="73").status_code == 302
    names = dict(Region.objects.filter(pk__in=["36", "73"]).values_list("code", "name"))
    assert names == {"36": "Banten Baru", "73": "Sulawesi Selatan"}


def test_a_household_is_given_a_companion_here(client, administrator):
    rina, place = factories.companion(), factories.region()
    answers = {
        "name": "Keluarga Nia",
        "region": place.pk,
        "companionships-TOTAL_FORMS": "1",
        "companionships-0-companion": rina.pk,
        "companionships-0-started_at_0": "2026-11-22",
        "companionships-0-started_at_1": "08:00",
    }
    assert fill_in(client, f"{PLACE}/household/add/", **answers).status_code == 302
    assert Companionship.objects.get(ended_at=None).companion == rina
    assert Household.objects.for_companion(rina.user).get().name == "Keluarga Nia"
    assert HouseholdEvent.objects.filter(kind="companion_started", by=administrator, text=str(rina)).count() == 1


def test_a_household_is_given_no_companion_here_whose_account_is_closed(client):
    """Her families would be nobody's."""
    rina, home = factories.companion(), factories.household()
    User.objects.filter(companion=rina).update(is_active=False)
    line = {"companionships-TOTAL_FORMS": "1", "companionships-0-companion": rina.pk}
    line |= {"companionships-0-started_at_0": "2026-11-22", "companionships-0-started_at_1": "08:00"}
    response = fill_in(client, f"{PLACE}/household/{home.pk}/change/", **line)
    assert "Akun pendamping ini sudah ditutup." in pages.text(pages.soup(response))
    assert not home.companionships.exists()


def test_who_accompanied_a_household_until_now_stays_on_record(client, administrator):
    """Another companion chosen in her line made it look as if she had never come."""
    rina, agus = factories.companion(), factories.companion()
    home = factories.household(by=rina)
    change = f"{PLACE}/household/{home.pk}/change/"
    line = {"companionships-0-companion": agus.pk, "companionships-0-DELETE": "on"}
    today = timezone.localdate().isoformat()
    ended = {"companionships-0-ended_at_0": today, "companionships-0-ended_at_1": "08:00"}
    for answers in (line, ended, {}):
        assert fill_in(client, change, **answers).status_code == 302
    kept = home.companionships.get()
    assert (kept.companion, kept.ended_at is None) == (rina, False)
    told = home.events.values_list("kind", "text", "by")
    assert list(told) == [("companion_ended", str(rina), administrator.pk)]


@pytest.mark.parametrize(
    ("typed", "kept"), [("0812-3456-7890", "+6281234567890"), ("+6281234567890", "+6281234567890"), ("", "")]
)
@pytest.mark.parametrize("kind", [Household, Companion])
def test_a_phone_number_is_kept_here_as_links_to_whatsapp_need_it(client, kind, typed, kept):
    one = factories.household() if kind is Household else factories.companion()
    path = f"{PLACE}/{kind._meta.model_name}/{one.pk}/change/"
    assert fill_in(client, path, phone=typed).status_code == 302
    assert kind.objects.get(pk=one.pk).phone == kept
    assert fill_in(client, path).status_code == 302
    assert kind.objects.get(pk=one.pk).phone == kept, "sent again as it was shown"


def test_what_is_no_phone_number_is_refused_here_in_words(client):
    home = factories.household()
    response = fill_in(client, f"{PLACE}/household/{home.pk}/change/", phone="tidak ada")
    assert "Nomor HP ini belum jelas." in pages.text(pages.soup(response))


def test_what_is_changed_of_a_family_here_stands_in_its_history(client, administrator):
    """As at every other door: that she moved to another region, say, which takes her out of a coordinator's sight."""
    place = factories.region("73.71", "Kota Makassar")
    answers = {"name": "Keluarga Nia", "region": factories.region().pk}
    assert fill_in(client, f"{PLACE}/household/add/", **answers).status_code == 302
    home = Household.objects.get()
    for _ in range(2):
        fill_in(client, f"{PLACE}/household/{home.pk}/change/", region=place.pk, phone="0812-3456-7890")
    told = home.events.order_by("pk").values_list("kind", "text", "by")
    made, moved = ("household_made", "Keluarga Nia"), ("corrected", "Wilayah, nomor HP")
    assert list(told) == [(*made, administrator.pk), (*moved, administrator.pk)]


@pytest.mark.parametrize("households", [1, 5])
def test_a_longer_list_of_families_takes_no_more_queries(client, django_assert_num_queries, households):
    for _ in range(households):
        factories.household(in_group=factories.group())
    client.get(f"{PLACE}/household/")
    with django_assert_num_queries(6):
        client.get(f"{PLACE}/household/")


@pytest.mark.parametrize(
    ("kind", "heads"),
    [
        ("companion", ["Akun", "Jenis"]),
        ("coordinator", ["Akun", "Wilayah"]),
        ("learner", ["Nama", "Keluarga", "Kode kartu"]),
    ],
)
def test_lists_of_people_have_heads_in_indonesian(client, kind, heads):
    factories.learner(factories.household(by=factories.companion()), pin=None)
    factories.coordinator(factories.region())
    page = pages.soup(client.get(f"{PLACE}/{kind}/"))
    shown = [pages.text(head).capitalize() for head in page.select("#result_list thead .text")]
    assert list(filter(None, shown)) == heads


def test_an_end_that_is_to_come_is_refused(client):
    """She lost the family at once, weeks before the day that stood there."""
    rina = factories.companion()
    home = factories.household(by=rina)
    soon = timezone.localdate() + timedelta(days=30)
    ended = {"companionships-0-ended_at_0": soon.isoformat(), "companionships-0-ended_at_1": "08:00"}
    response = fill_in(client, f"{PLACE}/household/{home.pk}/change/", **ended)
    assert "Tanggal ini belum tiba." in pages.text(pages.soup(response))
    assert home.companionships.get().ended_at is None


def test_a_second_factor_is_taken_away_here_and_its_secret_shown_to_nobody(client):
    """With it and a temporary password one could sign in as another, and edit in her name."""
    factor = Authenticator.objects.create(
        user=factories.staff("Peninjau materi"), type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    path = "/django-admin/mfa/authenticator/"
    assert "JBSWY3DPEHPK3PXP" not in client.get(f"{path}{factor.pk}/change/").text
    assert client.get(f"{path}add/").status_code == 403
    client.post(f"{path}{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("way", ["{pk}/delete/", ""])
def test_with_the_last_second_factor_go_the_codes_for_a_lost_phone(client, way):
    """By them alone nobody is asked for one at the sign-in, and every page took her to have shown it."""
    maya, kinds = factories.staff("Peninjau materi"), [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    totp, _ = (Authenticator.objects.create(user=maya, type=kind, data={}) for kind in kinds)
    chosen = {"post": "yes", "action": "delete_selected", "_selected_action": totp.pk}
    client.post(f"/django-admin/mfa/authenticator/{way.format(pk=totp.pk)}", chosen)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("kind", "field"), [("household", "name"), ("household", "reference"), ("learner", "last_name")]
)
def test_an_identity_number_is_refused_here_too(client, kind, field):
    """Every other way in refuses it."""
    sari = factories.learner()
    pk = sari.pk if kind == "learner" else sari.household_id
    response = fill_in(client, f"{PLACE}/{kind}/{pk}/change/", **{field: "3671015505900001"})
    assert "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu." in pages.text(pages.soup(response))


def add_staff(client, name: str, password: str):
    answers = {"username": name, "usable_password": "true", "password1": password, "password2": password}
    return fill_in(client, f"{PLACE}/user/add/", **answers)


def test_a_staff_account_is_made_here(client):
    assert add_staff(client, "nia.kurnia", factories.PASSWORD).status_code == 302
    assert User.objects.get(username="nia.kurnia").check_password(factories.PASSWORD)


def test_a_staff_name_is_kept_as_the_import_looks_for_it(client, administrator):
    """«Rina.Marlina» was nobody there: as a companion she came in a second time, and then neither could sign in."""
    add_staff(client, "Rina.Marlina", factories.PASSWORD)
    rina = Companion.objects.create(user=User.objects.get(username="rina.marlina"))
    home = ["K-1", "Keluarga Sari", "36.71.01", "", "", "", "Rina.Marlina"]
    for kind, row in {"pendamping": ["Rina.Marlina", "Rina", "", "", ""], "keluarga": home}.items():
        batch = checked(kind, upload(spreadsheets.to_xlsx(header(kind), [row])), administrator)
        steps.save(batch, by=administrator)
    assert Companionship.objects.get().companion == Companion.objects.get() == rina


@pytest.mark.parametrize("name", ["admin.uji", "Admin.Uji"])
def test_a_name_that_is_taken_is_refused_in_words(client, name):
    """It was an error page."""
    response = add_staff(client, name, factories.PASSWORD)
    assert "Nama akun itu sudah dipakai." in pages.text(pages.soup(response))


@pytest.mark.parametrize("kind", ["companion", "coordinator"])
def test_a_learners_account_is_no_staffs(client, kind):
    """A PIN of six digits would open the data of families."""
    sari, place = factories.learner(), factories.region()
    answers = {"user": sari.user_id, "type": "pkh", "scope_region": place.pk}
    response = fill_in(client, f"{PLACE}/{kind}/add/", **answers)
    assert "Ini akun pelajar." in pages.text(pages.soup(response))


def test_nobody_closes_her_own_account_here(client, administrator):
    """The only administrator could never come back."""
    path = f"{PLACE}/user/{administrator.pk}/change/"
    assert fill_in(client, path, first_name="Admin", is_active="", is_superuser="").status_code == 302
    administrator.refresh_from_db()
    assert (administrator.first_name, administrator.is_active, administrator.is_superuser) == ("Admin", True, True)


def test_a_staff_name_like_a_card_code_is_refused_in_words(client):
    response = add_staff(client, "saripena", factories.PASSWORD)
    assert response.status_code == 200
    assert "mirip kode kartu" in response.content.decode()


def test_a_short_staff_password_is_refused_here_too(client):
    add_staff(client, "nia.kurnia", "pendek")
    assert not User.objects.filter(username="nia.kurnia").exists()


def test_only_administrators_come_here(client):
    for user in (factories.learner().user, factories.companion().user, factories.staff("Penulis materi")):
        client.force_login(user)
        assert client.get(f"{PLACE}/learner/").status_code == 403, user


def test_an_account_without_email_or_second_name_is_made_and_closed_at_the_editors_desk(client):
    """It was told to close it there, and then asked for both."""
    answers = {"username": "suharti.tangerang", "first_name": "Suharti"}
    passwords = dict.fromkeys(["password1", "password2"], factories.PASSWORD)
    assert client.post("/kelola/users/new/", answers | passwords).status_code == 302
    suharti = User.objects.get(username="suharti.tangerang")
    assert suharti.is_active
    assert client.post(f"/kelola/users/edit/{suharti.pk}/", answers).status_code == 302
    assert not User.objects.get(pk=suharti.pk).is_active


def test_whom_the_editors_desk_makes_an_administrator_comes_in_here_too(client):
    """She was refused here, and could not tell why: the mark that Django asks for stands in no form there."""
    answers = {"username": "nia.kurnia", "first_name": "Nia", "is_superuser": "on"}
    passwords = dict.fromkeys(["password1", "password2"], factories.PASSWORD)
    client.post("/kelola/users/new/", answers | passwords)
    nia = User.objects.get(username="nia.kurnia")
    User.objects.update(must_choose_password=False)
    client.force_login(nia)
    assert client.get(f"{PLACE}/learner/").status_code == 200


@pytest.mark.parametrize("address", ["users/delete/{}/", "bulk/people/user/delete/?id={}"])
def test_nobody_deletes_an_account_at_the_editors_desk_either(client, address):
    """P4; and whoever accompanies families cannot be deleted at all."""
    for user in (factories.learner().user, factories.companion().user):
        response = client.post(f"/kelola/{address.format(user.pk)}", follow=True)
        assert "Tutup saja: matikan centang «Aktif»." in pages.text(pages.soup(response))
        assert User.objects.filter(pk=user.pk).exists()
    page = pages.soup(client.get(f"/kelola/users/edit/{user.pk}/"))
    assert "Aktif" in pages.text(page.select_one("label[for=id_is_active]"))


def test_nothing_stands_here_that_nobody_has_looked_at():
    """What others wrote registers itself: all secrets of the second factor stood here so, and addresses without which
    nobody could set one up."""
    labels = {model._meta.label for model in admin.site._registry}
    theirs = {label for label in labels if not label.startswith(("people.", "progress."))}
    assert theirs == {"auth.Group", "mfa.Authenticator", "taggit.Tag", "wagtaildocs.Document"}


def open_page(client, path: str) -> dict[str, list[str]]:
    """What its form sends when its button is pressed, whatever has happened since."""
    return pages.sends(pages.soup(client.get(path)).select_one("#content-main form"))


def test_a_page_that_was_open_during_a_hand_over_brings_no_companion_back(client, administrator):
    rina, agus = factories.companion(), factories.companion()
    home = factories.household(rina)
    change = f"{PLACE}/household/{home.pk}/change/"
    opened = open_page(client, change)
    Companionship.objects.hand_over([home], rina, agus, by=administrator)
    assert client.post(change, opened | {"name": "Keluarga Nia"}).status_code == 302
    assert [one.companion for one in home.companionships.filter(ended_at=None)] == [agus]
    assert not Household.objects.for_companion(rina.user).exists()


def test_a_page_that_was_open_when_a_family_withdrew_gives_no_leave_to_write_again(client):
    sari = factories.learner()
    homes = Household.objects.filter(pk=sari.household_id)
    homes.update(phone="+628123456789", messages_welcome=True)
    change = f"{PLACE}/household/{sari.household_id}/change/"
    opened = open_page(client, change)
    rights.withdraw(sari, by=sari.user)
    assert client.post(change, opened | {"name": "Keluarga Nia"}).status_code == 302
    assert homes.values_list("name", "phone", "messages_welcome").get() == ("Keluarga Nia", "+628123456789", False)


def test_a_page_that_was_open_when_a_learner_moved_takes_her_nowhere(client, administrator):
    sari, home = factories.learner(), factories.household()
    change = f"{PLACE}/learner/{sari.pk}/change/"
    opened = open_page(client, change)
    Learner.objects.move(sari, home, by=administrator)
    assert client.post(change, opened | {"last_name": "Lestari"}).status_code == 302
    moved = Learner.objects.get()
    assert (moved.household, moved.last_name) == (home, "Lestari")


def test_a_page_that_was_open_when_a_group_was_renamed_keeps_its_name(client):
    group, place = factories.group(), factories.region("36.71.02")
    change = f"{PLACE}/householdgroup/{group.pk}/change/"
    opened = open_page(client, change)
    type(group).objects.filter(pk=group.pk).update(name="Kelompok Mawar")
    assert client.post(change, opened | {"region": place.pk}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.region) == ("Kelompok Mawar", place)


@pytest.mark.parametrize("desk", [f"{PLACE}/user/{{}}/change/", "/kelola/users/edit/{}/"])
def test_a_page_that_was_open_when_a_learner_withdrew_does_not_open_her_account(client, desk):
    sari = factories.learner()
    change = desk.format(sari.user_id)
    form = pages.soup(client.get(change)).select_one("form:has([name=is_active])")
    rights.withdraw(sari, by=sari.user)
    assert client.post(change, pages.sends(form) | {"email": "sari@contoh.id"}).status_code == 302
    kept = User.objects.get(pk=sari.user_id)
    assert (kept.email, kept.is_active, kept.closed_by_withdrawal) == ("sari@contoh.id", False, True)
