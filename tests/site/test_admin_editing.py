"""What staff do in the admin reaches the site; what would mislead readers is refused."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image as PillowImage

from articles.models import Article
from clinic.models import Clinic
from conditions.models import Condition
from practitioners.models import Practitioner
from publishing import workflow
from publishing.checks import Candidate, Finding, Level
from publishing.models import Image, Publication, Version
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_registration,
    make_reviewer,
    make_source,
    make_treatment,
    make_warning_sign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

JPEG = b"\xff\xd8\xff"  # how the file begins


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no check of the texts, which have tests of their own, decide about publishing."""
    monkeypatch.setattr("publishing.checks._checks", [])


def form_of(client: Client, url: str, action: str = "") -> dict[str, Any]:
    """Return what a browser would send back, unchanged, from the form on a page.

    A page with several forms has one for each `action`.
    """
    response = client.get(url)
    assert response.status_code == 200, url
    found = f'form[action="{action}"]' if action else "form"
    form = BeautifulSoup(response.content, "html.parser").select_one(f"#content-main {found}")
    assert form is not None, f"{url} has no form {action}"
    values: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if "__prefix__" in name or field.get("type") in {"submit", "file"}:
            continue
        if field.name == "select":
            chosen = [str(each["value"]) for each in field.select("option[selected]")]
            values[name] = chosen if "multiple" in field.attrs else (chosen or [""])[0]
        elif field.name == "textarea":
            values[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in {"checkbox", "radio"}:
            if "checked" in field.attrs:
                values[name] = str(field.get("value", "on"))
        else:
            values[name] = str(field.get("value", ""))
    return values


def errors(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(
        each.get_text(" ", strip=True) for each in soup.select(".errorlist, .errornote")
    )


def address(row: Any, part: str = "change") -> str:
    return f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/{part}/"


def save(client: Client, url: str, **changes: Any) -> Any:
    """Send the form of a page with changes; the names of inline fields have hyphens."""
    return client.post(url, form_of(client, url) | changes)


def check_saved(response: Any) -> None:
    assert response.status_code == 302, errors(response)


def step(client: Client, page: Any, name: str, **changes: Any) -> Any:
    """Send the form of a step as the page that says how a page stands offers it."""
    url = address(page, name)
    return client.post(url, form_of(client, address(page, "status"), url) | changes)


def newest(page: Any) -> dict[str, Any]:
    """Return the fields of the page's newest version."""
    fields: dict[str, Any] = workflow.latest_version(page).data["fields"]
    return fields


BringOut = Callable[[Any], None]


@pytest.fixture
def bring_out(staff: Callable[[str], Client], signed_in: Callable[[User], Client]) -> BringOut:
    """Return a function that brings a page's newest text to its readers, through the forms."""

    def bring_out(page: Any) -> None:
        reviewer = signed_in(make_reviewer())
        check_saved(save(reviewer, address(page, "review"), decision="approved"))
        check_saved(step(staff("Editor"), page, "publish", when="now"))
        page.refresh_from_db()

    return bring_out


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Author", "Editor", "Manager"])
def test_edited_article_is_on_the_site_when_it_is_published(
    staff: Callable[[str], Client], client: Client, bring_out: BringOut, role: str
) -> None:
    article = make_article(title="An old title", body="Old words.")
    changes = {"title": "A new title", "body": "New **words**.", "change_note": "New advice."}
    check_saved(save(staff(role), address(article), **changes))
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Old words." in page
    assert "New" not in page
    assert "A new title" not in client.get("/articles/").content.decode()
    assert "A new title" not in client.get("/").content.decode()
    bring_out(article)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "A new title" in page
    assert "New <strong>words</strong>." in page
    assert "New advice." in page
    assert "Old words" not in page
    assert "A new title" in client.get("/articles/").content.decode()


def test_new_article_stays_a_draft_until_it_is_public(
    staff: Callable[[str], Client], client: Client, bring_out: BringOut
) -> None:
    author, category = staff("Author"), make_category()
    response = save(
        author,
        "/admin/articles/article/add/",
        title="Fresh",
        slug="fresh",
        category=category.pk,
        summary="New.",
        body="Text.",
        note="First try",
    )
    check_saved(response)
    article = Article.objects.get()
    assert response.headers["Location"] == address(article, "status")
    assert "Draft. Only staff can see it." in words_of(author, address(article, "status"))
    version = Version.objects.of(article).get()
    assert (version.number, version.note, version.data["fields"]["body"]) == (
        1,
        "First try",
        "Text.",
    )
    assert client.get("/articles/fresh/").status_code == 404
    assert author.get("/articles/fresh/").status_code == 200
    bring_out(article)
    assert client.get("/articles/fresh/").status_code == 200
    assert article.published_on == timezone.localdate()
    assert article.updated_on is None  # readers see it for the first time


def words_of(client: Client, url: str) -> str:
    """Return the words of a page for staff."""
    response = client.get(url)
    assert response.status_code == 200, url
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_mended_spelling_moves_no_date_and_a_change_for_readers_does(
    staff: Callable[[str], Client], bring_out: BringOut
) -> None:
    editor, article = staff("Editor"), make_article(published_at=None, body="You recieve a letter.")
    bring_out(article)
    dates = (article.published_at, article.updated_on, article.reviewed_on)
    notes = article.change_notes
    check_saved(save(editor, address(article), body="You receive a letter.", is_minor="on"))
    check_saved(step(editor, article, "publish", when="now"))
    article.refresh_from_db()
    assert article.body == "You receive a letter."
    assert (article.published_at, article.updated_on, article.reviewed_on) == dates
    assert article.updated_on is None
    assert article.change_notes == notes
    changes = {"body": "You receive two letters.", "change_note": "Two letters."}
    check_saved(save(editor, address(article), **changes))
    bring_out(article)
    assert article.updated_on == timezone.localdate()
    assert [each["note"] for each in article.change_notes] == ["Two letters.", *notes]


def finding(level: Level) -> Callable[[Candidate], list[Finding]]:
    """Return a check that finds the word “cure” in the body of an article."""

    def check(candidate: Candidate) -> list[Finding]:
        body: str = candidate.page.body  # type: ignore[attr-defined]
        return [Finding(level, "body", "cure", "Nobody can promise.")] if "cure" in body else []

    return check


def test_what_the_checks_call_wrong_is_not_published(
    staff: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.checks._checks", [finding(Level.ERROR)])
    manager, article = staff("Manager"), make_article(published_at=None)
    check_saved(save(manager, address(article), body="We cure."))  # a draft may be wrong
    assert "Nobody can promise." in words_of(manager, address(article, "status"))
    sent = {"version": 2, "when": "now", "unreviewed_reason": "Mine", "accepts_warnings": "on"}
    response = manager.post(address(article, "publish"), sent)
    assert response.status_code == 422
    assert "have to be mended first" in response.content.decode()
    assert not Publication.objects.exists()


def test_what_the_checks_warn_of_has_to_be_accepted_by_name(
    staff: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.checks._checks", [finding(Level.WARNING)])
    manager, article = staff("Manager"), make_article(published_at=None)
    check_saved(save(manager, address(article), body="We cure."))
    sent = {"when": "now", "unreviewed_reason": "Mine"}
    response = step(manager, article, "publish", **sent)
    assert response.status_code == 422
    assert "Read the warnings and tick that you have." in response.content.decode()
    assert not Publication.objects.exists()
    check_saved(step(manager, article, "publish", accepts_warnings="on", **sent))
    (accepted,) = Publication.objects.get().accepted_warnings
    assert (accepted["words"], accepted["reason"]) == ("cure", "Nobody can promise.")


def test_check_of_a_form_says_beside_the_field_what_it_found(
    staff: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publishing.checks._checks", [finding(Level.HINT)])
    author, article = staff("Author"), make_article(body="Old.")
    response = save(author, address(article), body="We cure.", _check="1")
    field = BeautifulSoup(response.content, "html.parser").select_one(".field-body")
    assert field is not None
    assert "Nobody can promise." in field.get_text()
    assert "We cure." in field.get_text()
    assert newest(article)["body"] == "Old."


def test_questions_are_edited_on_their_page(
    staff: Callable[[str], Client], client: Client, bring_out: BringOut
) -> None:
    article = make_article()
    make_faq(article, question="Old?")
    form = {
        "faqs-TOTAL_FORMS": "2",
        "faqs-1-question": "Does it hurt?",
        "faqs-1-answer": "A *little*.",
        "faqs-1-position": "1",
        "faqs-1-id": "",
        "faqs-1-article": str(article.pk),
    }
    check_saved(save(staff("Author"), address(article), change_note="A question.", **form))
    assert [faq.question for faq in article.faqs.all()] == ["Old?"]
    again = form_of(staff("Author"), address(article))
    assert (again["faqs-0-question"], again["faqs-1-question"]) == ("Old?", "Does it hurt?")
    assert "Does it hurt?" not in client.get(article.get_absolute_url()).content.decode()
    bring_out(article)
    assert [faq.question for faq in article.faqs.all()] == ["Old?", "Does it hurt?"]
    assert "Does it hurt?" in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "gone",
    [
        {"faqs-0-DELETE": "on"},
        {"faqs-0-question": "", "faqs-0-answer": ""},  # emptied is as good as removed
    ],
)
def test_question_is_removed_on_its_page(
    staff: Callable[[str], Client], bring_out: BringOut, gone: dict[str, str]
) -> None:
    condition = make_condition()
    make_faq(condition)
    make_faq(condition, question="Will it last?")
    check_saved(save(staff("Author"), address(condition), change_note="Shorter.", **gone))
    assert condition.faqs.count() == 2
    bring_out(condition)
    assert [faq.question for faq in condition.faqs.all()] == ["Will it last?"]


def test_questions_are_put_in_another_order(
    staff: Callable[[str], Client], bring_out: BringOut
) -> None:
    condition = make_condition()
    for position, question in enumerate(("First?", "Second?", "Third?")):
        make_faq(condition, question=question, position=position)
    changes = {"faqs-0-position": "5", "change_note": "Another order."}
    check_saved(save(staff("Author"), address(condition), **changes))
    bring_out(condition)
    assert [faq.question for faq in condition.faqs.all()] == ["Second?", "Third?", "First?"]


def test_unknown_source_is_refused_with_its_line(staff: Callable[[str], Client]) -> None:
    article = make_article()
    response = save(staff("Editor"), address(article), body="Fine.\n\nSo [@nwe].")
    assert response.status_code == 200
    assert "Line 3: there is no source with the key “nwe”" in errors(response)


def test_unknown_source_in_an_answer_is_refused(staff: Callable[[str], Client]) -> None:
    article = make_article()
    make_faq(article)
    response = save(staff("Editor"), address(article), **{"faqs-0-answer": "So [@nwe]."})
    assert "there is no source with the key “nwe”" in errors(response)


def test_picture_from_elsewhere_is_refused(staff: Callable[[str], Client]) -> None:
    article = make_article()
    body = "![A back](https://example.org/back.png)"
    response = save(staff("Editor"), address(article), body=body)
    assert "pictures from other websites cannot be shown" in errors(response)


def test_reserved_address_is_refused(staff: Callable[[str], Client]) -> None:
    page = make_information_page()
    response = save(staff("Editor"), address(page), slug="contact")
    assert "The site uses /contact/ itself" in errors(response)


def test_address_that_is_taken_is_refused(staff: Callable[[str], Client]) -> None:
    taken, page = make_information_page(slug="fees"), make_information_page()
    response = save(staff("Editor"), address(page), slug=taken.slug)
    assert "already exists" in errors(response)


def test_address_that_another_draft_took_first_is_refused_at_publishing(
    staff: Callable[[str], Client], bring_out: BringOut
) -> None:
    """Two drafts may want the same address; the one that is published first has it."""
    manager = staff("Manager")
    first, second = make_information_page(slug="one"), make_information_page(slug="two")
    for page in (first, second):
        check_saved(save(manager, address(page), slug="fees", change_note="A new address."))
    bring_out(first)
    response = step(manager, second, "publish", when="now", unreviewed_reason="Mine")
    assert response.status_code == 422
    assert "has the address “fees”. Choose another." in response.content.decode()
    second.refresh_from_db()
    assert second.slug == "two"


def test_word_debris_is_cleaned_on_saving(staff: Callable[[str], Client]) -> None:
    article = make_article()
    pasted = "One\u00a0two\u200b.\r\n<o:p></o:p>Three"
    check_saved(save(staff("Editor"), address(article), body=pasted))
    assert newest(article)["body"] == "One two.\nThree"


def test_other_names_are_typed_one_a_line(staff: Callable[[str], Client]) -> None:
    condition = make_condition()
    typed = " lumbago \r\n\r\nbad  back\nlumbago"
    check_saved(save(staff("Editor"), address(condition), also_known_as=typed))
    assert newest(condition)["also_known_as"] == ["lumbago", "bad back"]
    shown = form_of(staff("Editor"), address(condition))["also_known_as"]
    assert shown.split("\n") == ["lumbago", "bad back"]


def test_confirmed_sign_leaves_the_desk_when_it_is_public(
    staff: Callable[[str], Client], bring_out: BringOut
) -> None:
    condition = make_condition()
    make_warning_sign(condition, awaiting_clinician=True, sources=[make_source()])
    editor = staff("Editor")
    assert "awaiting a clinician" in editor.get("/admin/").content.decode()
    form = form_of(editor, address(condition)) | {"change_note": "Confirmed."}
    del form["warning_signs-0-awaiting_clinician"]
    check_saved(editor.post(address(condition), form))
    assert condition.warning_signs.get().awaiting_clinician
    bring_out(condition)
    sign = condition.warning_signs.get()
    assert not sign.awaiting_clinician
    assert sign.sources.count() == 1
    assert "awaiting a clinician" not in editor.get("/admin/").content.decode()


def test_level_of_a_sign_is_chosen_from_three(staff: Callable[[str], Client]) -> None:
    condition = make_condition()
    make_warning_sign(condition)
    response = save(
        staff("Editor"), address(condition), **{"warning_signs-0-level": "call-the-vet"}
    )
    assert "not one of the available choices" in errors(response)


@pytest.mark.parametrize(
    "make", [make_article, make_condition, make_information_page, make_treatment]
)
def test_way_to_the_page_as_readers_see_it(
    staff: Callable[[str], Client], make: Callable[..., Any]
) -> None:
    editor = staff("Editor")

    def is_offered(page: Any) -> bool:
        soup = BeautifulSoup(editor.get(address(page, "status")).content, "html.parser")
        url = page.get_absolute_url()
        return soup.select_one(f'#content-main a[href="{url}"]') is not None

    assert is_offered(make())
    assert not is_offered(make(published_at=None))


@pytest.mark.parametrize("make", [make_practitioner, make_category])
def test_view_on_site_leads_to_the_page(
    staff: Callable[[str], Client], make: Callable[[], Any]
) -> None:
    row, manager = make(), staff("Manager")
    soup = BeautifulSoup(manager.get(address(row)).content, "html.parser")
    link = soup.select_one("a.viewsitelink")
    assert link is not None
    response = manager.get(str(link["href"]), follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == row.get_absolute_url()


def test_address_follows_the_title_only_while_a_page_is_new(
    staff: Callable[[str], Client],
) -> None:
    editor = staff("Editor")

    def filled_from_others(url: str) -> str:
        soup = BeautifulSoup(editor.get(url).content, "html.parser")
        element = soup.select_one("[data-prepopulated-fields]")
        return str(element["data-prepopulated-fields"]) if element else ""

    assert "#id_name" in filled_from_others("/admin/conditions/condition/add/")
    assert "#id_name" not in filled_from_others(address(make_condition()))


@pytest.mark.parametrize(
    ("model", "query", "found"),
    [
        ("conditions/condition", "lumbago", "Back pain"),
        ("conditions/condition", "LUMB", "Back pain"),
        ("practitioners/practitioner", "PH123456", "Ann Example"),
        ("evidence/source", "ng59", "ng59"),
        ("articles/article", "words", "Title here"),
    ],
)
def test_lists_are_searched_by_what_staff_know(
    staff: Callable[[str], Client], model: str, query: str, found: str
) -> None:
    make_condition(name="Back pain", also_known_as=["lumbago"])
    make_condition(name="Knee pain")
    make_registration(make_practitioner(name="Ann Example"))
    make_registration(make_practitioner(name="Bob Sample"), number="PH654321")
    make_source("ng59")
    make_source("cg88", nice="CG88")
    make_article(title="Title here", body="Some words.")
    make_article(title="Other", body="Text.")
    response = staff("Manager").get(f"/admin/{model}/", {"q": query})
    rows = BeautifulSoup(response.content, "html.parser").select("#result_list tbody tr")
    assert len(rows) == 1
    assert found in rows[0].get_text()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"published_at": None}, "Draft"),
        ({"published_at": timezone.now() + timedelta(days=300)}, "Appears later"),
        ({}, "Public"),
    ],
)
def test_list_says_what_readers_see(
    staff: Callable[[str], Client], fields: dict[str, Any], state: str
) -> None:
    make_article(**fields)
    response = staff("Editor").get("/admin/articles/article/")
    cell = BeautifulSoup(response.content, "html.parser").select_one("td.field-state")
    assert cell is not None
    assert cell.get_text() == state


@pytest.mark.parametrize(
    ("days", "changed", "state"),
    [
        (None, None, "Not reviewed"),
        (-1, None, "Overdue since"),
        (30, 1, "Changed since review"),
        (30, 0, "Due "),
        (30, None, "Due "),
    ],
)
def test_list_says_how_the_review_stands(
    staff: Callable[[str], Client], days: int | None, changed: int | None, state: str
) -> None:
    today = timezone.localdate()
    fields: dict[str, Any] = {}
    if days is not None:
        fields = {
            "reviewed_by": make_practitioner(),
            "reviewed_on": today - timedelta(days=10),
            "next_review_due": today + timedelta(days=days),
        }
    if changed is not None:
        fields["updated_on"] = today - timedelta(days=10) + timedelta(days=changed)
    make_article(**fields)
    response = staff("Editor").get("/admin/articles/article/")
    cell = BeautifulSoup(response.content, "html.parser").select_one("td.field-review")
    assert cell is not None
    assert cell.get_text().startswith(state)


@pytest.mark.parametrize("query", ["", "?signs=awaiting", "?signs=awaiting&q=pain"])
def test_list_counts_signs_that_await_a_clinician(
    staff: Callable[[str], Client], query: str
) -> None:
    condition = make_condition(name="Back pain")
    for awaiting in (True, True, False):
        make_warning_sign(condition, awaiting_clinician=awaiting)
    response = staff("Editor").get(f"/admin/conditions/condition/{query}")
    cells = BeautifulSoup(response.content, "html.parser").select("td.field-signs_awaiting")
    assert [cell.get_text() for cell in cells] == ["2"]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "Listed"),
        ({"published_at": None}, "Draft"),
        ({"published_at": timezone.now() + timedelta(days=300)}, "Appears later"),
        ({"leaves_on": timezone.localdate() + timedelta(days=300)}, "Leaves on"),
        ({"leaves_on": timezone.localdate() - timedelta(days=1)}, "Has left"),
    ],
)
def test_list_of_people_says_what_readers_see(
    staff: Callable[[str], Client], fields: dict[str, Any], state: str
) -> None:
    make_practitioner(**fields)
    response = staff("Manager").get("/admin/practitioners/practitioner/")
    soup = BeautifulSoup(response.content, "html.parser")
    cell = soup.select_one("td.field-state")
    assert cell is not None
    assert cell.get_text().startswith(state)
    checked = soup.select_one("td.field-checked")
    assert checked is not None
    assert checked.get_text() == "No registration"


