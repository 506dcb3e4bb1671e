"""A site whose search is in step with its pages."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from search.upkeep import rebuild
from tests.demo import DemoRows
from visits import tally

Committed = Callable[[], AbstractContextManager[Any]]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no search of another test wait to be written."""
    monkeypatch.setattr("search.terms._seen", Counter())
    monkeypatch.setattr("search.terms._results", {})
    monkeypatch.setattr("visits.tally._tally", tally.Tally())


@pytest.fixture
def reader() -> Client:
    return Client(headers={"User-Agent": FIREFOX})


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Committed:
    """Return what commits, at its end, the changes that were made within it."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def demo_search(demo: DemoRows) -> DemoRows:
    """The demonstration with its index."""
    rebuild()
    return demo
