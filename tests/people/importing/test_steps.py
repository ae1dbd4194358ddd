"""A file on its way in: checked row by row, saved at one word, and the same file twice changes nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.utils import timezone

from learn import rights
from people import spreadsheets
from people.importing import steps
from people.importing.batches import ImportBatch
from people.importing.fields import MISSING
from people.importing.rows import HouseholdRow
from people.models import (
    Companion,
    Companionship,
    Coordinator,
    Household,
    HouseholdEvent,
    HouseholdGroup,
    ImportRow,
    Learner,
    Region,
    User,
)
from people.rules import parse_card_code
from people.spreadsheets import UnreadableFile
from tests import factories

from .files import HOUSEHOLD, checked, csv, header, outcomes, reasons, upload, xlsx

pytestmark = pytest.mark.django_db


def households(*rows, by) -> ImportBatch:
    return checked("keluarga", xlsx(HOUSEHOLD, *rows), by)


def full(kind: str, rows: list[list[str]], by) -> ImportBatch:
    """A file with all columns of its kind."""
    return checked(kind, upload(spreadsheets.to_xlsx(header(kind), rows)), by)


def everything() -> list:
    """What the tables hold, but for the import's own."""
    tables = (User, Companion, Coordinator, HouseholdGroup, Household, Learner, Companionship, HouseholdEvent, Region)
    return [list(table.objects.order_by("pk").values()) for table in tables]


# --- Whole files -------------------------------------------------------------------------------------------------


def good_row(number: int) -> list[str]:
    name = f"Keluarga {number}"
    return [f"K-{number:05}", name, "36.71.01", "M-1", "Kuliner", f"0812345{number:05}", "rina.marlina"]


# Each spoils one row of 5,000: the column, what is typed there, the field that tells why.
FAULTS = [
    (0, "", "reference"),
    (0, "K/1;DROP", "reference"),
    (0, "#999999", "reference"),
    (1, "", "name"),
    (1, "x" * 121, "name"),
    (1, "Sari 3671010101900001", "name"),
    (2, "", "region_id"),
    (2, "36.7", "region_id"),
    (2, "36.71.99", "region_id"),
    (2, "Tangerang", "region_id"),
    (3, "M-99", "group"),
    (4, "Kulliner", "business_type"),
    (5, "8.12E+10", "phone"),
    (5, "0212345678", "phone"),
    (5, "0812", "phone"),
    (5, "0812 / 0813", "phone"),
    (5, "3671014101900001", "phone"),
    (6, "budi.santoso", "companions"),
    (6, "rina.marlina, tidak.ada", "companions"),
    (0, "K-00001", "reference"),  # twice in the file
] * 2


def five_thousand() -> tuple[list[list[str]], dict[int, str]]:
    """The rows, and the faulty ones by their number in the sheet with the field that is wrong."""
    rows, faulty = [good_row(number) for number in range(5000)], {}
    for place, (column, text, field) in enumerate(FAULTS):
        number = 100 + 120 * place
        rows[number][column] = text
        faulty[number + 2] = field
    return rows, faulty


def test_five_thousand_households_with_forty_faulty_rows(admin, rina, django_assert_max_num_queries):
    HouseholdGroup.objects.create(name="Melati 1", reference="M-1", region=factories.region())
    rows, faulty = five_thousand()
    file = upload(spreadsheets.to_xlsx(header("keluarga"), rows))
    with django_assert_max_num_queries(60):
        batch = steps.begin("keluarga", file, by=admin)
    for _ in range(5):
        with django_assert_max_num_queries(20):
            steps.check_next(batch)
    assert {number: next(iter(remarks)) for number, remarks in reasons(batch).items()} == faulty
    assert outcomes(batch) == {"baru": 4960, "ditolak": 40}
    assert not Household.objects.exists()

    with django_assert_max_num_queries(260):
        steps.save(batch, by=admin)
    assert Household.objects.count() == 4960
    assert Companionship.objects.current().filter(companion=rina).count() == 4960
    kinds = HouseholdEvent.objects.values_list("kind", flat=True)
    assert sorted(set(kinds)) == ["companion_started", "household_made"]
    assert len(kinds) == 2 * 4960
    one = Household.objects.get(reference="K-00007")
    assert (one.name, one.phone, one.group.name, one.region_id) == (
        "Keluarga 7",
        "+6281234500007",
        "Melati 1",
        "36.71.01",
    )

    again = full("keluarga", rows, admin)
    assert outcomes(again) == {"sama": 4960, "ditolak": 40}


