"""A report as a file: the table of the page, and what happened in the month on a second sheet."""

from django.utils import timezone
from django.utils.formats import date_format

from people.spreadsheets import to_xlsx

from .numbers import IN_MONTH, TODAY, Report


def as_workbook(report: Report) -> bytes:
    header = ["Bagian", "Nama", *TODAY, *(f"{label} ({report.month})" for label in IN_MONTH)]
    parts = [
        ("seluruh wilayah", [(report.region.name, report.total)]),
        (report.below, [(row.name, row.figures) for row in report.regions]),
        ("pendamping", [(row.name, row.figures) for row in report.companions]),
    ]
    lines = [(part, name, *(value for _, value in figures.cells())) for part, some in parts for name, figures in some]
    return to_xlsx(header, lines, notes=_month(report))


def _month(report: Report) -> list[tuple[str, str | float]]:
    one = report.total
    return [
        (report.region.name, str(report.month)),
        ("Pelajar baru mulai", one.started),
        ("Pelajaran selesai", one.lessons),
        ("Modul selesai", one.modules_then),
        ("Pertemuan kelompok", report.meetings),
        ("Hadir di pertemuan", report.attendance),
        ("Keluarga dihubungi atau dikunjungi", one.contacted),
        ("Praktik masuk", one.handed_in),
        ("Praktik dijawab", one.answered),
        ("Praktik sudah benar", one.was_right),
        ("Hari menunggu jawaban, rata-rata", one.days_waited),
        ("Dibuat", date_format(timezone.localdate(), "j F Y")),  # the month may not have been over yet
    ]
