"""Every page of the admin, for every role: open, refused or sent to the door, as the role says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.signing import dumps
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from conditions.models import BodyRegion
from enquiries.models import (
    CanaryRun,
    JobRun,
    OutgoingMail,
    RedFlag,
    ReplyTemplate,
    RetentionRule,
    SpamPolicy,
    Tombstone,
)
from evidence.models import ClinicRule, EvidenceHeld, ReviewNeeded, RuleSeverity
from operations.models import BackupRun
from pages.page_kinds import PAGE_KINDS
from pages.roles import ROLES
from practitioners.models import Language
from publishing import workflow
from publishing.models import (
    AuditEntry,
    Cancellation,
    ExternalLink,
    Page,
    Publication,
    Redirect,
    Review,
    ReviewPolicy,
    ScheduledChange,
    ShareLink,
    Submission,
    Version,
    WorkInProgress,
    page_key,
)
from publishing.models.audit import record
from search.models import SearchSynonym, SearchTerm
from tests.factories import (
    make_article,
    make_category,
    make_claim,
    make_clinic,
    make_closure,
    make_condition,
    make_enquiry,
    make_faq,
    make_glossary_term,
    make_image,
    make_information_page,
    make_practitioner,
    make_price,
    make_registration,
    make_review,
    make_reviewer,
    make_source,
    make_treatment,
    make_user,
    make_version,
    make_warning_sign,
)
from tests.feedback.factories import make_note
from tests.security.strict import inline_parts, missing_headers
from tests.site.test_admin_editing import form_of
from tests.suitability.factories import make_caution
from tests.visits.factories import make_missing_address, make_page_count

# What a role may do is the same on every database; its lists are opened on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Nobody may do these, whatever their permissions: the rows come with the software, are a record of
# what happened, or there is exactly one.
NEVER = {
    "conditions.bodyregion": {"add", "change", "delete"},
    "enquiries.canaryrun": {"add", "change", "delete"},
    "enquiries.enquiry": {"add", "delete"},
    "enquiries.jobrun": {"add", "change", "delete"},
    "enquiries.outgoingmail": {"add", "change", "delete"},
    "enquiries.retentionrule": {"delete"},
    "enquiries.spampolicy": {"add", "delete"},  # there is a row
    "enquiries.tombstone": {"add", "change", "delete"},
    "operations.backuprun": {"add", "change", "delete"},
    "feedback.note": {"add", "delete"},
    "clinic.clinic": {"add", "delete"},
    "axes.accessattempt": {"add"},
    "axes.accesslog": {"add"},
    "axes.accessfailurelog": {"add"},
    "evidence.evidenceheld": {"change", "delete"},
    "evidence.reviewneeded": {"add", "change", "delete"},
    "publishing.auditentry": {"add", "change", "delete"},
    "publishing.externallink": {"add", "change", "delete"},
    "publishing.reviewpolicy": {"add", "delete"},  # there is a row
    "search.searchterm": {"add", "change", "delete"},
    "visits.missingaddress": {"add", "change", "delete"},
    "visits.pagecount": {"add", "change", "delete"},
}
# What another permission gives than the one of that name.
GIVEN_BY = {("evidence.evidenceheld", "add"): "publishing.review_version"}
# Whose form opens only from a finding on a page, and else leads back to the list.
FROM_A_FINDING = {"evidence.evidenceheld"}
# Whose one row opens at once, in place of a list.
SINGLE = {"clinic.clinic", "publishing.reviewpolicy"}
PAGES = {model._meta.label_lower for model in PAGE_KINDS}
SUPERUSER, ROLELESS = "superuser", "account without a role"
PEOPLE = [*ROLES, SUPERUSER, ROLELESS]


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the checks of a text find decides about publishing; here it is about who asks."""
    monkeypatch.setattr("publishing.checks._checks", [])


def with_parts(page: Any) -> Any:
    """Give a page what its inlines show."""
    make_faq(page)
    if hasattr(page, "warning_signs"):
        make_warning_sign(page, sources=[make_source()])
    if hasattr(page, "prices"):
        make_price(page)
    return page


def make_reviewed_condition() -> Any:
    today = timezone.localdate()
    return with_parts(
        make_condition(
            author=make_practitioner(),
            reviewed_by=make_practitioner(),
            reviewed_on=today,
            next_review_due=today.replace(year=today.year + 1),
        )
    )


def make_person() -> Any:
    person = make_practitioner(photo=make_image())
    make_registration(person)
    return person


def make_evidence_held() -> EvidenceHeld:
    held: EvidenceHeld = EvidenceHeld.objects.create(
        at=timezone.now(),
        by_name="Asha",
        rule="cure",
        sentence="It is at length.",
        note="A trial.",
        source=make_source(),
        **page_key(make_condition()),
    )
    return held


