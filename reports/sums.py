"""The one statement behind a report. Who lives in the region is found once, and each table is read once for them all:
asked figure by figure, a coordinator's page cost more the more people there were elsewhere."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import BooleanField, Count, DateTimeField, DurationField, F, Func, Min, Q, Sum, Value, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from people.models import Companionship, HouseholdEvent, Learner
from people.months import Month
from practice.models import Feedback, PracticeSubmission
from progress.facts import can_go_on, outline
from progress.models import LessonCompletion, ModuleProgress

QUIET_AFTER = timedelta(days=30)  # ours: groups meet monthly, so by then a whole round has passed


class Among(Func):
    """Whether a column holds an ``id`` of a table that the statement has named before. PostgreSQL then walks an index
    once for all of them, instead of looking into it for each."""

    template = "%(expressions)s IN (SELECT id FROM %(named)s)"
    output_field = BooleanField()

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="%(expressions)s = ANY(ARRAY(SELECT id FROM %(named)s))")


# A row for each place, companion there, and whether she is the first of these households: one that has two companions
# stands in two rows, and is to count once in all. Nobody is in ``progress``, ``lessons`` or ``practices`` who is not in
# ``hers``, so a full join finds what a left one would. PostgreSQL, which takes them for ten, might do a left one by
# walking through them all for each; made by itself, ``learned`` keeps it from seeing that a left one would do.
_SUMS = """
WITH {parts},
learned AS MATERIALIZED (
    SELECT hers.household_id, hers.id AS learner, progress.learner_id AS begun,
        modules_done, modules_then, CASE WHEN unfinished > 0 AND recent = 0 THEN 1 ELSE 0 END AS quiet,
        CASE WHEN COALESCE(lessons.until, 0) + COALESCE(practices.until, 0) > 0
            AND COALESCE(lessons.before, 0) + COALESCE(practices.before, 0) = 0 THEN 1 ELSE 0 END AS started,
        lessons.until - lessons.before AS lessons, waiting, since, handed_in, answered, was_right, waited
    FROM hers
    {joined} JOIN progress ON progress.learner_id = hers.id
    {joined} JOIN lessons ON lessons.learner_id = hers.id
    {joined} JOIN practices ON practices.learner_id = hers.id
)
SELECT homes.region_id, beside.companion_id, COALESCE(beside.place, 1) = 1,
    COUNT(DISTINCT homes.id) AS households, COUNT(learner) AS learners, COUNT(begun) AS begun,
    SUM(modules_done) AS modules_done, SUM(quiet) AS quiet, SUM(waiting) AS waiting,
    SUM(started) AS started, SUM(lessons) AS lessons, SUM(modules_then) AS modules_then,
    COUNT(DISTINCT contacts.household_id) AS contacted, SUM(handed_in) AS handed_in, SUM(answered) AS answered,
    SUM(was_right) AS was_right, SUM(waited) AS waited, MIN(since) AS since
FROM homes
LEFT JOIN beside ON beside.household_id = homes.id
LEFT JOIN contacts ON contacts.household_id = homes.id
LEFT JOIN learned ON learned.household_id = homes.id
GROUP BY homes.region_id, beside.companion_id, COALESCE(beside.place, 1) = 1
"""


_NO_COUNTS = {"waited": DurationField(), "since": DateTimeField()}


def sums(households, month: Month) -> list[tuple[str, int | None, bool, dict]]:
    """(code of the place, id of the companion or None, whether to count it in all, figures by their names) of
    ``households``; without those that nothing stands behind."""
    parts = _parts(households, month)
    texts, params = zip(*(rows.query.sql_with_params() for rows in parts.values()), strict=True)
    named = ",\n".join(f"{name} AS ({text})" for name, text in zip(parts, texts, strict=True))
    statement = _SUMS.format(parts=named, joined="FULL" if connection.vendor == "postgresql" else "LEFT")
    with connection.cursor() as cursor:
        cursor.execute(statement, [one for some in params for one in some])
        rows, names = cursor.fetchall(), [column[0] for column in cursor.description]
    compiler = households.query.get_compiler(connection=connection)
    kinds = [Value(None, output_field=_NO_COUNTS[name]) if name in _NO_COUNTS else None for name in names]
    rows = compiler.apply_converters(rows, compiler.get_converters(kinds))
    return [(*row[:3], _figures(zip(names[3:], row[3:], strict=True))) for row in rows]


def _figures(cells: Iterable[tuple]) -> dict:
    told = {name: value for name, value in cells if value is not None}
    return {name: value if name in _NO_COUNTS else int(value) for name, value in told.items()}


def _parts(households, month: Month) -> dict:
    """What ``_SUMS`` reads, by the names that it uses; so are the columns."""
    at_home, hers = Among("household_id", named="homes"), Among("learner_id", named="hers")
    answer = month.has("feedback__given_at")
    return {
        "homes": households.order_by().values_list("id", "region_id"),
        "beside": Companionship.objects.current()
        .filter(at_home)
        .annotate(place=Window(RowNumber(), partition_by="household_id", order_by="pk"))
        .values_list("household_id", "companion_id", "place"),
        "contacts": HouseholdEvent.objects.filter(at_home, month.has("at"), kind__in=HouseholdEvent.REACHED)
        .order_by()
        .values_list("household_id")
        .distinct(),
        "hers": Learner.objects.active().filter(at_home).order_by().values_list("id", "household_id"),
        "progress": ModuleProgress.objects.filter(hers)
        .values_list("learner_id")
        .annotate(
            modules_done=Count("passed_at"),
            modules_then=Count("pk", filter=month.has("passed_at")),
            unfinished=Count("pk", filter=can_go_on(outline(pages=False))),
            recent=Count("pk", filter=Q(last_fact_at__gt=timezone.now() - QUIET_AFTER)),
        ),
        "lessons": LessonCompletion.objects.filter(hers)
        .values_list("learner_id")
        .annotate(
            before=Count("pk", filter=Q(completed_at__lt=month.begins)),
            until=Count("pk", filter=Q(completed_at__lt=month.ends)),
        ),
        "practices": PracticeSubmission.objects.current()
        .filter(hers)
        .order_by()
        .values_list("learner_id")
        .annotate(
            before=Count("pk", filter=Q(handed_in_at__lt=month.begins)),
            until=Count("pk", filter=Q(handed_in_at__lt=month.ends)),
            waiting=Count("pk", filter=Q(feedback=None)),
            since=Min("handed_in_at", filter=Q(feedback=None)),
            handed_in=Count("pk", filter=month.has("handed_in_at")),
            answered=Count("pk", filter=answer),
            was_right=Count("pk", filter=answer & Q(feedback__verdict=Feedback.Verdict.RIGHT)),
            waited=Sum(F("feedback__given_at") - F("handed_in_at"), filter=answer),
        ),
    }
