"""Times, dates and prices as people write them, and the boxes that templates build pages of."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError

from components import styles
from components.templatetags.components import clock, full_date, pounds, time_element
from tests.publishing.markup import find


def rendered(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (time(17), "5pm"),
        (time(17, 30), "5:30pm"),
        (time(9, 5), "9:05am"),
        (time(0), "midnight"),
        (time(0, 1), "12:01am"),
        (time(11, 59), "11:59am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(1), "1am"),
        (time(23, 59), "11:59pm"),
        (datetime(2026, 1, 5, 17, tzinfo=UTC), "5pm"),
        (datetime(2026, 7, 1, 16, 30, tzinfo=UTC), "5:30pm"),  # summer time
        (datetime(2026, 7, 1, 23, tzinfo=UTC), "midnight"),
        (None, ""),
        ("", ""),
    ],
)
def test_clock(value: Any, words: str) -> None:
    assert clock(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 8, 6), "6 August 2026"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026"),  # summer time
        (None, ""),
        ("", ""),
    ],
)
def test_full_date(value: Any, words: str) -> None:
    assert full_date(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("60.00"), "£60"),
        (Decimal(60), "£60"),
        (Decimal("62.50"), "£62.50"),
        (Decimal("100.00"), "£100"),
        (Decimal("0.00"), "£0"),
        (Decimal("59.99"), "£59.99"),
    ],
)
def test_pounds(value: Decimal, words: str) -> None:
    assert pounds(value) == words


def test_time_element_says_the_day_to_people_and_machines() -> None:
    assert time_element(date(2026, 8, 6)) == '<time datetime="2026-08-06">6 August 2026</time>'
    late = time_element(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert late == '<time datetime="2026-07-02">2 July 2026</time>'
    assert time_element(None) == ""


def test_inset_escapes_what_comes_from_the_database() -> None:
    html = rendered(
        "{% inset kind=text %}{{ text }}{% endinset %}",
        text='"><script>alert(1)</script>',
    )
    assert "<script" not in html


def test_place_of_the_styles_has_the_colour() -> None:
    assert styles.fill(rendered('{% inline_styles "#123456" %}'))[1].startswith("'sha256-")


def test_inset_has_its_kind() -> None:
    assert (
        find(rendered('{% inset kind="draft" %}x{% endinset %}'), ".inset--draft").get_text() == "x"
    )
    assert find(rendered("{% inset %}x{% endinset %}"), ".inset--note").get_text() == "x"


@pytest.mark.parametrize(
    "source",
    [
        '{% card heading="A" colour="red" %}x{% endcard %}',
        '{% card "A" %}x{% endcard %}',
        "{% card %}x{% endcard %}",
        '{% inset type="note" %}x{% endinset %}',
        "{% time_element %}",
    ],
)
def test_misspelt_option_is_a_mistake_in_the_template(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered(source)