ROWS: dict[str, Callable[[], models.Model]] = {
    "articles.article": lambda: with_parts(
        make_article(lead_image=make_image(), lead_image_role="decorative")
    ),
    "articles.category": make_category,
    "auth.group": lambda: Group.objects.get(name="Editor"),
    "auth.user": lambda: make_user("Editor"),
    "axes.accessattempt": lambda: AccessAttempt.objects.create(
        failures_since_start=1, attempt_time=timezone.now()
    ),
    "axes.accessfailurelog": lambda: AccessFailureLog.objects.create(),
    "axes.accesslog": lambda: AccessLog.objects.create(),
    "clinic.clinic": make_clinic,
    "clinic.closure": lambda: make_closure(make_clinic(), timezone.localdate()),
    "conditions.bodyregion": lambda: BodyRegion.objects.get(slug="knee"),
    "conditions.condition": make_reviewed_condition,
    "enquiries.canaryrun": lambda: CanaryRun.objects.create(at=timezone.now()),
    "enquiries.enquiry": make_enquiry,
    "enquiries.jobrun": lambda: JobRun.objects.create(name="send mail", ran_at=timezone.now()),
    "enquiries.outgoingmail": lambda: OutgoingMail.objects.create(
        enquiry=make_enquiry(), kind="notification", message_id="<1@example.org>"
    ),
    "enquiries.redflag": lambda: RedFlag.objects.create(
        key="cold-foot", level="urgent", words="foot cold", sign="your foot is cold"
    ),
    "enquiries.replytemplate": lambda: ReplyTemplate.objects.create(name="Hello", text="{name}"),
    "enquiries.retentionrule": lambda: RetentionRule.objects.update_or_create(
        outcome="booked", defaults={"days": 90}
    )[0],
    "enquiries.spampolicy": lambda: SpamPolicy.objects.get_or_create(pk=SpamPolicy.SINGLE_KEY)[0],
    "enquiries.tombstone": lambda: Tombstone.objects.create(
        reference="E-7K4M-2P9Q",
        why="staff",
        erased_at=timezone.now(),
        received_week=timezone.localdate(),
    ),
    "evidence.claim": make_claim,
    "evidence.clinicrule": lambda: ClinicRule.objects.create(
        phrases=["miracle"], kind="house-style", reason="We do not say it."
    ),
    "evidence.evidenceheld": make_evidence_held,
    "evidence.glossaryterm": make_glossary_term,
    "evidence.reviewneeded": lambda: ReviewNeeded.objects.create(
        reason="A source fell", **page_key(make_condition())
    ),
    "evidence.ruleseverity": lambda: RuleSeverity.objects.create(
        rule="cure", severity="warning", note="We mean cheese."
    ),
    "evidence.source": make_source,
    "feedback.note": make_note,
    "operations.backuprun": lambda: BackupRun.objects.create(at=timezone.now()),
    "pages.informationpage": make_information_page,
    "practitioners.language": lambda: Language.objects.create(name="Welsh"),
    "practitioners.practitioner": make_person,
    "publishing.auditentry": lambda: record(make_user("Editor"), "added", make_category()),
    "publishing.externallink": lambda: ExternalLink.objects.create(address="https://example.org/"),
    "publishing.image": make_image,
    "publishing.redirect": lambda: Redirect.objects.create(old_path="/old/", new_path="/contact/"),
    "publishing.reviewpolicy": ReviewPolicy.objects.create,
    "search.searchsynonym": lambda: SearchSynonym.objects.create(
        words="wry neck", key="enquiries:contact"
    ),
    "search.searchterm": lambda: SearchTerm.objects.create(
        words="wry neck", times=9, last_on=timezone.localdate()
    ),
    "suitability.caution": make_caution,
    "treatments.treatment": lambda: with_parts(make_treatment()),
    "visits.missingaddress": lambda: make_missing_address("/no-such-page/"),
    "visits.pagecount": lambda: make_page_count("/contact/"),
}


def test_every_registered_model_is_tried() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == ROWS.keys()


def user_of(person: str) -> User:
    if person == SUPERUSER:
        return make_reviewer("", is_staff=True, is_superuser=True)
    if person == ROLELESS:
        return make_reviewer("", is_staff=True)
    return make_reviewer(person)


def client_of(person: str, signed_in: Callable[[User], Client]) -> Client:
    """Return a client of somebody of that role, with a profile of their own."""
    return signed_in(user_of(person))


def has(person: str, permission: str) -> bool:
    """Say whether the person has the permission, as the roles are written down."""
    return person == SUPERUSER or permission in ROLES.get(person, set())


def may(person: str, action: str, model: str) -> bool:
    """Say what the role's permissions, and nothing else, promise."""
    if action in NEVER.get(model, set()):
        return False
    app, name = model.split(".")
    return has(person, GIVEN_BY.get((model, action), f"{app}.{action}_{name}"))


def sees(person: str, model: str) -> bool:
    return may(person, "view", model) or may(person, "change", model)


# --- every address of the admin -------------------------------------------------------------------

