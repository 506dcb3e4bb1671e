"""A site on the first release is brought up to date by `manage.py migrate`, and loses nothing."""

import sqlite3
from pathlib import Path

import pytest

from tests.upgrade.steps import Upgraded, bring_up_to_date

pytestmark = pytest.mark.whole

# What staff wrote, and what nobody may lose.
KEPT = (
    "clinic_clinic", "clinic_openinghours", "conditions_condition", "conditions_conditionfaq",
    "conditions_conditionwarningsign", "treatments_treatment", "treatments_price",
    "practitioners_practitioner", "practitioners_registration", "articles_article",
    "articles_articlefaq", "pages_informationpage", "evidence_source", "publishing_image",
    "auth_user", "enquiries_enquiry",
)  # fmt: skip


def check(site: Upgraded) -> None:
    """Compare what the site shows with what it had."""
    before = sqlite3.connect(site.former)
    for table in KEPT:
        [(rows,)] = before.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert (table, site.seen["rows"][table]) == (table, rows)
    before.close()
    pages = site.seen["pages"]
    assert len(pages) > 15
    assert set(pages.values()) == {200}, pages
    assert [name for name, _, _ in site.seen["enquiries"]] == [
        "Sam O’Neill", "Alex Sample", "Kim Specimen",
    ]  # fmt: skip
    assert site.seen["enquiries"][0][1:] == ["My knee hurts on stairs.", ["Rang her, no answer."]]


def test_a_site_on_sqlite_is_brought_up_to_date(tmp_path: Path) -> None:
    check(bring_up_to_date(tmp_path))


@pytest.mark.xdist_group("growth")
def test_a_site_on_postgresql_is_brought_up_to_date(upgraded_postgres: Upgraded) -> None:
    check(upgraded_postgres)
