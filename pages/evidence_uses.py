"""Finds the pages that use a claim or a source, and tells their reviewers when one changes."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.db import models
from django.db.models import OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string

from clinic.models import Clinic
from conditions.models import Condition
from evidence.change_once import register_teller
from evidence.models import Claim, ReviewNeeded
from evidence.placed_claims import PlacedClaim
from evidence.usage import Sought, Use, register_use_finder
from evidence.wording_sources import SourceText, register
from pages.page_kinds import PAGE_KINDS
from pages.reminders import editors, own_addresses
from pages.wording_sources import therapy_of
from practitioners.models import Practitioner
from publishing.fields import MarkdownField
from publishing.models import Page, Version
from treatments.models import Treatment

logger = logging.getLogger(__name__)


@register
def claims() -> Iterator[SourceText]:
    """Yield the sentence of every claim, drafts included, cited as readers meet it."""
    for claim in Claim.objects.select_related("treatment").prefetch_related("sources"):
        words = PlacedClaim(claim.sentence, list(claim.sources.all())).as_markdown
        therapy = therapy_of(claim.treatment) if claim.treatment else None
        yield SourceText(f"claim/{claim.key}:sentence", words, therapy, claim)


@register_use_finder
def pages_with_it_in_their_text(sought: Sought) -> Iterator[Use]:
    """Yield the pages and profiles whose Markdown names it, in public or in the newest draft."""
    if not sought.marks:
        return
    for model in PAGE_KINDS:
        written = _holding(sought, _markdown_fields(model))
        if "faqs" in model.PARTS:
            written |= _holding(sought, ["faqs__answer"])
        # By key, as a page with several answers that name it is still one page.
        pages = model.objects.kept().filter(pk__in=model.objects.filter(written).values("pk"))
        for page in pages:
            yield Use(page, "names it in its text")
        for page in _with_draft_holding(model, sought):
            yield Use(page, "names it in its newest version")
    for person in Practitioner.objects.filter(_holding(sought, ["profile"])):
        yield Use(person, "names it in the profile")


@register_use_finder
def conditions_that_show_it(sought: Sought) -> Iterator[Use]:
    """Yield the pages of the conditions that public claims are about."""
    for condition in Condition.objects.kept().filter(pk__in=sought.conditions):
        yield Use(condition, "shows it under “What the evidence says”")


@register_use_finder
def pages_with_its_signs(sought: Sought) -> Iterator[Use]:
    """Yield the pages with a warning sign that rests on a source."""
    for model in (Condition, Treatment):
        signs = model.objects.filter(warning_signs__sources__in=sought.sources)
        for page in model.objects.kept().filter(pk__in=signs.values("pk")):
            yield Use(page, "has a warning sign from it")


def _markdown_fields(model: type[Page]) -> list[str]:
    return [field.name for field in model._meta.fields if isinstance(field, MarkdownField)]


def _holding(sought: Sought, fields: list[str]) -> Q:
    places = [Q(**{f"{name}__icontains": mark}) for name in fields for mark in sought.marks]
    return reduce(or_, places)


def _with_draft_holding(model: type[Page], sought: Sought) -> list[Any]:
    kind = ContentType.objects.get_for_model(model)
    newest = (
        Version.objects.filter(content_type=kind, object_id=OuterRef("object_id"))
        .order_by("-number")
        .values("pk")[:1]
    )
    versions = (
        Version.objects.filter(content_type=kind, pk=Subquery(newest))
        .annotate(written=Cast("data", TextField()))
        .filter(_holding(sought, ["written"]))
    )
    keys = list(versions.values_list("object_id", flat=True))
    return list(model.objects.kept().filter(pk__in=keys))


@register_teller
def tell_reviewers(needs: Sequence[ReviewNeeded]) -> None:
    """Send one mail to each reviewer about all their pages that need looking at again.

    A page without a reviewer who can be reached concerns its author, else the editors.
    """
    by_address: dict[str, list[ReviewNeeded]] = defaultdict(list)
    for need in needs:
        for address in _addresses(need.page):
            by_address[address].append(need)
    for address, own in sorted(by_address.items()):
        try:
            _send(address, own)
        except OSError:  # smtplib's errors are of this kind too; one keeps no other from going
            logger.exception("A mail about pages to review again could not be sent")


def _send(address: str, needs: Sequence[ReviewNeeded]) -> None:
    count = len({(need.content_type_id, need.object_id) for need in needs})
    send_mail(
        "One page to review again" if count == 1 else f"{count} pages to review again",
        render_to_string(
            "pages/email/review_needed.txt",
            {"needs": needs, "clinic": Clinic.current(), "site_url": settings.SITE_URL},
        ),
        settings.DEFAULT_FROM_EMAIL,
        [address],
    )


def _addresses(page: models.Model | None) -> set[str]:
    if not isinstance(page, Page):  # deleted between the change and the telling
        return set()
    return own_addresses(page.reviewed_by) or own_addresses(page.author) or editors()