# What each registered model has, after "admin/<app>/<model>/".
MODEL_ADDRESSES = {
    "",
    "add/",
    "<path:object_id>/history/",
    "<path:object_id>/delete/",
    "<path:object_id>/change/",
    "<path:object_id>/",
}
OTHER_ADDRESSES = {
    "admin/auth/user/<id>/password/",
    "admin/evidence/evidenceheld/report/",
    # Who may open and send these is tried in tests/enquiries.
    "admin/enquiries/enquiry/<int:pk>/step/<slug:name>/",
    "admin/enquiries/enquiry/mail/<int:pk>/again/",
    "admin/enquiries/enquiry/person/",
    # In tests/publishing and tests/visits.
    "admin/publishing/redirect/import/",
    "admin/visits/missingaddress/<int:pk>/dismiss/",
    "admin/visits/pagecount/page/",
    "admin/visits/pagecount/page.csv",
    "admin/visits/pagecount/counts.csv",
    # In tests/feedback.
    "admin/feedback/note/<int:pk>/step/<slug:name>/",
    "admin/enquiries/enquiry/figures/",
    "admin/enquiries/enquiry/figures.csv",
    # In tests/accounts.
    "admin/auth/user/<int:pk>/sign-in/",
    "staff/account/",
    "staff/account/second-step/",
    "staff/account/leave/",
    "staff/account/set-up/",
    "staff/account/set-up/app/",
    "staff/account/set-up/passkey/",
    "staff/account/recovery-codes/",
    "staff/account/recovery-codes.txt",
    "staff/account/remove/<int:pk>/",
    "staff/account/sign-out/<int:pk>/",
    "staff/account/sign-out/others/",
    "staff/account/confirm/",
    "admin/",
    "admin/login/",
    "admin/logout/",
    "admin/password_change/",
    "admin/password_change/done/",
    "admin/autocomplete/",
    "admin/jsi18n/",
    "admin/r/<path:content_type_id>/<path:object_id>/",
    "staff/markdown/preview/",
    "staff/markdown/upload/",
    "staff/completions/",
    "staff/continue/",
}


def addresses(resolver: Any, before: str = "", namespace: str = "") -> Iterator[str]:
    """Yield the pattern of every address of the admin and of the editor."""
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, pattern, each.namespace or namespace)
        elif isinstance(each, URLPattern) and namespace in {"admin", "editor", "accounts"}:
            yield pattern


def test_every_address_of_the_admin_is_tried() -> None:
    """An address that is added later fails here until a row of a table below covers it."""
    covered = set(OTHER_ADDRESSES)
    for model in ROWS:
        base = f"admin/{model.replace('.', '/')}/"
        covered |= {base + each for each in MODEL_ADDRESSES}
        if model in PAGES:
            covered |= {base + each for each in STEPS}
    found = {each for each in addresses(get_resolver()) if "(?P<" not in each}
    assert found == covered
    # Lists of one app, and whatever is no address at all: by regular expression, tried below.
    assert len([each for each in addresses(get_resolver()) if "(?P<" in each]) == 2


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("person", PEOPLE)
def test_pages_open_exactly_as_the_role_says(
    signed_in: Callable[[User], Client], person: str, model: str
) -> None:
    row = ROWS[model]()
    client = client_of(person, signed_in)
    base = f"/admin/{model.replace('.', '/')}/"
    may_see = sees(person, model)
    opened = 302 if model in SINGLE else 200  # the one row opens at once
    form = 200 if may_see else 403
    if model in PAGES and may_see and not may(person, "change", model):
        form = 302  # to how the page stands, with its text and its history
    new = 302 if model in FROM_A_FINDING else 200
    expected = {
        base: opened if may_see else 403,
        f"{base}add/": new if may(person, "add", model) else 403,
        f"{base}{row.pk}/": 302,
        f"{base}{row.pk}/change/": form,
        f"{base}{row.pk}/history/": 200 if may_see else 403,
        f"{base}{row.pk}/delete/": 200 if may(person, "delete", model) else 403,
        f"{base}?q=knee": opened if may_see else 403,
    }
    if model == "clinic.clinic":
        del expected[f"{base}?q=knee"]
    found = {url: client.get(url) for url in expected}
    assert {url: each.status_code for url, each in found.items()} == expected
    if person == SUPERUSER:  # who sees all that there is on a page
        weak = {url: missing_headers(each) for url, each in found.items()}
        assert [url for url, missing in weak.items() if missing] == []
        inline = {url: inline_parts(each.content.decode()) for url, each in found.items()}
        assert {url: parts for url, parts in inline.items() if parts} == {}


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("person", PEOPLE)
def test_posts_that_a_role_may_not_make_change_nothing(
    signed_in: Callable[[User], Client], person: str, model: str
) -> None:
    row = ROWS[model]()
    if model in PAGES:
        workflow.adopt(row)
    client = client_of(person, signed_in)
    base = f"/admin/{model.replace('.', '/')}/"
    kind = type(row)
    before = rows_of(kind)
    sent = {"name": "Changed", "title": "Changed", "act": "Changed", "post": "yes"}
    for action, url in (
        ("add", f"{base}add/"),
        ("change", f"{base}{row.pk}/change/"),
        ("delete", f"{base}{row.pk}/delete/"),
    ):
        if not may(person, action, model):
            assert client.post(url, sent).status_code == 403, url
    if not may(person, "delete", model) or model in PAGES:
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        assert client.post(base, chosen).status_code in {200, 302, 403}
    looked = client.post(f"{base}{row.pk}/history/", sent)
    assert looked.status_code == (200 if sees(person, model) else 403)
    assert rows_of(kind) == before


def rows_of(model: type[models.Model]) -> list[Any]:
    return list(model._base_manager.order_by("pk").values())


@pytest.mark.parametrize("model", ROWS)
def test_nobody_without_an_account_gets_further_than_the_door(client: Client, model: str) -> None:
    row = ROWS[model]()
    base = f"/admin/{model.replace('.', '/')}/"
    before = rows_of(type(row))
    for end in MODEL_ADDRESSES:
        url = base + end.replace("<path:object_id>", str(row.pk))
        assert is_the_door(client.get(url)), url
        # A form that somebody sent is kept in the page that asks them to sign in.
        answer = client.post(url, {"name": "Changed", "post": "yes"})
        is_form = end.endswith(("add/", "change/"))
        assert keeps_text(answer) if is_form else is_the_door(answer), url
    assert rows_of(type(row)) == before