def test_wrong_registration_number_is_refused_beside_it(staff: Callable[[str], Client]) -> None:
    person = make_practitioner()
    make_registration(person)
    manager = staff("Manager")
    response = save(manager, address(person), **{"registrations-0-number": "12345"})
    assert "A number of this regulator looks like PH123456" in errors(response)
    check_saved(save(manager, address(person), **{"registrations-0-number": "PH000001"}))
    assert person.registrations.get().number == "PH000001"


def test_person_named_by_a_page_cannot_be_deleted(staff: Callable[[str], Client]) -> None:
    person = make_practitioner()
    make_article(author=person)
    staff("Manager").post(address(person, "delete"), {"post": "yes"})
    assert Practitioner.objects.filter(pk=person.pk).exists()


def test_category_with_articles_cannot_be_deleted(staff: Callable[[str], Client]) -> None:
    article = make_article()
    staff("Editor").post(address(article.category, "delete"), {"post": "yes"})
    assert Article.objects.exists()


def test_key_of_a_source_stays_once_given(staff: Callable[[str], Client]) -> None:
    source, editor = make_source("ng59"), staff("Editor")
    assert "key" not in form_of(editor, address(source))
    check_saved(save(editor, address(source), key="other", title="New title"))
    source.refresh_from_db()
    assert (source.key, source.title) == ("ng59", "New title")


