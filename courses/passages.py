"""The sentences of the published lessons, kept for search."""

from django.db import models


class Passage(models.Model):
    """One sentence. ``words`` and ``stems`` are those of ``text`` in small letters, a space before and after each."""

    page = models.ForeignKey("courses.LessonPage", on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12)  # the fragment of the page's address; empty for its head
    text = models.TextField()
    words = models.TextField()
    stems = models.TextField()

    class Meta:
        verbose_name = "kalimat"
        verbose_name_plural = "kalimat"
