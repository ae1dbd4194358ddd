"""Photos from phones: what is kept of them, and what is refused."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from practice.photos import KEPT_BYTES, LONGEST, MAX_BYTES, TOO_HEAVY, TOO_LARGE, UnusableFile, photo_from
from tests.server import ROOT

from .files import GOOD_PHOTOS, HOSTILE_PHOTOS, MARK, black_png, picture, upload, written

TOP, BOTTOM = (255, 0, 0), (0, 0, 255)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def is_about(colour: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize("name", GOOD_PHOTOS)
def test_a_photo_is_kept_as_small_webp(name):
    make, size = GOOD_PHOTOS[name]
    data = photo_from(upload(make()))
    kept = opened(data)
    assert (kept.format, kept.mode) == ("WEBP", "RGB")
    assert max(kept.size) <= LONGEST
    assert len(data) <= KEPT_BYTES
    if size:
        assert kept.size == size


@pytest.mark.parametrize("name", GOOD_PHOTOS)
def test_nothing_but_pixels_is_left(name):
    """U2: no place, no camera, nothing that was hung on behind."""
    data = photo_from(upload(GOOD_PHOTOS[name][0]()))
    kept = opened(data)
    assert not kept.getexif()
    assert not {"exif", "xmp", "icc_profile"} & kept.info.keys()
    assert MARK not in data
    assert b"script" not in data


def test_the_photos_of_the_corpus_bear_what_must_go():
    """Else the test above would prove nothing."""
    bearing = [name for name, (make, _) in GOOD_PHOTOS.items() if MARK in make() or b"script" in make()]
    assert len(bearing) == 4


def test_a_photo_on_its_side_is_set_upright():
    kept = opened(photo_from(upload(GOOD_PHOTOS["a JPEG on its side, with place and camera"][0]())))
    assert is_about(kept.getpixel((kept.width - 40, 800)), TOP), "a quarter turn: what was above is now to the right"
    assert is_about(kept.getpixel((40, 800)), BOTTOM)


def test_what_one_sees_through_is_on_white():
    image = picture(mode="RGBA")
    image.putalpha(0)
    assert is_about(opened(photo_from(upload(written(image, "PNG")))).getpixel((5, 5)), (255, 255, 255))


@pytest.mark.parametrize("name", HOSTILE_PHOTOS)
def test_what_is_no_photo_of_a_phone_is_refused_in_one_sentence(name):
    """U1"""
    with pytest.raises(UnusableFile) as refusal:
        photo_from(upload(HOSTILE_PHOTOS[name]()))
    assert str(refusal.value).endswith(("Pilih foto lain.", "dengan ukuran lebih kecil."))


def test_what_is_too_large_says_so():
    with pytest.raises(UnusableFile) as refusal:
        photo_from(upload(black_png(6000)))
    assert str(refusal.value) == TOO_LARGE


def test_30_mb_are_not_even_read():
    file = upload(bytes(30 * 1024 * 1024))
    with pytest.raises(UnusableFile) as refusal:
        photo_from(file)
    assert str(refusal.value) == TOO_HEAVY
    assert file.tell() == 0
    assert file.size > MAX_BYTES


MEASURED = """
import sys
from pathlib import Path
from types import SimpleNamespace
from practice.photos import UnusableFile, photo_from

for path in sorted(Path(sys.argv[1]).iterdir()):
    with path.open("rb") as file:
        upload = SimpleNamespace(size=path.stat().st_size, read=file.read, seek=file.seek, tell=file.tell)
        try:
            photo_from(upload)
        except UnusableFile:
            pass
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))  # the peak, in KB
"""


def test_neither_the_worst_nor_the_largest_takes_150_mb(tmp_path):
    """U1: the whole corpus, one after the other, in a process of its own."""
    for number, make in enumerate([*HOSTILE_PHOTOS.values(), *(make for make, _ in GOOD_PHOTOS.values())]):
        (tmp_path / str(number)).write_bytes(make())
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 150 * 1024
