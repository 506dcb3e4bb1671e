"""Text is not lost with the session, and not handed to anybody or sent anywhere else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article
from conditions.models import Condition
from publishing import workflow
from publishing.models import AuditEntry, Version, WorkInProgress
from tests.factories import (
    make_article,
    make_clinic,
    make_condition,
    make_faq,
    make_practitioner,
    make_source,
    make_user,
    make_warning_sign,
)
from tests.publishing.test_work import filled_in, form_of, step

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SignIn = Callable[..., Client]
GO_ON = "/staff/continue/"
PASSWORD = "correct horse"


@pytest.fixture
def user() -> User:
    found = make_user("Editor", username="ada")
    found.set_password(PASSWORD)
    found.save()
    return found


def offered(response: Any) -> dict[str, str]:
    """Return the hidden fields of the page that asks to sign in, as a browser would send them."""
    soup = BeautifulSoup(response.content, "html.parser")
    form = soup.select_one(f'form[action="{GO_ON}"]')
    assert form is not None
    return {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}


def sign_in(client: Client, told: dict[str, str], password: str = PASSWORD, **more: Any) -> Any:
    return client.post(GO_ON, told | {"username": "ada", "password": password}, **more)


# --- the session is gone --------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_article, make_condition])
def test_text_survives_the_end_of_a_session(make: Any, user: User, signed_in: SignIn) -> None:
    page = make()
    make_faq(page)
    field = page.SECTIONS[0].field
    typed = form_of(signed_in(user), page) | {
        field: "Much work, “quoted” & <marked>.\n\nTwo paragraphs.",
        "faqs-TOTAL_FORMS": "2",
        "faqs-1-question": "New?",
        "faqs-1-answer": "Yes.",
        "faqs-1-position": "1",
        "_save": "Save",
    }
    versions = Version.objects.count()
    visitor = Client()
    response = visitor.post(step(page), typed)
    assert response.status_code == 403
    told = offered(response)
    assert "_auth_user_id" not in visitor.session
    answer = sign_in(visitor, told)
    assert (answer.status_code, answer["Location"]) == (302, step(page))
    again = filled_in(visitor.get(step(page)).content)
    assert again[field] == typed[field]
    assert (again["faqs-1-question"], again["faqs-1-answer"]) == ("New?", "Yes.")
    assert Version.objects.count() == versions
    # And then it can be saved.
    assert visitor.post(step(page), again).status_code == 302
    newest = workflow.latest_version(page)
    assert newest.data["fields"][field] == typed[field]
    assert [each["question"] for each in newest.data["rows"]["faqs"]] == ["Does it hurt?", "New?"]
    assert newest.by == user


def test_text_of_a_new_page_survives(user: User) -> None:
    visitor = Client()
    typed = {
        "name": "Sore knee",
        "overview": "It hurts.",
        "warning_signs-TOTAL_FORMS": "1",
        "warning_signs-0-sign": "it is hot",
        "warning_signs-0-level": "urgent",
    }
    response = visitor.post(step(Condition, "add"), typed)
    answer = sign_in(visitor, offered(response))
    assert answer["Location"] == step(Condition, "add")
    again = filled_in(visitor.get(step(Condition, "add")).content)
    assert {name: again[name] for name in typed} == typed
    assert not Condition.objects.exists()


def test_several_values_of_one_field_survive(user: User) -> None:
    page = make_article()
    conditions = [make_condition(), make_condition()]
    visitor = Client()
    chosen = [str(each.pk) for each in conditions]
    response = visitor.post(step(page), {"title": "T", "conditions": chosen})
    sign_in(visitor, offered(response))
    assert sorted(filled_in(visitor.get(step(page)).content)["conditions"]) == sorted(chosen)


def test_address_is_kept_with_what_it_asks_for(user: User) -> None:
    page = make_article()
    visitor = Client()
    response = visitor.post(f"{step(page)}?_changelist_filters=state%3Ddraft", {"body": "Half"})
    answer = sign_in(visitor, offered(response))
    assert answer["Location"] == f"{step(page)}?_changelist_filters=state%3Ddraft"


def test_nothing_is_stored_before_somebody_has_signed_in(user: User) -> None:
    page = make_article()
    entries = AuditEntry.objects.count()
    Client().post(step(page), {"body": "Half"})
    assert not WorkInProgress.objects.exists()
    assert not Version.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_nobody_else_gets_the_text(user: User, signed_in: SignIn) -> None:
    page = make_article(body="As it is.")
    visitor = Client()
    response = visitor.post(step(page), {"body": "Ada’s"})
    other = signed_in(make_user("Editor"))
    assert form_of(other, page)["body"] == "As it is."
    sign_in(visitor, offered(response))
    assert form_of(other, page)["body"] == "As it is."
    assert WorkInProgress.objects.get(typed_at__isnull=False).user == user


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody"}, {"password": ""}])
def test_wrong_password_keeps_the_text(wrong: dict[str, str], user: User) -> None:
    page = make_article()
    visitor = Client()
    told = offered(visitor.post(step(page), {"body": "Half"}))
    response = visitor.post(GO_ON, told | {"username": "ada", "password": PASSWORD} | wrong)
    assert response.status_code == 403
    assert "_auth_user_id" not in visitor.session
    again = offered(response)
    assert (again["kept"], again["next"]) == (told["kept"], told["next"])
    assert again.get("password", "") == ""
    assert sign_in(visitor, again).status_code == 302
    assert filled_in(visitor.get(step(page)).content)["body"] == "Half"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_text_is_no_way_in_for_somebody_who_may_not(fields: dict[str, bool], user: User) -> None:
    User.objects.filter(pk=user.pk).update(**fields)
    visitor = Client()
    response = sign_in(visitor, offered(visitor.post(step(make_article()), {"body": "Half"})))
    assert response.status_code == 403
    assert "_auth_user_id" not in visitor.session
    assert not WorkInProgress.objects.exists()


def test_somebody_who_may_not_write_gets_their_text_back_and_no_more(user: User) -> None:
    user.groups.clear()
    page = make_article()
    visitor = Client()
    response = sign_in(visitor, offered(visitor.post(step(page), {"body": "Half a text"})))
    assert response.status_code == 200
    assert "Half a text" in response.content.decode()
    assert not WorkInProgress.objects.exists()
    assert visitor.post(step(page), {"body": "Half a text"}).status_code == 403


@pytest.mark.parametrize("name", ["submit", "review", "publish", "withdraw", "share", "merge"])
def test_other_forms_of_a_page_are_kept_too(name: str, user: User) -> None:
    page = make_article()
    visitor = Client()
    told = {"version": "1", "remark_0": "Say how long.", "decision": "changes"}
    response = sign_in(visitor, offered(visitor.post(step(page, name), told)))
    assert response.status_code == 200
    assert "Say how long." in response.content.decode()
    assert f'action="{step(page, name)}"' in response.content.decode()


# --- the proof that the form is theirs does not hold ----------------------------------------------


def test_form_without_a_valid_token_is_kept_for_somebody_signed_in(
    user: User, signed_in: SignIn
) -> None:
    page = make_article()
    client = signed_in(user, enforce_csrf_checks=True)
    response = client.post(step(page), {"body": "Half"})
    assert response.status_code == 403
    told = offered(response)
    assert "password" not in told
    assert not WorkInProgress.objects.exists()
    answer = client.post(GO_ON, told)
    assert (answer.status_code, answer["Location"]) == (302, step(page))
    assert filled_in(client.get(step(page)).content)["body"] == "Half"
    assert not Version.objects.filter(data__fields__body="Half").exists()


def test_both_at_once(user: User) -> None:
    page = make_article()
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post(step(page), {"body": "Half", "csrfmiddlewaretoken": "old"})
    told = offered(response)
    # The token of the page itself can get lost as well.
    lost = sign_in(visitor, told | {"csrfmiddlewaretoken": "wrong"})
    assert lost.status_code == 403
    assert not WorkInProgress.objects.exists()
    again = offered(lost)
    assert again["kept"] == told["kept"]
    assert sign_in(visitor, again).status_code == 302
    assert filled_in(visitor.get(step(page)).content)["body"] == "Half"


@pytest.mark.parametrize("path", ["/admin/login/", "/staff/markdown/preview/"])
def test_what_is_no_form_of_a_text_is_answered_as_ever(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(path, {"username": "My knee", "password": "s3cret-words"})
    assert response.status_code == 403
    assert "My knee" not in response.content.decode()
    assert "s3cret-words" not in response.content.decode()


def test_text_sent_from_another_site_is_not_kept_by_itself(user: User, signed_in: SignIn) -> None:
    """Somebody elsewhere cannot put words into a person's form: it takes a token to go on."""
    page = make_article(body="As it is.")
    client = signed_in(user, enforce_csrf_checks=True)
    forged = {"kept": json.dumps([["body", "Forged"]]), "next": step(page)}
    assert client.post(GO_ON, forged).status_code == 403
    assert not WorkInProgress.objects.exists()
    assert form_of(client, page)["body"] == "As it is."


