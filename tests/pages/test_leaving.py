"""Leaving without losing anything: the demonstration, edited, exported and loaded elsewhere."""

from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone
from PIL import Image as PillowImage

from articles.models import Article
from clinic.models import Clinic
from components.static_copy import making_static_copy
from conditions.models import Condition
from enquiries.models import RedFlag, ReplyTemplate
from pages.content.export import export_site
from pages.content.loading import load_content
from pages.static_copy.asking import Site
from pages.static_copy.references import in_copy, with_changed_links
from publishing import redirects, snapshots, workflow
from publishing.models import Image, Page
from tests.demo import DemoRows
from tests.factories import make_reviewer, make_user
from tests.pages.emptying import empty_the_site, files_of
from tests.pages.static_copies import leading_nowhere, pages_of

# What PostgreSQL could change of an export stands in test_export.py.
FOR_MACHINES = (
    "robots.txt", "sitemap.xml", "articles/feed.atom", "changes.atom", "favicon.ico",
    "evidence/table.csv", "manifest.webmanifest", ".well-known/security.txt",
)  # fmt: skip
# What the site itself answers at another address, or not at all.
OF_COPIES = {"/404.html", "/old-fees/", "/articles/page-2/"}
pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]


def picture_bytes(colour: str = "teal") -> bytes:
    """Return a picture as somebody would upload it."""
    buffer = BytesIO()
    PillowImage.new("RGB", (640, 480), colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def edited(demo: DemoRows, settings: LazySettings, tmp_path: Path) -> None:
    """The demonstration with a bit of everything that staff may do to it."""
    ann, manager = make_user("Author", first_name="Ann"), make_user("Manager")
    reviewer = make_reviewer()
    picture = Image.from_upload(picture_bytes(), title="A teal square")
    picture.focal_x, picture.permission = 20, "Ours"
    picture.make_first_renditions()
    picture.save()

    def data(page: Page, **changes: Any) -> snapshots.Snapshot:
        found = dict(workflow.latest_version(page).data)
        return found | {"fields": found["fields"] | changes}

    changed = Article.objects.get(slug="acute-or-chronic-pain")
    body = f"{changed.body}\n\n![A square of one colour](image:{picture.pk})\n"
    version = workflow.save_draft(changed, data(changed, body=body), ann, change_note="A picture.")
    workflow.submit(changed, version, ann, note="Please look")
    workflow.review(
        changed, version, reviewer, decision="approved", next_review_due=date(2027, 11, 1)
    )
    workflow.publish(changed, version, manager, accepts_warnings=True)
    draft = Condition.objects.get(slug="neck-pain")
    workflow.save_draft(draft, data(draft, slug="sore-neck", name="A sore neck"), ann, note="New")
    planned = Condition.objects.get(slug="jaw-pain")
    version = workflow.save_draft(planned, data(planned, summary="Soon."), ann, change_note="Soon")
    workflow.publish(
        planned, version, make_user("Manager", is_superuser=True),
        at=timezone.now() + timedelta(days=3), unreviewed_reason="In a hurry",
        accepts_warnings=True,
    )  # fmt: skip
    workflow.withdraw(Condition.objects.get(slug="tennis-elbow"), manager, reason="Out of date")
    redirects.add("/old-fees/", "/fees/")
    Clinic.current().closures.create(
        name="Royal day", starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 2), is_bank_holiday=True
    )
    RedFlag.objects.filter(key="back-accident").update(is_active=False)
    ReplyTemplate.objects.all().delete()


def see_to_static_copy(folder: Path, pages: dict[str, str]) -> None:
    """See that a copy works by itself. Part of the test below, as a copy takes long to make."""
    clinic = Clinic.current()
    assert len(pages) > 60
    assert leading_nowhere(folder) == set()
    for name in FOR_MACHINES:
        assert (folder / name).stat().st_size, name
    contact = pages["/contact/"]
    assert "form for enquiries does not work here" in contact
    assert clinic.telephone in contact
    assert clinic.email in contact
    assert "we will reply by" not in contact
    assert "search does not work here" in pages["/search/"]
    assert "Page not found" in pages["/404.html"]
    assert "Out of date" in pages["/conditions/tennis-elbow/"]
    assert "square of one colour" in pages["/articles/acute-or-chronic-pain/"]
    assert 'href="/articles/page-2/"' in pages["/articles/"]
    assert 'href="/articles/"' in pages["/articles/page-2/"]
    assert 'url=/fees/"' in pages["/old-fees/"]
    for path, html in pages.items():
        assert "<form" not in html, path
        # Written once and read at any hour: nothing may say that the clinic is open now.
        assert "Open now" not in html, path
        assert "(today)" not in html, path


def test_comes_back_the_same(
    edited: None, settings: LazySettings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    call_command("export_html", str(tmp_path / "html"), stdout=StringIO())
    pages = pages_of(tmp_path / "html")
    see_to_static_copy(tmp_path / "html", pages)
    export_site(tmp_path / "first")
    empty_the_site(settings, tmp_path_factory.mktemp("other-media"))

    load_content(tmp_path / "first")

    export_site(tmp_path / "second")
    first, second = files_of(tmp_path / "first"), files_of(tmp_path / "second")
    assert first.keys() == second.keys()
    for name, content in first.items():
        assert second[name] == content, name
    site = Site()
    with making_static_copy():
        for path, html in pages.items():
            if path not in OF_COPIES:
                again = site.ask(path).body.decode()
                assert with_changed_links(again, path, in_copy) == html, path
