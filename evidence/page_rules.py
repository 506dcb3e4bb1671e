"""Checks of a page as a whole: when to get help, a source with a date, pictures of results.

They follow section 6 of the claims rules. What stands beside what within a text, such as a price
beside a promise, is found by the wording check.
"""

import re
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from evidence.citations import cited_keys
from evidence.models import Claim, Source, WarningSign
from evidence.placed_claims import placed_keys
from evidence.wording import check_text
from publishing.checks import Candidate, Finding, Level, register_check
from publishing.models import Image, ImagePlacement
from publishing.page_checks.pictures import library_key
from publishing.page_checks.places import places
from publishing.page_checks.text_of import pictures

_PRESSING = (WarningSign.Level.EMERGENCY, WarningSign.Level.URGENT)


@register_check
def help_box(candidate: Candidate) -> Iterator[Finding]:
    """Warn of a condition's page that does not say when to call 999 or 111."""
    if not _is_condition(candidate):
        return
    signs = candidate.draft.parts.get("warning_signs", ())
    if not any(sign.level in _PRESSING and sign.sign.strip() for sign in signs):
        yield Finding(
            Level.WARNING,
            "warning_signs",
            "",
            "The page does not say when to call 999 or NHS 111. Somebody who needs help today may"
            " read on instead.",
            "Add at least one warning sign for 999 or for 111, and have a clinician confirm it.",
        )


@register_check
def dated_source(candidate: Candidate) -> Iterator[Finding]:
    """Warn of a condition's page that rests on no source with a year."""
    if _is_condition(candidate) and not _has_dated_source(candidate):
        yield Finding(
            Level.WARNING,
            "evidence",
            "",
            "The page names no source with a year, so readers cannot tell what it rests on or how"
            " old that is.",
            "Cite a source, for example [@ng59], or place a claim. If it is cited already, enter"
            " the year in the list of sources.",
        )


def _is_condition(candidate: Candidate) -> bool:
    return isinstance(candidate.page, apps.get_model(settings.EVIDENCE_CONDITION_MODEL))


def _has_dated_source(candidate: Candidate) -> bool:
    """Say whether a source with a year is cited, or stands behind a claim that the page shows."""
    texts = list(candidate.draft.texts().values())
    cited = Source.objects.filter(key__in=cited_keys(texts), year__isnull=False)
    if cited.exists():
        return True
    placed = Q(key__in=placed_keys(texts)) | Q(condition=candidate.page.pk)
    shown = Claim.objects.shown().filter(placed)
    return shown.filter(sources__year__isnull=False).exists()


@register_check
def pictures_by_name(candidate: Candidate) -> Iterator[Finding]:
    """Warn of pictures whose name in the list of pictures says that they show a result."""
    placed = list(_library_pictures(candidate))
    keys = {key for _, _, key in placed}
    titles = dict(Image.objects.filter(pk__in=keys).values_list("pk", "title")) if keys else {}
    for field, line, key in placed:
        title = titles.get(key, "")
        if title and _shows_a_result(title):
            yield Finding(
                Level.WARNING,
                field,
                title,
                "The name of this picture says that it shows somebody before and after treatment."
                " That claims a result, as words would.",
                "Choose another picture. If it shows no result, give it a name that says what it"
                " shows.",
                line,
            )


def _library_pictures(candidate: Candidate) -> Iterator[tuple[str, int | None, int]]:
    """Yield field, line and key of every picture that a page takes from the list."""
    page = candidate.page
    if isinstance(page, ImagePlacement) and page.lead_image_id:
        yield "lead_image", None, page.lead_image_id
    for place in places(candidate):
        for picture in pictures(place.text) if place.is_markdown else ():
            key = library_key(picture)
            if key is not None:
                yield place.field, picture.line, key


def _shows_a_result(title: str) -> bool:
    # As the name of a file, so that only the rules for names of pictures look at it.
    name = re.sub(r"[\W_]+", "-", title)
    return any(found.kind == "testimonial" for found in check_text(f"![]({name}.jpg)"))
