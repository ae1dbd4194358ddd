"""One question as a form. Values are places in the shuffled list, never ids: the page tells nothing about the key."""

from collections.abc import Sequence

from django import forms

from courses.numbers import parse_number

from .models import AskedQuestion
from .rules import TRUE, Kind, Response, shuffled, shuffled_apart


def question_form(question: AskedQuestion, seed: str, *, data=None, response: Response | None = None) -> "AnswerForm":
    """The form of ``question``, its options shuffled by ``seed``; ``response`` is an earlier answer to show."""
    return FORMS[question.rule.kind](question, seed, data=data, response=response)


class AnswerForm(forms.Form):
    """Once valid, ``response`` is what the rules judge."""

    def __init__(self, question: AskedQuestion, seed: str, *, data=None, response: Response | None = None):
        super().__init__(data, use_required_attribute=False)
        self.question = question
        self.seed = f"{seed}:{question.id}"
        self.earlier = response
        self.build()

    def build(self) -> None:
        raise NotImplementedError

    @property
    def response(self) -> Response:
        raise NotImplementedError

    @property
    def choices(self) -> list[str]:
        """The texts to choose from, in the order in which the answer counts their places."""
        field = next(iter(self.fields.values()))
        return [text for place, text in getattr(field, "choices", []) if place]

    @property
    def labels(self) -> list[str]:
        """What each place of the answer is for, where there are several."""
        return []

    def named(self, texts: Sequence[str]) -> dict[str, object]:
        """What the form's page would send for an answer of these ``texts``, one a field."""
        return dict(zip(self.fields, texts, strict=True)) if len(texts) == len(self.fields) else {}

    @property
    def message(self) -> str:
        """The first thing to mend, in words; empty where there is none."""
        return next((error for errors in self.errors.values() for error in errors), "")


class SingleChoiceForm(AnswerForm):
    template_name = "quizzes/questions/choices.html"
    error = "Pilih satu jawaban dulu."

    def build(self):
        self.texts = {choice.id: choice.value["text"] for choice in self.question.value["choices"].bound_blocks}
        self.order = shuffled(self.question.rule.options, self.seed)
        self.add_field()

    def add_field(self):
        self.fields["answer"] = forms.ChoiceField(
            choices=[(str(place), self.texts[id]) for place, id in enumerate(self.order)],
            widget=forms.RadioSelect,
            error_messages={"required": self.error, "invalid_choice": self.error},
            initial=str(self.order.index(self.earlier[0])) if self.earlier else None,
        )

    @property
    def response(self):
        return (self.order[int(self.cleaned_data["answer"])],)


class TrueFalseForm(SingleChoiceForm):
    error = "Pilih Benar atau Salah dulu."

    def build(self):
        self.order = list(self.question.rule.options)
        self.texts = {id: "Benar" if id == TRUE else "Salah" for id in self.order}
        self.add_field()


class MultiSelectForm(SingleChoiceForm):
    error = "Pilih satu jawaban atau lebih."

    def add_field(self):
        self.fields["answer"] = forms.MultipleChoiceField(
            choices=[(str(place), self.texts[id]) for place, id in enumerate(self.order)],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": self.error, "invalid_choice": self.error},
            initial=[str(self.order.index(id)) for id in self.earlier or ()],
        )

    def named(self, texts):
        return {"answer": list(texts)}

    @property
    def response(self):
        return tuple(sorted(self.order[int(place)] for place in self.cleaned_data["answer"]))


class PlacesForm(AnswerForm):
    """One select a place: what comes here? Each option is used once."""

    empty = ""
    twice = ""

    def add_fields(self, labels: list[str], order: list[str], texts: dict[str, str]):
        self.order = order
        choices = [("", "Pilih…"), *((str(place), texts[id]) for place, id in enumerate(order))]
        for number, label in enumerate(labels):
            self.fields[f"place_{number}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                error_messages={"required": self.empty, "invalid_choice": self.empty},
                initial=str(order.index(self.earlier[number])) if self.earlier else None,
            )

    def clean(self):
        places = list(self.cleaned_data.values())
        if not self.errors and len(set(places)) < len(places):
            raise forms.ValidationError(self.twice)
        return self.cleaned_data

    @property
    def labels(self):
        return [field.label for field in self.fields.values()]

    @property
    def response(self):
        return tuple(self.order[int(self.cleaned_data[name])] for name in self.fields)


class OrderingForm(PlacesForm):
    template_name = "quizzes/questions/ordering.html"
    empty = "Isi semua urutan dulu."
    twice = "Ada isi yang dipakai dua kali. Pakai tiap isi sekali saja."

    def build(self):
        texts = {item.id: item.value for item in self.question.value["items"].bound_blocks}
        order = shuffled_apart(self.question.rule.options, self.seed)
        self.add_fields([f"Urutan {number}" for number in range(1, len(order) + 1)], order, texts)


class MatchingForm(PlacesForm):
    template_name = "quizzes/questions/matching.html"
    empty = "Pasangkan semuanya dulu."
    twice = "Ada pasangan yang dipakai dua kali. Pakai tiap pasangan sekali saja."

    def build(self):
        pairs = {pair.id: pair.value for pair in self.question.value["pairs"].bound_blocks}
        self.add_fields(
            [pairs[id]["left"] for id in self.question.rule.options],
            shuffled(self.question.rule.targets, self.seed),
            {id: pair["right"] for id, pair in pairs.items()},
        )


class NumericForm(AnswerForm):
    template_name = "quizzes/questions/numeric.html"

    def build(self):
        self.unit = self.question.value["unit"]
        self.fields["answer"] = forms.CharField(
            label="Jawaban",
            max_length=60,
            widget=forms.TextInput(attrs={"inputmode": "text" if self.unit == "rupiah" else "decimal"}),
            error_messages={"required": "Tulis angkanya dulu."},
            initial=self.earlier[0].replace(".", ",") if self.earlier else None,
        )

    def clean_answer(self):
        number = parse_number(self.cleaned_data["answer"], self.unit)
        if number is None:
            example = "7.500" if self.unit == "rupiah" else "12"
            raise forms.ValidationError(f"Tulis angka saja, misalnya {example}.")
        return number

    @property
    def response(self):
        return (format(self.cleaned_data["answer"].normalize(), "f"),)


FORMS = {
    Kind.SINGLE_CHOICE: SingleChoiceForm,
    Kind.MULTI_SELECT: MultiSelectForm,
    Kind.TRUE_FALSE: TrueFalseForm,
    Kind.ORDERING: OrderingForm,
    Kind.MATCHING: MatchingForm,
    Kind.NUMERIC: NumericForm,
}
