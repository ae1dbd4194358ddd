"""UU 27/2022: what a learner takes along is everything, and of what she has erased nothing is left."""

import base64
import binascii
import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.log_actions import log

from learn import intake, rights
from learn.items import as_text
from learn.models import RefusedWork
from learn.traces import GONE, traces_of
from people.consent import VERSION
from people.models import (
    Consent,
    Household,
    HouseholdEvent,
    ImportBatch,
    ImportRow,
    Learner,
    Session,
    TemporaryPin,
    User,
)
from people.relations import LEARNER, belongings, tables
from practice.models import Evidence, private_files, private_storage
from progress.models import ErasedLearnerCount, GroupSession, ModuleAssignment
from quizzes.models import Answer, Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db

CODE, FIRST, LAST, FORMER = "ZARA1234", "Zulaikhah", "Wirdaningsih", "Zubaidah"
Kind = HouseholdEvent.Kind


@pytest.fixture
def zul(rina):
    """A learner with a long life here: a name corrected, a family left, a PIN lost, a module done, another begun."""
    first_home = make.household(rina)
    Household.objects.filter(pk=first_home.pk).update(name=f"Keluarga {FORMER}")
    first_home.refresh_from_db()
    zul = make.learner(first_home, first_name=FORMER, last_name=LAST, code=CODE)
    Learner.objects.correct(zul, by=rina.user, first_name=FIRST)
    home = Household.objects.make(companion=rina, by=rina.user, name=f"Keluarga {FIRST} {LAST}", region=make.region())
    Learner.objects.move(zul, home, by=rina.user)
    TemporaryPin.objects.issue(zul, by=rina.user, request=RequestFactory().get("/"))
    User.objects.get(pk=zul.user_id).save()
    make.finished(zul, "pengenalan-motivasi")
    make.read(zul, "merek")
    make.answered(zul, "merek")
    sent = make.practised(zul, note="Tiga nama.", files=[make.photo(zul).pk])
    make.feedback(sent, rina, voice=make.voice(zul).pk)
    group = make.group()
    group.leader = zul
    group.save()
    today = timezone.localdate()
    GroupSession.objects.record(
        group, held_on=today, place=f"Rumah {FIRST}", lessons={}, learner_ids=[zul.pk], by=rina.user
    )
    admin = make.administrator("kepala.admin")
    for row in (zul, zul.user, home):
        LogEntry.objects.create(
            user=admin,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=f"{CODE} {FIRST} {LAST}",
            action_flag=CHANGE,
            change_message=f"{FIRST}",
        )
    log(zul.user, "wagtail.edit", user=admin)
    batch = ImportBatch.objects.create(kind="pelajar", by=admin, file_name="pelajar.xlsx", saved_at=timezone.now())
    ImportRow.objects.create(batch=batch, number=2, cells={"first_name": FIRST, "last_name": LAST})
    return Learner.objects.get(pk=zul.pk)


def exported(learner: Learner) -> dict[str, list[dict]]:
    with ZipFile(BytesIO(rights.export(learner))) as files:
        return json.loads(files.read("data-saya.json"))


def pages_of(learner: Learner) -> dict[str, str]:
    with ZipFile(BytesIO(rights.export(learner))) as files:
        return {name: files.read(name).decode() for name in files.namelist() if name.endswith(".html")}


# --- Take along --------------------------------------------------------------------------------------------------


def tables_that_lead_to(*roots: type[models.Model]) -> set[type[models.Model]]:
    """Walked backwards from the learner: every table that points to her, to her account, or to a row of hers."""
    found, waiting = set(roots), list(roots)
    while waiting:
        model = waiting.pop()
        for relation in model._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
                continue
            child, goes = relation.related_model, relation.on_delete is models.CASCADE
            if child not in found and (goes or model in roots):
                found.add(child)
                waiting += [child] if goes else []
    return found & set(tables())


def test_every_table_that_leads_to_a_learner_is_in_the_export(zul):
    """P3: whoever adds a table with somebody's data finds it here without doing anything."""
    wanted = {model._meta.label for model in tables_that_lead_to(Learner, User)}
    assert {"people.Consent", "quizzes.Answer", "people.HouseholdGroup", "account.EmailAddress"} <= wanted
    assert wanted - exported(zul).keys() == set()