def is_the_door(response: HttpResponse) -> bool:
    """Say whether the answer sends somebody to sign in."""
    to = response.headers.get("Location", "")
    return response.status_code == 302 and to.startswith("/admin/login/?next=")


def keeps_text(response: HttpResponse) -> bool:
    """Say whether the answer is the page that asks for a password and keeps what was typed."""
    return response.status_code == 403 and 'name="kept"' in response.content.decode()


def test_role_without_staff_access_is_shown_the_door(
    signed_in: Callable[[User], Client],
) -> None:
    client = signed_in(make_user("Manager", is_staff=False))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("person", PEOPLE)
def test_unknown_row_leads_back_to_the_desk(
    signed_in: Callable[[User], Client], person: str
) -> None:
    client = client_of(person, signed_in)
    for model in ROWS:
        for key in ("999999", "nonsense", "1'"):
            url = f"/admin/{model.replace('.', '/')}/{key}/change/"
            assert client.get(url).status_code in {302, 403}, url


@pytest.mark.parametrize("model", [each for each in ROWS if each not in SINGLE])
def test_lists_take_strange_parameters(staff: Callable[[str], Client], model: str) -> None:
    ROWS[model]()
    client = staff("Manager") if not model.startswith("axes.") else None
    if client is None:
        client = Client()
        client.force_login(
            make_user(is_staff=True, is_superuser=True),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    base = f"/admin/{model.replace('.', '/')}/"
    for query in ("?q=%00", "?p=9999", "?p=x", "?o=99", "?o=x", "?e=1", "?no_such=1",
                  "?q=" + "x" * 5000, "?id__exact=%00"):  # fmt: skip
        assert client.get(base + query).status_code in {200, 302}, query


# --- the steps of a page --------------------------------------------------------------------------

PUBLISH = "publishing.publish_version"
REVIEW = "publishing.review_version"


@dataclass
class World:
    """A public page with a draft that was approved, a plan and a link; and a page that was deleted.

    `page` was published as version 1; version 2 may be published by who may.
    """

    page: Any
    deleted: Any
    plan: Publication
    link: ShareLink
    sent: dict[str, Any]

    @property
    def model(self) -> str:
        return str(self.page._meta.label_lower)

    def url(self, step: str) -> str:
        page = self.deleted if step.startswith("<int:pk>/undelete") else self.page
        path = step.replace("<int:pk>", str(page.pk)).replace("<int:number>", "1")
        query = "?old=1&new=2" if "compare" in step else ""
        return f"/admin/{self.model.replace('.', '/')}/{path}{query}"


def make_world(model: str) -> World:
    author, editor = make_user("Author"), make_user("Editor")
    deleted, page = ROWS[model](), ROWS[model]()
    workflow.delete(deleted, editor)
    version = make_version(page, author, summary="Version two.", change_note="Something.")
    make_review(page)
    tomorrow = timezone.now() + timedelta(days=1)
    plan = workflow.withdraw(page, editor, reason="Planned", at=tomorrow)
    link = workflow.share(page, version, author, invited="Dr Outside", days=7)
    # As the page on which two texts become one sends it back.
    merged = version.data | {"fields": version.data["fields"] | {"summary": "Merged."}}
    told = {"change_note": "Both.", "is_minor": "", "note": ""}
    kept = {"data": merged, "collisions": [], "theirs": version.pk, "told": told}
    return World(
        page,
        deleted,
        plan,
        link,
        {
            "version": "2",
            "when": "now",
            "reason": "Out of date",
            "accepts_warnings": "on",
            "decision": "approved",
            "next_review_due": (timezone.localdate() + timedelta(days=300)).isoformat(),
            "invited": "Dr Other",
            "days": "7",
            "publication": str(plan.pk),
            "link": str(link.pk),
            "summary": "Typed.",
            "kept": dumps(kept, salt="publishing.merge", compress=True),
        },
    )


@dataclass(frozen=True)
class Step:
    """Who may take a step by GET and by POST, and the answers to those who may and may not.

    What is needed is named as in the table of roles; `view` and so on are of the page's own kind.
    `no` answers somebody who may see the page but not take the step.
    """

    get: int = 302
    get_needs: tuple[str, ...] = ("view",)
    post_needs: tuple[str, ...] = ("view",)
    yes: int = 302
    no: int = 403
    writes: bool = True
    unseen: int = field(default=403)


def only_shows(**options: Any) -> Step:
    return Step(get=200, yes=200, writes=False, **options)


# Every address that a page kind has beside those of Django's admin.
STEPS: dict[str, Step] = {
    "<int:pk>/status/": only_shows(),
    "<int:pk>/preview/": only_shows(),
    "<int:pk>/compare/": only_shows(),
    "<int:pk>/versions/<int:number>/": only_shows(),
    "<int:pk>/versions/<int:number>/preview/": only_shows(),
    "<int:pk>/versions/<int:number>/export/": only_shows(),
    "deleted/": only_shows(get_needs=("delete",), post_needs=("delete",)),
    # A form that may not be sent comes back with the reason, and what was typed.
    "<int:pk>/submit/": Step(post_needs=("view", "change"), no=422),
    "<int:pk>/publish/": Step(post_needs=("view", PUBLISH), no=422),
    "<int:pk>/withdraw/": Step(post_needs=("view", PUBLISH), no=422),
    "<int:pk>/share/": Step(post_needs=("view", "change"), no=422),
    "<int:pk>/review/": Step(200, ("view", REVIEW), ("view", REVIEW)),
    # A button alone leads back to how the page stands, with the reason.
    "<int:pk>/cancel/": Step(post_needs=("view", PUBLISH), no=302),
    "<int:pk>/revoke/": Step(post_needs=("view", "change"), no=302),
    "<int:pk>/merge/": Step(post_needs=("view", "change"), no=302),
    "<int:pk>/versions/<int:number>/restore/": Step(post_needs=("view", "change"), no=302),
    "<int:pk>/undelete/": Step(get_needs=("delete",), post_needs=("delete",)),
    "<int:pk>/typed/": Step(405, ("view",), ("view", "change"), yes=200),
    # There is no page yet that could be hidden from anybody.
    "typed/": Step(405, (), ("add",), yes=200),
}
RECORDS = (AuditEntry, Cancellation, Publication, Redirect, Review, ScheduledChange, ShareLink,
           Submission, Version, WorkInProgress)  # fmt: skip


def everything(page: Page) -> dict[str, list[Any]]:
    """Return all that is known of pages of the kind, to say that nothing was changed."""
    parts = [type(page)._meta.get_field(name).related_model for name in page.PARTS]
    return {model.__name__: rows_of(model) for model in (type(page), *parts, *RECORDS)}


def is_granted(person: str, needs: tuple[str, ...], model: str) -> bool:
    return all(has(person, each) if "." in each else may(person, each, model) for each in needs)


@pytest.mark.parametrize("model", sorted(PAGES))
@pytest.mark.parametrize("person", PEOPLE)
def test_steps_open_exactly_as_the_role_says(
    signed_in: Callable[[User], Client], person: str, model: str
) -> None:
    world, client = make_world(model), client_of(person, signed_in)
    before = everything(world.page)
    expected = {
        step: rule.get if is_granted(person, rule.get_needs, model) else 403
        for step, rule in STEPS.items()
    }
    assert {step: client.get(world.url(step)).status_code for step in STEPS} == expected
    assert everything(world.page) == before


@pytest.mark.parametrize("model", sorted(PAGES))
@pytest.mark.parametrize("person", PEOPLE)
def test_steps_are_taken_exactly_as_the_role_says(
    signed_in: Callable[[User], Client], person: str, model: str
) -> None:
    world, client = make_world(model), client_of(person, signed_in)
    before = everything(world.page)
    for step, rule in STEPS.items():
        with transaction.atomic():
            status = client.post(world.url(step), world.sent).status_code
            after = everything(world.page)
            transaction.set_rollback(True)
        if is_granted(person, rule.post_needs, model):
            assert status == rule.yes, step
            assert (after != before) is rule.writes, step
        else:
            is_seen = may(person, "view", model) or "view" not in rule.post_needs
            assert status == (rule.no if is_seen else 403), step
            assert after == before, step


@pytest.mark.parametrize("model", sorted(PAGES))
def test_steps_are_closed_to_nobody_without_an_account(client: Client, model: str) -> None:
    world = make_world(model)
    before = everything(world.page)
    for step in STEPS:
        assert is_the_door(client.get(world.url(step))), step
        answer = client.post(world.url(step), world.sent)
        is_form = step.endswith(
            ("/merge/", "/submit/", "/review/", "/publish/", "/withdraw/", "/share/")
        )
        assert keeps_text(answer) if is_form else is_the_door(answer), step
    assert everything(world.page) == before


@pytest.mark.parametrize("model", sorted(PAGES))
@pytest.mark.parametrize("person", PEOPLE)
def test_text_is_saved_by_those_who_write_and_published_by_nobody_on_the_way(
    signed_in: Callable[[User], Client], person: str, model: str
) -> None:
    page = make_world(model).page
    superuser = signed_in(make_user(is_staff=True, is_superuser=True))
    url = f"/admin/{model.replace('.', '/')}/{page.pk}/change/"
    form = form_of(superuser, url) | {"summary": "Saved."}
    row, numbers = rows_of(type(page)), list(Version.objects.of(page).values_list("number"))
    response = client_of(person, signed_in).post(url, form)
    assert rows_of(type(page)) == row
    if may(person, "change", model):
        assert response.status_code == 302
        newest = workflow.latest_version(page)
        assert (newest.number, newest.data["fields"]["summary"]) == (3, "Saved.")
    else:
        assert response.status_code == 403
        assert list(Version.objects.of(page).values_list("number")) == numbers


@pytest.mark.parametrize(
    ("person", "status"),
    [("Author", 422), ("Clinical reviewer", 422), ("Editor", 422), ("Manager", 302),
     ("Reception", 403), (SUPERUSER, 302), (ROLELESS, 403)],
)  # fmt: skip
def test_only_a_manager_publishes_what_no_clinician_has_approved(
    signed_in: Callable[[User], Client], person: str, status: int
) -> None:
    page = make_article(published_at=None)
    make_version(page, summary="Nobody approved it.")
    number = workflow.latest_version(page).number
    url = f"/admin/articles/article/{page.pk}/publish/"
    sent = {"version": number, "when": "now", "unreviewed_reason": "A flood."}
    sent |= {"accepts_warnings": "on"}
    assert client_of(person, signed_in).post(url, sent).status_code == status
    page.refresh_from_db()
    assert page.is_published is (status == 302)
    assert Publication.objects.of(page).count() == (1 if status == 302 else 0)


def test_reviewer_without_a_profile_is_told_and_records_nothing(
    staff: Callable[[str], Client],
) -> None:
    world = make_world("articles.article")
    before = Review.objects.count()
    response = staff("Clinical reviewer").post(world.url("<int:pk>/review/"), world.sent)
    assert response.status_code == 422
    assert "has to be joined to your practitioner profile" in response.content.decode()
    assert Review.objects.count() == before


@pytest.mark.parametrize("step", [each for each in STEPS if each.startswith("<int:pk>")])
def test_steps_of_a_page_that_is_not_there_lead_nowhere(
    staff: Callable[[str], Client], step: str
) -> None:
    url = "/admin/articles/article/" + step.replace("<int:number>", "1")
    client = staff("Manager")
    for key in ("999999", "9" * 30):
        for method in (client.get, client.post):
            response = method(url.replace("<int:pk>", key))
            leads_on = step == "<int:pk>/undelete/" and method == client.get
            assert response.status_code == (302 if leads_on else 404), key


@pytest.mark.parametrize("step", ["submit", "publish", "share", "review"])
@pytest.mark.parametrize("number", ["", "x", "99", "-1"])
def test_step_about_a_version_that_is_not_there_leads_nowhere(
    signed_in: Callable[[User], Client], step: str, number: str
) -> None:
    world = make_world("articles.article")
    before = everything(world.page)
    client = client_of("Manager", signed_in)
    sent = world.sent | {"version": number}
    assert client.post(world.url(f"<int:pk>/{step}/"), sent).status_code == 404
    assert everything(world.page) == before


@pytest.mark.parametrize("step", ["submit", "publish", "review"])
def test_step_about_a_version_that_is_no_longer_the_newest_is_refused(
    signed_in: Callable[[User], Client], step: str
) -> None:
    world = make_world("articles.article")
    before = everything(world.page)
    client = client_of("Manager", signed_in)
    sent = world.sent | {"version": "1"}
    response = client.post(world.url(f"<int:pk>/{step}/"), sent)
    assert response.status_code == 422
    assert "The page was saved again after you opened it." in response.content.decode()
    assert everything(world.page) == before


@pytest.mark.parametrize(("step", "name"), [("cancel", "publication"), ("revoke", "link")])
def test_what_belongs_to_another_page_is_not_touched(
    signed_in: Callable[[User], Client], step: str, name: str
) -> None:
    world, other = make_world("articles.article"), make_world("articles.article")
    before = everything(world.page)
    client = client_of("Manager", signed_in)
    for value in (other.sent[name], "", "x", "0", "9" * 30):
        response = client.post(world.url(f"<int:pk>/{step}/"), {name: value})
        assert response.status_code == 404, value
    assert everything(world.page) == before


# --- the rest of the admin ------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
def test_addresses_of_the_whole_admin(signed_in: Callable[[User], Client], person: str) -> None:
    make_clinic()
    article, other = make_article(), make_user("Editor")
    client = client_of(person, signed_in)
    kind = ContentType.objects.get_for_model(article).pk
    expected = {
        "/admin/": 200,
        "/admin/login/": 302,
        "/admin/logout/": 405,
        "/admin/password_change/": 200,
        "/admin/password_change/done/": 200,
        "/admin/jsi18n/": 200,
        f"/admin/r/{kind}/{article.pk}/": 302,
        f"/admin/auth/user/{other.pk}/password/": 200
        if may(person, "change", "auth.user")
        else 403,
        "/admin/evidence/evidenceheld/report/": (
            200 if may(person, "view", "evidence.evidenceheld") else 403
        ),
        "/admin/articles/": 200 if may(person, "view", "articles.article") else 404,
        "/admin/no-such/": 404,
    }
    assert {url: client.get(url).status_code for url in expected} == expected


# The fields of an article that are found by typing, and the kind of row that each finds.
FOUND_BY_TYPING = {
    "author": "practitioners.practitioner",
    "category": "articles.category",
    "lead_image": "publishing.image",
    "conditions": "conditions.condition",
    "treatments": "treatments.treatment",
}


@pytest.mark.parametrize("name", FOUND_BY_TYPING)
def test_rows_are_found_by_typing_by_who_may_see_them(
    signed_in: Callable[[User], Client], name: str
) -> None:
    model = FOUND_BY_TYPING[name]
    ROWS[model]()
    url = f"/admin/autocomplete/?app_label=articles&model_name=article&field_name={name}"
    expected = {person: 200 if may(person, "view", model) else 403 for person in PEOPLE}
    found = {person: client_of(person, signed_in).get(url).status_code for person in PEOPLE}
    assert found == expected


def test_addresses_of_the_whole_admin_are_closed_to_nobody(client: Client) -> None:
    article, other = make_article(), make_user("Editor")
    kind = ContentType.objects.get_for_model(article).pk
    forms = ["/admin/password_change/", f"/admin/auth/user/{other.pk}/password/"]
    urls = ["/admin/", "/admin/autocomplete/", "/admin/articles/", "/admin/no-such/",
            f"/admin/r/{kind}/{article.pk}/", "/admin/password_change/done/"]  # fmt: skip
    for url in [*forms, *urls]:
        assert is_the_door(client.get(url)), url
    for url in urls:
        assert is_the_door(client.post(url, {"name": "Changed"})), url
    passwords = rows_of(User)
    for url in forms:
        answer = client.post(url, {"password1": "new", "password2": "new"})
        assert answer.status_code in {302, 403}, url
    assert rows_of(User) == passwords


@pytest.mark.parametrize("name", ["password", "old_password", "password1", "new_password1",
                                  "password2", "new_password2"])  # fmt: skip
@pytest.mark.parametrize("part", ["password_change/", "auth/user/{}/password/"])
def test_no_password_is_ever_written_into_a_page(client: Client, part: str, name: str) -> None:
    url = f"/admin/{part.format(make_user('Editor').pk)}"
    answer = client.post(url, {name: "swordfish"})
    assert "swordfish" not in answer.content.decode()


@pytest.mark.parametrize("person", PEOPLE)
def test_editors_own_addresses(signed_in: Callable[[User], Client], person: str) -> None:
    client = client_of(person, signed_in)
    writes = may(person, "add", "publishing.image")
    for name, taken in (("preview", 200), ("upload", 400)):  # 400: no picture was sent
        url = f"/staff/markdown/{name}/"
        assert client.get(url).status_code == 405
        assert client.post(url, {"content": "# Words"}).status_code == (taken if writes else 403)


@pytest.mark.parametrize("person", PEOPLE)
def test_keys_are_completed_for_those_who_write(
    signed_in: Callable[[User], Client], person: str
) -> None:
    client = client_of(person, signed_in)
    writes = may(person, "add", "publishing.image")
    url = "/staff/completions/"
    assert client.get(url, {"prefix": "@", "q": "n"}).status_code == (200 if writes else 403)
    assert client.post(url).status_code == 405


def test_editors_own_addresses_are_closed_to_nobody(client: Client) -> None:
    assert is_the_door(client.get("/staff/completions/?prefix=@"))
    for name in ("preview", "upload"):
        assert client.get(f"/staff/markdown/{name}/").status_code == 405
        assert is_the_door(client.post(f"/staff/markdown/{name}/", {"content": "x"}))


KEPT = '[["summary", "Typed before."], ["title", "Typed"]]'


@pytest.mark.parametrize("person", PEOPLE)
def test_text_that_was_kept_goes_back_to_a_form_that_the_person_may_fill(
    signed_in: Callable[[User], Client], person: str
) -> None:
    page, user = make_article(), user_of(person)
    workflow.adopt(page)
    client, before = signed_in(user), rows_of(type(page))
    assert client.get("/staff/continue/").status_code == 405
    for action, url in (
        ("change", f"/admin/articles/article/{page.pk}/change/"),
        ("add", "/admin/articles/article/add/"),
    ):
        response = client.post("/staff/continue/", {"kept": KEPT, "next": url})
        if may(person, action, "articles.article"):
            assert response.headers["Location"] == url
            assert form_of(client, url)["summary"] == "Typed before."
        else:
            assert response.status_code == 200  # it may be sent again, and is refused there
            assert not WorkInProgress.objects.exists()
    assert rows_of(type(page)) == before


@pytest.mark.parametrize(
    ("kept", "to"),
    [
        ("no JSON", "/admin/articles/article/add/"),
        ('{"a": 1}', "/admin/articles/article/add/"),
        ("[1]", "/admin/articles/article/add/"),
        (KEPT, ""),
        (KEPT, "/admin/"),
        (KEPT, "/articles/"),
        (KEPT, "//example.org/admin/articles/article/add/"),
        (KEPT, "https://example.org/admin/articles/article/add/"),
    ],
)
def test_text_is_brought_to_no_other_place(
    staff: Callable[[str], Client], kept: str, to: str
) -> None:
    response = staff("Editor").post("/staff/continue/", {"kept": kept, "next": to})
    assert response.status_code in {400, 404}
    assert not WorkInProgress.objects.exists()


@pytest.mark.parametrize("key", ["nonsense", "1'", "9" * 30, "999999", "0", "-1"])
def test_text_for_a_page_that_is_not_there_is_no_fault(
    staff: Callable[[str], Client], key: str
) -> None:
    url = f"/admin/articles/article/{key}/change/"
    response = staff("Editor").post("/staff/continue/", {"kept": KEPT, "next": url})
    assert response.status_code in {200, 302, 404}
    staff("Editor").get(url, follow=True)


def test_text_of_somebody_who_is_signed_out_is_kept_until_they_sign_in(client: Client) -> None:
    page = make_article()
    url = f"/admin/articles/article/{page.pk}/change/"
    user = make_user("Author", username="asha")
    user.set_password("correct horse")
    user.save()
    lost = client.post(url, {"summary": "Typed before.", "csrfmiddlewaretoken": "x"})
    assert keeps_text(lost)
    soup = BeautifulSoup(lost.content, "html.parser")
    sent = {str(each["name"]): str(each.get("value", "")) for each in soup.select("input[name]")}
    assert "Typed before." in sent["kept"]
    assert "csrfmiddlewaretoken" not in sent["kept"]
    sent |= {"username": "asha", "password": "wrong"}
    again = client.post("/staff/continue/", sent)
    assert keeps_text(again)
    assert "Typed before." in again.content.decode()
    assert not WorkInProgress.objects.exists()
    back = client.post("/staff/continue/", sent | {"password": "correct horse"})
    assert back.headers["Location"] == url
    assert form_of(client, url)["summary"] == "Typed before."
    page.refresh_from_db()
    assert page.summary != "Typed before."


# --- the first page ----------------------------------------------------------------------------


def groups(client: Client) -> dict[str, list[str]]:
    soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return {
        box.caption.get_text(strip=True): [
            row.get_text(strip=True) for row in box.select("tr th[scope=row]")
        ]
        for box in soup.select("#content-main .module")
    }


CONTENT = ["Conditions", "Articles", "Treatments", "Information pages", "Categories", "Sources",
           "Claims", "Evidence held", "Cautions on needling", "Glossary terms",
           "Pictures"]  # fmt: skip


FOR_EDITORS = ["Links to other websites", "What people search for", "Search words of ours",
               "Redirects", "Missing addresses", "How often pages are read"]  # fmt: skip
FOR_AUTHORS = ["What people search for", "Search words of ours", "How often pages are read"]


def with_reviews(names: list[str]) -> list[str]:
    """Return the names with the list that those who see to reviews have after the claims."""
    at = names.index("Claims") + 1
    return [*names[:at], "Pages to review again", *names[at:]]


def test_manager_finds_everything_grouped_as_staff_think(staff: Callable[[str], Client]) -> None:
    assert groups(staff("Manager")) == {
        "Enquiries": [
            "Enquiries",
            "Notes on pages",
            "Reply templates",
            "Red flags",
            "Outgoing mail",
            "Times enquiries are kept",
            "Erased enquiries",
            "Limits for spam",
            "Tests of the enquiry form",
            "Jobs",
        ],
        "Content": [*with_reviews(CONTENT), *FOR_EDITORS],
        "People": ["Practitioners", "Languages", "Users", "Groups"],
        "Settings": [
            "Clinic details",
            "Closures",
            "Rules of review",
            "Wording rules of the clinic",
            "Switched wording rules",
            "Audit log",
            "Backups",
            "Parts of the body",
        ],
    }


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor"])
def test_writers_find_content_and_people(staff: Callable[[str], Client], role: str) -> None:
    links = {"Editor": FOR_EDITORS, "Author": FOR_AUTHORS}.get(role, [])
    messages = ["Red flags"] if role == "Clinical reviewer" else ["Notes on pages"]
    assert groups(staff(role)) == {
        "Enquiries": messages,
        "Content": [*(CONTENT if role == "Author" else with_reviews(CONTENT)), *links],
        "People": ["Practitioners", "Languages"],
        "Settings": ["Parts of the body"],
    }


def test_reception_finds_enquiries_first(staff: Callable[[str], Client]) -> None:
    found = groups(staff("Reception"))
    assert list(found) == ["Enquiries", "Settings"]
    assert found["Settings"] == ["Clinic details", "Closures"]


def test_what_has_no_group_stands_under_settings(signed_in: Callable[[User], Client]) -> None:
    found = groups(signed_in(make_user(is_staff=True, is_superuser=True)))
    assert list(found) == ["Enquiries", "Content", "People", "Settings"]
    assert set(found["Settings"]) >= {"Clinic details", "Access attempts"}


def test_staff_pages_carry_the_clinics_name(staff: Callable[[str], Client]) -> None:
    make_clinic(name="Fernhill Clinic")
    soup = BeautifulSoup(staff("Editor").get("/admin/").content, "html.parser")
    assert soup.title is not None
    assert "Fernhill Clinic: staff" in soup.title.get_text()


def test_staff_pages_are_never_stored(staff: Callable[[str], Client]) -> None:
    client = staff("Manager")
    for url in ("/admin/", "/admin/enquiries/enquiry/", "/admin/articles/article/"):
        assert "no-store" in client.get(url).headers["Cache-Control"], url


def test_wrong_password_too_often_is_told_in_plain_words(client: Client) -> None:
    make_user("Editor", username="ed")
    for _ in range(6):
        response = client.post("/admin/login/", {"username": "ed", "password": "wrong"})
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


def test_clinic_opens_at_once_and_is_made_once(staff: Callable[[str], Client]) -> None:
    manager = staff("Manager")
    response = manager.get("/admin/clinic/clinic/")
    assert response.headers["Location"] == "/admin/clinic/clinic/add/"
    assert manager.get("/admin/clinic/clinic/add/").status_code == 200
    make_clinic()
    response = manager.get("/admin/clinic/clinic/")
    assert response.headers["Location"] == "/admin/clinic/clinic/1/change/"
    assert manager.get("/admin/clinic/clinic/add/").status_code == 403


def test_pages_of_one_app_keep_djangos_own_list(staff: Callable[[str], Client]) -> None:
    response = staff("Manager").get("/admin/practitioners/")
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    names = [row.get_text(strip=True) for row in soup.select("#content-main tr th[scope=row]")]
    assert names == ["Languages", "Practitioners"]