def test_learners_of_a_thousand_households_in_few_queries(admin, django_assert_max_num_queries):
    place = factories.region()
    Household.objects.make_all([Household(name="K", reference=f"K-{n}", region=place) for n in range(1000)], by=admin)
    batch = full("pelajar", [[f"K-{n}", "", "Sari", "Wulandari", "Ibu"] for n in range(1000)], admin)
    with django_assert_max_num_queries(60):
        steps.save(batch, by=admin)
    codes = set(User.objects.filter(learner__isnull=False).values_list("username", flat=True))
    assert len(codes) == 1000
    assert all(parse_card_code(code) == code for code in codes)
    assert HouseholdEvent.objects.filter(kind="learner_added", by=admin).count() == 1000


FILES = {
    "pendamping": [["siti.rahayu", "Siti", "Rahayu", "TKSK", "081234567890"]],
    "koordinator": [["hadi.santoso", "Hadi", "Santoso", "36"]],
    "kelompok": [["M-1", "Melati 1", "36.71.01"]],
    "keluarga": [["K-1", "Keluarga Sari", "36.71.01.1001", "M-1", "Kuliner", "81234567890", "siti.rahayu"]],
    "pelajar": [["K-1", "", "Sari", "Wulandari", "Ibu"], ["K-1", "P-2", "Dedi", "", "Bapak"]],
}


def test_every_kind_goes_in_and_the_same_files_twice_change_nothing(admin):
    for kind, rows in FILES.items():
        batch = full(kind, rows, admin)
        assert outcomes(batch) == {"baru": len(rows)}
        steps.save(batch, by=admin)
    before = everything()
    for kind, rows in FILES.items():
        batch = full(kind, rows, admin)
        assert outcomes(batch) == {"sama": len(rows)}
        steps.save(batch, by=admin)
    assert everything() == before
    siti = Companion.objects.get()
    assert (siti.type, siti.phone, siti.user.get_full_name()) == ("tksk", "+6281234567890", "Siti Rahayu")
    assert Coordinator.objects.get().scope_region_id == "36"
    assert [learner.greeting_name for learner in Learner.objects.for_companion(siti.user)] == ["Pak Dedi", "Bu Sari"]


def test_nothing_is_written_before_it_is_saved(admin, rina):
    before = everything()
    batch = households(["K-1", "Keluarga Sari", "36.71.01", ""], by=admin)
    assert outcomes(batch) == {"baru": 1}
    assert everything() == before


def test_saving_twice_saves_once(admin):
    batch = households(["K-1", "Keluarga Sari", "36.71.01", ""], by=admin)
    steps.save(batch, by=admin)
    after = everything()
    steps.save(ImportBatch.objects.get(), by=admin)
    assert everything() == after
    assert ImportBatch.objects.get().saved == {"baru": 1}


def test_what_is_not_checked_to_the_end_is_not_saved(admin):
    batch = steps.begin("keluarga", xlsx(HOUSEHOLD, ["K-1", "Keluarga Sari", "36.71.01", ""]), by=admin)
    with pytest.raises(steps.NotChecked):
        steps.save(batch, by=admin)
    assert not Household.objects.exists()


def test_a_row_that_went_bad_since_it_was_checked_is_refused_then(admin):
    columns = [*HOUSEHOLD, "Nomor kelompok"]
    group = HouseholdGroup.objects.create(name="Melati", reference="M-1", region=factories.region())
    batch = checked("keluarga", xlsx(columns, ["K-1", "Keluarga Sari", "36.71.01", "", "M-1"]), admin)
    group.delete()
    steps.save(batch, by=admin)
    assert not Household.objects.exists()
    assert "group" in reasons(batch)[2]


