"""One person's page: who they are, what they may be called, and how to check it."""

import re
from datetime import date, time, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from practitioners.models import Language, Membership, Practitioner, Registration, WorkingDay
from practitioners.registers import REGISTERS, Regulator
from tests.factories import (
    make_condition,
    make_image,
    make_practitioner,
    make_registration,
    make_treatment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def profile(client: Client, person: Practitioner) -> BeautifulSoup:
    response = client.get(person.get_absolute_url())
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def main_text(soup: BeautifulSoup) -> str:
    assert soup.main is not None
    return " ".join(soup.main.get_text(" ").split())


@pytest.mark.parametrize("regulator", Regulator)
def test_registration_is_shown_with_the_way_to_check_it(
    client: Client, regulator: Regulator
) -> None:
    person = make_practitioner()
    register = REGISTERS[regulator]
    make_registration(person, body=regulator, number=register.example, checked_on=date(2026, 6, 1))
    soup = profile(client, person)
    text = main_text(soup)
    assert regulator.label in text
    assert register.example in text
    assert "1 June 2026" in text
    assert soup.select_one("time[datetime='2026-06-01']")
    link = soup.find("a", string="Check the register")
    assert link is not None
    assert link["href"] == register.address
    assert register.address.startswith("https://")
    assert "external" in link["rel"]


def test_person_without_a_register_says_so(client: Client) -> None:
    person = make_practitioner(name="Ewa Demo")
    text = main_text(profile(client, person))
    assert re.search(r"Ewa Demo is not on a [a-z ]*register", text)
    assert "Registration number" not in text


def test_membership_is_not_passed_off_as_registration(client: Client) -> None:
    person = make_practitioner()
    Membership.objects.create(practitioner=person, body="aacp", grade="Accredited", number="77")
    soup = profile(client, person)
    heading = soup.find("h2", string="Memberships")
    assert heading is not None
    section = heading.find_parent("section")
    assert section is not None
    words = " ".join(section.get_text(" ").split())
    assert "They are not regulators." in words
    assert "Chartered Physiotherapists (AACP): Accredited, number 77" in words
    assert "Check the register" not in words


def test_note_on_the_title_stands_beside_the_title(client: Client) -> None:
    person = make_practitioner(
        name="Dr Dev Placeholder",
        professional_title="Chiropractor",
        title_note="“Dr” is a courtesy title. Dev is not a medical doctor.",
    )
    head = profile(client, person).select_one(".page-head")
    assert head is not None
    assert "Chiropractor" in head.get_text()
    assert "not a medical doctor" in head.get_text()


def test_person_without_a_photo_has_initials(client: Client) -> None:
    person = make_practitioner(name="Dr Dev Placeholder")
    arch = profile(client, person).select_one(".arch")
    assert arch is not None
    assert arch.get_text(strip=True) == "DP"
    # The name stands beside it, so nothing is read out twice.
    initials = arch.find("span")
    assert initials is not None
    assert initials["aria-hidden"] == "true"
    assert arch.find("img") is None


def test_person_with_a_photo_has_no_initials(client: Client) -> None:
    person = make_practitioner(name="Ann Example", photo=make_image())
    arch = profile(client, person).select_one(".arch")
    assert arch is not None
    shown = arch.find("img")
    assert shown is not None
    assert shown["fetchpriority"] == "high"
    assert "loading" not in shown.attrs
    assert arch.get_text(strip=True) == ""


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ann Example", "AE"),
        ("Ann Maria van Example", "AE"),
        ("Ann", "A"),
        ("Dr Ann Example", "AE"),
        ("Dr. Ann Example", "AE"),
        ("Drew Example", "DE"),
        ("Dr", ""),
        ("élodie o'neill", "ÉO"),
        ("李 小龙", "李小"),
        ("  Ann   Example  ", "AE"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert Practitioner(name=name).initials == initials


def test_days_languages_qualifications_and_pages_are_shown(client: Client) -> None:
    person = make_practitioner(qualifications=["BSc Physiotherapy", "MSc Pain"])
    WorkingDay.objects.create(practitioner=person, weekday=0, starts=time(9), ends=time(17, 30))
    WorkingDay.objects.create(practitioner=person, weekday=4)
    person.languages.add(Language.objects.create(name="Welsh"))
    condition, treatment = make_condition(name="Back pain"), make_treatment(name="Massage")
    hidden = make_condition(name="Hidden pain", published_at=None)
    person.conditions.set([condition, hidden])
    person.treatments.set([treatment])
    soup = profile(client, person)
    text = main_text(soup)
    for words in ("9am to 5:30pm", "Ask us for times", "Welsh", "BSc Physiotherapy", "MSc Pain"):
        assert words in text
    assert soup.select_one(f'main a[href="{condition.get_absolute_url()}"]')
    assert soup.select_one(f'main a[href="{treatment.get_absolute_url()}"]')
    assert "Hidden pain" not in text


def test_enquire_carries_the_person_into_the_form(client: Client) -> None:
    person = make_practitioner(slug="ann-example")
    link = profile(client, person).select_one("main a.button")
    assert link is not None
    assert link["href"] == "/contact/?practitioner=ann-example"
    form = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    chosen = form.select_one('select[name="practitioner"] option[selected]')
    assert chosen is not None
    assert chosen["value"] == "ann-example"


def test_person_who_takes_nobody_new_has_no_enquire_button(client: Client) -> None:
    soup = profile(client, make_practitioner(taking_new_patients=False))
    assert "Not taking new patients at the moment" in main_text(soup)
    assert soup.select('main a[href*="/contact/?practitioner"]') == []


def test_last_day_is_announced(client: Client) -> None:
    person = make_practitioner(leaves_on=timezone.localdate() + timedelta(days=30))
    assert "Works here until" in main_text(profile(client, person))


@pytest.mark.parametrize("days_ago", [0, 1, 300])
def test_profile_of_who_has_left_names_colleagues(client: Client, days_ago: int) -> None:
    condition, treatment = make_condition(), make_treatment()
    left = make_practitioner(
        name="Ann Example", leaves_on=timezone.localdate() - timedelta(days=days_ago)
    )
    left.conditions.add(condition)
    left.treatments.add(treatment)
    same_condition = make_practitioner(name="Bob Sample")
    same_condition.conditions.add(condition)
    same_treatment = make_practitioner(name="Cem Demo")
    same_treatment.treatments.add(treatment)
    make_practitioner(name="Dee Other")
    gone_too = make_practitioner(name="Eli Gone", leaves_on=timezone.localdate())
    gone_too.conditions.add(condition)
    soup = profile(client, left)
    text = main_text(soup)
    assert "Ann Example no longer works here." in text
    names = [each.get_text(strip=True) for each in soup.select(".people h3")]
    assert sorted(names) == ["Bob Sample", "Cem Demo"]
    assert soup.select(f'main a[href*="practitioner={left.slug}"]') == []
    assert soup.select(f'main a[href*="practitioner={same_condition.slug}"]')


def test_colleague_who_fits_twice_is_named_once(client: Client) -> None:
    conditions = [make_condition(), make_condition()]
    left = make_practitioner(leaves_on=timezone.localdate())
    colleague = make_practitioner(name="Bob Sample")
    for person in (left, colleague):
        person.conditions.set(conditions)
    assert len(profile(client, left).select(".people h3")) == 1


def test_who_has_left_without_colleagues_still_has_a_page(client: Client) -> None:
    left = make_practitioner(leaves_on=timezone.localdate())
    assert "no longer works here" in main_text(profile(client, left))


def test_profile_that_is_not_public_is_not_found(client: Client) -> None:
    person = make_practitioner(published_at=None)
    assert client.get(person.get_absolute_url()).status_code == 404


# --- registers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("hcpc", "PH123456"), ("hcpc", "PH1"), ("hcpc", "CHO12345"), ("gosc", "123"),
        ("gosc", "123456"), ("gcc", "01234"), ("gmc", "1234567"), ("gmc", "L123456"),
        ("nmc", "01A2345N"),
    ],
)  # fmt: skip
def test_number_in_the_registers_form_is_accepted(body: str, number: str) -> None:
    entry = Registration(
        practitioner=make_practitioner(), body=body, number=number, checked_on=date(2026, 6, 1)
    )
    entry.full_clean()


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("hcpc", "123456"), ("hcpc", "PH1234567"), ("hcpc", "ph123456"), ("hcpc", "PH 123456"),
        ("hcpc", "PH123456\n"), ("gosc", "12"), ("gosc", "1234567"), ("gosc", "12a4"),
        ("gcc", ""), ("gmc", "123456"), ("gmc", "A123456"), ("nmc", "012345N"),
        ("nmc", "01A2345"), ("hcpc", "PH١٢٣"),
    ],
)  # fmt: skip
def test_number_in_another_form_is_refused_with_an_example(body: str, number: str) -> None:
    entry = Registration(
        practitioner=make_practitioner(), body=body, number=number, checked_on=date(2026, 6, 1)
    )
    with pytest.raises(ValidationError) as refused:
        entry.full_clean()
    assert "number" in refused.value.message_dict
    if number:
        assert REGISTERS[Regulator(body)].example in str(refused.value)


def test_check_in_the_future_is_refused() -> None:
    entry = Registration(
        practitioner=make_practitioner(),
        body="hcpc",
        number="PH123456",
        checked_on=timezone.localdate() + timedelta(days=1),
    )
    with pytest.raises(ValidationError, match="cannot lie in the future"):
        entry.full_clean()


def test_register_of_a_body_is_entered_once() -> None:
    person = make_practitioner()
    make_registration(person)
    second = Registration(
        practitioner=person, body="hcpc", number="PH999999", checked_on=date(2026, 6, 1)
    )
    with pytest.raises(ValidationError, match="already exists"):
        second.full_clean()