def test_every_row_that_would_go_with_her_is_in_the_export(zul):
    """P3, row by row, as Django itself finds them."""
    collector = NestedObjects(using="default")
    collector.collect([zul.user])
    rows = exported(zul)
    for model, instances in collector.model_objs.items():
        key = model._meta.pk.attname
        found = {str(row[key]) for row in rows[model._meta.label]}
        assert {str(instance.pk) for instance in instances} <= found, model
    assert len(rows["quizzes.Answer"]) == Answer.objects.filter(attempt__learner=zul).count() > 10


def test_her_family_her_lines_of_history_and_the_staffs_notes_are_in_the_export(zul):
    """P3"""
    rows = exported(zul)
    assert [row["name"] for row in rows["people.Household"]] == [f"Keluarga {FIRST} {LAST}"]
    assert len(rows["people.Companionship"]) == 1
    assert {row["kind"] for row in rows["people.HouseholdEvent"]} == {
        Kind.LEARNER_ADDED,
        Kind.CONSENT_GIVEN,
        Kind.CORRECTED,
        Kind.LEARNER_MOVED,
        Kind.PIN_RESET,
        Kind.HOUSEHOLD_MADE,
    }
    assert len(rows["admin.LogEntry"]) == 2
    assert len(rows["wagtailcore.ModelLogEntry"]) == 1
    assert [row["leader_id"] for row in rows["people.HouseholdGroup"]] == [zul.pk]


def test_the_modules_of_her_family_are_in_the_export_whoever_chose_them(zul, rina):
    """P3"""
    given, chosen = make.module("merek").translation_key, make.module("kemasan").translation_key
    ModuleAssignment.objects.assign([zul.household, make.household(rina)], given, by=rina.user)
    intake.take_module(zul, make.module("kemasan"))
    rows = exported(zul)["progress.ModuleAssignment"]
    assert sorted((row["household_id"], row["module_key"]) for row in rows) == sorted(
        (zul.household_id, str(key)) for key in (given, chosen)
    )


def test_nothing_of_anybody_else_is_in_the_export(zul, rina):
    sister = make.learner(zul.household, first_name="Maimunah", last_name="Kusnadi", code="MA1MUNAH")
    make.finished(sister, "pengenalan-motivasi")
    with ZipFile(BytesIO(rights.export(zul))) as files:
        everything = "".join(files.read(name).decode(errors="replace") for name in files.namelist())
    for word in ("Maimunah", "Kusnadi", "MA1MUNAH"):
        assert word not in everything
    assert all(row["learner_id"] == zul.pk for row in exported(zul)["quizzes.Attempt"])


def test_no_secret_is_in_the_export(zul):
    with ZipFile(BytesIO(rights.export(zul))) as files:
        everything = "".join(files.read(name).decode(errors="replace") for name in files.namelist())
    assert zul.user.password not in everything
    assert "argon2" not in everything


def test_the_pages_can_be_read_without_signal(zul):
    """P3: one file each, and all in words."""
    found = pages_of(zul)
    for page in found.values():
        assert not [word for word in ("http:", "https:", "<script", "<img", "<link", "url(", "src=") if word in page]
        assert zul.full_name in page
    main = found["baca-data-saya.html"]
    for word in ("Keluarga Zulaikhah", "Kota Tangerang", CODE, "Siap Berusaha", "PIN sementara", f"versi {VERSION}"):
        assert word in main
    asked = Attempt.objects.filter(learner=zul).first().asked
    assert all(
        str(question.value["question"])
        in found["baca-jawaban-saya.html"].replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
        for question in asked
    )


def files_of(learner: Learner) -> dict[str, bytes]:
    """The stored files that are hers, by name."""
    return {row.file.name: row.file.read() for row in Evidence.objects.filter(learner=learner)}


def test_her_photos_and_recordings_are_in_the_export(zul):
    """P3: her own, and what her companion told her."""
    make.photo(make.learner(first_name="Maimunah"))
    with ZipFile(BytesIO(rights.export(zul))) as files:
        found = {name: files.read(name) for name in files.namelist() if name.startswith("praktik/")}
    assert sorted(found.values()) == sorted(files_of(zul).values())
    assert {name.rpartition(".")[2] for name in found} == {"webp", "webm"}
    page = pages_of(zul)["baca-data-saya.html"]
    assert all(f'href="{name}"' in page for name in found)
    assert "Tiga nama." in page
    assert "Fotonya jelas." in page


