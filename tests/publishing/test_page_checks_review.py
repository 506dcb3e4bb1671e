"""Words that nobody approved, or whose review is due, are warned of and do not stop a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from publishing import snapshots
from publishing.checks import Candidate
from publishing.page_checks.review import clinical_review
from publishing.workflow import Refused, latest_version, publish
from tests.factories import (
    make_article,
    make_information_page,
    make_practitioner,
    make_review,
    make_user,
    make_version,
)
from tests.publishing.candidates import article, condition
from tests.publishing.test_work import form_of, step

pytestmark = pytest.mark.django_db


def found(page: Any) -> list[tuple[str, str]]:
    """Return level and reason of what is said about the newest version."""
    version = latest_version(page)
    candidate = Candidate(snapshots.read(page, version.data), version)
    return [(each.level.value, each.reason) for each in clinical_review(candidate)]


NOBODY = [("warning", "No clinician has approved these words.")]


def test_words_that_nobody_approved_are_warned_of() -> None:
    page = make_article(published_at=None)
    assert found(page) == NOBODY
    make_review(page, decision="changes", remark="Too strong.")
    assert found(page) == NOBODY
    make_review(page)
    assert found(page) == []
    make_version(page, summary="Other words.", change_note="Other.")
    assert found(page) == NOBODY


def test_a_review_that_is_due_again_is_warned_of() -> None:
    page = make_article(published_at=None)
    due = make_review(page).next_review_due
    assert due is not None
    with time_machine.travel(timezone.now() + (due - timezone.localdate())):
        assert found(page) == []
    with time_machine.travel(timezone.now() + (due - timezone.localdate()) + timedelta(days=1)):
        words = f"The next clinical review was due on {due:%-d %B %Y}."
        assert found(page) == [("warning", words)]


def test_a_page_that_says_nothing_about_health_needs_none() -> None:
    assert found(make_information_page(is_about_health=False)) == []
    assert found(make_information_page()) == NOBODY


def test_words_that_are_not_saved_are_approved_by_nobody() -> None:
    for candidate in (article("Words."), condition(overview="Words.")):
        assert [each.reason for each in clinical_review(candidate)] == [NOBODY[0][1]]


def test_whoever_publishes_without_a_review_accepts_the_warning_too() -> None:
    page = make_article(published_at=None, author=make_practitioner())
    manager = make_user("Manager")
    version = latest_version(page)
    with pytest.raises(Refused, match="Read the warnings"):
        publish(page, version, manager, unreviewed_reason="A flood.")
    found = publish(page, version, manager, unreviewed_reason="A flood.", accepts_warnings=True)
    assert NOBODY[0][1] in [each["reason"] for each in found.accepted_warnings]


def test_it_stands_in_the_editor_until_the_words_are_approved(
    staff: Callable[[str], Client],
) -> None:
    page, editor = make_article(), staff("Editor")

    def is_told(**typed: str) -> bool:
        sent = form_of(editor, page) | typed
        shown = editor.post(step(page), sent | {"_check": "1"}).content.decode()
        editor.post(f"/admin/articles/article/{page.pk}/typed/", {"discard": "1"})
        return NOBODY[0][1] in shown

    assert NOBODY[0][1] in editor.get(f"{step(page)}?checked=1").content.decode()
    assert is_told()
    make_review(page)
    assert not is_told()
    assert is_told(body="Other words.")
