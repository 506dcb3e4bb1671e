"""The list of people and its filters: counts are true, choices combine, nobody is a dead end."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import hypothesis
import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st

from clinic.models import Weekday
from practitioners.models import Language, Practitioner, WorkingDay
from tests.factories import make_clinic, make_condition, make_practitioner, make_treatment

pytestmark = pytest.mark.django_db

ADDRESS = "/practitioners/"
CONDITIONS = ("back", "knee", "neck")
TREATMENTS = ("massage", "needles")
LANGUAGES = ("English", "polski", "Cymraeg")
DAYS = ("monday", "wednesday", "sunday")


@dataclass(frozen=True)
class Listing:
    """The list as a visitor reads it."""

    names: list[str]
    total: int
    # By the parameter's name: each option's value with its count.
    counts: dict[str, dict[str, int]]
    soup: BeautifulSoup

    @property
    def text(self) -> str:
        return " ".join(self.soup.main.get_text(" ").split())  # type: ignore[union-attr]


def look(client: Client, **chosen: str) -> Listing:
    """Ask for the list with the choices and read it."""
    parameters = {name.replace("_", "-"): value for name, value in chosen.items()}
    response = client.get(f"{ADDRESS}?{urlencode(parameters)}")
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    heading = soup.select_one("main .columns-wide h2, main form ~ h2")
    assert heading is not None
    counts: dict[str, dict[str, int]] = {}
    for select in soup.select("main form select"):
        counts[str(select["name"])] = {
            str(option["value"]): int(re.findall(r"\((\d+)\)$", option.get_text(strip=True))[0])
            for option in select.select("option")
            if option["value"]
        }
    return Listing(
        [each.get_text(strip=True) for each in soup.select(".people h3")],
        int(re.findall(r"\d+", heading.get_text())[0]),
        counts,
        soup,
    )


def make_person(name: str, **fields: object) -> Practitioner:
    """Make somebody with lists of slugs, names and days as the filters know them."""
    conditions, treatments = fields.pop("conditions", ()), fields.pop("treatments", ())
    languages, days = fields.pop("languages", ()), fields.pop("days", ())
    person = make_practitioner(name=name, **fields)
    person.conditions.set(person.conditions.model.objects.filter(slug__in=conditions))
    person.treatments.set(person.treatments.model.objects.filter(slug__in=treatments))
    person.languages.set(Language.objects.get_or_create(name=each)[0] for each in languages)
    for day in days:
        WorkingDay.objects.create(practitioner=person, weekday=Weekday[day.upper()])
    return person


def make_subjects() -> None:
    for slug in CONDITIONS:
        make_condition(slug=slug, name=f"{slug.title()} pain")
    for slug in TREATMENTS:
        make_treatment(slug=slug, name=slug.title())


@pytest.fixture
def three_people() -> None:
    make_subjects()
    make_person("Ann", conditions=["back", "knee"], treatments=["needles"], languages=["English"],
                days=["monday"], order=1)  # fmt: skip
    make_person("Bob", conditions=["back"], treatments=["massage"], days=["monday", "sunday"],
                languages=["English", "polski"], taking_new_patients=False, order=2)  # fmt: skip
    make_person("Cem", conditions=["neck"], treatments=["massage", "needles"],
                languages=["Cymraeg"], days=["wednesday"], order=3)  # fmt: skip


@pytest.mark.usefixtures("three_people")
class TestChoices:
    """What a visitor sees after choosing."""

    def test_without_a_choice_everyone_is_shown(self, client: Client) -> None:
        listing = look(client)
        assert listing.names == ["Ann", "Bob", "Cem"]
        assert listing.total == 3
        assert "3 people" in listing.text
        assert "fit your choice" not in listing.text
        assert not listing.soup.find("a", string=re.compile("^Clear"))

    @pytest.mark.parametrize(
        ("name", "value", "names"),
        [
            ("condition", "back", ["Ann", "Bob"]),
            ("treatment", "massage", ["Bob", "Cem"]),
            ("day", "sunday", ["Bob"]),
            ("language", "polski", ["Bob"]),
            ("language", "english", ["Ann", "Bob"]),
            ("new_patients", "yes", ["Ann", "Cem"]),
        ],
    )
    def test_one_choice_narrows(
        self, client: Client, name: str, value: str, names: list[str]
    ) -> None:
        listing = look(client, **{name: value})
        assert listing.names == names
        assert listing.total == len(names)

    def test_choices_combine(self, client: Client) -> None:
        assert look(client, condition="back", day="monday").names == ["Ann", "Bob"]
        assert look(client, condition="back", day="monday", new_patients="yes").names == ["Ann"]
        assert look(client, condition="neck", day="monday").names == []

    def test_counts_say_what_would_be_left_with_the_other_choices_kept(
        self, client: Client
    ) -> None:
        counts = look(client, condition="back").counts
        assert counts["condition"] == {"back": 2, "knee": 1, "neck": 1}
        assert counts["treatment"] == {"massage": 1, "needles": 1}
        assert counts["day"] == {"monday": 2, "wednesday": 0, "sunday": 1}
        assert counts["language"] == {"cymraeg": 0, "english": 2, "polski": 1}
        assert counts["new-patients"] == {"yes": 1}

    def test_days_stand_in_the_order_of_the_week(self, client: Client) -> None:
        assert list(look(client).counts["day"]) == ["monday", "wednesday", "sunday"]

    def test_choice_stays_chosen_in_the_form(self, client: Client) -> None:
        listing = look(client, day="sunday", language="polski")
        chosen = {option["value"] for option in listing.soup.select("option[selected]")}
        assert chosen == {"sunday", "polski"}

    @pytest.mark.parametrize("value", ["SUNDAY", " sunday ", "Sunday"])
    def test_case_and_spaces_do_not_matter(self, client: Client, value: str) -> None:
        assert look(client, day=value).names == ["Bob"]

    def test_one_person_is_said_in_the_singular(self, client: Client) -> None:
        assert "1 person fits your choice" in look(client, day="sunday").text

    def test_choice_can_be_cleared(self, client: Client) -> None:
        clear = look(client, day="sunday").soup.find("a", string=None, class_=None, href=ADDRESS)
        assert clear is not None
        assert any(
            link.get_text(strip=True).startswith("Clear")
            for link in look(client, day="sunday").soup.select(f'main a[href="{ADDRESS}"]')
        )

    @pytest.mark.parametrize("name", ["condition", "treatment", "day", "language", "new_patients"])
    @pytest.mark.parametrize("value", ["no-such", "back'", "\x00", "0"])
    def test_unknown_value_finds_nobody_and_shows_the_way_back(
        self, client: Client, name: str, value: str
    ) -> None:
        listing = look(client, **{name: value})
        assert listing.names == []
        assert listing.total == 0
        assert "0 people fit your choice" in listing.text
        assert "Nobody here fits all of that." in listing.text
        links = listing.soup.select(f'main a[href="{ADDRESS}"]')
        names = {link.get_text(strip=True) for link in links}
        assert names >= {"show everyone", "Clearall choices"}

    def test_combination_that_fits_nobody_offers_the_telephone(self, client: Client) -> None:
        make_clinic()
        listing = look(client, condition="neck", day="sunday")
        assert listing.names == []
        assert "01632 960123" in listing.text

    def test_empty_values_are_no_choice(self, client: Client) -> None:
        listing = look(client, condition="", treatment="", day=" ", language="", new_patients="")
        assert listing.names == ["Ann", "Bob", "Cem"]
        assert "fit your choice" not in listing.text

    def test_other_parameters_are_ignored(self, client: Client) -> None:
        assert look(client, utm_source="x", q="Bob").names == ["Ann", "Bob", "Cem"]

    def test_form_is_plain_get_with_named_selects(self, client: Client) -> None:
        soup = look(client).soup
        form = soup.select_one("main form")
        assert form is not None
        assert form["method"] == "get"
        assert form["action"] == f"{ADDRESS}#results"  # so that the answer is in view
        for select in form.select("select"):
            assert form.select_one(f'label[for="{select["id"]}"]')
        assert "csrfmiddlewaretoken" not in str(form)

    def test_title_names_the_choice(self, client: Client) -> None:
        plain, narrowed = look(client).soup.title, look(client, day="sunday").soup.title
        assert plain is not None
        assert narrowed is not None
        assert "Sunday" in narrowed.get_text()
        assert plain.get_text() != narrowed.get_text()


# --- who is listed -----------------------------------------------------------------------------


def test_nobody_is_listed_before_there_is_anybody(client: Client) -> None:
    listing = look(client)
    assert listing.names == []
    assert "There is nobody to show here yet." in listing.text


@pytest.mark.parametrize(
    ("days", "is_listed"), [(None, True), (1, True), (0, False), (-1, False), (-400, False)]
)
def test_people_are_listed_until_the_day_before_they_leave(
    client: Client, days: int | None, is_listed: bool
) -> None:
    leaves = None if days is None else timezone.localdate() + timedelta(days=days)
    make_person("Ann", leaves_on=leaves)
    assert (look(client).names == ["Ann"]) is is_listed


def test_who_has_left_counts_in_no_option(client: Client) -> None:
    make_subjects()
    make_person("Ann", conditions=["back"], leaves_on=timezone.localdate(), languages=["polski"])
    make_person("Bob", conditions=["knee"])
    counts = look(client).counts
    assert counts["condition"] == {"knee": 1}
    assert "language" not in counts


def test_pages_that_are_not_public_are_no_option(client: Client) -> None:
    make_condition(slug="secret", published_at=None)
    make_treatment(slug="hidden", published_at=None)
    make_person("Ann", conditions=["secret"], treatments=["hidden"])
    assert look(client).counts.keys() == {"new-patients"}
    assert look(client, condition="secret").names == []


def test_order_is_by_place_then_name(client: Client) -> None:
    make_person("Zoe", order=1)
    make_person("Bob", order=2)
    make_person("Ann", order=2)
    assert look(client).names == ["Zoe", "Ann", "Bob"]


def test_card_shows_registration_days_languages_and_who_takes_nobody_new(client: Client) -> None:
    make_person("Ann", languages=["Welsh", "English"], days=["monday", "friday", "tuesday"])
    make_person("Bob", taking_new_patients=False)
    text = look(client).text
    assert "Works on Monday, Tuesday and Friday" in text
    assert "Speaks English and Welsh" in text
    assert len(re.findall(r"Not on a [a-z ]*register", text)) == 2
    assert text.count("Not taking new patients at the moment") == 1


# --- pages of the list -------------------------------------------------------------------------


def test_long_list_comes_in_pages_that_keep_the_choices(client: Client) -> None:
    for number in range(30):
        make_person(f"P{number:02}", days=["monday"], order=number)
    first = look(client, day="monday", new_patients="yes")
    assert first.names == [f"P{number:02}" for number in range(12)]
    assert first.total == 30
    links = [str(link["href"]) for link in first.soup.select('nav[aria-label="Pages"] a')]
    assert links
    for link in links:
        assert "day=monday" in link
        assert "new-patients=yes" in link
    last = BeautifulSoup(client.get(ADDRESS + links[-2]).content, "html.parser")
    assert [each.get_text() for each in last.select(".people h3 a")][-1] == "P29"
    assert last.select_one('[aria-current="page"]', string=None) is not None


def test_second_page_has_a_title_of_its_own(client: Client) -> None:
    for number in range(13):
        make_person(f"P{number:02}")
    first, second = (look(client, page=str(page)).soup for page in (1, 2))
    assert first.title is not None
    assert second.title is not None
    assert "(page 2 of 2)" in second.title.get_text()
    assert first.title.get_text() != second.title.get_text()
    assert second.select_one("nav ul.pagination a[rel=prev]") is not None
    assert second.select_one("nav ul.pagination a[rel=next]") is None


# --- against a naive count ---------------------------------------------------------------------


def subsets(values: tuple[str, ...]) -> st.SearchStrategy[set[str]]:
    return st.sets(st.sampled_from(values))


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "condition": subsets(CONDITIONS),
            "treatment": subsets(TREATMENTS),
            "day": subsets(DAYS),
            "language": subsets(LANGUAGES),
            "new-patients": st.sampled_from([set(), {"yes"}]),
        }
    ),
    max_size=6,
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "condition": st.sampled_from([*CONDITIONS, "unknown"]),
        "treatment": st.sampled_from(TREATMENTS),
        "day": st.sampled_from([*DAYS, "friday"]),
        "language": st.sampled_from([each.lower() for each in LANGUAGES]),
        "new-patients": st.sampled_from(["yes", "no"]),
    },
)
Traits = dict[str, set[str]]


def lowered(person: Traits) -> Traits:
    return {name: {value.lower() for value in values} for name, values in person.items()}


def fits(person: Traits, chosen: dict[str, str]) -> bool:
    return all(value in person[name] for name, value in chosen.items())


@hypothesis.settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
@hypothesis.given(people=PEOPLE, chosen=CHOICES)
def test_list_and_counts_agree_with_a_naive_count(
    client: Client, people: list[Traits], chosen: dict[str, str]
) -> None:
    with transaction.atomic():
        make_subjects()
        for number, traits in enumerate(people):
            make_person(
                f"P{number}",
                conditions=traits["condition"],
                treatments=traits["treatment"],
                days=traits["day"],
                languages=traits["language"],
                taking_new_patients=bool(traits["new-patients"]),
            )
        listing = look(client, **chosen)
        transaction.set_rollback(True)
    everyone = [lowered(person) for person in people]
    assert listing.names == [f"P{i}" for i, person in enumerate(everyone) if fits(person, chosen)]
    assert listing.total == len(listing.names)
    for name in ("condition", "treatment", "day", "language", "new-patients"):
        others = {key: value for key, value in chosen.items() if key != name}
        values = {value for person in everyone for value in person[name]}
        expected = {
            value: sum(fits(person, others | {name: value}) for person in everyone)
            for value in values
        }
        assert listing.counts.get(name, {}) == expected


def test_a_condition_on_nobody_s_list_leads_to_who_gives_its_treatments(client: Client) -> None:
    """As the page of the condition says; a condition on somebody's list stays with them."""
    treatment = make_treatment()
    sciatica = make_condition(slug="sciatica")
    back_pain = make_condition(slug="back-pain")
    for condition in (sciatica, back_pain):
        condition.treatments.add(treatment)
    giver, other = make_practitioner(name="Gil Giver"), make_practitioner(name="Otto Other")
    giver.treatments.add(treatment)
    other.conditions.add(back_pain)
    assert "Gil Giver" in client.get("/practitioners/?condition=sciatica").content.decode()
    answer = client.get("/practitioners/?condition=back-pain").content.decode()
    assert "Otto Other" in answer
    assert "Gil Giver" not in answer
