"""``manage.py list_affected``: whom to tell when a table has leaked."""

import csv
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from learn import rights
from learn.models import RefusedWork
from people.models import Companion, Household, Learner, User
from people.relations import beginning_of, lookups_to, tables
from people.spreadsheets import to_xlsx
from progress.models import GroupSession, ModuleAssignment, SpokenWord
from quizzes.models import Answer, Attempt
from tests import factories as make
from tests import pages
from tests.people.importing.files import checked, header, upload

pytestmark = pytest.mark.django_db

HEADER = ["nama", "keluarga", "hp_keluarga", "pendamping", "hp_pendamping"]


def affected(table: str, region: str = "36.71", since: str = "2026-01-01", until: str = "2100-01-01"):
    out = StringIO()
    call_command("list_affected", table=table, region=region, since=since, until=until, stdout=out)
    header, *rows = csv.reader(StringIO(out.getvalue().lstrip("\ufeff"), newline=""), delimiter=";")
    assert header == HEADER
    return rows


def names(table: str, **options) -> list[str]:
    return [row[0] for row in affected(table, **options)]


@pytest.fixture
def sari():
    """In Tangerang, with a lesson, an attempt and a badge; her companion has a phone."""
    rina = make.companion()
    Companion.objects.filter(pk=rina.pk).update(phone="+6281200002222")
    home = make.household(rina, place=make.region("36.71.01", "Tangerang", "district"))
    Household.objects.filter(pk=home.pk).update(name="Keluarga Sari", phone="+6281200001111")
    sari = make.learner(home)
    make.finished(sari, "pengenalan-motivasi")
    return sari


@pytest.fixture
def wati():
    """In Makassar, with nothing done."""
    return make.learner(make.household(place=make.region("73.71", "Kota Makassar")), first_name="Wati")


def test_who_how_to_reach_her_and_who_can(sari):
    make.region()
    line = ["Sari Wulandari", "Keluarga Sari", "'+6281200001111", "Staf", "'+6281200002222"]
    assert affected("people.Learner") == [line]


@pytest.mark.parametrize(
    ("table", "both"),
    [
        ("people.Learner", True),
        ("people.User", True),
        ("people.Consent", True),
        ("people.Household", True),
        ("people.HouseholdEvent", True),
        ("people.Companionship", False),
        ("quizzes.Attempt", False),
        ("quizzes.Answer", False),
        ("progress.ModuleProgress", False),
        ("badges.BadgeAward", False),
        ("people.TemporaryPin", None),
    ],
)
def test_only_those_of_whom_the_table_has_a_row(sari, wati, table, both):
    found = names(table, region="36") if make.region("36", "Banten", "province") else []
    assert found == ([] if both is None else ["Sari Wulandari"])
    assert names(table, region="73.71") == (["Wati Wulandari"] if both else [])


def test_a_region_and_what_lies_below_it(sari, wati):
    make.region("3", "Tiga", "province")
    for region, count in {"36.71.01": 1, "73.71": 1, "3": 0}.items():
        assert len(names("people.Learner", region=region)) == count


def test_each_person_is_listed_once(sari):
    make.region()
    assert Answer.objects.filter(attempt__learner=sari).count() > 1
    assert names("quizzes.Answer") == ["Sari Wulandari"]


def test_who_came_after_the_period_is_not_concerned(sari):
    make.region()
    begun = timezone.make_aware(datetime(2026, 11, 10, 23, 30))
    Attempt.objects.update(started_at=begun)
    assert names("quizzes.Answer", until="2026-11-09") == []
    assert names("quizzes.Answer", until="2026-11-10") == ["Sari Wulandari"], "the last day counts"
    assert names("quizzes.Answer", since="2026-11-20", until="2026-11-22") == ["Sari Wulandari"], (
        "the row still lay there"
    )


