"""The regions of Indonesia: by Kemendagri's codes, under the names that people use."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from people import regions
from people.models import Region

pytestmark = pytest.mark.django_db


def by_level() -> Counter:
    return Counter(Region.objects.values_list("level", flat=True))


def test_a_prepared_database_has_every_region_down_to_the_districts():
    assert by_level() == {"province": 38, "regency": 514, "district": 7285}


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("31", "DKI Jakarta", "province"),
        ("31.75.10", "Cipayung", "district"),
        ("36.71", "Kota Tangerang", "regency"),
        ("73.10", "Kabupaten Pangkajene dan Kepulauan", "regency"),
        ("53.10.17", "Cibal Barat", "district"),
        ("53.02.10", "Ki'e", "district"),
        ("13.05.05", "VII Koto", "district"),
        ("96", "Papua Barat Daya", "province"),
    ],
)
def test_a_region_has_its_code_and_the_name_that_people_use(code, name, level):
    region = Region.objects.get(code=code)
    assert (region.name, region.level) == (name, level)


@pytest.mark.parametrize(
    ("official", "displayed"),
    [
        ("Daerah Khusus Ibukota Jakarta", "DKI Jakarta"),
        ("Grong-grong", "Grong-Grong"),
        ("KI'E", "Ki'e"),
        ("2 x 11 Kayu Tanam", "2 x 11 Kayu Tanam"),
        ("STL Ulu Terawas", "STL Ulu Terawas"),
        ("Tiro/Truseb", "Tiro/Truseb"),
    ],
)
def test_names_are_written_naturally(official, displayed):
    assert regions.display_name(official) == displayed


def test_loading_again_changes_nothing_and_asks_once(django_assert_num_queries, capsys):
    with django_assert_num_queries(1):
        call_command("load_regions")
    assert "0 of them new or renamed" in capsys.readouterr().out


def test_loading_mends_what_is_missing_or_renamed():
    Region.objects.filter(code="96.71.01").delete()
    Region.objects.filter(code="31").update(name="Batavia")
    assert Region.objects.keep(regions.nation()) == 2
    assert Region.objects.get(code="31").name == "DKI Jakarta"
    assert by_level()["district"] == 7285


def test_loading_all_takes_few_queries(django_assert_max_num_queries):
    Region.objects.all().delete()
    with django_assert_max_num_queries(40):  # SQLite takes 333 regions at once
        assert Region.objects.keep(regions.nation()) == 7837


def test_the_command_loads_the_villages_of_one_district(capsys):
    call_command("load_regions", villages="31.75.10")
    assert by_level()["village"] == 8


@pytest.mark.parametrize("code", ["31.75", "31.75.99", "99", "x", ""])
def test_only_a_district_has_villages(code):
    with pytest.raises(ValueError, match="district"):
        list(regions.villages(code))


def test_the_command_says_when_there_is_no_such_district():
    with pytest.raises(CommandError, match=r"36\.7 is not the code of a district"):
        call_command("load_regions", villages="36.7")
