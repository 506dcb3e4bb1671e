"""Which archives stay: enough to go back to, and none for longer than people were told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from operations.backups.keeping import archives, name_of, surplus

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # a Monday


def days_kept(folder: Path, *, ages: list[float]) -> list[float]:
    """Make archives that are so many days old, throw the surplus away, return what stays."""
    for age in ages:
        (folder / name_of(NOW - timedelta(days=age))).touch()
    for path in surplus(archives(folder), NOW):
        path.unlink()
    return [(NOW - at) / timedelta(days=1) for at in archives(folder).values()]


def test_a_week_of_days_and_four_weeks_stay(tmp_path: Path) -> None:
    # Of each week the Sunday, the last of its days.
    assert days_kept(tmp_path, ages=list(range(40))) == [0, 1, 2, 3, 4, 5, 6, 8, 15]


def test_of_one_day_the_newest_stays(tmp_path: Path) -> None:
    assert days_kept(tmp_path, ages=[0, 0.05, 0.1, 1, 1.1]) == [0, 1]


@pytest.mark.parametrize("days_later", range(14))
def test_day_by_day_there_are_always_enough_and_none_too_old(
    tmp_path: Path, days_later: int
) -> None:
    """Thrown away daily, as it happens, and not from a full folder."""
    made: dict[Path, datetime] = {}
    now = NOW
    for _ in range(60 + days_later):
        now += timedelta(days=1)
        made = {Path(name_of(now)): now} | made
        for path in surplus(made, now):
            del made[path]
    ages = [(now - at).days for at in made.values()]
    assert ages[:7] == list(range(7))
    assert 14 <= ages[-1] <= 27


def test_the_newest_stays_whatever_its_age(tmp_path: Path) -> None:
    assert days_kept(tmp_path, ages=[200, 300]) == [200]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "clinic-20200101T000000Z.tar.gz.age.mine"
    other.touch()
    days_kept(tmp_path, ages=[0, 50])
    assert other.exists()