# --- other forms ----------------------------------------------------------------------------------


def forms(kind: str) -> tuple[str, str, str]:
    """Return the address of another form of the admin, one of its fields and a value."""
    if kind == "profile":
        person = make_practitioner()
        return reverse("admin:practitioners_practitioner_change", args=[person.pk]), "profile", "P"
    clinic = make_clinic()
    return reverse("admin:clinic_clinic_change", args=[clinic.pk]), "telephone", "01632 960999"


@pytest.mark.parametrize("kind", ["profile", "clinic"])
def test_another_form_is_offered_to_be_sent_again(kind: str, user: User) -> None:
    user.groups.set([])
    user.is_superuser = True
    user.save()
    path, field, value = forms(kind)
    visitor = Client(enforce_csrf_checks=True)
    signed = Client()
    signed.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    typed = filled_in(signed.get(path).content) | {field: value}
    typed.pop("csrfmiddlewaretoken", None)
    told = offered(visitor.post(path, typed))
    response = sign_in(visitor, told)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    form = soup.select_one(f'form[action="{path}"]')
    assert form is not None
    sent = [(str(each["name"]), str(each["value"])) for each in form.select("input[name]")]
    assert (field, value) in sent
    assert visitor.post(path, dict(sent)).status_code == 302
    assert filled_in(signed.get(path).content)[field] == value


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/admin/articles/article/add/",
        "///evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "javascript:/admin/articles/article/add/",
        "/",
        "",
        "?",
        "/contact/",
        "/admin/",
        "/admin/login/",
        "/admin/logout/",
        "/admin/articles/article/",
        "/admin/articles/article/1/delete/",
        "/admin/articles/article/1/cancel/",
        "/staff/continue/",
        "admin/articles/article/add/",
        "/admin/articles/article/add/@evil.example",
    ],
)
def test_text_leads_nowhere_but_to_a_form_of_the_admin(path: str, user: User) -> None:
    visitor = Client()
    told = {"kept": json.dumps([["body", "Half"]]), "next": path}
    response = sign_in(visitor, told)
    assert response.status_code == 404
    assert "_auth_user_id" not in visitor.session
    assert not WorkInProgress.objects.exists()


