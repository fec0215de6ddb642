"""An answer's row is found by its certID; those that were signed before are made anew when they are asked for."""

from django.db import migrations, models

FORGET = "DELETE FROM ca_readyanswer"  # they lie where nobody would look for them


class Migration(migrations.Migration):
    dependencies = [("ca", "0003_lists_without_entries")]

    operations = [
        migrations.RunSQL(FORGET, FORGET),
        migrations.AlterField("readyanswer", "id", models.BigAutoField(primary_key=True, serialize=False)),
        migrations.AlterField("readyanswer", "cert_id", models.BinaryField(max_length=32)),
    ]
