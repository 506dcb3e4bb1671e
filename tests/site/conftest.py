"""What the guards of the whole site share: every page of the demonstration, visited once."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from search.upkeep import rebuild
from tests.demo import DemoRows, today
from tests.site.crawl import Visit, crawl, visit


@pytest.fixture(scope="session")
def visits(demo_rows: DemoRows, django_db_blocker: Any) -> dict[str, Visit]:
    """Everything that links lead to from the home page, by address."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=demo_rows.media),
        today(),
        transaction.atomic(),
    ):
        demo_rows.restore()
        rebuild()
        found = crawl()
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="session")
def site_pages(visits: dict[str, Visit]) -> list[Visit]:
    """The pages among them."""
    return [each for each in visits.values() if each.is_page]


@pytest.fixture(scope="session")
def picture_visits(
    site_pages: list[Visit], demo_rows: DemoRows, django_db_blocker: Any
) -> list[Visit]:
    """Every size and format of the uploaded pictures on those pages."""
    addresses = {address for page in site_pages for address in page.assets()}
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=demo_rows.media):
        return [visit(Client(), each) for each in sorted(addresses) if each.startswith("/media/")]
