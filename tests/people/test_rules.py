"""What the rules of identity promise. No database."""

from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules import (
    CODE_ALPHABET,
    canonical_login,
    new_card_code,
    parse_card_code,
    pin_weakness,
    time_zone_of,
)
from tests.properties import steady

# --- Card codes --------------------------------------------------------------------------------------------------

codes = st.text(CODE_ALPHABET, min_size=8, max_size=8)
separators = st.text(" -·\t\u00a0\u2007\u202f\u3000", max_size=2)


def full_width(text: str) -> str:
    """As an Asian keyboard writes it: «ＳＡＲ１»."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@st.composite
def code_and_variant(draw) -> tuple[str, str]:
    """A code, and the same as a person may write it."""
    code = draw(codes)
    parts = [draw(separators)]
    for letter in code:
        letter = draw(st.sampled_from({"0": "0O", "1": "1IL"}.get(letter, letter)))
        letter = draw(st.sampled_from([letter, letter.lower()]))
        parts += [draw(st.sampled_from([letter, full_width(letter)])), draw(separators)]
    return code, "".join(parts)


@steady
@given(code_and_variant())
def test_every_way_to_write_a_code_is_one_login(pair):
    """A3: so the limiter counts them all together."""
    code, variant = pair
    assert canonical_login(variant) == code


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"])
def test_a_dash_that_the_phone_has_prettified_is_forgiven(dash):
    assert canonical_login(f"sar1{dash}pena") == "SAR1PENA"


@pytest.mark.parametrize("invisible", ["\u200b", "\u200e", "\u2060", "\ufeff"])
def test_an_invisible_letter_of_a_copied_message_is_forgiven(invisible):
    assert canonical_login(f"{invisible}SAR1PENA{invisible}") == "SAR1PENA"


@steady
@given(codes, codes)
def test_two_codes_are_two_logins(one, other):
    assert (canonical_login(one) == canonical_login(other)) == (one == other)


@steady
@given(st.text(max_size=40))
def test_a_login_is_canonical_once_and_for_all(text):
    assert canonical_login(canonical_login(text)) == canonical_login(text)


@pytest.mark.parametrize(
    "text",
    ["", "SAR1PEN", "SAR1PENAX", "SAR1PENU", "SAR1PEN!", "SAR1/PENA", "САR1PENA", "SAR1PEN²²", "rina.marlina"],
)
def test_other_texts_are_no_card_codes(text):
    assert parse_card_code(text) is None


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("rina.marlina", "rina.marlina"),
        ("  Rina.Marlina ", "rina.marlina"),
        ("ＲＩＮＡ．ＭＡＲＬＩＮＡ", "rina.marlina"),
        ("staf.7", "staf.7"),
        ("", ""),
    ],
)
def test_a_staff_name_is_lower_case(text, login):
    assert canonical_login(text) == login


def test_a_new_code_is_random_and_reads_as_itself():
    made = {new_card_code() for _ in range(500)}
    assert len(made) == 500
    assert all(parse_card_code(code) == code for code in made)
    assert {letter for code in made for letter in code} == set(CODE_ALPHABET)


# --- PINs --------------------------------------------------------------------------------------------------------

SHAPE, EASY, RUN, DATE = "6 angka", "terlalu mudah", "berurutan", "tanggal"


@pytest.mark.parametrize(
    ("pin", "weakness"),
    [
        ("", SHAPE),
        ("27495", SHAPE),
        ("2749513", SHAPE),
        ("27495a", SHAPE),
        ("27495 ", SHAPE),
        ("274951\n", SHAPE),
        ("٢٧٤٩٥١", SHAPE),
        ("²74951", SHAPE),
        ("000000", EASY),
        ("777777", EASY),
        ("121212", EASY),
        ("112221", EASY),
        ("123456", RUN),
        ("456789", RUN),
        ("890123", RUN),
        ("987654", RUN),
        ("321098", RUN),
        ("170845", DATE),  # DDMMYY
        ("081745", DATE),  # MMDDYY
        ("450817", DATE),  # YYMMDD
        ("311299", DATE),
        ("194508", DATE),  # YYYYMM
        ("201730", DATE),  # any year 19xx or 20xx
        ("081945", DATE),  # MMYYYY
        ("992073", DATE),
    ],
)
def test_a_weak_pin_is_refused_with_its_reason(pin, weakness):
    assert weakness in pin_weakness(pin)


@pytest.mark.parametrize("pin", ["274951", "997431", "135790", "442239", "471336", "123457", "000132"])
def test_other_pins_are_accepted(pin):
    assert pin_weakness(pin) is None


@cache
def weak_pins() -> set[str]:
    """All that the security design calls weak, counted out of all 10⁶."""
    weak = {"".join(pin) for two in combinations("0123456789", 2) for pin in product(two, repeat=6)}
    weak |= {"".join(str((start + step * i) % 10) for i in range(6)) for start in range(10) for step in (1, -1)}
    for day in range(1, 32):
        for month in range(1, 13):
            for year in range(100):
                weak |= {f"{day:02}{month:02}{year:02}", f"{month:02}{day:02}{year:02}", f"{year:02}{month:02}{day:02}"}
    for year in range(1900, 2100):
        for rest in range(100):
            weak |= {f"{year}{rest:02}", f"{rest:02}{year}"}
    return weak


def test_one_pin_in_ten_is_weak_and_every_weak_one_is_refused():
    """A8, over all 10⁶."""
    weak = weak_pins()
    assert len(weak) >= 10**6 / 10
    assert not [pin for pin in weak if pin_weakness(pin) is None]


def test_no_other_pin_is_refused():
    tried = {f"{number:06}" for number in range(0, 10**6, 11)} - weak_pins()
    assert not [pin for pin in tried if pin_weakness(pin)]


# --- Places ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "provinces"),
    [
        ("Asia/Jakarta", "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62"),
        ("Asia/Makassar", "51 52 53 63 64 65 71 72 73 74 75 76"),
        ("Asia/Jayapura", "81 82 91 92 93 94 95 96"),
    ],
)
def test_each_of_the_38_provinces_has_its_time_zone(zone, provinces):
    assert {time_zone_of(province) for province in provinces.split()} == {zone}


@pytest.mark.parametrize("code", ["73", "73.71", "73.71.01", "73.71.01.1002"])
def test_a_region_has_the_time_zone_of_its_province(code):
    assert time_zone_of(code) == "Asia/Makassar"
