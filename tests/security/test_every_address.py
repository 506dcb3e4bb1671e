"""Every address of the site, for every role and for nobody: what it answers to looking and sending.

The tables below say it. An address that is added later fails here until it has a row; the admin's
lists, forms and steps have theirs in tests/site/test_admin_access.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from enquiries import receipt
from enquiries.models import OutgoingMail
from pages.roles import ROLES
from publishing import sharing, workflow
from publishing.models import Image
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_condition,
    make_enquiry,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
    make_version,
)
from tests.feedback.factories import make_note
from tests.publishing.uploads import picture_bytes
from tests.security.strict import inline_parts, missing_headers
from tests.site import test_admin_access as admin_tables
from tests.visits.factories import make_missing_address

# What a role may do is the same on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]

NOBODY, READER, ROLELESS, SUPERUSER = (
    "nobody", "account of no member of staff", "staff without a role", "superuser",
)  # fmt: skip
PEOPLE = [NOBODY, READER, ROLELESS, *ROLES, SUPERUSER]
Clients = Callable[[User], Client]


def addresses(resolver: Any, before: str = "") -> Iterator[str]:
    """Yield the pattern of every address of the site."""
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, pattern)
        else:
            yield pattern


@dataclass(frozen=True)
class Row:
    """What an address answers to GET and to POST; the same to everybody, or by who asks.

    `staff` are those who get `get` and `post`. Other staff get `refused`; who is no member of staff
    is sent to sign in.
    """

    url: str
    get: int
    post: int
    staff: frozenset[str] | None = None
    refused: tuple[int, int] = (403, 403)
    outside: tuple[int, int] = (302, 302)
    # A form of staff that nobody signed in sends comes back with what was typed.
    keeps_text: bool = False

    def expected(self, person: str) -> tuple[int, int]:
        """Return what somebody gets."""
        if self.staff is None or person in self.staff:
            return self.get, self.post
        if self.keeps_text and person == NOBODY:
            return self.outside[0], 403
        return self.outside if person in {NOBODY, READER} else self.refused


# What anybody may read, and nobody may send anything to.
READ_ONLY = (200, 405)
PUBLIC = {
    "": Row("/", *READ_ONLY),
    "conditions/": Row("/conditions/", *READ_ONLY),
    "conditions/<slug:slug>/": Row("/conditions/knee/", *READ_ONLY),
    "articles/": Row("/articles/", *READ_ONLY),
    "articles/feed.atom": Row("/articles/feed.atom", *READ_ONLY),
    "articles/category/<slug:slug>/": Row("/articles/category/news/", *READ_ONLY),
    "articles/category/<slug:slug>/feed.atom": Row("/articles/category/news/feed.atom", *READ_ONLY),
    "articles/<slug:slug>/": Row("/articles/one/", *READ_ONLY),
    "treatments/": Row("/treatments/", *READ_ONLY),
    "treatments/<slug:slug>/": Row("/treatments/physiotherapy/", *READ_ONLY),
    "practitioners/": Row("/practitioners/", *READ_ONLY),
    "practitioners/<slug:slug>/": Row("/practitioners/asha/", *READ_ONLY),
    "<slug:slug>/": Row("/fees/", *READ_ONLY),
    "changes.atom": Row("/changes.atom", *READ_ONLY),
    "evidence/": Row("/evidence/", *READ_ONLY),
    "evidence/table.csv": Row("/evidence/table.csv", *READ_ONLY),
    "evidence/table.json": Row("/evidence/table.json", *READ_ONLY),
    "glossary/": Row("/glossary/", *READ_ONLY),
    "healthz": Row("/healthz", *READ_ONLY),
    "livez": Row("/livez", *READ_ONLY),
    "readyz": Row("/readyz", 503, 405),  # no job has run here, so the site is not ready
    "search/": Row("/search/?q=knee", *READ_ONLY),
    "sitemap.xml": Row("/sitemap.xml", *READ_ONLY),
    "sitemap-<slug:section>.xml": Row("/sitemap-conditions.xml", *READ_ONLY),
    "robots.txt": Row("/robots.txt", *READ_ONLY),
    ".well-known/security.txt": Row("/.well-known/security.txt", *READ_ONLY),
    "manifest.webmanifest": Row("/manifest.webmanifest", *READ_ONLY),
    "media/<path:name>": Row("{picture}", *READ_ONLY),
    r"^share-images/(?P<kind>[a-z]+)/(?P<key>[-\w]+)-(?P<digest>[0-9a-f]{16})\.png$": Row(
        "/share-images/condition/knee-0123456789abcdef.png", 302, 405
    ),
    # Forms of the public. Without their token nothing is taken, whoever sends them.
    "contact/": Row("/contact/", 200, 422),
    "contact/received/": Row("/contact/received/", *READ_ONLY),
    "feedback/": Row("/feedback/", 200, 422),
    "feedback/received/": Row("/feedback/received/", *READ_ONLY),
    "is-needling-suitable/": Row("/is-needling-suitable/", 200, 200),
    # The address is the key; without it there is nothing.
    "contact/your-enquiry/<str:signed>/": Row("{receipt}", 200, 422),
    "shared/<str:token>/": Row("{shared}", *READ_ONLY),
    "shared/<str:token>/review/": Row("{shared}review/", 200, 200),
}


def who(*permissions: str) -> frozenset[str]:
    """Return the roles that have one of the permissions, as the roles are written down."""
    return frozenset({SUPERUSER, *(role for role in ROLES if ROLES[role] & set(permissions))})


STAFF = frozenset({ROLELESS, SUPERUSER, *ROLES})
WRITERS = who("publishing.add_image")
DESK = who("enquiries.view_enquiry")
MANAGERS = who("enquiries.manage_enquiry")
COUNTS = who("visits.view_pagecount")
STAFF_ONLY = {
    "staff/markdown/preview/": Row(
        "/staff/markdown/preview/", 405, 200, WRITERS, (405, 403), (405, 302)
    ),
    "staff/markdown/upload/": Row(
        "/staff/markdown/upload/", 405, 400, WRITERS, (405, 403), (405, 302)
    ),
    "staff/completions/": Row("/staff/completions/", 200, 405, WRITERS, (403, 405), (302, 405)),
    # What it would go on with is nothing, so there is nothing here, for anybody.
    "staff/continue/": Row("/staff/continue/", 405, 404),
}
ADMIN = {
    "admin/": Row("/admin/", 200, 200, STAFF),
    "admin/login/": Row("/admin/login/", 302, 200, STAFF, outside=(200, 200)),
    "admin/password_change/": Row("/admin/password_change/", 200, 200, STAFF, keeps_text=True),
    "admin/password_change/done/": Row("/admin/password_change/done/", 200, 405, STAFF),
    "admin/jsi18n/": Row("/admin/jsi18n/", 200, 405, STAFF),
    "admin/autocomplete/": Row(
        "/admin/autocomplete/?app_label=articles&model_name=article&field_name=category&term=n",
        200, 405, who("articles.view_category"), refused=(403, 405),
    ),
    "admin/r/<path:content_type_id>/<path:object_id>/": Row("/admin/r/{type}/{page}/", 302, 302,
                                                            STAFF),
    "admin/auth/user/<id>/password/": Row(
        "/admin/auth/user/{user}/password/", 200, 200, who("auth.change_user"), keeps_text=True
    ),
    "admin/evidence/evidenceheld/report/": Row(
        "/admin/evidence/evidenceheld/report/", 200, 200, who("evidence.view_evidenceheld")
    ),
    "admin/enquiries/enquiry/<int:pk>/step/<slug:name>/": Row(
        "/admin/enquiries/enquiry/{enquiry}/step/note/", 302, 422, DESK, keeps_text=True
    ),
    "admin/enquiries/enquiry/mail/<int:pk>/again/": Row(
        "/admin/enquiries/enquiry/mail/{mail}/again/", 302, 302, DESK
    ),
    "admin/enquiries/enquiry/person/": Row("/admin/enquiries/enquiry/person/", 200, 200, DESK),
    "admin/enquiries/enquiry/figures/": Row(
        "/admin/enquiries/enquiry/figures/", 200, 200, MANAGERS
    ),
    "admin/enquiries/enquiry/figures.csv": Row(
        "/admin/enquiries/enquiry/figures.csv", 200, 200, MANAGERS
    ),
    "admin/feedback/note/<int:pk>/step/<slug:name>/": Row(
        "/admin/feedback/note/{note}/step/done/", 302, 302, who("feedback.change_note"),
        keeps_text=True,
    ),
    "admin/publishing/redirect/import/": Row(
        "/admin/publishing/redirect/import/", 200, 200, who("publishing.add_redirect")
    ),
    "admin/visits/missingaddress/<int:pk>/dismiss/": Row(
        "/admin/visits/missingaddress/{missing}/dismiss/", 405, 302,
        who("visits.change_missingaddress"),
    ),
    "admin/visits/pagecount/page/": Row("/admin/visits/pagecount/page/", 200, 200, COUNTS),
    "admin/visits/pagecount/page.csv": Row("/admin/visits/pagecount/page.csv", 200, 200, COUNTS),
    "admin/visits/pagecount/counts.csv": Row(
        "/admin/visits/pagecount/counts.csv", 200, 200, COUNTS
    ),
    # Last, because it ends the session.
    "admin/logout/": Row("/admin/logout/", 405, 200, STAFF),
}  # fmt: skip
# Steps of signing in: what each asks for, and of whom, is tried in tests/accounts. Here it is only
# seen that nobody gets in by them; a placeholder has what stands in an address.
SIGNING_IN = {
    "admin/auth/user/<int:pk>/sign-in/": "/admin/auth/user/1/sign-in/",
    "staff/account/": "/staff/account/",
    "staff/account/second-step/": "/staff/account/second-step/",
    "staff/account/leave/": "/staff/account/leave/",
    "staff/account/set-up/": "/staff/account/set-up/",
    "staff/account/set-up/app/": "/staff/account/set-up/app/",
    "staff/account/set-up/passkey/": "/staff/account/set-up/passkey/",
    "staff/account/recovery-codes/": "/staff/account/recovery-codes/",
    "staff/account/recovery-codes.txt": "/staff/account/recovery-codes.txt",
    "staff/account/remove/<int:pk>/": "/staff/account/remove/1/",
    "staff/account/sign-out/<int:pk>/": "/staff/account/sign-out/1/",
    "staff/account/sign-out/others/": "/staff/account/sign-out/others/",
    "staff/account/confirm/": "/staff/account/confirm/",
}
# For somebody who has forgotten their password: open to anybody, and they tell nobody anything.
FORGOTTEN = {
    "staff/password/forgotten/": "/staff/password/forgotten/",
    "staff/password/forgotten/sent/": "/staff/password/forgotten/sent/",
    "staff/password/new/<uidb64>/<token>/": "/staff/password/new/MQ/made-up/",
    "staff/password/new/done/": "/staff/password/new/done/",
}
# By regular expression: the list of one app, and what is no address at all.
ADMIN_BY_EXPRESSION = 2


def test_every_address_of_the_site_has_a_row() -> None:
    """An address that is added later fails here until somebody says who may do what there."""
    found = set(addresses(get_resolver()))
    of_models = {
        f"admin/{model.replace('.', '/')}/{end}"
        for model in admin_tables.ROWS
        for end in {*admin_tables.MODEL_ADDRESSES, *admin_tables.STEPS}
    }
    expressions = {each for each in found if each.startswith("admin/") and "(?P<" in each}
    assert len(expressions) == ADMIN_BY_EXPRESSION
    tables = PUBLIC.keys() | STAFF_ONLY.keys() | ADMIN.keys()
    tables |= SIGNING_IN.keys() | FORGOTTEN.keys()
    assert sorted(found - of_models - expressions - tables) == []
    assert sorted(tables - found) == []


@pytest.fixture
def places(db: None) -> dict[str, Any]:
    """A site with one of everything, and what stands for it in an address."""
    make_clinic()
    make_condition(slug="knee")
    article = make_article(slug="one", category=make_category(slug="news"))
    make_treatment(slug="physiotherapy")
    make_practitioner(slug="asha")
    make_information_page(slug="fees")
    enquiry, author = make_enquiry(), make_user("Author")
    version = make_version(article, author, summary="Version two.", change_note="Something.")
    link = workflow.share(article, version, author, invited="Dr Outside", days=7)
    mail = OutgoingMail.objects.create(
        enquiry=enquiry, kind="notification", message_id="<1@example.org>"
    )
    return {
        "picture": Image.from_upload(picture_bytes(), title="Knee").fallback("full").address,
        "receipt": receipt.address(enquiry),
        "shared": sharing.address_of(link),
        "type": ContentType.objects.get_for_model(article).pk,
        "page": article.pk,
        "user": author.pk,
        "enquiry": enquiry.pk,
        "mail": mail.pk,
        "note": make_note().pk,
        "missing": make_missing_address("/no-such-page/").pk,
        "now": timezone.now(),
    }


def client_of(person: str, signed_in: Clients) -> Client:
    if person == NOBODY:
        return Client()
    if person == READER:
        return signed_in(make_user("Manager", is_staff=False))
    if person == ROLELESS:
        return signed_in(make_user(is_staff=True))
    if person == SUPERUSER:
        return signed_in(make_user(is_staff=True, is_superuser=True))
    return signed_in(make_user(person))


def status_of(client: Client, method: str, url: str) -> int:
    """Ask, and undo whatever came of it."""
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url)
        assert missing_headers(response) in ([], ["Cross-Origin-Resource-Policy"]), url
        if "html" in response.headers.get("Content-Type", ""):
            assert inline_parts(response.content.decode()) == [], url
        response.close()
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_exactly_as_its_row_says(
    places: dict[str, Any], signed_in: Clients, person: str
) -> None:
    wrong, client = [], client_of(person, signed_in)
    for row in (PUBLIC | STAFF_ONLY | ADMIN).values():
        url = row.url.format(**places) if "{" in row.url else row.url
        found = tuple(status_of(client, each, url) for each in ("GET", "POST"))
        if found != row.expected(person):
            wrong.append((url, found, row.expected(person)))
    assert wrong == [], wrong


@pytest.mark.parametrize("person", [NOBODY, SUPERUSER])
def test_a_key_that_was_made_up_opens_nothing(
    places: dict[str, Any], signed_in: Clients, person: str
) -> None:
    client = client_of(person, signed_in)
    for good in (places["shared"], places["receipt"]):
        for made_up in (good[:-3] + "xx/", good.replace(":", "%3A", 1)[:-9] + "/"):
            assert client.get(made_up).status_code in {404, 410}, made_up
    for made_up in ("/shared/1/", "/shared/1:1/", "/contact/your-enquiry/E-AAAA-AAAA/"):
        assert client.get(made_up).status_code in {404, 410}, made_up


def test_nobody_gets_in_by_a_step_of_signing_in(client: Client) -> None:
    for url in SIGNING_IN.values():
        for response in (client.get(url), client.post(url)):
            assert response.status_code in {302, 403, 404, 405}, url
            assert missing_headers(response) == [], url
    assert "sessionid" not in client.cookies
    assert client.get("/admin/").status_code == 302


def test_a_made_up_link_for_a_new_password_sets_none(client: Client) -> None:
    make_user("Manager", password="unusable")
    for url in FORGOTTEN.values():
        for response in (client.get(url), client.post(url, {"new_password1": "x" * 20,
                         "new_password2": "x" * 20, "email": "a@b.example"})):  # fmt: skip
            assert response.status_code in {200, 302, 404, 405, 410, 422}, url
            assert missing_headers(response) in ([], ["Referrer-Policy"]), url
    assert User.objects.get().password == "unusable"