def test_after_saving_only_the_refused_rows_are_kept(admin):
    batch = households(["K-1", "Keluarga Sari", "36.71.01", ""], ["K-2", "", "36.71.01", ""], by=admin)
    steps.save(batch, by=admin)
    assert [row.number for row in batch.rows.all()] == [3]


def test_files_of_last_week_are_forgotten_with_their_rows(admin):
    households(["K-1", "Keluarga Sari", "36.71.01", ""], by=admin)
    ImportBatch.objects.update(made_at=timezone.now() - timedelta(days=8))
    households(["K-2", "Keluarga Dedi", "36.71.01", ""], by=admin)
    assert [row.cells["reference"] for row in ImportRow.objects.all()] == ["K-2"]


# --- Households --------------------------------------------------------------------------------------------------


def test_a_changed_row_tells_what_was_there_and_the_history_keeps_it(admin):
    steps.save(households(["K-1", "Keluarga Sari", "36.71.01", "081234567890"], by=admin), by=admin)
    batch = households(["K-1", "Keluarga Sari Wulandari", "36.71.02", "0813-4567-8901"], by=admin)
    assert outcomes(batch) == {"berubah": 1}
    assert batch.rows.get().remarks == {
        "name": "Tadinya: Keluarga Sari",
        "region_id": "Tadinya: 36.71.01",
        "phone": "Tadinya: 081234567890",
    }
    steps.save(batch, by=admin)
    home = Household.objects.get()
    assert (home.name, home.region_id, home.phone) == ("Keluarga Sari Wulandari", "36.71.02", "+6281345678901")
    event = HouseholdEvent.objects.get(kind="corrected")
    assert (event.household, event.by) == (home, admin)


def test_what_was_corrected_while_the_file_was_judged_stays(admin):
    """The file changes the phone of one household and the name of another."""
    before = [["K-1", "Sari", "36.71.01", "081234567890"], ["K-2", "Dedi", "36.71.01", "081234567891"]]
    steps.save(households(*before, by=admin), by=admin)
    batch = households(["K-1", "Sari", "36.71.01", "081234567899"], ["K-2", "Dedi Wijaya", "36.71.01", ""], by=admin)
    judged = steps._judge(batch, list(batch.rows.all()), row_of={})
    Household.objects.filter(reference="K-2").update(phone="+6281300000000", messages_welcome=True)
    HouseholdRow.write(judged, by=admin)
    dedi = Household.objects.get(reference="K-2")
    assert (dedi.name, dedi.phone, dedi.messages_welcome) == ("Dedi Wijaya", "+6281300000000", True)
    assert Household.objects.get(reference="K-1").phone == "+6281234567899"


@pytest.mark.parametrize(("phone", "welcome"), [("081234567890", True), ("081345678901", False)])
def test_that_messages_are_welcome_is_said_of_one_number_only(admin, phone, welcome):
    steps.save(households(["K-1", "Keluarga Sari", "36.71.01", "081234567890"], by=admin), by=admin)
    Household.objects.update(messages_welcome=True)
    steps.save(households(["K-1", "Keluarga Sari Wulandari", "36.71.01", phone], by=admin), by=admin)
    assert Household.objects.get().messages_welcome is welcome


def test_an_empty_cell_changes_nothing(admin):
    steps.save(households(["K-1", "Keluarga Sari", "36.71.01", "081234567890"], by=admin), by=admin)
    assert outcomes(households(["K-1", "Keluarga Sari", "36.71.01", ""], by=admin)) == {"sama": 1}


def test_another_companion_is_added_and_none_is_sent_away(admin, rina):
    home = factories.household(by=rina)
    agus = factories.companion()
    row = [f"#{home.pk}", home.name, home.region_id, "", "", "", agus.user.username]
    batch = full("keluarga", [row], admin)
    assert outcomes(batch) == {"berubah": 1}
    steps.save(batch, by=admin)
    assert set(Companionship.objects.current().values_list("companion", flat=True)) == {rina.pk, agus.pk}


