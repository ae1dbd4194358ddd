"""Z3: a form changes the fields that it shows, whatever else is sent along; a page tells what its reader may know."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import NOT_PROVIDED, BooleanField, Model
from django.test import RequestFactory

from people import exporting
from people.models import (
    Companion,
    Companionship,
    Consent,
    Coordinator,
    Household,
    HouseholdGroup,
    Learner,
    TemporaryPin,
    User,
)
from tests import factories, pages
from tests.lms.world import World
from tests.test_architecture import RANK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]

# --- Writing -----------------------------------------------------------------------------------------------------


def rows() -> dict[tuple[type[Model], Any], dict]:
    """Every row of our tables: its model and number, and what it holds."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in RANK]
    return {(model, row["pk"]): row for model in models for row in model._base_manager.values("pk", *columns(model))}


def columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields if not field.primary_key]


def written(before: dict, after: dict) -> set[str]:
    """What changed, as «Learner.face», and what was made, as «new Learner.face» for each field that is not as usual."""
    found = set()
    for (model, pk), row in after.items():
        old = before.get((model, pk))
        for field in model._meta.local_concrete_fields:
            usual = field.get_default() if field.default is not NOT_PROVIDED or not field.null else None
            if not field.primary_key and row[field.attname] != (old[field.attname] if old else usual):
                found.add(f"{'' if old else 'new '}{model.__name__}.{field.attname}")
    return found | {f"{model.__name__} gone" for model, pk in before.keys() - after.keys()}


def everything_else(form: dict[str, str], stranger: Learner) -> dict[str, str]:
    """All fields of all people's tables that the form does not have, each with a value that would mean harm."""
    found = {}
    for model in (User, Learner, Household, HouseholdGroup, Companion, Coordinator, Companionship, Consent):
        for field in model._meta.local_concrete_fields:
            value = "on" if isinstance(field, BooleanField) else str(stranger.pk if field.is_relation else "2")
            found |= {field.name: value, field.attname: value}
    return found | {"is_superuser": "on", "groups": "1", "code": "HACKED00", "by": "1"} | form


NAMES = {"first_name": "Siti", "last_name": "Aminah", "address_form": "kak"}
OF_NAMES = {"Learner.first_name", "Learner.last_name", "Learner.address_form", "User.first_name"}
EVENT = {f"new HouseholdEvent.{name}" for name in ("household_id", "at", "by_id", "kind", "text")}
NEW_LEARNER = {f"new Learner.{name}" for name in ("user_id", "household_id", *NAMES)} | {
    f"new User.{name}" for name in ("username", "password", "first_name", "date_joined")
}
NEW_SESSION = {"Session gone"} | {f"new Session.{name}" for name in ("session_data", "expire_date", "account_id")}
# Who sends what where, and what may change. «with a temporary PIN» and «without consent» are the learner's.
WRITES = {
    "/belajar/data/perbaiki/": ("learner", NAMES | {"face": "kucing"}, OF_NAMES | {"Learner.face"} | EVENT),
    "/masuk/pin-baru/": (
        "learner with a temporary PIN",
        {"pin": "395812", "again": "395812"},
        {"User.password", "TemporaryPin.replaced_at"} | NEW_SESSION | EVENT,
    ),
    "/masuk/persetujuan/": (
        "learner without consent",
        {"age": "dewasa"},
        {f"new Consent.{name}" for name in ("learner_id", "version", "purposes", "method", "given_at")} | EVENT,
    ),
    "/dampingan/pelajar/{learner}/": ("companion", NAMES, OF_NAMES | EVENT),
    "/dampingan/pelajar/{learner}/pindah/": (
        "companion",
        {"household": "{neighbour}"},
        {"Learner.household_id"} | EVENT,
    ),
    "/dampingan/keluarga/{household}/pelajar/baru/": (
        "companion",
        NAMES,
        NEW_LEARNER | EVENT | {"new HouseholdEvent.told_as"},
    ),
    "/dampingan/keluarga/baru/": (
        "companion",
        NAMES
        | {"name": "Keluarga Siti", "region": "36.71", "group": "", "business_type": "jasa"}
        | {"phone": "0812-3456-7890", "messages_welcome": "on"},
        {f"new Household.{name}" for name in ("name", "region_id", "business_type", "phone", "messages_welcome")}
        | {"new HouseholdEvent.told_as"}
        | {f"new Companionship.{name}" for name in ("household_id", "companion_id", "started_at")}
        | NEW_LEARNER
        | EVENT,
    ),
    "/laporan/serah-terima/": (
        "coordinator",
        {"group": "", "new": "", "newcomer": "{newcomer}", "pasti": "ya"},
        {f"new Companionship.{name}" for name in ("household_id", "companion_id", "started_at")} | EVENT,
    ),
    "/laporan/serah-terima/{rina}/": (
        "coordinator",
        {"group": "", "new": "", "newcomer": "{newcomer}", "pasti": "ya"},
        {f"new Companionship.{name}" for name in ("household_id", "companion_id", "started_at")}
        | {"Companionship.ended_at"}
        | EVENT,
    ),
}


@pytest.mark.parametrize("path", WRITES)
def test_a_form_changes_the_fields_that_it_shows_and_no_others(path):
    """Z3"""
    who, form, allowed = WRITES[path]
    world = World()
    role, _, state = who.partition(" with")
    user = world.users[role]
    sari, stranger = world.users["learner"].learner, world.users["other learner"].learner
    rina = world.users["companion"].companion
    if state == " a temporary PIN":
        TemporaryPin.objects.issue(sari, by=rina.user, request=RequestFactory().post("/"))
        user = User.objects.get(pk=user.pk)
    if state == "out consent":
        Consent.objects.all().delete()
    factories.household()  # that nobody accompanies
    own = world.own | {
        "neighbour": factories.household(by=rina).pk,
        "rina": rina.pk,
        "newcomer": factories.companion().user.username,
    }
    form = {name: value.format(**own) for name, value in form.items()}
    client = world.client("visitor")
    client.force_login(user)
    before = rows()

    answer = client.post(path.format(**own), everything_else(form, stranger))

    assert answer.status_code == 302, pages.text(pages.soup(answer).main)
    assert written(before, rows()) - {"User.last_login"} == allowed


def test_what_was_written_is_found():
    """Or the test above would pass on a form that changes everything."""
    sari = factories.learner()
    before = rows()
    Learner.objects.filter(pk=sari.pk).update(household=factories.household())
    User.objects.filter(pk=sari.user_id).update(is_superuser=True)
    assert {"Learner.household_id", "User.is_superuser", "new Household.name"} <= written(before, rows())


# --- Reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (Companion, "Nama akun, Nama depan, Nama belakang, Jenis, Nomor HP"),
        (Coordinator, "Nama akun, Nama depan, Nama belakang, Kode wilayah"),
        (HouseholdGroup, "Nomor kelompok, Nama kelompok, Kode wilayah"),
        (
            Household,
            "Nomor keluarga, Nama keluarga, Kode wilayah, Nomor kelompok, Jenis usaha, Nomor HP, Pendamping",
        ),
        (Learner, "Nomor keluarga, Nomor pelajar, Nama depan, Nama belakang, Sapaan"),
    ],
)
def test_a_list_that_goes_out_has_these_columns(model, told):
    """Z3: no card code, no PIN, no consent, no progress."""
    head = exporting.export_csv(model.objects.all()).content.decode("utf-8-sig").splitlines()[0]
    assert head == told.replace(", ", ";")