def test_clinics_details_are_edited_and_shown(
    staff: Callable[[str], Client], client: Client
) -> None:
    clinic = make_clinic()
    check_saved(save(staff("Manager"), address(clinic), telephone="01632 960999"))
    assert Clinic.objects.get().telephone == "01632 960999"
    assert "01632 960999" in client.get("/").content.decode()


def test_opening_hours_that_end_before_they_begin_are_refused(
    staff: Callable[[str], Client],
) -> None:
    clinic = make_clinic()
    response = save(staff("Manager"), address(clinic), **{"opening_hours-0-closes": "08:00"})
    assert "The closing time must be later than the opening time." in errors(response)


def test_reception_adds_a_closure_and_changes_nothing_else(
    staff: Callable[[str], Client],
) -> None:
    """Reception may see the clinic's details and change its closures alone."""
    clinic, reception = make_clinic(), staff("Reception")
    form = form_of(reception, address(clinic))
    assert "telephone" not in form
    assert "opening_hours-0-opens" not in form


def test_half_a_position_on_the_map_is_refused(staff: Callable[[str], Client]) -> None:
    response = save(staff("Manager"), address(make_clinic()), latitude="51.5")
    assert "Give both latitude and longitude, or neither." in errors(response)


# --- pictures ----------------------------------------------------------------------------------


