"""A card, a PIN, and a phone that several learners share; in Chromium, on the real server."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .chromium import PHONE, new_page
from .door import sign_in, sign_in_by_form
from .learner import press
from .test_looks import faults

SARI, DEDI = "SAR1PENA", "DED1PENA"
PIN, PASSWORD = "274951", "belajar-bersama"
NEW_PIN = "318465"
KEPT = "JSON.stringify(Object.entries(localStorage))"
# A phone with an Indonesian voice; Chromium on a server has none. It notes what it is told to say.
VOICE = """
    window.said = [];
    speechSynthesis.getVoices = () => [{ lang: "id_ID", name: "Suara" }];
    speechSynthesis.speak = (sentence) => said.push([sentence.lang, sentence.text]);
    SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
"""
# Gives every card this name, and says how many there are.
RENAME = """(name) => {
    const names = [...document.querySelectorAll(".paper h2")];
    for (const one of names) one.textContent = name;
    return names.length;
}"""
# What stands outside its card, or over what comes next on it.
SPILT = """() => [...document.querySelectorAll(".paper")].flatMap((card) => {
    const parts = [card, ...[".scan", ".how", ":scope > .small"].map((one) => card.querySelector(one))];
    const [whole, qr, how, last] = parts.map((one) => one.getBoundingClientRect());
    return [qr.bottom - last.top, how.bottom - last.top, last.bottom - whole.bottom].filter((over) => over > 0.5);
})"""


@pytest.fixture(scope="module")
def newcomers(server) -> Iterator[str]:
    codes = [f"N1APEN{number:02}" for number in range(1, 7)]
    server.manage(
        "shell",
        "-c",
        "from people.models import Household, Learner\n"
        "home = Household.objects.get(name='Keluarga Sari Wulandari')\n"
        f"for code in {codes}:\n"
        "    Learner.objects.enrol(home, first_name='Nia', address_form='kak', face='kucing', code=code)",
    )
    return iter(codes)


@pytest.fixture
def newcomer(newcomers) -> str:
    """The card code of a learner who has no PIN yet: Kak Nia, whose picture is the cat."""
    return next(newcomers)


def type_pin(page: Page, pin: str) -> None:
    for digit in pin:
        page.get_by_role("button", name=f"Angka {digit}", exact=True).click()


def agree(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sebelum mulai, Kak Nia")).to_be_visible()
    page.get_by_text("18 tahun atau lebih").click()
    press(page.get_by_role("button", name="Saya setuju"))


def sign_out(page: Page) -> None:
    press(page.get_by_role("link", name="Keluar"))
    press(page.get_by_role("button", name="Keluar"))


def remembered(page: Page) -> list:
    """All that the phone keeps for this site, as (key, value)."""
    return [(key, json.loads(value)) for key, value in json.loads(page.evaluate(KEPT))]


def profiles(page: Page) -> list[dict]:
    """Who has learned on this phone, without their numbers; there is nothing else."""
    [(key, found)] = remembered(page)
    assert key == "profil"
    assert all(isinstance(one.pop("owner"), int) for one in found)
    return found


# --- The first time ----------------------------------------------------------------------------------------------


def test_from_the_card_to_the_first_lesson(real_server, phone, newcomer):
    phone.goto(f"{real_server}/masuk/#{newcomer}")
    expect(phone.get_by_label("Kode kartu")).to_have_value(newcomer)
    assert phone.url == f"{real_server}/masuk/", "the code is not left in the phone's history"
    press(phone.get_by_role("link", name="Pertama kali? Buat PIN"))
    expect(phone.get_by_label("Kode kartu")).to_have_value(newcomer)
    type_pin(phone, NEW_PIN)
    type_pin(phone, NEW_PIN)  # the keys go on to the second field by themselves
    press(phone.get_by_role("button", name="Simpan dan masuk"))
    agree(phone)
    expect(phone.get_by_role("heading", name="Selamat datang, Kak Nia")).to_be_visible()


def test_who_tried_to_sign_in_before_she_had_a_pin_is_led_to_make_one_and_her_code_comes_along(
    real_server, phone, newcomer
):
    phone.goto(f"{real_server}/masuk/")
    phone.get_by_label("Kode kartu").fill(f"{newcomer[:4]} {newcomer[4:]}")
    type_pin(phone, NEW_PIN)
    press(phone.get_by_role("button", name="Masuk"))
    press(phone.get_by_role("link", name="Belum punya PIN? Buat dulu"))
    expect(phone.get_by_label("Kode kartu")).to_have_value(newcomer)
    assert phone.url == f"{real_server}/masuk/pertama/", "the code is not left in the phone's history"


def test_the_same_without_javascript(real_server, phone_without_js, newcomer):
    page = phone_without_js
    page.goto(f"{real_server}/masuk/#{newcomer}")
    press(page.get_by_role("link", name="Pertama kali? Buat PIN"))
    page.get_by_label("Kode kartu").fill(f"{newcomer[:4]} {newcomer[4:].lower()}")
    page.get_by_label("PIN baru").fill(NEW_PIN)
    page.get_by_label("Ulangi PIN").fill(NEW_PIN)
    press(page.get_by_role("button", name="Simpan dan masuk"))
    agree(page)
    expect(page.get_by_role("heading", name="Selamat datang, Kak Nia")).to_be_visible()
    sign_out(page)
    expect(page.get_by_label("Kode kartu")).to_be_visible()
    expect(page.get_by_role("button", name="Lihat PIN")).to_have_count(0)


def test_a_weak_pin_is_told_why_and_the_keys_are_there_for_another(real_server, phone, newcomer):
    """A8, as a learner sees it."""
    phone.goto(f"{real_server}/masuk/pertama/#{newcomer}")
    type_pin(phone, "123456")
    type_pin(phone, "123456")
    press(phone.get_by_role("button", name="Simpan dan masuk"))
    expect(phone.get_by_text("PIN ini berurutan. Pilih angka yang acak.")).to_be_visible()
    expect(phone.get_by_label("Kode kartu")).to_have_value(newcomer)
    type_pin(phone, NEW_PIN)
    expect(phone.get_by_label("PIN baru")).to_have_value(NEW_PIN)


def test_what_is_wrong_with_a_form_is_on_the_screen_and_its_field_in_focus(real_server, phone, newcomer):
    phone.goto(f"{real_server}/masuk/pertama/#{newcomer}")
    type_pin(phone, NEW_PIN)
    type_pin(phone, PIN)
    press(phone.get_by_role("button", name="Simpan dan masuk"))
    expect(phone.get_by_text("PIN kedua belum sama.")).to_be_in_viewport()
    expect(phone.get_by_label("PIN baru")).to_be_focused()  # both are to be written anew
    type_pin(phone, NEW_PIN + NEW_PIN)
    press(phone.get_by_role("button", name="Simpan dan masuk"))
    press(phone.get_by_role("button", name="Saya setuju"))
    expect(phone.get_by_text("Pilih umurnya dulu.")).to_be_in_viewport()
    expect(phone.get_by_role("group", name="Umur")).to_be_focused()


@pytest.mark.parametrize("width", [320, 360])
def test_a_pin_fits_the_phone_with_text_twice_as_large(real_server, phone, width):
    phone.set_viewport_size({"width": width, "height": 640})
    phone.context.new_cdp_session(phone).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    phone.goto(f"{real_server}/masuk/pertama/")
    expect(phone.get_by_role("button", name="Angka 1", exact=True)).to_be_visible()
    assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "36px"
    assert phone.evaluate("document.documentElement.scrollWidth") == width


# --- The keys ----------------------------------------------------------------------------------------------------


def test_the_keys_the_keyboard_and_the_dots_go_together(real_server, phone):
    phone.goto(f"{real_server}/masuk/pertama/")
    field, dots = phone.get_by_label("PIN baru"), phone.locator(".pin").first.locator(".dots .on")
    type_pin(phone, "27")
    field.click()
    phone.keyboard.press("4")
    expect(field).to_have_value("274")
    expect(dots).to_have_count(3)
    phone.get_by_role("button", name="Hapus").click()
    expect(field).to_have_value("27")
    expect(dots).to_have_count(2)
    expect(field).to_have_attribute("type", "password")
    phone.get_by_role("button", name="Lihat PIN").click()
    expect(field).to_have_attribute("type", "text")
    expect(phone.get_by_role("button", name="Lihat PIN", pressed=True)).to_be_visible()


def test_the_keys_say_how_many_digits_there_are(real_server, phone):
    """Who sees no dots hears it; the digits themselves are nobody else's to hear."""
    phone.goto(f"{real_server}/masuk/#SAR1PENA")
    type_pin(phone, "27")
    expect(phone.locator("pin-keys").get_by_role("status")).to_have_text("2 dari 6 angka")
    phone.get_by_role("button", name="Hapus", exact=True).click()
    expect(phone.locator("pin-keys").get_by_role("status")).to_have_text("1 dari 6 angka")


