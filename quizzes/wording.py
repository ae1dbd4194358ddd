"""A response in words, as the result shows it back to the learner."""

from decimal import Decimal

from courses.numbers import number_words

from .models import AskedQuestion
from .rules import TRUE, Kind, Response


def words(question: AskedQuestion, response: Response) -> list[str]:
    """The lines that say ``response`` (or the question's key) to a person."""
    value = question.value
    match question.rule.kind:
        case Kind.TRUE_FALSE:
            return ["Benar" if response == (TRUE,) else "Salah"]
        case Kind.NUMERIC:
            return [number_words(Decimal(number), value["unit"]) for number in response]
        case Kind.ORDERING:
            texts = {item.id: item.value for item in value["items"].bound_blocks}
            return [f"{place}. {texts[id]}" for place, id in enumerate(response, start=1)]
        case Kind.MATCHING:
            pairs = {pair.id: pair.value for pair in value["pairs"].bound_blocks}
            return [
                f"{pairs[left]['left']}: {pairs[right]['right']}"
                for left, right in zip(question.rule.options, response, strict=True)
            ]
        case _:
            texts = {choice.id: choice.value["text"] for choice in value["choices"].bound_blocks}
            return [texts[id] for id in response]
