"""How a text is measured, as tables. The counts are those of cek_materi.py, with which the lessons were written."""

import pytest

from courses.readability import measure, plain, sentences, syllables, too_long, words


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("merek", 2),
        ("pakai", 2),  # ai at the end is one
        ("kalau", 2),
        ("amboi", 2),
        ("baik", 1),  # and before a consonant, as cek_materi.py counts it
        ("siapa", 3),
        ("saudara", 3),
        ("usaha", 3),
        ("pendampingan", 4),
        ("Kementerian", 5),
        ("HPP", 1),
        ("di", 1),
    ],
)
def test_syllables(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nama pendek. Mudah diucap!", ["Nama pendek", "Mudah diucap"]),
        ("Isinya tiga: modal, ilmu, teman.", ["Isinya tiga", "modal, ilmu, teman"]),
        ("Harganya Rp12.500 saja.", ["Harganya Rp12500 saja"]),
        ("Buka pdki-indonesia.dgip.go.id dulu.", ["Buka situs dulu"]),
        ("Baris satu\nBaris dua", ["Baris satu", "Baris dua"]),
        ("12 + 3 = 15.", []),
        ("", []),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(("count", "is_long"), [(15, False), (16, True)])
def test_a_sentence_may_have_fifteen_words(count, is_long):
    assert bool(too_long("kata " * count + ".")) == is_long


def test_averages_are_over_all_texts():
    reading = measure(["Nama itu pendek.", "Pilih yang mudah diucap. Kementerian."])
    assert (reading.sentences, reading.words, reading.long_words) == (3, 8, 1)
    assert reading.words_a_sentence == pytest.approx(8 / 3)
    assert reading.syllables_a_word == pytest.approx(19 / 8)
    assert reading.long_share == pytest.approx(1 / 8)


def test_no_text_measures_nothing():
    reading = measure([])
    assert (reading.words_a_sentence, reading.syllables_a_word, reading.long_share) == (0, 0, 0)


def test_html_becomes_one_line_a_paragraph_and_a_figure_becomes_a_number():
    assert plain("<p>Bayar {biaya-merek}.</p><ul><li>Satu<br/>dua</li></ul>") == "Bayar 0.\nSatu\ndua\n"
    assert words("Rp500.000 per kelas") == ["Rp", "per", "kelas"]