def test_a_pin_has_no_seventh_digit(real_server, phone):
    phone.goto(f"{real_server}/masuk/#SAR1PENA")
    type_pin(phone, "1234567")
    expect(phone.get_by_label("PIN", exact=True)).to_have_value("123456")


def test_staff_write_their_password_with_the_ordinary_keyboard(real_server, phone):
    phone.goto(f"{real_server}/masuk/")
    code, keys = phone.get_by_label("Kode kartu"), phone.get_by_role("button", name="Angka 1")
    code.fill("sar1 pena")
    expect(keys).to_be_visible()
    code.fill("rina.marlina")
    expect(keys).to_be_hidden()
    expect(phone.get_by_label("PIN", exact=True)).not_to_have_attribute("inputmode", "none")
    phone.get_by_label("PIN", exact=True).fill(PASSWORD)
    press(phone.get_by_role("button", name="Masuk"))
    assert phone.url == f"{real_server}/dampingan/"
    assert remembered(phone) == [], "the phone remembers learners, not staff"


# --- One phone, several learners ---------------------------------------------------------------------------------


@pytest.fixture
def family_phone(real_server, phone) -> Page:
    """A phone on which Bu Sari and then Pak Dedi have learned; nobody is signed in."""
    for code in (SARI, DEDI):
        sign_in_by_form(phone, real_server, code, PIN)
        sign_out(phone)
    return phone