def test_what_the_disk_has_lost_does_not_keep_the_rest_from_her(zul):
    """P3"""
    lost, kept = files_of(zul), make.photo(zul)
    for name in lost:
        private_storage().delete(name)
    with ZipFile(BytesIO(rights.export(zul))) as files:
        assert [name for name in files.namelist() if name.startswith("praktik/")] == [rights.in_archive(kept)]


def test_her_photos_and_recordings_go_from_the_disk(zul):
    """P4"""
    names, others = files_of(zul), make.photo(make.learner(first_name="Maimunah"))
    assert len(names) == 2
    rights.erase(zul)
    assert [name for name in names if private_storage().exists(name)] == []
    assert private_storage().exists(others.file.name)


def test_only_the_tables_that_export_and_erasure_know_hold_files():
    """Whoever adds another: ``rights.erase`` must delete its files, and ``rights.export`` take them along."""
    assert {f"{model._meta.label}.{name}" for model, name in private_files()} == {
        "practice.Evidence.file",
        "progress.SpokenWord.file",
    }
    holding = [
        str(field)
        for model in belongings(LEARNER)
        for field in model._meta.local_fields
        if isinstance(field, models.FileField) and model._meta.app_label not in ("wagtailusers", "wagtailcore")
    ]
    assert holding == ["practice.Evidence.file"]


# --- Erase -------------------------------------------------------------------------------------------------------


