"""A crowd to measure with: as many learners as asked, with what they have done, as rows by table. Nothing is stored
here; ``manage.py make_people`` writes it.

Who has done what depends on a learner's number and the day alone. What follows from what (an opening after the lessons,
a badge after the quiz, the summaries) is as the verbs would leave it; ``rebuild_progress --check`` agrees.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Max, Model
from django.utils import timezone

from badges.models import BadgeAward, criteria
from badges.rules import due
from people.consent import PURPOSES, VERSION
from people.models import (
    Companion,
    Companionship,
    Consent,
    Coordinator,
    Household,
    HouseholdEvent,
    HouseholdGroup,
    Learner,
    Region,
    User,
)
from people.rules import CODE_ALPHABET, CODE_LENGTH
from practice.models import Feedback, PracticeSubmission
from progress.facts import Outline
from progress.models import LessonCompletion, ModuleAssignment, ModuleProgress, QuizOpening
from progress.rules import Facts, Module, PracticeNeed, misses_practice
from quizzes.models import Answer, Attempt, QuizPage
from quizzes.rules import FALSE, TRUE, Kind, Question, Response, Score, is_right

PIN = "274951"  # everybody's
A_CASELOAD = 300  # households of one companion, unless asked otherwise: 295 to 500 are usual
A_GROUP = 25  # households that meet monthly
COMPANIONS_A_REGENCY = 4
AT_ONCE = 1000  # learners whose facts are held in memory: few, so that collecting garbage stays cheap
FIRST_NAMES = ["Sari", "Dedi", "Wati", "Rudi", "Yanti", "Asep", "Nur", "Tini", "Joko", "Lina", "Umi", "Ratna", "Agus"]
LAST_NAMES = ["Wulandari", "Kurnia", "Lestari", "Hidayat", "Rahayu", "Saputra", "Aminah", "Pertiwi", "Nugroho"]
# How far people come, in percent: whole modules passed, lessons of the next one.
PATHS = {(0, 0): 20, (0, 2): 25, (0, 4): 20, (1, 1): 20, (2, 3): 10, (4, 0): 5}
TRIED_IN_VAIN = 0.2  # of those who pass a quiz, once before
HANDED_IN = 0.5  # a practice in a module, of those who have read its lesson
ANSWERED = 0.8  # of these
FOUND_RIGHT = 0.8  # of those

Row = dict[str, object]


def companion_name(number: int) -> str:
    """The name that companion ``number`` signs in with."""
    return f"pendamping.{number:06}"


def coordinator_name(region: str) -> str:
    """The name that the coordinator of the region with that code signs in with."""
    return f"koordinator.{region}"


def card_code(number: int) -> str:
    """The card code of learner ``number``: eight letters that look random and never repeat (2,654,435,761 is odd, so
    multiplying by it permutes the 40 bits)."""
    scattered = number * 2_654_435_761 % (1 << 40)
    return "".join(CODE_ALPHABET[scattered >> 5 * place & 31] for place in reversed(range(CODE_LENGTH)))


class Quiz:
    """What an attempt at a quiz stores, and a right and a wrong answer to each question."""

    def __init__(self, page: QuizPage):
        self.page, self.pass_mark = page, page.pass_mark
        revision = page.asked_revision
        self.terms = {"quiz_key": page.translation_key, "revision_id": revision.pk, "pass_mark": page.pass_mark}
        self.answers = {asked.id: (list(asked.rule.key), list(wrong(asked.rule))) for asked in page.asked}

    def asked(self, attempt: UUID) -> list[str]:
        """The ids of its questions."""
        return [asked.id for asked in self.page.asked_in(attempt)] if self.page.draw else list(self.answers)


class Crowd:
    """``count`` learners, one a household, on top of whoever is there, as they stand on ``today``."""

    def __init__(self, count: int, content: Outline, today: date, caseload: int = A_CASELOAD):
        self.count, self.content, self.caseload = count, content, caseload
        self.quizzes = {key: Quiz(page) for key, page in content.quiz_pages.items()}
        self.companions = -(-count // caseload)
        places = Region.objects.values_list("code", flat=True).order_by("code")
        self.regencies = list(places.filter(level=Region.Level.REGENCY))
        districts = list(places.filter(level=Region.Level.DISTRICT))
        self.districts: dict[str, list[str]] = {code: [] for code in self.regencies}
        for code in districts:
            self.districts[code.rpartition(".")[0]].append(code)
        provinces = places.filter(level=Region.Level.PROVINCE)
        self.scopes = [*provinces, *self.regencies]
        self.first = {
            model: (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
            for model in (User, Companion, HouseholdGroup, Household, Learner)
        }
        self.first_learner_account = self.first[User] + self.companions + len(self.scopes)
        self.today = today
        self.now = timezone.make_aware(datetime.combine(today, time(8)))
        # One hash for all: a million would take twelve hours. Its salt is as long as Django's own, else
        # each sign-in would hash again.
        self.password = make_password(PIN, salt="one-salt-for-all-of-them")
        self.criteria = criteria()

    def tables(self) -> Iterator[tuple[type[Model], Iterator[Row]]]:
        """Tables with their rows, in an order that every foreign key allows; a table may come several times."""
        yield User, self.users()
        yield Companion, ({"id": self.first[Companion] + i, "user_id": self.companion_account(i)} for i in self.staff())
        yield Coordinator, self.coordinators()
        yield HouseholdGroup, self.groups()
        yield Household, self.households()
        yield HouseholdEvent, self.events()
        yield Companionship, self.companionships()
        yield Learner, self.learners()
        yield Consent, self.consents()
        yield ModuleAssignment, self.assignments()
        for start in range(0, self.count, AT_ONCE):
            rows: dict[type[Model], list[Row]] = {}
            for i in range(start, min(start + AT_ONCE, self.count)):
                for model, row in Story(self, i).rows:
                    rows.setdefault(model, []).append(row)
            yield from ((model, iter(some)) for model, some in rows.items())

    # --- People ---------------------------------------------------------------------------------------------------

    def staff(self) -> range:
        return range(self.companions)

    def companion_account(self, companion: int) -> int:
        return self.first[User] + companion

    def district(self, companion: int) -> str:
        """Where a companion works: COMPANIONS_A_REGENCY of them share a regency, each in a district of her own."""
        regency = self.regencies[companion // COMPANIONS_A_REGENCY % len(self.regencies)]
        districts = self.districts[regency] or [regency]
        return districts[companion % COMPANIONS_A_REGENCY % len(districts)]

    def users(self) -> Iterator[Row]:
        plain = {"password": self.password, "date_joined": self.now, "is_active": True}
        for i in self.staff():
            yield plain | {"id": self.companion_account(i), "username": companion_name(i), "first_name": first_name(i)}
        for place, code in enumerate(self.scopes, self.first[User] + self.companions):
            yield plain | {"id": place, "username": coordinator_name(code), "first_name": "Hadi"}
        for i in range(self.count):
            account = self.first_learner_account + i
            yield plain | {"id": account, "username": card_code(i), "first_name": first_name(i)}

    def coordinators(self) -> Iterator[Row]:
        for place, code in enumerate(self.scopes, self.first[User] + self.companions):
            yield {"user_id": place, "scope_region_id": code}

    def groups(self) -> Iterator[Row]:
        for i in range(-(-self.count // A_GROUP)):
            region = self.district(i * A_GROUP // self.caseload)
            yield {"id": self.first[HouseholdGroup] + i, "name": f"Kelompok {i:06}", "region_id": region}

    def households(self) -> Iterator[Row]:
        kinds = [code for code, _ in settings.BUSINESS_TYPES]
        for i in range(self.count):
            yield {
                "id": self.first[Household] + i,
                "name": f"Keluarga {first_name(i)} {last_name(i)} {i:07}",
                "region_id": self.district(i // self.caseload),
                "group_id": self.first[HouseholdGroup] + i // A_GROUP,
                "business_type": kinds[i % len(kinds)],
                "phone": f"+62811{i:08}" if i % 3 else "",
                "messages_welcome": bool(i % 3),
            }

    def events(self) -> Iterator[Row]:
        """Each household was recorded; every tenth was called within the last days."""
        for i in range(self.count):
            mine = {"household_id": self.first[Household] + i, "by_id": self.companion_account(i // self.caseload)}
            made = {"at": self.now - timedelta(days=60), "kind": HouseholdEvent.Kind.HOUSEHOLD_MADE}
            yield mine | made
            if i % 10 == 0:
                called = {"at": self.now - timedelta(days=i // 10 % 20), "kind": HouseholdEvent.Kind.CONTACTED}
                yield mine | called

    def companionships(self) -> Iterator[Row]:
        since = self.now - timedelta(days=60)
        for i in range(self.count):
            companion = self.first[Companion] + i // self.caseload
            yield {"household_id": self.first[Household] + i, "companion_id": companion, "started_at": since}

    def learners(self) -> Iterator[Row]:
        for i in range(self.count):
            yield {
                "id": self.first[Learner] + i,
                "user_id": self.first_learner_account + i,
                "household_id": self.first[Household] + i,
                "first_name": first_name(i),
                "last_name": last_name(i),
                "address_form": Learner.AddressForm.IBU if i % 7 else Learner.AddressForm.BAPAK,
            }

    def consents(self) -> Iterator[Row]:
        given = {"version": VERSION, "purposes": PURPOSES, "method": Consent.Method.OWN_PHONE}
        for i in range(self.count):
            yield given | {"learner_id": self.first[Learner] + i, "given_at": self.now - timedelta(days=60)}

    def assignments(self) -> Iterator[Row]:
        """The first module of the path, and for some the second; for some with a due date, here and there past."""
        first, second = islice(self.content.modules, 2)
        for i in range(self.count):
            given = {
                "household_id": self.first[Household] + i,
                "due_on": self.today + timedelta(days=i % 29 - 4) if i % 3 else None,
                "assigned_by_id": self.companion_account(i // self.caseload),
                "assigned_at": self.now - timedelta(days=60),
            }
            for key in (first, second) if i % 2 else (first,):
                yield given | {"module_key": key}


class Story:
    """What one learner has done, as ``rows`` of (table, row). She takes the modules in the order of the path, two days
    each, and has rested for a while since."""

    def __init__(self, crowd: Crowd, number: int):
        self.crowd = crowd
        self.chance = random.Random(number)  # noqa: S311
        self.learner = crowd.first[Learner] + number
        self.companion = crowd.companion_account(number // crowd.caseload)
        self.rows: list[tuple[type[Model], Row]] = []
        self.passed: set[UUID] = set()
        self.approved: set[UUID] = set()  # modules with a practice that was found right
        self.tell()

    def add(self, model: type[Model], **row) -> None:
        self.rows.append((model, row))

    def new_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def tell(self) -> None:
        whole, more = self.chance.choices(list(PATHS), list(PATHS.values()))[0]
        begun = list(islice(self.crowd.content.modules.values(), whole + bool(more)))
        rested = timedelta(days=self.chance.randrange(1, 40), minutes=self.chance.randrange(600))
        at = self.crowd.now - rested - timedelta(days=2 * len(begun))
        for number, module in enumerate(begun):
            at += timedelta(days=2)
            self.take(module, module.lessons if number < whole else module.lessons[:more], at)
        unproven = {module.key for module in begun if self.misses_practice(module, PracticeNeed.BADGE)}
        for badge in sorted(due(self.crowd.criteria, self.passed, unproven)):
            self.add(BadgeAward, id=self.new_id(), learner_id=self.learner, badge_id=badge, awarded_at=at)

    def take(self, module: Module, lessons: tuple[UUID, ...], at: datetime) -> None:
        """Reads ``lessons`` of a module; after all of them comes its quiz, which she passes at ``at``."""
        mine = {"learner_id": self.learner, "module_key": module.key}
        read_at = at - timedelta(hours=1)
        summary = {"last_fact_at": read_at, "quiz_opened_at": None}
        for lesson in lessons:
            self.add(LessonCompletion, **mine, id=self.new_id(), lesson_key=lesson, completed_at=read_at)
        if lessons[0] in module.tasks and self.chance.random() < HANDED_IN:
            self.practise(mine, lessons[0], read_at - timedelta(hours=2))
        if len(lessons) == len(module.lessons) and not self.misses_practice(module, PracticeNeed.QUIZ):
            self.add(QuizOpening, **mine, opened_at=read_at)
            if self.chance.random() < TRIED_IN_VAIN:
                self.attempt(mine, at - timedelta(minutes=20), 0)
            self.attempt(mine, at, self.chance.randrange(50, 101))
            self.passed.add(module.key)
            summary |= {"quiz_opened_at": read_at, "passed_at": at, "last_fact_at": at}
        self.add(ModuleProgress, **mine, **summary)

    def misses_practice(self, module: Module, need: PracticeNeed) -> bool:
        return misses_practice(module, Facts(practices_approved=frozenset(self.approved)), need)

    def practise(self, mine: Row, lesson: UUID, at: datetime) -> None:
        """Hands in a practice in words, which her companion may have answered."""
        id, note = self.new_id(), "Saya jual keripik singkong ke tetangga dan warung."
        self.add(PracticeSubmission, **mine, id=id, lesson_key=lesson, note=note, handed_in_at=at)
        if self.chance.random() >= ANSWERED:
            return
        is_good = self.chance.random() < FOUND_RIGHT
        if is_good:
            self.approved.add(mine["module_key"])
        self.add(
            Feedback,
            id=self.new_id(),
            submission_id=id,
            by_id=self.companion,
            verdict=Feedback.Verdict.RIGHT if is_good else Feedback.Verdict.TO_IMPROVE,
            praise="Ceritanya mudah dipahami.",
            suggestion="Lanjut ke pelajaran berikut.",
            given_at=at + timedelta(hours=1),
        )

    def attempt(self, mine: Row, at: datetime, percent: int) -> None:
        """Hands in an attempt with about ``percent`` right: all wrong where that is 0, else enough to pass."""
        quiz, id = self.crowd.quizzes[mine["module_key"]], self.new_id()
        asked = quiz.asked(id)
        wanted = max(percent, quiz.pass_mark) if percent else 0
        score = Score(-(-wanted * len(asked) // 100), len(asked))
        judged = {"right": score.right, "total": score.total, "passed": score.passes(quiz.pass_mark)}
        begun_at = at - timedelta(minutes=10)
        self.add(Attempt, **mine, **quiz.terms, **judged, id=id, started_at=begun_at, submitted_at=at)
        for place, question in enumerate(asked):
            is_right = place < score.right
            response = quiz.answers[question][0 if is_right else 1]
            said = {"question_id": question, "response": response, "is_right": is_right, "answered_at": at}
            self.rows.append((Answer, said | {"attempt_id": id}))


def first_name(number: int) -> str:
    return FIRST_NAMES[number % len(FIRST_NAMES)]


def last_name(number: int) -> str:
    return LAST_NAMES[number % len(LAST_NAMES)]


def wrong(question: Question) -> Response:
    """A response that answers the question, and not rightly."""
    key = question.key
    match question.kind:
        case Kind.NUMERIC:
            return (str(Decimal(key[0]) + question.tolerance + 1),)
        case Kind.TRUE_FALSE:
            return (FALSE if key == (TRUE,) else TRUE,)
        case Kind.ORDERING | Kind.MATCHING:
            return key[1:] + key[:1]
        case _:
            return next((option,) for option in question.options if not is_right(question, (option,)))
