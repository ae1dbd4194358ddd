"""``/dampingan/``: what to do today. One household, one row, under what presses most. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Value
from django.urls import reverse

from people.models import Household, User
from people.prepared import Prepared
from practice.models import PracticeSubmission
from progress.facts import Outline

from .caseload import PLACES
from .rules import Kind, may_go_on
from .situations import Case, NeedLine, Situation, cases, facts_for, in_turn, need_lines, situated

ROWS_OF_A_BLOCK = 8
RESTING_SHOWN = 50


@dataclass(frozen=True)
class Row:
    situation: Situation
    lines: list[NeedLine]  # the one that presses most first

    @property
    def first(self) -> NeedLine:
        return self.lines[0]


@dataclass(frozen=True)
class Block:
    """The households whose most pressing need is of one kind; the longest waiting first."""

    kind: Kind
    rows: list[Row]
    total: int

    @property
    def title(self) -> str:
        return PLACES[self.kind]

    @property
    def address(self) -> str:
        return waiting_list(self.kind)


def waiting_list(kind: Kind) -> str:
    """The address of all who wait under that heading."""
    return f"{reverse('companions:caseload')}?keadaan={kind}&tunggu=ya"


@dataclass(frozen=True)
class Today:
    blocks: list[Block]
    practices: int  # that wait for an answer
    oldest_practice: datetime | None
    households: int
    without_module: int
    may_go_on: int  # who have done all they had, and could be given more
    resting: list[Situation]  # in need, and reached lately; up to RESTING_SHOWN of them
    resting_total: int

    @property
    def waiting(self) -> int:
        return sum(block.total for block in self.blocks)


_households = Prepared(
    lambda user: Household.objects.for_companion(User(pk=user)).order_by("name", "pk").values_list("pk"), user=int
)
_practices = Prepared(
    lambda user: (
        PracticeSubmission.objects.for_companion(User(pk=user))
        .waiting()
        .order_by()
        .values_list(Value(1), "handed_in_at")
    ),
    around="SELECT COUNT(*), MIN(handed_in_at) FROM ({}) AS waiting",
    user=int,
)


def today(user: User, content: Outline) -> Today:
    """In a constant number of queries, however many households she accompanies. Only who is shown is loaded."""
    every = cases([pk for (pk,) in _households(user=user.pk)], content)
    blocks = {kind: list(waiting) for kind, waiting in groupby(in_turn(every), key=lambda case: case.presses_most.kind)}
    resting = [case for case in every if case.needs and not case.pressing]
    shown = {kind: waiting[:ROWS_OF_A_BLOCK] for kind, waiting in blocks.items()}
    told = [*(case for some in shown.values() for case in some), *resting[:RESTING_SHOWN]]
    households = Household.objects.filter(pk__in=[case.household for case in told])
    known = {one.household.pk: one for one in situated(told, households)}
    facts = facts_for((need for some in shown.values() for case in some for need in case.pressing), known.values())
    [(practices, oldest)] = _practices(user=user.pk)

    def row_of(case: Case) -> Row | None:
        """None where the household or the person went away since the facts were asked for."""
        situation = known.get(case.household)
        lines = need_lines(situation, case.pressing, content, facts) if situation else []
        return Row(situation, lines) if lines else None

    return Today(
        blocks=[
            Block(kind, [row for case in some if (row := row_of(case))], len(blocks[kind]))
            for kind, some in shown.items()
        ],
        practices=practices,
        oldest_practice=oldest,
        households=len(every),
        without_module=sum(case.waits_for_module for case in every),
        may_go_on=sum(may_go_on(case.known, case.now, content.modules) for case in every),
        resting=[known[case.household] for case in resting[:RESTING_SHOWN] if case.household in known],
        resting_total=len(resting),
    )
