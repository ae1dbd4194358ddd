"""Editors' pictures: nothing in them but the picture, and every size ready before the first learner asks."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from courses.carried import name_of
from courses.images import Picture, PictureRendition
from courses.picture_intake import NOT_A_PICTURE, TOO_LARGE
from tests import factories, pages

pytestmark = pytest.mark.django_db

SECRET = "KAMERA-BU-SARI"  # stands for all that a phone writes into a picture


def exif(orientation: int = 1) -> Image.Exif:
    """Camera, owner and place, as a phone writes them."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = made[ExifTags.Base.ImageDescription] = made[ExifTags.Base.Artist] = SECRET
    made[ExifTags.Base.Orientation] = orientation
    gps = made.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "S", (6.0, 10.0, 42.5)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (106.0, 38.0, 24.1)
    return made


def photo(kind: str, orientation: int = 1) -> ContentFile:
    """A file of 900 × 600 with all kinds of notes in it."""
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>'.encode()
    if kind == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", SECRET)
        notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
        return factories.image_file(kind=kind, exif=exif(orientation), pnginfo=notes)
    comment = {"comment": SECRET} if kind == "JPEG" else {}
    return factories.image_file(kind=kind, exif=exif(orientation), xmp=xmp, **comment)


def notes_in(data: bytes) -> dict:
    """All that is in an image file besides its pixels."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        names = ("exif", "xmp", "XML:com.adobe.xmp", "comment", "Comment")
        found = {name: value for name, value in image.info.items() if name in names}
        return found | dict(image.getexif()) | dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))


def stored(file) -> bytes:
    with file.storage.open(file.name) as opened:
        return opened.read()


KINDS = ["JPEG", "PNG", "WEBP"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_phones_file_does_tell(kind):
    """The others would pass on a file with nothing in it."""
    data = photo(kind).read()
    assert SECRET.encode() in data
    assert notes_in(data)[ExifTags.GPS.GPSLatitudeRef] == "S"


@pytest.mark.parametrize("kind", KINDS)
def test_the_stored_picture_tells_no_place_and_no_camera(kind):
    """U2"""
    data = stored(factories.picture(photo(kind)).file)
    assert SECRET.encode() not in data
    assert notes_in(data) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_size_of_it_does(kind):
    """U2"""
    picture = factories.picture(photo(kind))
    for spec in ("width-360|format-jpeg", "width-360|format-webp", "width-360|format-avif", "original"):
        data = stored(picture.get_rendition(spec).file)
        assert SECRET.encode() not in data
        assert notes_in(data) == {}, spec


def test_only_the_clean_file_is_kept():
    """U2: the upload itself lies nowhere in the media folder."""
    picture = factories.picture(photo("JPEG"))
    folder, name = picture.file.name.rsplit("/", 1)
    _, files = picture.file.storage.listdir(folder)
    stem = name.split(".")[0]  # the whole of it: the next number begins like this one
    assert [file for file in files if file.startswith(stem)] == [name]


@pytest.mark.parametrize(("orientation", "size"), [(1, (900, 600)), (3, (900, 600)), (6, (600, 900)), (8, (600, 900))])
def test_a_picture_stands_upright(orientation, size):
    """The turn was in the notes that are gone."""
    picture = factories.picture(photo("JPEG", orientation))
    with Image.open(BytesIO(stored(picture.file))) as image:
        assert image.size == (picture.width, picture.height) == size


def test_what_is_known_of_a_picture_is_that_of_its_clean_file():
    picture = factories.picture(photo("JPEG"))
    picture.refresh_from_db()
    fresh = Picture.objects.get(pk=picture.pk)
    fresh._set_file_hash()
    assert picture.file_size == len(stored(picture.file))
    assert picture.file_hash == fresh.file_hash


def test_a_replaced_file_is_cleaned_too():
    picture = factories.picture()
    picture.file = photo("JPEG")
    picture.save()
    assert notes_in(stored(Picture.objects.get(pk=picture.pk).file)) == {}


def test_a_file_that_is_replaced_again_and_again_never_has_a_name_twice(client):
    """Though all have one name where they come from: phones keep sizes by it, and servers take one for the other."""
    client.force_login(factories.administrator())
    names, sizes = [], []
    picture = factories.picture(ContentFile(factories.image_file().read(), "foto.jpg"))
    for width in (500, 600, 700):
        names.append(name_of(picture))
        sizes.append(picture.get_rendition("width-360").url)
        file = ContentFile(factories.image_file(width).read(), "foto.jpg")
        client.post(reverse("wagtailimages:edit", args=[picture.pk]), {"title": "Keripik", "file": file})
        picture = Picture.objects.get(pk=picture.pk)
    assert (len(set(names)), len(set(sizes))) == (3, 3)


def test_a_new_title_leaves_the_file_as_it_is():
    picture = factories.picture()
    before = picture.file.name, stored(picture.file)
    picture.title = "Kemasan"
    picture.save()
    assert (picture.file.name, stored(picture.file)) == before


def test_the_picture_that_an_editor_uploads_is_cleaned(client):
    """U2, through Wagtail's own form."""
    client.force_login(factories.staff("Penulis materi"))
    form = pages.soup(client.get("/kelola/images/add/")).select_one("form[enctype]")
    collection = {name: value for name, value in pages.sends(form).items() if name == "collection"}
    answers = {"title": "Keripik dari HP", "file": photo("JPEG")} | collection
    assert client.post("/kelola/images/add/", answers, HTTP_X_REQUESTED_WITH="XMLHttpRequest").status_code in (200, 302)
    picture = Picture.objects.get()
    data = stored(picture.file)
    assert SECRET.encode() not in data
    assert notes_in(data) == {}


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGB"), ("WEBP", "RGBA")]
    + [("PNG", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")],
)
def test_every_sort_of_picture_can_be_kept_and_shown(kind, mode):
    picture = factories.picture(factories.image_file(mode=mode, kind=kind))
    assert len(picture.get_renditions("width-360|format-jpeg", "width-360|format-webp", "width-360|format-avif")) == 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_see_through_stays_so(mode):
    saved = {"transparency": 0} if mode == "P" else {}
    picture = factories.picture(factories.image_file(mode=mode, kind="PNG", **saved))
    with Image.open(BytesIO(stored(picture.file))) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0


# --- Refused -----------------------------------------------------------------------------------------------------


def pixels(side: int) -> bytes:
    return factories.image_file(side, side, mode="L", kind="PNG").read()


BROKEN = {
    "cut off.jpg": lambda: factories.image_file().read()[:-300],
    "cut off.png": lambda: factories.image_file(kind="PNG").read()[:-200],
    "cut off.webp": lambda: factories.image_file(kind="WEBP").read()[:-200],
    "only a beginning.jpg": lambda: b"\xff\xd8\xff\xe0" + bytes(300),
}
UPLOADS = {
    "/kelola/images/add/": ("file", lambda answer: answer.text),
    "/kelola/images/multiple/add/": ("files[]", lambda answer: answer.json()["error_message"]),
    "/kelola/images/chooser/create/": ("image-chooser-upload-file", lambda answer: answer.json()["htmlFragment"]),
}


@pytest.mark.parametrize("address", UPLOADS)
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_gets_one_sentence_and_is_not_stored(client, name, address):
    client.force_login(factories.staff("Penulis materi"))
    field, said = UPLOADS[address]
    sent = {"title": "Keripik", "image-chooser-upload-title": "Keripik", field: ContentFile(BROKEN[name](), name)}
    answer = client.post(address, sent, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert said(answer).count(NOT_A_PICTURE) == 1
    assert not Picture.objects.exists()


def test_a_broken_file_leaves_the_picture_that_it_should_replace(client):
    client.force_login(factories.administrator())
    picture = factories.picture()
    before = picture.file.name
    file = ContentFile(BROKEN["cut off.jpg"](), "foto.jpg")
    answer = client.post(reverse("wagtailimages:edit", args=[picture.pk]), {"title": "Keripik", "file": file})
    assert NOT_A_PICTURE in answer.text
    assert Picture.objects.get().file.name == before
    assert stored(picture.file)


def test_a_small_file_of_very_many_pixels_is_refused(client):
    """U1"""
    client.force_login(factories.staff("Penulis materi"))
    answer = client.post("/kelola/images/add/", {"title": "Keripik", "file": ContentFile(pixels(6000), "besar.png")})
    assert TOO_LARGE in answer.text
    assert not Picture.objects.exists()


def test_a_phones_photo_of_very_many_pixels_is_kept_smaller(client):
    client.force_login(factories.staff("Penulis materi"))
    file = ContentFile(factories.image_file(8160, 6120).read(), "foto.jpg")
    assert client.post("/kelola/images/add/", {"title": "Keripik", "file": file}).status_code == 302
    assert (Picture.objects.get().width, Picture.objects.get().height) == (4080, 3060)


# --- On a published page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "published", "goes"),
    [("Penulis materi", True, False), ("Penulis materi", False, True), ("Peninjau materi", True, True)],
)
def test_only_who_may_publish_a_page_replaces_or_deletes_a_picture_on_it(client, role, published, goes):
    user = factories.staff(role)
    picture = factories.picture()
    Picture.objects.update(uploaded_by_user=user)
    revision = lesson_with(picture).save_revision()
    if published:
        revision.publish()
    client.force_login(user)
    before, file = picture.file.name, ContentFile(factories.image_file().read(), "lain.jpg")
    address = reverse("wagtailimages:edit", args=[picture.pk])
    title = {"title": "Keripik pedas", "collection": picture.collection_id}
    answer = client.post(address, title | {"file": file})
    assert (Picture.objects.get().file.name != before) == goes
    assert ("Tambahkan sebagai berkas baru, lalu pilih di halaman itu." in answer.text) != goes
    assert client.post(address, title).status_code == 302, "a title is nobody's page"
    client.post(reverse("wagtailimages:delete", args=[picture.pk]))
    assert Picture.objects.exists() != goes


# --- Sizes -------------------------------------------------------------------------------------------------------

ALL_SIZES = {(kind, width) for kind in ("AVIF", "WEBP", "JPEG") for width in (360, 720)}


def sizes(picture: Picture) -> set[tuple[str, int]]:
    """The format and width of every file made of the picture."""
    found = set()
    for rendition in PictureRendition.objects.filter(image=picture):
        with Image.open(BytesIO(stored(rendition.file))) as image:
            found.add((image.format, image.width))
    return found


@pytest.mark.parametrize("live", [True, False], ids=["over a published page", "of a new page"])
def test_a_picture_of_a_page_that_will_be_published_at_its_hour_stays_as_it_was_approved(client, live):
    user, picture = factories.staff("Penulis materi"), factories.picture()
    Picture.objects.update(uploaded_by_user=user)
    lesson = lesson_with(picture)
    if not live:
        type(lesson).objects.get(pk=lesson.pk).unpublish()
        lesson.live = False
    lesson.go_live_at = timezone.now() + timedelta(hours=2)
    lesson.save_revision().publish()
    client.force_login(user)
    changed = {"title": "Lain", "collection": picture.collection_id, "file": factories.image_file(60, 40)}
    answer = client.post(reverse("wagtailimages:edit", args=[picture.pk]), changed)
    assert f"Berkas ini dipakai di «{lesson.title}»." in answer.text
    client.post(reverse("wagtailimages:delete", args=[picture.pk]))
    assert Picture.objects.get().file.name == picture.file.name


def lesson_with(picture: Picture, block: str = "picture"):
    page = factories.lessons()[0]
    if block == "picture":
        page.body = [("picture", {"image": picture, "alt_text": "Keripik", "caption": ""})]
    else:
        page.body = [("steps", [{"text": "Beli", "image": picture, "alt_text": "Gula"}, {"text": "Masak"}])]
    return page


@pytest.mark.parametrize("block", ["picture", "steps"])
@pytest.mark.parametrize("kind", KINDS)
def test_publishing_a_lesson_makes_every_size_of_its_pictures(kind, block):
    picture = factories.picture(factories.image_file(kind=kind))
    lesson_with(picture, block).save_revision().publish()
    assert sizes(picture) == ALL_SIZES


def test_publishing_a_module_makes_every_size_of_its_picture():
    module = factories.module()
    module.picture = factories.picture()
    module.save_revision().publish()
    assert sizes(module.picture) == ALL_SIZES


def test_a_draft_makes_none():
    picture = factories.picture()
    lesson_with(picture).save_revision()
    assert sizes(picture) == set()


def test_a_small_picture_is_not_blown_up():
    picture = factories.picture(factories.image_file(500, 300))
    lesson_with(picture).save_revision().publish()
    assert sizes(picture) == {(kind, width) for kind in ("AVIF", "WEBP", "JPEG") for width in (360, 500)}


def test_reading_the_lesson_makes_no_file_more(client):
    """So the sizes made are those that the template asks for."""
    picture = factories.picture()
    page = lesson_with(picture)
    page.save_revision().publish()
    before = set(PictureRendition.objects.values_list("pk", flat=True))
    html = pages.soup(client.get(page.url))
    assert set(PictureRendition.objects.values_list("pk", flat=True)) == before
    offered = {source["type"]: source["srcset"] for source in html.select("picture source")}
    assert offered.keys() == {"image/avif", "image/webp"}
    for srcset in [*offered.values(), html.select_one("picture img")["srcset"]]:
        assert "360w" in srcset
        assert "720w" in srcset


@pytest.mark.parametrize("kind", ["jpeg", "webp", "avif"])
def test_a_size_is_served_as_what_it_is(client, kind):
    rendition = factories.picture().get_rendition(f"width-360|format-{kind}")
    response = client.get(rendition.url)
    assert (response.status_code, response.headers["Content-Type"]) == (200, f"image/{kind}")
