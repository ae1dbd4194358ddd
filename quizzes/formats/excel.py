"""Our own sheet: one question a row, a column for each thing. «Nomor» is a question's reference."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from courses.numbers import parse_number
from people.spreadsheets import Cell, Formula, Fraction, UnreadableFile, read, to_xlsx
from quizzes.rules import Kind

from .questions import NOT_A_NUMBER, NOT_HELD, TWO_WAYS, Entry, ImportedQuestion, NotForUs, Refused, plain, tidy

PLACES = range(1, 7)
KINDS = {
    "pilih satu": Kind.SINGLE_CHOICE,
    "pilih beberapa": Kind.MULTI_SELECT,
    "benar atau salah": Kind.TRUE_FALSE,
    "urutkan": Kind.ORDERING,
    "pasangkan": Kind.MATCHING,
    "angka": Kind.NUMERIC,
}
NAMES = {kind: name.capitalize() for name, kind in KINDS.items()}
HEADER = [
    *("Nomor", "Jenis", "Soal"),
    *(f"Isi {place}" for place in PLACES),
    *("Kunci", "Satuan", "Boleh meleset", "Penjelasan", "Pelajaran"),
    *(f"Pasangan {place}" for place in PLACES),
]
NEEDED = ("Jenis", "Soal", "Isi 1", "Kunci")
LETTERS = "abcdef"
NO_KIND = "Jenisnya belum dikenal. Tulis salah satu: " + ", ".join(NAMES.values()) + "."
NO_KEY = "Kuncinya menunjuk isi yang tidak ada. Tulis nomornya, misalnya 2 atau 1, 3."
NO_TRUTH = "Kuncinya belum jelas. Tulis Benar atau Salah."
NOTES = [
    ("Kolom", "Cara mengisi"),
    ("Nomor", "Kosongkan untuk soal baru. Jangan diubah di berkas ekspor: dari nomor ini soal dikenali."),
    ("Jenis", "Salah satu: " + ", ".join(NAMES.values()) + "."),
    ("Soal", "Satu kalimat pendek."),
    ("Isi 1 sampai Isi 6", "Pilihan jawaban. Untuk Urutkan: isi dalam urutan yang benar. Untuk Pasangkan: sisi kiri."),
    ("Kunci", "Pilih satu: nomor isi, misalnya 2. Pilih beberapa: 1, 3. Benar atau salah: Benar. Angka: 7500."),
    ("Satuan", "Untuk Angka, misalnya rupiah."),
    ("Boleh meleset", "Untuk Angka. Kosong: harus tepat."),
    ("Penjelasan", "Satu kalimat: kenapa jawabannya begitu?"),
    ("Pelajaran", "Judul pelajaran di modul ini."),
    ("Pasangan 1 sampai Pasangan 6", "Untuk Pasangkan: pasangan dari isi dengan nomor yang sama."),
    ("", "Sel kosong tidak mengubah soal yang sudah ada. Rumus tidak dibaca."),
    ("", "Hapus baris contoh sebelum dikirim."),
]


@dataclass(frozen=True)
class Row:
    """The cells of a row by their column's name."""

    number: int
    cells: dict[str, Cell]

    def text(self, column: str) -> str:
        """What is typed there. Raises NotForUs where Excel made something else of it."""
        cell = self.cells.get(column, "")
        if isinstance(cell, Formula):
            raise NotForUs(f"Kolom {column} berisi rumus. Tulis isinya saja.")
        if not isinstance(cell, str):
            raise NotForUs(f"Kolom {column} diubah Excel menjadi tanggal. Tulis lagi sebagai teks.")
        return tidy(cell.replace(".", ",") if isinstance(cell, Fraction) else cell)  # as the cell shows it here

    def amount(self, column: str, unit: str) -> Decimal | None:
        """As ``_number``, but for what is a number to Excel: that can be read in one way alone."""
        text = self.text(column)
        if isinstance(self.cells.get(column), Fraction):
            text = re.sub(r"(,[0-9]{3})(?=%?$)", r"\g<1>0", text)  # three digits after a mark would be thousands
        return _number(text, unit)

    def texts(self, column: str) -> list[str]:
        """The cells of a column that has six, without the empty ones at the end."""
        texts = [self.text(f"{column} {place}") for place in PLACES]
        while texts and not texts[-1]:
            texts.pop()
        return texts


def parse(upload) -> Iterator[Entry]:
    """``upload`` is a file with its size. Raises UnreadableFile."""
    (_, header), *rows = read(upload, show_formulas=True)
    columns = {_name(cell): place for place, cell in enumerate(header) if isinstance(cell, str)}
    missing = [name for name in NEEDED if name.lower() not in columns]
    if missing:
        raise UnreadableFile(f"Kolom {missing[0]} tidak ada di baris pertama. Pakai berkas contoh dari kami.")
    for number, cells in rows:
        named = {
            name: cells[place]
            for name in HEADER
            if (place := columns.get(name.lower())) is not None and place < len(cells)
        }
        try:
            yield _question(Row(number, named))
        except NotForUs as reason:
            yield Refused(number, str(reason))


def _name(cell: str) -> str:
    return " ".join(cell.lower().split())


def _question(row: Row) -> ImportedQuestion:
    kind = KINDS.get(_name(row.text("Jenis")))
    if kind is None:
        raise NotForUs(NO_KIND)
    return ImportedQuestion(
        line=row.number,
        kind=kind,
        question=row.text("Soal"),
        reference=row.text("Nomor"),
        explanation=row.text("Penjelasan"),
        lesson=row.text("Pelajaran"),
        **_answer(row, kind),
    )


