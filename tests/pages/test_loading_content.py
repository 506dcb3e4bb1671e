"""`load_content`: safe to run again, and a wrong file loads nothing and is named."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from PIL import Image as PillowImage

from articles.models import Article, Category
from clinic.models import Clinic
from conditions.models import Condition
from evidence.models import Source
from pages.models import InformationPage
from pages.page_kinds import PAGE_KINDS
from practitioners.models import Practitioner
from publishing import snapshots, workflow
from publishing.models import Cancellation, Image, Page, Publication, Review, Submission, Version
from tests.demo import FOLDER, DemoRows
from tests.factories import make_user, make_version
from treatments.models import Treatment

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

CLINIC = """---
name: Small Clinic
telephone: "01632 960000"
email: desk@small.example
address_lines: ["1 Short Street"]
postcode: "AN1 1AA"
opening_hours:
  - {day: monday, opens: "09:00", closes: "17:00"}
closures:
  - {date: 2026-12-24, until: 2026-12-26, name: Christmas, bank_holiday: true}
---
General information only.
"""
SOURCES = """- {key: old, kind: guideline, title: Old advice, body: NICE, year: 2009, nice: CG88,
   status: superseded, superseded_by: new}
- {key: new, kind: guideline, title: New advice, body: NICE, year: 2016, nice: NG59}
"""
CATEGORIES = "- {slug: safety, name: Safety, summary: How to stay safe.}\n"
ANN = """---
name: Ann Example
professional_title: Physiotherapist
summary: Sees backs.
registrations: [{body: hcpc, number: PH000000, checked_on: 2026-01-05}]
memberships: [{body: csp}]
qualifications: [BSc]
languages: [English, Welsh]
working_days: [{day: monday, starts: "09:00", ends: "17:00"}, {day: friday}]
treatments: [massage]
conditions: [sore-back]
---
Ann likes backs.
"""
BOB = """---
name: Bob Sample
professional_title: Massage therapist
summary: Sees backs.
---
Bob likes backs too.
"""
MASSAGE = """---
name: Massage
summary: Rubbing.
published_on: 2026-01-05
prices: [{label: First visit, minutes: 30, pounds: 40}]
warning_signs:
  urgent:
    - {sign: it bleeds, sources: [new]}
---
# What it is

Rubbing [@new].
"""
BACK = """---
name: Sore back
also_known_as: [lumbago]
body_regions: [lower-back]
summary: A back that hurts.
treatments: [massage]
author: ann-example
reviewed_by: bob-sample
reviewed_on: 2026-01-06
next_review_due: 2027-01-06
published_on: 2026-01-05
warning_signs:
  emergency:
    - {sign: you cannot feel your legs, sources: [new], awaiting_clinician: true}
  routine:
---
# Overview

It hurts [@new].

# Questions people ask

## Is it serious?

Seldom.

## Will it last?

Seldom too.
"""
ARTICLE = """---
title: Safe backs
category: safety
summary: How to keep one.
published_on: 2026-01-05
conditions: [sore-back]
treatments: [massage]
lead_image: {file: room.png, alt: A room with a chair., caption: We sit here.}
---
Lift with care [@new].

# Questions people ask

## How?

