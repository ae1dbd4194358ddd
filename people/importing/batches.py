"""A file on its way in: its rows as they were typed, and what each would do. Nobody's data until it is saved."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT = timedelta(days=7)  # rows hold names and phone numbers; a file that nobody saves is forgotten


class ImportBatchQuerySet(models.QuerySet):
    def of(self, user):
        """The files that ``user`` sent herself."""
        return self.filter(by=user)

    def forget_old(self) -> None:
        """Deletes files older than a week with all their rows, saved or not."""
        self.filter(made_at__lt=timezone.now() - KEPT).delete()


class ImportBatch(models.Model):
    class Kind(models.TextChoices):
        COMPANIONS = "pendamping", "Pendamping"
        COORDINATORS = "koordinator", "Koordinator"
        GROUPS = "kelompok", "Kelompok"
        HOUSEHOLDS = "keluarga", "Keluarga"
        LEARNERS = "pelajar", "Pelajar"

    kind = models.CharField("jenis", max_length=12, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    unread_columns = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True)
    saved = models.JSONField(default=dict)  # how many rows of each outcome, and the ids of new "accounts"

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "impor"
        verbose_name_plural = "impor"
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return self.file_name


class ImportRow(models.Model):
    class Outcome(models.TextChoices):
        WAITING = "", "belum diperiksa"
        NEW = "baru", "Baru"
        CHANGED = "berubah", "Berubah"
        SAME = "sama", "Sama"
        REFUSED = "ditolak", "Ditolak"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet shows it
    cells = models.JSONField()  # field -> what was typed; never a number that looks like a NIK or KK
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING, blank=True)
    # field -> why it is refused, or what it was before; "" is the whole row, and "learner" the id of whom it is about
    remarks = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_row_a_number")]
        indexes = [models.Index(fields=["batch", "outcome", "number"])]
