"""Who may see whom, and how an account is made."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from people.models import Companionship, Household, HouseholdEvent, HouseholdGroup, Learner, Region, User
from people.rules import parse_card_code
from tests import factories

pytestmark = pytest.mark.django_db


def hand_over(household: Household, new=None) -> None:
    """The companion of ``household`` is somebody else from now on, or nobody."""
    household.companionships.filter(ended_at=None).update(ended_at=timezone.now())
    if new:
        Companionship.objects.create(household=household, companion=new)


# --- The history -------------------------------------------------------------------------------------------------


def test_a_line_about_the_longest_names_is_cut_to_what_it_holds():
    """PostgreSQL would refuse the whole move."""
    sari = factories.learner(first_name="s" * 60, last_name="w" * 60)
    new = factories.household()
    sari.household.name, new.name = "o" * 120, "n" * 120
    sari.household.save()
    Learner.objects.move(sari, new, by=None)
    assert new.events.get().text == f"{'s' * 60} {'w' * 60}: {'o' * 120} → {'n' * 3}…"


@pytest.mark.parametrize("start", ["start", "start_all"])
def test_so_is_a_line_about_the_companion_with_the_longest_name(start):
    rina, home = factories.companion(), factories.household()
    User.objects.filter(pk=rina.user_id).update(first_name="r" * 150, last_name="l" * 150)
    rina.refresh_from_db()
    if start == "start":
        Companionship.objects.start(home, rina, by=None)
    else:
        Companionship.objects.start_all([(home, rina)], by=None)
    assert home.events.get().text == f"{'r' * 150} {'l' * 98}…"


def test_each_move_is_told_from_where_she_was_and_once():
    """Somebody else may have moved her since her page was opened."""
    old, new, newest = homes = [factories.household() for _ in range(3)]
    for home, home.name in zip(homes, ("Lama", "Baru", "Terbaru"), strict=True):
        home.save()
    sari = factories.learner(old)
    first, second, third = (Learner.objects.select_related("household").get(pk=sari.pk) for _ in range(3))
    assert [Learner.objects.move(one, new, by=None) for one in (first, second)] == [True, False]
    assert Learner.objects.move(third, newest, by=None) is True
    moves = HouseholdEvent.objects.filter(kind=HouseholdEvent.Kind.LEARNER_MOVED).order_by("pk")
    assert [(line.household.name, line.text.partition(": ")[2]) for line in moves] == [
        ("Lama", "Lama → Baru"),
        ("Baru", "Lama → Baru"),
        ("Baru", "Baru → Terbaru"),
        ("Terbaru", "Baru → Terbaru"),
    ]


@pytest.mark.parametrize("many", [1, 40])
def test_learners_are_corrected_in_the_same_queries_however_many(many, django_assert_num_queries):
    learners = [factories.learner() for _ in range(many)]
    corrections = [(one, {"first_name": f"Nama {one.pk}", "face": "burung"}) for one in learners]
    same = factories.learner()
    with django_assert_num_queries(7):  # two of a savepoint
        assert Learner.objects.correct_all([*corrections, (same, {"face": same.face})], by=None) == many
    assert User.objects.get(learner=learners[-1]).first_name == f"Nama {learners[-1].pk}"
    [line] = learners[-1].household.events.filter(kind=HouseholdEvent.Kind.CORRECTED)
    assert line.text.endswith(f"→ {Learner.objects.get(pk=learners[-1].pk)}")
    assert not same.household.events.filter(kind=HouseholdEvent.Kind.CORRECTED).exists()


# --- The companion's door ----------------------------------------------------------------------------------------


def test_a_companion_finds_her_households_and_their_learners():
    rina = factories.companion()
    sari = factories.learner(factories.household(by=rina))
    factories.learner(factories.household(by=factories.companion()))
    assert list(Household.objects.for_companion(rina.user)) == [sari.household]
    assert list(Learner.objects.for_companion(rina.user)) == [sari]


@pytest.mark.parametrize("households", [1, 50])
def test_she_finds_one_or_many_with_one_query(households, django_assert_num_queries):
    rina = factories.companion()
    for _ in range(households):
        factories.household(by=rina)
    with django_assert_num_queries(1):
        assert len(Household.objects.for_companion(rina.user)) == households


def test_a_household_with_two_companions_is_found_once_by_each():
    rina, agus = factories.companion(), factories.companion()
    home = factories.household(by=rina)
    Companionship.objects.create(household=home, companion=agus)
    assert Household.objects.for_companion(rina.user).get() == home
    assert Household.objects.for_companion(agus.user).get() == home


def test_a_companion_who_has_handed_over_finds_the_household_no_more():
    """Z4"""
    rina = factories.companion()
    sari = factories.learner(factories.household(by=rina, in_group=factories.group()))
    hand_over(sari.household)
    assert not Household.objects.for_companion(rina.user).exists()
    assert not Learner.objects.for_companion(rina.user).exists()
    assert not HouseholdGroup.objects.for_companion(rina.user).exists()


def test_the_companion_who_takes_over_finds_it_at_once():
    rina, agus = factories.companion(), factories.companion()
    home = factories.household(by=rina)
    hand_over(home, agus)
    assert Household.objects.for_companion(agus.user).get() == home


def test_a_companion_who_comes_back_finds_it_once():
    rina = factories.companion()
    home = factories.household(by=rina)
    hand_over(home, rina)
    assert Household.objects.for_companion(rina.user).get() == home


def test_nobody_accompanies_a_household_twice_at_a_time():
    rina = factories.companion()
    home = factories.household(by=rina)
    with pytest.raises(IntegrityError):
        Companionship.objects.create(household=home, companion=rina)


def test_a_companion_finds_the_groups_in_which_she_accompanies_somebody():
    rina = factories.companion()
    melati, kenanga = factories.group(), factories.group()
    for _ in range(2):
        factories.household(by=rina, in_group=melati)
    factories.household(by=factories.companion(), in_group=kenanga)
    assert list(HouseholdGroup.objects.for_companion(rina.user)) == [melati]


def strangers() -> dict[str, User]:
    """Everybody who accompanies nobody and looks on over nothing."""
    return {
        "a learner": factories.learner().user,
        "a companion": factories.companion().user,
        "an editor": factories.staff("Penulis materi"),
        "an administrator": factories.administrator("admin.lain"),
    }


def test_nobody_else_finds_anything_through_the_companions_door():
    factories.household(by=factories.companion(), in_group=factories.group())
    for who, user in strangers().items():
        assert not Household.objects.for_companion(user).exists(), who
        assert not Learner.objects.for_companion(user).exists(), who
        assert not HouseholdGroup.objects.for_companion(user).exists(), who


def test_a_coordinator_is_no_companion():
    home = factories.household(by=factories.companion())
    assert not Household.objects.for_companion(factories.coordinator(home.region).user).exists()


# --- The coordinator's door --------------------------------------------------------------------------------------


def homes(*codes: str) -> dict[str, Household]:
    """A household with a learner in the region of each code."""
    made = {code: factories.household(place=factories.region(code, code)) for code in codes}
    for home in made.values():
        factories.learner(home)
    return made


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        ("36", {"36", "36.7", "36.7.01", "36.71", "36.71.01"}),
        ("36.7", {"36.7", "36.7.01"}),  # 36.71 is not below it, only spelt alike
        ("36.71", {"36.71", "36.71.01"}),
        ("36.71.01", {"36.71.01"}),
        ("3", set()),
        ("73", {"73.71"}),
        ("36_71", set()),
        ("%", set()),
    ],
)
def test_a_coordinator_finds_her_region_and_what_lies_below(scope, sees):
    """Z2"""
    made = homes("36", "36.7", "36.7.01", "36.71", "36.71.01", "73.71")
    hadi = factories.coordinator(factories.region(scope, scope))
    assert set(Household.objects.for_coordinator(hadi.user)) == {made[code] for code in sees}
    assert {learner.household for learner in Learner.objects.for_coordinator(hadi.user)} == {
        made[code] for code in sees
    }


@pytest.mark.parametrize(
    ("within", "sees"), [("36.71", {"36.71", "36.71.01"}), ("36.71.01", {"36.71.01"}), ("36", set()), ("36.7", set())]
)
def test_a_coordinator_looks_into_one_region_of_hers_and_into_no_other(within, sees):
    """Z2"""
    made = homes("36", "36.7", "36.71", "36.71.01")
    hadi = factories.coordinator(factories.region("36.71"))
    inside = Household.objects.for_coordinator(hadi.user, factories.region(within))
    assert set(inside) == {made[code] for code in sees}
    assert all(region.code.startswith("36.71") for region in Region.objects.for_coordinator(hadi.user))
    assert Region.objects.for_coordinator(hadi.user).filter(code=within).exists() is bool(sees)


def test_nobody_else_finds_anything_through_the_coordinators_door():
    homes("36.71")
    for who, user in strangers().items():
        assert not Household.objects.for_coordinator(user).exists(), who
        assert not Learner.objects.for_coordinator(user).exists(), who
        assert not Region.objects.for_coordinator(user).exists(), who


# --- Learners and their accounts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address_form", "greeting"), [("ibu", "Bu Sari"), ("bapak", "Pak Sari"), ("kak", "Kak Sari"), ("none", "Sari")]
)
def test_a_learner_is_greeted_as_she_likes(address_form, greeting):
    assert Learner(first_name="Sari", last_name="Wulandari", address_form=address_form).greeting_name == greeting


@pytest.mark.parametrize(
    ("first", "last", "public"),
    [
        ("Sari", "Wulandari", "Sari W."),
        ("Sari", "", "Sari"),
        ("Siti Nur", "Aisyah", "Siti Nur A."),
        ("Sari", "wulandari putri", "Sari w."),
    ],
)
def test_a_stranger_reads_first_name_and_initial_only(first, last, public):
    assert Learner(first_name=first, last_name=last, address_form="ibu").public_name == public


def test_enrolling_makes_an_account_that_the_code_and_the_pin_open():
    sari = factories.learner()
    account = User.objects.get(pk=sari.user_id)
    assert parse_card_code(account.username) == account.username
    assert account.check_password(factories.PIN)
    assert account.is_learner
    assert not (account.is_staff or account.is_superuser or account.is_companion or account.is_coordinator)


def corrections(learner: Learner) -> list[str]:
    lines = learner.household.events.filter(kind="corrected")
    return list(lines.order_by("pk").values_list("text", flat=True))


def test_a_corrected_name_is_her_accounts_too_and_the_history_keeps_the_old_one():
    siti, rina = factories.learner(first_name="Siti", last_name="Aminah"), factories.companion()
    assert Learner.objects.correct(siti, by=rina.user, first_name="Sari", last_name="Aminah", address_form="kak")
    assert User.objects.get(pk=siti.user_id).first_name == siti.first_name == "Sari"
    assert corrections(siti) == ["Siti Aminah → Sari Aminah"]


def test_where_a_learner_keeps_her_name_the_history_tells_what_was_corrected():
    sari = factories.learner(last_name="Wulandari")
    Learner.objects.correct(sari, by=None, first_name="Sari", address_form="kak", reference="A-7")
    assert corrections(sari) == ["Sari Wulandari: sapaan, nomor sendiri"]


def test_a_learner_corrected_to_the_same_leaves_no_line():
    sari = factories.learner(last_name="Wulandari")
    assert Learner.objects.correct(sari, by=None, first_name="Sari", last_name="Wulandari") is False
    assert corrections(sari) == []


def test_every_learner_has_a_code_of_her_own():
    home = factories.household()
    codes = {factories.learner(home, pin=None).user.username for _ in range(20)}
    assert len(codes) == 20


def test_a_code_that_is_taken_is_not_given_twice():
    first = factories.learner(code="SAR1PENA")
    second = factories.learner(code="SAR1PENA")
    assert first.user.username == "SAR1PENA"
    assert second.user.username != "SAR1PENA"
    assert parse_card_code(second.user.username)


def test_a_learner_without_a_pin_has_no_secret_that_opens():
    dedi = factories.learner(pin=None)
    assert not dedi.user.has_usable_password()
    assert not dedi.user.check_password("")


@pytest.mark.parametrize("name", ["sar1pena", "SARIPENA", "SARI-PENA"])
def test_a_staff_name_that_reads_as_a_card_code_is_refused(name):
    """Its owner could never sign in: the sign-in would look for a card."""
    with pytest.raises(ValidationError, match="mirip kode kartu"):
        User(username=name).full_clean(exclude=["password"])


def test_a_staff_name_with_a_dot_and_a_learners_code_are_welcome():
    User(username="rani.sari").full_clean(exclude=["password"])
    factories.learner().user.full_clean()


def test_names_of_staff_from_before_are_written_small_unless_that_name_is_taken():
    names = ["Rina.Marlina", "Budi.Baru", "budi.baru", "agus.salim"]
    User.objects.bulk_create(User(username=name) for name in names)
    sari = factories.learner(code="SAR1PENA")
    import_module("people.migrations.0011_names_in_lower_case").write_small(apps, None)
    expected = ["rina.marlina", "Budi.Baru", "budi.baru", "agus.salim", sari.user.username]
    assert list(User.objects.order_by("pk").values_list("username", flat=True)) == expected


@pytest.mark.parametrize("code", ["Banten", "", "3", "36-71", "36.", "36.71\n"])
def test_a_region_needs_a_code_of_the_ministry(code):
    """Its first two digits say what time it is there."""
    with pytest.raises(ValidationError):
        Region(code=code, name="Banten", level="province").full_clean()


def test_a_household_lives_by_the_time_of_its_region():
    assert factories.household(place=factories.region("73.71", "Kota Makassar")).time_zone == "Asia/Makassar"


def test_a_companion_has_the_time_zone_of_the_households_that_are_hers_now():
    rina = factories.companion()
    factories.household(rina, place=factories.region("91.71", "Kota Jayapura"))
    lent = factories.household(rina)
    assert User.objects.get(pk=rina.user_id).time_zone == "Asia/Jakarta"
    Companionship.objects.end_all([lent], rina, by=rina.user)
    assert User.objects.get(pk=rina.user_id).time_zone == "Asia/Jayapura"
