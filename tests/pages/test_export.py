"""`export_site`: what staff made goes out as files, and comes back as it was."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article
from clinic.models import Clinic
from conditions.models import Condition
from enquiries.models import RedFlag, ReplyTemplate
from pages.content.export import ExportError, export_site
from pages.content.export.readme import LEFT_OUT
from pages.content.loading import load_content
from pages.models import InformationPage
from publishing import workflow
from publishing.models import Review, Version
from tests.factories import make_article, make_clinic, make_condition, make_reviewer, make_user
from tests.pages.emptying import empty_the_site, files_of, our_models

pytestmark = [pytest.mark.django_db]

# Tables that an export leaves out: LEFT_OUT says so in words, or what stands in them is worked out
# anew, or they come with the software.
NOT_EXPORTED = {
    "AuditEntry", "WorkInProgress", "ShareLink", "ExternalLink", "ScheduledChange", "Cancellation",
    "RenditionTask", "UnusedFile", "ReviewReminder", "SearchEntry", "SearchWord", "StaleEntry",
    "SearchTally", "SearchTerm", "BodyRegion", "Enquiry", "JobRun", "CanaryRun", "OutgoingMail",
    "Viewing", "Tombstone", "RecentSubmission", "ThreadEntry", "Note", "PageCount",
    "MissingAddress", "Change",
}  # fmt: skip
EXPORTED = {
    "Article", "ArticleFAQ", "Category", "Caution", "Claim", "Clinic", "ClinicRule", "Closure",
    "Condition", "ConditionFAQ", "ConditionWarningSign", "EvidenceHeld", "GlossaryTerm", "Image",
    "InformationPage", "Language", "Membership", "OpeningHours", "Practitioner", "Price",
    "Publication", "RedFlag", "Redirect", "Registration", "ReplyTemplate", "RetentionRule",
    "Review", "ReviewNeeded", "ReviewPolicy", "RuleSeverity", "SearchSynonym", "Source",
    "SpamPolicy", "Submission", "Treatment", "TreatmentFAQ", "TreatmentWarningSign", "Version",
    "WorkingDay",
}  # fmt: skip


@pytest.fixture
def small(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    """A site with hardly anything in it."""
    clinic = make_clinic()
    for table in (RedFlag, ReplyTemplate):  # many, and the same for everybody
        table.objects.all().delete()
    return clinic


def there_and_back(
    settings: LazySettings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """Export the site, load it into an empty one, and see that its export is the same."""
    export_site(tmp_path / "first")
    empty_the_site(settings, tmp_path_factory.mktemp("other-media"))
    load_content(tmp_path / "first")
    export_site(tmp_path / "second")
    first, second = files_of(tmp_path / "first"), files_of(tmp_path / "second")
    assert second == first
    return first


def test_every_kind_of_row_is_exported_or_left_out_on_purpose() -> None:
    names = {model.__name__ for model in our_models() if not model._meta.auto_created}
    assert names == EXPORTED | NOT_EXPORTED


def test_what_is_withdrawn_and_planned_to_return_does_so(
    small: Clinic,
    settings: LazySettings,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    manager = make_user("Manager")
    page = InformationPage.objects.create(
        slug="parking", title="Parking", summary="Where.", body="Here.", is_about_health=False
    )
    first = workflow.latest_version(page)
    workflow.publish(page, first, manager, accepts_warnings=True)
    second = workflow.save_draft(page, first.data, manager, change_note="Said it again.")
    workflow.publish(page, second, manager, accepts_warnings=True)
    workflow.withdraw(page, manager, reason="Being built")
    returns = timezone.now() + timedelta(days=5)
    workflow.publish(page, second, manager, at=returns, accepts_warnings=True)
    workflow.withdraw(page, manager, reason="For good", at=returns + timedelta(days=1))
    page.refresh_from_db()
    names = ("published_at", "withdrawn_at", "withdrawal_reason", "change_notes", "updated_on")
    before = {name: getattr(page, name) for name in names}
    there_and_back(settings, tmp_path, tmp_path_factory)
    back = InformationPage.objects.get(slug="parking")
    assert {name: getattr(back, name) for name in names} == before
    assert back.change_notes[0]["note"] == "Said it again."
    assert [each.number for each in Version.objects.of(back)] == [2]


def test_the_review_that_a_draft_rests_on_comes_along(
    small: Clinic,
    settings: LazySettings,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    author, reviewer = make_user("Author"), make_reviewer(first_name="Rita")
    page = make_condition(slug="sore-back", published_at=None)
    approved = workflow.save_draft(page, workflow.latest_version(page).data, author)
    remarks = [{"heading": "Overview", "text": "Well said."}]
    workflow.review(
        page, approved, reviewer, decision="approved", remarks=remarks,
        next_review_due=timezone.localdate() + timedelta(days=90),
    )  # fmt: skip
    changed = approved.data | {"fields": approved.data["fields"] | {"overview": "Other words."}}
    newest = workflow.save_draft(page, changed, author, note="To do: sources")
    files = there_and_back(settings, tmp_path, tmp_path_factory)
    assert b"Other words." in files["conditions/sore-back.md"]
    assert f"versions/conditions/sore-back/{approved.number}.md" in files
    back = Condition.objects.get(slug="sore-back")
    assert workflow.latest_version(back).note == newest.note
    review = Review.objects.get()
    assert (review.version.number, review.remarks) == (approved.number, remarks)
    assert back.reviewed_on == review.reviewed_on
    assert not back.review_covers_text


def test_texts_that_look_like_headings_come_back_as_they_were(
    small: Clinic,
    settings: LazySettings,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    body = "Before.\r\n\r\n```\n# Not a heading\n---\n```\n\nPrice: 5 – \u201cyes\u201d: no\t#1"
    page = make_article(slug="odd", body=body, title="Yes: no # 1")
    page.faqs.create(question="Why?", answer="## Because\n\nSo.", position=0)
    page.faqs.create(question="Why?", answer="Asked again.", position=1)
    there_and_back(settings, tmp_path, tmp_path_factory)
    back = Article.objects.get(slug="odd")
    assert back.body == body.replace("\r\n", "\n")
    assert back.title == "Yes: no # 1"
    assert [row.answer for row in back.faqs.all()] == ["## Because\n\nSo.", "Asked again."]


@pytest.mark.any_database
def test_says_what_it_leaves_out(small: Clinic, tmp_path: Path) -> None:
    printed = StringIO()
    call_command("export_site", str(tmp_path / "copy"), stdout=printed)
    readme = (tmp_path / "copy" / "README.md").read_text(encoding="utf-8")
    for each in LEFT_OUT:
        assert each in printed.getvalue()
        assert each in readme


@pytest.mark.any_database
def test_overwrites_nothing(small: Clinic, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Mine.", encoding="utf-8")
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_site", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.any_database
def test_an_address_cannot_lead_out_of_the_folder(small: Clinic, tmp_path: Path) -> None:
    page = make_condition()
    workflow.latest_version(page)
    Condition.objects.filter(pk=page.pk).update(slug="../../outside")
    with pytest.raises(ExportError, match="outside"):
        export_site(tmp_path / "inner" / "copy")
    assert not list(tmp_path.rglob("*outside*"))


@pytest.mark.any_database
def test_rules_take_the_place_of_those_that_a_new_site_has(tmp_path: Path) -> None:
    (tmp_path / "reply-templates.yaml").write_text("- {name: Ours, text: Hello.}\n", "utf-8")
    assert ReplyTemplate.objects.count() > 1
    load_content(tmp_path)
    assert [row.name for row in ReplyTemplate.objects.all()] == ["Ours"]
    # From then on staff own them.
    make_clinic()
    ReplyTemplate.objects.update(text="Good morning.")
    load_content(tmp_path)
    assert ReplyTemplate.objects.get().text == "Good morning."
