"""What each kind of page says for machines: the facts of its own rows, under the site's address."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from practitioners.models import Language, Practitioner
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_closure,
    make_condition,
    make_faq,
    make_image,
    make_information_page,
    make_practitioner,
    make_registration,
    make_source,
    make_treatment,
    make_warning_sign,
)
from tests.pages.schemaorg import as_graph, document, nodes, problems

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SITE = "https://www.fernhill.example"
REVIEWED = {"reviewed_on": date(2026, 10, 5), "next_review_due": date(2027, 10, 5)}


@pytest.fixture(autouse=True)
def site_address(settings: LazySettings) -> None:
    """Let the public address be another one than that which tests ask."""
    settings.SITE_URL = SITE


def told(client: Client, url: str) -> dict[str, dict[str, Any]]:
    """Return the page's top nodes by type, once the vocabulary has nothing against them."""
    html = client.get(url).content
    whole = document(html)
    assert whole is not None
    assert problems(as_graph(whole)) == []
    assert "testserver" not in str(whole)
    return nodes(html)


# --- the clinic --------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/", "/contact/"])
def test_home_and_contact_say_all_about_the_clinic(client: Client, url: str) -> None:
    clinic = make_clinic(latitude="51.50001", longitude="-0.12345", logo=make_image())
    day = timezone.localdate() + timedelta(days=3)
    make_closure(clinic, day, day + timedelta(days=1), name="Holiday")
    make_closure(clinic, day + timedelta(days=300))  # too far off to be on the page
    said = told(client, url)["MedicalClinic"]
    assert said["@id"] == f"{SITE}/#clinic"
    assert said["name"] == "Fernhill Clinic"
    assert said["telephone"] == "01632 960123"
    assert said["email"] == "desk@fernhill.example"
    assert said["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "1 Fern Hill",
        "addressLocality": "Anytown",
        "postalCode": "AN1 1AA",
    }
    assert (said["geo"]["latitude"], said["geo"]["longitude"]) == (51.50001, -0.12345)
    assert said["logo"].startswith(f"{SITE}/media/")
    assert said["medicalSpecialty"] == "https://schema.org/Musculoskeletal"
    (hours,) = said["openingHoursSpecification"]
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert hours["dayOfWeek"] == [f"https://schema.org/{name}" for name in names]
    assert (hours["opens"], hours["closes"]) == ("09:00", "17:00")
    (closed,) = said["specialOpeningHoursSpecification"]
    assert (closed["opens"], closed["closes"], closed["name"]) == ("00:00", "00:00", "Holiday")
    last_day = day + timedelta(days=1)
    assert closed["validFrom"] == day.isoformat()
    assert closed["validThrough"] == last_day.isoformat()


def test_clinic_without_position_closures_and_hours_says_nothing_of_them(client: Client) -> None:
    make_clinic(hours=[], address="1 Fern Hill")
    said = told(client, "/")["MedicalClinic"]
    assert said.keys().isdisjoint(
        {"geo", "logo", "openingHoursSpecification", "specialOpeningHoursSpecification"}
    )
    assert said["address"]["streetAddress"] == "1 Fern Hill"
    assert "addressLocality" not in said["address"]


def test_site_that_is_not_set_up_yet_says_its_name(client: Client) -> None:
    said = told(client, "/")["MedicalClinic"]
    assert said["name"] == "Your clinic"
    assert "telephone" not in said