def cells() -> list[tuple[str, str]]:
    """(table, text) of every value in the database, with what sessions and the cache hold in code written out."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a name from the database
            for row in cursor.fetchall():
                found += [(table, readable(value)) for value in row if value is not None]
    return found + [("people_session", json.dumps(row.get_decoded())) for row in Session.objects.all()]


def readable(value) -> str:
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode(errors="replace")
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    try:
        return f"{text} {base64.b64decode(text, validate=True).decode(errors='replace')}"
    except (binascii.Error, ValueError):
        return text


def tables_with(*words: str) -> set[str]:
    words = [word.casefold() for word in words]
    return {table for table, text in cells() if any(word in text.casefold() for word in words)}


def test_nothing_that_names_her_is_left_in_any_table(zul, rina):
    """P4: all columns of all tables."""
    client = Client()
    client.post("/masuk/", {"login": CODE, "password": "000111"})
    zul.user.set_password(make.PIN)
    zul.user.save()
    TemporaryPin.objects.update(replaced_at=timezone.now())
    assert client.post("/masuk/", {"login": CODE, "password": make.PIN}).headers["Location"] == "/belajar/"
    assert (
        client.post(
            "/belajar/data/perbaiki/", {"first_name": FIRST, "last_name": LAST, "address_form": "kak", "face": "ikan"}
        ).status_code
        == 302
    )
    assert tables_with(CODE, FIRST, LAST, FORMER) >= {
        "people_user",
        "people_learner",
        "people_household",
        "people_householdevent",
        "people_importrow",
        "progress_groupsession",
        "people_session",
        "django_admin_log",
        "wagtailcore_modellogentry",
    }
    client.post("/belajar/data/hapus/", {"pin": make.PIN})
    assert tables_with(CODE, FIRST, LAST, FORMER) == set()
    assert not User.objects.filter(pk=zul.user_id).exists()


def test_her_facts_go(zul):
    """P4"""
    collector = NestedObjects(using="default")
    collector.collect([zul.user])
    hers = {model: [row.pk for row in rows] for model, rows in collector.model_objs.items()}
    assert len(hers) > 8
    rights.erase(zul)
    assert [model for model, pks in hers.items() if model.objects.filter(pk__in=pks).exists()] == []


def test_one_line_stays_in_the_history_without_a_name(zul):
    """P4"""
    home = zul.household
    rights.erase(zul)
    line = home.events.first()
    assert (line.kind, line.text, line.by) == (Kind.LEARNER_ERASED, "", None)
    assert home.events.filter(kind=Kind.LEARNER_ERASED).count() == 1
    assert home.events.get(kind=Kind.PIN_RESET).text == GONE


def test_counts_stay_without_her(zul):
    """P4"""
    other = make.learner(make.household(), first_name="Maimunah")
    make.read(other, "merek")
    rights.erase(zul)
    rights.erase(other)
    kept = ErasedLearnerCount.objects.get()
    month = timezone.localdate().replace(day=1)
    assert (kept.region_id, kept.month) == ("36.71", month)
    assert (kept.learners, kept.lessons_done, kept.quizzes_passed) == (2, 5 + 5 + 5, 1)


def test_erasing_again_changes_nothing(zul):
    assert rights.erase(zul) is True
    assert rights.erase(zul) is False
    assert ErasedLearnerCount.objects.get().learners == 1


def test_what_others_did_and_are_called_stays(zul, rina):
    """P4: a sister of the same first name, and the companion."""
    sister = make.learner(zul.household, first_name=FIRST, last_name="Kusnadi")
    make.read(sister, "merek")
    rights.erase(zul)
    sister.refresh_from_db()
    assert sister.full_name == f"{FIRST} Kusnadi"
    assert sister.completions.count() == 5
    home = sister.household
    assert home.name == f"Keluarga {FIRST} Kusnadi", "the family is called after who is in it"
    texts = set(home.events.values_list("text", flat=True))
    assert f"{FIRST} Kusnadi" in texts
    assert str(rina) in texts
    assert not any(LAST in text for text in texts)


def test_a_family_is_not_called_after_somebody_who_has_withdrawn(zul, rina):
    dedi = make.learner(zul.household, first_name="Dedi", last_name="Wijaya")
    rights.withdraw(dedi, by=rina.user)
    rights.erase(zul)
    assert Household.objects.get(pk=zul.household_id).name == f"Keluarga {zul.household_id}"


def test_a_phone_number_goes_with_the_last_one_of_a_family(zul):
    Household.objects.filter(pk=zul.household_id).update(phone="+6281200001111")
    sister = make.learner(zul.household, first_name="Maimunah")
    rights.erase(zul)
    assert Household.objects.get(pk=zul.household_id).phone == "+6281200001111"
    rights.erase(sister)
    assert Household.objects.get(pk=zul.household_id).phone == ""


def test_what_a_companion_wrote_of_her_visits_goes_with_the_last_one_of_a_family(zul, rina):
    visited = HouseholdEvent.Kind.VISITED
    lines = HouseholdEvent.objects.filter(household=zul.household, kind=visited)
    HouseholdEvent.objects.note(zul.household, visited, by=rina.user, text="Suaminya sakit.")
    other = make.learner(zul.household, pin=None)
    rights.erase(zul)
    assert lines.get().text == "Suaminya sakit.", "the family goes on"
    rights.erase(other)
    assert lines.get().text == "", "that she was there still counts"


def test_a_phone_number_goes_from_a_family_that_the_last_one_had_left_for_another(rina):
    """P4"""
    old, new = make.household(rina), make.household(rina)
    Household.objects.update(phone="+6281200001111")
    zul = make.learner(old, first_name=FIRST)
    make.learner(new)
    Learner.objects.move(zul, new, by=rina.user)
    rights.erase(zul)
    assert (Household.objects.get(pk=old.pk).phone, Household.objects.get(pk=new.pk).phone) == ("", "+6281200001111")


def test_a_file_that_waits_to_be_saved_keeps_its_rows(zul):
    batch = ImportBatch.objects.create(kind="pelajar", by=make.staff(), file_name="baru.xlsx")
    ImportRow.objects.create(batch=batch, number=2, cells={"first_name": FIRST, "last_name": "Lain"})
    rights.erase(zul)
    assert batch.rows.count() == 1


# --- Whose line is it --------------------------------------------------------------------------------------------


def test_a_line_of_a_namesake_is_not_hers(rina):
    home = make.household(rina)
    sari, other = make.learner(home, last_name="Satu"), make.learner(home, last_name="Dua")
    texts = {event.text for event in traces_of(sari).events() if event.by_id != sari.user_id}
    assert texts == {"Sari Satu"}
    assert other.full_name not in texts


def test_whoever_has_moved_away_keeps_her_name_until_she_is_erased_herself(rina):
    """P4: a mother and a daughter, «Siti» both of them, of whom the daughter marries into another family."""
    home, other = make.household(rina), make.household(rina)
    mother = make.learner(home, first_name="Siti", last_name="Aminah")
    daughter = make.learner(home, first_name="Siti", last_name="Nurhaliza")
    Learner.objects.move(daughter, other, by=rina.user)
    rights.erase(mother)
    moved = HouseholdEvent.objects.filter(kind=Kind.LEARNER_MOVED).values_list("text", flat=True)
    assert set(moved) == {f"Siti Nurhaliza: {home} → {other}"}
    rights.erase(daughter)
    assert tables_with("Nurhaliza", "Aminah") == set()


def test_a_former_name_of_somebody_else_stays_hers(rina):
    """P4: two who were both called «Nur», of whom one had been written down wrongly."""
    home = make.household(rina)
    siti = make.learner(home, first_name="Nur", last_name="Hidayah")
    nur = make.learner(home, first_name="Nur", last_name="Aini")
    Learner.objects.correct(siti, by=rina.user, first_name="Siti")
    rights.erase(nur)
    assert HouseholdEvent.objects.get(kind=Kind.CORRECTED).text == "Nur Hidayah → Siti Hidayah"
    assert "Nur Hidayah" in traces_of(siti).names


def test_whom_somebody_erased_was_once_called_by_mistake_is_followed_into_no_family_of_hers(rina):
    before, home = make.household(rina), make.household(rina)
    sari, dedi = make.learner(before, last_name=""), make.learner(home, first_name="Dedi", last_name="")
    Learner.objects.move(sari, home, by=rina.user)
    for name in ("Sari", "Dedi"):  # the wrong one was corrected, and corrected back
        Learner.objects.correct(dedi, by=rina.user, first_name=name)
    rights.erase(sari)
    assert traces_of(dedi).households == {home.pk}


def test_a_name_inside_another_word_is_not_a_name(zul):
    traces = traces_of(zul)
    assert traces.without(f"{FIRST}nya Bu {FIRST}, {FIRST.upper()}!") == f"{FIRST}nya Bu {GONE}, {GONE}!"


def test_former_names_and_former_families_are_followed(zul):
    traces = traces_of(zul)
    assert traces.names == {FIRST, FORMER, LAST, f"{FIRST} {LAST}", f"{FORMER} {LAST}"}
    assert len(traces.households) == 2


def test_her_name_goes_from_what_her_companion_wrote_to_the_family(zul, rina):
    """P4"""
    key = make.module().translation_key
    ModuleAssignment.objects.assign([zul.household], key, by=rina.user, word=f"Ayo Bu {FIRST}!")
    rights.erase(zul)
    assert ModuleAssignment.objects.get(module_key=key).word == f"Ayo Bu {GONE}!"


def test_what_is_full_of_a_short_name_still_fits_without_it(rina):
    ani = make.learner(make.household(rina), pin=None, first_name="Ani")
    key = make.module().translation_key
    ModuleAssignment.objects.assign([ani.household], key, by=rina.user, word="Ani " * 75)
    rights.erase(ani)
    assert ModuleAssignment.objects.get(module_key=key).word == f"{GONE} " * 30


def test_her_name_goes_from_what_her_companion_answered_others_of_the_family(zul, rina):
    """P4"""
    child = make.learner(zul.household, first_name="Nia", last_name="")
    said = {"praise": f"Ibu {FIRST} senang.", "suggestion": "Tunjukkan ke ibu."}
    answer = make.feedback(make.practised(child), rina, **said)
    rights.erase(zul)
    answer.refresh_from_db()
    assert (answer.praise, answer.suggestion) == (f"Ibu {GONE} senang.", "Tunjukkan ke ibu.")


def test_her_last_name_alone_goes_too_unless_another_of_the_family_bears_it(rina):
    """P4"""
    for last_name, told in [("Kusnadi", "Bu Kusnadi sehat."), ("Aini", f"Bu {GONE} sehat.")]:
        home = make.household(rina)
        learner = make.learner(home, first_name="Nur", last_name=last_name)
        make.learner(home, first_name="Maimunah", last_name="Kusnadi")
        HouseholdEvent.objects.note(home, Kind.VISITED, by=rina.user, text=f"Bu {last_name} sehat.")
        rights.erase(learner)
        assert home.events.get(kind=Kind.VISITED).text == told


def test_an_initial_is_no_name(rina):
    learner = make.learner(make.household(rina), first_name="Nur", last_name="A.")
    assert traces_of(learner).without("Lantai a. Bu Nur A. sehat.") == f"Lantai a. Bu {GONE} sehat."


@pytest.mark.parametrize(
    ("guardian", "kept"),
    [(f"Ibu {FIRST} {LAST}", f"Ibu {GONE}"), (FORMER, GONE), ("Pak Karyo", "Pak Karyo"), ("Bu Nia", "Bu Nia")],
)
def test_that_a_guardian_agreed_stays_proven_without_her_name(zul, guardian, kept):
    """P4, P5"""
    child = make.learner(zul.household, first_name="Nia", last_name="")
    Consent.objects.filter(learner=child).update(guardian_name=guardian)
    before = Consent.objects.filter(learner=child).values_list("version", "method", "given_at", "withdrawn_at").get()
    rights.erase(zul)
    consents = Consent.objects.filter(learner=child)
    assert consents.get().guardian_name == kept
    assert consents.values_list("version", "method", "given_at", "withdrawn_at").get() == before


@pytest.mark.parametrize(
    ("name", "leads", "goes"),
    [
        (f"Kelompok Bu {FIRST}", False, True),
        (f"{FIRST} {LAST}", False, True),
        (f"Kelompok {FIRST}", True, True),
        (f"Kelompok {FIRST}", False, False),  # «Melati» is a flower, too
        (f"Kelompok {FIRST}ku", True, False),
    ],
)
def test_a_group_that_is_called_after_her_is_called_by_its_number(zul, name, leads, goes):
    """P4"""
    group = make.group()
    group.name, group.leader = name, zul if leads else None
    group.save()
    Household.objects.filter(pk=zul.household_id).update(group=group)
    rights.erase(zul)
    group.refresh_from_db()
    assert group.name == (f"Kelompok {group.pk}" if goes else name)


@pytest.mark.parametrize("first_name", [FIRST, "Nuraéni"])
def test_work_of_others_that_was_not_taken_keeps_nothing_that_names_her(rina, first_name):
    """P4: whether somebody has looked or not, and of what was cut off nobody can tell."""
    learner = make.learner(make.household(rina), first_name=first_name)
    came = [
        {"kind": "visit", "work": {"text": f"Di sana:\n{first_name} sakit."}},
        {"kind": "visit", "work": {"text": "Semua sehat."}},
        {"kind": "attendance", "work": {"place": f"Rumah Bu {first_name.upper()}"}},
    ]
    texts = [*map(as_text, came), as_text(came[0])[:20]]
    for number, text in enumerate(texts):
        RefusedWork.objects.create(
            user=rina.user, digest=number, content=text, reason="household", refused_at=timezone.now()
        )
    rights.erase(learner)
    kept = RefusedWork.objects.order_by("digest").values_list("digest", "content")
    assert list(kept) == [("0", ""), ("1", texts[1]), ("2", ""), ("3", "")]


def test_a_module_that_she_chose_stays_her_familys(zul):
    """P4: the choice is the household's; who made it is forgotten."""
    intake.take_module(zul, make.module())
    rights.erase(zul)
    row = ModuleAssignment.objects.get(module_key=make.module().translation_key)
    assert (row.assigned_by, row.withdrawn_at) == (None, None)


