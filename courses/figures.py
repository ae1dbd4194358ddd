"""Figures: prices, rates and rules that change. Kept once, shown everywhere with their date."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils.formats import date_format
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .html import FIGURE_TOKEN
from .languages import named


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


class FigureViewSet(SnippetViewSet):
    model = Figure
    list_display = ["label", "value", "check_again_by", "checker"]
    list_filter = ["check_again_by"]


register_snippet(FigureViewSet)
