"""The quiz of a module that was taken along, without a signal."""

import pytest
from playwright.sync_api import expect

from .learner import answer, key_of, press
from .telephone import (
    DEDI,
    SARI,
    TELL_IN_JAVANESE,
    UNDERSTAND_ALL,
    WANT_A_PRACTICE,
    WATI,
    Telephone,
    first_lesson,
    meanwhile,
    save_module,
    sign_out,
    understand,
)

FIND_IT_RIGHT = "make.feedback(make.practised(person, 'riset-pasar'), Companion.objects.first())"
# Hands in an attempt without an answer at the quiz of a module on this phone.
FAIL = """
    async (url) => {
        const { owner } = await outbox.current();
        const module = (await outbox.notes("module:")).find((one) => one.url === url);
        const { quiz, revision, draws } = await outbox.noted(`paper:${owner}:${module.quiz}`);
        await outbox.add(owner, "quiz", { quiz, revision, draw: 0, answers: {} }, module.title);
    }
"""
# Answers the one quiz on this phone, up to the first question of a kind.
ANSWER_UNTIL = """
    async (end) => {
        const { owner } = await outbox.current();
        const [{ quiz, revision, draws, questions }] = await outbox.notes(`paper:${owner}:`);
        const answers = {};
        for (const wanted of draws[0]) {
            const { id, kind, labels } = questions.find((one) => one.id === wanted);
            if (kind === end) break;
            answers[id] = labels.length ? labels.map((_, place) => String(place)) : ["0"];
        }
        await outbox.note(`attempt:${owner}:${quiz}`, { id: outbox.newId(), revision, draw: 0, answers });
    }
"""


def test_a_quiz_taken_without_a_signal_is_judged_when_it_arrives(telephone):
    page, key = telephone.page, key_of("02-merek.yaml")
    telephone.sign_in(SARI)
    save_module(telephone, "merek")
    telephone.signal(False)
    first_lesson(telephone, "merek")
    for _ in range(5):
        understand(telephone)
    press(page.get_by_role("link", name="Kerjakan kuis"))
    heading = page.locator("phone-quiz form h1")
    expect(heading).to_be_visible()
    while heading.count():
        question = heading.inner_text().strip()
        answer(page, key[question], right=True, javascript=True)
        page.locator("button.main").click()
        expect(page.locator("phone-quiz h1")).not_to_have_text(question)
    expect(page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()].count("quiz") == 1
    telephone.signal(True)
    telephone.until("async () => !(await outbox.all('waiting')).length")
    telephone.go("/belajar/")
    expect(page.get_by_role("link", name="Pandai Merek")).to_be_visible()


def test_what_opens_a_quiz_on_the_server_opens_it_on_the_phone_that_had_saved_it_before(telephone):
    page, opens = telephone.page, telephone.page.get_by_role("link", name="Kerjakan kuis")
    telephone.sign_in(WATI)
    save_module(telephone, "kemasan")
    meanwhile(telephone, "Wati", "make.finished(person, 'pengenalan-motivasi'); make.read(person, 'kemasan')")
    telephone.go("/modul/kemasan/")
    expect(opens).to_be_visible()
    expect(page.locator(".mark.good")).to_have_count(page.locator(".mark").count())
    telephone.signal(False)
    telephone.go("/modul/kemasan/")
    press(opens)
    expect(page.locator("phone-quiz form h1")).to_be_visible()


def test_a_quiz_that_was_passed_is_not_asked_for_again_by_the_module_on_the_phone(telephone):
    page = telephone.page
    meanwhile(telephone, "Sari", "make.finished(person, 'pengenalan-motivasi')")
    telephone.sign_in(SARI)
    save_module(telephone, "pengenalan-motivasi")
    telephone.signal(False)
    telephone.go("/modul/pengenalan-motivasi/")
    expect(page.get_by_text("Kuis sudah lulus.")).to_be_visible()
    expect(page.get_by_role("link", name="Kerjakan kuis")).to_have_count(0)
    expect(page.locator(".actions a.main")).to_have_text("Kembali ke Belajar")