def test_who_was_erased_since_is_reached_through_the_family(sari):
    make.region()
    rights.erase(sari)
    today = timezone.localdate()
    [row] = affected("people.Learner", since=str(today), until=str(today))
    assert row[0] == "(datanya sudah dihapus)"
    assert row[4] == "'+6281200002222"
    assert affected("people.Learner", since=str(today + timedelta(days=1))) == []


def test_who_withdrew_is_concerned_too(sari):
    """P2: what is still kept can still leak."""
    make.region()
    rights.withdraw(sari, by=sari.user)
    assert names("people.Learner") == ["Sari Wulandari"]


def test_a_household_without_learners_is_listed_for_its_own_tables(sari):
    empty = make.household(make.companion())
    assert ["", empty.name] in [row[:2] for row in affected("people.Household")]
    assert [row[1] for row in affected("people.Learner")] == ["Keluarga Sari"]


# --- Tables that no relation ties to people ----------------------------------------------------------------------


def test_whose_session_leaked(sari, wati):
    make.region()
    for user in (sari.user, make.staff()):
        Client().force_login(user)
    Client().session.save()
    assert names("people.Session") == ["Sari Wulandari"]
    assert names("people.Session", region="73.71") == []


def changed_by_django(client, path: str, **answers) -> None:
    form = pages.soup(client.get(path)).select_one("#content-main form")
    assert client.post(path, pages.sends(form) | answers).status_code == 302


@pytest.mark.parametrize("kind", ["learner", "household", "user"])
def test_whom_the_administrators_log_names(client, sari, wati, kind):
    make.region()
    client.force_login(make.administrator())
    pk, answers = {
        "learner": (sari.pk, {"last_name": "Lestari"}),
        "household": (sari.household_id, {"name": "Keluarga Sari W."}),
        "user": (sari.user_id, {"last_name": "W."}),
    }[kind]
    changed_by_django(client, f"/django-admin/people/{kind}/{pk}/change/", **answers)
    assert [name.partition(" ")[0] for name in names("admin.LogEntry")] == ["Sari"]
    assert names("admin.LogEntry", region="73.71") == []
    yesterday = str(timezone.localdate() - timedelta(days=1))
    assert names("admin.LogEntry", until=yesterday) == []


def test_whom_the_editors_log_names(client, sari, wati):
    make.region()
    client.force_login(make.administrator())
    account = {"username": sari.user.username, "first_name": "Sari", "last_name": "W.", "email": "s@w.id"}
    assert client.post(f"/kelola/users/edit/{sari.user_id}/", account | {"is_active": "on"}).status_code == 302
    assert names("wagtailcore.ModelLogEntry") == ["Sari Wulandari"]


def test_to_whom_a_word_was_said(sari, wati):
    """It may name her."""
    make.region()
    rina = make.staff()
    word = SpokenWord.objects.store(b"sound", by=rina)
    ModuleAssignment.objects.assign([sari.household], make.module().translation_key, by=rina, spoken=word.pk)
    assert names("progress.SpokenWord") == ["Sari Wulandari"]
    assert names("progress.SpokenWord", region="73.71") == []


def test_who_was_at_a_meeting(sari, wati):
    """Its place may be somebody's house."""
    make.region()
    held = {"held_on": timezone.localdate(), "place": "Rumah Bu Sari", "lessons": {}, "by": make.staff()}
    GroupSession.objects.record(make.group(sari.household.region), learner_ids=[sari.pk], **held)
    assert names("progress.GroupSession") == ["Sari Wulandari"]


def test_whom_work_may_be_about_that_a_companion_sent_in_vain(sari, wati):
    make.region()
    rina = sari.household.companions.get().user
    RefusedWork.objects.create(user=rina, reason="shape", content="{}", refused_at=timezone.now())
    assert names("learn.RefusedWork") == ["Sari Wulandari"]


