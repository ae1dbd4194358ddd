"""When a badge is due. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Criteria:
    """A badge is due when all of ``modules`` are done. One without modules is never due."""

    badge_id: int
    modules: frozenset[UUID]


def due(criteria: Iterable[Criteria], modules_done: Iterable[UUID], practice_missing: Iterable[UUID] = ()) -> set[int]:
    """The ids of the badges whose criteria are met. A module in ``practice_missing`` still wants an approved practice
    for its badge, and counts for none until then."""
    done = frozenset(modules_done) - frozenset(practice_missing)
    return {badge.badge_id for badge in criteria if badge.modules and badge.modules <= done}