With your knees.
"""
ABOUT = """---
title: About us
summary: Who we are.
published_on: 2026-01-05
menu: main
---
We are small.
"""
FILES = {
    "clinic.md": CLINIC,
    "sources.yaml": SOURCES,
    "categories.yaml": CATEGORIES,
    "practitioners/ann-example.md": ANN,
    "practitioners/bob-sample.md": BOB,
    "treatments/massage.md": MASSAGE,
    "conditions/sore-back.md": BACK,
    "articles/safe-backs.md": ARTICLE,
    "pages/about.md": ABOUT,
}
LOADED = (Article, Category, Clinic, Condition, Image, InformationPage, Practitioner, Source,
          Treatment)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder of content in which everything is right."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "images").mkdir()
    PillowImage.new("RGB", (64, 48), "teal").save(tmp_path / "images" / "room.png")
    return tmp_path


def load(folder: Path, **options: Any) -> str:
    """Run the command and return what it printed."""
    printed = StringIO()
    call_command("load_content", str(folder), stdout=printed, **options)
    return printed.getvalue()


def counts() -> dict[str, int]:
    """Return how many rows each table of content holds."""
    return {model.__name__: model._default_manager.count() for model in LOADED}


def test_loads_everything_and_says_what(folder: Path) -> None:
    printed = load(folder)
    for line in (
        "1 clinic details", "2 sources", "1 categories", "2 practitioners", "1 treatments",
        "1 conditions", "1 articles", "1 information pages",
    ):  # fmt: skip
        assert f"  {line}\n" in printed


def test_fields_arrive_where_they_belong(folder: Path) -> None:
    load(folder)
    clinic = Clinic.current()
    assert clinic.address_lines == ["1 Short Street"]
    assert clinic.disclaimer == "General information only."
    assert [str(row) for row in clinic.opening_hours.all()] == ["Monday 09:00 to 17:00"]
    assert len(clinic.closures.get().days()) == 3
    condition = Condition.objects.get()
    assert condition.overview == "It hurts [@new]."
    assert condition.also_known_as == ["lumbago"]
    assert condition.body_regions.get().slug == "lower-back"
    assert condition.author.slug == "ann-example"
    assert [faq.question for faq in condition.faqs.all()] == ["Is it serious?", "Will it last?"]
    sign = condition.warning_signs.get()
    assert sign.awaiting_clinician
    assert sign.sources.get().key == "new"
    article = Article.objects.get()
    assert article.body == "Lift with care [@new]."
    assert article.lead_image_alt_text == "A room with a chair."
    assert list(article.conditions.all()) == [condition]
    person = Practitioner.objects.get(slug="ann-example")
    assert list(person.conditions.all()) == [condition]
    assert [str(day) for day in person.working_days.all()] == ["Monday", "Friday"]
    assert [str(each) for each in person.languages.all()] == ["English", "Welsh"]
    assert Source.objects.get(key="old").superseded_by.key == "new"
    assert InformationPage.objects.get().menu == InformationPage.Menu.MAIN


def test_pages_become_public_at_nine_in_the_morning(folder: Path) -> None:
    load(folder)
    article = Article.objects.get()
    assert article.published_on.isoformat() == "2026-01-05"
    assert article.published_at.hour == 9  # in January, London is on UTC


def test_page_without_a_publication_day_is_a_draft(folder: Path) -> None:
    path = folder / "pages" / "about.md"
    path.write_text(ABOUT.replace("published_on: 2026-01-05\n", ""))
    load(folder)
    assert not InformationPage.objects.get().is_published


def test_second_run_adds_nothing_and_keeps_edits(folder: Path) -> None:
    load(folder)
    before = counts()
    Condition.objects.update(overview="Edited by staff.")
    Clinic.objects.update(telephone="01632 960999")
    Practitioner.objects.get(slug="ann-example").conditions.clear()
    Article.objects.get().faqs.all().delete()
    Source.objects.filter(key="new").update(title="Edited title")
    assert "there already" in load(folder)
    assert counts() == before
    assert Condition.objects.get().overview == "Edited by staff."
    assert Clinic.current().telephone == "01632 960999"
    assert not Practitioner.objects.get(slug="ann-example").conditions.exists()
    assert not Article.objects.get().faqs.exists()
    assert Source.objects.get(key="new").title == "Edited title"


# --- the history of what was loaded ---------------------------------------------------------------

RECORDS = (Cancellation, Publication, Review, Submission, Version)


def records() -> dict[str, list[Any]]:
    """Return every record of every page."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in RECORDS}


def every_page() -> list[Any]:
    return [page for model in PAGE_KINDS for page in model.objects.all()]


def test_loading_begins_the_history_of_each_page(folder: Path) -> None:
    load(folder)
    pages = every_page()
    assert len(pages) == 4
    for page in pages:
        version = Version.objects.of(page).get()
        assert version.number == 1
        assert page.live_version == version
        publication = Publication.objects.of(page).get()
        assert publication.version == version
        assert publication.effective_at == page.published_at
        assert publication.updated_on == page.updated_on
        assert page.is_published


def test_review_that_a_file_tells_of_is_recorded(folder: Path) -> None:
    load(folder)
    page, review = Condition.objects.get(), Review.objects.get()
    assert review.version == page.live_version
    assert review.is_approval
    assert review.reviewer == page.reviewed_by == Practitioner.objects.get(slug="bob-sample")
    assert review.by_name == "Bob Sample"
    assert (review.reviewed_on.isoformat(), review.next_review_due.isoformat()) == (
        "2026-01-06",
        "2027-01-06",
    )
    assert (page.reviewed_on, page.next_review_due) == (review.reviewed_on, review.next_review_due)
    assert page.review_covers_text


