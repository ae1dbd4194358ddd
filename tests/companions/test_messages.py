"""What a ready message says: companions/messages.py as tables."""

from urllib.parse import parse_qs, urlsplit

import pytest

from companions.messages import is_discreet, ready_text, whatsapp_link
from companions.rules import Kind
from progress.rules import StepKind

RINA = {"companion": "Rina"}


@pytest.mark.parametrize(
    ("kind", "more", "text"),
    [
        (
            Kind.QUIET,
            {"step": StepKind.LESSON, "title": "Memilih nama"},
            "Halo Bu Sari, ini Rina. Apa kabar? Pelajaran «Memilih nama» sudah siap. Sekitar 5 menit saja. "
            "Sinyal susah atau ada yang sulit? Balas saja pesan ini.",
        ),
        (
            Kind.LONG_QUIET,
            {"step": StepKind.LESSON},
            "Halo Bu Sari, ini Rina. Apa kabar? Pelajaran berikutnya sudah siap. Sekitar 5 menit saja. "
            "Sinyal susah atau ada yang sulit? Balas saja pesan ini.",
        ),
        (
            Kind.QUIET,
            {"step": StepKind.PRACTICE, "title": "Memilih nama"},
            "Halo Bu Sari, ini Rina. Apa kabar? Praktik «Memilih nama» boleh dikirim kapan saja. "
            "Sinyal susah atau ada yang sulit? Balas saja pesan ini.",
        ),
        (
            Kind.QUIET,
            {"step": StepKind.QUIZ, "title": "Merek Usaha"},
            "Halo Bu Sari, ini Rina. Apa kabar? Kuis «Merek Usaha» sudah terbuka. Boleh dicoba kapan saja. "
            "Sinyal susah atau ada yang sulit? Balas saja pesan ini.",
        ),
        (
            Kind.QUIET,
            {"title": "Merek Usaha"},
            "Halo Bu Sari, ini Rina. Apa kabar? Modul «Merek Usaha» sudah siap. "
            "Satu pelajaran sekitar 5 menit saja. Sinyal susah atau ada yang sulit? Balas saja pesan ini.",
        ),
        (
            Kind.QUIZ,
            {"title": "Merek Usaha"},
            "Halo Bu Sari, ini Rina. Kuis «Merek Usaha» boleh dicoba lagi kapan saja. "
            "Mau saya temani? Kapan waktu yang enak?",
        ),
        (
            Kind.DUE,
            {"title": "Merek Usaha", "when": "Rabu, 25 November"},
            "Halo Bu Sari, ini Rina. Modul «Merek Usaha» kita selesaikan paling lambat Rabu, 25 November, ya. "
            "Perlu waktu lebih? Balas saja pesan ini.",
        ),
        (
            Kind.DUE,
            {"title": "Merek Usaha"},
            "Halo Bu Sari, ini Rina. Modul «Merek Usaha» masih terbuka. Kita lanjutkan pelan-pelan, ya. "
            "Ada yang sulit? Balas saja pesan ini.",
        ),
        (
            Kind.PIN,
            {},
            "Halo Bu Sari, ini Rina. PIN sementara sudah habis waktunya. Nanti saya beri yang baru. "
            "Kapan kita bisa bertemu?",
        ),
        (
            Kind.PIN,
            {"when": "Rabu, 25 November jam 10.00"},
            "Halo Bu Sari, ini Rina. PIN sementara berlaku sampai Rabu, 25 November jam 10.00. "
            "Masuk satu kali, lalu buat PIN sendiri. Sudah lewat? Kabari saya.",
        ),
        (None, {}, "Halo Bu Sari, ini Rina. Apa kabar? Bagaimana belajarnya? Ada yang sulit? Balas saja pesan ini."),
    ],
)
def test_each_need_has_its_words(kind, more, text):
    assert ready_text(kind, greeting="Bu Sari", **RINA, **more) == text


@pytest.mark.parametrize("greeting", ["Bu Sari", "Pak Dedi", "Kak Nia", "Rudi"])
def test_the_family_is_addressed_as_it_likes(greeting):
    assert ready_text(None, greeting=greeting, **RINA).startswith(f"Halo {greeting}, ini Rina.")


@pytest.mark.parametrize(
    ("title", "discreet"),
    [
        ("Memilih nama", True),
        ("Merek Usaha", True),
        ("Rapikan dan potong persegi", True),
        ("Apa itu PENA?", False),
        ("Kenal PENA dan Siap Berusaha", False),
        ("Apa itu graduasi?", False),
        ("Literasi Keuangan", False),
        ("Pisahkan uang usaha dan uang rumah", False),
        ("Menghitung HPP dan harga jual", False),
        ("Tabungan dan dana darurat", False),
        ("Meminjam dengan aman: KUR dan bahaya pinjol ilegal", False),
        ("Bayar aman: transfer dan QRIS", False),
        ("Buku kas harian", False),
    ],
)
def test_a_title_about_assistance_or_money_is_not_spoken(title, discreet):
    assert is_discreet(title) is discreet
    for kind in (Kind.QUIET, Kind.LONG_QUIET, Kind.QUIZ, Kind.DUE):
        assert (title in ready_text(kind, greeting="Bu Sari", **RINA, title=title)) is discreet


def test_the_link_bears_number_and_words_and_nothing_breaks_out():
    text = "Halo & apa kabar? #1 «ya»\nBu Sari"
    link = urlsplit(whatsapp_link("+6281200001111", text))
    assert (link.scheme, link.netloc, link.path, link.fragment) == ("https", "wa.me", "/6281200001111", "")
    assert parse_qs(link.query) == {"text": [text]}
