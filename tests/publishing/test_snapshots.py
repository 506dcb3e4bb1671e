"""A page as data: taken, put back as it was, and readable whatever has become of the software."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from articles.models import Article
from conditions.models import BodyRegion, Condition
from practitioners.models import Practitioner
from publishing import snapshots
from publishing.fields import MarkdownField
from publishing.models import FAQ, Page, Version
from publishing.sections import Section
from tests.factories import (
    make_article,
    make_category,
    make_condition,
    make_faq,
    make_image,
    make_information_page,
    make_practitioner,
    make_price,
    make_source,
    make_treatment,
    make_warning_sign,
)

pytestmark = pytest.mark.django_db


def full_article() -> Any:
    page = make_article(
        author=make_practitioner(),
        body="One.\n\n## Two\n\n- a\n- b\n\nÜmläut, 日本語, “quotes” and \u202fspaces.",
        lead_image=make_image(),
        lead_image_role="describes",
        lead_image_alt="A bent knee",
        lead_image_caption="A knee bends.",
        meta_description="For search engines.",
    )
    page.conditions.add(make_condition(), make_condition())
    page.treatments.add(make_treatment())
    make_faq(page, question="Second?", position=1)
    make_faq(page, question="First?", position=0)
    return page


def full_condition() -> Any:
    page = make_condition(
        also_known_as=["Lumbago", "Sore back"],
        order=7,
        author=make_practitioner(),
        symptoms="Pain.",
    )
    page.body_regions.add(*BodyRegion.objects.all()[:2])
    page.treatments.add(make_treatment(), make_treatment())
    make_warning_sign(page, sources=[make_source(), make_source()], position=1)
    make_warning_sign(page, sign="you feel faint", level="urgent", awaiting_clinician=True)
    make_faq(page)
    return page


def full_treatment() -> Any:
    page = make_treatment(also_known_as=["Needling"], evidence="See below.")
    make_price(page, minutes=45, pounds="62.50", position=1)
    make_price(page, label="Next visits", pounds=40)
    make_warning_sign(page, sources=[make_source()])
    make_faq(page)
    return page


def full_information_page() -> Any:
    return make_information_page(menu="main", order=3, is_about_health=False)


FULL = pytest.mark.parametrize(
    "make", [full_article, full_condition, full_treatment, full_information_page]
)
Make = Callable[[], Any]


def take(page: Any) -> dict[str, Any]:
    """Take a snapshot from the database and send it through JSON, as the history does."""
    fresh = type(page)._base_manager.get(pk=page.pk)
    found: dict[str, Any] = json.loads(json.dumps(snapshots.take(fresh), cls=DjangoJSONEncoder))
    return found


def blank(page: Any) -> None:
    """Change all that a snapshot holds."""
    for name in page.PARTS:
        getattr(page, name).all().delete()
    for relation in page._meta.many_to_many:
        getattr(page, relation.name).clear()
    for field in snapshots.own_fields(type(page)):
        if isinstance(field, (models.TextField, models.CharField)) and not field.choices:
            setattr(page, field.name, "changed")
        elif field.is_relation and field.null:
            setattr(page, field.name, None)
    page.order = 99
    page.save()


# --- there and back -------------------------------------------------------------------------------


@FULL
def test_snapshot_is_put_back_as_it_was(make: Make) -> None:
    page = make()
    data = take(page)
    blank(page)
    assert take(page) != data
    draft = snapshots.write(type(page).objects.get(), data)
    assert draft.left_out == []
    assert take(page) == data


@FULL
def test_taking_and_writing_twice_changes_nothing(make: Make) -> None:
    page = make()
    data = take(page)
    for _ in range(2):
        snapshots.write(page, data)
        assert take(page) == data


@FULL
def test_snapshot_holds_all_that_a_form_asks_for_and_nothing_that_follows(make: Make) -> None:
    page = make()
    names = {each.name for each in page._meta.concrete_fields if each.editable} - {"id"}
    data = snapshots.take(page)
    assert set(data["fields"]) == names
    assert not names & {"published_at", "live_version", "reviewed_on", "deleted_at", "updated_on"}
    assert set(data["many"]) == {each.name for each in page._meta.many_to_many}
    assert set(data["rows"]) == set(page.PARTS)
    labels = snapshots.labels(type(page))
    places = {f"{part}.{name}" for part, values in data.items() for name in values}
    assert set(labels) == places


@FULL
def test_reading_changes_nothing(make: Make) -> None:
    page = make()
    data = take(page)
    changed = deepcopy(data)
    changed["fields"]["slug"] = "elsewhere"
    changed["rows"] = {name: [] for name in page.PARTS}
    before = {name: value for name, value in vars(page).items() if name != "_state"}
    draft = snapshots.read(page, changed)
    assert draft.page.slug == "elsewhere"
    assert {name: value for name, value in vars(page).items() if name != "_state"} == before
    assert take(page) == data


def test_restoring_brings_back_questions_in_their_order() -> None:
    page = full_article()
    data = take(page)
    page.faqs.all().delete()
    make_faq(page, question="Another?")
    snapshots.write(page, data)
    assert [each.question for each in page.faqs.all()] == ["First?", "Second?"]


def test_restoring_brings_back_warning_signs_with_sources() -> None:
    page = full_condition()
    data = take(page)
    sources = [set(sign.sources.all()) for sign in page.warning_signs.all()]
    page.warning_signs.all().delete()
    snapshots.write(page, data)
    signs = list(page.warning_signs.all())
    assert [sign.sign for sign in signs] == ["you feel faint", "you cannot feel your legs"]
    assert [sign.awaiting_clinician for sign in signs] == [True, False]
    assert [sign.level for sign in signs] == ["urgent", "emergency"]
    assert [set(sign.sources.all()) for sign in signs] == sources
    assert [len(each) for each in sources] == [0, 2]


def test_restoring_brings_back_prices_to_the_penny() -> None:
    page = full_treatment()
    data = take(page)
    page.prices.all().delete()
    snapshots.write(page, data)
    assert [str(each) for each in page.prices.all()] == [
        "Next visits: £40.00",
        "First visit: £62.50",
    ]
    assert [each.minutes for each in page.prices.all()] == [None, 45]


def test_restoring_brings_back_the_picture_with_its_description() -> None:
    page = full_article()
    data, picture = take(page), page.lead_image
    blank(page)
    snapshots.write(page, data)
    page.refresh_from_db()
    assert page.lead_image == picture
    assert (page.lead_image_alt_text, page.lead_image_caption) == ("A bent knee", "A knee bends.")


def test_restoring_brings_back_relations() -> None:
    page = full_condition()
    regions, treatments = set(page.body_regions.all()), set(page.treatments.all())
    data = take(page)
    page.body_regions.clear()
    page.treatments.set([make_treatment()])
    snapshots.write(page, data)
    assert set(page.body_regions.all()) == regions
    assert set(page.treatments.all()) == treatments


def test_order_of_relations_means_nothing() -> None:
    page, one, other = make_article(), make_condition(name="B"), make_condition(name="A")
    page.conditions.add(one, other)
    data = take(page)
    page.conditions.set([])
    page.conditions.add(other)
    page.conditions.add(one)
    assert take(page) == data


def test_drafted_texts_include_answers() -> None:
    page = make_condition(symptoms="Pain.")
    make_faq(page, answer="Yes.")
    draft = snapshots.read(page, take(page))
    assert draft.texts() == {
        "overview": page.overview,
        "symptoms": "Pain.",
        "faq-1": "Yes.",
    }


def test_page_kind_without_questions_has_none() -> None:
    assert snapshots.read(make_information_page(), {}).faqs == []


# --- old snapshots --------------------------------------------------------------------------------


@FULL
def test_what_was_removed_since_is_left_out_and_named(make: Make) -> None:
    page = make()
    now = take(page)
    old = deepcopy(now)
    old["fields"]["gone_field"] = "Words of then"
    old["many"]["gone_relation"] = [{"pk": 1, "text": "Something"}]
    old["rows"]["gone_rows"] = [{"question": "Then?"}]
    draft = snapshots.write(page, old)
    assert draft.left_out == ["gone field", "gone relation", "gone rows"]
    assert take(page) == now
    told = dict(snapshots.readable(old, snapshots.labels(type(page))))
    assert told["Gone field"] == "Words of then"
    assert told["Gone relation"] == "Something"
    assert "Then?" in told["Gone rows"]


def test_field_of_a_row_that_was_removed_is_named() -> None:
    page = full_treatment()
    old = take(page)
    old["rows"]["prices"][0]["currency"] = "GBP"
    draft = snapshots.read(page, old)
    assert draft.left_out == ["currency"]
    assert len(draft.parts["prices"]) == 2


@FULL
def test_what_was_added_since_has_its_default(make: Make) -> None:
    page = make()
    old = take(page)
    for name in ("meta_description", "author", "order", "menu", "lead_image", "also_known_as"):
        old["fields"].pop(name, None)
    old["many"].clear()
    old["rows"].clear()
    draft = snapshots.write(page, old)
    assert draft.left_out == []
    page = type(page).objects.get()
    assert (page.meta_description, page.author) == ("", None)
    defaults = {"order": 100, "menu": "footer", "lead_image": None, "also_known_as": []}
    for name, value in defaults.items():
        assert getattr(page, name, value) == value
    for name in page.PARTS:
        assert not getattr(page, name).exists()
    for relation in page._meta.many_to_many:
        assert not getattr(page, relation.name).exists()


def test_field_that_was_renamed_is_readable_under_its_old_name() -> None:
    page = make_condition(self_care="Walk.")
    old = take(page)
    old["fields"]["what_you_can_do"] = old["fields"].pop("self_care")
    assert snapshots.read(page, old).page.self_care == ""
    assert snapshots.read(page, old).left_out == ["what you can do"]
    told = dict(snapshots.readable(old, snapshots.labels(Condition)))
    assert told["What you can do"] == "Walk."


def test_what_is_gone_is_left_out_by_name() -> None:
    page = full_article()
    data = take(page)
    author, picture = str(page.author), str(page.lead_image)
    gone = page.conditions.first()
    name = str(gone)
    page.author, page.lead_image = None, None
    page.save()
    for each in data["fields"]["author"], data["fields"]["lead_image"]:
        each["pk"] += 1000
    gone.delete()
    draft = snapshots.write(page, data)
    assert sorted(draft.left_out) == sorted([author, picture, name])
    page.refresh_from_db()
    assert (page.author, page.lead_image) == (None, None)
    assert page.conditions.count() == 1
    told = "\n".join(words for _, words in snapshots.readable(data, snapshots.labels(Article)))
    assert name in told
    assert author in told


def test_source_of_a_warning_sign_that_is_gone_is_left_out() -> None:
    page = full_treatment()
    data = take(page)
    source = page.warning_signs.get().sources.get()
    source.delete()
    draft = snapshots.write(page, data)
    assert draft.left_out == [str(source)]
    assert not page.warning_signs.get().sources.exists()


def test_page_keeps_what_it_cannot_be_without() -> None:
    page = make_article(category=make_category(name="Old"))
    data = take(page)
    old, page.category = page.category, make_category(name="New")
    page.save()
    old.delete()
    draft = snapshots.write(page, data)
    assert draft.left_out == ["Old"]
    page.refresh_from_db()
    assert page.category.name == "New"


def test_value_of_another_kind_than_now_is_left_out_and_named() -> None:
    page = full_treatment()
    data = take(page)
    data["fields"]["order"] = "near the top"
    data["fields"]["meta_description"] = None
    data["rows"]["prices"][0]["pounds"] = "forty"
    draft = snapshots.read(page, data)
    assert draft.left_out == ["order: near the top", "pounds: forty"]
    assert (draft.page.order, draft.page.meta_description) == (100, "")


def test_empty_snapshot_is_readable() -> None:
    page = make_article()
    assert snapshots.read(page, {}).page.title == ""
    assert snapshots.readable({}, snapshots.labels(Article)) == []


def test_places_are_told_as_readers_meet_them() -> None:
    page = full_condition()
    names = [name for name, _ in snapshots.readable(take(page), snapshots.labels(Condition))]
    assert names[:4] == ["Name", "Summary", "Overview", "Symptoms"]
    assert names.index("What you can do yourself") < names.index("Address")


# --- a real change of tables ----------------------------------------------------------------------


@pytest.mark.django_isolate_apps("publishing")
def test_old_snapshot_is_read_through_tables_that_were_changed_since(
    django_isolated_apps: Any,
) -> None:
    """Columns are added and one is renamed, as migrations do."""

    class Leaflet(Page):
        SECTIONS = (Section("body", ""),)
        PARTS = ("faqs",)

        title = models.CharField(max_length=65)
        body = MarkdownField()
        old_words = models.CharField(max_length=65)

        class Meta:
            app_label = "publishing"

        def __copy__(self) -> Any:
            # Django copies by way of the model's name, which no registry knows here.
            found = type(self).__new__(type(self))
            vars(found).update(vars(self))
            return found

    class LeafletFAQ(FAQ):
        leaflet = models.ForeignKey(Leaflet, on_delete=models.CASCADE, related_name="faqs")

        class Meta:
            app_label = "publishing"

    for model in (Practitioner, Version):
        django_isolated_apps.do_pending_operations(model)
    run(*map(sql_of_table, (Leaflet, LeafletFAQ)))
    page = Leaflet.objects.create(
        slug="leaflet", title="Knees", body="Bend.", summary="Short.", old_words="Kept"
    )
    LeafletFAQ.objects.create(leaflet=page, question="Why?", answer="So.")
    old = json.loads(json.dumps(snapshots.take(page)))

    run(
        "ALTER TABLE publishing_leaflet ADD COLUMN edition integer NULL",
        "ALTER TABLE publishing_leaflet RENAME COLUMN old_words TO new_words",
        "ALTER TABLE publishing_leafletfaq ADD COLUMN rank integer NOT NULL DEFAULT 1",
    )
    Leaflet._meta.local_fields.remove(Leaflet._meta.get_field("old_words"))
    Leaflet._meta._expire_cache()
    Leaflet.add_to_class("edition", models.PositiveIntegerField(null=True, blank=True))
    Leaflet.add_to_class("new_words", models.CharField(max_length=65, default=""))
    LeafletFAQ.add_to_class("rank", models.PositiveIntegerField(default=1))

    page = Leaflet.objects.get()
    assert page.new_words == "Kept"
    draft = snapshots.write(page, old)
    assert draft.left_out == ["old words"]
    page = Leaflet.objects.get()
    assert (page.title, page.new_words, page.edition) == ("Knees", "", None)
    assert [(each.question, each.rank) for each in page.faqs.all()] == [("Why?", 1)]
    assert dict(snapshots.readable(old, snapshots.labels(Leaflet)))["Old words"] == "Kept"
    again = snapshots.take(page)
    assert again["fields"] == {
        **{name: value for name, value in old["fields"].items() if name != "old_words"},
        "new_words": "",
        "edition": None,
    }
    assert again["rows"]["faqs"] == [old["rows"]["faqs"][0] | {"rank": 1}]


def sql_of_table(model: Any) -> str:
    # Not by way of Django's editor, which on SQLite refuses to work within a transaction.
    editor = connection.schema_editor()
    editor.deferred_sql = []
    sql, parameters = editor.table_sql(model)
    assert not parameters
    return str(sql)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)
