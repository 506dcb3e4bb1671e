"""Times in the words that a sender reads, on the page and in mail."""

from datetime import datetime

from django.utils import timezone

from components.templatetags.components import clock


def day_and_time(moment: datetime, now: datetime) -> str:
    """Return the moment as "Tuesday 24 November at 4pm", with the year unless it is this year's."""
    local = timezone.localtime(moment)
    year = "" if local.year == timezone.localtime(now).year else f" {local.year}"
    return f"{local:%A} {local.day} {local:%B}{year} at {clock(local)}"
