"""The editors' own reports, beside Wagtail's under /kelola/reports/, and the checks beside a form."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports import PageReportView, ReportView
from wagtail.models import Page

from courses.models import ModulePage
from people.spreadsheets import guarded

from .findings import GRAVEST_FIRST, KIND_WORDS, SEVERITY_WORDS, Row, every_finding, findings_of
from .waiting import drafts_of

# For Wagtail's own reports as well: of a CSV it guards nothing.
SpreadsheetExportMixin.custom_value_preprocess[str] = {"csv": guarded}


class ChecksFilterSet(WagtailFilterSet):
    severity = django_filters.ChoiceFilter(label="Beratnya", choices=list(SEVERITY_WORDS.items()))
    kind = django_filters.MultipleChoiceFilter(
        label="Tentang", choices=list(KIND_WORDS.items()), widget=CheckboxSelectMultiple
    )
    module = django_filters.ModelChoiceFilter(label="Modul", queryset=ModulePage.objects.original().order_by("path"))

    class Meta:
        model = Page
        fields = []


class ChecksReport(ReportView):
    """Every finding over all content, as it would be published next."""

    page_title = "Pemeriksaan materi"
    header_icon = "glasses"
    index_url_name = "desk_checks"
    index_results_url_name = "desk_checks_results"
    filterset_class = ChecksFilterSet
    table_classname = "listing desk-report"
    export_filename = "pemeriksaan-materi"
    list_export = ["module", "title", "severity", "kind", "sentence"]
    export_headings = {
        "module": "Modul",
        "title": "Halaman",
        "severity": "Beratnya",
        "kind": "Tentang",
        "sentence": "Yang ditemukan",
    }
    custom_value_preprocess = {str: {"csv": guarded, "xlsx": guarded}}
    columns = [
        TitleColumn("title", label="Halaman", get_url=lambda row: row.edit_url),
        Column("module", label="Modul"),
        Column("severity", label="Beratnya"),
        Column("kind", label="Tentang"),
        Column("sentence", label="Yang ditemukan", width="40%"),
    ]
    verbose_name_plural = "temuan"

    def get_filtered_queryset(self) -> list[Row]:
        """The gravest first, then in the order of the learning path."""
        chosen = self.filters.form.cleaned_data if self.filters.is_valid() else {}
        module = chosen.get("module")
        rows = [
            row
            for row in every_finding(weighed=True)
            if (not chosen.get("severity") or row.finding.severity == chosen["severity"])
            and (not chosen.get("kind") or row.finding.kind in chosen["kind"])
            and (not module or row.page.path.startswith(module.path))
        ]
        return sorted(rows, key=lambda row: GRAVEST_FIRST.index(row.finding.severity))


class DraftsReport(PageReportView):
    """The pages that the editor has changed and that are not published as they stand."""

    page_title = "Draf saya"
    header_icon = "edit"
    index_url_name = "desk_drafts"
    index_results_url_name = "desk_drafts_results"
    export_filename = "draf-saya"

    def get_queryset(self):
        self.queryset = drafts_of(self.request.user).order_by("-latest_revision_created_at").specific(defer=True)
        return super().get_queryset()


def checks_of_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """The findings in the page's latest draft, as a piece for the panel beside the form."""
    page = get_object_or_404(Page, pk=page_id).specific.get_latest_revision_as_object()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "desk/checks_of_page.html", {"rows": findings_of(page, weighed=True)})
