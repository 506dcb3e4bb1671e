"""A tally of its own for every test."""

import pytest

from visits import tally


@pytest.fixture(autouse=True)
def own_tally(monkeypatch: pytest.MonkeyPatch) -> tally.Tally:
    """Count into a tally that no other test has counted into."""
    own = tally.Tally()
    monkeypatch.setattr(tally, "_tally", own)
    return own
