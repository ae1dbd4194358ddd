from django.db import migrations


def write_small(apps, schema_editor):
    """Names of staff that were written with capitals. One whose twin is there already stays: somebody must say which of
    the two is whose."""
    User = apps.get_model("people", "User")
    for pk, name in User.objects.filter(learner=None).order_by("pk").values_list("pk", "username"):
        if name != name.lower() and not User.objects.filter(username=name.lower()).exists():
            User.objects.filter(pk=pk).update(username=name.lower())


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_sessions'),
    ]

    operations = [
        migrations.RunPython(write_small, migrations.RunPython.noop, elidable=True),
    ]