def picture_file(
    size: tuple[int, int] = (1600, 1200), colour: str = "teal", **options: Any
) -> SimpleUploadedFile:
    written = io.BytesIO()
    picture = PillowImage.new("RGB", size, colour)
    picture.paste("white", (0, 0, size[0] // 2, size[1]))  # so that crops differ
    picture.save(written, "JPEG", **options)
    return SimpleUploadedFile("Room 1.JPG", written.getvalue(), "image/jpeg")


def upload(client: Client, **fields: Any) -> Any:
    form = {"title": "A room", "focal_x": "50", "focal_y": "50", "permission": ""} | fields
    return client.post("/admin/publishing/image/add/", form)


def test_new_picture_is_kept_cleaned_and_served(
    staff: Callable[[str], Client], client: Client
) -> None:
    author = staff("Author")
    check_saved(upload(author, upload=picture_file()))
    image = Image.objects.get()
    assert (image.title, image.width, image.height) == ("A room", 1600, 1200)
    assert image.uploaded_by is not None
    shown = BeautifulSoup(author.get(address(image)).content, "html.parser")
    assert f"![What it shows](image:{image.pk})" in shown.get_text()
    response = client.get(image.fallback("card").address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.getvalue()[:3] == JPEG


def test_picture_that_is_here_already_is_named(staff: Callable[[str], Client]) -> None:
    author = staff("Author")
    check_saved(upload(author, upload=picture_file()))
    response = upload(author, title="Again", upload=picture_file())
    assert response.status_code == 200
    assert "This picture is here already, with the title “A room”." in errors(response)
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"no picture", "not a picture we can use"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture we can use"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "not a picture we can use"),
        (b"GIF89a" + b"\x00" * 50, "not a picture we can use"),
    ],
)
def test_bad_file_is_refused_with_the_reason(
    staff: Callable[[str], Client], content: bytes, reason: str
) -> None:
    response = upload(staff("Author"), upload=SimpleUploadedFile("x.jpg", content, "image/jpeg"))
    assert response.status_code == 200
    assert reason in errors(response)
    assert not Image.objects.exists()


def test_picture_that_is_too_small_is_refused(staff: Callable[[str], Client]) -> None:
    response = upload(staff("Author"), upload=picture_file((10, 10)))
    assert "only 10 by 10 pixels" in errors(response)


def test_form_without_a_file_asks_for_one(staff: Callable[[str], Client]) -> None:
    assert "Choose a picture to upload." in errors(upload(staff("Author")))


def test_moved_focal_point_makes_new_crops(staff: Callable[[str], Client], client: Client) -> None:
    author = staff("Author")
    check_saved(upload(author, upload=picture_file()))
    image = Image.objects.get()
    before = image.fallback("portrait").address
    check_saved(save(author, address(image), focal_x="10"))
    image.refresh_from_db()
    after = image.fallback("portrait").address
    assert after != before
    for each in (before, after):  # pages that were read before still show their picture
        response = client.get(each)
        assert response.status_code == 200
        assert response.getvalue()[:3] == JPEG


def test_focal_point_outside_the_picture_is_refused(staff: Callable[[str], Client]) -> None:
    response = upload(staff("Author"), upload=picture_file(), focal_x="101")
    assert "less than or equal to 100" in errors(response)


def test_uploaded_picture_is_placed_and_described(
    staff: Callable[[str], Client], client: Client, bring_out: BringOut
) -> None:
    author = staff("Author")
    check_saved(upload(author, upload=picture_file()))
    image, article = Image.objects.get(), make_article()
    undecided = save(author, address(article), body=f"![](image:{image.pk})")
    assert "say in the square brackets what the picture shows" in errors(undecided)
    body = f'![A room with a chair](image:{image.pk} "We sit here.")'
    check_saved(save(author, address(article), body=body, change_note="A picture."))
    preview = author.get(address(article, "preview")).content.decode()
    assert "A room with a chair" in preview
    bring_out(article)
    soup = BeautifulSoup(client.get(article.get_absolute_url()).content, "html.parser")
    shown = soup.select_one("main figure img")
    assert shown is not None
    assert shown["alt"] == "A room with a chair"
    response = client.get(str(shown["src"]))
    assert response.status_code == 200
    assert response.getvalue()[:3] == JPEG


def test_picture_in_use_cannot_be_deleted(staff: Callable[[str], Client]) -> None:
    editor = staff("Editor")
    check_saved(upload(editor, upload=picture_file()))
    image = Image.objects.get()
    make_article(lead_image=image, lead_image_role="decorative")
    editor.post(address(image, "delete"), {"post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()


def test_condition_and_its_treatments_are_joined(
    staff: Callable[[str], Client], bring_out: BringOut
) -> None:
    condition, treatment = make_condition(), make_treatment()
    changes = {"treatments": [treatment.pk], "change_note": "What helps."}
    check_saved(save(staff("Author"), address(condition), **changes))
    assert not condition.treatments.exists()
    bring_out(condition)
    assert list(Condition.objects.get().treatments.all()) == [treatment]
