"""A picture that comes inside another file, taken in as if its editor had sent it alone."""

from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.images.fields import WagtailImageField

from .images import Picture

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 10 * 1024 * 1024  # as Wagtail's own form
MAX_PIXELS = 25_000_000  # unpacked these take 100 MB; a JPEG can be unpacked smaller
SUFFIXES = {"JPEG": ".jpeg", "MPO": ".jpeg", "PNG": ".png", "WEBP": ".webp"}  # MPO: a JPEG with others behind it
TOO_LARGE = "Gambar ini terlalu besar. Kecilkan dulu."
NOT_A_PICTURE = "Gambar ini tidak terbaca. Pakai JPEG, PNG, atau WebP."


class UnusablePicture(ValueError):
    """The picture is not kept; the message tells its editor why."""


def check(data: bytes) -> str:
    """The suffix that fits the picture, once it is seen to be whole. Raises UnusablePicture."""
    if len(data) > MAX_BYTES:
        raise UnusablePicture(TOO_LARGE)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if SUFFIXES[image.format] != ".jpeg" and image.width * image.height > MAX_PIXELS:
                raise UnusablePicture(TOO_LARGE)
            image.draft("RGB", (1, 1))  # of a JPEG an eighth of the pixels tells as much
            image.load()
            return SUFFIXES[image.format]
    except UnusablePicture:
        raise
    except Exception as problem:  # a broken file breaks Pillow in dozens of ways
        raise UnusablePicture(NOT_A_PICTURE) from problem


def take_in(data: bytes, name: str, *, by=None, **words: str) -> Picture:
    """Keeps the picture as Wagtail's own form does, without place and camera. ``words`` are its title and, where it has
    one, its description. Raises UnusablePicture."""
    file = SimpleUploadedFile(f"{PurePath(name).stem}{check(data)}", data)
    try:
        picture = Picture(**words, file=WagtailImageField().clean(file), uploaded_by_user=by)
        picture.clean_fields(exclude=[field.name for field in Picture._meta.fields if field.name not in words])
        picture.save()
    except ValidationError as error:
        raise UnusablePicture(error.messages[0]) from None
    return picture
