from django.db import migrations, models


def tell_withdrawn(apps, schema_editor):
    """Until now whoever had agreed, and does not any more, was taken to have closed it herself."""
    users = apps.get_model("people", "User").objects.filter(is_active=False, learner__consents__isnull=False)
    standing = apps.get_model("people", "Consent").objects.filter(withdrawn_at=None)
    closed = users.exclude(learner__in=standing.values("learner")).values_list("pk", flat=True)
    apps.get_model("people", "User").objects.filter(pk__in=set(closed)).update(closed_by_withdrawal=True)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_must_choose_password"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="closed_by_withdrawal",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(tell_withdrawn, migrations.RunPython.noop),
    ]
