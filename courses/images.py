"""Editors' pictures: stored without the place and camera that a phone writes into them."""

from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import models
from PIL import Image as PillowImage
from PIL import ImageOps
from wagtail.images.models import AbstractImage, AbstractRendition, Image

# px: a JPEG that is twice as wide and as high, as of a phone with 50 megapixels, is unpacked smaller.
ENOUGH = (2560, 2560)


class Picture(AbstractImage):
    """An editor's image. A learner's photo is never one."""

    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = "gambar"
        verbose_name_plural = "gambar"

    def get_upload_to(self, filename: str) -> str:
        """Under a name that no file had before: by it phones know what they keep, and servers what they exchange."""
        return super().get_upload_to(f"{uuid4().hex[:12]}-{filename}")

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self._drop_metadata()
        super().save(*args, **kwargs)

    def _drop_metadata(self):
        """Replaces the file by its upright pixels alone; JPEG renditions would keep GPS otherwise."""
        with PillowImage.open(self.file) as original:
            image_format = original.format
            original.draft(None, ENOUGH)
            upright = ImageOps.exif_transpose(original)
            if upright.mode not in ("RGB", "RGBA", "L", "LA"):  # palettes and 16 bits: what every format can show
                upright = _in_plain_colours(upright)
        clean = PillowImage.new(upright.mode, upright.size)
        clean.paste(upright)
        out = BytesIO()
        clean.save(out, image_format, quality=90)
        self.file.save(self.file.name, ContentFile(out.getvalue()), save=False)
        self.width, self.height = clean.size
        self._set_image_file_metadata()


def _in_plain_colours(image: PillowImage.Image) -> PillowImage.Image:
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if "transparency" in image.info or "A" in image.mode else "RGB")


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition")
        ]
