"""Lists of people as .xlsx and .csv, in the columns that the import reads: what comes out goes in again as «sama».

The caller chooses the queryset, and with it who sees what: ``for_coordinator(user)`` and the like.
"""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpResponse

from . import spreadsheets
from .importing.rows import FORMS
from .models import Learner

KINDS = {form.model: kind for kind, form in FORMS.items()}
AT_ONCE = 1000


def export_xlsx(queryset: QuerySet) -> HttpResponse:
    """All rows of a queryset of companions, coordinators, groups, households or learners as a workbook."""
    content = spreadsheets.to_xlsx(_header(queryset), _rows(queryset))
    return download(content, f"{KINDS[queryset.model]}.xlsx", spreadsheets.XLSX)


def export_csv(queryset: QuerySet) -> HttpResponse:
    """As ``export_xlsx``, with semicolons between."""
    content = spreadsheets.to_csv(_header(queryset), _rows(queryset))
    return download(content, f"{KINDS[queryset.model]}.csv", spreadsheets.CSV)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be saved, and kept by no cache."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _header(queryset: QuerySet) -> list[str]:
    return [column.label for column in FORMS[KINDS[queryset.model]].columns().values()]


def _rows(queryset: QuerySet) -> Iterator[list[str]]:
    form_class = FORMS[KINDS[queryset.model]]
    if queryset.model is Learner:
        queryset = queryset.active()  # the data of those who withdrew is used no more
    for stored in form_class.for_export(queryset).iterator(AT_ONCE):
        yield list(form_class.as_texts(form_class.current(stored)).values())
