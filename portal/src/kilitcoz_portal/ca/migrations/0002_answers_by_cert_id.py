"""Answers are found by their certID; those that were signed before are made anew when they are asked for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ca", "0001_first")]

    operations = [
        migrations.DeleteModel("ReadyAnswer"),
        migrations.CreateModel(
            name="ReadyAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cert_id", models.BinaryField(max_length=32, unique=True)),
                ("der", models.BinaryField()),
                ("this_update", models.BigIntegerField()),
                ("next_update", models.BigIntegerField()),
                (
                    "issued",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="ca.issued"
                    ),
                ),
            ],
        ),
    ]
