"""Gives a site red flags and replies to start with; clinicians and reception own them then."""

from django.db import migrations

from enquiries.red_flags.seed import seed


REPLIES = {
    "Suggest a call": (
        "Hello {name},\n\nthank you for your enquiry {reference}. This is easier to talk about than"
        " to write about. When may we call you, and on which number? You can also call us on"
        " {telephone}.\n\nIf you get worse while you wait, call 111, or 999 if it is an emergency."
        "\n\n{me}\n{clinic}"
    ),
    "How to book": (
        "Hello {name},\n\nthank you for your enquiry {reference}. To book a first visit, call us on"
        " {telephone} and give your reference. At the first visit we ask about your health and"
        " examine you, and we explain what you can choose from before anything is done.\n\n{me}\n"
        "{clinic}"
    ),
    "We are not the right place": (
        "Hello {name},\n\nthank you for your enquiry {reference}. We are not the right place for"
        " this. Your GP can tell you who is. If you need medical help soon, call 111.\n\n{me}\n"
        "{clinic}"
    ),
    "We could not reach you": (
        "Hello {name},\n\nwe tried to call you about your enquiry {reference} and could not reach"
        " you. Call us on {telephone}, or answer this email and say when we may try again.\n\n{me}\n"
        "{clinic}"
    ),
}


def forwards(apps, schema_editor):
    templates = apps.get_model("enquiries", "ReplyTemplate")
    templates.objects.bulk_create(
        templates(name=name, text=text, position=10 * place)
        for place, (name, text) in enumerate(REPLIES.items())
    )
    flags = apps.get_model("enquiries", "RedFlag")
    flags.objects.bulk_create(
        flags(
            key=row["key"], words=row["words"], level=row["level"], sign=row["sign"],
            condition_slug=row["condition"], source=row["source"],
            awaiting_clinician=row["awaiting_clinician"],
        )
        for row in seed()
    )


class Migration(migrations.Migration):

    dependencies = [
        ("enquiries", "0004_without_what_moved"),
    ]

    locks_briefly = "It writes rows of settings, into tables that were empty."

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
