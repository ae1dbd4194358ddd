"""What a set of items must come to, whatever way they came: written from docs/offline.md, apart from the server's code,
and compared with what the database holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from quizzes.models import QuizPage
from tests import factories as make
from tests.learn.phone import Phone, answers_to, paper_of

Query = Callable[[str], list[tuple]]


@dataclass
class State:
    """What one learner has. Keys and ids are hexadecimal digits, without dashes."""

    lessons: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)  # module keys
    attempts: dict[str, bool] = field(default_factory=dict)  # whether passed, by id
    waiting: set[str] = field(default_factory=set)
    summaries: set[tuple] = field(default_factory=set)  # (module key, open, passed)
    ledger: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Content:
    """One module, as this fold needs it."""

    key: str
    quiz: QuizPage
    lessons: dict[str, object]  # pages by key
    needs: tuple[str, ...]  # the modules that must be done first


def content_of(*slugs: str) -> dict[str, Content]:
    """Modules by key. What each needs must be among them."""
    found = {}
    for slug in slugs:
        module = make.module(slug)
        lessons = {hexed(lesson.translation_key): lesson for lesson in make.lessons(slug)}
        needs = tuple(hexed(row.module.translation_key) for row in module.prerequisites.all())
        found[hexed(module.translation_key)] = Content(hexed(module.translation_key), make.quiz(slug), lessons, needs)
    return found


def possible_work(
    phone: Phone, learner, content: dict[str, Content], *, copies: int = 1
) -> tuple[list[dict], set[str]]:
    """Items of all that a learner can do: each lesson ``copies`` times, each quiz once rightly and once wrongly; and
    the ids of the attempts that are right."""
    items, passes = [], set()
    for module in content.values():
        items += [phone.lesson(lesson) for lesson in module.lessons.values() for _ in range(copies)]
        paper = paper_of(learner, module.quiz)
        for right in (0, None):
            item = phone.quiz(paper, answers_to(paper, module.quiz, right=right))
            items.append(item)
            passes |= {hexed(item["id"])} if right is None else set()
    return items, passes


def fold(items: Iterable[dict], passes: set[str], content: dict[str, Content]) -> State:
    """What ``items`` come to; ``passes`` are the ids of those attempts that are right."""
    state = State()
    attempts: dict[str, str] = {}
    quizzes = {hexed(module.quiz.translation_key): key for key, module in content.items()}
    for item in items:
        state.ledger.add(hexed(item["id"]))
        if item["kind"] == "lesson":
            state.lessons.add(hexed(item["work"]["lesson"]))
        else:
            attempts[hexed(item["id"])] = quizzes[hexed(item["work"]["quiz"])]
    passed: set[str] = set()
    for _ in content:  # each round may open what the one before it has passed
        state.opened |= {
            key
            for key, module in content.items()
            if module.lessons.keys() <= state.lessons and set(module.needs) <= passed
        }
        state.attempts = {id: id in passes for id, module in attempts.items() if module in state.opened}
        passed = {attempts[id] for id, is_right in state.attempts.items() if is_right}
    state.waiting = attempts.keys() - state.attempts.keys()
    for key, module in content.items():
        if module.lessons.keys() & state.lessons:
            state.summaries.add((key, key in state.opened, key in passed))
    return state


def stored(learner_id: int, query: Query) -> State:
    """What the database holds of a learner. Fails where a fact is there twice."""

    def rows(columns: str, table: str) -> list[tuple]:
        return query(f"SELECT {columns} FROM {table} WHERE learner_id = {int(learner_id)}")  # noqa: S608

    lessons = [hexed(key) for (key,) in rows("lesson_key", "progress_lessoncompletion")]
    opened = [hexed(key) for (key,) in rows("module_key", "progress_quizopening")]
    assert len(lessons) == len(set(lessons))
    assert len(opened) == len(set(opened))
    ledger = query(
        "SELECT id FROM learn_sentwork WHERE user_id = "  # noqa: S608
        f"(SELECT user_id FROM people_learner WHERE id = {int(learner_id)})"
    )
    return State(
        lessons=set(lessons),
        opened=set(opened),
        attempts={hexed(id): bool(passed) for id, passed in rows("id, passed", "quizzes_attempt")},
        waiting={hexed(id) for (id,) in rows("id", "quizzes_waitingattempt")},
        summaries={
            (hexed(key), opened_at is not None, passed_at is not None)
            for key, opened_at, passed_at in rows("module_key, quiz_opened_at, passed_at", "progress_moduleprogress")
        },
        ledger={hexed(id) for (id,) in ledger},
    )


def hexed(key: object) -> str:
    """A UUID as SQLite stores it, whatever it came as."""
    return str(key).replace("-", "").lower()