def test_two_learners_switch_by_their_faces(family_phone):
    for name in ("Bu Sari", "Pak Dedi", "Bu Sari"):
        family_phone.get_by_role("button", name=name).click()
        expect(family_phone.get_by_label("Kode kartu")).to_be_hidden()
        type_pin(family_phone, PIN)
        press(family_phone.get_by_role("button", name="Masuk"))
        expect(family_phone.get_by_role("heading", name=f"Selamat datang, {name}")).to_be_visible()
        sign_out(family_phone)
    faces = family_phone.locator(".faces button")
    expect(faces).to_have_text(["Bu Sari", "Pak Dedi"])
    assert faces.first.locator("use").evaluate("use => use.getBoundingClientRect().width") > 30, "the face is drawn"


def test_the_phone_keeps_code_number_nickname_and_face_alone(family_phone):
    """P6: no phone number, and no PIN."""
    assert profiles(family_phone) == [
        {"code": "DED1PENA", "nickname": "Pak Dedi", "face": "bunga"},
        {"code": "SAR1PENA", "nickname": "Bu Sari", "face": "bunga"},
    ]


def test_signing_out_leaves_what_the_phone_keeps_but_not_the_pages(family_phone, real_server):
    """P7: work that waits would lie in the same storage."""
    family_phone.get_by_role("button", name="Bu Sari").click()
    type_pin(family_phone, PIN)
    press(family_phone.get_by_role("button", name="Masuk"))
    family_phone.evaluate("localStorage.setItem('antrean', '\"belum dikirim\"')")
    sign_out(family_phone)
    assert ("antrean", "belum dikirim") in remembered(family_phone)
    family_phone.go_back()
    family_phone.go_back()
    expect(family_phone.get_by_text("Selamat datang, Bu Sari")).to_have_count(0)


