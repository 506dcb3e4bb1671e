"""The roles of staff, as groups with permissions. Written after every `migrate`, and kept as here.

A role is changed here, not in the admin, so that what a role may do is under review like any code.
"""

from typing import Any

from django.apps import apps as project_apps
from django.contrib.auth.management import create_permissions

_WRITE = ("view", "add", "change")
_ALL = (*_WRITE, "delete")

_PAGES = (
    "articles.article", "articles.articlefaq", "conditions.condition", "conditions.conditionfaq",
    "conditions.conditionwarningsign", "pages.informationpage", "treatments.treatment",
    "treatments.treatmentfaq", "treatments.treatmentwarningsign", "treatments.price",
)  # fmt: skip
_MATERIAL = (
    "articles.category", "evidence.claim", "evidence.glossaryterm", "evidence.source",
    "publishing.image", "suitability.caution",
)  # fmt: skip
_PARTS = tuple(model for model in _PAGES if model.count("faq") or model.count("sign"))
_PEOPLE = (
    "practitioners.practitioner", "practitioners.registration", "practitioners.membership",
    "practitioners.workingday", "practitioners.language",
)  # fmt: skip
_CLINIC = ("clinic.clinic", "clinic.openinghours", "clinic.closure")
_WORDING_RULES = ("evidence.clinicrule", "evidence.ruleseverity")
_ENQUIRY_RULES = ("enquiries.retentionrule", "enquiries.spampolicy")
_ENQUIRY_RECORDS = (
    "enquiries.outgoingmail", "enquiries.tombstone", "enquiries.canaryrun", "enquiries.jobrun",
)  # fmt: skip
_BACKUPS = ("operations.backuprun",)
_ACCOUNTS = ("auth.user",)


def _grant(models: tuple[str, ...], actions: tuple[str, ...]) -> set[str]:
    return {
        f"{app}.{action}_{model}"
        for app, model in (name.split(".") for name in models)
        for action in actions
    }


_READ_ALL_CONTENT = _grant(
    (*_PAGES, *_MATERIAL, *_PEOPLE, "conditions.bodyregion", "evidence.evidenceheld"), ("view",)
)
_REVIEWER = (
    _READ_ALL_CONTENT
    | {"publishing.review_version", "evidence.view_reviewneeded"}
    # Clinicians own the phrases by which an urgent message is known.
    | _grant(("enquiries.redflag",), _ALL)
)
_AUTHOR = (
    _READ_ALL_CONTENT
    | _grant((*_PAGES, *_MATERIAL), _WRITE)
    | _grant((*_PARTS, "treatments.price"), ("delete",))
    # Without the sender, and without what may tell of somebody's health: see feedback/admin.py.
    | _grant(("feedback.note",), ("view",))
    | {"visits.view_pagecount", "search.view_searchterm", "search.view_searchsynonym"}
)
_EDITOR = (
    _AUTHOR
    | _grant((*_PAGES, *_MATERIAL, "publishing.redirect", "search.searchsynonym"), _ALL)
    | _grant(("search.searchterm",), ("view", "change"))
    | _grant(("visits.missingaddress",), ("view", "change"))
    | {
        "feedback.change_note",
        "publishing.publish_version",
        "publishing.view_externallink",
        "evidence.view_reviewneeded",
    }
)
_RECEPTION = (
    _grant(("enquiries.enquiry", "feedback.note"), ("view", "change"))
    | _grant(("enquiries.replytemplate",), _ALL)
    | _grant(("enquiries.redflag",), ("view",))
    | _grant(("clinic.clinic",), ("view",))
    | _grant(("clinic.openinghours",), ("view",))
    | _grant(("clinic.closure",), _ALL)
)

ROLES: dict[str, set[str]] = {
    "Author": _AUTHOR,
    "Clinical reviewer": _REVIEWER,
    "Editor": _EDITOR,
    "Reception": _RECEPTION,
    "Manager": (
        _EDITOR
        | _REVIEWER
        | _RECEPTION
        | {"publishing.publish_unreviewed_version", "publishing.view_auditentry"}
        | {"enquiries.manage_enquiry", "feedback.delete_note"}
        | _grant(("publishing.reviewpolicy", *_ENQUIRY_RULES), _WRITE)
        | _grant((*_ENQUIRY_RECORDS, *_BACKUPS), ("view",))
        | _grant((*_PEOPLE, *_CLINIC, *_WORDING_RULES), _ALL)
        | _grant(_ACCOUNTS, ("view", "add", "change"))
        | _grant(("auth.group",), ("view",))
    ),
}


def keep_roles(*, using: str, **kwargs: Any) -> None:
    """Write the groups and exactly the permissions above; called after every `migrate`."""
    for config in project_apps.get_app_configs():
        # This app comes first; the permissions of those after it are not there yet.
        create_permissions(config, verbosity=0, using=using, apps=project_apps)
    group_model = project_apps.get_model("auth", "Group")
    permission_model = project_apps.get_model("auth", "Permission")
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permission_model.objects.using(using).select_related("content_type")
    }
    for name, permissions in ROLES.items():
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.set(by_name[permission] for permission in sorted(permissions))
