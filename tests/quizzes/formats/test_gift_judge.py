"""Two readers of the same GIFT files agree: ours, and gift-pegjs of others, whose word scripts/judge_gift.mjs keeps
beside each file. ``kita.gift`` is what we wrote, ``moodle.gift`` what Moodle's own page on the format describes."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from quizzes.formats import gift
from quizzes.formats.markup import as_text
from quizzes.formats.questions import ImportedQuestion, Refused, number, tidy
from quizzes.rules import Kind

from .questions import NASTY, ONE_OF_EACH, of_kind

FOLDER = Path(__file__).parent / "gift"
NAMES = sorted(path.stem for path in FOLDER.glob("*.gift"))

# All that GIFT holds: one of each kind, and texts that a writer must escape as questions, choices and pairs.
ANY = [
    *ONE_OF_EACH,
    *(
        of_kind(Kind.SINGLE_CHOICE, reference=f"n-{place}", question=f"{text}?", choices=((text, True), ("b", False)))
        for place, text in enumerate(NASTY)
    ),
    *(
        of_kind(Kind.MATCHING, reference=f"p-{place}", pairs=((text, "satu"), ("b", f"dua {text}")))
        for place, text in enumerate(NASTY)
    ),
]
OURS = [question for question in ANY if not gift.holds(question)]


def text(judged: dict | None) -> str:
    return as_text(judged["text"], judged["format"]) if judged else ""


def decoded(right_side: str) -> str:
    """gift-pegjs 1.0.2 forgets to turn its own marks for escaped characters back there: ``&&061;`` is ``\\=``."""
    return tidy(re.sub(r"&&([0-9]{3});", lambda mark: chr(int(mark[1])), right_side))


def worth(choice: dict) -> float:
    return 100 if choice["isCorrect"] else choice["weight"] or 0


def answer(judged: dict) -> dict:
    """The judge's answer in our terms."""
    match judged["type"]:
        case "MC":
            single = any(choice["isCorrect"] for choice in judged["choices"])
            return {
                "kind": Kind.SINGLE_CHOICE if single else Kind.MULTI_SELECT,
                "choices": tuple((text(choice["text"]), worth(choice) > 0) for choice in judged["choices"]),
            }
        case "TF":
            return {"kind": Kind.TRUE_FALSE, "is_true": judged["isTrue"]}
        case "Matching":
            pairs = ((text(pair["subquestion"]), decoded(pair["subanswer"])) for pair in judged["matchPairs"])
            return {"kind": Kind.MATCHING, "pairs": tuple(pairs)}
        case "Numerical":
            one = judged["choices"]
            if one["type"] == "high-low":
                low, high = number(str(one["numberLow"])), number(str(one["numberHigh"]))
                return {"kind": Kind.NUMERIC, "answer": (low + high) / 2, "tolerance": (high - low) / 2}
            tolerance = number(str(one.get("range", 0)))
            return {"kind": Kind.NUMERIC, "answer": number(str(one["number"])), "tolerance": tolerance}


def agreed(judged: dict, ours: ImportedQuestion | Refused) -> bool:
    if judged["type"] in ("Short", "Essay"):
        return isinstance(ours, Refused)
    expected = ImportedQuestion(
        line=ours.line, question=text(judged["stem"]), reference=judged["id"] or judged["title"] or "", **answer(judged)
    )
    # Which feedback explains, and what a tag means, is for us to say.
    return replace(ours, explanation="", lesson="", unit="", remark="") == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_outside_parser_and_ours_agree_on_every_question(name):
    judged = json.loads((FOLDER / f"{name}.json").read_text())
    judged = [one for one in judged if one["type"] != "Category"]
    ours = list(gift.parse((FOLDER / f"{name}.gift").read_text()))
    assert len(ours) == len(judged) > 10
    assert [(one, entry) for one, entry in zip(judged, ours, strict=True) if not agreed(one, entry)] == []


def test_the_file_that_was_judged_is_what_we_write_today():
    """Else: write it anew, and let scripts/judge_gift.mjs judge it again."""
    assert (FOLDER / "kita.gift").read_text() == gift.write(OURS)


def test_the_judge_found_our_explanations_too():
    judged = json.loads((FOLDER / "kita.json").read_text())
    assert [text(one["globalFeedback"]) for one in judged] == [question.explanation for question in OURS]