def test_a_wrong_pin_stays_with_the_face(family_phone):
    family_phone.get_by_role("button", name="Pak Dedi").click()
    type_pin(family_phone, "860427")
    press(family_phone.get_by_role("button", name="Masuk"))
    expect(family_phone.get_by_text("Kode kartu atau PIN belum tepat.")).to_be_visible()
    expect(family_phone.get_by_label("Kode kartu")).to_be_hidden()
    expect(family_phone.get_by_role("link", name="Belum punya PIN? Buat dulu")).to_be_hidden()  # this face has one
    type_pin(family_phone, PIN)
    press(family_phone.get_by_role("button", name="Masuk"))
    expect(family_phone.get_by_role("heading", name="Selamat datang, Pak Dedi")).to_be_visible()


def test_a_learner_is_taken_off_the_phone_after_being_asked_once(family_phone):
    family_phone.get_by_role("button", name="Bu Sari").click()
    yes = family_phone.get_by_role("button", name="Ya, hapus dari HP ini")
    expect(yes).to_be_hidden()
    family_phone.get_by_text("Hapus dari HP ini", exact=True).click()
    yes.click()
    expect(family_phone.locator(".faces button")).to_have_text(["Pak Dedi"])
    assert [one["code"] for _, all in remembered(family_phone) for one in all] == ["DED1PENA"]


def test_when_the_last_one_is_gone_the_card_is_asked_for(real_server, phone):
    sign_in(phone, real_server, SARI, PIN)
    sign_out(phone)
    phone.get_by_role("button", name="Bu Sari").click()
    phone.get_by_text("Hapus dari HP ini", exact=True).click()
    phone.get_by_role("button", name="Ya, hapus dari HP ini").click()
    expect(phone.get_by_label("Kode kartu")).to_be_visible()
    expect(phone.get_by_role("button", name="Ganti orang")).to_be_hidden()


def test_another_card_on_a_phone_that_knows_others(family_phone, real_server, newcomer):
    family_phone.goto(f"{real_server}/masuk/#{newcomer}")  # scanned in the same window
    expect(family_phone.get_by_label("Kode kartu")).to_have_value(newcomer)
    expect(family_phone.get_by_role("link", name="Pertama kali? Buat PIN")).to_be_visible()
    family_phone.get_by_role("button", name="Ganti orang").click()
    expect(family_phone.get_by_role("button", name="Pak Dedi")).to_be_visible()


def test_a_card_that_is_scanned_while_another_is_signed_in_says_so_and_its_code_goes(real_server, phone):
    sign_in_by_form(phone, real_server, SARI, PIN)
    still = phone.get_by_text("HP ini masih dipakai Bu Sari. Keluar dulu, lalu pindai kartunya lagi.")
    for code, told in ((SARI, 0), ("DED1PENA", 1)):
        phone.goto("about:blank")
        phone.goto(f"{real_server}/masuk/#{code}")
        phone.wait_for_url(f"{real_server}/belajar/")
        expect(still).to_have_count(told)


def test_whoever_goes_back_to_the_faces_is_where_they_are_asked_for(family_phone):
    family_phone.get_by_role("button", name="Bu Sari").press("Enter")
    family_phone.get_by_role("button", name="Ganti orang").press("Enter")
    asked = family_phone.get_by_role("heading", name="Siapa yang mau belajar?")
    expect(asked).to_be_focused()
    for name, where in (("Bu Sari", asked), ("Pak Dedi", family_phone.get_by_label("Kode kartu"))):
        family_phone.get_by_role("button", name=name).press("Enter")
        family_phone.locator("summary", has_text="Hapus dari HP ini").press("Enter")
        family_phone.get_by_role("button", name="Ya, hapus dari HP ini").press("Enter")
        expect(where).to_be_focused()


