"""Staff own the glossary: who may edit and confirm, what is refused, what waits for a clinician."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from evidence.models import GlossaryTerm
from evidence.usage import uses_of_source
from evidence.wording_report import site_findings
from publishing.models import AuditEntry
from tests.factories import make_glossary_term, make_reviewer, make_source, make_user
from tests.site.test_admin_editing import form_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LIST = "/admin/evidence/glossaryterm/"


def save(client: Client, term: GlossaryTerm, **changes: Any) -> str:
    """Open the form, change it, save it, and return what the list then says."""
    address = f"{LIST}{term.pk}/change/"
    data = form_of(client, address) | changes
    posted = {name: value for name, value in data.items() if value}
    response = client.post(address, posted, follow=True)
    assert response.redirect_chain, response.context["errors"]
    term.refresh_from_db()
    return response.content.decode()


@pytest.mark.parametrize("role", ["Author", "Editor", "Manager"])
def test_those_who_write_clinical_content_edit_terms(
    staff: Callable[[str], Client], role: str
) -> None:
    term = make_glossary_term()
    save(staff(role), term, definition="Something else.", other_forms="one\ntwo")
    assert (term.definition, term.other_forms) == ("Something else.", ["one", "two"])
    assert AuditEntry.objects.filter(act="changed").exists()


def test_new_term_is_in_the_glossary_once_it_is_saved(staff: Callable[[str], Client]) -> None:
    data = {
        "term": "trial", "slug": "trial", "definition": "A study.", "is_shown": "on",
        "other_forms": "trials", "link_first_use": "on",
    }  # fmt: skip
    response = staff("Author").post(f"{LIST}add/", data)
    assert response.status_code == 302, response.context["errors"]
    assert "A study." in Client().get("/glossary/").content.decode()
    assert AuditEntry.objects.filter(act="added").exists()


def test_changed_words_wait_for_a_clinician_again(staff: Callable[[str], Client]) -> None:
    term = make_glossary_term()
    assert term.is_confirmed
    said = save(staff("Author"), term, definition="Something else.")
    assert "waits for a clinician" in said
    assert not term.is_confirmed


def test_changed_words_that_were_checked_do_not_wait(staff: Callable[[str], Client]) -> None:
    term = make_glossary_term()
    save(staff("Editor"), term, definition="Something else.", checked_on="2026-06-03")
    assert term.is_confirmed
    assert term.checked_on == date(2026, 6, 3)


def test_another_form_needs_no_new_check(staff: Callable[[str], Client]) -> None:
    term = make_glossary_term()
    save(staff("Editor"), term, other_forms="another")
    assert term.is_confirmed


def test_address_stays_once_it_is_given(staff: Callable[[str], Client]) -> None:
    term = make_glossary_term()
    page = staff("Editor").get(f"{LIST}{term.pk}/change/").content.decode()
    assert 'name="slug"' not in page


def test_wording_is_checked_on_saving(staff: Callable[[str], Client]) -> None:
    term = make_glossary_term()
    said = save(staff("Editor"), term, definition="Acupuncture cures back pain.")
    assert "cures" in said
    assert "/admin/evidence/evidenceheld/add/" in said
    said = save(staff("Editor"), term, definition="A kind of needling.")
    assert "/admin/evidence/evidenceheld/add/" not in said


def test_wording_report_of_the_site_has_definitions() -> None:
    make_glossary_term("wings", definition="Acupuncture cures back pain.")
    found = [text.name for text, finding in site_findings() if finding.severity == "error"]
    assert "glossary/wings:definition" in found


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"definition": "A [link](/about/)."}, "definition"),
        ({"definition": "It says so [@ng59]."}, "definition"),
        ({"definition": "A **strong** word."}, "definition"),
        ({"definition": "No end"}, "definition"),
        ({"definition": "A" * 300 + "."}, "definition"),
        ({"definition": ""}, "definition"),
        ({"checked_on": timezone.localdate() + timedelta(days=2)}, "checked_on"),
        ({"term": "(brackets)"}, "other_forms"),
        ({"other_forms": ["-ology"]}, "other_forms"),
        ({"other_forms": ["Taken"]}, "other_forms"),
        ({"other_forms": ["takens"]}, "other_forms"),
        ({"term": "taken"}, "term"),
    ],
)
def test_what_cannot_stand_in_the_glossary_is_refused(fields: dict[str, Any], wrong: str) -> None:
    make_glossary_term("taken", other_forms=["takens"])
    term = make_glossary_term("own")
    for name, value in fields.items():
        setattr(term, name, value)
    with pytest.raises(ValidationError) as error:
        term.full_clean()
    assert wrong in error.value.message_dict


def test_words_are_kept_on_one_line() -> None:
    term = make_glossary_term(definition=" A\nstudy.  Of  people. ")
    term.full_clean()
    assert term.definition == "A study. Of people."


def test_desk_and_list_show_what_a_clinician_has_to_confirm(staff: Callable[[str], Client]) -> None:
    make_glossary_term("confirmed")
    make_glossary_term("hidden", is_shown=False, awaiting_clinician=True)
    manager = staff("Manager")
    assert "glossary term" not in _desk(manager)
    make_glossary_term("waiting", awaiting_clinician=True)
    assert "1 glossary term awaits a clinician" in _desk(manager)
    make_glossary_term("unchecked", checked_on=None)
    assert "2 glossary terms await a clinician" in _desk(manager)
    listed = manager.get(f"{LIST}?checking=to-confirm").context["cl"].queryset
    assert {term.term for term in listed} == {"waiting", "unchecked"}


def _desk(client: Client) -> str:
    items = client.get("/admin/").context["todo_items"]
    return "; ".join(f"{item.count} {item.text}" for item in items)


def confirm(client: Client, *terms: GlossaryTerm) -> str:
    data = {"action": "confirm", "_selected_action": [term.pk for term in terms]}
    return client.post(LIST, data, follow=True).content.decode()


@pytest.mark.parametrize("role", ["Clinical reviewer", "Manager"])
def test_clinician_confirms_terms_in_the_list(signed_in: Callable[..., Client], role: str) -> None:
    user = make_reviewer(role)
    terms = [make_glossary_term(awaiting_clinician=True, checked_by=None) for _ in range(2)]
    other = make_glossary_term(awaiting_clinician=True)
    assert "2 glossary terms confirmed" in confirm(signed_in(user), *terms)
    for term in (*terms, other):
        term.refresh_from_db()
    assert [term.is_confirmed for term in (*terms, other)] == [True, True, False]
    assert terms[0].checked_by.user == user
    assert terms[0].checked_on == timezone.localdate()
    assert AuditEntry.objects.filter(act="changed").count() == 2


@pytest.mark.parametrize("role", ["Author", "Editor"])
def test_others_confirm_nothing_in_the_list(staff: Callable[[str], Client], role: str) -> None:
    term = make_glossary_term(awaiting_clinician=True)
    confirm(staff(role), term)
    term.refresh_from_db()
    assert not term.is_confirmed


def test_nobody_confirms_without_a_name_that_readers_can_be_told(
    signed_in: Callable[..., Client],
) -> None:
    term = make_glossary_term(awaiting_clinician=True)
    assert "no practitioner profile" in confirm(signed_in(make_user("Clinical reviewer")), term)
    term.refresh_from_db()
    assert not term.is_confirmed


def test_source_names_the_terms_that_rest_on_it() -> None:
    source = make_source()
    term = make_glossary_term(sources=[source])
    make_glossary_term()
    assert [use.row for use in uses_of_source(source)] == [term]
