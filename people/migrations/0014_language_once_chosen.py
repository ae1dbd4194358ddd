from django.db import migrations, models


def forget_the_one_that_all_had(apps, schema_editor):
    apps.get_model("people", "Learner").objects.filter(language="id").update(language="")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_closed_by_withdrawal"),
    ]

    operations = [
        migrations.AlterField(
            model_name="learner",
            name="language",
            field=models.CharField(blank=True, max_length=5, verbose_name="bahasa pelajaran"),
        ),
        migrations.RunPython(forget_the_one_that_all_had, migrations.RunPython.noop),
    ]
