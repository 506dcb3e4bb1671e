"""What strangers and staff typed is shown as text wherever it is shown, and nothing of it runs.

How Markdown becomes HTML is tried in tests/publishing/test_markdown_safety.py.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from publishing.markdown import render
from publishing.models import AuditEntry
from search.models import SearchTerm
from tests.enquiries.conftest import answers
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_condition,
    make_enquiry,
    make_faq,
    make_practitioner,
)
from tests.feedback.factories import make_note
from tests.publishing.markup import trouble
from tests.visits.factories import make_missing_address

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

Staff = Callable[[str], Client]
# One text that breaks out of whatever it may stand in: text, an attribute, a script, a title.
HOSTILE = (
    "</title></textarea></script></style>--><script>alert(1)</script>\"'>"
    "<img src=x onerror=alert(1)><svg/onload=alert(1)><base href=//evil.example>"
    "<meta http-equiv=refresh content=0>"
    "<a href='javascript:alert(1)'>x</a>{{7*7}}{% debug %}"
)
SHORT = "\"'><svg/onload=alert(1)>"


def what_could_run(html: str) -> list[str]:
    """Return every element that our pages do not have and the text would make."""
    soup = BeautifulSoup(html, "html.parser")
    found = [str(each) for each in soup.select("base, meta[http-equiv], img[src=x], svg[onload]")]
    for each in soup.find_all(True):
        found += [f"{each.name} {name}" for name in each.attrs if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            if str(each.get(name, "")).strip().lower().startswith(("javascript:", "data:text")):
                found.append(f"{each.name} {each[name]}")
    found += [
        str(each)
        for each in soup.find_all("script")
        if "alert(1)" in each.get_text() and "json" not in str(each.get("type"))
    ]
    if "49{%" in html:
        found.append("a template")
    return found


def check(response: Any, *, shows: str = "alert(1)") -> None:
    html = response.content.decode()
    assert shows in html, "the text is not on the page, so that nothing was tried"
    assert what_could_run(html) == []


# --- on pages that anybody may ask for ------------------------------------------------------------


@pytest.mark.parametrize("text", [HOSTILE, SHORT])
def test_what_is_searched_for(client: Client, text: str) -> None:
    make_clinic()
    check(client.get("/search/", {"q": text}))


def test_an_address_that_leads_nowhere(client: Client) -> None:
    make_clinic()
    response = client.get(f"/{quote(SHORT)}/")
    assert response.status_code == 404
    assert what_could_run(response.content.decode()) == []


@pytest.mark.parametrize("url", ["/contact/", "/feedback/", "/admin/login/"])
def test_what_comes_back_in_a_form(client: Client, url: str) -> None:
    make_clinic()
    typed = answers(full_name=HOSTILE, email=HOSTILE, telephone=HOSTILE, message=HOSTILE)
    check(client.post(url, typed | {"username": HOSTILE, "password": "x", "page": HOSTILE}))


def test_what_the_site_says_of_pages_for_machines(client: Client) -> None:
    make_clinic(name=f"Clinic {SHORT}")
    page = make_article(title=HOSTILE[:120], summary=HOSTILE, category=make_category(name=SHORT))
    make_faq(page, question=HOSTILE[:150], answer=HOSTILE)
    make_practitioner(name=SHORT)
    for url in (page.get_absolute_url(), "/", "/articles/", "/practitioners/"):
        check(client.get(url))
    feed = client.get("/articles/feed.atom").content.decode()
    assert "<script>" not in feed
    assert "&lt;script&gt;" in feed


# --- on pages for staff ---------------------------------------------------------------------------


def test_an_enquiry_and_its_thread(staff: Staff) -> None:
    make_clinic()
    enquiry = make_enquiry(
        full_name=HOSTILE[:100], message=HOSTILE, telephone="", email="a@b.example"
    )
    client = staff("Manager")
    page = f"/admin/enquiries/enquiry/{enquiry.pk}/"
    client.post(f"{page}step/note/", {"text": HOSTILE})
    for url in (f"{page}change/", "/admin/enquiries/enquiry/", f"{page}history/"):
        response = client.get(url)
        assert response.status_code == 200
        assert what_could_run(response.content.decode()) == [], url
    check(client.get(f"{page}change/"))


def test_a_note_on_a_page(staff: Staff) -> None:
    make_clinic()
    note = make_note(message=HOSTILE, page=f"/{SHORT}/", email="a@b.example")
    client = staff("Manager")
    check(client.get(f"/admin/feedback/note/{note.pk}/change/"))
    check(client.get("/admin/feedback/note/"))


def test_lists_of_what_readers_asked_for(staff: Staff) -> None:
    make_missing_address(f"/{SHORT}/")
    SearchTerm.objects.create(words=SHORT, times=9, last_on=timezone.localdate())
    client = staff("Manager")
    check(client.get("/admin/visits/missingaddress/"))
    check(client.get("/admin/search/searchterm/"))
    check(client.get("/admin/visits/pagecount/page/", {"path": HOSTILE}))


def test_names_that_staff_gave_in_lists_messages_and_the_audit_log(staff: Staff) -> None:
    client = staff("Manager")
    check(client.post("/admin/articles/category/add/", {"name": SHORT, "slug": "x", "order": "1",
                      "description": HOSTILE}, follow=True))  # fmt: skip
    assert AuditEntry.objects.filter(target__contains="onload").exists()
    check(client.get("/admin/publishing/auditentry/"))
    condition = make_condition(name=SHORT)
    for end in ("change/", "status/", "delete/", "history/", "preview/"):
        check(client.get(f"/admin/conditions/condition/{condition.pk}/{end}"))


def test_what_is_searched_for_in_the_admin(staff: Staff) -> None:
    make_clinic()
    client = staff("Manager")
    check(client.get("/admin/articles/article/", {"q": HOSTILE}))
    check(client.post("/admin/publishing/redirect/import/", {"text": f"{HOSTILE},/contact/"}))
    check(client.post("/admin/publishing/redirect/add/", {"old_path": HOSTILE, "new_path": SHORT}))


def test_text_that_is_kept_over_a_lost_session(client: Client) -> None:
    article = make_article()
    url = f"/admin/articles/article/{article.pk}/change/"
    check(client.post(url, {"title": HOSTILE, HOSTILE: "x"}))


# --- in Markdown ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[x](&#106;avascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](\u0000javascript:alert(1))",
        "[x](jAvAsCrIpT\u200b:alert(1))",
        "[x](livescript:alert(1)) [y](mocha:alert(1)) [z](jar:x!/) [w](blob:x)",
        "[x](data:application/xhtml+xml;base64,AAAA)",
        "<data:text/html,x> <vbscript:x> <JAVASCRIPT:alert(1)>",
        "<https://evil.example/\"onmouseover=alert(1)>",
        "<a@b.example\"onclick=alert(1)>",
        "[x](https://a.example/'onclick='alert(1))",
        "[x]: <javascript:alert(1)>\n\n[x]",
        "[![x](javascript:alert(1))](javascript:alert(1))",
        "[a [b](javascript:x) c](javascript:y)",
        "***[**x***](javascript:alert(1))**",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<p style=\"position:fixed;inset:0;background:url(//evil.example)\">x</p>",
        "<style>@import'//evil.example'</style><link rel=stylesheet href=//evil.example>",
        "<meta http-equiv=\"refresh\" content=\"0;url=//evil.example\">",
        "<template><script>alert(1)</script></template><xmp><script>alert(1)</script></xmp>",
        "<details open ontoggle=alert(1)><summary>x</summary></details>",
        "```html\n<script>alert(1)</script>\n```\n<script>alert(1)</script>",
        "{: style=\"x\" onclick=alert(1) }\n# y {: onclick=alert(1) }",
        "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
        "[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    ],
)  # fmt: skip
def test_further_markdown_makes_nothing_that_could_run(text: str) -> None:
    html = render(text)
    assert trouble(html) == []
    assert what_could_run(html) == []
