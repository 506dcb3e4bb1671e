"""What staff see of notes and do with them, by role, and what the audit log keeps."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from enquiries.models import Enquiry
from feedback.models import Note
from tests.enquiries.conftest import soup_of
from tests.enquiries.reception import errors_of, log, offered, text_of
from tests.factories import make_clinic, make_condition
from tests.feedback.conftest import LIST
from tests.feedback.factories import make_note

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Staff = Callable[[str], Client]
FLAGS = json.dumps(
    [{"key": "chest", "level": "emergency", "sign": "you have sudden chest pain", "spans": [[0, 8]],
      "is_weakened": False, "why_weakened": ""}]
)  # fmt: skip


@pytest.fixture(autouse=True)
def _clinic(db: None) -> None:
    make_clinic()


def flagged(**fields: Any) -> Note:
    fields = {"message": "My chest is sore", "red_flags": FLAGS,
              "urgency": Enquiry.Urgency.EMERGENCY} | fields  # fmt: skip
    return make_note(**fields)


def page(note: Note) -> str:
    return f"{LIST}{note.pk}/change/"


def step(client: Client, note: Note, name: str, **answers: str) -> Any:
    sent = {f"{name}-{field}": value for field, value in answers.items()}
    response = client.post(f"{LIST}{note.pk}/step/{name}/", sent)
    if Note.objects.filter(pk=note.pk).exists():
        note.refresh_from_db()
    return response


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [link.get_text() for link in soup_of(response.content).select("#result_list tbody th a")]


def todo(client: Client) -> dict[str, tuple[int, str, bool]]:
    items = client.get("/admin/").context["todo_items"]
    return {each.text: (each.count, each.url, each.is_urgent) for each in items
            if "readers" in each.text}  # fmt: skip


@pytest.mark.parametrize("role", ["Reception", "Editor", "Manager"])
def test_those_who_deal_with_notes_see_everything(staff: Staff, role: str) -> None:
    condition = make_condition(name="Back pain", slug="back-pain")
    note = make_note(page="/conditions/back-pain/", email="sam@example.com", message="<b>Odd</b>")
    client = staff(role)
    assert listed(client) == [note.reference]
    response = client.get(page(note))
    soup = soup_of(response.content)
    assert soup.select_one("a[href='/conditions/back-pain/']") is not None
    edit = soup.select_one(f"a[href='/admin/conditions/condition/{condition.pk}/change/']")
    assert (edit is not None) is (role != "Reception")  # who may not open it is not led there
    mail = soup.select_one("a[href^='mailto:']")
    assert mail is not None
    assert mail["href"] == f"mailto:sam@example.com?subject={note.reference}"
    assert "<b>Odd</b>" in text_of(response)
    assert [entry[1:3] for entry in log("read")] == [("read", f"note on a page: {note.reference}")]
    assert ("erase" in offered(response)) is (role == "Manager")


def test_without_an_email_address_no_reply_is_offered(staff: Staff) -> None:
    response = staff("Reception").get(page(make_note()))
    assert not soup_of(response.content).select("a[href^='mailto:']")
    assert "Not given" in text_of(response)


def test_an_address_cannot_add_to_the_mail(staff: Staff) -> None:
    note = make_note(email='"a?bcc=b&c"@example.com')
    (link,) = soup_of(staff("Reception").get(page(note)).content).select("a[href^='mailto:']")
    assert str(link["href"]).count("?") == 1
    assert "&" not in link["href"]


def test_authors_read_notes_on_pages_without_their_senders(staff: Staff) -> None:
    plain = make_note(email="sam@example.com")
    hidden = [
        flagged(), make_note(suspected_spam=True), make_note(urgency=Enquiry.Urgency.MENTIONED)
    ]  # fmt: skip
    author = staff("Author")
    assert listed(author) == [plain.reference]
    response = author.get(page(plain))
    assert plain.message in text_of(response)
    assert b"sam@example.com" not in response.content
    assert offered(response) == []
    for note in hidden:
        assert author.get(page(note)).status_code == 302
    for name in ("finish", "spam", "erase", "nonsense"):
        assert step(author, plain, name).status_code == 403
    assert plain.state == Note.State.NEW
    assert todo(author) == {}


def test_clinical_reviewers_see_none(staff: Staff) -> None:
    note = make_note()
    reviewer = staff("Clinical reviewer")
    assert reviewer.get(LIST).status_code == 403
    assert reviewer.get(page(note)).status_code == 403
    assert todo(reviewer) == {}


def test_a_note_is_done_opened_again_and_judged(staff: Staff) -> None:
    note = make_note()
    client = staff("Editor")
    response = step(client, note, "finish", text="Date put right")
    assert response.status_code == 302
    assert (note.state, note.done_note) == ("done", "Date put right")
    assert note.done_at is not None
    assert "Date put right" in text_of(client.get(page(note)))
    step(client, note, "reopen")
    assert (note.state, note.done_at) == ("new", None)
    step(client, note, "spam")
    assert note.suspected_spam
    assert not Note.objects.waiting().exists()
    step(client, note, "rescue")
    assert list(Note.objects.waiting()) == [note]
    acts = [entry[1] for entry in log("done", "opened again", "marked as spam", "rescued")]
    assert acts == ["done", "opened again", "marked as spam", "rescued"]
    assert "Date put right" not in str(log())  # what staff wrote is not in the log either


def test_erasing_takes_a_manager_who_is_sure(staff: Staff) -> None:
    note = make_note()
    assert step(staff("Reception"), note, "erase", sure="on").status_code == 403
    manager = staff("Manager")
    response = step(manager, note, "erase")
    assert response.status_code == 422
    assert errors_of(response) == ["Tick the box if you want to erase it"]
    assert Note.objects.exists()
    assert step(manager, note, "erase", sure="on").status_code == 302
    assert not Note.objects.exists()
    assert [entry[1:3] for entry in log("erased")] == [
        ("erased", f"note on a page: {note.reference}")
    ]
    again = manager.post(f"{LIST}{note.pk}/step/finish/", follow=True)
    assert "There is no such note" in text_of(again)


def test_a_step_is_not_taken_by_looking(staff: Staff) -> None:
    note = make_note()
    assert staff("Editor").get(f"{LIST}{note.pk}/step/spam/").status_code == 302
    note.refresh_from_db()
    assert not note.suspected_spam


def test_a_warning_sign_comes_first_and_is_marked(staff: Staff) -> None:
    plain, urgent, spam = make_note(), flagged(), make_note(suspected_spam=True)
    client = staff("Reception")
    assert listed(client) == [each.reference for each in (urgent, plain, spam)]
    soup = soup_of(client.get(page(urgent)).content)
    assert soup.select_one(".enquiry__notice--urgent") is not None
    mark = soup.select_one("mark")
    assert mark is not None
    assert mark.get_text() == "My chest"


def test_the_desk_counts_what_waits_and_leads_to_it(staff: Staff) -> None:
    client = staff("Reception")
    assert todo(client) == {}
    make_note()
    urgent, spam = flagged(), make_note(suspected_spam=True)
    make_note(state=Note.State.DONE)
    flagged(state=Note.State.DONE)
    found = todo(client)
    counts = {text: (count, is_urgent) for text, (count, _, is_urgent) in found.items()}
    assert counts == {
        "note from readers with a warning sign, not dealt with": (1, True),
        "notes from readers about pages": (2, False),
        "note from readers suspected of being spam, to look through": (1, False),
    }
    lists = [listed(client, address.removeprefix(LIST)) for _, address, _ in found.values()]
    assert lists[0] == [urgent.reference]
    assert len(lists[1]) == 2
    assert lists[2] == [spam.reference]


def test_the_list_shows_a_part_of_each_and_finds_by_page_and_reference(staff: Staff) -> None:
    note = make_note(message="word " * 200, page="/fees/")
    other = make_note(page="/conditions/")
    client = staff("Reception")
    shown = text_of(client.get(LIST))
    assert "word word" in shown
    assert "word " * 30 not in shown
    assert listed(client, "?q=fees") == [note.reference]
    assert listed(client, f"?q={other.reference}") == [other.reference]


def test_a_page_that_is_gone_is_named_and_not_linked(staff: Staff) -> None:
    response = staff("Editor").get(page(make_note(page="/conditions/gone/")))
    assert "/conditions/gone/ , which is not public now" in text_of(response).replace(
        "gone/,", "gone/ ,"
    )
    assert not soup_of(response.content).select("a[href='/conditions/gone/']")
