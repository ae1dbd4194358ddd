"""An editor records in the page, and learners listen; where nobody recorded, the phone says numbers as people do."""

import pytest
from lokal import terbilang
from playwright.sync_api import Page, expect

from .door import sign_in
from .learner import answer, key_of, press
from .telephone import SARI, save_module
from .test_desk import PASSWORD, choose, open_form, record_lesson

LESSON = "/modul/merek/memilih-nama/"
SAID = {
    "Modalnya Rp15.000.": "Modalnya lima belas ribu rupiah.",
    "Rp1.250.500": "satu juta dua ratus lima puluh ribu lima ratus rupiah",
    "Rp7,5 juta": "tujuh koma lima juta rupiah",
    "Rp100rb": "seratus ribu rupiah",
    "Rp5.000–Rp10.000": "lima ribu rupiah sampai sepuluh ribu rupiah",
    "Rp5.000 + Rp2.000 = Rp7.000": "lima ribu rupiah tambah dua ribu rupiah sama dengan tujuh ribu rupiah",
    "22 November 2026": "dua puluh dua November dua ribu dua puluh enam",
    "1 Agu 2026": "satu Agustus dua ribu dua puluh enam",
    "30/11/2026": "tiga puluh November dua ribu dua puluh enam",
    "99/99/2026": "sembilan puluh sembilan per sembilan puluh sembilan per dua ribu dua puluh enam",
    "per November 2026": "per November dua ribu dua puluh enam",
    "10.00 WIB": "sepuluh WIB",
    "Dikirim 1 Des 2026, 14.05.": "Dikirim satu Desember dua ribu dua puluh enam, pukul empat belas lewat lima.",
    "Pukul 07.30": "Pukul tujuh lewat tiga puluh",
    "12.500 dan 0,3 %": "dua belas ribu lima ratus dan nol koma tiga persen",
    "3–4 kali": "tiga sampai empat kali",
    "250 g atau 1,5 kg": "dua ratus lima puluh gram atau satu koma lima kilogram",
    "20 × 30 cm": "dua puluh kali tiga puluh sentimeter",
    "1/2 gelas": "satu per dua gelas",
    "0812-3456-789": "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan",
    "Nama pendek. Mudah diingat!": "Nama pendek. Mudah diingat!",
}


# Chromium on a server has no voices. What each says is noted, with its language.
VOICES = """window.heard = [];
Object.defineProperty(window, "SpeechSynthesisUtterance", { value: class extends EventTarget {
    constructor(text) { super(); this.text = text; } } });
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
    getVoices: () => %s.map((lang) => ({ lang })), speak: (one) => heard.push([one.voice.lang, one.lang, one.text]),
    cancel() {} }) });"""


def said(page: Page, texts: list[str]) -> list[str]:
    script = """async (texts) => {
        const on_page = document.querySelector("script[src*='js/read-aloud']");
        const { spoken } = await import(on_page ? on_page.src : "/static/js/read-aloud.js");
        return texts.map(spoken);
    }"""
    return page.evaluate(script, texts)


def test_numbers_money_and_dates_are_said_as_people_say_them(real_server, phone):
    phone.goto(f"{real_server}/luring/")
    assert dict(zip(SAID, said(phone, list(SAID)), strict=True)) == SAID
    numbers = [*range(0, 2100, 7), *range(999, 1_200_000, 9_973), 10**6, 10**9, 2 * 10**12 + 11_000]
    written = [f"{number:,}".replace(",", ".") for number in numbers]
    assert said(phone, written) == [terbilang(number) for number in numbers], "as another program says them"


def test_a_phone_without_an_indonesian_voice_shows_no_button_and_one_with_it_reads_the_lesson(real_server, phone):
    phone.goto(f"{real_server}{LESSON}")
    expect(phone.locator("read-aloud")).to_be_hidden()
    phone.add_init_script(VOICES % ["id-ID"])
    phone.reload()
    phone.get_by_role("button", name="Dengarkan").click()
    expect(phone.get_by_role("button", name="Berhenti")).to_be_visible()
    heard = phone.evaluate("heard.map(([voice, lang, text]) => text).join(' ')")
    assert "Memilih nama" in heard and "Praktik di rumah" in heard
    for silent in ("Berhenti", "Sudah paham", "Belum tepat", "Masuk"):
        assert silent not in heard, heard


def listen(page: Page) -> str:
    page.evaluate("heard.length = 0")
    page.get_by_role("button", name="Dengarkan").click()
    return page.evaluate("heard.map(([voice, lang, text]) => text).join(' ')")


def options_of(page: Page) -> list[str]:
    return page.locator(".choice > span, match-pairs legend, order-list li p").all_inner_texts()


def test_a_phone_reads_each_question_with_all_that_can_be_chosen_and_then_why(real_server, phone):
    key = key_of("01-pengenalan-motivasi.yaml")
    phone.add_init_script(VOICES % ["id-ID"])
    sign_in(phone, real_server, "SAR1PENA", "274951")
    phone.goto(f"{real_server}/modul/pengenalan-motivasi/kuis/")
    press(phone.locator("main button.main"))
    kinds = set()
    while "/soal/" in phone.url:
        question = key[phone.locator("h1").inner_text()]
        kinds.add(question["type"])
        heard = listen(phone)
        for text in said(phone, [question["question"], *options_of(phone)]):
            assert text in heard, heard
        for button in ("Lanjut", "Kembali", "Nanti saja"):
            assert button not in heard, heard
        answer(phone, question, right=False, javascript=True)
        press(phone.locator("main button.main"))
    assert len(kinds) > 1
    heard = listen(phone)
    explanations = said(phone, [one["explanation"] for one in key.values()])
    assert sum(text in heard for text in explanations) > 1, heard


