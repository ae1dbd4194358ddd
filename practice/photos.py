"""Photos from phones. In come any bytes; what is kept is a small WebP of pixels alone, without place or camera."""

from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from courses.uploads import UnusableFile

MAX_BYTES = 12 * 1024 * 1024
LONGEST = 1600  # pixels
KEPT_BYTES = 300 * 1024
QUALITIES = (80, 65, 50, 35)  # tried in turn until the photo fits
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# Checked before decoding, by what each decoder takes at its peak: together with Python under 150 MB, as
# tests/practice/test_photos.py measures. A baseline JPEG is decoded at an eighth of its size.
MAX_PIXELS = {
    "JPEG": 80_000_000,
    "progressive JPEG": 16_000_000,
    "PNG": 16_000_000,
    "WEBP": 6_000_000,
    "HEIF": 13_000_000,
}

TOO_HEAVY = "Foto ini lebih dari 12 MB. Ambil foto lagi dengan ukuran lebih kecil."
TOO_LARGE = "Foto ini terlalu besar. Ambil foto lagi dengan ukuran lebih kecil."
NOT_A_PHOTO = "Berkas ini bukan foto, atau rusak. Pilih foto lain."

pillow_heif.register_heif_opener(thumbnails=False)


def photo_from(file) -> bytes:
    """The photo to keep: WebP, upright, at most LONGEST pixels and about KEPT_BYTES. ``file`` is an upload.
    Raises UnusableFile."""
    if file.size > MAX_BYTES:
        raise UnusableFile(TOO_HEAVY)
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS[_kind(image)]:
                raise UnusableFile(TOO_LARGE)
            return _written(_pixels(image))
    except UnusableFile:
        raise
    except Exception as problem:  # a broken file breaks Pillow in dozens of ways
        raise UnusableFile(NOT_A_PHOTO) from problem


def _kind(image: Image.Image) -> str:
    if isinstance(image, JpegImageFile):  # MPO, what some phones write, is one too
        return "progressive JPEG" if image.info.get("progressive") else "JPEG"
    return image.format


def _pixels(image: Image.Image) -> Image.Image:
    """A new image with the pixels alone, upright, on white where the old one is transparent."""
    image.draft("RGB", (LONGEST, LONGEST))
    if "A" in image.getbands() or image.mode == "P":
        # Resizing with transparency copies all pixels first: go down by whole steps before that.
        step = -(-max(image.size) // (2 * LONGEST))
        if step > 1:
            image = image.resize((image.width // step or 1, image.height // step or 1), Image.Resampling.NEAREST)
        image = image.convert("RGBA")
    if step := max(image.size) // LONGEST:
        image = image.reduce(step)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
    return clean


def _written(image: Image.Image) -> bytes:
    for quality in QUALITIES:
        out = BytesIO()
        image.save(out, "WEBP", quality=quality)
        if out.tell() <= KEPT_BYTES:
            break
    return out.getvalue()
