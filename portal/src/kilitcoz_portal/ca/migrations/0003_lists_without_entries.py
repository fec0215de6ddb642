"""An edition of the list keeps what is signed around its entries; the entries are in the pieces.

Editions of before have an empty frame: they are not served, and `kilitcoz serve` and `sweep` replace them.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ca", "0002_answers_by_cert_id")]

    operations = [
        migrations.RemoveField("publishedlist", "der"),
        migrations.AddField("publishedlist", "before", models.BinaryField(default=b"")),
        migrations.AddField("publishedlist", "after", models.BinaryField(default=b"")),
        migrations.AddIndex("listpiece", models.Index(fields=["authority", "count"], name="piece_with_room")),
    ]
