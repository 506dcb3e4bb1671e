"""A source has numbers of the right form, leads to its official page, and says if it stands."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from evidence import identifiers
from evidence.models import Source
from evidence.views import CARD_HEADINGS, care_cards, sources_of
from tests.factories import make_condition, make_source, make_treatment, make_warning_sign
from tests.publishing.markup import parse

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize(
    ("validate", "good", "bad"),
    [
        (
            identifiers.validate_nice,
            ["NG59", "CG177", "QS155", "IPG1", "TA1234"],
            ["ng59", "NG", "NG59 ", "NG59\n", "XX1", "59", "NG12345"],
        ),
        (
            identifiers.validate_doi,
            ["10.1136/bmj-2023-076227", "10.1000/a(b)<c>;2-#"],
            ["", "10.1/x", "doi:10.1136/x", "https://doi.org/10.1136/x", "10.1136/", "10.1136/a b"],
        ),
        (identifiers.validate_pmid, ["1", "27092807"], ["", "PMID27092807", "1234567890", "12 3"]),
        (identifiers.validate_pmcid, ["PMC1", "PMC3658605"], ["3658605", "pmc3658605", "PMC"]),
        (
            identifiers.validate_cochrane,
            ["CD007587"],
            ["CD7587", "007587", "CD0075870", "cd007587"],
        ),
        (
            identifiers.validate_isbn,
            ["9789240081789", "978-92-4-008178-9", "979-1-23-456789-0"],
            ["0306406152", "978-92-4-008178", "977-92-4-008178-9", "978-92-4-008178-99"],
        ),
    ],
)
def test_number_has_the_form_of_its_kind(
    validate: Callable[[str], None], good: list[str], bad: list[str]
) -> None:
    for value in good:
        validate(value)
    for value in bad:
        with pytest.raises(ValidationError, match="in this form: "):
            validate(value)


@pytest.mark.parametrize(
    ("fields", "link", "identifier"),
    [
        ({"nice": "NG59"}, "https://www.nice.org.uk/guidance/NG59", "NG59"),
        ({"doi": "10.1136/bmj.x"}, "https://doi.org/10.1136/bmj.x", "doi 10.1136/bmj.x"),
        (
            {"doi": "10.1002/1097(1999)19:1<1::AID-X>3.0.CO;2-#"},
            "https://doi.org/10.1002/1097(1999)19:1%3C1::AID-X%3E3.0.CO;2-%23",
            "doi 10.1002/1097(1999)19:1<1::AID-X>3.0.CO;2-#",
        ),
        ({"pmid": "27092807"}, "https://pubmed.ncbi.nlm.nih.gov/27092807/", ""),
        ({"pmcid": "PMC1"}, "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/", ""),
        ({"cochrane": "CD007587"}, "https://www.cochrane.org/CD007587", "CD007587"),
        ({"url": "https://www.asa.org.uk/x"}, "https://www.asa.org.uk/x", ""),
        ({"isbn": "9789240081789"}, "", ""),
        ({}, "", ""),
        (
            {"url": "https://x.example", "pmid": "1", "nice": "CG1"},
            "https://www.nice.org.uk/guidance/CG1",
            "CG1",
        ),
        ({"url": "https://x.example", "pmid": "1"}, "https://pubmed.ncbi.nlm.nih.gov/1/", ""),
    ],
)
def test_reference_leads_to_the_official_page(
    fields: dict[str, str], link: str, identifier: str
) -> None:
    source = make_source(**{"nice": ""} | fields)
    source.full_clean()
    assert (source.link, source.identifier) == (link, identifier)


@pytest.mark.parametrize(
    ("status", "names_newer", "is_right"),
    [
        ("current", False, True),
        ("withdrawn", False, True),
        ("lapsed", False, True),
        ("superseded", True, True),
        ("superseded", False, False),
        ("current", True, False),
        ("withdrawn", True, False),
    ],
)
def test_newer_source_is_named_if_and_only_if_this_one_is_superseded(
    status: str, names_newer: bool, is_right: bool
) -> None:
    newer = make_source("new")
    source = make_source("old", status=status, superseded_by=newer if names_newer else None)
    if is_right:
        source.full_clean()
    else:
        with pytest.raises(ValidationError) as raised:
            source.full_clean()
        assert raised.value.message_dict.keys() == {"superseded_by"}
    assert source.is_current is (status == "current")


def test_newer_source_cannot_be_deleted_under_an_older_one() -> None:
    newer = make_source("new")
    make_source("old", status="superseded", superseded_by=newer)
    with pytest.raises(ProtectedError):
        newer.delete()


@pytest.mark.parametrize(
    ("year", "is_right"), [(1899, False), (1900, True), (2100, True), (2101, False)]
)
def test_year_is_a_year(year: int, is_right: bool) -> None:
    source = make_source(year=year)
    if is_right:
        source.full_clean()
    else:
        with pytest.raises(ValidationError):
            source.full_clean()


def test_source_says_what_it_is() -> None:
    assert str(make_source("ng59", title="Back pain", year=2016)) == "ng59: Back pain (2016)"
    assert str(make_source("rule", title="A rule", year=None)) == "rule: A rule"


# --- warning signs --------------------------------------------------------------------------------


def test_cards_stand_most_urgent_first_with_the_headings_of_the_nhs() -> None:
    page = make_condition()
    routine = make_warning_sign(page, level="routine", sign="it does not get better")
    emergency = make_warning_sign(page, level="emergency", sign="you cannot feel your legs")
    urgent = make_warning_sign(page, level="urgent", sign="you have a high temperature")
    cards = care_cards(list(page.warning_signs.all()))
    assert [(card["level"], card["signs"]) for card in cards] == [
        ("emergency", [emergency]),
        ("urgent", [urgent]),
        ("routine", [routine]),
    ]
    assert [card["heading"] for card in cards] == [
        "Call 999 or go to A&E now if:",
        "Ask for an urgent GP appointment or get help from NHS 111 if:",
        "Speak to a GP if:",
    ]
    assert len(CARD_HEADINGS) == 3


def test_level_without_signs_has_no_card() -> None:
    page = make_condition()
    make_warning_sign(page, level="urgent")
    assert [card["level"] for card in care_cards(list(page.warning_signs.all()))] == ["urgent"]
    assert care_cards([]) == []


def test_signs_stand_in_the_order_of_their_positions() -> None:
    page = make_condition()
    second, first = make_warning_sign(page, position=2), make_warning_sign(page, position=1)
    assert care_cards(list(page.warning_signs.all()))[0]["signs"] == [first, second]


def test_sign_is_named_by_its_words() -> None:
    assert str(make_warning_sign(make_condition(), sign="you feel sick")) == "you feel sick"


def test_level_cannot_be_made_up() -> None:
    sign = make_warning_sign(make_condition(), level="soon")
    with pytest.raises(ValidationError):
        sign.full_clean()


def test_sources_of_signs_are_each_given_once() -> None:
    page = make_condition()
    first, second = make_source("first"), make_source("second")
    signs = [
        make_warning_sign(page, sources=[first, second]),
        make_warning_sign(page, sources=[second]),
    ]
    assert sources_of(signs) == [first, second]


@pytest.mark.parametrize("make", [make_condition, make_treatment])
def test_sign_that_awaits_a_clinician_is_shown_all_the_same(
    client: Client, make: Callable[..., Any]
) -> None:
    page = make()
    make_warning_sign(page, sign="you cannot move your feet", awaiting_clinician=True)
    text = parse(client.get(page.get_absolute_url()).content.decode()).get_text()
    assert "you cannot move your feet" in text
    assert "999" in text


@pytest.mark.parametrize("make", [make_condition, make_treatment])
def test_signs_take_the_same_number_of_queries_however_many_there_are(
    client: Client, make: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    page = make()
    source = make_source()
    counts = []
    for count in (1, 7):
        for _ in range(count):
            make_warning_sign(page, sources=[source])
        with django_assert_num_queries(100, exact=False) as queries:
            client.get(page.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- admin ----------------------------------------------------------------------------------------

LIST = reverse("admin:evidence_source_changelist")
ADD = reverse("admin:evidence_source_add")


def form(**changes: str) -> dict[str, str]:
    return {
        "key": "ng59",
        "kind": "guideline",
        "title": "Low back pain",
        "body": "NICE",
        "nice": "NG59",
        "status": "current",
    } | changes


def test_source_is_added_and_cited(staff: Callable[..., Client]) -> None:
    assert staff("Author").post(ADD, form()).status_code == 302
    assert Source.objects.get().link == "https://www.nice.org.uk/guidance/NG59"


@pytest.mark.parametrize(
    "changes",
    [
        {"nice": "59"},
        {"status": "superseded"},
        {"key": "has space"},
        {"url": "javascript:alert(1)"},
        {"year": "20"},
    ],
)
def test_mistake_is_refused(staff: Callable[..., Client], changes: dict[str, str]) -> None:
    response = staff("Author").post(ADD, form(**changes))
    assert response.status_code == 200
    assert parse(response.content.decode()).select(".errorlist")
    assert not Source.objects.exists()


def test_same_key_twice_is_refused(staff: Callable[..., Client]) -> None:
    make_source("ng59")
    assert staff("Author").post(ADD, form()).status_code == 200
    assert Source.objects.count() == 1


def test_key_that_pages_cite_stays(staff: Callable[..., Client]) -> None:
    source = make_source("ng59")
    address = reverse("admin:evidence_source_change", args=[source.pk])
    assert staff("Author").post(address, form(key="other", title="New")).status_code == 302
    source.refresh_from_db()
    assert (source.key, source.title) == ("ng59", "New")


def test_form_shows_where_the_reference_leads(staff: Callable[..., Client]) -> None:
    client = staff("Author")
    for source, leads_to in [
        (make_source(), "https://www.nice.org.uk/guidance/NG59"),
        (make_source(nice=""), None),
    ]:
        address = reverse("admin:evidence_source_change", args=[source.pk])
        soup = parse(client.get(address).content.decode())
        (field,) = soup.select(".field-address")
        link = field.select_one("a")
        assert (link["href"] if link else None) == leads_to
        assert leads_to or "Nowhere yet" in field.get_text()


def test_sources_are_searched_and_filtered(staff: Callable[..., Client]) -> None:
    make_source("ng59", title="Back", checked_on=date(2026, 1, 1))
    make_source("old", title="Withdrawn one", status="withdrawn", nice="", doi="10.1000/abc")
    client = staff("Author")

    def keys(**query: str) -> list[str]:
        soup = parse(client.get(LIST, query).content.decode())
        return [each.get_text() for each in soup.select("#result_list tbody th")]

    assert keys(q="10.1000/abc") == ["old"]
    assert keys(q="back") == ["ng59"]
    assert keys(status__exact="withdrawn") == ["old"]
    assert keys() == ["ng59", "old"]


def test_reception_does_not_see_sources(staff: Callable[..., Client]) -> None:
    assert staff("Reception").get(LIST).status_code == 403
