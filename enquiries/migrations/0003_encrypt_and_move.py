"""Encrypts what was stored in plain text, moves notes and unsent mail, sets times of keeping."""

import secrets
from datetime import timedelta

from django.db import migrations, models
from django.db.models.functions import Cast
from django.utils import timezone

from enquiries.crypto import lookup_key, normal_email, normal_telephone

PLAIN = ("full_name", "email", "telephone", "message")
# To start from; a clinic sets its own in the admin.
DAYS = {
    "": 365, "booked": 90, "answered": 180, "referred": 180, "no-contact": 90, "duplicate": 30,
    "spam": 30,
}


def forwards(apps, schema_editor):
    rules = apps.get_model("enquiries", "RetentionRule")
    rules.objects.bulk_create(rules(outcome=name, days=days) for name, days in DAYS.items())
    enquiries = apps.get_model("enquiries", "Enquiry")
    raw = {f"raw_{name}": Cast(models.F(name), models.TextField()) for name in PLAIN}
    for row in enquiries.objects.values("pk", **raw).iterator():
        texts = {name: row[f"raw_{name}"] for name in PLAIN}
        enquiries.objects.filter(pk=row["pk"]).update(
            **texts,
            email_key=lookup_key("email", normal_email(texts["email"])),
            telephone_key=lookup_key("telephone", normal_telephone(texts["telephone"])),
        )
    mail = apps.get_model("enquiries", "OutgoingMail")
    # What would be overdue for erasure on the first day stays a month, for the clinic to look at.
    earliest = timezone.localdate() + timedelta(days=30)
    for enquiry in enquiries.objects.only(
        "pk", "status", "received_at", "notified_at", "acknowledged_at", "email"
    ):
        closed = enquiry.status == "closed"
        days = DAYS["answered" if closed else ""]
        enquiries.objects.filter(pk=enquiry.pk).update(
            outcome="answered" if closed else "",
            closed_at=enquiry.received_at if closed else None,
            erase_on=max(
                timezone.localdate(enquiry.received_at) + timedelta(days=days), earliest
            ),
        )
        notices = {"notification": enquiry.notified_at}
        if enquiry.email:
            notices["acknowledgement"] = enquiry.acknowledged_at
        for kind, sent_at in notices.items():
            mail.objects.create(
                enquiry=enquiry, kind=kind, sent_at=sent_at,
                state="sent" if sent_at else "waiting",
                message_id=f"<{secrets.token_hex(12)}.{kind}@moved.invalid>",
            )
    thread = apps.get_model("enquiries", "ThreadEntry")
    for note in apps.get_model("enquiries", "EnquiryNote").objects.select_related("author"):
        author = note.author
        name = f"{author.first_name} {author.last_name}".strip() or author.username if author else ""
        thread.objects.create(
            enquiry_id=note.enquiry_id, kind="note", author=author, author_name=name,
            text=note.text, created_at=note.created_at,
        )


class Migration(migrations.Migration):

    dependencies = [
        ("enquiries", "0002_whole_life"),
    ]

    locks_briefly = "No plain text may be left if it ends half-way; only changes of old enquiries wait."

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
