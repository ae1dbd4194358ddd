"""The content tree: home → /modul/ → ModulePage → LessonPage. Content only: nothing here knows a learner."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtailmedia.edit_handlers import MediaChooserPanel

from .blocks import LessonBody, PracticeTaskBlock
from .carried import CarriedFile
from .content_version import ContentVersion
from .copying import OwnCopyForm
from .figures import Figure
from .images import Picture, PictureRendition
from .languages import UnderItsLanguage
from .media import Recording
from .module_forms import ModuleForm
from .page_forms import PageForm
from .passages import Passage
from .previews import PhonePreviews

__all__ = [
    "CarriedFile",
    "ContentVersion",
    "Figure",
    "HomePage",
    "LessonPage",
    "LoadedContent",
    "ModuleIndexPage",
    "ModulePage",
    "Passage",
    "Picture",
    "PictureRendition",
    "Recording",
]

QUIZ_SLUG = "kuis"  # of each module's quiz (quizzes.models.QuizPage): links and phones know it by this name


class OriginalQuerySet(PageQuerySet):
    def original(self):
        """The Indonesian pages. What people do is about these; a translation shares its page's key."""
        return self.filter(locale__language_code=settings.LANGUAGE_CODE)

    def titles(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        """The titles of the originals that have these keys, by key; whether they are published or not."""
        return dict(self.original().filter(translation_key__in=set(keys)).values_list("translation_key", "title"))


LearningPages = PageManager.from_queryset(OriginalQuerySet)


# Of Wagtail's lists. Its own «ord» takes the boxes to tick away, and lets a writer drag what is then not stored.
IN_READING_ORDER = "path"


class HomePage(Page):
    """The front door: what this is, and the way in."""

    introduction = models.TextField(
        "pengantar", max_length=300, help_text="Satu atau dua kalimat: apa yang didapat di sini?"
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = verbose_name_plural = "beranda"


class ModuleIndexPage(Page):
    """``/modul/``: all modules, in the order of the learning path."""

    parent_page_types = ["courses.HomePage"]
    max_count = 1
    admin_default_ordering = IN_READING_ORDER

    class Meta:
        verbose_name = verbose_name_plural = "daftar modul"


# The parts of the companions' material: its lasting key, its field, and its heading.
GUIDE_FIELDS = {
    "goals": ("guide_goals", "Tujuan"),
    "teaching": ("companion_guide", "Cara mengajar"),
    "rubric": ("guide_rubric", "Cara mengecek praktik"),
    "mistakes": ("guide_mistakes", "Kesalahan umum"),
}


@dataclass(frozen=True)
class GuidePart:
    """One part of the companions' material of a module."""

    key: str
    title: str
    points: list[str]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ModulePage(UnderItsLanguage, PhonePreviews, Page):
    """A set of lessons, their practice and one quiz. Its place in the tree is its place in the learning path."""

    class Level(models.TextChoices):
        BASIC = "dasar", "Dasar"
        ADVANCED = "lanjut", "Lanjut"

    class Pictogram(models.TextChoices):
        INTRODUCTION = "pengenalan-motivasi", "Tunas"
        BRAND = "merek", "Merek"
        PACKAGING = "kemasan", "Kemasan"
        MARKET = "riset-pasar", "Riset pasar"
        FINANCE = "literasi-keuangan", "Buku kas"
        PHOTO = "foto-produk", "Kamera"
        VIDEO = "videografi", "Video"
        DIGITAL = "pemasaran-digital", "HP dan toko"
        GENERAL = "umum", "Umum"

    class PracticeNeeded(models.TextChoices):
        NONE = "none", "Tidak perlu"
        QUIZ = "quiz", "Untuk membuka kuis"
        BADGE = "badge", "Untuk mendapat lencana"

    summary = models.TextField("ringkasan", max_length=300, help_text="Satu atau dua kalimat: tentang apa modul ini?")
    outcome = models.TextField("hasil akhir", max_length=300, help_text="Apa yang dimiliki keluarga sesudah selesai?")
    picture = models.ForeignKey(
        "courses.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gambar",
        help_text="Boleh kosong. Foto yang terang dan melebar, 720 piksel atau lebih.",
    )
    pictogram = models.CharField(
        "lambang",
        max_length=24,
        choices=Pictogram,
        default=Pictogram.GENERAL,
        help_text="Gambar kecil di samping judul, supaya modul mudah dikenali.",
    )
    for_learners = models.BooleanField("untuk KPM", default=True, help_text="Tampil di daftar modul KPM.")
    for_companions = models.BooleanField("untuk pendamping", default=False, help_text="Pendamping juga mempelajarinya.")
    level = models.CharField(
        "tingkat",
        max_length=6,
        choices=Level,
        default=Level.BASIC,
        help_text="Dasar: dari nol. Lanjut: sudah berjalan usahanya.",
    )
    topic = models.CharField(
        "pokok",
        max_length=16,
        choices=settings.TOPICS,
        blank=True,
        help_text="Disarankan bagi keluarga yang meminatinya.",
    )
    practice_needed = models.CharField(
        "praktik yang sudah benar",
        max_length=5,
        choices=PracticeNeeded,
        default=PracticeNeeded.NONE,
        help_text="Perlu satu praktik modul ini yang dicek pendamping dan sudah benar?",
    )
    guide_goals = models.TextField("tujuan mengajar", blank=True, help_text="Apa yang keluarga bisa sesudah diajar?")
    companion_guide = models.TextField("cara mengajar", blank=True, help_text="Yang disiapkan, dikatakan, dan dijaga.")
    guide_rubric = models.TextField("rubrik praktik", blank=True, help_text="Yang dicek pada praktik keluarga.")
    guide_mistakes = models.TextField("kesalahan umum", blank=True, help_text="Yang sering keliru, dan cara menolong.")

    objects = LearningPages()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("outcome"),
        FieldRowPanel([FieldPanel("picture"), FieldPanel("pictogram")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("for_learners"), FieldPanel("for_companions"), FieldPanel("level")]),
                FieldPanel("topic"),
            ],
            heading="Untuk siapa",
        ),
        InlinePanel("business_types", heading="Jenis usaha", label="Jenis usaha", help_text="Kosong: untuk semua."),
        InlinePanel(
            "prerequisites",
            heading="Prasyarat",
            label="Modul",
            help_text="Kuis modul ini terbuka setelah modul itu selesai. Pelajarannya tetap bisa dibaca.",
        ),
        FieldPanel("practice_needed"),
        MultiFieldPanel(
            [FieldPanel(field) for field, _ in GUIDE_FIELDS.values()],
            heading="Materi pendamping",
            help_text="Satu baris satu butir. KPM tidak melihatnya.",
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("outcome")]
    parent_page_types = ["courses.ModuleIndexPage"]
    admin_default_ordering = IN_READING_ORDER
    base_form_class = ModuleForm
    copy_form_class = OwnCopyForm

    class Meta:
        verbose_name = verbose_name_plural = "modul"

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"lessons": self.live_lessons()}

    def live_lessons(self) -> models.QuerySet["LessonPage"]:
        """The published lessons in reading order."""
        return LessonPage.objects.child_of(self).live().order_by("path")

    @property
    def pictogram_template(self) -> str:
        return f"pictograms/{self.pictogram}.svg"

    @property
    def guide(self) -> list["GuidePart"]:
        """The companions' own material: the parts that are written, in reading order."""
        parts = [GuidePart(key, title, _lines(getattr(self, field))) for key, (field, title) in GUIDE_FIELDS.items()]
        return [part for part in parts if part.points]

    @property
    def rubric_points(self) -> list[str]:
        """What a companion checks in a practice."""
        return _lines(self.guide_rubric)