def test_page_that_no_clinician_reviewed_is_recorded_as_such(folder: Path) -> None:
    load(folder)
    assert not Publication.objects.of(Condition.objects.get()).get().is_unreviewed
    assert Publication.objects.of(Article.objects.get()).get().is_unreviewed
    assert Article.objects.get().reviewed_on is None


def test_draft_is_loaded_with_a_version_and_without_a_publication(folder: Path) -> None:
    path = folder / "pages" / "about.md"
    path.write_text(ABOUT.replace("published_on: 2026-01-05\n", ""))
    load(folder)
    page = InformationPage.objects.get()
    assert Version.objects.of(page).get().number == 1
    assert not Publication.objects.of(page).exists()
    assert page.live_version is None


def test_first_version_holds_everything_that_was_loaded(folder: Path) -> None:
    """Taking it up again changes nothing, so that a restored page is the page that was loaded."""
    load(folder)
    data = Version.objects.of(Condition.objects.get()).get().data
    assert data["fields"]["overview"] == "It hurts [@new]."
    assert [each["text"] for each in data["many"]["treatments"]] == ["Massage"]
    assert [each["question"] for each in data["rows"]["faqs"]] == [
        "Is it serious?",
        "Will it last?",
    ]
    (sign,) = data["rows"]["warning_signs"]
    assert sign["awaiting_clinician"] is True
    assert [each["text"].startswith("new") for each in sign["sources"]] == [True]
    for page in every_page():
        assert snapshots.take(page) == workflow.latest_version(page).data


def test_loading_twice_adds_nothing_to_any_history(folder: Path) -> None:
    (folder / "pages" / "draft.md").write_text(ABOUT.replace("published_on: 2026-01-05\n", ""))
    load(folder)
    before = records()
    load(folder)
    assert records() == before


def test_loading_again_leaves_the_drafts_of_staff(folder: Path) -> None:
    load(folder)
    page: Page = Article.objects.get()
    make_version(page, body="A draft.")
    before = records()
    load(folder)
    assert records() == before
    page.refresh_from_db()
    assert page.body == "Lift with care [@new]."


def test_deleted_page_is_not_loaded_again(folder: Path) -> None:
    load(folder)
    page = Article.objects.get()
    workflow.delete(page, make_user("Editor"))
    before = records()
    assert "there already" in load(folder)
    assert records() == before
    page.refresh_from_db()
    assert page.deleted_at is not None


def test_every_page_of_the_demonstration_has_begun_its_history(demo: DemoRows) -> None:
    for page in every_page():
        assert Version.objects.of(page).count() == 1
        assert (page.live_version is not None) is (page.published_at is not None)


def test_second_run_adds_only_what_is_new(folder: Path) -> None:
    load(folder)
    shutil.copy(folder / "pages" / "about.md", folder / "pages" / "fees.md")
    assert load(folder) == "  1 information pages\n"
    assert InformationPage.objects.count() == 2


def test_second_run_of_the_demonstration_adds_nothing(demo: DemoRows) -> None:
    before = counts()
    assert "there already" in load(FOLDER)
    assert counts() == before


def test_once_loads_into_an_empty_site_only(folder: Path) -> None:
    load(folder, once=True)
    assert Article.objects.count() == 1
    Article.objects.all().delete()
    assert "set up already" in load(folder, once=True)
    assert not Article.objects.exists()


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        load(tmp_path / "nowhere")


