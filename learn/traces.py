"""Where a learner's name stands outside her own rows: in the histories of the households that she has lived in, in
their names, in the words to them and the answers to others' practices there, in the consent of children for whom she
agreed, in the names of their groups and the places where they met, in files that were imported, in work of others that
was not taken, in the staff's logs. A line of history is about her when it names her, by a name of now or of before."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from wagtail.models import ModelLogEntry

from people.history import MAX_TEXT
from people.models import Consent, Household, HouseholdEvent, HouseholdGroup, ImportRow, Learner
from practice.models import Feedback
from progress.models import GroupSession, ModuleAssignment

from .models import RefusedWork

GONE = "(dihapus)"
Kind = HouseholdEvent.Kind
ADDRESSED = re.compile(r"\b(?:bu|ibu|pak|bapak|kak|mbak|mas|mak) $", re.IGNORECASE)
OF_COMPANIONS = [Kind.COMPANION_STARTED, Kind.COMPANION_ENDED]  # their text is a companion's name, never hers


@dataclass(frozen=True)
class Traces:
    """``names`` are hers, now and before; ``others`` belong to people who live or lived in the same households, and win
    where equal."""

    user_id: int
    households: frozenset[int]
    names: frozenset[str]
    others: frozenset[str]

    def in_text(self, text: str) -> bool:
        return self.without(text) != text

    def without(self, text: str) -> str:
        """``text`` with each of her names taken out."""
        return self._pattern.sub(lambda name: name[0] if name[0].casefold() in self._kept else GONE, text)

    def is_called_after(self, name: str) -> bool:
        """Whether something that many share bears her name: «Kelompok Bu Melati», «Kelompok Melati Ayu», but not
        «Kelompok Melati», which more often is a flower's."""
        hers = (found for found in self._pattern.finditer(name) if found[0].casefold() not in self._kept)
        return any(" " in found[0] or ADDRESSED.search(name[: found.start()]) for found in hers)

    def events(self) -> QuerySet[HouseholdEvent]:
        """The lines of history that are about her, the newest first."""
        lines = HouseholdEvent.objects.filter(household__in=self.households).exclude(kind__in=OF_COMPANIONS)
        about = [line.pk for line in lines if line.by_id == self.user_id or self.in_text(line.text)]
        return HouseholdEvent.objects.filter(pk__in=about).select_related("by")

    @property
    def _pattern(self) -> re.Pattern:
        longest_first = sorted(self.names | self.others, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    @property
    def _kept(self) -> set[str]:
        return {name.casefold() for name in self.others}


def traces_of(learner: Learner) -> Traces:
    """Follows her moves and the corrections of her name back through the histories."""
    households, full_names = {learner.household_id}, {learner.full_name}
    before = None
    while before != (len(households), len(full_names)):
        before = len(households), len(full_names)
        told = HouseholdEvent.objects.filter(household__in=households, kind__in=[Kind.CORRECTED, Kind.LEARNER_MOVED])
        lines = list(told.values_list("kind", "text"))
        for kind, text in lines:
            old, _, new = text.partition(" → ")
            if kind == Kind.CORRECTED and new in full_names and old != GONE:  # that is anybody who was erased
                full_names.add(old)
        moved = {text: text.partition(": ")[0] for kind, text in lines if kind == Kind.LEARNER_MOVED}
        hers = [text for text, name in moved.items() if name in full_names]
        both_ends = HouseholdEvent.objects.filter(kind=Kind.LEARNER_MOVED, text__in=hers)
        households |= set(both_ends.values_list("household_id", flat=True))
    others = Learner.objects.filter(household__in=households).exclude(pk=learner.pk)
    names = frozenset({learner.first_name} | {part for name in full_names for part in _parts(name)})
    moved_away = frozenset(moved.values()) - full_names
    corrected = (text.split(" → ") for kind, text in lines if kind == Kind.CORRECTED and " → " in text)
    former = frozenset(name for both in corrected for name in both) - names
    here = frozenset(name for other in others for name in {other.first_name, *_endings(other.full_name)})
    return Traces(
        user_id=learner.user_id,
        households=frozenset(households),
        names=names,
        others=moved_away | former | here,
    )


def take_out(traces: Traces) -> None:
    """Takes her names out of whatever others wrote. Call it in the transaction that erases her."""
    events = HouseholdEvent.objects
    for event in events.filter(household__in=traces.households).exclude(kind__in=OF_COMPANIONS):
        text = GONE if event.by_id == traces.user_id else traces.without(event.text)[:MAX_TEXT]
        # A move is told twice in the same words, once in a household where she may never have lived.
        is_move = event.kind == Kind.LEARNER_MOVED
        same = events.filter(kind=event.kind, text=event.text) if is_move else events.filter(pk=event.pk)
        same.update(text=text)
    for household in Household.objects.filter(pk__in=traces.households):
        if traces.in_text(household.name):
            blank_staff_logs(household)
            Household.objects.filter(pk=household.pk).update(name=_name_without(household, traces.user_id))
    _take_out_of(ModuleAssignment.objects.filter(household__in=traces.households), traces, "word")
    answers = Feedback.objects.filter(submission__learner__household__in=traces.households)
    _take_out_of(answers, traces, "praise", "suggestion")
    # That a guardian agreed, when, how and before whom stays proven; her name was hers.
    _take_out_of(Consent.objects.filter(learner__household__in=traces.households), traces, "guardian_name")
    groups = HouseholdGroup.objects.filter(households__in=traces.households)
    for group in (groups | HouseholdGroup.objects.filter(leader__user=traces.user_id)).distinct():
        is_leader = group.leader_id and group.leader.user_id == traces.user_id
        if traces.in_text(group.name) if is_leader else traces.is_called_after(group.name):
            blank_staff_logs(group)
            HouseholdGroup.objects.filter(pk=group.pk).update(name=f"Kelompok {group.pk}")
    # What was said may name her, and nobody can search it.
    ModuleAssignment.objects.filter(household__in=traces.households).update(spoken=None)
    places = GroupSession.objects.filter(group__households__in=traces.households)
    places |= GroupSession.objects.filter(attendance__learner__user=traces.user_id)
    _take_out_of(places.distinct(), traces, "place")
    # The rows of a file that waits to be saved are somebody's work: they go within the week, with the file.
    rows = ImportRow.objects.exclude(batch__saved_at=None).iterator()
    named = [row.pk for row in rows if traces.in_text(" ".join(map(str, row.cells.values())))]
    ImportRow.objects.filter(pk__in=named).delete()
    works = RefusedWork.objects.exclude(content="").iterator()
    RefusedWork.objects.filter(pk__in=[work.pk for work in works if _may_name(traces, work.content)]).blank()


def _take_out_of(rows: QuerySet, traces: Traces, *names: str) -> None:
    for row in rows:
        for name in names:
            text = getattr(row, name)
            if traces.in_text(text):
                room = row._meta.get_field(name).max_length  # without her name it may be longer
                rows.model.objects.filter(pk=row.pk).update(**{name: traces.without(text)[:room]})


def _may_name(traces: Traces, content: str) -> bool:
    """Refused work is kept as JSON in ASCII, where a name may be spelt otherwise. What was too long was cut off and can
    be read no more."""
    try:
        return any(map(traces.in_text, _texts(json.loads(content))))
    except (ValueError, RecursionError):
        return True


def _texts(value: object) -> Iterator[str]:
    """All texts in a value that JSON can hold."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)


def staff_logs(*rows: Model) -> list[QuerySet]:
    """What Django's and Wagtail's admin noted about ``rows``: each note repeats the row's name."""
    about = Q(pk__in=[])
    for row in rows:
        about |= Q(content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk))
    return [LogEntry.objects.filter(about), ModelLogEntry.objects.filter(about)]


def blank_staff_logs(*rows: Model) -> None:
    """Leaves who did something and when, and takes out to whom."""
    by_django, by_wagtail = staff_logs(*rows)
    by_django.update(object_repr=GONE, change_message="")
    by_wagtail.update(label=GONE, data={})


def _name_without(household: Household, user_id: int) -> str:
    """A household that bore her name is called after someone else in it, or by its number."""
    other = household.learners.active().exclude(user=user_id).first()
    return f"Keluarga {other.full_name if other else household.pk}"


def _parts(name: str) -> set[str]:
    """«Sri Ayu Wulan», «Sri Ayu», «Sri»: any of them may have been the first name; and the last, as ``_endings``."""
    words = name.split(" ")
    return {" ".join(words[:count]) for count in range(1, len(words) + 1)} | _endings(name)


def _endings(name: str) -> set[str]:
    """«Sri Ayu Wulan», «Ayu Wulan», «Wulan», but no mere initial."""
    words = name.split(" ")
    ends = {" ".join(words[count:]) for count in range(1, len(words))}
    return {name} | {end for end in ends if len(end.strip(".")) > 1}