def test_no_household_is_given_to_a_companion_whose_account_is_closed(admin, rina):
    """An old list still names her, and nobody would look after the family. Those that she has stay as they are."""
    columns = [*HOUSEHOLD, "Pendamping"]
    old, new = [["K-1", "Keluarga Sari"], ["K-2", "Keluarga Dedi"]]
    where = ["36.71.01", "", "rina.marlina"]
    steps.save(checked("keluarga", xlsx(columns, [*old, *where]), admin), by=admin)
    User.objects.filter(pk=rina.user_id).update(is_active=False)
    batch = checked("keluarga", xlsx(columns, [*old, *where], [*new, *where]), admin)
    assert outcomes(batch) == {"sama": 1, "ditolak": 1}
    assert reasons(batch)[3] == {"companions": "Akun pendamping rina.marlina sudah ditutup."}


def test_a_village_is_stored_with_its_district_when_it_is_first_named(admin):
    batch = households(["K-1", "Keluarga Sari", "3175101001", ""], by=admin)
    assert not Region.objects.filter(level="village").exists()
    steps.save(batch, by=admin)
    assert Household.objects.get().region.name == "Cipayung"
    assert Region.objects.filter(code__startswith="31.75.10.").count() == 8


@pytest.mark.parametrize("code", [36.1, "36.1", "36.71.1"])
def test_a_code_that_excel_cut_is_not_guessed(admin, code):
    batch = households(["K-1", "Keluarga Sari", code, ""], by=admin)
    assert reasons(batch)[2] == {"region_id": "Kode ini terpotong oleh Excel. Tulis lagi sebagai teks."}


@pytest.mark.parametrize("code", ["36-71-01-1001", "36 71 01 1001", "36710110011", "\uff13\uff16", "٣٦٧١٠١"])
def test_a_code_that_is_written_otherwise_is_refused_before_anything_is_saved(admin, code):
    batch = households(["K-1", "Keluarga Sari", code, ""], by=admin)
    assert reasons(batch)[2] == {"region_id": "Kode wilayah ini tidak ada. Contoh: 36.71.01."}


def test_a_cell_that_excel_made_a_date_is_refused(admin):
    batch = households(["K-1", "Keluarga Sari", timezone.localdate(), ""], by=admin)
    assert reasons(batch) == {2: {"region_id": steps.DATE}}


@pytest.mark.parametrize("result", ["#N/A", "#DIV/0!", "#NAME?", "Err:502"])
def test_what_a_formula_could_not_work_out_is_nobodys_name(admin, result):
    batch = checked("keluarga", csv(",".join(HOUSEHOLD), f"K-1,{result},36.71.01,"), admin)
    assert reasons(batch) == {2: {"name": steps.NO_RESULT}}


# --- Own numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["kelompok", "keluarga", "pelajar"])
def test_a_number_in_another_case_is_the_same_number(admin, kind):
    place = factories.region()
    factories.group(place)
    HouseholdGroup.objects.update(reference="Tkd-1")
    home = factories.household(place=place)
    Household.objects.update(reference="Tkd-1")
    factories.learner(home, reference="Tkd-1")
    rows = {
        "kelompok": ["tKD-1", HouseholdGroup.objects.get().name, place.code],
        "keluarga": ["tKD-1", home.name, place.code, "tkd-1", "", "", ""],
        "pelajar": ["tkd-1", "tKD-1", "Sari", "Wulandari", ""],
    }
    batch = full(kind, [rows[kind]], admin)
    assert outcomes(batch) == {"berubah" if kind == "keluarga" else "sama": 1}
    before = [list(table.objects.values_list("pk", "reference")) for table in (HouseholdGroup, Household, Learner)]
    steps.save(batch, by=admin)
    assert before == [
        list(table.objects.values_list("pk", "reference")) for table in (HouseholdGroup, Household, Learner)
    ]


def test_a_number_with_a_line_end_is_the_same_number(admin):
    """It was new in the preview, and then the file could never be saved."""
    steps.save(households(["K-1", "Keluarga Sari", "36.71.01", ""], by=admin), by=admin)
    assert outcomes(households(["K-1\n", "Keluarga Sari", "36.71.01", ""], by=admin)) == {"sama": 1}


