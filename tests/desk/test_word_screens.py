"""From Word to a draft at /kelola/word/: seen and corrected first, nothing written before «Simpan sebagai draf»."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from courses.models import LessonPage, Picture
from desk import word
from desk.models import WordFile
from tests import factories
from tests.courses.test_images import SECRET, exif, stored
from tests.desk.documents import document, lesson, paragraph, photo, picture
from tests.pages import sends, soup, text

pytestmark = pytest.mark.django_db
ADDRESS = "/kelola/word/"


@pytest.fixture
def writer(client):
    """Signed in, and allowed to write but not to publish."""
    user = factories.staff("Penulis materi")
    client.force_login(user)
    return user


def send(client, data: bytes | None = None, name: str = "bungkus.docx"):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, lesson() if data is None else data)})


def filled(page, **corrected: str) -> dict[str, str]:
    """What the form sends as it stands, with what was corrected, and what must be filled in."""
    form = soup(page).select_one(".desk-word form")
    data = {name: values[0] for name, values in sends(form).items()}
    data |= {area["name"]: area.get_text().lstrip("\n") for area in form.select("textarea")}
    return data | {"goal": "Bisa membungkus rapat.", "module": str(factories.module("kemasan").pk)} | corrected


def kept_files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def drafts() -> list[LessonPage]:
    return list(LessonPage.objects.filter(live=False))


def blocks(page: LessonPage) -> list[tuple[str, object]]:
    return [(block.block_type, block.value) for block in page.body]


def test_it_is_seen_first_and_nothing_is_written(client, writer):
    page = client.get(send(client)["Location"])
    shown = text(soup(page).select_one(".desk-word"))
    for words in ("bungkus.docx. Belum ada yang disimpan.", "Plastik tebal.", "Rp12.000"):
        assert words in shown
    assert soup(page).select_one("[name=title]")["value"] == "Membungkus keripik"
    assert soup(page).select_one(".desk-parts img")["src"].startswith("data:image/webp;base64,")
    assert (drafts(), Picture.objects.count()) == ([], 0)


def test_it_becomes_a_draft_in_the_chosen_module(client, writer):
    at = send(client)["Location"]
    response = client.post(at, filled(client.get(at)))
    (draft,) = drafts()
    assert response["Location"] == f"/kelola/pages/{draft.pk}/edit/"
    assert (draft.get_parent().slug, draft.owner, draft.latest_revision.user) == ("kemasan", writer, writer)
    assert (draft.title, draft.goal, draft.minutes) == ("Membungkus keripik", "Bisa membungkus rapat.", 5)
    found = blocks(draft)
    assert [kind for kind, _ in found] == ["paragraph", "heading", "key_points", "steps", "table", "picture"]
    assert "<strong>renyah</strong>" in found[0][1].source
    assert [step["text"] for step in found[3][1]] == ["Isi bungkusnya.", "Keluarkan udaranya.", "Rekatkan ujungnya."]
    assert found[5][1]["alt_text"] == "Foto bungkus"
    assert client.get(response["Location"]).status_code == 200
    assert draft.url is None or client.get(draft.url).status_code == 404


def test_what_is_corrected_is_what_is_saved(client, writer):
    at = send(client)["Location"]
    data = filled(client.get(at), title="Bungkus rapat", text_0="Satu.\nDua <b>.", kind_1="tip", kind_4="")
    client.post(at, data)
    (draft,) = drafts()
    found = blocks(draft)
    assert draft.title == "Bungkus rapat"
    assert found[0][1].source == "<p>Satu.</p><p>Dua &lt;b&gt;.</p>"
    assert [kind for kind, _ in found] == ["paragraph", "tip", "key_points", "steps", "picture"]


def test_pressed_twice_it_is_one_draft(client, writer):
    at = send(client)["Location"]
    data = filled(client.get(at))
    assert client.post(at, data)["Location"] == client.post(at, data)["Location"]
    assert len(drafts()) == 1


def test_pictures_come_in_as_an_editors_own(client, writer):
    """U2"""
    at = send(client, document(paragraph("Isi."), picture(), pictures=(photo(exif=exif()),)))["Location"]
    assert SECRET.encode() in photo(exif=exif())
    client.post(at, filled(client.get(at), text_1="Bungkus"))
    made = Picture.objects.get()
    assert (made.title, made.uploaded_by_user, SECRET.encode() in stored(made.file)) == ("Bungkus", writer, False)


def test_a_photo_that_a_phone_has_stored_with_a_second_one_behind_it_comes_in(client, writer):
    first, second = Image.new("RGB", (900, 600)), Image.new("RGB", (450, 300))
    both = BytesIO()
    first.save(both, "MPO", save_all=True, append_images=[second])
    at = send(client, document(paragraph("Isi."), picture(), pictures=(both.getvalue(),)))["Location"]
    assert client.post(at, filled(client.get(at), text_1="Bungkus")).status_code == 302
    with Image.open(Picture.objects.get().file) as kept:
        assert (kept.format, kept.size) == ("JPEG", (900, 600))


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"text_5": ""}, "text_5", "Tulis isi gambarnya dalam kata."),
        ({"text_0": "Harga {tidak-ada}."}, "text_0", "Angka {tidak-ada} belum ada."),
        ({"text_0": ""}, "text_0", "Isian ini harus diisi."),
        ({"text_3": "Satu saja."}, "text_3", "2"),
        ({"goal": ""}, "goal", "Isi dulu bagian ini."),
        ({"module": "1"}, "module", ""),
        ({"minutes": "99"}, "minutes", "30"),
        ({"title": "x\0"}, "title", ""),
        ({"title": "«…»"}, "title", "Pakai judul lain, dengan huruf atau angka."),
        ({"title": "???"}, "title", "Pakai judul lain, dengan huruf atau angka."),
        ({"kind_1": "raw_html"}, "kind_1", ""),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client, writer, wrong, field, sentence):
    at, files = send(client)["Location"], kept_files()
    page = client.post(at, filled(client.get(at), text_2="Yang diketik.") | wrong)
    assert (page.status_code, drafts(), Picture.objects.count()) == (422, [], 0)
    assert kept_files() == files
    area = soup(page).select_one(f".desk-word [name={field}]").find_parent("div", class_="w-field__wrapper")
    assert sentence in text(area.select_one(".error-message, .w-field__errors"))
    assert "Yang diketik." in page.text


def test_if_nothing_is_to_come_along_it_is_said(client, writer):
    at = send(client, document(paragraph("Isi.")))["Location"]
    page = client.post(at, filled(client.get(at), kind_0=""))
    assert (page.status_code, "Pilih paling sedikit satu bagian" in page.text) == (422, True)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [(b"%PDF", "x.pdf", word.NOT_WORD), (b"", "x.docx", word.EMPTY), (b"x" * (21 * 2**20), "x.docx", word.TOO_BIG)],
    ids=["PDF", "empty", "21 MB"],
)
def test_what_cannot_be_read_is_refused_at_the_field(client, writer, data, name, sentence):
    page = send(client, data, name)
    assert (page.status_code, sentence in text(soup(page).select_one(".desk-word"))) == (422, True)
    assert not WordFile.objects.exists()


def test_no_file_is_asked_for(client, writer):
    page = client.post(ADDRESS)
    assert (page.status_code, "Pilih berkasnya dulu." in page.text) == (422, True)


def test_a_file_is_its_senders_alone(client, writer):
    at = send(client)["Location"]
    client.force_login(factories.staff("Peninjau materi"))
    assert {client.get(at).status_code, client.post(f"{at}buang/").status_code} == {404}


def test_it_can_be_thrown_away_and_goes_by_itself_after_a_week(client, writer):
    at = send(client)["Location"]
    client.post(f"{at}buang/")
    assert not WordFile.objects.exists()
    send(client)
    WordFile.objects.update(made_at=timezone.now() - WordFile.KEPT - factories.A_DAY)
    send(client)
    assert WordFile.objects.count() == 1


def test_it_is_in_the_menu_and_beside_each_module(client, writer):
    module = factories.module("kemasan")
    assert soup(client.get(f"/kelola/pages/{module.pk}/edit/")).select(f"header a[href='{ADDRESS}']")
    assert ADDRESS in client.get("/kelola/").text


def test_who_may_not_write_lessons_may_not_bring_any(client):
    user = factories.staff()
    user.user_permissions.add(*Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    assert client.get(ADDRESS).status_code in (302, 403)
    assert send(client).status_code in (302, 403)
    assert not WordFile.objects.exists()
