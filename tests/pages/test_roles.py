"""What each role of staff may do: exactly this, whatever somebody clicked in the admin before."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from clinic.models import Closure
from pages.roles import ROLES
from tests.factories import make_clinic, make_enquiry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PAGES = {
    "articles.article",
    "conditions.condition",
    "pages.informationpage",
    "treatments.treatment",
}
PARTS = {
    "articles.articlefaq", "conditions.conditionfaq", "conditions.conditionwarningsign",
    "treatments.treatmentfaq", "treatments.treatmentwarningsign", "treatments.price",
}  # fmt: skip
MATERIAL = {
    "articles.category", "evidence.claim", "evidence.glossaryterm", "evidence.source",
    "publishing.image", "suitability.caution",
}  # fmt: skip
PEOPLE = {
    "practitioners.practitioner", "practitioners.registration", "practitioners.membership",
    "practitioners.workingday", "practitioners.language",
}  # fmt: skip
SEEN = {"conditions.bodyregion", "evidence.evidenceheld"}  # by all who see pages
WORDING = {"evidence.clinicrule", "evidence.ruleseverity"}
READERS = {"visits.pagecount", "search.searchterm", "search.searchsynonym"}  # what is read
ENQUIRY_RULES = {"enquiries.retentionrule", "enquiries.spampolicy"}
ENQUIRY_RECORDS = {
    "enquiries.outgoingmail", "enquiries.tombstone", "enquiries.canaryrun", "enquiries.jobrun",
}  # fmt: skip
CLINIC = {"clinic.clinic", "clinic.openinghours", "clinic.closure"}


def granted(role: str) -> dict[str, set[str]]:
    """Return the actions that the role has in the database, by the model they are about."""
    found: dict[str, set[str]] = {}
    for permission in Group.objects.get(name=role).permissions.select_related("content_type"):
        kind = permission.content_type
        action = permission.codename.removesuffix(f"_{kind.model}")
        found.setdefault(f"{kind.app_label}.{kind.model}", set()).add(action)
    return found


def grants(models: set[str], *actions: str) -> dict[str, set[str]]:
    return {model: set(actions) for model in models}


WRITERS = (
    grants(PAGES | MATERIAL, "view", "add", "change")
    | grants(PARTS, "view", "add", "change", "delete")
    | grants(PEOPLE | SEEN | READERS | {"feedback.note"}, "view")
)
VERSIONS = "publishing.version"
REVIEWERS = grants(PAGES | PARTS | MATERIAL | PEOPLE | SEEN, "view") | {
    VERSIONS: {"review"},
    "evidence.reviewneeded": {"view"},
    "enquiries.redflag": {"view", "add", "change", "delete"},
}
EDITORS = (
    WRITERS
    | grants(PAGES | PARTS | MATERIAL, "view", "add", "change", "delete")
    | {VERSIONS: {"publish"}, "publishing.externallink": {"view"}}
    | grants({"publishing.redirect", "search.searchsynonym"}, "view", "add", "change", "delete")
    | grants({"visits.missingaddress", "search.searchterm", "feedback.note"}, "view", "change")
    | {"evidence.reviewneeded": {"view"}}
)
RECEPTION = {
    "enquiries.enquiry": {"view", "change"},
    "feedback.note": {"view", "change"},
    "enquiries.replytemplate": {"view", "add", "change", "delete"},
    "enquiries.redflag": {"view"},
    "clinic.clinic": {"view"},
    "clinic.openinghours": {"view"},
    "clinic.closure": {"view", "add", "change", "delete"},
}
MANAGERS = (
    EDITORS
    | RECEPTION
    | grants(PEOPLE | WORDING, "view", "add", "change", "delete")
    | grants(
        {"clinic.clinic", "clinic.openinghours", "clinic.closure"},
        "view",
        "add",
        "change",
        "delete",
    )
    | grants({"auth.user"}, "view", "add", "change")
    | grants({"auth.group", "publishing.auditentry", "operations.backuprun"}, "view")
    | grants({"publishing.reviewpolicy"} | ENQUIRY_RULES, "view", "add", "change")
    | grants({"enquiries.redflag"}, "view", "add", "change", "delete")
    | grants(ENQUIRY_RECORDS, "view")
    | {"enquiries.enquiry": {"view", "change", "manage"}}
    | {"feedback.note": {"view", "change", "delete"}}
    | {VERSIONS: {"review", "publish", "publish_unreviewed"}}
)
EXPECTED = {
    "Author": WRITERS,
    "Clinical reviewer": REVIEWERS,
    "Editor": EDITORS,
    "Reception": RECEPTION,
    "Manager": MANAGERS,
}


@pytest.mark.parametrize(
    "model", ["version", "submission", "review", "publication", "cancellation", "auditentry"]
)
def test_no_role_may_rewrite_the_record(model: str) -> None:
    """Who may review or publish adds to it by doing so, and in no other way."""
    rewriting = [f"publishing.{action}_{model}" for action in ("add", "change", "delete")]
    for role, permissions in ROLES.items():
        assert not permissions & set(rewriting), role


def test_nobody_both_writes_and_only_reviews() -> None:
    """A reviewer who could write would review what they wrote themselves."""
    writes = {each for each in ROLES["Clinical reviewer"] if "_" in each and ".view_" not in each}
    # The phrases by which an urgent message is known are the clinicians' own, and no page.
    phrases = {f"enquiries.{action}_redflag" for action in ("add", "change", "delete")}
    assert writes == {"publishing.review_version"} | phrases


@pytest.mark.parametrize("role", EXPECTED)
def test_role_has_exactly_its_permissions(role: str) -> None:
    assert granted(role) == EXPECTED[role]


def test_there_are_no_other_roles() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(EXPECTED) == set(ROLES)


def test_migrating_puts_a_changed_role_right_and_keeps_its_people() -> None:
    user = make_user("Reception")
    group = Group.objects.get(name="Reception")
    group.permissions.add(Permission.objects.get(codename="delete_article"))
    group.permissions.remove(Permission.objects.get(codename="view_enquiry"))
    call_command("migrate", verbosity=0)
    assert granted("Reception") == RECEPTION
    assert list(user.groups.all()) == [group]


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor"])
def test_those_who_write_pages_read_no_enquiries(staff: Callable[[str], Client], role: str) -> None:
    make_clinic()
    enquiry = make_enquiry()
    client = staff(role)
    assert client.get(reverse("admin:enquiries_enquiry_changelist")).status_code == 403
    address = reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("role", ["Reception", "Manager"])
def test_reception_can_close_the_clinic_for_a_day(
    staff: Callable[[str], Client], role: str
) -> None:
    make_clinic()
    response = staff(role).post(
        reverse("admin:clinic_closure_add"),
        {"name": "Flood", "starts_on": "2026-12-01", "ends_on": "2026-12-02"},
    )
    assert response.status_code == 302
    closure = Closure.objects.get()
    assert (closure.name, len(closure.days()), closure.clinic_id) == ("Flood", 2, 1)


def test_reception_can_look_at_the_clinic_s_details_and_not_change_them(
    staff: Callable[[str], Client],
) -> None:
    clinic = make_clinic()
    client = staff("Reception")
    address = reverse("admin:clinic_clinic_change", args=[clinic.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Other"}).status_code == 403
    clinic.refresh_from_db()
    assert clinic.name == "Fernhill Clinic"


def test_desk_lists_what_a_role_works_with_under_the_names_staff_use(
    staff: Callable[[str], Client],
) -> None:
    make_clinic()
    response = staff("Reception").get("/admin/")
    groups = {
        each["name"]: [model["name"] for model in each["models"]]
        for each in response.context["app_list"]
    }
    assert groups == {
        "Enquiries": ["Enquiries", "Notes on pages", "Reply templates", "Red flags"],
        "Settings": ["Clinic details", "Closures"],
    }
    manager = staff("Manager").get("/admin/").context["app_list"]
    assert [each["name"] for each in manager] == ["Enquiries", "Content", "People", "Settings"]
