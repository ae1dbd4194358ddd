"""Figures: prices, rates and rules that change. Kept once, shown everywhere with their date."""

import re
from collections.abc import Iterable, Mapping
from itertools import chain

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils.formats import date_format
from django_filters import ChoiceFilter, DateFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page, Revision
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .html import FIGURE_TOKEN
from .languages import named

_CHOSEN = re.compile(r'"type": "figure", "value": ([0-9]+)')  # as a stream keeps the block


class FigureQuerySet(models.QuerySet):
    def shown(self) -> "FigureQuerySet":
        """Those that some page shows, of whatever kind and language: as it is published, or as its latest draft. One
        that an older release brought may be in no page any more."""
        kept = Page.objects.values_list("latest_revision", "live_revision")
        contents = Revision.objects.filter(pk__in={*chain(*kept)} - {None}).values_list("content", flat=True)
        words = "\n".join(text for content in contents for text in content.values() if isinstance(text, str))
        slugs, chosen = set(FIGURE_TOKEN.findall(words)), set(_CHOSEN.findall(words))
        return self.filter(models.Q(slug__in=slugs) | models.Q(pk__in=chosen))


class Figure(models.Model):
    """A fact that can change. Lessons show it as «Rp500.000 (per November 2026)» by writing ``{slug}``."""

    slug = models.SlugField(
        "nama singkat", max_length=80, unique=True, help_text="Tulis {nama-singkat} di pelajaran untuk memakainya."
    )
    label = models.CharField("keterangan", max_length=200, help_text="Angka apa ini? Satu kalimat pendek.")
    value = models.CharField("nilai", max_length=200, help_text="Misalnya Rp500.000 atau 5 tahun.")
    year = models.CharField("tahun berlaku", max_length=20, help_text="Misalnya 2026, atau sejak 2021.")
    source = models.CharField("sumber", max_length=250, help_text="Aturan atau situs resmi tempat angka ini tertulis.")
    checked_on = models.DateField("dicek tanggal", help_text="Pelajaran menulis «per bulan tahun» dari tanggal ini.")
    check_again_by = models.DateField(
        "cek lagi paling lambat", help_text="Meja kerja mengingatkan dua minggu sebelumnya."
    )
    checker = models.CharField("yang mengecek", max_length=120, help_text="Nama orang atau tim yang bisa ditanya.")

    objects = FigureQuerySet.as_manager()

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("value"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("year"), FieldPanel("source")]),
        FieldRowPanel([FieldPanel("checked_on"), FieldPanel("check_again_by"), FieldPanel("checker")]),
    ]

    class Meta:
        verbose_name = "angka yang bisa berubah"
        verbose_name_plural = "angka yang bisa berubah"
        ordering = ["label"]

    def __str__(self):
        return f"{self.label}: {self.value}"

    def clean(self):
        before = Figure.objects.filter(pk=self.pk).first()
        if before and before.slug == self.slug:
            return
        if before and (lesson := before.shown_in):
            raise ValidationError({"slug": f"Nama singkat ini dipakai di pelajaran «{lesson}». Jangan diubah."})
        if not FIGURE_TOKEN.fullmatch(f"{{{self.slug}}}"):
            raise ValidationError({"slug": "Pakai huruf kecil, angka, dan tanda hubung saja, misalnya harga-gula."})

    @property
    def shown_in(self) -> str | None:
        """The title of a published lesson that shows it by its ``{slug}``, of which Wagtail knows nothing; with its
        language, where it is another."""
        lessons = apps.get_model("courses.LessonPage").objects.live().filter(alias_of=None)
        written = Concat(*(Cast(stream, models.TextField()) for stream in ("body", "practice")))
        users = lessons.alias(written=written).filter(written__contains=f"{{{self.slug}}}")
        used = users.values_list("title", "locale__language_code").first()
        return used and named(*used)

    @property
    def checked_month(self) -> str:
        """«November 2026»"""
        return date_format(self.checked_on, "F Y")


def figures_in(texts: Iterable[str]) -> dict[str, Figure]:
    """Those that ``texts`` name by their ``{slug}``, by slug: in one query, or none where they name none."""
    slugs = {slug for text in texts for slug in FIGURE_TOKEN.findall(text)}
    return {figure.slug: figure for figure in Figure.objects.filter(slug__in=slugs)} if slugs else {}


def in_words(text: str, figures: Mapping[str, Figure]) -> str:
    """Plain text as ``insert_figures`` shows it, for what is no page."""

    def said(match) -> str:
        figure = figures.get(match[1])
        return f"{figure.value} (per {figure.checked_month})" if figure else "–"

    return FIGURE_TOKEN.sub(said, text)


class FigureFilterSet(WagtailFilterSet):
    check_again_by = DateFilter(lookup_expr="lte", label="Cek lagi paling lambat", widget=AdminDateInput)
    shown = ChoiceFilter(method="keep_shown", label="Dipakai di halaman", choices=[("ya", "Ya"), ("tidak", "Tidak")])

    class Meta:
        model = Figure
        fields = []

    def keep_shown(self, figures, name, wanted):
        shown = Figure.objects.shown()
        return figures.filter(pk__in=shown) if wanted == "ya" else figures.exclude(pk__in=shown)


class FigureViewSet(SnippetViewSet):
    model = Figure
    list_display = ["label", "value", "check_again_by", "checker"]
    filterset_class = FigureFilterSet


register_snippet(FigureViewSet)