def test_of_two_numbers_that_differ_in_case_alone_the_one_that_is_written_is_meant(admin):
    place = factories.region()
    for reference in ("tkd-1", "TKD-1", "Tkd-1"):
        Household.objects.create(name=f"Keluarga {reference}", reference=reference, region=place)
    assert outcomes(households(["TKD-1", "Keluarga TKD-1", place.code, ""], by=admin)) == {"sama": 1}


# --- Two files at once -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("kelompok", ["TKD-1", "Melati 1", "36.71"], ["tkd-1", "Melati 1", "36.71"]),
        ("keluarga", ["TKD-1", "Keluarga Sari", "36.71", *[""] * 4], ["tkd-1", "Keluarga Sari", "36.71", *[""] * 4]),
        ("pelajar", ["K-1", "", "Sari", "", ""], ["K-1", "", "sari", "", ""]),
    ],
)
def test_of_two_files_that_are_saved_at_once_the_second_is_judged_anew(admin, monkeypatch, kind, one, other):
    Household.objects.create(name="Keluarga Sari", reference="K-1", region=factories.region())
    first, second = full(kind, [one], admin), full(kind, [other], admin)
    judge = steps._judge

    def overtaken(*arguments):
        judged = judge(*arguments)
        monkeypatch.setattr(steps, "_judge", judge)
        steps.save(first, by=admin)
        return judged

    monkeypatch.setattr(steps, "_judge", overtaken)
    before = everything()
    with pytest.raises(steps.Overtaken):
        steps.save(second, by=admin)
    after = everything()
    assert after != before
    steps.save(second, by=admin)
    assert [len(rows) for rows in everything()[:6]] == [len(rows) for rows in after[:6]]


# --- Learners ----------------------------------------------------------------------------------------------------


def learners(home: Household, *rows, by) -> ImportBatch:
    return full("pelajar", [[f"#{home.pk}", *row] for row in rows], by)


def in_steps(home: Household, *rows, by) -> ImportBatch:
    """Checked in steps of ``steps.STEP`` rows."""
    content = spreadsheets.to_xlsx(header("pelajar"), [[f"#{home.pk}", *row] for row in rows])
    batch = steps.begin("pelajar", upload(content), by=by)
    while steps.counts(batch)[""]:
        steps.check_next(batch)
    return batch


def test_a_learner_is_known_by_her_name_in_the_household(admin):
    sari = factories.learner()
    batch = learners(sari.household, ["", "SARI", "wulandari", "Kak"], by=admin)
    assert outcomes(batch) == {"berubah": 1}
    steps.save(batch, by=admin)
    sari.refresh_from_db()
    assert (sari.full_name, sari.address_form) == ("SARI wulandari", "kak")
    assert Learner.objects.count() == 1


def test_spaces_and_line_ends_make_nobody_else_of_a_learner(admin):
    """As they come with names that were pasted: each was somebody new."""
    home = factories.learner(first_name="Sari  Dewi", last_name="").household
    names = ["Sari Dewi", "Sari\nDewi", "Sari\u00a0 Dewi"]
    batch = learners(home, *(["", name, "", ""] for name in names), by=admin)
    assert outcomes(batch) == {"berubah": 1, "ditolak": 2}
    steps.save(batch, by=admin)
    assert Learner.objects.get().full_name == "Sari Dewi"


def test_marks_that_nobody_sees_make_nobody_else_of_a_learner_whose_name_was_pasted_into_a_form(admin):
    home = factories.learner(first_name="\u2068Sari\u2069", last_name="").household
    batch = learners(home, ["", "Sari", "", ""], by=admin)
    steps.save(batch, by=admin)
    assert Learner.objects.get().full_name == "Sari"