def test_empty_folder_loads_nothing(tmp_path: Path) -> None:
    assert "there already" in load(tmp_path)


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a change of a file: what stands there against what is wrong."""
    assert old in FILES[name]

    def change(folder: Path) -> None:
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return change


def renamed(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: (folder / old).rename(folder / new) and None


def written(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content) and None


BACK_FILE = "conditions/sore-back.md"
ARTICLE_FILE = "articles/safe-backs.md"
# The mistake, what is changed, the file that is to be named and a word of the reason.
MISTAKES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "no front matter": (written(BACK_FILE, b"Only text."), "sore-back.md", "front matter"),
    "front matter is a list": (written(BACK_FILE, b"---\n- a\n---\n"), "sore-back.md", "names"),
    "bad YAML": (replaced(BACK_FILE, "summary: A", "summary: : A"), "sore-back.md", "mapping"),
    "not UTF-8": (written(BACK_FILE, "---\nname: Café\n---\n".encode("latin-1")), "sore-back.md",
                  "UTF-8"),
    "unknown section": (replaced(BACK_FILE, "# Overview", "# Overveiw"), "sore-back.md",
                        "Overveiw"),
    "text before the first section": (replaced(BACK_FILE, "# Overview", "Stray.\n\n# Overview"),
                                      "sore-back.md", "no section"),
    "section in an article": (replaced(ARTICLE_FILE, "Lift", "# Lifting\n\nLift"),
                              "safe-backs.md", "Lifting"),
    "section on an information page": (replaced("pages/about.md", "We are", "# Us\n\nWe are"),
                                       "about.md", "Us"),
    "questions on an information page": (
        replaced("pages/about.md", "small.", "small.\n\n# Questions people ask\n\n## Why?\n\nSo."),
        "about.md", "questions"),
    "unknown source in a text": (replaced(BACK_FILE, "hurts [@new]", "hurts [@nwe]"),
                                 "sore-back.md", "nwe"),
    "unknown source of a sign": (replaced(BACK_FILE, "sources: [new]", "sources: [nwe]"),
                                 "sore-back.md", "nwe"),
    "unknown source in an answer": (replaced(BACK_FILE, "Seldom.", "Seldom [@nwe]."),
                                    "sore-back.md", "nwe"),
    "unknown level of a sign": (replaced(BACK_FILE, "emergency:", "soonish:"), "sore-back.md",
                                "soonish"),
    "signs without levels": (
        replaced(BACK_FILE, BACK[BACK.index("warning_signs:") : BACK.index("\n---\n#")],
                 "warning_signs: [you cannot feel your legs]"),
        "sore-back.md", "list"),
    "sign without words": (replaced(BACK_FILE, "{sign: you cannot feel your legs, ", "{"),
                           "sore-back.md", "sign is missing"),
    "unknown author": (replaced(BACK_FILE, "author: ann-example", "author: nobody"),
                       "sore-back.md", "nobody"),
    "reviewed by the author": (replaced(BACK_FILE, "bob-sample", "ann-example"), "sore-back.md",
                               "other than the author"),
    "review without a next date": (replaced(BACK_FILE, "next_review_due: 2027-01-06\n", ""),
                                   "sore-back.md", "next review date"),
    "unknown part of the body": (replaced(BACK_FILE, "[lower-back]", "[tail]"), "sore-back.md",
                                 "tail"),
    "unknown treatment": (replaced(BACK_FILE, "treatments: [massage]", "treatments: [magic]"),
                          "sore-back.md", "magic"),
    "text where a list belongs": (
        replaced(BACK_FILE, "also_known_as: [lumbago]", "also_known_as: lumbago"),
        "sore-back.md", "one a line"),
    "number where a date belongs": (
        replaced(BACK_FILE, "published_on: 2026-01-05", "published_on: 5"), "sore-back.md",
        "argument"),
    "words where a date belongs": (
        replaced(BACK_FILE, "reviewed_on: 2026-01-06", "reviewed_on: soon"), "sore-back.md",
        "date"),
    "nothing where the name belongs": (replaced(BACK_FILE, "name: Sore back", "name:"),
                                       "sore-back.md", "name"),
    "summary too long": (
        replaced(BACK_FILE, "summary: A back", "summary: " + "very " * 50 + "A back"),
        "sore-back.md", "220"),
    "wrong slug": (renamed(BACK_FILE, "conditions/Sore back!.md"), "Sore back!.md", "slug"),
    "reserved address": (renamed("pages/about.md", "pages/contact.md"), "contact.md",
                         "uses /contact/ itself"),
    "missing picture": (replaced(ARTICLE_FILE, "room.png", "rom.png"), "safe-backs.md", "rom.png"),
    "broken picture": (written("images/room.png", b"no picture"), "safe-backs.md", "room.png"),
    "picture without a file": (replaced(ARTICLE_FILE, "file: room.png, ", ""), "safe-backs.md",
                               "file is missing"),
    "picture that is only a name": (
        replaced(ARTICLE_FILE, "lead_image: {file: room.png, alt: A room with a chair., "
                 "caption: We sit here.}", "lead_image: room.png"), "safe-backs.md", ""),
    "picture placed from elsewhere": (
        replaced(ARTICLE_FILE, "Lift", "![A back](https://example.org/b.png)\n\nLift"),
        "safe-backs.md", "other websites"),
    "unknown category": (replaced(ARTICLE_FILE, "category: safety", "category: danger"),
                         "safe-backs.md", "danger"),
    "title too long": (replaced(ARTICLE_FILE, "Safe backs", "Safe backs " * 7), "safe-backs.md",
                       "65"),
    "wrong menu": (replaced("pages/about.md", "menu: main", "menu: top"), "about.md", "top"),
    "wrong registration number": (
        replaced("practitioners/ann-example.md", "PH000000", "12345"), "ann-example.md",
        "PH123456"),
    "unknown regulator": (replaced("practitioners/ann-example.md", "hcpc", "hppc"),
                          "ann-example.md", "hppc"),
    "unknown day": (replaced("practitioners/ann-example.md", "{day: friday}", "{day: fryday}"),
                    "ann-example.md", "fryday"),
    "number where a day belongs": (
        replaced("practitioners/ann-example.md", "{day: friday}", "{day: 5}"), "ann-example.md",
        ""),
    "wrong time": (replaced("practitioners/ann-example.md", '"17:00"', '"25:00"'),
                   "ann-example.md", "hour"),
    "person with an unknown condition": (
        replaced("practitioners/ann-example.md", "[sore-back]", "[sore-nose]"), "ann-example.md",
        "sore-nose"),
    "wrong price": (replaced("treatments/massage.md", "pounds: 40", "pounds: forty"), "massage.md",
                    "decimal"),
    "unknown entry of a price": (replaced("treatments/massage.md", "pounds: 40", "euros: 40"),
                                 "massage.md", "euros"),
    "sources are no list": (written("sources.yaml", b"key: new\n"), "sources.yaml", "list"),
    "source without a key": (replaced("sources.yaml", "{key: new, ", "{"), "sources.yaml",
                             "key is missing"),
    "source of an unknown kind": (
        replaced("sources.yaml", "key: new, kind: guideline", "key: new, kind: rumour"),
        "sources.yaml, new", "rumour"),
    "source with a wrong number": (replaced("sources.yaml", "NG59", "NG-59"), "sources.yaml, new",
                                   "NG59"),
    "category without an address": (replaced("categories.yaml", "slug: safety, ", ""),
                                    "categories.yaml", "slug is missing"),
    "category without a name": (replaced("categories.yaml", "name: Safety, ", ""),
                                "categories.yaml, safety", "name"),
    "clinic without a telephone": (replaced("clinic.md", 'telephone: "01632 960000"\n', ""),
                                   "clinic.md", "telephone"),
    "brand colour that cannot be read": (
        replaced("clinic.md", "postcode:", 'brand_colour: "#ffff00"\npostcode:'), "clinic.md",
        "contrast"),
    "clinic that closes before it opens": (
        replaced("clinic.md", 'closes: "17:00"', 'closes: "08:00"'), "clinic.md", "later"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_wrong_file_loads_nothing_and_is_named(folder: Path, mistake: str) -> None:
    change, file, reason = MISTAKES[mistake]
    change(folder)
    with pytest.raises(CommandError) as refused:
        load(folder)
    message = str(refused.value)
    assert message.startswith("Nothing was loaded. ")
    assert file in message
    assert reason in message
    assert set(counts().values()) == {0}


def test_wrong_file_does_not_undo_what_was_there(folder: Path) -> None:
    load(folder)
    before = counts()
    (folder / "pages" / "fees.md").write_text(ABOUT)
    (folder / "pages" / "other.md").write_text("no front matter")
    with pytest.raises(CommandError, match=r"other\.md"):
        load(folder)
    assert counts() == before


def test_mended_file_loads(folder: Path) -> None:
    path = folder / BACK_FILE
    path.write_text(BACK.replace("hurts [@new]", "hurts [@nwe]"))
    with pytest.raises(CommandError):
        load(folder)
    path.write_text(BACK)
    load(folder)
    assert set(counts().values()) >= {1}
    assert 0 not in counts().values()


def test_every_model_of_content_is_loaded_by_the_demonstration(demo: DemoRows) -> None:
    """A table that the files cannot fill would be missing from every demonstration."""
    filled = {apps.get_model(name) for name, rows in demo.rows.items() if rows}
    labels = {"articles", "conditions", "pages", "practitioners", "treatments"}
    tables = apps.get_models(include_auto_created=True)
    empty = {each for each in tables if each._meta.app_label in labels} - filled
    # The parts of the body come with the software.
    assert {model.__name__ for model in empty} == {"BodyRegion"}


def test_article_may_do_without_a_picture(folder: Path) -> None:
    path = folder / ARTICLE_FILE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("lead_image")))
    load(folder)
    assert Article.objects.get().lead_image is None
