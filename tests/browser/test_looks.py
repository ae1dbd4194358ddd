"""Every screen, as it looks to a person who cannot see it well, on a small phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .door import sign_in
from .learner import press

LEARNER, COMPANION, COORDINATOR = (
    ("SAR1PENA", "274951"),
    ("rina.marlina", "belajar-bersama"),
    ("hadi.santoso", "belajar-bersama"),
)
SCREENS = [
    (None, "/"),
    (None, "/masuk/"),
    (None, "/modul/"),
    (None, "/modul/merek/"),
    (None, "/modul/merek/melindungi-merek/"),
    (None, "/modul/literasi-keuangan/hpp-dan-harga-jual/"),
    (None, "/tidak-ada/"),
    (LEARNER, "/belajar/"),
    (LEARNER, "/modul/merek/"),
    (LEARNER, "/modul/merek/memilih-nama/"),
    (LEARNER, "/modul/merek/kuis/"),
    (LEARNER, "/modul/pengenalan-motivasi/kuis/"),
    (LEARNER, "/dampingan/"),
    (LEARNER, "/keluar/"),
    (LEARNER, "/akun/ganti-pin/"),
    (LEARNER, "/belajar/data/"),
    (LEARNER, "/belajar/kiriman/"),
    (LEARNER, "/luring/"),
    (COMPANION, "/dampingan/"),
    (COMPANION, "/dampingan/keluarga/"),
    (COMPANION, "/dampingan/keluarga/4/"),
    (COMPANION, "/dampingan/keluarga/4/pesan/?perihal=diam-7"),
    (COMPANION, "/dampingan/keluarga/4/kunjungan/"),
    (COMPANION, "/dampingan/keluarga/4/data/"),
    (COMPANION, "/dampingan/keluarga/4/riwayat/"),
    (COMPANION, "/dampingan/keluarga/baru/"),
    (COMPANION, "/dampingan/tugaskan/"),
    (COMPANION, "/dampingan/praktik/"),
    (COMPANION, "/dampingan/pertemuan/"),
    (COMPANION, "/dampingan/pertemuan/baru/"),
    (COMPANION, "/dampingan/rekap/"),
    (COMPANION, "/dampingan/materi/"),
    (COMPANION, "/dampingan/lembar/merek/"),
    (COMPANION, "/dampingan/modul/merek/"),
    (COORDINATOR, "/laporan/"),
    (COORDINATOR, "/laporan/?wilayah=36.71&bulan=lain"),
]
# The words of buttons, links and answers that stand on more than one line each.
BROKEN = """() => [...document.querySelectorAll(".btn, .link, .choice > span, .cek summary")].flatMap((one) => {
    const found = [], walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (walk.nextNode())
        for (const word of walk.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(walk.currentNode, word.index);
            range.setEnd(walk.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.push(word[0]);
        }
    return found;
})"""
EDGE = "(one) => getComputedStyle(one).borderTopColor"
BY_PERSON = {}
for person, path in SCREENS:
    BY_PERSON.setdefault(person, []).append(path)


def faults(page) -> list[str]:
    """What axe finds, and whether the page is wider than the phone or has a target too small for a thumb."""
    found = [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    found += page.evaluate(
        """() => [...document.querySelectorAll("button, .btn, select, input:not([type=hidden]), summary, .foot a")]
            .filter((e) => e.offsetParent && !e.closest("label.choice"))
            .map((e) => [e, e.getBoundingClientRect()])
            .filter(([, r]) => r.height < 47.5 || r.width < 47.5)
            .map(([e, r]) => `target ${Math.round(r.width)}x${Math.round(r.height)}: ${e.outerHTML.slice(0, 80)}`)"""
    )
    return found


@pytest.mark.parametrize("person", BY_PERSON, ids=lambda person: person[0] if person else "visitor")
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_every_screen_is_free_of_faults(real_server, request, person, device):
    page = request.getfixturevalue(device)
    if person:
        sign_in(page, real_server, *person)
    found = {}
    for path in BY_PERSON[person]:
        page.goto(real_server + path)
        if mistakes := faults(page):
            found[path] = mistakes
    assert found == {}


def test_every_kind_of_question_and_the_result_are_free_of_faults(real_server, phone):
    sign_in(phone, real_server, *LEARNER)
    phone.goto(f"{real_server}/modul/pengenalan-motivasi/kuis/")
    press(phone.locator("main button.main"))
    found = {}
    for _ in range(20):
        if "/hasil/" in phone.url:
            break
        kind = phone.locator("form").get_attribute("data-kind")
        if mistakes := faults(phone) + phone.evaluate(BROKEN):
            found[kind] = mistakes
        if phone.locator("#id_answer").count():
            phone.locator("#id_answer").fill("1")
        for group in phone.locator("match-pairs fieldset, fieldset:not(:has(match-pairs)):not(:has(order-list))").all():
            if group.locator("label.choice").count():
                group.locator("label.choice").first.click()
        for place, group in enumerate(phone.locator("match-pairs fieldset").all()):
            group.locator("label.choice").nth(place).click()
        press(phone.locator("button.main"))
    assert "/hasil/" in phone.url
    assert found | {"result": faults(phone) + phone.evaluate(BROKEN)} == {"result": []}


def test_a_lesson_can_be_finished_with_the_keyboard_alone(real_server, phone):
    sign_in(phone, real_server, *LEARNER)
    phone.goto(f"{real_server}/modul/kemasan/guna-kemasan/")
    for _ in range(60):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.innerText").strip() == "Sudah paham":
            break
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.get_by_text("1 dari 6 pelajaran selesai").count() == 1


@pytest.mark.parametrize(
    ("person", "paths"),
    [
        (LEARNER, ("/belajar/", "/modul/merek/", "/modul/merek/memilih-nama/", "/belajar/data/hapus/")),
        (COMPANION, ("/dampingan/", "/dampingan/tugaskan/")),
    ],
    ids=["learner", "companion"],
)
def test_text_twice_as_large_keeps_the_words_of_buttons_and_answers_whole(real_server, phone, person, paths):
    sign_in(phone, real_server, *person)
    found = {}
    for path in paths:
        phone.goto(real_server + path)
        phone.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = phone.evaluate("document.documentElement.scrollWidth")
        found[path] = [*phone.evaluate(BROKEN), *(["scrolls sideways"] if wide > 360 else [])]
    assert found == {path: [] for path in paths}


@pytest.mark.parametrize("width", [360, 640, 1280])
def test_the_name_of_a_face_stands_in_one_piece(real_server, phone, width):
    sign_in(phone, real_server, *LEARNER)
    phone.set_viewport_size({"width": width, "height": 640})
    phone.goto(f"{real_server}/belajar/data/perbaiki/")
    assert phone.evaluate(BROKEN) == []


def test_a_sentence_for_a_practice_is_not_written_beneath_its_verdicts(real_server, phone):
    sign_in(phone, real_server, *COMPANION)
    phone.goto(f"{real_server}/dampingan/praktik/")
    press(phone.get_by_role("link", name="Cek sekarang").first)
    hidden = {}
    for name in ("praise", "suggestion"):
        while phone.evaluate("document.activeElement.name") != name:
            phone.keyboard.press("Tab")
        field, bar = phone.locator(f"[name={name}]").bounding_box(), phone.locator(".verdict").bounding_box()
        hidden[name] = max(0, field["y"] + field["height"] - bar["y"])
    assert hidden == {"praise": 0, "suggestion": 0}


def test_a_phrase_that_was_tapped_is_told_apart_where_the_phone_sets_the_colours(real_server, phone):
    sign_in(phone, real_server, *COMPANION)
    phone.emulate_media(forced_colors="active")
    phone.goto(f"{real_server}/dampingan/praktik/")
    press(phone.get_by_role("link", name="Cek sekarang").first)
    phone.locator("label.tap").first.click()
    tapped, other = [phone.locator(".tap span").nth(n).evaluate(EDGE) for n in (0, 1)]
    assert tapped != other


def test_text_twice_as_large_keeps_both_verdicts_on_the_screen(real_server, phone):
    sign_in(phone, real_server, *COMPANION)
    phone.goto(f"{real_server}/dampingan/praktik/")
    press(phone.get_by_role("link", name="Cek sekarang").first)
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    boxes = [phone.get_by_role("button", name=name).bounding_box() for name in ("Perlu diperbaiki", "Sudah benar")]
    assert [box["x"] + box["width"] <= 360 for box in boxes] == [True, True]


def test_the_recorder_of_an_answer_does_not_stand_beneath_its_verdicts(real_server, phone):
    sign_in(phone, real_server, *COMPANION)
    phone.goto(f"{real_server}/dampingan/praktik/")
    press(phone.get_by_role("link", name="Cek sekarang").first)
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    phone.get_by_text("Jawab dengan suara").press("Enter")
    phone.keyboard.press("Tab")
    recorder, bar = phone.get_by_role("button", name="Rekam suara"), phone.locator(".verdict")
    expect(recorder).to_be_focused()
    box = recorder.bounding_box()
    assert box["y"] + box["height"] <= bar.bounding_box()["y"]


def test_a_report_does_not_scroll_sideways_for_a_long_name(real_server, phone):
    sign_in(phone, real_server, *COORDINATOR)
    phone.goto(f"{real_server}/laporan/?wilayah=36.71")
    phone.locator(".figures tbody th").first.evaluate("(name) => name.prepend('Sitikhodijahnurlaila'.repeat(3))")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


def test_a_report_shows_all_its_columns_on_a_desk(real_server, desktop):
    sign_in(desktop, real_server, *COORDINATOR)
    desktop.goto(f"{real_server}/laporan/")
    hidden = "(tables) => tables.map((table) => table.scrollWidth - table.clientWidth)"
    assert desktop.locator(".figures").evaluate_all(hidden) == [0, 0]


def test_a_short_and_a_long_name_begin_at_the_same_height_of_their_cards(real_server, phone):
    sign_in(phone, real_server, *COMPANION)
    phone.goto(f"{real_server}/dampingan/keluarga/")
    heights = phone.locator(".card h2 .link").evaluate_all(
        """(links) => links.map((link) => {
            const words = document.createRange();
            words.selectNodeContents(link);
            const lines = [...words.getClientRects()].map(({ top }) => top);
            return [lines.length, Math.round(lines[0] - link.closest(".card").getBoundingClientRect().top)];
        })"""
    )
    assert {lines for lines, _ in heights} == {1, 2}
    assert len({height for _, height in heights}) == 1, heights


def test_the_lines_of_an_answer_begin_beneath_each_other(real_server, phone):
    sign_in(phone, real_server, *LEARNER)
    phone.goto(f"{real_server}/modul/pengenalan-motivasi/kuis/")
    press(phone.get_by_role("link", name="Lihat jawaban"))
    edges = phone.locator(".answer p:has(br)").evaluate_all(
        """(answers) => answers.map((answer) => [...answer.childNodes]
            .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
            .map((node) => {
                const words = document.createRange();
                words.selectNodeContents(node);
                return Math.round([...words.getClientRects()].find(({ width }) => width > 5).left);
            }))"""
    )
    assert edges
    assert [lefts for lefts in edges if len(set(lefts)) > 1] == []


@pytest.mark.parametrize("path", ["/dampingan/", "/dampingan/keluarga/", "/dampingan/pelajar/1/"])
def test_a_companions_buttons_end_where_the_others_do_on_a_phone(real_server, phone, path):
    sign_in(phone, real_server, *COMPANION)
    phone.goto(real_server + path)
    short = phone.locator(".line:not(.apart) > .btn, .card > form > .btn").evaluate_all(
        """(buttons) => buttons.filter((button) => {
            const edge = (one) => one.getBoundingClientRect();
            const after = button.nextElementSibling;
            const is_last = !after || edge(after).top > edge(button).top;
            return is_last && edge(button.parentElement).right - edge(button).right > 1;
        }).map((button) => button.innerText.trim())"""
    )
    assert short == []


def test_what_can_be_done_for_two_families_stands_at_one_height_on_a_desk(real_server, desktop):
    sign_in(desktop, real_server, *COMPANION)
    desktop.goto(f"{real_server}/dampingan/")
    rows = desktop.locator(".grid:has(> .card + .card)").evaluate_all(
        """(lists) => lists.map((list) => [...list.querySelectorAll(".pair")].slice(0, 2)
            .map((pair) => Math.round(pair.getBoundingClientRect().bottom)))"""
    )
    assert rows
    assert [row for row in rows if len(set(row)) > 1] == []


def test_a_field_that_was_filled_in_wrongly_is_marked(server, phone):
    phone.goto(f"{server.base_url}/masuk/")
    phone.locator("input[name=login]").fill("SAR1PENB")
    phone.locator("input[name=password]").fill("111222")
    with phone.expect_navigation():
        phone.locator("input[name=password]").press("Enter")
    expect(phone.locator("input[name=login]")).to_have_css("border-top-width", "3px")
