"""The import's screens: for administrators, each for her own files; nothing is written by looking."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from learn import rights
from people import spreadsheets
from people.importing import steps
from people.models import Companion, Household, ImportBatch, ImportRow, Learner, User
from tests import factories, pages

from .files import HOUSEHOLD, csv, header, upload, xlsx

pytestmark = pytest.mark.django_db

GOOD = ["K-1", "Keluarga Sari", "36.71.01", "081234567890"]
BAD = ["K-2", "Keluarga Dedi", "36.71.01", "8.12E+10"]


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


def send(client, file, kind: str = "keluarga"):
    return client.post("/impor/", {"kind": kind, "file": file})


def sent(client, *rows) -> ImportBatch:
    send(client, xlsx(HOUSEHOLD, *rows))
    return ImportBatch.objects.latest("pk")


def words(response) -> str:
    return pages.text(pages.soup(response).main)


@pytest.mark.parametrize(
    "path",
    ["", "contoh/keluarga.xlsx", "ekspor/keluarga.csv", "1/", "1/periksa/", "1/simpan/", "1/ditolak.xlsx", "1/buang/"],
)
def test_only_administrators_come_in(client, path):
    for person in (
        factories.companion().user,
        factories.coordinator(factories.region()).user,
        factories.learner().user,
    ):
        client.force_login(person)
        assert client.get(f"/impor/{path}").status_code in (403, 405)
    client.logout()
    assert client.get(f"/impor/{path}").status_code in (302, 405)


def test_a_file_belongs_to_whoever_sent_it(desk):
    batch = sent(desk, GOOD)
    desk.force_login(factories.administrator("admin.lain"))
    for name in ("import_batch", "import_refused"):
        assert desk.get(reverse(name, args=[batch.pk])).status_code == 404
    for name in ("import_check", "import_save", "import_discard"):
        assert desk.post(reverse(name, args=[batch.pk])).status_code == 404
    assert not Household.objects.exists()
    assert "data.xlsx" not in words(desk.get("/impor/"))


def test_looking_changes_nothing(desk):
    """W3"""
    batch = sent(desk, GOOD, BAD)
    before = list(ImportRow.objects.values())
    for address in pages.links(desk.get(f"/impor/{batch.pk}/")):
        desk.get(address)
    for path in ("periksa", "simpan", "buang"):
        assert desk.get(f"/impor/{batch.pk}/{path}/").status_code == 405
    assert list(ImportRow.objects.values()) == before
    assert not Household.objects.exists()


def test_that_other_sheets_are_not_read_is_said_before_the_file_is_sent(desk):
    assert "Hanya lembar pertama yang dibaca." in words(desk.get("/impor/"))


def test_every_row_is_shown_with_what_it_would_do_and_why_not(desk):
    Household.objects.create(name="Keluarga Sari", reference="K-1", region=factories.region())
    batch = sent(desk, GOOD, BAD, ["K-3", "Keluarga Wati", "36.71.01", ""])
    shown = words(desk.get(f"/impor/{batch.pk}/"))
    assert "1 baru 1 berubah 0 sama 1 ditolak" in shown
    assert "Nomor ini terpotong oleh Excel. Tulis lagi sebagai teks." in shown
    assert "Tadinya: 36.71" in shown
    assert "Belum ada yang disimpan." in shown
    only = pages.soup(desk.get(f"/impor/{batch.pk}/?lihat=ditolak")).select("main .grid > li")
    assert [pages.text(row.h3) for row in only] == ["Baris 3 Ditolak"]


def test_saving_writes_and_says_so(desk):
    batch = sent(desk, GOOD, BAD)
    response = desk.post(f"/impor/{batch.pk}/simpan/", follow=True)
    assert "1 baris baru, 0 berubah, 0 sama." in words(response)
    assert "1 baris ditolak." in words(response)
    assert Household.objects.get().name == "Keluarga Sari"


def test_whoever_is_overtaken_by_another_file_is_told_to_save_again(desk, monkeypatch):
    batch = sent(desk, GOOD)

    def overtaken(*arguments, **options):
        raise steps.Overtaken

    monkeypatch.setattr(steps, "save", overtaken)
    told = words(desk.post(f"/impor/{batch.pk}/simpan/", follow=True))
    assert "Data baru saja berubah. Periksa lagi, lalu tekan Simpan." in told


def meanwhile(monkeypatch, happens) -> None:
    """``happens`` in another tab, once what is to be saved has been judged."""
    write = steps._write

    def overtaken(*arguments):
        happens()
        return write(*arguments)

    monkeypatch.setattr(steps, "_write", overtaken)


def test_a_file_that_is_thrown_away_while_it_is_saved_saves_nothing_and_says_so(desk, monkeypatch):
    batch = sent(desk, GOOD)
    meanwhile(monkeypatch, ImportBatch.objects.get(pk=batch.pk).delete)
    response = desk.post(f"/impor/{batch.pk}/simpan/", follow=True)
    assert response.redirect_chain == [("/impor/", 302)]
    assert "Berkas ini sudah dibuang. Tidak ada yang disimpan." in words(response)
    assert not Household.objects.exists()


@pytest.mark.parametrize("numbered", ["corrected", "moved"])
def test_a_learner_who_is_erased_while_a_file_about_her_is_saved_is_told_as_a_change(desk, monkeypatch, numbered):
    sari = factories.learner(reference="P-1")
    home = factories.household() if numbered == "moved" else sari.household
    form = "Kak" if numbered == "corrected" else ""
    head = "Nomor keluarga;Nomor pelajar;Nama depan;Nama belakang;Sapaan"
    row = f"#{home.pk};P-1;Sari;Wulandari;{form}"
    send(desk, csv(head, row, f"#{home.pk};P-2;Dedi;;"), "pelajar")
    batch = ImportBatch.objects.get()
    meanwhile(monkeypatch, lambda: rights.erase(sari))
    told = words(desk.post(f"/impor/{batch.pk}/simpan/", follow=True))
    assert "Data baru saja berubah. Periksa lagi, lalu tekan Simpan." in told
    assert not Learner.objects.exists()


def test_a_companion_who_is_deleted_while_a_file_about_her_is_saved_is_told_as_a_change(desk, monkeypatch, rina):
    send(desk, csv("Nama akun;Nama depan;Nomor HP", "rina.marlina;Rina;081234567890"), "pendamping")
    batch = ImportBatch.objects.get()
    meanwhile(monkeypatch, lambda: (rina.delete(), rina.user.delete()))
    told = words(desk.post(f"/impor/{batch.pk}/simpan/", follow=True))
    assert "Data baru saja berubah. Periksa lagi, lalu tekan Simpan." in told


def test_the_refused_rows_come_back_as_a_file_to_mend(desk):
    batch = sent(desk, GOOD, BAD)
    desk.post(f"/impor/{batch.pk}/simpan/")
    content = desk.get(f"/impor/{batch.pk}/ditolak.xlsx").content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0][-1] == "Alasan ditolak"
    assert (rows[1][0], rows[1][-1]) == ("K-2", "Nomor HP: Nomor ini terpotong oleh Excel. Tulis lagi sebagai teks.")
    assert len(rows) == 2


def test_a_long_file_is_checked_in_steps(desk):
    batch = sent(desk, *([f"K-{number}", "Sari", "36.71.01", ""] for number in range(steps.STEP + 5)))
    response = desk.get(f"/impor/{batch.pk}/")
    assert "1.000 dari 1.005 baris sudah diperiksa." in words(response)
    bar = pages.soup(response).progress
    assert (bar["value"], bar["max"]) == ("1000", "1005")
    form = pages.soup(response).select_one("main form")
    response = desk.post(form["action"], follow=True)
    assert "1.005 baru" in words(response)


def test_new_staff_and_their_passwords_are_shown_once(desk):
    send(desk, csv("Nama akun;Nama depan", "siti.rahayu;Siti"), "pendamping")
    batch = ImportBatch.objects.get()
    response = desk.post(f"/impor/{batch.pk}/simpan/")
    password = pages.soup(response).code.text
    assert Companion.objects.get().user.check_password(password)
    assert "no-store" in response.headers["Cache-Control"]
    again = desk.post(f"/impor/{batch.pk}/simpan/", follow=True)
    assert password not in again.content.decode()


# --- Passwords whose one answer was lost -------------------------------------------------------------------------


@pytest.fixture
def saved_staff(desk) -> ImportBatch:
    send(desk, csv("Nama akun;Nama depan", "siti.rahayu;Siti", "budi.santoso;Budi"), "pendamping")
    batch = ImportBatch.objects.get()
    desk.post(f"/impor/{batch.pk}/simpan/")
    return ImportBatch.objects.get()


def renew(client, batch: ImportBatch):
    """By the form that the page of the file shows."""
    form = pages.soup(client.get(f"/impor/{batch.pk}/")).select_one("form:has([name=kata_sandi])")
    return client.post(form["action"], {"kata_sandi": form.select_one("[name=kata_sandi]")["value"]}, follow=True)


def told(response) -> dict[str, str]:
    return {row.b.text: row.code.text for row in pages.soup(response).select("main .rows li")}


@pytest.mark.parametrize("pressed", ["Simpan", "Buat kata sandi baru"])
def test_a_button_whose_answer_shows_passwords_is_pressed_once(desk, pressed):
    send(desk, csv("Nama akun;Nama depan", "siti.rahayu;Siti"), "pendamping")
    batch = ImportBatch.objects.get()
    if pressed != "Simpan":
        steps.save(batch, by=batch.by)
    page = pages.soup(desk.get(f"/impor/{batch.pk}/"))
    assert pressed in pages.text(page.select_one("form[data-send-once] button"))
    assert page.select_one("script[src*=send-once]")


def test_new_staff_who_never_signed_in_get_other_passwords(desk, saved_staff):
    response = renew(desk, saved_staff)
    assert list(told(response)) == ["siti.rahayu", "budi.santoso"]
    assert all(User.objects.get(username=name).check_password(password) for name, password in told(response).items())
    assert "no-store" in response.headers["Cache-Control"]


def test_whoever_has_signed_in_keeps_her_password(desk, saved_staff):
    User.objects.filter(username="siti.rahayu").update(last_login=timezone.now())
    before = User.objects.get(username="siti.rahayu").password
    assert list(told(renew(desk, saved_staff))) == ["budi.santoso"]
    assert User.objects.get(username="siti.rahayu").password == before


def test_once_all_have_signed_in_no_other_passwords_are_offered(desk, saved_staff):
    User.objects.update(last_login=timezone.now())
    assert not pages.soup(desk.get(f"/impor/{saved_staff.pk}/")).select("[name=kata_sandi]")


def test_staff_who_were_there_before_the_file_keep_their_password(desk, rina):
    send(desk, csv("Nama akun;Nama depan", "rina.marlina;Rini", "siti.rahayu;Siti"), "pendamping")
    batch = ImportBatch.objects.get()
    desk.post(f"/impor/{batch.pk}/simpan/")
    assert list(told(renew(desk, batch))) == ["siti.rahayu"]
    rina.user.refresh_from_db()
    assert rina.user.check_password(factories.PASSWORD)


def test_nobody_else_renews_the_passwords_of_a_file(desk, saved_staff):
    before = list(User.objects.filter(companion__isnull=False).values_list("password"))
    desk.force_login(factories.administrator("admin.lain"))
    assert desk.post(f"/impor/{saved_staff.pk}/simpan/", {"kata_sandi": "baru"}).status_code == 404
    assert list(User.objects.filter(companion__isnull=False).values_list("password")) == before


def test_of_two_who_renew_at_once_one_is_told_what_holds(desk, saved_staff, monkeypatch):
    """The second comes while the first hashes."""
    by, hashing, told_first = saved_staff.by, steps.make_password, {}

    def overtaken(password):
        monkeypatch.setattr(steps, "make_password", hashing)
        told_first.update(steps.renew_passwords(saved_staff, by=by))
        return hashing(password)

    monkeypatch.setattr(steps, "make_password", overtaken)
    assert steps.renew_passwords(saved_staff, by=by) == {}
    assert all(User.objects.get(username=name).check_password(password) for name, password in told_first.items())
    assert len(told_first) == 2


def test_who_renewed_passwords_can_be_seen_later_and_no_password_can(desk, saved_staff, caplog):
    with caplog.at_level("INFO"):
        passwords = steps.renew_passwords(saved_staff, by=saved_staff.by)
    assert f"2 new passwords for import {saved_staff.pk} by user {saved_staff.by_id}" in caplog.messages
    assert not any(password in caplog.text for password in passwords.values())


def test_a_file_can_be_thrown_away(desk):
    batch = sent(desk, GOOD)
    desk.post(f"/impor/{batch.pk}/buang/")
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"kind": "keluarga"}, "file", "Pilih berkasnya dulu."),
        ({"file": upload(b"x")}, "kind", "Pilih isi berkasnya dulu."),
        ({"kind": "keluarga", "file": upload(b"")}, "file", spreadsheets.EMPTY),
        ({"kind": "keluarga", "file": upload(b"PK\x03\x04")}, "file", spreadsheets.UNKNOWN),
        ({"kind": "keluarga", "file": upload(b"NIK\n1")}, "file", "Hapus kolom NIK."),
    ],
)
def test_a_wrong_file_is_said_at_its_field(desk, data, field, sentence):
    response = desk.post("/impor/", data)
    assert response.status_code == 422
    assert sentence in pages.field_error(response, field)
    if "kind" in data:
        assert pages.soup(response).select_one("[name=kind][checked]")["value"] == "keluarga"
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("kind", [kind.value for kind in ImportBatch.Kind])
def test_each_template_holds_text_an_example_and_notes(desk, kind):
    response = desk.get(f"/impor/contoh/{kind}.xlsx")
    book = load_workbook(io.BytesIO(response.content))
    sheet, notes = book.worksheets
    assert [cell.value for cell in sheet[1]] == header(kind)
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert sheet.column_dimensions["A"].number_format == "@"
    assert all(cell.value for cell in sheet[2])
    assert "NIK, KK, dan KKS tidak boleh ditulis di sini." in [row[2] for row in notes.iter_rows(values_only=True)]
    batch = ImportBatch.objects.get(pk=steps.begin(kind, upload(response.content), by=User.objects.get()).pk)
    assert batch.rows.get().remarks == {"": steps.EXAMPLE}


@pytest.mark.parametrize("path", ["contoh/nik.xlsx", "ekspor/nik.csv", "ekspor/keluarga.pdf", "999/"])
def test_what_does_not_exist_is_not_found(desk, path):
    assert desk.get(f"/impor/{path}").status_code == 404


def test_what_stands_in_a_cell_is_text_on_the_page(desk):
    """W5"""
    batch = sent(desk, ["K-1", "<script>alert(1)</script>", "36.71.01", "<b>"])
    assert b"<script>alert" not in desk.get(f"/impor/{batch.pk}/").content
