"""Evidence held for a person's profile, which has no versions: as for a page, it can lapse."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import Tag
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import EvidenceHeld, Source
from evidence.wording_check import row_findings
from practitioners.models import Practitioner
from publishing.checks import Finding, Level
from tests.factories import make_clinic, make_information_page, make_practitioner, make_source
from tests.publishing.markup import parse, text_of

pytestmark = pytest.mark.django_db

StaffClient = Callable[..., Client]
CLAIM = "Her exercise class is proven to work."
LIST = reverse("admin:evidence_evidenceheld_changelist")


@pytest.fixture(autouse=True)
def clinic() -> Any:
    return make_clinic()


def make_person(profile: str = f"She is kind.\n\n{CLAIM}", **fields: Any) -> Practitioner:
    """Make somebody with one error in the profile."""
    return make_practitioner(profile=profile, **fields)


def levels(person: Practitioner) -> list[Level]:
    return [each.level for each in row_findings(person)]


def error(person: Practitioner) -> Finding:
    (found,) = row_findings(person)
    assert found.level is Level.ERROR
    return found


def record(client: Client, person: Practitioner) -> Any:
    """Follow the link beside the profile's only error, and send its form."""
    sent = {"note": "Trial of her class", "source": make_source().pk}
    return client.post(error(person).link, sent)


def form_of(client: Client, person: Practitioner) -> Tag:
    address = reverse("admin:practitioners_practitioner_change", args=[person.pk])
    (field,) = parse(client.get(address).content.decode()).select(".field-wording")
    return field


def standing(client: Client) -> list[str]:
    soup = parse(client.get(LIST).content.decode())
    return [cell.get_text() for cell in soup.select("#result_list td.field-standing")]


@pytest.mark.parametrize("role", ["Manager", "Clinical reviewer"])
def test_the_form_lists_the_findings_of_the_saved_profile(staff: StaffClient, role: str) -> None:
    person = make_person()
    field = form_of(staff(role), person)
    assert "Profile, line 3" in text_of(str(field))
    assert "“proven”" in text_of(str(field))
    (link,) = field.select("a")
    assert link["href"] == error(person).link


def test_the_form_of_a_fair_profile_praises_nobody(staff: StaffClient) -> None:
    field = form_of(staff("Manager"), make_person("She is kind. <b>It is.</b>"))
    assert "does not mean that the text complies" in text_of(str(field))
    assert field.select("a, li") == []
    response = staff("Manager").get(reverse("admin:practitioners_practitioner_add"))
    assert response.status_code == 200


def test_nothing_in_a_profile_is_mark_up_on_the_form(staff: StaffClient) -> None:
    field = form_of(staff("Manager"), make_person("It is pro<i>ven</i> to work <script>x</script>"))
    assert field.select("i, script") == []
    assert "pro<i>ven" in field.get_text()


def test_a_reviewer_records_evidence_and_the_finding_becomes_a_hint(
    staff: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    person = make_person()
    with pytest.raises(SystemExit):
        call_command("check_claims")
    reviewer = staff("Clinical reviewer")
    shown = parse(reviewer.get(error(person).link).content.decode())
    assert CLAIM in shown.get_text()
    response = record(reviewer, person)
    own = reverse("admin:practitioners_practitioner_change", args=[person.pk])
    assert response.headers["Location"] == own
    assert levels(person) == [Level.HINT]
    held = EvidenceHeld.objects.get()
    assert (held.page, held.sentence) == (person, CLAIM)
    capsys.readouterr()
    call_command("check_claims")
    assert " hint proven " in capsys.readouterr().out
    assert form_of(reviewer, person).select("a") == []


@pytest.mark.parametrize("role", ["Author", "Editor", "Manager", "Reception"])
def test_only_those_who_review_record(staff: StaffClient, role: str) -> None:
    person = make_person()
    client = staff(role)
    allowed = client.get(error(person).link).status_code == 200
    record(client, person)
    assert EvidenceHeld.objects.exists() is allowed is (role == "Manager")


def test_it_lapses_with_the_sentence_and_comes_back_with_it(staff: StaffClient) -> None:
    person = make_person()
    reviewer = staff("Clinical reviewer")
    record(reviewer, person)
    assert standing(reviewer) == ["Stands"]
    Practitioner.objects.update(profile="Her exercise class is proven to work well.")
    person.refresh_from_db()
    assert levels(person) == [Level.ERROR]
    assert standing(reviewer) == ["Lapsed: the page no longer has this sentence"]
    Practitioner.objects.update(profile=f"Other words.\n\n{CLAIM}")
    assert standing(reviewer) == ["Stands"]


def test_it_has_to_be_accepted_when_its_source_falls(staff: StaffClient) -> None:
    person = make_person()
    record(staff("Clinical reviewer"), person)
    Source.objects.update(status=Source.Status.WITHDRAWN)
    (found,) = row_findings(person)
    assert found.level is Level.WARNING
    assert "no longer current" in found.reason


def test_it_counts_for_that_person_alone(staff: StaffClient) -> None:
    person, other = make_person(), make_person()
    page = make_information_page(pk=person.pk, body=CLAIM)
    record(staff("Clinical reviewer"), person)
    assert levels(other) == [Level.ERROR]
    assert not EvidenceHeld.objects.of(page).exists()


def test_words_that_the_profile_does_not_have_are_vouched_for_by_nobody(staff: StaffClient) -> None:
    person = make_person()
    link = error(person).link
    Practitioner.objects.update(profile="She is kind.")
    sent = {"note": "A note", "source": make_source().pk}
    response = staff("Clinical reviewer").post(link, sent, follow=True)
    assert "has no such finding" in response.content.decode()
    assert not EvidenceHeld.objects.exists()


def test_rows_without_words_of_the_site_have_no_form(staff: StaffClient) -> None:
    source = make_source()
    for page in (f"evidence.source.{source.pk}", "practitioners.practitioner.99999"):
        response = staff("Clinical reviewer").get(
            reverse("admin:evidence_evidenceheld_add"), {"page": page}
        )
        assert response.headers["Location"] == LIST


def test_the_person_gone_the_record_stays(staff: StaffClient) -> None:
    person = make_person()
    reviewer = staff("Clinical reviewer")
    record(reviewer, person)
    person.delete()
    assert "A page that is gone" in reviewer.get(LIST).content.decode()
    assert standing(reviewer) == ["Lapsed: the page no longer has this sentence"]


def test_the_list_asks_no_more_for_more_people(staff: StaffClient) -> None:
    reviewer = staff("Clinical reviewer")
    counts = []
    for _ in range(2):
        for _ in range(3):
            record(reviewer, make_person())
        reviewer.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            reviewer.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]
