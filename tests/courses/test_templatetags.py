"""Small decisions of the lesson templates. No database."""

import pytest

from courses.templatetags.courses import evidence_icon, evidence_word, is_amount


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Rp17.500", True),
        ("17.500", True),
        ("0,5", True),
        ("12", True),
        ("Rp 17.500", False),
        ("12 bungkus", False),
        ("di warung", False),
        ("Rp", False),
        ("", False),
    ],
)
def test_an_amount_is_set_flush_right(text, is_one):
    assert is_amount(text) is is_one


@pytest.mark.parametrize(
    ("code", "word", "icon"),
    [
        ("photo", "Foto", "icons/camera.svg"),
        ("note", "Catatan", "icons/pencil.svg"),
        ("number", "Angka", "icons/hash.svg"),
        ("voice", "Suara", "icons/mic.svg"),
        ("unknown", "unknown", "icons/list.svg"),
    ],
)
def test_evidence_has_a_word_and_an_icon(code, word, icon):
    assert (evidence_word(code), evidence_icon(code)) == (word, icon)