def test_a_learner_with_a_number_may_change_her_name_and_household(admin):
    sari = factories.learner(reference="P-1")
    other = factories.household()
    batch = learners(other, ["P-1", "Sari", "Lestari", ""], by=admin)
    steps.save(batch, by=admin)
    sari.refresh_from_db()
    assert (sari.household, sari.full_name) == (other, "Sari Lestari")
    assert HouseholdEvent.objects.filter(kind="learner_moved").count() == 2


def test_two_learners_of_one_name_are_not_guessed_between(admin):
    home = factories.household()
    for _ in range(2):
        factories.learner(home)
    assert "reference" in reasons(learners(home, ["", "Sari", "Wulandari", ""], by=admin))[2]


def by_number(batch: ImportBatch) -> dict[int, str]:
    return dict(batch.rows.values_list("number", "outcome"))


@pytest.mark.parametrize("at_once", [1000, 1])
def test_the_second_row_of_one_name_with_a_number_is_somebody_new(admin, at_once, monkeypatch):
    """In one step of the checking, and across steps."""
    monkeypatch.setattr(steps, "STEP", at_once)
    tini = factories.learner(first_name="Tini", last_name="")
    rows = [["T-1", "Tini", "", "Ibu"], ["T-2", "Tini", "", "Kak"]]
    batch = in_steps(tini.household, *rows, by=admin)
    assert by_number(batch) == {2: "berubah", 3: "baru"}
    steps.save(batch, by=admin)
    assert set(Learner.objects.values_list("reference", "address_form")) == {("T-1", "ibu"), ("T-2", "kak")}
    assert Learner.objects.get(reference="T-1").pk == tini.pk
    assert outcomes(in_steps(tini.household, *rows, by=admin)) == {"sama": 2}


@pytest.mark.parametrize("at_once", [1000, 1])
@pytest.mark.parametrize(
    ("reference", "numbers"), [("", ["T-1", ""]), ("T-1", ["T-1", ""]), ("T-1", ["", "T-1"]), ("", ["#", ""])]
)
def test_the_second_row_about_one_learner_is_refused(admin, reference, numbers, at_once, monkeypatch):
    monkeypatch.setattr(steps, "STEP", at_once)
    tini = factories.learner(first_name="Tini", last_name="", reference=reference)
    numbers = [f"#{tini.pk}" if number == "#" else number for number in numbers]
    batch = in_steps(tini.household, *([number, "Tini", "", "Kak"] for number in numbers), by=admin)
    assert reasons(batch) == {3: {"household": "Sama dengan baris 2."}}
    steps.save(batch, by=admin)
    assert Learner.objects.count() == 1


def test_a_row_that_moves_a_learner_is_the_only_one_about_her(admin):
    tini = factories.learner(first_name="Tini", last_name="", reference="T-1")
    other = factories.household()
    rows = [[f"#{other.pk}", "T-1", "Tini", "", ""], [f"#{tini.household_id}", "", "Tini", "", ""]]
    assert reasons(full("pelajar", rows, admin)) == {3: {"household": "Sama dengan baris 2."}}


def test_rows_that_two_requests_check_at_once_are_no_repetition_of_themselves(admin):
    """Pressed twice, or pressed while the page sends itself."""
    tini = factories.learner(first_name="Tini", last_name="")
    file = csv(";".join(header("pelajar")), f"#{tini.household_id};;Tini;;Kak")
    batch = steps.begin("pelajar", file, by=admin)
    turns = iter([lambda: steps.check_next(batch)])

    def other_meanwhile(execute, sql, *args):
        if "import" in sql and "SELECT" in sql and "learner" in sql:
            next(turns, lambda: None)()
        return execute(sql, *args)

    with connection.execute_wrapper(other_meanwhile):
        steps.check_next(batch)
    assert outcomes(batch) == {"berubah": 1}


