"""One question as a form: what it takes, and that it gives nothing away."""

import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from courses.numbers import parse_number
from quizzes.forms import question_form
from quizzes.models import Attempt, QuizPage
from quizzes.rules import Kind, is_possible, is_right
from tests import factories
from tests.properties import steady
from tests.quizzes.questions import KEYS, asked, choices, item

SEED = "benih"


def answer_to(question, *values: str, seed: str = SEED):
    """The form with ``values`` sent: the one field's, or one a place."""
    fields = list(question_form(question, seed).fields)
    data = QueryDict(mutable=True)
    if fields == ["answer"]:
        data.setlist("answer", values)
    else:
        data.update(zip(fields, values, strict=False))
    return question_form(question, seed, data=data)


def places_of(question, response, seed: str = SEED) -> list[str]:
    """What a learner sends to give ``response``."""
    order = question_form(question, seed).order
    return [str(order.index(id)) for id in response]


def html_of(question, seed: str = SEED, **given) -> str:
    form = question_form(question, seed, **given)
    return render_to_string(form.template_name, {"form": form, "asked": question})


# --- What it takes -----------------------------------------------------------------------------------------------

CHOSEN = [kind for kind in Kind if kind != Kind.NUMERIC]


@pytest.mark.parametrize("seed", ["benih", "lain", "1", "2", "3"])
@pytest.mark.parametrize("kind", CHOSEN)
def test_what_the_learner_chose_is_what_is_judged(kind, seed):
    question = asked(kind)
    form = answer_to(question, *places_of(question, KEYS[kind], seed), seed=seed)
    assert form.is_valid()
    assert form.message == ""
    assert is_possible(question.rule, form.response)
    assert is_right(question.rule, form.response)


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (Kind.SINGLE_CHOICE, [], "Pilih satu jawaban dulu."),
        (Kind.SINGLE_CHOICE, [""], "Pilih satu jawaban dulu."),
        (Kind.SINGLE_CHOICE, ["4"], "Pilih satu jawaban dulu."),
        (Kind.SINGLE_CHOICE, ["-1"], "Pilih satu jawaban dulu."),
        (Kind.SINGLE_CHOICE, ["id-of-b"], "Pilih satu jawaban dulu."),
        (Kind.TRUE_FALSE, [], "Pilih Benar atau Salah dulu."),
        (Kind.TRUE_FALSE, ["benar"], "Pilih Benar atau Salah dulu."),
        (Kind.TRUE_FALSE, ["2"], "Pilih Benar atau Salah dulu."),
        (Kind.MULTI_SELECT, [], "Pilih satu jawaban atau lebih."),
        (Kind.MULTI_SELECT, ["0", "9"], "Pilih satu jawaban atau lebih."),
        (Kind.MULTI_SELECT, ["id-of-b"], "Pilih satu jawaban atau lebih."),
        (Kind.ORDERING, [], "Isi semua urutan dulu."),
        (Kind.ORDERING, ["0", "", "1"], "Isi semua urutan dulu."),
        (Kind.ORDERING, ["0", "1"], "Isi semua urutan dulu."),
        (Kind.ORDERING, ["0", "1", "7"], "Isi semua urutan dulu."),
        (Kind.ORDERING, ["0", "1", "1"], "Ada isi yang dipakai dua kali. Pakai tiap isi sekali saja."),
        (Kind.MATCHING, ["0", "1", ""], "Pasangkan semuanya dulu."),
        (Kind.MATCHING, ["0", "0", "0"], "Ada pasangan yang dipakai dua kali. Pakai tiap pasangan sekali saja."),
        (Kind.NUMERIC, [], "Tulis angkanya dulu."),
        (Kind.NUMERIC, [" "], "Tulis angkanya dulu."),
        (Kind.NUMERIC, ["banyak"], "Tulis angka saja, misalnya 7.500."),
        (Kind.NUMERIC, ["sekitar 7rb"], "Tulis angka saja, misalnya 7.500."),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(kind, values, message):
    question = asked(kind)
    form = answer_to(question, *values)
    assert not form.is_valid()
    assert form.message == message
    assert message in html_of(question, data=form.data)


def test_a_number_of_things_gets_its_own_example():
    form = answer_to(asked(Kind.NUMERIC, unit="bungkus"), "banyak")
    assert form.message == "Tulis angka saja, misalnya 12."


def test_a_very_long_number_is_refused():
    assert not answer_to(asked(Kind.NUMERIC), "1" * 61).is_valid()


@pytest.mark.parametrize("text", ["7500", "7.500", "Rp7.500", "7,5rb", "Rp 7.500,00", "7500 rupiah"])
def test_all_spellings_of_a_number_are_one_answer(text):
    form = answer_to(asked(Kind.NUMERIC), text)
    assert form.is_valid()
    assert form.response == ("7500",)


@given(st.text("0123456789.,-Rprbjt ", max_size=16))
@steady
def test_a_number_is_judged_as_it_was_read(text):
    """The response is read once more when it is judged."""
    form = answer_to(asked(Kind.NUMERIC), text)
    if form.is_valid():
        assert parse_number(form.response[0]) == form.cleaned_data["answer"]