@pytest.mark.parametrize("kept", ["", "{", "null", '"x"', "{}", "[1]", '[{"code": 7}]'])
def test_a_phone_that_keeps_nonsense_asks_for_the_card(real_server, phone, kept):
    phone.goto(f"{real_server}/masuk/")
    phone.evaluate("kept => localStorage.setItem('profil', kept)", kept)
    sign_in_by_form(phone, real_server, SARI, PIN)
    expect(phone.get_by_role("heading", name="Selamat datang, Bu Sari")).to_be_visible()
    assert profiles(phone) == [{"code": "SAR1PENA", "nickname": "Bu Sari", "face": "bunga"}]


# --- Hearing -----------------------------------------------------------------------------------------------------


def test_without_an_indonesian_voice_nothing_offers_to_read(real_server, phone):
    phone.goto(f"{real_server}/masuk/pertama/")
    expect(phone.get_by_role("button", name="Lihat PIN")).to_be_visible()
    expect(phone.get_by_text("Dengarkan")).to_be_hidden()


def test_a_phone_with_an_indonesian_voice_reads_sentence_by_sentence(real_server, phone):
    phone.add_init_script(VOICE)
    phone.goto(f"{real_server}/masuk/pertama/")
    phone.get_by_role("button", name="Dengarkan").click()
    assert phone.evaluate("said")[:2] == [["id-ID", "Tulis kode kartu."], ["id-ID", "Lalu buat PIN enam angka."]]
    phone.get_by_role("button", name="Berhenti").click()
    expect(phone.get_by_role("button", name="Dengarkan")).to_be_visible()


# --- Looks -------------------------------------------------------------------------------------------------------


def test_the_sign_in_is_free_of_faults_in_all_its_states(family_phone, real_server):
    found = {"faces": faults(family_phone)}
    family_phone.get_by_role("button", name="Bu Sari").click()
    type_pin(family_phone, "27")
    family_phone.get_by_text("Hapus dari HP ini", exact=True).click()
    found["chosen"] = faults(family_phone)
    family_phone.get_by_role("button", name="Ganti orang").click()
    family_phone.get_by_role("button", name="Orang lain").click()
    found["other"] = faults(family_phone)
    family_phone.goto(f"{real_server}/masuk/pertama/")
    found["first"] = faults(family_phone)
    assert found == {name: [] for name in found}


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_the_cards_are_free_of_faults(real_server, request, device):
    page = request.getfixturevalue(device)
    sign_in(page, real_server, "rina.marlina", PASSWORD)
    found = {}
    for path in ("/dampingan/keluarga/1/kartu/", "/dampingan/kartu/", "/dampingan/kartu/?kelompok=1"):
        page.goto(real_server + path)
        found[path] = faults(page)
    assert found == {name: [] for name in found}


def test_eight_cards_and_one_more_take_two_sheets(real_server, browser):
    with new_page(browser, **PHONE) as page:
        sign_in(page, real_server, "rina.marlina", PASSWORD)
        page.goto(f"{real_server}/dampingan/kartu/?kelompok=1")
        page.evaluate(
            """() => {
                const sheet = document.querySelector(".sheet");
                while (sheet.children.length < 8) sheet.append(sheet.children[0].cloneNode(true));
                const second = sheet.cloneNode(false);
                second.append(sheet.children[0].cloneNode(true));
                sheet.after(second);
            }"""
        )
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2


def test_a_card_keeps_its_place_on_paper_however_long_the_name(real_server, browser):
    """The longest that the forms take: two names of sixty letters."""
    name = "SITI NURHALIZA KUSUMANINGRUM WULANDARI PRAMESWARI SASTRODIN" * 2
    with new_page(
        browser, **(PHONE | {"viewport": {"width": 733, "height": 1062}})
    ) as page:  # an A4 within its margins
        sign_in(page, real_server, "rina.marlina", PASSWORD)
        page.goto(f"{real_server}/dampingan/keluarga/1/kartu/")
        cards = page.evaluate(RENAME, name)
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == cards
        page.emulate_media(media="print")
        assert page.evaluate(SPILT) == []
        page.goto(f"{real_server}/dampingan/kartu/?kelompok=1")
        page.evaluate(RENAME, name)
        assert page.evaluate(SPILT) == []