def _answer(row: Row, kind: Kind) -> dict:
    key = row.text("Kunci")
    match kind:
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            texts = row.texts("Isi")
            right = _places(key, len(texts))
            return {"choices": tuple((text, place in right) for place, text in enumerate(texts))}
        case Kind.TRUE_FALSE:
            if (truth := key.lower()) not in ("benar", "b", "true", "ya", "salah", "s", "false", "tidak"):
                raise NotForUs(NO_TRUTH)
            return {"is_true": truth in ("benar", "b", "true", "ya")}
        case Kind.ORDERING:
            return {"items": tuple(row.texts("Isi"))}
        case Kind.MATCHING:
            left, right = row.texts("Isi"), row.texts("Pasangan")
            size = max(len(left), len(right))
            both = (side + [""] * (size - len(side)) for side in (left, right))
            return {"pairs": tuple(zip(*both, strict=True))}
        case Kind.NUMERIC:
            unit = row.text("Satuan")
            answer = row.amount("Kunci", unit)
            tolerance = row.amount("Boleh meleset", unit) if row.text("Boleh meleset") else Decimal(0)
            if answer is None or tolerance is None:
                raise NotForUs(NOT_A_NUMBER)
            return {"answer": answer, "tolerance": abs(tolerance), "unit": unit}


def _number(text: str, unit: str) -> Decimal | None:
    """The number that is typed there; None where it is none. One with many digits after its mark stays exact. Raises
    NotForUs where Excel in Indonesia has written a fraction, or in English thousands. Nobody counts rupiah in
    thousandths."""
    if unit != "rupiah" and re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", text):
        raise NotForUs(TWO_WAYS.format(text, text.replace(",", "")))
    exact = re.fullmatch(r"-?[0-9]{1,13}[.,]([0-9]{1,2}|[0-9]{4,13})", text)
    return Decimal(text.replace(",", ".")) if exact else parse_number(text, unit)


def _places(key: str, size: int) -> set[int]:
    """The places that a key such as «2», «1, 3» or «A dan C» names, from 0. Raises NotForUs."""
    names = [name for name in re.split(r"[^0-9a-z]+|dan", key.lower()) if name]
    places = [int(name) - 1 if name.isdigit() else LETTERS.find(name) for name in names if len(name) == 1]
    if len(places) < len(names) or not all(0 <= place < size for place in places) or not places:
        raise NotForUs(NO_KEY)
    return set(places)


# --- Writing -----------------------------------------------------------------------------------------------------


def holds(question: ImportedQuestion) -> str:
    """Why our own sheet cannot hold the question; empty where it can: it names every kind."""
    return "" if question.kind in NAMES else NOT_HELD


def write(questions: Iterable[ImportedQuestion]) -> bytes:
    return to_xlsx(HEADER, (_cells(question) for question in questions), notes=NOTES)


def _cells(question: ImportedQuestion) -> Sequence[str]:
    left, right, key = _sides(question)
    numeric = question.kind == Kind.NUMERIC
    return [
        *(question.reference, NAMES[question.kind], question.question),
        *_filled(left),
        *(key, question.unit, _typed(question.tolerance) if numeric and question.tolerance else ""),
        *(question.explanation, question.lesson),
        *_filled(right),
    ]


def _sides(question: ImportedQuestion) -> tuple[Sequence[str], Sequence[str], str]:
    """What stands under «Isi», under «Pasangan» and under «Kunci»."""
    match question.kind:
        case Kind.TRUE_FALSE:
            return (), (), "Benar" if question.is_true else "Salah"
        case Kind.NUMERIC:
            return (), (), _typed(question.answer)
        case Kind.ORDERING:
            return question.items, (), ""
        case Kind.MATCHING:
            return [left for left, _ in question.pairs], [right for _, right in question.pairs], ""
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            right = [str(place) for place, (_, right) in enumerate(question.choices, start=1) if right]
            return [text for text, _ in question.choices], (), ", ".join(right)


def _typed(number: Decimal) -> str:
    """The number as a person in Indonesia types it; three digits after a comma would read as thousands."""
    whole, comma, fraction = plain(number).replace(".", ",").partition(",")
    return f"{whole}{comma}{fraction}{'0' if len(fraction) == 3 else ''}"


def _filled(texts: Sequence[str]) -> list[str]:
    return [*texts, *[""] * (len(PLACES) - len(texts))]


EXAMPLES = [
    ImportedQuestion(
        0,
        Kind.SINGLE_CHOICE,
        "Nama mana yang khas?",
        choices=(("Keripik", False), ("Singkong Mbok Sari", True)),
        explanation="Nama itu hanya milik satu usaha.",
    ),
    ImportedQuestion(
        0,
        Kind.MULTI_SELECT,
        "Ciri nama yang baik? Pilih semua yang benar.",
        choices=(("Pendek", True), ("Khas", True), ("Meniru", False)),
        explanation="Nama pendek dan khas mudah diingat.",
    ),
    ImportedQuestion(
        0, Kind.TRUE_FALSE, "Merek adalah janji.", is_true=True, explanation="Pembeli percaya pada mutu yang tetap."
    ),
    ImportedQuestion(
        0,
        Kind.ORDERING,
        "Urutkan.",
        items=("Pilih nama", "Cek nama", "Daftar"),
        explanation="Nama dicek dulu supaya tidak sama dengan milik orang.",
    ),
    ImportedQuestion(
        0,
        Kind.MATCHING,
        "Pasangkan.",
        pairs=(("HPP", "Modal satu barang"), ("Kas", "Catatan uang")),
        explanation="Keduanya dipakai untuk menghitung harga.",
    ),
    ImportedQuestion(
        0,
        Kind.NUMERIC,
        "Rp100.000 dibagi 20 bungkus?",
        answer=Decimal(5000),
        unit="rupiah",
        explanation="Modal dibagi jumlah bungkus.",
    ),
]
