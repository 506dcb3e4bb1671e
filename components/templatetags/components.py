"""Template tags that any template may use; they are loaded everywhere."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from components.styles import PLACE

register = template.Library()


@register.simple_tag
def inline_styles(brand_colour: str) -> SafeString:
    """Print the place of the style sheet. The page's rules go there once the page is whole."""
    return format_html(PLACE, brand_colour)


@register.filter
def clock(value: Any) -> str:
    """Return a time as people write it: 5pm, 5:30pm, midday, midnight."""
    if value is None or value == "":
        return ""
    moment = timezone.localtime(value) if hasattr(value, "astimezone") else value
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


@register.filter
def full_date(value: Any) -> str:
    """Return a date as 6 August 2026."""
    if not value:
        return ""
    day = timezone.localtime(value) if hasattr(value, "astimezone") else value
    return f"{day.day} {day:%B %Y}"


@register.filter
def in_hours(minutes: float) -> str:
    """Return minutes as "45 minutes", "3 hours 5 minutes" or "2 days 4 hours"."""
    whole = round(minutes)
    days, rest = divmod(whole, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (0 if days else left, "minute")]
    words = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in parts if number]
    return " ".join(words) or "less than a minute"


@register.filter
def pounds(value: Any) -> str:
    """Return a price as £60, or £62.50 where there are pence."""
    return f"£{value:.2f}".removesuffix(".00")


@register.simple_block_tag
def inset(content: SafeString, *, kind: str = "note") -> SafeString:
    """A box set apart from the text. `kind` is note, notice (something to know now) or draft."""
    # The template escapes the kind; the content was rendered by ours already.
    context = {"content": content, "kind": kind}
    return mark_safe(render_to_string("components/inset.html", context))  # noqa: S308


@register.simple_tag
def time_element(value: Any) -> SafeString:
    """Print a date for people, with the date for machines beside it."""
    if not value:
        return SafeString("")
    day = timezone.localtime(value).date() if hasattr(value, "astimezone") else value
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), full_date(day))
