"""Questions as files tell them: one of each kind, and any that there can be."""

from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

from quizzes.formats.excel import EXAMPLES
from quizzes.formats.questions import ImportedQuestion, tidy
from quizzes.rules import Kind

ONE_OF_EACH = [replace(example, reference=f"nomor-{place}") for place, example in enumerate(EXAMPLES, 1)]


def upload(name: str, content: bytes | str) -> SimpleUploadedFile:
    """A file as an editor sends it."""
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def of_kind(kind: Kind, **changes) -> ImportedQuestion:
    return replace(next(one for one in ONE_OF_EACH if one.kind == kind), **changes)


def without_line(question: ImportedQuestion) -> ImportedQuestion:
    return replace(question, line=0)


# --- Any question, in the words that we keep: hostile ones too ----------------------------------------------------

NASTY = [
    "=1+1",
    "'=1",
    "{T}",
    "::a::",
    "a -> b",
    "%50%x",
    "[html]<b>",
    "#5",
    "\\n",
    "\\",
    "A. B",
    "// x",
    "<p>&amp;",
    "T",
]
texts = (st.text(min_size=1, max_size=40) | st.sampled_from(NASTY)).map(tidy).filter(bool)
lines = texts.map(lambda text: " ".join(text.split()))
numbers = st.decimals(-99_999, 99_999, places=3, allow_nan=False).map(lambda number: number.normalize() + 0)
tolerances = numbers.map(abs)


@st.composite
def _answers(draw, kind: Kind) -> dict:
    match kind:
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            found = draw(st.lists(texts, min_size=3, max_size=6, unique=True))
            right = 1 if kind == Kind.SINGLE_CHOICE else draw(st.integers(2, len(found) - 1))
            marks = draw(st.permutations([place < right for place in range(len(found))]))
            return {"choices": tuple(zip(found, marks, strict=True))}
        case Kind.TRUE_FALSE:
            return {"is_true": draw(st.booleans())}
        case Kind.ORDERING:
            return {"items": tuple(draw(st.lists(texts, min_size=3, max_size=6, unique=True)))}
        case Kind.MATCHING:
            rights = draw(st.lists(lines, min_size=2, max_size=6, unique=True))
            return {"pairs": tuple((draw(texts), right) for right in rights)}
        case Kind.NUMERIC:
            return {"answer": draw(numbers), "tolerance": draw(tolerances), "unit": draw(st.sampled_from(["", "gram"]))}


@st.composite
def questions(draw, kind: Kind | None = None) -> ImportedQuestion:
    kind = kind or draw(st.sampled_from(Kind))
    return ImportedQuestion(
        line=0,
        kind=kind,
        question=draw(texts),
        reference=str(draw(st.uuids())),
        explanation=draw(texts | st.just("")),
        lesson=draw(lines | st.just("")),
        **draw(_answers(kind)),
    )
