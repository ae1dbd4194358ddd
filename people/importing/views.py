from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from people import spreadsheets
from people.access import administrator_only
from people.exporting import download, export_csv, export_xlsx
from people.spreadsheets import UnreadableFile

from . import steps
from .batches import ImportBatch, ImportRow
from .rows import FORMS

PER_PAGE = 20
EXPORTS = {"xlsx": export_xlsx, "csv": export_csv}


class FileForm(forms.Form):
    kind = forms.ChoiceField(
        label="Isi berkas",
        choices=ImportBatch.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih isi berkasnya dulu.", "invalid_choice": "Pilih isi berkasnya dulu."},
    )
    file = forms.FileField(
        label="Berkas .xlsx atau .csv",
        error_messages={"required": "Pilih berkasnya dulu.", "empty": spreadsheets.EMPTY},
    )


@never_cache
@administrator_only
def start(request: HttpRequest) -> HttpResponse:
    """Which file, and of what; the templates; the lists to take out."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = steps.begin(form.cleaned_data["kind"], form.cleaned_data["file"], by=request.user)
        except UnreadableFile as unreadable:
            form.add_error("file", str(unreadable))
        else:
            steps.check_next(batch)
            return redirect("import_batch", batch.pk)
    unsaved = ImportBatch.objects.of(request.user).filter(saved_at=None)
    context = {"form": form, "kinds": ImportBatch.Kind, "unsaved": unsaved}
    return render(request, "people/import.html", context, status=422 if form.errors else 200)


@require_GET
@administrator_only
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty workbook for one kind, with an example and notes."""
    if kind not in FORMS:
        raise Http404
    columns = FORMS[kind].columns().values()
    notes = [("Kolom", "Wajib", "Catatan")]
    notes += [(column.label, "ya" if column.required else "tidak", column.help_text) for column in columns]
    notes += [
        ("", "", "Sel kosong tidak mengubah data yang sudah ada."),
        ("", "", "Hapus baris contoh sebelum dikirim."),
        ("", "", "NIK, KK, dan KKS tidak boleh ditulis di sini."),
    ]
    header, example = [column.label for column in columns], [column.initial for column in columns]
    content = spreadsheets.to_xlsx(header, [example], notes=notes)
    return download(content, f"contoh-{kind}.xlsx", spreadsheets.XLSX)


@never_cache
@require_GET
@administrator_only
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the checking is; then every row and what it would do; then what was saved."""
    batch = _batch(request, pk)
    counts = steps.counts(batch)
    total, waiting = sum(counts.values()), counts[ImportRow.Outcome.WAITING]
    context = {"batch": batch, "counts": counts, "total": total, "checked": total - waiting}
    if waiting:
        return render(request, "people/import_checking.html", context)
    shown = request.GET.get("lihat", "")
    rows = batch.rows.filter(outcome=shown) if shown in ImportRow.Outcome.values and shown else batch.rows.all()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    columns = FORMS[batch.kind].columns()
    context |= {
        "page": page,
        "shown": shown,
        "filters": [(value, label, counts[value]) for value, label in ImportRow.Outcome.choices if value],
        "never_signed_in": steps.never_signed_in(batch).count(),
        "good": counts[ImportRow.Outcome.NEW] + counts[ImportRow.Outcome.CHANGED],
        "lines": [_line(row, columns) for row in page],
    }
    return render(request, "people/import_batch.html", context)


@require_POST
@administrator_only
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Checks the next rows."""
    steps.check_next(_batch(request, pk))
    return redirect("import_batch", pk)


@never_cache
@require_POST
@administrator_only
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Writes the good rows; of a file that is saved, makes other passwords for new staff where the form asks for them.
    They are shown in this one answer and never again."""
    batch = _batch(request, pk)
    write = steps.renew_passwords if "kata_sandi" in request.POST else steps.save
    try:
        passwords = write(batch, by=request.user)
    except steps.NotChecked:
        return redirect("import_batch", pk)
    except ImportBatch.DoesNotExist:
        messages.info(request, "Berkas ini sudah dibuang. Tidak ada yang disimpan.")
        return redirect("import")
    except (steps.Overtaken, IntegrityError, ValidationError, ObjectDoesNotExist):
        messages.info(request, "Data baru saja berubah. Periksa lagi, lalu tekan Simpan.")
        return redirect("import_batch", pk)
    if passwords:
        return render(request, "people/import_passwords.html", {"batch": batch, "passwords": passwords.items()})
    return redirect("import_batch", pk)


@require_GET
@administrator_only
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows with their reasons, to be mended and sent again."""
    batch = _batch(request, pk)
    columns = FORMS[batch.kind].columns()
    header = [*(column.label for column in columns.values()), "Alasan ditolak"]
    rows = (
        [*(row.cells.get(field, "") for field in columns), " ".join(_reasons(row, columns))]
        for row in batch.rows.filter(outcome=ImportRow.Outcome.REFUSED)
    )
    return download(spreadsheets.to_xlsx(header, rows), f"{batch.kind}-ditolak.xlsx", spreadsheets.XLSX)


@require_POST
@administrator_only
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets the file. What was saved stays."""
    _batch(request, pk).delete()
    messages.success(request, "Berkas dibuang. Data yang sudah disimpan tetap ada.")
    return redirect("import")


@require_GET
@administrator_only
def export(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """Everything of one kind, as the import reads it."""
    if kind not in FORMS or form not in EXPORTS:
        raise Http404
    return EXPORTS[form](FORMS[kind].model.objects.all())


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.of(request.user), pk=pk)


def _line(row: ImportRow, columns) -> dict:
    """A row as the preview shows it: each cell that says something, with its remark."""
    cells = [
        (column.label, row.cells.get(field, ""), row.remarks.get(field))
        for field, column in columns.items()
        if row.cells.get(field) or row.remarks.get(field)
    ]
    return {"row": row, "remark": row.remarks.get("") or row.remarks.get("__all__"), "cells": cells}


def _reasons(row: ImportRow, columns) -> list[str]:
    return [f"{columns[field].label}: {why}" if field in columns else why for field, why in row.remarks.items()]
