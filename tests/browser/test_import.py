"""An administrator brings in a long list, with JavaScript and without."""

import pytest
from playwright.sync_api import Page, expect

from people import spreadsheets
from people.importing.steps import STEP

from .door import sign_in
from .learner import press

PASSWORD = "belajar-bersama"
HEADER = ["Nomor keluarga", "Nama keluarga", "Kode wilayah", "Nomor HP"]


def send(page: Page, base_url: str, prefix: str) -> None:
    """More rows than one step checks, one of them with a phone number that Excel cut."""
    rows = [[f"{prefix}-{number}", "Keluarga Sari", "36.71.01", ""] for number in range(STEP + 200)]
    rows[7][3] = "8.12E+10"
    file = {"name": "keluarga.xlsx", "mimeType": spreadsheets.XLSX, "buffer": spreadsheets.to_xlsx(HEADER, rows)}
    sign_in(page, base_url, "admin.pena", PASSWORD)
    page.goto(f"{base_url}/impor/")
    page.locator("label.choice", has_text="Keluarga").click()
    page.locator("input[type=file]").set_input_files(file)
    press(page.get_by_role("button", name="Periksa berkas"))


def save(page: Page) -> None:
    expect(page.get_by_role("heading", name="Periksa dulu")).to_be_visible(timeout=30_000)
    press(page.get_by_role("link", name="Ditolak 1"))
    expect(page.get_by_text("Nomor ini terpotong oleh Excel.")).to_be_visible()
    press(page.get_by_role("button", name=f"Simpan {STEP + 199:,} baris".replace(",", ".")))
    expect(page.get_by_role("heading", name="Sudah disimpan")).to_be_visible()


def test_the_checking_goes_on_by_itself(phone, real_server):
    send(phone, real_server, "A")
    save(phone)


def test_without_javascript_a_button_goes_on(phone_without_js, real_server):
    page = phone_without_js
    send(page, real_server, "B")
    expect(page.locator("progress")).to_be_visible()
    press(page.get_by_role("button", name="Lanjut memeriksa"))
    save(page)


@pytest.mark.parametrize("path", ["/impor/"])
def test_a_screen_fits_the_phone(phone, real_server, path):
    sign_in(phone, real_server, "admin.pena", PASSWORD)
    phone.goto(f"{real_server}{path}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