@pytest.mark.parametrize("what", ["corrected", "moved", "erased"])
def test_whom_a_file_knew_as_it_was_checked_is_nobody_new_as_it_is_saved(admin, rina, what):
    """The list said «sama», and Simpan is pressed the day after."""
    sari = factories.learner(factories.household(by=rina))
    batch = learners(sari.household, ["", "Sari", "Wulandari", "Ibu"], ["", "Dedi", "", ""], by=admin)
    assert outcomes(batch) == {"sama": 1, "baru": 1}
    if what == "corrected":
        Learner.objects.correct(sari, by=rina.user, last_name="Wulan")
    elif what == "moved":
        Learner.objects.move(sari, factories.household(by=rina), by=rina.user)
    else:
        rights.erase(sari)
    steps.save(batch, by=admin)
    assert [*Learner.objects.exclude(pk=sari.pk).values_list("first_name", flat=True)] == ["Dedi"]
    assert "sejak berkas diperiksa" in reasons(batch)[2]["__all__"]


@pytest.mark.parametrize("has_withdrawn", [True, False])
def test_a_learner_whose_account_is_closed_is_left_alone_whatever_closed_it(admin, has_withdrawn):
    sari = factories.learner()
    if has_withdrawn:
        rights.withdraw(sari, by=sari.user)
    User.objects.filter(pk=sari.user_id).update(is_active=False)
    batch = learners(sari.household, ["", "Sari", "Wulandari", "Kak"], by=admin)
    assert reasons(batch)[2] == {"first_name": "Akun pelajar ini sudah ditutup. Datanya tidak diubah."}


def test_a_new_learner_chooses_her_pin_at_the_first_sign_in(admin):
    home = factories.household()
    steps.save(learners(home, ["", "Sari", "", ""], by=admin), by=admin)
    assert not Learner.objects.get().user.has_usable_password()


# --- Staff -------------------------------------------------------------------------------------------------------


def test_new_staff_get_a_password_that_is_told_once(admin):
    batch = full("pendamping", [["siti.rahayu", "Siti", "", "", ""]], admin)
    passwords = steps.save(batch, by=admin)
    assert list(passwords) == ["siti.rahayu"]
    assert len(passwords["siti.rahayu"]) == 14
    assert check_password(passwords["siti.rahayu"], User.objects.get(username="siti.rahayu").password)
    assert steps.save(ImportBatch.objects.get(), by=admin) == {}
    assert passwords["siti.rahayu"] not in str(list(ImportBatch.objects.values()) + list(ImportRow.objects.values()))


def test_staff_who_are_there_keep_their_password(admin, rina):
    batch = full("pendamping", [["RINA.marlina", "Rina", "Marlina", "", ""]], admin)
    assert outcomes(batch) == {"berubah": 1}
    assert steps.save(batch, by=admin) == {}
    rina.user.refresh_from_db()
    assert rina.user.check_password(factories.PASSWORD)
    assert rina.user.get_full_name() == "Rina Marlina"


@pytest.mark.parametrize("name", ["sarwati1", "SAR1-PENA", "rina-adam", "ab", "rina marlina", "rina@x", "admin.uji"])
def test_a_staff_name_is_no_card_code_and_nobody_elses(admin, name):
    assert "username" in reasons(full("pendamping", [[name, "Rina", "", "", ""]], admin))[2]


def test_a_staff_name_in_full_width_letters_is_the_same_name(admin):
    """Both were new in the preview, and then the file could never be saved."""
    batch = full("pendamping", [[name, "Nia", "", "", ""] for name in ("nia.kurnia", "\uff4eia.kurnia")], admin)
    assert outcomes(batch) == {"baru": 1, "ditolak": 1}


def test_a_file_of_too_many_staff_is_refused(admin):
    rows = [[f"siti.rahayu{number}", "Siti", "", "", ""] for number in range(steps.MAX_STAFF + 1)]
    with pytest.raises(UnreadableFile, match="500 orang"):
        full("pendamping", rows, admin)


# --- What never comes in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["NIK", "No. KK", "KKS", "Nomor Kartu Keluarga"])
def test_a_column_of_identity_numbers_keeps_the_whole_file_out(admin, column):
    with pytest.raises(UnreadableFile, match="tidak boleh dikumpulkan"):
        steps.begin("keluarga", xlsx([*HOUSEHOLD, column], ["K-1", "Sari", "36.71.01", "", "1"]), by=admin)
    assert not ImportBatch.objects.exists()


