"""Which archives are kept, and for how long.

A week of days, for what was noticed at once; four weeks, for what was noticed late. Nothing is
older than that, because archives still hold the enquiries that were erased since: the privacy
notice names the time. The newest is kept whatever its age.
"""

import re
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from pathlib import Path

DAYS, WEEKS = 7, 4
# Looked at once a day, so that none is ever older than the four weeks.
OLDEST = timedelta(weeks=WEEKS, days=-1)
_NAME = re.compile(r"clinic-(\d{8}T\d{6})Z\.tar\.gz\.age")


def name_of(moment: datetime) -> str:
    """Return what an archive made at the moment is called."""
    return f"clinic-{moment.astimezone(UTC):%Y%m%dT%H%M%S}Z.tar.gz.age"


def archives(folder: Path) -> dict[Path, datetime]:
    """Return the archives in the folder, newest first, with when they were made."""
    found = {}
    for path in folder.iterdir():
        if match := _NAME.fullmatch(path.name):
            found[path] = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return dict(sorted(found.items(), key=lambda item: item[1], reverse=True))


def surplus(made: dict[Path, datetime], now: datetime) -> list[Path]:
    """Return the archives that are no longer kept, of those given newest first."""
    if not made:
        return []
    recent = {path: at for path, at in made.items() if at > now - OLDEST}
    kept = {next(iter(made))}
    kept |= _newest_of_each({path: at.date() for path, at in recent.items()}, DAYS)
    kept |= _newest_of_each({path: at.isocalendar()[:2] for path, at in recent.items()}, WEEKS)
    return [path for path in made if path not in kept]


def _newest_of_each(spans: dict[Path, Hashable], number: int) -> set[Path]:
    """Return the first path of each of the first so many different days or weeks."""
    first: dict[Hashable, Path] = {}
    for path, span in spans.items():
        first.setdefault(span, path)
    return set(list(first.values())[:number])
