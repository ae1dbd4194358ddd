"""Giving modules to many: what each household has already is shown first. Only ``assign`` writes."""

from collections import Counter
from dataclasses import asdict, dataclass
from uuid import UUID

from people.models import Household, User
from progress.facts import Outline
from progress.models import ModuleAssignment, ModuleProgress

from .rules import Standing, Terms, is_done, standing

NAMES_SHOWN = 60


@dataclass(frozen=True)
class HouseholdPlan:
    """What giving the modules would bring about for one household, module by module."""

    household: Household
    standings: dict[UUID, Standing]

    @property
    def counts(self) -> dict[str, int]:
        return Counter(self.standings.values())

    @property
    def to_give(self) -> list[UUID]:
        """The modules of which it gets something new."""
        return [key for key, place in self.standings.items() if place in (Standing.NEW, Standing.CHANGED)]


@dataclass(frozen=True)
class Plan:
    households: list[HouseholdPlan]
    gets: Terms

    @property
    def changing(self) -> list[HouseholdPlan]:
        return [one for one in self.households if one.to_give]

    @property
    def staying(self) -> list[HouseholdPlan]:
        return [one for one in self.households if not one.to_give]


def plan(households: list[Household], modules: list[UUID], gets: Terms, content: Outline, *, again: bool) -> Plan:
    """In two queries, however many households and modules there are."""
    current = ModuleAssignment.objects.current().filter(household__in=households, module_key__in=modules)
    given = current.with_choice().filter(is_own_choice=False)  # what a household has chosen it could let go again
    has = {
        (household, key): Terms(due_on, word, spoken)
        for household, key, due_on, word, spoken in given.values_list(
            "household_id", "module_key", "due_on", "word", "spoken"
        )
    }
    progress = ModuleProgress.objects.filter(
        learner__household__in=households, learner__user__is_active=True, module_key__in=modules
    )
    done = {
        (household, key)
        for household, key, passed_at in progress.values_list("learner__household_id", "module_key", "passed_at")
        if is_done(content.modules[key], passed_at)
    }
    return Plan(
        [
            HouseholdPlan(
                household,
                {
                    key: standing(has.get((household.pk, key)), gets, is_done=(household.pk, key) in done, again=again)
                    for key in modules
                },
            )
            for household in households
        ],
        gets,
    )


def assign(plan: Plan, *, by: User) -> int:
    """Carries the plan out. Returns how many households got something new."""
    given: dict[UUID, list[Household]] = {}
    for one in plan.changing:
        for key in one.to_give:
            given.setdefault(key, []).append(one.household)
    return ModuleAssignment.objects.assign_all(given, by=by, **asdict(plan.gets))