@pytest.mark.parametrize("number", ["abc", "1.5", "-1", "9" * 30, "1/2", "_5F"])
def test_address_of_a_page_that_cannot_be_is_no_accident(number: str, user: User) -> None:
    visitor = Client()
    path = f"/admin/articles/article/{number}/change/"
    told = {"kept": json.dumps([["body", "Half a text"]]), "next": path}
    response = sign_in(visitor, told)
    assert response.status_code == 200
    assert "Half a text" in response.content.decode()


@pytest.mark.parametrize(
    "kept",
    ["", "nonsense", "{}x", "3", "null", "[3]", '["ab", 3]', '[["a"]]', "[" * 100_000, '{"a": 1}'],
)
def test_broken_text_is_not_found(kept: str, user: User) -> None:
    visitor = Client()
    response = sign_in(visitor, {"kept": kept, "next": step(Article, "add")})
    assert response.status_code == 404
    assert not WorkInProgress.objects.exists()


def test_address_is_not_visited_by_link(user: User) -> None:
    assert Client().get(GO_ON).status_code == 405


# --- passwords ------------------------------------------------------------------------------------


def test_passwords_are_never_echoed(user: User, signed_in: SignIn) -> None:
    user.is_superuser = True
    user.save()
    names = ["password", "password1", "password2", "old_password", "new_password1"]
    told = dict.fromkeys([*names, "new_password2"], "s3cret-words")
    told |= {"username": "new", "csrfmiddlewaretoken": "t0ken-words"}
    paths = [
        reverse("admin:auth_user_add"),
        reverse("admin:auth_user_change", args=[user.pk]),
        reverse("admin:auth_user_password_change", args=[user.pk]),
        reverse("admin:password_change"),
    ]
    for path in paths:
        for client in (
            Client(),
            Client(enforce_csrf_checks=True),
            signed_in(user, enforce_csrf_checks=True),
        ):
            answer = client.post(path, told).content.decode()
            assert "s3cret-words" not in answer
            assert "t0ken-words" not in answer


