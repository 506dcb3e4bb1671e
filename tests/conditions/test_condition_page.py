"""One condition: its sections in order, when to get help, who to ask and what it rests on."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from conditions.models import Condition
from evidence.models import Source, WarningSign
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_practitioner,
    make_source,
    make_treatment,
    make_warning_sign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# The order that the issue gives.
HEADINGS = [
    "Overview", "Symptoms", "Causes", "When to get help", "What you can do yourself",
    "How we can help", "What the evidence says", "What happens at a session",
    "Side effects and aftercare", "Tell us first", "Questions people ask",
]  # fmt: skip
ALL_SECTIONS = {section.field: f"About {section.field}." for section in Condition.SECTIONS}


def read(client: Client, condition: Condition) -> BeautifulSoup:
    response = client.get(condition.get_absolute_url())
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


def make_full(**fields: Any) -> Condition:
    condition = make_condition(**ALL_SECTIONS | fields)
    for level in WarningSign.Level:
        make_warning_sign(condition, level=level, sign=f"a sign that is {level.value}")
    make_faq(condition)
    return condition


# --- sections ----------------------------------------------------------------------------------


def test_sections_stand_in_the_agreed_order_with_the_care_cards_among_them(client: Client) -> None:
    soup = read(client, make_full())
    found = [words(each) for each in soup.select(".columns__main h2")]
    assert found[: len(HEADINGS)] == HEADINGS


def test_contents_list_follows_the_page(client: Client) -> None:
    soup = read(client, make_full())
    entries = soup.select("nav.contents li a")
    assert [words(each) for each in entries][: len(HEADINGS)] == HEADINGS
    order = [str(each["id"]) for each in soup.main.find_all("h2", id=True)]  # type: ignore[union-attr]
    targets = [str(each["href"]).removeprefix("#") for each in entries]
    assert targets == [each for each in order if each in targets]


@pytest.mark.parametrize("missing", [section.field for section in Condition.SECTIONS[1:]])
def test_section_without_text_is_neither_shown_nor_listed(client: Client, missing: str) -> None:
    soup = read(client, make_full(**{missing: " \n"}))
    heading = next(each.heading for each in Condition.SECTIONS if each.field == missing)
    assert heading not in [words(each) for each in soup.select("main h2, nav.contents a")]
    # The signs that need help are shown whatever else is missing, and can be jumped to.
    assert len(soup.select(".care-card")) == 3
    assert soup.select_one("#when-to-get-help") is not None


def test_contents_list_names_the_care_cards_without_the_section_they_stand_before(
    client: Client,
) -> None:
    soup = read(client, make_full(self_care=""))
    assert "When to get help" in [words(each) for each in soup.select("nav.contents a")]


def test_page_without_signs_has_no_empty_care_cards(client: Client) -> None:
    soup = read(client, make_condition(**ALL_SECTIONS))
    assert soup.select(".care-card") == []
    assert soup.select_one("#when-to-get-help") is None
    assert soup.select('a[href="#when-to-get-help"]') == []


# --- care cards --------------------------------------------------------------------------------


def test_care_cards_come_most_urgent_first_with_fixed_words(client: Client) -> None:
    condition = make_condition(**ALL_SECTIONS)
    for level in reversed(WarningSign.Level):
        make_warning_sign(condition, level=level, sign=f"a sign that is {level.value}")
    headings = [words(each) for each in read(client, condition).select(".care-card h3")]
    assert headings == [
        "Immediate action required: Call 999 or go to A&E now if:",
        "Urgent advice: Ask for an urgent GP appointment or get help from NHS 111 if:",
        "Non-urgent advice: Speak to a GP if:",
    ]


def test_urgency_is_read_out_and_not_only_coloured(client: Client) -> None:
    for heading in read(client, make_full()).select(".care-card h3"):
        prefix = heading.select_one(".visually-hidden")
        assert prefix is not None
        assert words(prefix).endswith(":")


def test_each_sign_stands_in_the_card_of_its_level(client: Client) -> None:
    soup = read(client, make_full())
    for level in WarningSign.Level:
        signs = [words(each) for each in soup.select(f".care-card--{level.value} li")]
        assert signs == [f"a sign that is {level.value}"]


def test_signs_keep_their_order(client: Client) -> None:
    condition = make_condition()
    for position, sign in ((2, "third"), (0, "first"), (1, "second")):
        make_warning_sign(condition, sign=sign, position=position)
    signs = [words(each) for each in read(client, condition).select(".care-card li")]
    assert signs == ["first", "second", "third"]


def test_card_without_signs_is_left_out(client: Client) -> None:
    condition = make_condition()
    make_warning_sign(condition, level=WarningSign.Level.URGENT)
    cards = read(client, condition).select(".care-card")
    assert len(cards) == 1
    assert "care-card--urgent" in cards[0]["class"]


def test_sign_that_awaits_a_clinician_is_shown(client: Client) -> None:
    condition = make_condition()
    make_warning_sign(condition, sign="your foot is floppy", awaiting_clinician=True)
    assert "your foot is floppy" in words(read(client, condition).select_one(".care-card"))


def test_sign_is_text_and_never_markup(client: Client) -> None:
    condition = make_condition()
    make_warning_sign(condition, sign="<b>pain</b> & [@ng59]")
    card = read(client, condition).select_one(".care-card li")
    assert card is not None
    assert card.get_text(strip=True) == "<b>pain</b> & [@ng59]"


def test_head_of_the_page_points_to_the_care_cards(client: Client) -> None:
    link = read(client, make_full()).select_one(".page-head a[href='#when-to-get-help']")
    assert link is not None


# --- references --------------------------------------------------------------------------------


def test_references_are_numbered_in_reading_order_and_linked(client: Client) -> None:
    for key, title in (("b-src", "Second"), ("a-src", "First"), ("c-src", "Third")):
        make_source(key, title=title)
    condition = make_condition(
        overview="One [@a-src]. Two [@b-src].",
        symptoms="Again [@a-src].",
        cautions="Three [@c-src].",
    )
    soup = read(client, condition)
    marks = [(words(each), str(each["href"])) for each in soup.select(".prose sup a")]
    assert marks == [
        ("[1]", "#reference-1"),
        ("[2]", "#reference-2"),
        ("[1]", "#reference-1"),
        ("[3]", "#reference-3"),
    ]
    entries = soup.select("ol > li[id^=reference-]")
    assert [str(each["id"]) for each in entries] == ["reference-1", "reference-2", "reference-3"]
    for entry, title in zip(entries, ("First", "Second", "Third"), strict=True):
        assert title in words(entry)
    first = soup.select_one(".prose sup a")
    assert first is not None
    assert first["aria-label"] == "Reference 1"


def test_citations_in_answers_are_numbered_with_the_rest(client: Client) -> None:
    make_source("one")
    make_source("two")
    condition = make_condition(overview="One [@one].")
    make_faq(condition, answer="Two [@two], and one [@one].")
    marks = [words(each) for each in read(client, condition).select(".faq sup a")]
    assert marks == ["[2]", "[1]"]


def test_reference_leads_to_the_publication(client: Client) -> None:
    make_source("ng59", title="Low back pain", body="NICE", year=2016, nice="NG59")
    entry = read(client, make_condition(overview="So [@ng59].")).select_one("#reference-1")
    assert entry is not None
    link = entry.find("a", class_="external-link")
    assert link is not None
    assert link["href"] == "https://www.nice.org.uk/guidance/NG59"
    assert "NICE, 2016, NG59" in words(entry)


def test_source_that_no_longer_stands_says_so(client: Client) -> None:
    newer = make_source("ng59")
    make_source("cg88", status=Source.Status.SUPERSEDED, superseded_by=newer)
    entry = read(client, make_condition(overview="So [@cg88].")).select_one("#reference-1")
    assert "Superseded by a newer one" in words(entry)


def test_source_that_has_gone_since_is_marked_and_breaks_nothing(client: Client) -> None:
    condition = make_condition(overview="So [@gone].")
    assert "[source needed]" in words(read(client, condition).main)


def test_sources_of_the_signs_are_listed(client: Client) -> None:
    condition = make_condition()
    source = make_source("bhs", title="Better health")
    for sign in ("one", "two"):
        make_warning_sign(condition, sign=sign, sources=[source])
    section = read(client, condition).select_one(".references")
    assert section is not None
    assert words(section).count("Better health") == 1


# --- review ------------------------------------------------------------------------------------


def reviewed(**fields: Any) -> Condition:
    author = make_practitioner(name="Ann Example", professional_title="Osteopath")
    reviewer = make_practitioner(name="Bob Sample", professional_title="Physiotherapist")
    fields = {
        "author": author,
        "reviewed_by": reviewer,
        "reviewed_on": timezone.localdate() - timedelta(days=10),
        "next_review_due": timezone.localdate() + timedelta(days=300),
    } | fields
    return make_condition(**fields)


def panel(client: Client, condition: Condition) -> str:
    return words(read(client, condition).select_one("#page-review"))


def test_reviewed_page_names_author_reviewer_and_dates(client: Client) -> None:
    condition = reviewed(
        reviewed_on=date(2025, 8, 6), next_review_due=date(2099, 8, 6), updated_on=date(2025, 8, 1)
    )
    text = panel(client, condition)
    assert "Written by Ann Example Osteopath" in text
    assert "Clinically reviewed by Bob Sample Physiotherapist" in text
    assert "Page last reviewed: 6 August 2025" in text
    assert "Next review due: 6 August 2099" in text
    assert "Updated on 1 August 2025" in text
    assert "Published on 6 January 2025" in text
    assert "has not yet checked" not in text
    assert "past its review date" not in text


def test_page_changed_since_its_review_says_so(client: Client) -> None:
    today = timezone.localdate()
    text = panel(client, reviewed(updated_on=today))
    assert "The clinician has not yet checked the latest changes." in text


def test_page_updated_on_the_day_of_its_review_counts_as_checked(client: Client) -> None:
    today = timezone.localdate()
    assert "has not yet checked" not in panel(client, reviewed(reviewed_on=today, updated_on=today))


@pytest.mark.parametrize(("days", "is_overdue"), [(-1, True), (0, False), (1, False)])
def test_review_is_overdue_from_the_day_after_it_was_due(
    client: Client, days: int, is_overdue: bool
) -> None:
    due = timezone.localdate() + timedelta(days=days)
    assert ("past its review date" in panel(client, reviewed(next_review_due=due))) is is_overdue


def test_page_that_was_never_reviewed_says_so(client: Client) -> None:
    condition = make_condition(author=make_practitioner(name="Ann Example"))
    text = panel(client, condition)
    assert "Not yet clinically reviewed" in text
    assert "Clinically reviewed by" not in text
    assert "Next review due" not in text


def test_named_reviewer_without_a_review_is_not_claimed(client: Client) -> None:
    condition = make_condition(reviewed_by=make_practitioner(name="Bob Sample"))
    assert "Bob Sample" not in panel(client, condition)


# --- people, articles and the way to the form --------------------------------------------------


def test_people_who_see_the_condition_are_shown_with_the_way_to_ask_them(client: Client) -> None:
    condition = make_condition(slug="back-pain")
    person = make_practitioner(slug="ann-example", name="Ann Example")
    person.conditions.add(condition)
    busy = make_practitioner(slug="bob-sample", name="Bob Sample", taking_new_patients=False)
    busy.conditions.add(condition)
    gone = make_practitioner(name="Cem Gone", leaves_on=timezone.localdate())
    gone.conditions.add(condition)
    make_practitioner(name="Dee Other")
    soup = read(client, condition)
    assert [words(each) for each in soup.select(".people h3")] == ["Ann Example", "Bob Sample"]
    links = {str(link["href"]) for link in soup.select('main a[href^="/contact/"]')}
    assert links == {
        "/contact/?condition=back-pain",
        "/contact/?condition=back-pain&practitioner=ann-example",
    }


def test_enquire_carries_condition_and_person_into_the_form(client: Client) -> None:
    condition = make_condition(slug="back-pain")
    make_practitioner(slug="ann-example").conditions.add(condition)
    link = read(client, condition).select_one('main a[href*="practitioner="]')
    assert link is not None
    form = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    chosen = [str(option["value"]) for option in form.select("option[selected]")]
    assert chosen == ["back-pain", "ann-example"]


def test_without_people_of_its_own_those_who_give_its_treatments_are_shown(client: Client) -> None:
    condition = make_condition()
    treatments = [make_treatment(name="Massage"), make_treatment(name="Needles")]
    condition.treatments.set(treatments)
    person = make_practitioner(name="Ann Example")
    person.treatments.set(treatments)
    make_practitioner(name="Bob Other").treatments.add(make_treatment())
    soup = read(client, condition)
    assert [words(each) for each in soup.select(".people h3")] == ["Ann Example"]


def test_people_of_its_own_come_before_those_who_give_its_treatments(client: Client) -> None:
    condition, treatment = make_condition(), make_treatment()
    condition.treatments.add(treatment)
    make_practitioner(name="Ann Example").treatments.add(treatment)
    make_practitioner(name="Bob Sample").conditions.add(condition)
    names = [words(each) for each in read(client, condition).select(".people h3")]
    assert names == ["Bob Sample"]


def test_condition_that_nobody_sees_still_has_the_way_to_ask(client: Client) -> None:
    condition = make_condition(slug="rare-pain")
    soup = read(client, condition)
    assert soup.select(".people") == []
    assert soup.select('main .columns__main a.button[href="/contact/?condition=rare-pain"]')


def test_treatments_to_ask_about_are_linked_unless_they_are_drafts(client: Client) -> None:
    condition = make_condition()
    public, draft = make_treatment(name="Massage"), make_treatment(name="Magic", published_at=None)
    condition.treatments.set([public, draft])
    soup = read(client, condition)
    assert soup.select(f'main a[href="{public.get_absolute_url()}"]')
    assert "Magic" not in words(soup.main)


def test_articles_about_it_are_linked_newest_first(client: Client) -> None:
    condition = make_condition()
    days = [timezone.now() - timedelta(days=number) for number in range(8)]
    for number, day in enumerate(days):
        make_article(title=f"Article number {number}", published_at=day).conditions.add(condition)
    make_article(title="About something else")
    draft = make_article(title="A draft", published_at=None)
    draft.conditions.add(condition)
    found = [words(each) for each in read(client, condition).select(".teaser h3")]
    assert found == [f"Article number {number}" for number in range(6)]


# --- questions ---------------------------------------------------------------------------------


def test_questions_stand_open_in_their_order(client: Client) -> None:
    condition = make_condition()
    make_faq(condition, question="Second?", answer="Yes, **second**.", position=1)
    make_faq(condition, question="First?", answer="Yes.", position=0)
    soup = read(client, condition)
    assert [words(each) for each in soup.select(".faq h3")] == ["First?", "Second?"]
    assert soup.select_one(".faq strong") is not None
    assert soup.select("details") == []
    assert soup.select_one('nav.contents a[href="#page-questions"]') is not None


def test_page_without_questions_has_no_heading_for_them(client: Client) -> None:
    soup = read(client, make_condition())
    assert "Questions people ask" not in words(soup.main)
