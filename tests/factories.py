"""Make the smallest valid row of each kind, already public where the kind can be.

Every function takes the fields of its model as keyword arguments and makes up what is left out.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils.text import slugify

from articles.models import Article, ArticleFAQ, Category
from clinic.models import Clinic, Closure, OpeningHours
from conditions.models import Condition, ConditionFAQ, ConditionWarningSign
from enquiries.models import Enquiry
from evidence.models import Claim, GlossaryTerm, Source, WarningSign
from pages.models import InformationPage
from practitioners.models import Practitioner, Registration
from publishing import workflow
from publishing.models import Image, Page, Publication, Review, Version
from treatments.models import Price, Treatment, TreatmentFAQ, TreatmentWarningSign

LONG_AGO = datetime(2025, 1, 6, 9, tzinfo=UTC)
NINE_TO_FIVE = tuple((weekday, time(9), time(17)) for weekday in range(5))

_numbers = count(1)


def make_user(role: str = "", **fields: Any) -> User:
    """Make somebody who signs in: staff with the role of that name, or a visitor without one."""
    number = next(_numbers)
    fields = {"username": f"user{number}", "is_staff": bool(role)} | fields
    user = User.objects.create(**fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_reviewer(role: str = "Clinical reviewer", **fields: Any) -> User:
    """Make staff of the role who are joined to a profile, so that they can review pages."""
    user = make_user(role, **fields)
    make_practitioner(user=user)
    return user


def make_clinic(*, hours: Iterable[tuple[int, time, time]] = NINE_TO_FIVE, **fields: Any) -> Clinic:
    """Make the clinic, open Monday to Friday from nine to five unless hours are given."""
    fields = {
        "name": "Fernhill Clinic",
        "telephone": "01632 960123",
        "email": "desk@fernhill.example",
        "address": "1 Fern Hill\nAnytown",
        "postcode": "AN1 1AA",
    } | fields
    clinic = Clinic.objects.create(**fields)
    for weekday, opens, closes in hours:
        OpeningHours.objects.create(clinic=clinic, weekday=weekday, opens=opens, closes=closes)
    return clinic


def make_closure(clinic: Clinic, day: date, last_day: date | None = None, **fields: Any) -> Closure:
    """Close the clinic on the day, or up to and including the last day."""
    fields = {"name": "Staff training", "starts_on": day, "ends_on": last_day or day} | fields
    return Closure.objects.create(clinic=clinic, **fields)


def make_image(**fields: Any) -> Image:
    """Make the row of a picture. No file is kept: nothing that only places it needs one."""
    number = next(_numbers)
    fields = {
        "title": f"Picture {number}",
        "digest": f"{number:020x}",
        "width": 1200,
        "height": 800,
    } | fields
    return Image.objects.create(**fields)


def make_practitioner(**fields: Any) -> Practitioner:
    """Make somebody who is listed."""
    number = next(_numbers)
    fields = {
        "slug": f"person-{number}",
        "name": f"Person {number}",
        "professional_title": "Physiotherapist",
        "summary": "Helps with backs and knees.",
        "profile": "Works here.",
        "published_at": LONG_AGO,
    } | fields
    return Practitioner.objects.create(**fields)


def make_registration(practitioner: Practitioner, **fields: Any) -> Registration:
    """Make an entry in a register, looked up on 1 June 2026."""
    fields = {"body": "hcpc", "number": "PH123456", "checked_on": date(2026, 6, 1)} | fields
    return Registration.objects.create(practitioner=practitioner, **fields)


def make_treatment(**fields: Any) -> Treatment:
    """Make a public treatment."""
    number = next(_numbers)
    fields = {
        "slug": f"treatment-{number}",
        "name": f"Treatment {number}",
        "summary": "What it is in a line.",
        "what_it_is": "What it is at length.",
        "published_at": LONG_AGO,
    } | fields
    return Treatment.objects.create(**fields)


def make_price(treatment: Treatment, **fields: Any) -> Price:
    """Make a price line."""
    return Price.objects.create(
        treatment=treatment, **{"label": "First visit", "pounds": 60} | fields
    )


def make_condition(**fields: Any) -> Condition:
    """Make a public condition."""
    number = next(_numbers)
    fields = {
        "slug": f"condition-{number}",
        "name": f"Condition {number}",
        "summary": "What it is in a line.",
        "overview": "What it is at length.",
        "published_at": LONG_AGO,
    } | fields
    return Condition.objects.create(**fields)


def make_category(**fields: Any) -> Category:
    """Make a category of articles."""
    number = next(_numbers)
    return Category.objects.create(
        **{"slug": f"category-{number}", "name": f"Category {number}"} | fields
    )


def make_article(**fields: Any) -> Article:
    """Make a public article, in a category of its own unless one is given."""
    number = next(_numbers)
    fields = {
        "slug": f"article-{number}",
        "title": f"Article {number}",
        "summary": "What it says in a line.",
        "body": "What it says at length.",
        "published_at": LONG_AGO,
    } | fields
    if "category" not in fields:
        fields["category"] = make_category()
    return Article.objects.create(**fields)


def make_information_page(**fields: Any) -> InformationPage:
    """Make a public information page."""
    number = next(_numbers)
    fields = {
        "slug": f"page-{number}",
        "title": f"Page {number}",
        "summary": "What it says in a line.",
        "body": "What it says at length.",
        "published_at": LONG_AGO,
    } | fields
    return InformationPage.objects.create(**fields)


def make_source(key: str = "", **fields: Any) -> Source:
    """Make a source that still stands."""
    fields = {
        "key": key or f"source-{next(_numbers)}",
        "kind": Source.Kind.GUIDELINE,
        "title": "Low back pain and sciatica in over 16s",
        "body": "NICE",
        "year": 2016,
        "nice": "NG59",
    } | fields
    return Source.objects.create(**fields)


def make_claim(key: str = "", *, sources: Iterable[Source] | None = None, **fields: Any) -> Claim:
    """Make a public claim about exercise that rests on one current guideline, unless others are
    given.
    """
    number = next(_numbers)
    fields = {
        "key": key or f"claim-{number}",
        "sentence": f"NICE says something, number {number}.",
        "direction": Claim.Direction.CONSIDER,
        "checked_on": date(2026, 6, 1),
        "is_public": True,
    } | fields
    fields.setdefault("intervention", "" if fields.get("treatment") else "Exercise")
    if "condition" not in fields:
        fields["condition"] = make_condition()
    claim = Claim.objects.create(**fields)
    claim.sources.set([make_source()] if sources is None else sources)
    return claim


def make_glossary_term(
    term: str = "", *, sources: Iterable[Source] = (), **fields: Any
) -> GlossaryTerm:
    """Make a term that readers see and that a clinician checked on 2 June 2026."""
    term = term or f"term number {next(_numbers)}"
    fields = {
        "term": term,
        "slug": slugify(term),
        "definition": f"What “{term}” means.",
        "checked_on": date(2026, 6, 2),
    } | fields
    if "checked_by" not in fields:
        fields["checked_by"] = make_practitioner()
    made = GlossaryTerm.objects.create(**fields)
    made.sources.set(sources)
    return made


def make_warning_sign(
    page: Condition | Treatment, *, sources: Iterable[Source] = (), **fields: Any
) -> WarningSign:
    """Make a warning sign of a condition or a treatment."""
    fields = {
        "level": WarningSign.Level.EMERGENCY,
        "sign": "you cannot feel your legs",
    } | fields
    sign: WarningSign
    if isinstance(page, Condition):
        sign = ConditionWarningSign.objects.create(condition=page, **fields)
    else:
        sign = TreatmentWarningSign.objects.create(treatment=page, **fields)
    sign.sources.set(sources)
    return sign


def make_faq(page: Article | Condition | Treatment, **fields: Any) -> Any:
    """Make a question of an article, a condition or a treatment."""
    fields = {"question": "Does it hurt?", "answer": "A little."} | fields
    if isinstance(page, Article):
        return ArticleFAQ.objects.create(article=page, **fields)
    if isinstance(page, Condition):
        return ConditionFAQ.objects.create(condition=page, **fields)
    return TreatmentFAQ.objects.create(treatment=page, **fields)


def make_enquiry(**fields: Any) -> Enquiry:
    """Make a new enquiry without mail, answered by email, without a promised time."""
    number = next(_numbers)
    moment = fields.get("received_at", LONG_AGO)
    fields = {
        "full_name": f"Sender {number}",
        "email": f"sender{number}@example.com",
        "reply_by_method": Enquiry.ReplyMethod.EMAIL,
        "message": "Do you treat knees?",
        "consent_given_at": moment,
        "consent_wording_version": "2026-11",
        "received_at": moment,
        "erase_on": date(2099, 1, 1),
        "form_key": f"form {number}",
        "submission_key": f"submission {number}",
    } | fields
    return Enquiry.objects.create(**fields)


# --- the history of a page ------------------------------------------------------------------------


def make_version(page: Page, user: User | None = None, **fields: Any) -> Version:
    """Save the page's newest text with other fields, as a draft; readers see no change.

    `note`, `change_note` and `is_minor` are of the version, and all else of the page.
    """
    told = {
        name: fields.pop(name) for name in ("note", "change_note", "is_minor") if name in fields
    }
    data = workflow.latest_version(page).data
    data = data | {"fields": data["fields"] | fields}
    return workflow.save_draft(page, data, user or make_user("Author"), **told)


def make_review(
    page: Page, user: User | None = None, *, decision: str = "approved", remark: str = ""
) -> Review:
    """Have somebody who reviews decide about the newest version."""
    return workflow.review(
        page,
        workflow.latest_version(page),
        user or make_reviewer(),
        decision=decision,
        remarks=[{"heading": "Title and summary", "text": remark}],
        next_review_due=workflow.offered_review_date() if decision == "approved" else None,
    )


def publish(page: Page, user: User | None = None, *, at: datetime | None = None) -> Publication:
    """Publish the newest version, now or from a moment on; without a review, a manager does it."""
    return workflow.publish(
        page,
        workflow.latest_version(page),
        user or make_user("Manager"),
        at=at,
        unreviewed_reason="Urgent",
        accepts_warnings=True,
    )
