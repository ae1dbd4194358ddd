"""What a screen leaves on paper: what can be read there, and nothing that could only be pressed."""

import pytest

from .door import sign_in

LEARNER, COMPANION, COORDINATOR = (
    ("SAR1PENA", "274951"),
    ("rina.marlina", "belajar-bersama"),
    ("hadi.santoso", "belajar-bersama"),
)
# What stands on the paper of those that a selector finds.
PRINTED = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility({ contentVisibilityAuto: true })).map(one => one.innerText.trim())"""
# The members of lists that may begin on one page and end on the next.
CUT = """() => [...document.querySelectorAll("main li, main tr")]
    .filter(one => getComputedStyle(one).breakInside !== "avoid").map(one => one.innerText.trim())"""


def on_paper(page, server, who, path):
    sign_in(page, server.base_url, *who)
    page.emulate_media(media="print")
    page.goto(server.base_url + path)
    return page


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (LEARNER, "/modul/merek/kenapa-perlu-merek/"),
        (LEARNER, "/belajar/data/"),
        (COMPANION, "/dampingan/keluarga/"),
        (COMPANION, "/dampingan/keluarga/1/"),
        (COMPANION, "/dampingan/rekap/"),
        (COORDINATOR, "/laporan/"),
    ],
)
def test_no_button_is_printed(server, desktop, who, path):
    page = on_paper(desktop, server, who, path)
    assert page.locator("main .btn").count() > 0
    assert page.evaluate(PRINTED, ".btn:not(summary)") == []


@pytest.mark.parametrize(
    ("who", "path"), [(LEARNER, "/belajar/data/"), (COMPANION, "/dampingan/keluarga/"), (COORDINATOR, "/laporan/")]
)
def test_no_line_is_cut_in_two_by_the_end_of_a_page(server, desktop, who, path):
    assert on_paper(desktop, server, who, path).evaluate(CUT) == []


def test_her_data_is_printed_whole(server, desktop):
    """What a tap shows on the screen no tap shows on paper."""
    page = on_paper(desktop, server, LEARNER, "/belajar/data/")
    assert "Apa itu PENA?" in " ".join(page.evaluate(PRINTED, "details li"))
    assert [words for words in page.evaluate(PRINTED, "summary") if words.endswith("pelajaran selesai")]


@pytest.mark.parametrize(
    ("who", "path"),
    [(COMPANION, "/dampingan/rekap/"), (COMPANION, "/dampingan/keluarga/"), (COORDINATOR, "/laporan/")],
)
def test_of_a_list_or_a_report_no_field_is_printed(server, desktop, who, path):
    page = on_paper(desktop, server, who, path)
    assert page.locator("main :is(select, textarea)").count() > 0
    assert page.evaluate(PRINTED, "main :is(input, select, textarea)") == []
