"""Phones whose browser is not updated any more: Chromium 80, as near as one of today comes to it."""

import re

import pytest
from playwright.sync_api import expect

from lms.settings import BASE_DIR

from .chromium import OLD
from .door import sign_in

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