def test_password_smuggled_into_kept_text_is_not_echoed(user: User) -> None:
    kept = json.dumps([["new_password1", "s3cret-words"], ["slug", "kept-words"]])
    path = reverse("admin:clinic_clinic_change", args=[make_clinic().pk])
    response = sign_in(Client(), {"kept": kept, "next": path})
    answer = response.content.decode()
    assert "kept-words" in answer
    assert "s3cret-words" not in answer


# --- odd and long text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("日本語 עברית 🦵🏽 \u202e‮", "日本語 עברית 🦵🏽 \u202e‮"),
        ("</textarea><script>alert(1)</script>", "</textarea><script>alert(1)</script>"),
        ('"]]},{"\'\\', '"]]},{"\'\\'),
        ("nul\0here", "nulhere"),
        ("word " * 100_000 + "end", "word " * 100_000 + "end"),
    ],
    ids=["unicode", "markup", "json", "nul", "500 kB"],
)
def test_odd_and_long_text_survives(typed: str, found: str, user: User) -> None:
    page = make_article()
    visitor = Client()
    response = visitor.post(step(page), {"body": typed, "title": "Kept"})
    assert response.status_code == 403
    assert sign_in(visitor, offered(response)).status_code == 302
    again = filled_in(visitor.get(step(page)).content)
    assert (again["body"], again["title"]) == (found, "Kept")


@pytest.mark.parametrize("path", ["change", "clinic"])
def test_half_a_character_does_no_harm(path: str, user: User) -> None:
    address = (
        step(make_article())
        if path == "change"
        else reverse("admin:clinic_clinic_change", args=[make_clinic().pk])
    )
    visitor = Client()
    kept = '[["body", "before \\ud800 after"], ["title", "Kept"]]'
    response = sign_in(visitor, {"kept": kept, "next": address})
    assert response.status_code in {200, 302}
    answer = visitor.get(address) if response.status_code == 302 else response
    assert "before ? after" in answer.content.decode()


def test_more_text_than_any_page_holds_is_given_back(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.work.MAX_TYPED_CHARACTERS", 1_000)
    page = make_article()
    visitor = Client()
    response = sign_in(visitor, offered(visitor.post(step(page), {"body": "word " * 300})))
    assert response.status_code == 200
    assert "word " * 300 in response.content.decode()


def test_warning_signs_survive_with_their_sources(user: User, signed_in: SignIn) -> None:
    page = make_condition()
    source = make_source()
    make_warning_sign(page, sources=[source])
    typed = form_of(signed_in(user), page)
    visitor = Client()
    sign_in(visitor, offered(visitor.post(step(page), typed)))
    again = filled_in(visitor.get(step(page)).content)
    assert visitor.post(step(page), again | {"overview": "Other."}).status_code == 302
    signs = workflow.latest_version(page).data["rows"]["warning_signs"]
    assert [[each["pk"] for each in sign["sources"]] for sign in signs] == [[source.pk]]
