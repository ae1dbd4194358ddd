"""NIK, KK and KKS numbers stay out: their columns are known by name, the numbers by their look."""

import pytest

from people.importing.identity import has_identity_number, is_forbidden_column


@pytest.mark.parametrize(
    "header",
    [
        *("NIK", "nik", "No. KK", "no_kk", "NoKK", "Nomor KK", "KKS", "No KKS", "Nomor Kartu Keluarga", "NIK/KK"),
        *("No. KTP", "Nomor Induk Kependudukan", "nik ibu", "Kartu Tanda Penduduk NIK", "kartu_keluarga_sejahtera"),
    ],
)
def test_such_a_column_is_known_by_its_name(header):
    assert is_forbidden_column(header)


@pytest.mark.parametrize(
    "header", ["Nama keluarga", "Nomor keluarga", "Teknik", "Unik", "Pekka", "Kecamatan", "Nomor HP", "Kelompok", ""]
)
def test_other_columns_are_welcome(header):
    assert not is_forbidden_column(header)


@pytest.mark.parametrize(
    "text",
    [
        "3671010101900001",
        "3671014101900001",  # a woman: day of birth + 40
        "3671017112850003",
        "36.71.01.010190.0001",
        "3671 0101 0190 0001",
        "NIK 3671010101900001 Sari",
        "3671010101900000",  # Excel made the last digit 0
        "3.67101010190000E+15",
        "3,67E+15",
        "4539148803436467",  # a bank card
    ],
)
def test_a_number_that_looks_like_a_nik_kk_or_card_is_seen(text):
    assert has_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "+62 812 3456 7890",
        "36.71.01.1001",
        "K-00012",
        "1234567890123456",
        "36710101019000011",
        "",
        "Sari",
        "9971010101900002",  # no such province
        "3671013201900002",  # no such day
        "3671010113900002",  # no such month
        "8.12E+10",
    ],
)
def test_other_numbers_are_not(text):
    assert not has_identity_number(text)
