"""Word files on their way into a lesson."""

from datetime import timedelta
from pathlib import PurePath

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from courses.models import LessonPage, ModulePage
from courses.picture_intake import take_in
from people.spreadsheets import UnreadableFile

from . import word
from .word import Document


class WordFileQuerySet(models.QuerySet):
    def of(self, user):
        """The files that ``user`` sent herself."""
        return self.filter(by=user)

    def begin(self, upload, *, by) -> "WordFile":
        """Keeps the upload until it is saved or a week old; nothing of it is in a lesson. Raises UnreadableFile."""
        if PurePath(upload.name).suffix.lower() != ".docx":
            raise UnreadableFile(word.NOT_WORD)
        if upload.size > word.MAX_BYTES:
            raise UnreadableFile(word.TOO_BIG)
        data = upload.read()
        word.read(data, upload.name)
        self.filter(made_at__lt=timezone.now() - WordFile.KEPT).delete()
        return self.create(by=by, file_name=upload.name[-120:], content=data)

    @transaction.atomic
    def save_draft(self, file: "WordFile", *, module: ModulePage, by, body: list[dict], **fields) -> LessonPage:
        """A draft below ``module`` with the blocks of ``body``. A picture's image is there its place in the document.
        Sent again, it is the same draft. Raises UnusablePicture and ValidationError; then nothing has changed."""
        file = self.select_for_update().get(pk=file.pk)
        if file.lesson:
            return file.lesson
        pictures, taken = file.document().pictures, []
        try:
            for block in body:
                if block["type"] == "picture":
                    value = block["value"]
                    picture = take_in(pictures[value["image"]], file.file_name, title=value["alt_text"][:255], by=by)
                    taken.append(picture.file)
                    value["image"] = picture.pk
            lesson = LessonPage(**fields, owner=by, live=False)
            lesson.body = LessonPage.body.field.stream_block.to_python(body)
            module.add_child(instance=lesson)
            lesson.save_revision(user=by, log_action="wagtail.edit")
            self.filter(pk=file.pk).update(lesson=lesson)
        except BaseException:  # a full disk, too: the transaction takes back the rows, and no file
            for kept in taken:
                kept.storage.delete(kept.name)
            raise
        return lesson


class WordFile(models.Model):
    """A Word file as it was sent. Nothing of it is in a lesson until it is saved as a draft."""

    KEPT = timedelta(days=7)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)
    lesson = models.ForeignKey(LessonPage, null=True, on_delete=models.SET_NULL, related_name="+")  # the draft

    objects = WordFileQuerySet.as_manager()

    class Meta:
        verbose_name = "berkas Word"
        verbose_name_plural = "berkas Word"

    def document(self) -> Document:
        """What the file says. Its title and its pieces are where an editor begins."""
        return word.read(bytes(self.content), self.file_name)
