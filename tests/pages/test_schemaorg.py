"""The measure that pages' JSON-LD is held against finds what is wrong with it."""

from typing import Any

import pytest

from tests.pages.schemaorg import as_graph, document, problems

CLINIC = {"@type": "MedicalClinic", "@id": "https://c.example/#clinic", "name": "Fernhill"}


def told(*nodes: dict[str, Any]) -> list[str]:
    return problems(as_graph({"@context": "https://schema.org", "@graph": list(nodes)}))


@pytest.mark.parametrize(
    "facts",
    [
        {"telephone": "01632 960123"},
        {"url": "https://c.example/"},
        {"medicalSpecialty": "https://schema.org/Musculoskeletal"},
        {"geo": {"@type": "GeoCoordinates", "latitude": 51.5, "longitude": 0}},
        {"employee": [{"@type": ["Person", "Physician"], "jobTitle": "Doctor", "name": "A"}]},
        {"foundingDate": "1999"},
    ],
)
def test_what_is_right_passes(facts: dict[str, Any]) -> None:
    assert told(CLINIC | facts) == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"@type": "MedicalClinik"}, "there is no type MedicalClinik"),
        ({"@type": "UserComments"}, "there is no type UserComments"),  # superseded
        ({"phone": "1"}, "there is no property phone"),
        ({"employees": CLINIC}, "there is no property employees"),  # superseded
        ({"jobTitle": "Clinic"}, "jobTitle does not belong"),
        ({"lastReviewed": "2026-01-01"}, "lastReviewed does not belong"),
        ({"foundingDate": "last year"}, "foundingDate may not be"),
        ({"foundingDate": "1 May 2026"}, "foundingDate may not be"),
        ({"url": "c.example and more"}, "url may not be"),
        ({"url": "/about/"}, "url may not be"),
        ({"medicalSpecialty": "https://schema.org/Monday"}, "medicalSpecialty may not be"),
        ({"medicalSpecialty": "Backs"}, "medicalSpecialty may not be"),
        ({"address": {"@type": "Person", "name": "A"}}, "address may not be"),
        ({"address": 7}, "address may not be"),
        ({"telephone": ""}, "telephone may not be"),
        ({"employee": {"name": "A"}}, "has no type"),
        ({"employee": {"@type": "Physician", "jobTitle": "Doctor"}}, "jobTitle does not belong"),
    ],
)
def test_what_is_wrong_is_named(facts: dict[str, Any], words: str) -> None:
    assert any(words in each for each in told(CLINIC | facts)), told(CLINIC | facts)


def test_a_second_block_is_no_document() -> None:
    block = '<script type="application/ld+json">{}</script>'
    assert document(block) == {}
    assert document("<p>") is None
    with pytest.raises(AssertionError):
        document(block * 2)
