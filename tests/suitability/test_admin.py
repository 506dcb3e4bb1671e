"""Clinicians own the questions: who may edit them, what is refused, what waits for confirmation."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.usage import uses_of_source
from evidence.wording_report import site_findings
from publishing.models import AuditEntry
from suitability.models import Caution
from tests.factories import make_practitioner, make_source
from tests.site.test_admin_editing import form_of
from tests.suitability.factories import ADDRESS, make_caution

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LIST = "/admin/suitability/caution/"


def save(client: Client, caution: Caution, **changes: Any) -> Caution:
    """Open the form, change it and save it."""
    address = f"{LIST}{caution.pk}/change/"
    data = form_of(client, address) | changes
    response = client.post(address, {name: value for name, value in data.items() if value})
    assert response.status_code == 302, response.context["errors"]
    caution.refresh_from_db()
    return caution


@pytest.mark.parametrize("role", ["Author", "Editor", "Manager"])
def test_those_who_write_clinical_content_edit_questions(
    staff: Callable[[str], Client], role: str
) -> None:
    caution = save(staff(role), make_caution(), advice="Tell us about it.", order="7")
    assert (caution.advice, caution.order) == ("Tell us about it.", 7)
    assert AuditEntry.objects.filter(act="changed").exists()


def test_new_question_is_asked_once_it_is_saved(staff: Callable[[str], Client]) -> None:
    person, source = make_practitioner(), make_source()
    data = {
        "key": "wings", "question": "Do you have wings?", "if_yes": "not-here", "order": "3",
        "advice": "We do not needle wings.", "is_shown": "on", "sources": [source.pk],
        "checked_by": person.pk, "checked_on": "2026-06-01",
    }  # fmt: skip
    response = staff("Author").post(f"{LIST}add/", data)
    assert response.status_code == 302, response.context["errors"]
    assert "Do you have wings?" in Client().get(ADDRESS).content.decode()
    assert AuditEntry.objects.filter(act="added").exists()


def test_changed_words_wait_for_a_clinician_again(staff: Callable[[str], Client]) -> None:
    caution = save(staff("Author"), make_caution(), question="Do you have other wings?")
    assert caution.awaiting_clinician
    assert not caution.is_confirmed
    assert "not yet confirmed" in Client().get(ADDRESS).content.decode()


def test_changed_words_that_were_checked_do_not_wait(staff: Callable[[str], Client]) -> None:
    caution = save(staff("Editor"), make_caution(), advice="Tell us.", checked_on="2026-06-03")
    assert not caution.awaiting_clinician
    assert caution.checked_on == date(2026, 6, 3)


def test_a_new_place_in_the_list_needs_no_new_check(staff: Callable[[str], Client]) -> None:
    assert save(staff("Editor"), make_caution(), order="2").is_confirmed


def test_key_stays_once_it_is_given(staff: Callable[[str], Client]) -> None:
    caution = make_caution("wings")
    page = staff("Editor").get(f"{LIST}{caution.pk}/change/").content.decode()
    assert 'name="key"' not in page


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"question": "Wings."}, "question"),
        ({"checked_on": timezone.localdate() + timedelta(days=2)}, "checked_on"),
        ({"if_yes": "never-mind"}, "if_yes"),
        ({"advice": ""}, "advice"),
    ],
)
def test_what_cannot_be_asked_is_refused(fields: dict[str, Any], wrong: str) -> None:
    caution = make_caution()
    for name, value in fields.items():
        setattr(caution, name, value)
    with pytest.raises(ValidationError) as error:
        caution.full_clean()
    assert list(error.value.message_dict) == [wrong]


def test_words_are_kept_on_one_line() -> None:
    caution = make_caution(question="Do you\nhave  wings?", advice=" Tell\tus. ")
    caution.full_clean()
    assert (caution.question, caution.advice) == ("Do you have wings?", "Tell us.")


def test_desk_and_list_show_what_a_clinician_has_to_confirm(staff: Callable[[str], Client]) -> None:
    make_caution(question="Is it confirmed?")
    make_caution(question="Is it hidden?", is_shown=False, awaiting_clinician=True)
    manager = staff("Manager")
    assert "cautions on needling awaiting" not in manager.get("/admin/").content.decode()
    make_caution(question="Is it waiting?", awaiting_clinician=True)
    make_caution(question="Is it unchecked?", checked_on=None)
    desk = manager.get("/admin/").content.decode()
    assert "cautions on needling awaiting a clinician" in desk
    listed = manager.get(f"{LIST}?checking=to-confirm").content.decode()
    assert "Is it waiting?" in listed
    assert "Is it unchecked?" in listed
    assert "Is it confirmed?" not in listed
    assert "Is it hidden?" not in listed
    assert "Not shown, awaiting a clinician" in manager.get(LIST).content.decode()


def test_list_asks_no_more_for_eight_rows_than_for_one(staff: Callable[[str], Client]) -> None:
    manager = staff("Manager")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(LIST).status_code == 200
        return len(queries)

    make_caution()
    one = count()
    for _ in range(7):
        make_caution()
    assert count() == one


def test_wording_is_checked_as_that_of_other_texts() -> None:
    make_caution("wings", advice="Acupuncture cures back pain.")
    found = [text.name for text, finding in site_findings() if finding.severity == "error"]
    assert "caution/wings:advice" in found


def test_source_names_the_cautions_that_rest_on_it() -> None:
    source = make_source()
    caution = make_caution(sources=[source])
    make_caution()
    assert [use.row for use in uses_of_source(source)] == [caution]
