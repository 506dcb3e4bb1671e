"""What a page that was brought from another site had behind it there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_former_renditions")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="brought_public_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="publication",
            name="brought_change_notes",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