def test_several_choices_are_one_answer_in_whatever_order_they_are_sent():
    question = asked(Kind.MULTI_SELECT)
    one, other = answer_to(question, "0", "2"), answer_to(question, "2", "0")
    assert one.is_valid()
    assert other.is_valid()
    assert one.response == other.response


# --- An earlier answer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CHOSEN)
def test_an_earlier_answer_is_shown(kind):
    question = asked(kind)
    response = factories.wrong(question)
    html = html_of(question, response=response)
    chosen = re.findall(r'value="(\d+)"[^>]*? (?:checked|selected)', html)
    assert sorted(chosen) == sorted(places_of(question, response))
    assert " checked" not in html_of(question)


@pytest.mark.parametrize(("response", "shown"), [("7500", "7500"), ("0.5", "0,5")])
def test_an_earlier_number_is_shown_as_it_is_written_here(response, shown):
    assert f'value="{shown}"' in html_of(asked(Kind.NUMERIC), response=(response,))


@pytest.mark.parametrize(("unit", "keyboard"), [("rupiah", "text"), ("kg", "decimal"), ("", "decimal")])
def test_the_keyboard_fits_the_number(unit, keyboard):
    """«7rb» needs letters."""
    assert f'inputmode="{keyboard}"' in html_of(asked(Kind.NUMERIC, unit=unit))


# --- Orders ------------------------------------------------------------------------------------------------------


def shown_order(html: str) -> list[str]:
    return re.findall(r"(?:Pilihan|Langkah|Kanan) (\w)", html)


@pytest.mark.parametrize("kind", [Kind.SINGLE_CHOICE, Kind.MULTI_SELECT, Kind.ORDERING, Kind.MATCHING])
def test_options_stand_in_another_order_in_another_attempt(kind):
    orders = {tuple(shown_order(html_of(asked(kind), seed=f"percobaan-{number}"))) for number in range(20)}
    assert len(orders) > 1


@pytest.mark.parametrize("kind", Kind)
def test_options_stand_in_the_same_order_each_time_in_one_attempt(kind):
    assert html_of(asked(kind)) == html_of(asked(kind))


def test_what_is_to_be_put_in_order_is_never_shown_in_order():
    for number in range(40):
        assert shown_order(html_of(asked(Kind.ORDERING), seed=str(number)))[:3] != ["a", "b", "c"]


def test_true_stands_before_false():
    assert html_of(asked(Kind.TRUE_FALSE)).index("Benar") < html_of(asked(Kind.TRUE_FALSE)).index("Salah")


# --- Nothing given away ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.SINGLE_CHOICE, choices("a"), choices("d")),
        (Kind.MULTI_SELECT, choices("ab"), choices("bcd")),
        (Kind.TRUE_FALSE, {"correct": True}, {"correct": False}),
        (Kind.NUMERIC, {"answer": "7500", "tolerance": "0"}, {"answer": "3", "tolerance": "2"}),
    ],
)
def test_the_page_is_the_same_whatever_is_right(kind, one, other):
    for seed in ("1", "2", "3"):
        assert html_of(asked(kind, **one), seed) == html_of(asked(kind, **other), seed)


def test_the_sides_of_a_pair_say_nothing_of_each_other():
    """The right-hand options stand in the same order whichever left-hand word each belongs to."""

    def question(rights: str):
        sides = zip("xyz", rights, strict=True)
        pairs = [item(right, {"left": f"Kiri {left}", "right": f"Kanan {right}"}) for left, right in sides]
        return asked(Kind.MATCHING, pairs=pairs)

    for seed in ("1", "2", "3"):
        assert html_of(question("abc"), seed) == html_of(question("cab"), seed)


@pytest.mark.parametrize("kind", Kind)
def test_the_page_names_no_id_and_explains_nothing_yet(kind):
    question = asked(kind)
    for html in (html_of(question), html_of(question, response=KEYS[kind]), html_of(question, data=QueryDict())):
        assert "id-of-" not in html
        assert question.id not in html
        assert "Penjelasannya" not in html
        assert "correct" not in html


@pytest.mark.django_db
def test_no_question_that_comes_with_the_product_gives_itself_away():
    for quiz in QuizPage.objects.all():
        for question in quiz.asked:
            html = html_of(question)
            secrets = {question.id, *question.rule.options, *question.rule.targets} - {"benar", "salah"}
            assert not [secret for secret in secrets if secret in html], question.value["question"]
            assert question.value["explanation"] not in html
            values = set(re.findall(r'value="([^"]*)"', html))
            assert all(value == "" or value.isdigit() for value in values), question.value["question"]


@pytest.mark.django_db
def test_the_pages_of_an_attempt_give_nothing_away(client):
    sari = factories.learner(pin=None)
    client.force_login(sari.user)
    attempt = Attempt.objects.begin(sari, factories.quiz(), factories.module().translation_key)
    for number in range(1, len(attempt.asked) + 1):
        html = client.get(reverse("learn:question", args=[attempt.pk, number])).content.decode()
        assert f"Soal {number} dari" in html
        for other in attempt.asked:
            secrets = {other.id, *other.rule.options, *other.rule.targets} - {"benar", "salah"}
            assert not [secret for secret in secrets if secret in html]
            assert other.value["explanation"] not in html
