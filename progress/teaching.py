"""The companion's own learning: which parts of a module's material she has learned, and whether she must have done so
before she assigns the module."""

import uuid
from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from courses.models import ModulePage
from people.models import Companion

from .rules import is_ready_to_teach


class GuideCompletionQuerySet(models.QuerySet):
    def record(self, companion: Companion, module_key: uuid.UUID, part: str) -> bool:
        """«Sudah saya pelajari». Said again, it changes nothing. Returns whether it is new."""
        _, is_new = self.get_or_create(companion=companion, module_key=module_key, part=part)
        return is_new

    def parts_of(self, companion: Companion) -> dict[uuid.UUID, set[str]]:
        """The parts that she has learned, by module key, in one query."""
        parts: dict[uuid.UUID, set[str]] = {}
        for module_key, part in self.filter(companion=companion).values_list("module_key", "part"):
            parts.setdefault(module_key, set()).add(part)
        return parts


class GuideCompletion(models.Model):
    """A companion has learned one part of the material of a module."""

    companion = models.ForeignKey(Companion, on_delete=models.CASCADE, related_name="guide_completions")
    module_key = models.UUIDField()
    part = models.CharField("bagian", max_length=12)  # a key of courses.models.GUIDE_FIELDS
    completed_at = models.DateTimeField(default=timezone.now)

    objects = GuideCompletionQuerySet.as_manager()

    class Meta:
        verbose_name = "materi pendamping selesai"
        verbose_name_plural = "materi pendamping selesai"
        constraints = [models.UniqueConstraint(fields=["companion", "module_key", "part"], name="one_guide_completion")]


class AssigningRule(models.Model):
    """The administrator's switch. Its one row comes with the tables."""

    material_first = models.BooleanField(
        "pendamping belajar dulu",
        default=False,
        help_text="Pendamping menugaskan modul sesudah mempelajari semua bagian materi pendampingnya.",
    )

    class Meta:
        verbose_name = "aturan menugaskan"
        verbose_name_plural = "aturan menugaskan"

    def __str__(self):
        return "Aturan menugaskan modul"


def to_learn_first(companion: Companion, modules: Iterable[ModulePage]) -> list[ModulePage]:
    """Those of ``modules`` that the companion may not assign yet: the administrator wants her to learn their material
    first. Whoever assigns for her asks here. Two queries at most."""
    if not AssigningRule.objects.filter(material_first=True).exists():
        return []
    learned = GuideCompletion.objects.parts_of(companion)
    return [
        module
        for module in modules
        if not is_ready_to_teach([part.key for part in module.guide], learned.get(module.translation_key, ()))
    ]
