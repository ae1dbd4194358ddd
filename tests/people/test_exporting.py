"""Lists that go out: in the import's columns, without formulas, and only of whom the caller chose."""

import io

import pytest
from openpyxl import load_workbook

from people.exporting import export_csv, export_xlsx
from people.models import Companion, Coordinator, Household, HouseholdGroup, Learner, User
from tests import factories
from tests.people.importing.files import checked, header, outcomes, upload

pytestmark = pytest.mark.django_db

FORMULA = "=HYPERLINK(A1)"


@pytest.fixture
def people():
    """A family with all that can be told, one with nothing, and staff."""
    rina, agus = factories.companion(), factories.companion()
    group = factories.group()
    full = factories.household(by=rina, in_group=group)
    Household.objects.filter(pk=full.pk).update(reference="K-1", phone="+6281234567890", business_type="kuliner")
    factories.learner(full, reference="P-1")
    plain = factories.household(by=agus, place=factories.region("73.71", "Kota Makassar"))
    factories.learner(plain, first_name=FORMULA, last_name="-1", address_form="none")
    factories.coordinator(factories.region())
    return full, plain


def csv_rows(response) -> list[list[str]]:
    return [line.split(";") for line in response.content.decode("utf-8-sig").splitlines()]


@pytest.mark.parametrize("export", [export_csv, export_xlsx])
@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (Companion, "pendamping"),
        (Coordinator, "koordinator"),
        (HouseholdGroup, "kelompok"),
        (Household, "keluarga"),
        (Learner, "pelajar"),
    ],
)
def test_what_goes_out_comes_in_again_as_the_same(people, export, model, kind):
    admin = factories.administrator()
    batch = checked(kind, upload(export(model.objects.all()).content), admin)
    assert outcomes(batch) == {"sama": model.objects.count()}


def test_a_household_is_written_as_people_write(people):
    head, full, plain = csv_rows(export_csv(Household.objects.order_by("pk")))
    assert head == header("keluarga")
    assert full[0] == "K-1"
    assert full[4:6] == ["Kuliner", "081234567890"]
    assert plain[0] == f"#{people[1].pk}"
    assert plain[2:6] == ["73.71", "", "", ""]


def test_formulas_go_out_as_text_in_a_csv(people):
    """W9"""
    text = export_csv(Learner.objects.all()).content.decode()
    assert f"'{FORMULA};'-1" in text
    assert f";{FORMULA}" not in text


def test_formulas_go_out_as_text_in_a_workbook(people):
    """W9"""
    book = load_workbook(io.BytesIO(export_xlsx(Learner.objects.all()).content))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert f"'{FORMULA}" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def test_a_coordinators_list_ends_where_her_region_does(people):
    """Z2"""
    user = Coordinator.objects.get().user
    rows = csv_rows(export_csv(Household.objects.for_coordinator(user)))
    assert [row[0] for row in rows[1:]] == ["K-1"]
    assert len(csv_rows(export_csv(Learner.objects.for_coordinator(user)))) == 2


def test_whoever_withdrew_is_in_no_list(people):
    User.objects.filter(learner__household=people[0]).update(is_active=False)
    assert len(csv_rows(export_csv(Learner.objects.all()))) == 2


def test_a_list_is_a_file_that_no_cache_keeps(people):
    response = export_xlsx(Household.objects.all())
    assert response.headers["Content-Disposition"] == 'attachment; filename="keluarga.xlsx"'
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("households", [1, 30])
def test_a_longer_list_takes_no_more_queries(django_assert_num_queries, households):
    rina = factories.companion()
    for _ in range(households):
        factories.household(by=rina)
    with django_assert_num_queries(2):
        export_csv(Household.objects.all())