def test_a_locked_quiz_on_the_phone_leads_back_to_its_module(telephone):
    telephone.sign_in(DEDI)
    save_module(telephone, "foto-produk")
    telephone.signal(False)
    telephone.go("/modul/foto-produk/kuis/")
    expect(telephone.page.get_by_role("heading", name="Kuis masih terkunci")).to_be_visible()
    press(telephone.page.get_by_role("link", name="Kembali ke modul"))
    expect(telephone.page.get_by_role("heading", name="Foto Produk")).to_be_visible()


def test_a_module_that_was_taken_in_another_language_leads_to_its_quiz(telephone):
    heading = telephone.page.get_by_role("heading", name="Kuis masih terkunci")
    telephone.sign_in(DEDI)
    meanwhile(telephone, "Dedi", TELL_IN_JAVANESE)
    save_module(telephone, "pemasaran-digital", "/jv")
    telephone.signal(False)
    for address in ("/modul/pemasaran-digital/kuis/", "/jv/modul/pemasaran-digital/kuis/"):
        telephone.go(address)
        expect(heading).to_be_visible()
    press(telephone.page.get_by_role("link", name="Kembali ke modul"))
    assert telephone.page.url.endswith("/jv/modul/pemasaran-digital/")


def test_a_quiz_that_arrived_and_was_failed_opens_the_next_one_no_more(telephone):
    page, opens = telephone.page, telephone.page.get_by_role("link", name="Kerjakan kuis")
    meanwhile(telephone, "Sari", "make.read(person, 'foto-produk'); make.read(person, 'videografi')")
    telephone.sign_in(SARI)
    save_module(telephone, "foto-produk")
    save_module(telephone, "videografi")
    telephone.signal(False)
    page.evaluate(FAIL, "/modul/foto-produk/")
    telephone.go("/modul/videografi/")
    expect(opens).to_be_visible()
    [row] = telephone.waiting()
    telephone.signal(True)
    telephone.wait_until_sent(row)
    telephone.go("/modul/videografi/")
    expect(page.get_by_text("Terkunci. Selesaikan 1 modul lagi")).to_be_visible()


@pytest.mark.parametrize("saver", [None, DEDI], ids=["a visitor", "another"])
def test_what_somebody_else_saved_leads_whoever_signs_in_to_her_own_quiz(telephone, saver):
    page = telephone.page
    if saver:
        telephone.sign_in(saver)
    save_module(telephone, "merek")
    if saver:
        sign_out(telephone)
    telephone.sign_in(WATI)
    telephone.signal(False)
    telephone.go("/modul/merek/")
    press(page.get_by_role("link", name="Buka kuis"))
    expect(page.get_by_role("heading", name="Kuis ini belum ada di HP")).to_be_visible()
    telephone.signal(True)
    telephone.go("/modul/merek/")
    expect(page.get_by_text("Terkunci. Selesaikan")).to_be_visible()


def test_a_quiz_that_wants_a_practice_opens_on_the_phone_only_when_that_was_found_right(telephone):
    page = telephone.page
    meanwhile(telephone, "Sari", WANT_A_PRACTICE)
    telephone.sign_in(SARI)
    save_module(telephone, "riset-pasar")
    page.evaluate(UNDERSTAND_ALL)
    telephone.signal(False)
    telephone.go("/modul/riset-pasar/")
    expect(page.get_by_text("Kuis terbuka setelah satu praktik dijawab «Sudah benar».")).to_be_visible()
    meanwhile(telephone, "Sari", FIND_IT_RIGHT)
    telephone.signal(True)
    telephone.go("/modul/riset-pasar/")
    expect(page.get_by_role("link", name="Kerjakan kuis")).to_be_visible()


def test_a_quiz_left_in_the_middle_is_gone_on_with_where_no_lesson_before_it_is_done_any_more(telephone):
    """A meeting had brought them all, and was taken back."""
    telephone.sign_in(DEDI)
    save_module(telephone, "foto-produk")
    telephone.page.evaluate(ANSWER_UNTIL, "the end")
    telephone.go("/modul/foto-produk/")
    press(telephone.page.get_by_role("link", name="Lanjutkan kuis"))
    expect(telephone.page.get_by_role("button", name="Selesai")).to_be_visible()