def test_an_identity_number_anywhere_is_stored_nowhere(admin):
    nik = "3671010101900001"
    columns = [*HOUSEHOLD, "Keterangan"]
    rows = [
        ["K-1", nik, "36.71.01", "", ""],
        ["K-2", "Sari", "36.71.01", "", nik],
        ["K-3", "Sari", "36.71.01", int(nik), ""],
        ["K-4", "Sari", "36.71.01", "", "", "", nik],
    ]
    batch = checked("keluarga", xlsx(columns, *rows), admin)
    assert reasons(batch) == {
        2: {"name": steps.IDENTITY},
        3: {"": steps.IDENTITY},
        4: {"phone": steps.IDENTITY},
        5: {"": steps.IDENTITY},
    }
    assert nik not in str(list(ImportRow.objects.values()))


def test_what_stands_in_place_of_an_identity_number_is_no_name(admin):
    """The refused rows are sent again as they were taken out: a family was then called «(disembunyikan)»."""
    batch = households(["K-1", steps.HIDDEN, "36.71.01", ""], by=admin)
    assert reasons(batch) == {2: {"name": steps.IDENTITY}}


def test_the_example_of_the_template_is_no_household(admin):
    batch = full(
        "keluarga",
        [["CONTOH-1", "Keluarga Sari Wulandari", "36.71.01", "M-1", "Kuliner", "081234567890", "rina.marlina"]],
        admin,
    )
    assert reasons(batch) == {2: {"": steps.EXAMPLE}}


def test_the_second_identity_number_in_place_of_a_number_is_told_as_such(admin):
    batch = households(*[["3671014101900001", name, "36.71.01", ""] for name in ("Sari", "Dedi")], by=admin)
    assert reasons(batch) == {2: {"reference": steps.IDENTITY}, 3: {"reference": steps.IDENTITY}}


# --- Rows that say little ----------------------------------------------------------------------------------------


def test_families_without_a_number_are_not_taken_for_one_another(admin):
    batch = households(*[["", name, "36.71.01", ""] for name in ("Sari", "Dedi", "Wati")], by=admin)
    assert reasons(batch) == {number: {"reference": MISSING} for number in (2, 3, 4)}


def test_learners_without_a_household_are_not_taken_for_one_another(admin):
    batch = full("pelajar", [["", "", "Sari", "", ""], ["", "", "Sari", "", ""]], admin)
    assert reasons(batch) == {number: {"household": MISSING} for number in (2, 3)}


def test_a_row_with_nothing_in_the_columns_that_are_read_is_an_empty_row(admin):
    file = csv("No;Nomor keluarga;Nama keluarga;Kode wilayah", "1;K-1;Sari;36.71.01", "2", "3;;;")
    assert outcomes(checked("keluarga", file, admin)) == {"baru": 1}


def test_a_file_of_such_rows_alone_is_an_empty_file(admin):
    with pytest.raises(UnreadableFile, match="Belum ada baris"):
        steps.begin("keluarga", xlsx([*HOUSEHOLD, "No"], ["", "", "", "", 1], ["", "", "", "", 2]), by=admin)


# --- Columns -----------------------------------------------------------------------------------------------------


def test_columns_may_stand_in_any_order_and_spelling(admin):
    batch = checked("keluarga", csv("KODE_WILAYAH;nama keluarga;No;Nomor Keluarga", "36.71.01;Sari;1;K-1"), admin)
    assert batch.rows.get().cells == {"region_id": "36.71.01", "name": "Sari", "reference": "K-1"}
    assert batch.unread_columns == ["No"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Nomor keluarga;Nama keluarga", "K-1;Sari"], "Kolom ini belum ada: Kode wilayah. Pakai berkas contoh."),
        (["Nomor keluarga;Nama keluarga;Kode wilayah;nama_keluarga", "K-1;Sari;36.71.01;x"], "dua kali"),
        (["Nomor keluarga;Nama keluarga;Kode wilayah"], "Belum ada baris"),
    ],
)
def test_wrong_columns_are_said(admin, lines, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        steps.begin("keluarga", csv(*lines), by=admin)