# --- Sessions ----------------------------------------------------------------------------------------------------


def test_only_her_sessions_end(zul, rina):
    """P2"""
    hers, other_phone, others = Client(), Client(), Client()
    hers.force_login(zul.user)
    other_phone.force_login(zul.user)
    others.force_login(rina.user)
    assert rights.end_sessions({zul.user_id}) == 2
    assert Session.objects.count() == 1
    assert others.get("/dampingan/").status_code == 200


@pytest.mark.parametrize("others", [1, 30])
def test_ending_her_sessions_takes_one_question_at_any_number_of_others(zul, others, django_assert_num_queries):
    for user in (zul.user, *(make.staff() for _ in range(others))):
        Client().force_login(user)
    with django_assert_num_queries(1):
        rights.end_sessions({zul.user_id})
    assert Session.objects.count() == others


def test_a_session_of_the_day_before_does_not_open_again_after_a_new_consent(zul, rina):
    """P2: withdrawing ends sessions for good, on a lost phone too."""
    TemporaryPin.objects.update(replaced_at=timezone.now())
    lost_phone = Client()
    lost_phone.force_login(zul.user)
    assert lost_phone.get("/belajar/").status_code == 200
    rights.withdraw(zul, by=zul.user)
    Consent.objects.give(zul, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert lost_phone.get("/belajar/").status_code == 302
    assert timezone.now() - Consent.objects.valid().get(learner=zul).given_at < timedelta(minutes=1)
