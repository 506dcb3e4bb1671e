"""What the form refuses is an error too where a text comes from elsewhere."""

import pytest

from publishing.checks import Level, findings_on
from publishing.workflow import latest_version
from tests.factories import make_article, make_faq, make_source

pytestmark = pytest.mark.django_db


def errors(page: object) -> list[str]:
    found = [each for each in findings_on(page, latest_version(page)) if each.level is Level.ERROR]
    return [str(each) for each in found if "source with" in each.reason]


def test_citation_of_a_source_that_has_gone_is_an_error() -> None:
    source = make_source("ng59")
    page = make_article(body="One.\n\nNICE says so [@ng59].")
    assert errors(page) == []
    source.delete()
    (found,) = errors(page)
    assert found.startswith("Body, line 3:")
    assert "ng59" in found


def test_answer_of_a_question_is_looked_at_too() -> None:
    page = make_article()
    make_faq(page, answer="It may [@nobody].")
    assert "nobody" in errors(page)[0]
