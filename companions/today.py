"""``/dampingan/``: what to do today. One household, one row, under what presses most. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Min

from people.models import Household, User
from people.prepared import PreparedModels
from practice.models import PracticeSubmission
from progress.facts import Outline

from .rules import ORDER, Kind
from .situations import NeedLine, Situation, facts_for, need_lines, situations

ROWS_OF_A_BLOCK = 8


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


@dataclass(frozen=True)
class Today:
    blocks: list[Block]
    practices: int  # that wait for an answer
    oldest_practice: datetime | None
    households: int
    resting: list[Situation]  # in need, and reached lately

    @property
    def waiting(self) -> int:
        return sum(block.total for block in self.blocks)


_households = PreparedModels(
    lambda user: Household.objects.for_companion(User(pk=user)).order_by("name", "pk"), user=int
)


def today(user: User, content: Outline) -> Today:
    """In a constant number of queries, however many households she accompanies."""
    every = situations(_households(user=user.pk), content)
    waiting = [(pressing, situation) for situation in every if (pressing := situation.pressing)]
    waiting.sort(key=lambda one: (ORDER[one[0][0].kind], one[0][0].at))
    blocks = {kind: list(rows) for kind, rows in groupby(waiting, key=lambda one: one[0][0].kind)}
    shown = {kind: rows[:ROWS_OF_A_BLOCK] for kind, rows in blocks.items()}
    every_shown = [one for rows in shown.values() for one in rows]
    facts = facts_for(
        (need for pressing, _ in every_shown for need in pressing), [situation for _, situation in every_shown]
    )
    practices = (
        PracticeSubmission.objects.for_companion(user)
        .waiting()
        .aggregate(count=Count("pk"), oldest=Min("handed_in_at"))
    )
    return Today(
        blocks=[
            Block(
                kind,
                [Row(situation, need_lines(situation, pressing, content, facts)) for pressing, situation in rows],
                len(blocks[kind]),
            )
            for kind, rows in shown.items()
        ],
        practices=practices["count"],
        oldest_practice=practices["oldest"],
        households=len(every),
        resting=[situation for situation in every if situation.needs and not situation.pressing],
    )
