"""Words without their endings, and words that are nearly another."""

import pytest

from courses.search_words import LONGEST_WORD, MAX_WORDS, asked, distance, nearest, sentences, stem, words

KNOWN = ["kemasan", "kemas", "merek", "harga", "keuntungan", "foto"]


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("kemasan", "kemas"),
        ("membungkus", "bungkus"),
        ("mengemas", "kemas"),
        ("pengemasan", "kemas"),
        ("pembeli", "beli"),
        ("menabung", "tabung"),
        ("penjualan", "jual"),
        ("singkong", "singkong"),
        ("2026", "2026"),
    ],
)
def test_words_of_one_stem_are_one(word, bare):
    assert stem(word) == bare


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kemasn", "kemasan"),  # a letter missing
        ("kemassan", "kemasan"),  # one too many
        ("merak", "merek"),  # another one
        ("haraga", "harga"),
        ("ahrga", "harga"),  # two swapped
        ("keuntugnan", "keuntungan"),
        ("keun", "keuntungan"),  # only begun
        ("fot", "foto"),
        ("fo", None),  # too short to tell
        ("xyzw", None),
        ("", None),
    ],
)
def test_what_is_nearly_a_word_is_that_word(typed, meant):
    assert nearest(typed, KNOWN) == meant


@pytest.mark.parametrize(
    ("one", "other", "letters"), [("a", "a", 0), ("", "abc", 3), ("ab", "ba", 1), ("kemasn", "kemasan", 1)]
)
def test_distance_counts_letters(one, other, letters):
    assert distance(one, other) == distance(other, one) == letters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kemasan, Harga!", ["kemasan", "harga"]),
        ("cara membuat kemasan yang baik", ["kemasan"]),
        ("modul kemasan", ["kemasan"]),
        ("yang", ["yang"]),  # there is nothing else
        ("kafé kafe", ["kafe"]),
        ("harga {ongkir-jne}", ["harga"]),
        ("x" * (LONGEST_WORD + 1), []),
        ("\0 \U0001f600 «»", []),
        ("", []),
    ],
)
def test_what_a_search_is_for(text, found):
    assert asked(text) == found


@pytest.mark.parametrize("dash", ["-", "–", "—", "/"])
def test_a_dash_parts_words_whoever_typed_it(dash):
    assert words(f"Buka Senin{dash}Jumat") == ["buka", "senin", "jumat"]


def test_a_long_search_asks_for_its_first_words():
    assert len(asked(" ".join(f"kata{number}" for number in range(1000)))) == MAX_WORDS


def test_a_text_falls_into_sentences_that_keep_their_end():
    assert sentences("Satu. Dua?\nTiga Rp1.500 {x}") == ["Satu.", "Dua?", "Tiga Rp1.500 {x}"]
    assert words("Tiga Rp1.500 {x}") == ["tiga", "rp1", "500"]
