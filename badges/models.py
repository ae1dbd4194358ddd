"""Badges, what earns them, and who has them. An award, once given, stays."""

import uuid

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable
from wagtail.snippets.models import register_snippet

from courses.models import ModulePage
from people.models import Learner
from progress.facts import Outline
from progress.kept import kept_with_content
from progress.rules import Facts, PracticeNeed, is_done, misses_practice

from . import rules


@register_snippet
class Badge(ClusterableModel):
    """Earned by finishing one module, or all modules of a path. ``art`` names a drawing in templates/badges/art."""

    name = models.CharField("nama", max_length=60)
    art = models.CharField(
        "gambar", max_length=24, choices=[*ModulePage.Pictogram.choices, ("jalur-utama", "Jalur utama")]
    )
    is_path = models.BooleanField("lencana jalur", default=False, help_text="Untuk beberapa modul sekaligus.")

    panels = [
        FieldRowPanel(
            [
                FieldPanel("name", help_text="Pendek, misalnya «Pandai Merek»."),
                FieldPanel("art", help_text="Yang tergambar pada lencana."),
                FieldPanel("is_path"),
            ]
        ),
        InlinePanel(
            "required_modules",
            heading="Modul yang harus selesai",
            label="Modul",
            min_num=1,
            help_text="Lencana ini untuk pelajar yang menyelesaikan semuanya.",
        ),
    ]

    class Meta:
        verbose_name = "lencana"
        verbose_name_plural = "lencana"
        ordering = ["is_path", "pk"]

    def __str__(self):
        return self.name

    @property
    def art_template(self) -> str:
        return f"badges/art/{self.art}.svg"


class BadgeModule(Orderable):
    """``module`` is one of those that earn the badge."""

    badge = ParentalKey(Badge, on_delete=models.CASCADE, related_name="required_modules")
    module = models.ForeignKey(ModulePage, on_delete=models.CASCADE, related_name="+", verbose_name="modul")

    panels = [PageChooserPanel("module")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["badge", "module"], name="module_once_a_badge")]


@kept_with_content
def criteria() -> list[rules.Criteria]:
    """The criteria of all badges, in one query."""
    modules: dict[int, set[uuid.UUID]] = {}
    for badge_id, key in BadgeModule.objects.values_list("badge_id", "module__translation_key"):
        modules.setdefault(badge_id, set()).add(key)
    return [rules.Criteria(badge_id, frozenset(keys)) for badge_id, keys in modules.items()]


def earned(outline: Outline, facts: Facts, wanted: list[rules.Criteria] | None = None) -> set[int]:
    """The ids of the badges that these facts earn, given already or not; ``wanted`` is what all badges want, where that
    has been loaded."""
    modules = outline.modules.values()
    done = [module.key for module in modules if is_done(module, facts)]
    if not done:
        return set()
    unproven = [module.key for module in modules if misses_practice(module, facts, PracticeNeed.BADGE)]
    return rules.due(criteria() if wanted is None else wanted, done, unproven)


class BadgeAwardQuerySet(models.QuerySet):
    @transaction.atomic(savepoint=False)
    def award_due(self, learner: Learner, outline: Outline, facts: Facts) -> "list[BadgeAward]":
        """Gives the learner each badge that her ``facts`` earn and that she does not have. Returns the new awards."""
        due = earned(outline, facts)
        missing = due and due - set(self.filter(learner=learner).values_list("badge_id", flat=True))
        new = [BadgeAward(learner=learner, badge_id=badge_id) for badge_id in sorted(missing)]
        return self.bulk_create(new) if new else []


class BadgeAward(models.Model):
    """A learner has earned a badge (what Open Badges calls an assertion). Its id is public."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="badge_awards")
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, related_name="awards")
    awarded_at = models.DateTimeField(default=timezone.now)

    objects = BadgeAwardQuerySet.as_manager()

    class Meta:
        verbose_name = "pemberian lencana"
        verbose_name_plural = "pemberian lencana"
        ordering = ["awarded_at"]
        constraints = [models.UniqueConstraint(fields=["learner", "badge"], name="one_award_a_badge")]

    def get_absolute_url(self) -> str:
        return reverse("badges:award", args=[self.pk])
