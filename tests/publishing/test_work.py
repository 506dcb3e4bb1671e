"""What somebody types is kept before it is saved, and two people at one page lose nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.urls import reverse

from articles.models import Article
from publishing import snapshots, work, workflow
from publishing.models import AuditEntry, Version, WorkInProgress
from publishing.models.editing import AT_WORK, NEW
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_information_page,
    make_treatment,
    make_user,
    make_warning_sign,
)
from tests.publishing.markup import parse, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Make = Callable[..., Any]
SignIn = Callable[..., Client]
KINDS = pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
LONG = "The first paragraph is here.\n\nThe second one follows.\n\nThe third one ends it."


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def step(page: Any, name: str = "change") -> str:
    """Return the address of a step of a page, or of a page kind."""
    options = page._meta
    args = [] if isinstance(page, type) else [page.pk]
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=args)


def filled_in(html: bytes) -> dict[str, Any]:
    """Return what a browser would send when a form of the admin is sent as it stands."""
    form = next(
        each
        for each in BeautifulSoup(html, "html.parser").select("form[method=post]")
        if each.select_one("textarea, input[type=text]")
    )
    sent: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        value = _value_of(field)
        if "__prefix__" not in str(field["name"]) and value is not None:
            sent[str(field["name"])] = value
    return sent


def _value_of(field: Tag) -> Any:
    if field.get("type") in {"submit", "file", "button"}:
        return None
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        chosen = [str(option.get("value", "")) for option in field.select("option[selected]")]
        return chosen if field.has_attr("multiple") else (chosen or [""])[0]
    if field.get("type") == "checkbox":
        return "on" if field.has_attr("checked") else None
    return str(field.get("value", ""))


def form_of(client: Client, page: Any) -> dict[str, Any]:
    return filled_in(client.get(step(page)).content)


def text_field(page: Any) -> str:
    return str(page.SECTIONS[0].field)


def editor(**fields: Any) -> User:
    return make_user("Editor", **fields)


# --- keeping --------------------------------------------------------------------------------------


@KINDS
def test_what_is_typed_is_kept_and_shown_when_the_form_is_opened_again(
    make: Make, signed_in: SignIn, clock: Any
) -> None:
    page, user = make(), editor()
    client = signed_in(user)
    typed = form_of(client, page) | {text_field(page): "Half a sente"}
    response = client.post(step(page, "work"), typed)
    assert response.json() == {"kept_at": "12:00", "colleagues": []}
    clock.shift(timedelta(hours=1))
    answer = signed_in(user).get(step(page))
    assert filled_in(answer.content)[text_field(page)] == "Half a sente"
    assert "12:00" in answer.content.decode()
    page.refresh_from_db()
    assert getattr(page, text_field(page)) != "Half a sente"


def test_rows_that_are_typed_are_kept_too(signed_in: SignIn) -> None:
    page, user = make_condition(), editor()
    make_faq(page)
    make_warning_sign(page)
    client = signed_in(user)
    typed = form_of(client, page) | {
        "faqs-TOTAL_FORMS": "2",
        "faqs-0-question": "Changed?",
        "faqs-1-question": "Added?",
        "faqs-1-answer": "Not yet",
        "warning_signs-0-sign": "",
    }
    client.post(step(page, "work"), typed)
    again = form_of(signed_in(user), page)
    assert (again["faqs-0-question"], again["faqs-1-question"]) == ("Changed?", "Added?")
    assert again["faqs-1-answer"] == "Not yet"
    assert again["warning_signs-0-sign"] == ""
    assert again["faqs-TOTAL_FORMS"] == "2"


def test_page_that_is_not_there_yet_is_kept(signed_in: SignIn) -> None:
    user = editor()
    client = signed_in(user)
    client.post(step(Article, "new_work"), {"title": "Knees in wint", "body": "They ache"})
    again = filled_in(signed_in(user).get(step(Article, "add")).content)
    assert (again["title"], again["body"]) == ("Knees in wint", "They ache")
    assert not Article.objects.exists()


def test_what_was_typed_is_discarded(signed_in: SignIn) -> None:
    page, user = make_article(body="As it is."), editor()
    client = signed_in(user)
    client.post(step(page, "work"), form_of(client, page) | {"body": "Half"})
    response = client.post(step(page, "work"), {"discard": "1"})
    assert (response.status_code, response["Location"]) == (302, step(page))
    assert form_of(client, page)["body"] == "As it is."
    client.post(step(Article, "new_work"), {"title": "Half"})
    assert client.post(step(Article, "new_work"), {"discard": ""})["Location"] == step(
        Article, "add"
    )
    assert filled_in(client.get(step(Article, "add")).content)["title"] == ""


def test_saving_forgets_what_was_typed(signed_in: SignIn) -> None:
    page, user = make_article(), editor()
    client = signed_in(user)
    typed = form_of(client, page) | {"body": "All of it.", "change_note": "All of it."}
    client.post(step(page, "work"), typed)
    assert client.post(step(page), typed).status_code == 302
    assert not WorkInProgress.objects.exists()
    assert workflow.latest_version(page).data["fields"]["body"] == "All of it."


def test_what_is_typed_is_its_writer_s_alone(signed_in: SignIn) -> None:
    page = make_article(body="As it is.")
    one, other = signed_in(editor()), signed_in(editor())
    one.post(step(page, "work"), form_of(one, page) | {"body": "Half"})
    assert form_of(other, page)["body"] == "As it is."
    other.post(step(page, "work"), {"discard": "1"})
    assert form_of(one, page)["body"] == "Half"
    assert form_of(one, make_article(body="Another."))["body"] == "Another."


def test_what_is_typed_is_no_part_of_the_history(signed_in: SignIn) -> None:
    page = make_article()
    client = signed_in(editor())
    typed = form_of(client, page) | {"body": "Half"}
    versions, entries = Version.objects.count(), AuditEntry.objects.count()
    client.post(step(page, "work"), typed)
    assert (Version.objects.count(), AuditEntry.objects.count()) == (versions, entries)
    assert "Half" not in client.get(step(page, "status")).content.decode()


@pytest.mark.parametrize("role", ["Clinical reviewer", "Reception"])
def test_only_people_who_write_keep_text(role: str, signed_in: SignIn) -> None:
    page = make_article()
    client = signed_in(make_user(role))
    for path in (step(page, "work"), step(Article, "new_work")):
        assert client.post(path, {"body": "Half"}).status_code == 403
    assert not WorkInProgress.objects.exists()


def test_visitor_keeps_nothing() -> None:
    page = make_article()
    for path in (step(page, "work"), step(Article, "new_work")):
        assert Client().post(path, {"body": "Half"}).status_code == 302
    assert not WorkInProgress.objects.exists()


def test_text_is_kept_only_with_a_token_and_by_post(signed_in: SignIn) -> None:
    page, user = make_article(), editor()
    strict = signed_in(user, enforce_csrf_checks=True)
    assert strict.post(step(page, "work"), {"body": "Half"}).status_code == 403
    assert signed_in(user).get(step(page, "work")).status_code == 405
    assert not WorkInProgress.objects.filter(typed_at__isnull=False).exists()


def test_page_that_is_not_there_keeps_nothing(signed_in: SignIn) -> None:
    client = signed_in(editor())
    for pk in (4711, 2**40, 10**30):
        path = reverse("admin:articles_article_work", args=[pk])
        assert client.post(path, {"body": "Half"}).status_code == 404
    page = make_article()
    workflow.delete(page, editor())
    assert client.post(step(page, "work"), {"body": "Half"}).status_code == 404


def test_too_much_is_refused_and_what_was_kept_stays(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_article()
    client = signed_in(editor())
    typed = form_of(client, page)
    client.post(step(page, "work"), typed | {"body": "Short"})
    monkeypatch.setattr(work, "MAX_TYPED_CHARACTERS", 5_000)
    response = client.post(step(page, "work"), typed | {"body": "x" * 5_000})
    assert response.status_code == 413
    assert "too long" in response.json()["problem"]
    assert form_of(client, page)["body"] == "Short"


@pytest.mark.parametrize("odd", ["a\0b", "\ud800 half", "🦵 \u202e \x0b", "<script>“&amp;”"])
def test_odd_text_is_kept(odd: str) -> None:
    user, page = editor(), make_article()
    work.keep(user, Article, page.pk, [("body", odd), ("na\0me", "x")])
    kept = WorkInProgress.objects.get().typed
    form = work.typed_form(WorkInProgress.objects.get())
    assert form is not None
    assert form["body"].replace("?", "") == odd.replace("\0", "").replace("\ud800", "")
    assert kept[1] == ["name", "x"]


def test_token_and_buttons_are_not_kept() -> None:
    user = editor()
    work.keep(user, Article, NEW, [("csrfmiddlewaretoken", "t"), ("_save", ""), ("title", "T")])
    assert WorkInProgress.objects.get().typed == [["title", "T"]]


@pytest.mark.parametrize(
    "typed",
    [
        {"faqs-TOTAL_FORMS": "many"},
        {"faqs-TOTAL_FORMS": "1000000"},
        {"category": "no number", "conditions": ["x", "999999"], "lead_image": "-1"},
        {"order": "x", "author": "999999", "faqs-0-position": "first", "faqs-TOTAL_FORMS": "1"},
    ],
)
def test_nonsense_that_was_kept_does_not_keep_the_form_from_opening(
    typed: dict[str, Any], signed_in: SignIn
) -> None:
    page = make_article()
    client = signed_in(editor())
    client.post(step(page, "work"), {"body": "Half"} | typed)
    assert form_of(client, page)["body"] == "Half"


# --- who else is there ----------------------------------------------------------------------------


def test_colleagues_are_named_with_since_when(signed_in: SignIn, clock: Any) -> None:
    page = make_article()
    ada = signed_in(editor(first_name="Ada", last_name="Author"))
    ada.get(step(page))
    clock.shift(timedelta(minutes=10))
    other = signed_in(editor())
    answer = text_of(other.get(step(page)).content.decode())
    assert "Ada Author" in answer
    assert "12:00" in answer
    response = other.post(step(page, "work"), form_of(other, page))
    assert response.json()["colleagues"] == ["Ada Author, since 12:00"]
    assert "Ada Author" in other.get(step(page, "status")).content.decode()


def test_nobody_is_their_own_colleague(signed_in: SignIn) -> None:
    page, user = make_article(), editor()
    signed_in(user).get(step(page))
    assert work.colleagues(user, Article, page.pk) == []
    assert work.colleagues(editor(), Article, make_article().pk) == []


def test_colleague_without_a_sign_of_life_is_gone(signed_in: SignIn, clock: Any) -> None:
    page, user, other = make_article(), editor(), editor()
    client = signed_in(user)
    client.get(step(page))
    clock.shift(AT_WORK)
    assert len(work.colleagues(other, Article, page.pk)) == 1
    clock.shift(timedelta(seconds=1))
    assert work.colleagues(other, Article, page.pk) == []
    client.get(step(page))
    found = work.colleagues(other, Article, page.pk)
    assert [each.since for each in found] == [NOON + AT_WORK + timedelta(seconds=1)]


def test_sign_of_life_without_text_forgets_none(signed_in: SignIn, clock: Any) -> None:
    page, user = make_article(), editor()
    client = signed_in(user)
    client.post(step(page, "work"), form_of(client, page) | {"body": "Half"})
    clock.shift(AT_WORK)
    work.keep(user, Article, page.pk, [])
    row = WorkInProgress.objects.get()
    assert row.seen_at == NOON + AT_WORK
    assert form_of(client, page)["body"] == "Half"


# --- two people, one page -------------------------------------------------------------------------


class Two:
    """Two editors with the same version open."""

    def __init__(self, signed_in: SignIn, **fields: Any) -> None:
        self.page = make_article(**({"body": LONG, "summary": "As it was."} | fields))
        self.first, self.second = signed_in(editor()), signed_in(editor())
        self.seen_by_first = form_of(self.first, self.page)
        self.seen_by_second = form_of(self.second, self.page)

    def first_saves(self, **changes: Any) -> Any:
        return self.first.post(step(self.page), self.seen_by_first | changes)

    def second_saves(self, **changes: Any) -> Any:
        return self.second.post(step(self.page), self.seen_by_second | changes)

    @property
    def newest(self) -> Version:
        return workflow.latest_version(self.page)


def kept_in(response: Any) -> str:
    field = parse(response.content.decode()).select_one("input[name=kept]")
    assert field is not None
    return str(field["value"])


@pytest.fixture
def two(signed_in: SignIn) -> Two:
    return Two(signed_in)


def test_stale_save_shows_both_texts_and_saves_nothing(two: Two) -> None:
    assert two.first_saves(summary="The first one’s words.").status_code == 302
    response = two.second_saves(summary="The second one’s words.")
    assert response.status_code == 200
    answer = response.content.decode()
    assert "The first one’s words." in answer
    assert "The second one’s words." in answer
    assert two.newest.number == 2
    assert two.newest.data["fields"]["summary"] == "The first one’s words."


def test_changes_in_different_places_become_one_text(two: Two) -> None:
    two.first_saves(
        summary="New summary.", body=LONG.replace("first paragraph", "opening paragraph")
    )
    response = two.second_saves(
        body=LONG.replace("ends it", "is the last"), note="Mine", change_note="Told better."
    )
    merged = two.second.post(step(two.page, "merge"), {"kept": kept_in(response)})
    assert (merged.status_code, merged["Location"]) == (302, step(two.page, "status"))
    newest = two.newest
    assert newest.number == 3
    assert newest.data["fields"]["summary"] == "New summary."
    assert newest.data["fields"]["body"] == (
        LONG.replace("first paragraph", "opening paragraph").replace("ends it", "is the last")
    )
    assert (newest.note, newest.change_note, newest.is_minor) == ("Mine", "Told better.", False)
    assert newest.based_on == Version.objects.of(two.page).get(number=2)


@pytest.mark.parametrize(("pick", "words"), [("mine", "Second."), ("theirs", "First.")])
def test_one_of_two_texts_is_picked_where_they_collide(pick: str, words: str, two: Two) -> None:
    two.first_saves(summary="First.", title="Their title")
    response = two.second_saves(summary="Second.")
    two.second.post(
        step(two.page, "merge"), {"kept": kept_in(response), "pick-fields.summary": pick}
    )
    fields = two.newest.data["fields"]
    assert (fields["summary"], fields["title"]) == (words, "Their title")
    assert not WorkInProgress.objects.filter(user=two.newest.by).exists()


@pytest.mark.parametrize("pick", ["", "neither", "mine' or '1"])
def test_undecided_merge_saves_nothing_and_loses_nothing(pick: str, two: Two) -> None:
    two.first_saves(summary="First.")
    response = two.second_saves(summary="Second.", body="All mine.")
    told = {"kept": kept_in(response), "pick-fields.summary": pick}
    answer = two.second.post(step(two.page, "merge"), told, follow=True)
    assert "Pick one of the two texts for: Summary" in answer.content.decode()
    assert two.newest.number == 2
    again = filled_in(answer.content)
    assert (again["summary"], again["body"]) == ("Second.", "All mine.")
    # The form still knows which version it began with, so that saving compares again.
    assert again["based_on_number"] == "1"


def forged(kept: str) -> list[str]:
    told = signing.loads(kept, salt="publishing.merge")
    return [
        "",
        "nonsense",
        kept[:-1] + ("A" if kept[-1] != "A" else "B"),
        signing.dumps(told, salt="another"),
        signing.dumps(told),
    ]


def test_forged_merge_is_refused(two: Two) -> None:
    two.first_saves(summary="First.")
    kept = kept_in(two.second_saves(body="All mine."))
    for forgery in forged(kept):
        answer = two.second.post(step(two.page, "merge"), {"kept": forgery}, follow=True)
        assert two.newest.number == 2
        assert "Save it again" in answer.content.decode()
        assert filled_in(answer.content)["body"] == "All mine."


def test_merge_of_one_page_is_not_sent_to_another(two: Two, signed_in: SignIn) -> None:
    two.first_saves(summary="First.")
    kept = kept_in(two.second_saves(body="All mine."))
    other = make_article(body="Untouched.")
    first = workflow.adopt(other)
    two.second.post(step(other, "merge"), {"kept": kept})
    assert workflow.latest_version(other) == first


def test_save_in_between_is_not_overwritten(two: Two, signed_in: SignIn) -> None:
    two.first_saves(summary="First.")
    kept = kept_in(two.second_saves(body="All mine."))
    third = signed_in(editor())
    third.post(step(two.page), form_of(third, two.page) | {"title": "A third title"})
    answer = two.second.post(step(two.page, "merge"), {"kept": kept}, follow=True)
    assert "Somebody saved again" in answer.content.decode()
    assert (two.newest.number, two.newest.data["fields"]["title"]) == (3, "A third title")
    # Saving once more shows all three together.
    response = two.second.post(step(two.page), filled_in(answer.content))
    two.second.post(step(two.page, "merge"), {"kept": kept_in(response)})
    fields = two.newest.data["fields"]
    assert (fields["title"], fields["summary"], fields["body"]) == (
        "A third title",
        "First.",
        "All mine.",
    )


def test_rows_that_both_added_are_both_there(two: Two) -> None:
    def with_question(words: str) -> dict[str, str]:
        return {
            "faqs-TOTAL_FORMS": "1",
            "faqs-0-question": words,
            "faqs-0-answer": "Yes.",
            "faqs-0-position": "0",
        }

    two.first_saves(**with_question("First?"))
    response = two.second_saves(summary="Second.")
    two.second.post(step(two.page, "merge"), {"kept": kept_in(response)})
    fields = two.newest.data
    assert [each["question"] for each in fields["rows"]["faqs"]] == ["First?"]
    assert fields["fields"]["summary"] == "Second."


def test_merge_needs_leave_to_write(two: Two, signed_in: SignIn) -> None:
    two.first_saves(summary="First.")
    kept = kept_in(two.second_saves(body="All mine."))
    for role in ("Clinical reviewer", "Reception"):
        signed_in(make_user(role)).post(step(two.page, "merge"), {"kept": kept})
    assert two.newest.number == 2


def test_merge_page_visited_by_address_leads_to_the_form(two: Two) -> None:
    assert two.second.get(step(two.page, "merge"))["Location"] == step(two.page)


def test_save_without_a_change_makes_no_version(signed_in: SignIn) -> None:
    page = make_article()
    client = signed_in(editor())
    client.post(step(page), form_of(client, page))
    assert Version.objects.of(page).count() == 1
    assert workflow.latest_version(page).data == snapshots.take(page)


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", ""])
def test_number_of_a_version_that_does_not_exist_is_no_way_to_overwrite(
    number: str, two: Two
) -> None:
    two.first_saves(summary="First.")
    response = two.second_saves(summary="Second.", based_on_number=number)
    if number not in {"", "0"}:
        assert response.status_code == 200
        assert two.newest.number == 2
    else:
        # A form without the number was filled from the newest version; nothing is hidden from it.
        assert two.newest.based_on == Version.objects.of(two.page).get(number=2)
