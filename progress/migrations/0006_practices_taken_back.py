from django.db import migrations
from django.db.models import Exists, Max, OuterRef


def leave_out(apps, schema_editor):
    """Practices that were taken back count no more in the summaries: what was known of them alone goes, and the last
    fact is that of the others."""
    ModuleProgress = apps.get_model("progress", "ModuleProgress")
    PracticeSubmission = apps.get_model("practice", "PracticeSubmission")
    others = [
        (apps.get_model("progress", "LessonCompletion").objects.all(), "completed_at"),
        (apps.get_model("progress", "QuizOpening").objects.all(), "opened_at"),
        (PracticeSubmission.objects.filter(withdrawn_at=None), "handed_in_at"),
        (apps.get_model("quizzes", "Attempt").objects.exclude(submitted_at=None).filter(total__gt=0), "submitted_at"),
    ]
    mine = {"learner": OuterRef("learner"), "module_key": OuterRef("module_key")}
    taken_back = PracticeSubmission.objects.exclude(withdrawn_at=None).filter(**mine)
    for row in ModuleProgress.objects.filter(Exists(taken_back)).iterator():
        hers = {"learner": row.learner_id, "module_key": row.module_key}
        moments = [facts.filter(**hers).aggregate(last=Max(at))["last"] for facts, at in others]
        if last := max(filter(None, moments), default=None):
            ModuleProgress.objects.filter(pk=row.pk).update(last_fact_at=last)
        else:
            ModuleProgress.objects.filter(pk=row.pk).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('practice', '0001_initial'),
        ('progress', '0005_spoken_word'),
        ('quizzes', '0006_newest_attempts'),
    ]

    operations = [
        migrations.RunPython(leave_out, migrations.RunPython.noop, elidable=True),
    ]
