"""How `make test` divides the work and adds up the verdicts."""

import pytest

from scripts.browser import find_browser
from scripts.environment import Problem
from scripts.test import parts, verdict


def test_the_whole_suite_runs_in_two_parts_and_gates_coverage_once() -> None:
    apps, whole = parts([], with_coverage=True)
    assert "not whole" in apps
    assert "whole" in whole
    assert "--cov" in apps
    assert not any("cov" in part for part in whole)
    assert not any(part.startswith("--cov-") for part in apps)
    without = parts([], with_coverage=False)
    assert not any("cov" in part for run in without for part in run)


def test_a_selection_runs_as_it_is_without_the_gate() -> None:
    assert parts(["-k", "contact"], with_coverage=True) == [["-k", "contact"]]


@pytest.mark.parametrize(
    ("codes", "code"),
    [([0, 0], 0), ([0, 5], 0), ([5, 5], 5), ([1, 0], 1), ([0, 2], 2), ([5, 1], 1), ([5], 5)],
)
def test_an_empty_part_is_fine_but_an_empty_suite_is_not(codes: list[int], code: int) -> None:
    assert verdict(codes) == code


def test_a_browser_that_does_not_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(Problem, match="/no/such/browser"):
        find_browser()
