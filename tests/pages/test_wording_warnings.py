"""Whoever saves a page is told of wording that advertising rules do not allow."""

import io
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from evidence.wording_sources import texts
from pages.models import InformationPage
from tests.demo import DemoRows

pytestmark = pytest.mark.django_db


def save(client: Client, body: str) -> list[tuple[str, str]]:
    """Save an information page; return the level and text of every message about its wording."""
    response = client.post(
        reverse("admin:pages_informationpage_add"),
        {
            "title": "Our needles",
            "slug": "our-needles",
            "summary": "What we do.",
            "body": body,
            "menu": "none",
            "order": "1",
        },
    )
    assert response.status_code == 302
    return [
        (message.level_tag, str(message))
        for message in get_messages(response.wsgi_request)
        if str(message).startswith("Check the wording.")
    ]


def test_three_breaches_in_one_sentence_are_named_with_a_better_one(
    staff: Callable[..., Client],
) -> None:
    found = save(
        staff("Editor"),
        "NICE recommends acupuncture for low back pain, it is proven and completely safe.",
    )
    assert [level for level, _ in found] == ["error", "error", "error"]
    text = " ".join(message for _, message in found)
    for words in ("NICE recommends", "proven", "completely safe"):
        assert words in text
    assert all("Body, line 1" in message and "Instead:" in message for _, message in found)


def test_a_fair_text_gets_no_warning_and_no_praise(staff: Callable[..., Client]) -> None:
    assert save(staff("Editor"), "Side effects are usually mild. Tell us what worries you.") == []


def test_a_warning_does_not_stop_the_work(staff: Callable[..., Client]) -> None:
    save(staff("Editor"), "We cure back pain.")
    assert InformationPage.objects.get(slug="our-needles").body == "We cure back pain."


def test_many_findings_are_counted_not_poured_out(staff: Callable[..., Client]) -> None:
    body = "\n\n".join("We cure back pain." for _ in range(14))
    assert len(save(staff("Editor"), body)) == 10


def test_the_whole_demonstration_passes_the_check(demo: DemoRows) -> None:
    names = [text.name for text in texts()]
    for kind in ("condition/", "treatment/", "article/", "informationpage/", "practitioner/"):
        assert any(name.startswith(kind) for name in names)
    printed = io.StringIO()
    call_command("check_claims", stdout=printed)
    assert " error " not in printed.getvalue()
