from datetime import UTC, datetime

from django.db import migrations
from django.db.models import F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC))


def tell_anew(apps, schema_editor):
    """In the summaries the answer to a practice counts as its learner's last work, and that a quiz opened does not."""
    kinds = [
        (apps.get_model("progress", "LessonCompletion").objects.all(), "completed_at"),
        (
            apps.get_model("practice", "PracticeSubmission").objects.filter(withdrawn_at=None),
            Coalesce("feedback__given_at", "handed_in_at"),
        ),
        (apps.get_model("quizzes", "Attempt").objects.exclude(submitted_at=None).filter(total__gt=0), "submitted_at"),
    ]
    hers = {"learner": OuterRef("learner"), "module_key": OuterRef("module_key")}
    moments = [
        Coalesce(
            Subquery(facts.filter(**hers).order_by().values("learner").annotate(last=Max(at)).values("last")), NEVER
        )
        for facts, at in kinds
    ]
    summaries = apps.get_model("progress", "ModuleProgress").objects.alias(last=Greatest(*moments))
    summaries.exclude(last=NEVER).exclude(last=F("last_fact_at")).update(last_fact_at=Greatest(*moments))


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0001_initial"),
        ("progress", "0006_practices_taken_back"),
        ("quizzes", "0006_newest_attempts"),
    ]

    operations = [
        migrations.RunPython(tell_anew, migrations.RunPython.noop, elidable=True),
    ]
