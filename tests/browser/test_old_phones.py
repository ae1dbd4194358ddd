"""Phones whose browser is not updated any more: Chromium 80, as near as one of today comes to it."""

import re

import pytest
from playwright.sync_api import expect

from lms.settings import BASE_DIR

from .chromium import OLD
from .door import sign_in
from .learner import press
from .test_import import PASSWORD
from .test_import import send as bring_in

SCRIPTS = sorted((BASE_DIR / "static" / "js").glob("*.js"))
# ?? and ?. came with 80 itself; the others later, and cost the whole file.
TOO_NEW = re.compile(
    r"(?:\|\||&&|\?\?)=|static \{|\.at\(|\.replaceAll\(|Object\.hasOwn|structuredClone|randomUUID|findLast|toSorted"
)

# What Safari before 14 lacks; some iPhones end with 12.
OLD_SAFARI = """
    delete self.BroadcastChannel;
    EventTarget = class { constructor() { throw new TypeError("Illegal constructor"); } };
"""

# And what Safari before 15.4 lacks, and before 16.
NO_REQUEST_SUBMIT = "delete HTMLFormElement.prototype.requestSubmit; delete SubmitEvent.prototype.submitter;"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_an_old_browser_can_read_every_script(phone, script):
    """Awaited outside a function: Chromium before 89 reads no line of such a file. Nor does Function."""
    text = re.sub(r"^(?:import .*$|export )", "", script.read_text(), flags=re.M)
    assert TOO_NEW.findall(text) == []
    assert phone.evaluate("text => Boolean(new Function(text))", text)


def test_an_old_browser_saves_a_module_and_shows_what_is_on_the_phone(real_server, phone):
    phone.add_init_script(OLD)
    sign_in(phone, real_server, "WAT1PENA", "274951")
    phone.goto(f"{real_server}/modul/kemasan/")
    phone.get_by_text("Tulisan saja").check()
    phone.get_by_role("button", name="Unduh dulu").click()
    expect(phone.get_by_text("Tersimpan di HP")).to_be_visible()
    phone.goto(f"{real_server}/luring/")
    expect(phone.get_by_role("link", name="Kemasan")).to_be_visible()
    phone.goto(f"{real_server}/belajar/kiriman/")
    expect(phone.get_by_text("Tidak ada yang menunggu.")).to_be_visible()


def test_an_old_iphone_is_told_who_learns_on_it_and_shows_what_waits(real_server, phone):
    phone.add_init_script(OLD_SAFARI)
    sign_in(phone, real_server, "WAT1PENA", "274951")
    phone.wait_for_function("outbox.current().then((now) => now && now.key)")
    phone.goto(f"{real_server}/belajar/kiriman/")
    expect(phone.get_by_text("Tidak ada yang menunggu.")).to_be_visible()


def test_an_old_iphone_notes_that_whatsapp_was_opened(server, phone):
    phone.add_init_script(NO_REQUEST_SUBMIT)
    phone.context.route("https://wa.me/**", lambda route: route.fulfill(body=""))
    sign_in(phone, server.base_url, "rina.marlina", PASSWORD)
    press(phone.get_by_role("link", name="Pesan ke Keluarga Nur Aini"))
    phone.get_by_role("link", name="Buka WhatsApp").click()
    expect(phone.get_by_text("Dicatat: pesan untuk Keluarga Nur Aini.")).to_be_visible()


def test_an_old_iphone_ends_a_recording_by_the_button_that_sends_it(server, phone):
    phone.add_init_script(NO_REQUEST_SUBMIT)
    sign_in(phone, server.base_url, "rina.marlina", PASSWORD)
    phone.goto(f"{server.base_url}/dampingan/keluarga/")
    press(phone.get_by_role("link", name="Keluarga Dedi Kurnia"))
    phone.get_by_label("Modul", exact=True).select_option(label="Video Produk dengan HP")
    phone.get_by_text("Kata dengan suara").click()
    phone.get_by_role("button", name="Rekam suara").click()
    phone.wait_for_function("() => /5[0-8] detik/.test(document.querySelector('record-voice').innerText)")
    phone.get_by_role("button", name="Tugaskan modul").click()
    expect(phone.get_by_text("Video Produk dengan HP ditugaskan ke 1 keluarga.")).to_be_visible()


def test_an_old_browser_goes_on_with_a_long_list_by_itself(server, phone):
    phone.add_init_script(NO_REQUEST_SUBMIT)
    bring_in(phone, server.base_url, "L")
    expect(phone.get_by_role("heading", name="Periksa dulu")).to_be_visible(timeout=30_000)