def test_a_phone_falls_silent_as_a_quiz_without_a_signal_comes_to_its_next_question(telephone):
    page, key = telephone.page, key_of("01-pengenalan-motivasi.yaml")
    page.add_init_script(VOICES % ["id-ID"])
    telephone.sign_in(SARI)
    save_module(telephone, "pengenalan-motivasi")
    telephone.signal(False)
    telephone.go("/modul/pengenalan-motivasi/kuis/")
    question = page.locator("phone-quiz form h1").inner_text()
    heard = listen(page)
    assert all(text in heard for text in said(page, [question, *options_of(page)])), heard
    expect(page.get_by_role("button", name="Berhenti")).to_be_visible()
    answer(page, key[question], right=True, javascript=True)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_role("button", name="Dengarkan")).to_be_visible()


@pytest.mark.parametrize(
    ("voices", "heard"),
    [
        (["en-US", "id-ID"], ("id-ID", "id-ID")),
        (["id_ID", "su_ID", "jv_ID"], ("jv_ID", "jv-ID")),
        (["in", "jw"], ("jw", "jv-ID")),
    ],
    ids=["none of its own", "its own", "old codes"],
)
def test_what_is_told_in_javanese_is_read_in_the_phones_own_voice_of_it(real_server, phone, voices, heard):
    phone.add_init_script(VOICES % voices)
    phone.goto(f"{real_server}{LESSON}")
    phone.evaluate("document.querySelector('article').lang = 'jv'")
    phone.evaluate(
        "document.querySelector('article h1').insertAdjacentHTML('afterend', '<p>Regane Rp15.000. Tuku!</p>')"
    )
    phone.get_by_role("button", name="Dengarkan").click()
    by_text = {text: (voice, lang) for voice, lang, text in phone.evaluate("heard")}
    assert by_text["Memilih nama"] == by_text["Tuku!"] == heard
    price = "Regane lima belas ribu rupiah." if heard[1] == "id-ID" else "Regane Rp15.000."
    assert by_text[price] == heard, "a voice has words of its own for numbers"
    indonesian = next(voice for voice in voices if voice.startswith("i"))
    assert by_text["Inti"] == by_text["enam menit"] == (indonesian, "id-ID"), "our own words"


def test_an_editor_records_a_lesson_and_a_learner_hears_it_where_she_stopped(real_server, desktop, phone):
    sign_in(desktop, real_server, "maya.peninjau", PASSWORD)
    open_form(desktop, real_server, "Memilih nama")
    record_lesson(desktop)
    choose(desktop, "Terbitkan")
    expect(desktop.get_by_text("«Memilih nama» sudah terbit")).to_be_visible()

    phone.goto(f"{real_server}{LESSON}")
    expect(phone.locator("audio")).to_be_hidden()
    # A busy phone tells the time of a recording late. Here it never does.
    phone.evaluate("() => addEventListener('timeupdate', (told) => told.stopImmediatePropagation(), true)")
    phone.get_by_role("button", name="Dengarkan").click()
    expect(phone.get_by_role("button", name="Berhenti")).to_be_visible()
    phone.wait_for_function("() => document.querySelector('audio').currentTime > 1.1")
    phone.get_by_role("button", name="Berhenti").click()
    phone.get_by_role("button", name="Laju: biasa").click()

    phone.reload()
    expect(phone.get_by_role("button", name="Laju: cepat")).to_be_visible()
    phone.get_by_role("button", name="Lanjut dengarkan").click()
    phone.wait_for_function("() => document.querySelector('audio').currentTime > 1")
    assert phone.locator("audio").evaluate("(audio) => audio.playbackRate") == 1.2
    expect(phone.get_by_role("button", name="Dengarkan lagi")).to_be_visible()  # it has come to its end


def test_a_companion_says_her_word_and_it_goes_with_the_module(real_server, phone):
    sign_in(phone, real_server, "rina.marlina", PASSWORD)
    phone.goto(f"{real_server}/dampingan/keluarga/")
    phone.get_by_role("link", name="Keluarga Dedi Kurnia").click()
    phone.get_by_label("Modul", exact=True).select_option(label="Video Produk dengan HP")
    phone.get_by_text("Kata dengan suara").click()
    phone.get_by_role("button", name="Rekam suara").click()
    phone.wait_for_function("() => /5[0-8] detik/.test(document.querySelector('record-voice').innerText)")
    phone.get_by_role("button", name="Tugaskan modul").click()  # the recording ends by itself
    expect(phone.get_by_text("Video Produk dengan HP ditugaskan ke 1 keluarga.")).to_be_visible()
    expect(phone.get_by_role("listitem").filter(has_text="Video Produk dengan HP").locator("audio")).to_be_visible()
