from django.db import migrations


def begin(apps, schema_editor):
    """Here and not by the first phone that asks: two that ask at once would begin two."""
    epochs = apps.get_model("learn", "Epoch").objects
    if not epochs.exists():
        epochs.create()


class Migration(migrations.Migration):
    dependencies = [("learn", "0001_ledger")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