def test_whom_the_rows_of_a_file_are_about(sari, wati):
    make.region()
    by, far = make.administrator(), wati.household_id
    for kind, rows in {
        "keluarga": [
            [f"#{sari.household_id}", "Keluarga Sari", "36.71.01", "", "", "", ""],
            [f"#{far}", "Keluarga Wati", "73.71", "", "", "", ""],
            ["K-7", "Keluarga Dedi", "367101", "", "", "0812", "rina.marlina"],
            ["K-8", "Keluarga Joko", "73.71", "", "", "", ""],
            ["K-9", "Keluarga Eka", "Tangerang", "", "", "", ""],
        ],
        "pelajar": [
            [f"#{sari.household_id}", "", "Sari", "Wulandari", ""],
            [f"#{far}", "", "Wati", "Wulandari", ""],
            ["K-99", "", "Nur", "", ""],
        ],
        "pendamping": [["siti.rahayu", "Siti", "", "", ""]],
    }.items():
        for _ in range(2):
            checked(kind, upload(to_xlsx(header(kind), rows)), by)
    reached = ["Keluarga Sari", "'+6281200001111", "Staf", "'+6281200002222"]
    assert affected("people.ImportRow") == [
        ["", *reached],
        ["", "Keluarga Dedi", "0812", "rina.marlina", ""],
        ["", "Keluarga Eka", "", "", ""],  # her region cannot be told
        ["Sari Wulandari", *reached],
        ["Nur", "", "", "", ""],
    ]
    yesterday = str(timezone.localdate() - timedelta(days=1))
    assert affected("people.ImportRow", until=yesterday) == []


def test_whoever_was_erased_since_is_told_of_such_a_table_too(sari):
    make.region()
    rights.erase(sari)
    assert [names(table) for table in ("people.Session", "people.ImportRow")] == [["(datanya sudah dihapus)"]] * 2


@pytest.mark.parametrize("name", ["=1+1", "+62", "-2", "@SUM(A1)"])
def test_no_cell_is_a_formula(sari, name):
    """W9"""
    make.region()
    Learner.objects.filter(pk=sari.pk).update(first_name=name, last_name="")
    assert names("people.Learner") == [f"'{name}"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"table": "people.Nobody"}, "Tabel people.Nobody tidak ada. Tulis seperti people.Learner."),
        ({"table": "pelajar"}, "Tabel pelajar tidak ada. Tulis seperti people.Learner."),
        ({"table": "people.Region"}, "Tabel people.Region tidak memuat data pelajar atau keluarga."),
        ({"region": "99.99"}, "Wilayah 99.99 tidak ada. Tulis kode Kemendagri, misalnya 36.71."),
        ({"since": "1/11/2026"}, "1/11/2026 bukan tanggal. Tulis seperti 2026-11-22."),
        ({"since": "0001-01-01"}, "0001-01-01 bukan tanggal. Tulis seperti 2026-11-22."),
        ({"until": "9999-12-31"}, "9999-12-31 bukan tanggal. Tulis seperti 2026-11-22."),
        ({"until": "2026-02-30"}, "2026-02-30 bukan tanggal. Tulis seperti 2026-11-22."),
        ({"since": "2026-12-01", "until": "2026-11-01"}, "Masa ini terbalik: 2026-11-01 lebih dulu dari 2026-12-01."),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(wrong, words):
    make.region()
    with pytest.raises(CommandError) as refused:
        affected(**{"table": "people.Learner"} | wrong)
    assert str(refused.value) == words


def test_every_table_that_holds_somebodys_data_can_be_asked_for(sari):
    make.region()
    asked = [model for model in tables() if lookups_to(model)]
    assert len(asked) > 15
    for model in asked:
        affected(model._meta.label)


def test_when_a_row_began_is_known_where_the_database_knows():
    assert {model: beginning_of(model) for model in (Learner, User, Answer, Household)} == {
        Learner: "user__date_joined",
        User: "date_joined",
        Answer: "attempt__started_at",
        Household: None,
    }