def test_home_says_how_to_search_the_site(client: Client) -> None:
    make_clinic()
    said = told(client, "/")["WebSite"]
    assert said["publisher"] == {"@id": f"{SITE}/#clinic"}
    action = said["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"
    path = action["target"]["urlTemplate"].removeprefix(SITE)
    assert client.get(path.format(search_term_string="back")).status_code == 200


def test_other_pages_say_of_the_clinic_only_who_it_is(client: Client) -> None:
    make_clinic(latitude="51.50001", longitude="-0.12345")
    said = told(client, make_condition().get_absolute_url())
    assert said["MedicalClinic"] == {
        "@type": "MedicalClinic",
        "@id": f"{SITE}/#clinic",
        "name": "Fernhill Clinic",
        "url": f"{SITE}/",
        "telephone": "01632 960123",
    }
    assert said["MedicalWebPage"]["publisher"] == {"@id": said["MedicalClinic"]["@id"]}


# --- pages -------------------------------------------------------------------------------------


def test_condition_is_what_its_page_is_about(client: Client) -> None:
    page = make_condition(
        name="Neck pain",
        overview="Some say Crick in the neck.",
        also_known_as=["crick in the neck", "wry neck"],
    )
    said = told(client, page.get_absolute_url())["MedicalWebPage"]
    address = f"{SITE}{page.get_absolute_url()}"
    assert said["@id"] == said["url"] == address
    assert said["inLanguage"] == "en-GB"
    assert said["audience"] == {"@type": "MedicalAudience", "audienceType": "Patient"}
    assert said["specialty"] == "https://schema.org/Musculoskeletal"
    assert said["about"] == {
        "@type": "MedicalCondition",
        "@id": f"{address}#subject",
        "name": "Neck pain",
        "url": address,
        "alternateName": ["crick in the neck"],  # the page says nothing of a wry neck
    }


def test_treatment_is_what_its_page_is_about(client: Client) -> None:
    page = make_treatment(name="Massage")
    about = told(client, page.get_absolute_url())["MedicalWebPage"]["about"]
    assert (about["@type"], about["name"]) == ("MedicalTherapy", "Massage")


@pytest.mark.parametrize("make", [make_article, make_condition, make_treatment])
def test_page_says_who_wrote_and_reviewed_it_and_when(client: Client, make: Any) -> None:
    writer, checker = make_practitioner(name="Wendy"), make_practitioner(name="Rae")
    make_registration(checker, number="PH654321")
    page = make(author=writer, reviewed_by=checker, updated_on=date(2026, 10, 9), **REVIEWED)
    said = next(iter(told(client, page.get_absolute_url()).values()))
    assert said["author"] == {
        "@type": "Person",
        "@id": f"{SITE}{writer.get_absolute_url()}#person",
        "url": f"{SITE}{writer.get_absolute_url()}",
        "name": "Wendy",
        "jobTitle": "Physiotherapist",
    }
    assert said["reviewedBy"]["@id"] == f"{SITE}{checker.get_absolute_url()}#person"
    assert said["reviewedBy"]["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "HCPC", "value": "PH654321"}
    ]
    assert said["lastReviewed"] == "2026-10-05"
    assert said["dateModified"] == "2026-10-09"
    assert said["datePublished"] == page.published_on.isoformat()


def test_reviewer_from_outside_is_named_with_the_registration_as_text(client: Client) -> None:
    outside = "Jo Bloggs (General Osteopathic Council (GOsC), 1234)"
    page = make_condition(outside_reviewer=outside, **REVIEWED)
    assert told(client, page.get_absolute_url())["MedicalWebPage"]["reviewedBy"] == {
        "@type": "Person",
        "name": "Jo Bloggs",
        "identifier": "General Osteopathic Council (GOsC), 1234",
    }


def test_person_without_a_public_page_has_no_address(client: Client) -> None:
    page = make_condition(author=make_practitioner(name="Wendy", published_at=None))
    said = told(client, page.get_absolute_url())["MedicalWebPage"]["author"]
    assert said == {"@type": "Person", "name": "Wendy", "jobTitle": "Physiotherapist"}


def test_page_without_a_review_says_nothing_of_one(client: Client) -> None:
    said = told(client, make_condition().get_absolute_url())["MedicalWebPage"]
    assert said.keys().isdisjoint({"lastReviewed", "reviewedBy", "author"})


def test_article_is_about_the_conditions_and_treatments_it_names(client: Client) -> None:
    article = make_article(title="Needles", lead_image=make_image(), lead_image_role="decorative")
    shown, hidden = make_condition(name="Neck pain"), make_condition(published_at=None)
    article.conditions.set([shown, hidden])
    article.treatments.set([make_treatment(name="Massage")])
    said = told(client, article.get_absolute_url())["MedicalWebPage+Article"]
    assert said["headline"] == said["name"] == "Needles"
    assert said["image"].startswith(f"{SITE}/media/")
    assert [each["name"] for each in said["about"]] == ["Neck pain", "Massage"]
    assert said["about"][0]["@id"] == f"{SITE}{shown.get_absolute_url()}#subject"


@pytest.mark.parametrize(
    ("is_about_health", "kind"), [(True, "MedicalWebPage"), (False, "WebPage")]
)
def test_information_page_is_medical_if_it_is_about_health(
    client: Client, is_about_health: bool, kind: str
) -> None:
    page = make_information_page(is_about_health=is_about_health)
    said = told(client, page.get_absolute_url())[kind]
    assert ("audience" in said) is is_about_health
    assert ("specialty" in said) is is_about_health


def test_information_page_gives_the_days_that_it_shows(client: Client) -> None:
    page = make_information_page(is_about_health=False)
    assert "datePublished" in told(client, page.get_absolute_url())["WebPage"]
    changed = make_information_page(is_about_health=False, updated_on=date(2026, 10, 9))
    said = told(client, changed.get_absolute_url())["WebPage"]
    assert said["dateModified"] == "2026-10-09"
    assert "datePublished" not in said


def test_sources_are_cited_once_with_what_readers_are_told_of_them(client: Client) -> None:
    guideline = make_source("ng59", kind="guideline", title="Back pain", year=2016, nice="NG59")
    trial = make_source("old", kind="randomised-trial", title="A trial", status="withdrawn")
    make_source("unused")
    page = make_condition(overview="So it is [@ng59]. And so [@old].")
    make_warning_sign(page, sources=[guideline])
    said = told(client, page.get_absolute_url())["MedicalWebPage"]["citation"]
    assert said[0] == {
        "@type": "CreativeWork",
        "name": "Back pain",
        "url": guideline.link,
        "datePublished": "2016",
        "identifier": "NG59",
    }
    assert said[1]["@type"] == "ScholarlyArticle"
    assert said[1]["name"] == trial.title
    assert said[1]["creativeWorkStatus"] == "Withdrawn or retracted"
    assert len(said) == 2


@pytest.mark.parametrize("make", [make_article, make_condition, make_treatment])
def test_questions_are_told_with_answers_in_plain_words(client: Client, make: Any) -> None:
    make_source("ng59")
    page = make()
    make_faq(page, question="Does it hurt?", answer="A *little* & briefly [@ng59].\n\n- Ask us")
    said = told(client, page.get_absolute_url())
    address = f"{SITE}{page.get_absolute_url()}"
    assert said["FAQPage"]["@id"] == f"{address}#page-questions"
    assert said["FAQPage"]["isPartOf"] == {"@id": address}
    (question,) = said["FAQPage"]["mainEntity"]
    assert question["name"] == "Does it hurt?"
    assert question["acceptedAnswer"]["text"] == "A little & briefly. Ask us"


def test_page_without_questions_has_no_section_of_them(client: Client) -> None:
    assert "FAQPage" not in told(client, make_condition().get_absolute_url())


# --- people ------------------------------------------------------------------------------------


def profile_of(client: Client, person: Practitioner) -> dict[str, dict[str, Any]]:
    return told(client, person.get_absolute_url())


def test_persons_own_page_says_what_it_shows(client: Client) -> None:
    make_clinic()
    person = make_practitioner(name="Rae", title_note="Not a medical doctor.", photo=make_image())
    person.languages.add(Language.objects.create(name="Welsh"))
    make_registration(person, body="gosc", number="1234")
    said = profile_of(client, person)
    about = said["Person"]
    assert said["ProfilePage"]["mainEntity"] == {"@id": about["@id"]}
    assert about["name"] == "Rae"
    assert about["jobTitle"] == "Physiotherapist"
    assert about["disambiguatingDescription"] == "Not a medical doctor."
    assert about["knowsLanguage"] == ["Welsh"]
    assert about["worksFor"] == {"@id": said["MedicalClinic"]["@id"]}
    assert about["image"].startswith(f"{SITE}/media/")
    (entry,) = about["identifier"]
    assert (entry["propertyID"], entry["value"]) == ("GOSC", "1234")


@pytest.mark.parametrize(
    ("body", "is_doctor"),
    [("gmc", True), ("hcpc", False), ("gosc", False), ("gcc", False), ("nmc", False)],
)
def test_physician_is_who_the_register_of_doctors_holds(
    client: Client, body: str, is_doctor: bool
) -> None:
    person = make_practitioner(name="Dr Rae")
    make_registration(person, body=body, number="1234567")
    said = profile_of(client, person)
    assert ("Person+Physician" in said) is is_doctor
    assert ("Person" in said) is not is_doctor
    page = make_condition(reviewed_by=person, **REVIEWED)
    reviewer = told(client, page.get_absolute_url())["MedicalWebPage"]["reviewedBy"]
    assert reviewer["@type"] == (["Person", "Physician"] if is_doctor else "Person")


def test_who_has_left_works_here_no_longer(client: Client) -> None:
    person = make_practitioner(leaves_on=timezone.localdate())
    person.languages.add(Language.objects.create(name="Welsh"))
    said = profile_of(client, person)["Person"]
    assert said.keys().isdisjoint({"worksFor", "knowsLanguage"})


# --- lists -------------------------------------------------------------------------------------


def test_a_to_z_gives_every_name_a_condition_goes_by(client: Client) -> None:
    page = make_condition(name="Back pain", also_known_as=["lumbago", "backache"])
    (entry,) = told(client, "/conditions/")["CollectionPage"]["mainEntity"]["itemListElement"]
    assert entry["item"]["alternateName"] == ["lumbago", "backache"]
    assert entry["item"]["@id"] == f"{SITE}{page.get_absolute_url()}#subject"


def test_later_page_of_a_list_counts_on(client: Client) -> None:
    category = make_category(name="Needling")
    for number in range(14):
        make_article(category=category, published_at=timezone.now() - timedelta(days=number + 1))
    for path in ("/articles/", category.get_absolute_url()):
        first = told(client, path)["CollectionPage"]
        later = told(client, f"{path}?page=2")["CollectionPage"]
        assert first["url"] == f"{SITE}{path}"
        assert later["url"] == f"{SITE}{path}?page=2"
        entries = [each["mainEntity"]["itemListElement"] for each in (first, later)]
        assert [each["position"] for each in entries[0]] == list(range(1, 13))
        assert [each["position"] for each in entries[1]] == [13, 14]


def test_empty_list_is_a_page_without_entries(client: Client) -> None:
    for path in (
        "/conditions/",
        "/treatments/",
        "/articles/",
        "/practitioners/",
        "/evidence/",
        "/glossary/",
    ):
        assert "mainEntity" not in told(client, path)["CollectionPage"], path
