"""The database of a site on the first release, with the demo clinic and three enquiries.

It was made by the first release itself: its migrations, its `load_content demo`, its enquiry form,
and a note of staff, dumped as SQL by Python's `sqlite3`.
"""

import gzip
import re
import sqlite3
from pathlib import Path

_DUMP = Path(__file__).with_name("first-release.sql.gz")
_MIGRATION = re.compile(r"""INSERT INTO "django_migrations" VALUES\(\d+,'(\w+)','(\w+)'""")


def write_sqlite(path: Path) -> None:
    """Make the SQLite file of that site."""
    connection = sqlite3.connect(path)
    connection.executescript(_sql())
    connection.close()


def migrations() -> list[tuple[str, str]]:
    """Return the migrations that the first release came with, by app and name."""
    return _MIGRATION.findall(_sql())


def _sql() -> str:
    return gzip.decompress(_DUMP.read_bytes()).decode()
