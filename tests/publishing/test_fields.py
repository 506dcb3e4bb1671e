"""Short lists are typed one a line, Markdown is cleaned and checked, wherever the field stands."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from hypothesis import given
from hypothesis import strategies as st

from conditions.models import Condition
from publishing.fields import LinesFormField, MarkdownFormField, validate_lines
from tests.factories import make_condition
from tests.publishing.markup import find

pytestmark = pytest.mark.django_db

FIELDS = ["name", "slug", "summary", "overview", "also_known_as"]


def form(instance: Condition | None = None, **typed: str) -> Any:
    form_class = modelform_factory(Condition, fields=FIELDS)
    data = {
        "name": "Back pain",
        "slug": "back-pain",
        "summary": "Common.",
        "overview": "It is common.",
        "also_known_as": "",
    } | typed
    return form_class(data, instance=instance)


def saved(**typed: str) -> Condition:
    filled = form(**typed)
    assert filled.is_valid(), filled.errors
    condition = filled.save()
    condition.refresh_from_db()
    return condition  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("  \r\n \n", []),
        ("lumbago", ["lumbago"]),
        ("lumbago\r\nslipped disc\rbad back\n", ["lumbago", "slipped disc", "bad back"]),
        ("  bad \u00a0 back  ", ["bad back"]),
        ("lumbago\nlumbago\nLumbago", ["lumbago", "Lumbago"]),
        ("ألم الظهر\nl’aüge, “bad” <b>", ["ألم الظهر", "l’aüge, “bad” <b>"]),
        ('["not", "JSON"]', ['["not", "JSON"]']),
        ("nu\x00ll\u200b", ["null"]),
        ("a" * 120, ["a" * 120]),
    ],
)
def test_lines_are_kept_as_a_list(typed: str, kept: list[str]) -> None:
    assert saved(also_known_as=typed).also_known_as == kept


def test_line_that_is_too_long_is_refused() -> None:
    filled = form(also_known_as="short\n" + "a" * 121)
    assert filled.errors == {"also_known_as": ["Enter one a line, each of at most 120 letters."]}


def test_lines_are_shown_one_a_line_for_editing() -> None:
    condition = make_condition(also_known_as=["lumbago", "<b>ad back"])
    html = str(modelform_factory(Condition, fields=FIELDS)(instance=condition)["also_known_as"])
    assert find(html, "textarea").get_text().strip() == "lumbago\n<b>ad back"


@pytest.mark.parametrize(
    ("typed", "has_changed"),
    [
        ("lumbago\r\nbad back", False),
        ("lumbago\nbad back\n\n", False),
        ("bad back\nlumbago", True),
        ("", True),
    ],
)
def test_only_other_lines_are_a_change(typed: str, has_changed: bool) -> None:
    field = LinesFormField(required=False)
    assert field.has_changed(["lumbago", "bad back"], typed) is has_changed


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=120)))
def test_lines_shown_and_sent_back_are_the_same(lines: list[str]) -> None:
    field = LinesFormField(required=False)
    kept = field.to_python("\n".join(lines))
    assert field.to_python(field.prepare_value(kept)) == kept
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize("value", ["text", {"a": 1}, [1], [""], [None], ["a" * 121], [["a"]]])
def test_anything_but_a_list_of_short_lines_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        validate_lines(value)


def test_required_lines_are_asked_for() -> None:
    with pytest.raises(ValidationError):
        LinesFormField(required=True).clean(" \n ")


def test_markdown_is_cleaned_before_it_is_kept() -> None:
    condition = saved(overview="It is\u00a0common.\r\n\r\n<o:p></o:p>Very\u200b common.")
    assert condition.overview == "It is common.\n\nVery common."


def test_markdown_field_keeps_its_editor_wherever_it_is_shown() -> None:
    field = modelform_factory(Condition, fields=FIELDS)().fields["overview"]
    assert isinstance(field, MarkdownFormField)
    widget = modelform_factory(Condition, fields=FIELDS, widgets={"overview": forms.Textarea})
    for shown in (modelform_factory(Condition, fields=FIELDS), widget):
        assert "data-markdownx-urls-path" in str(shown()["overview"])


def test_markdown_that_holds_nothing_visible_is_no_text() -> None:
    assert form(overview=" \u00a0\u200b\r\n").errors.keys() == {"overview"}


def test_mistakes_are_named_line_by_line() -> None:
    filled = form(overview="One\n\n[x](y)\n\n![](image:1)")
    assert [each.split(":")[0] for each in filled.errors["overview"]] == ["Line 3", "Line 5"]


def test_editor_wears_the_styles_of_the_site() -> None:
    media = str(modelform_factory(Condition, fields=FIELDS)().media)
    assert "css/components/prose.css" in media
    assert "css/tokens.css" in media
    assert "markdownx" in media
