from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("enquiries", "0003_encrypt_and_move"),
    ]

    locks_briefly = "Some thousand enquiries at most stood in sites of the first release."

    operations = [
        migrations.RemoveField(
            model_name='enquiry',
            name='acknowledged_at',
        ),
        migrations.RemoveField(
            model_name='enquiry',
            name='mail_attempts',
        ),
        migrations.RemoveField(
            model_name='enquiry',
            name='mail_due_at',
        ),
        migrations.RemoveField(
            model_name='enquiry',
            name='mail_error',
        ),
        migrations.RemoveField(
            model_name='enquiry',
            name='notified_at',
        ),
        migrations.DeleteModel(
            name='EnquiryNote',
        ),
        migrations.AlterField(
            model_name='enquiry',
            name='erase_on',
            field=models.DateField(db_index=True, verbose_name='to be erased on'),
        ),
    ]