def answer_until(telephone: Telephone, end: str) -> None:
    """Without a signal, to a question of that kind, or to the last one."""
    telephone.sign_in(SARI)
    save_module(telephone, "foto-produk")
    telephone.page.evaluate(UNDERSTAND_ALL)
    telephone.page.evaluate(ANSWER_UNTIL, end)
    telephone.signal(False)
    telephone.go("/modul/foto-produk/")
    expect(telephone.page.get_by_role("link", name="Lanjutkan kuis")).to_be_visible()
    telephone.go("/belajar/")
    press(telephone.page.get_by_role("link", name="Lanjutkan Kuis: "))


def test_two_taps_on_the_last_button_hand_in_one_attempt(telephone):
    answer_until(telephone, "the end")
    telephone.page.get_by_role("button", name="Selesai").evaluate("(it) => { it.click(); it.click(); }")
    expect(telephone.page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()].count("quiz") == 1


def test_a_quiz_that_has_arrived_leads_to_its_result(telephone):
    """From where it was handed in, and from its module afterwards: both are this phone's own pages."""
    page = telephone.page
    answer_until(telephone, "the end")
    page.get_by_role("button", name="Selesai").click()
    expect(page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    telephone.signal(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    press(page.get_by_role("link", name="Lihat nilai"))
    expect(page.get_by_role("heading", name="Jawaban tadi")).to_be_visible()
    telephone.go("/modul/foto-produk/")
    press(page.get_by_role("link", name="Lihat nilai terakhir"))
    expect(page.get_by_role("heading", name="Jawaban tadi")).to_be_visible()


def test_whoever_hands_in_a_quiz_is_at_what_is_said_then(telephone):
    answer_until(telephone, "the end")
    telephone.page.get_by_role("button", name="Selesai").press("Enter")
    expect(telephone.page.get_by_role("heading", name="Selesai")).to_be_focused()


def test_a_partner_that_is_taken_twice_is_said_before_the_next_question(telephone):
    answer_until(telephone, "matching")
    pairs = telephone.page.locator("match-pairs fieldset")
    expect(pairs.first).to_be_visible()  # only then are all of them there to be counted
    for pair in pairs.all():
        pair.locator("label").first.click()
    telephone.page.locator("button.main").click()
    expect(telephone.page.get_by_text("Ada pasangan yang dipakai dua kali.")).to_be_visible()
    expect(telephone.page.locator("match-pairs")).to_be_visible()


def test_what_was_missing_is_said_no_more_at_the_next_question(telephone):
    answer_until(telephone, "matching")
    page, missing = telephone.page, telephone.page.get_by_text("Pilih atau tulis jawaban dulu.")
    page.locator("button.main").click()
    expect(missing).to_be_visible()
    for place, pair in enumerate(page.locator("match-pairs fieldset").all()):
        pair.locator("label").nth(place).click()
    page.locator("button.main").click()
    expect(page.locator("match-pairs")).to_have_count(0)
    expect(missing).to_have_count(0)


def test_the_way_back_to_a_question_that_wanted_an_answer_asks_it_anew(telephone):
    page = telephone.page
    telephone.sign_in(SARI)
    telephone.go("/modul/pengenalan-motivasi/kuis/")
    press(page.locator("main button.main"))
    key = key_of("01-pengenalan-motivasi.yaml")
    while key[first := page.locator("h1").inner_text()]["type"] == "ordering":  # any order is an answer
        press(page.get_by_role("button", name="Lanjut"))
    press(page.get_by_role("button", name="Lanjut"))  # without an answer
    answer(page, key[first], right=True, javascript=True)
    press(page.get_by_role("button", name="Lanjut"))
    page.go_back()
    expect(page.get_by_role("heading", name=first)).to_be_visible()


def test_a_quiz_that_another_page_has_handed_in_can_be_taken_once_more(telephone):
    answer_until(telephone, "the end")
    first = telephone.page
    heading = first.locator("phone-quiz form h1")
    expect(heading).to_be_visible()
    # On the other page, the same attempt at the same question.
    second = telephone.context.new_page()
    second.goto(first.url)
    expect(second.locator("phone-quiz form h1")).to_be_visible()
    for page in (first, second):
        page.get_by_role("button", name="Selesai").click()
        expect(page.get_by_text("Tersimpan di HP. Nilai keluar setelah terkirim.")).to_be_visible()
    assert [row["item"]["kind"] for row in telephone.waiting()].count("quiz") == 1
    first.reload()
    expect(first.get_by_text("Soal 1 dari")).to_be_visible()