class ModuleBusinessType(Orderable):
    """One business type that a module is meant for."""

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="business_types")
    code = models.CharField("jenis usaha", max_length=12, choices=settings.BUSINESS_TYPES)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "code"], name="business_type_once")]


class ModulePrerequisite(Orderable):
    """``module`` must be done before the quiz of ``page`` opens."""

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="prerequisites")
    module = models.ForeignKey(ModulePage, on_delete=models.CASCADE, related_name="+", verbose_name="modul")

    panels = [PageChooserPanel("module")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "module"], name="prerequisite_once")]


class LessonPage(UnderItsLanguage, PhonePreviews, Page):
    """One lesson of 3 to 7 minutes, open to everyone."""

    goal = models.CharField("tujuan", max_length=200, help_text="Apa yang bisa dilakukan sesudah pelajaran ini?")
    minutes = models.PositiveSmallIntegerField(
        "menit",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="Lama membaca. Yang baik 3 sampai 7 menit.",
    )
    voice = models.ForeignKey(
        Recording,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suara pelajaran",
        help_text="Boleh kosong. Satu orang membacakan pelajaran ini, pelan dan jelas, paling lama 5 menit.",
    )
    body = StreamField(LessonBody(), verbose_name="isi")
    practice = StreamField(
        [("task", PracticeTaskBlock())], verbose_name="praktik di rumah", max_num=1, blank=True, collapsed=False
    )

    objects = LearningPages()

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("goal"), FieldPanel("minutes")]),
        MediaChooserPanel("voice", media_type="audio"),
        FieldPanel("body"),
        FieldPanel("practice"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("goal"), index.SearchField("body")]
    page_description = "Satu hal yang dipelajari, 3 sampai 7 menit."
    parent_page_types = ["courses.ModulePage"]
    subpage_types = []
    base_form_class = PageForm
    copy_form_class = OwnCopyForm

    class Meta:
        verbose_name = verbose_name_plural = "pelajaran"

    @property
    def task(self) -> dict:
        """The practice task that it ends in; empty where there is none."""
        return self.practice[0].value if self.practice else {}

    def clean(self):
        if self.slug == QUIZ_SLUG:
            raise ValidationError({"slug": "Alamat ini untuk kuis modulnya. Pilih yang lain, misalnya «tentang-kuis»."})
        super().clean()


class LoadedContent(models.Model):
    """What ``load_content`` last wrote to a page, so that it can tell an editor's change from its own."""

    translation_key = models.UUIDField(primary_key=True)
    revision_id = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)


def with_task(lessons: models.QuerySet[LessonPage]) -> models.QuerySet[LessonPage]:
    """Lessons with ``has_task``: whether they end in a practice task. Reads none of their stream."""
    return lessons.annotate(has_task=models.Q(practice__0__isnull=False))


def live_modules() -> models.QuerySet[ModulePage]:
    """The published modules for learners, in the order of the learning path."""
    return ModulePage.objects.original().live().filter(for_learners=True).order_by("path")
