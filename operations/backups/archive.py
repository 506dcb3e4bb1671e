"""What an archive looks like inside: a compressed tar file whose parts stand in this order.

- `about.json`: format, moment, release, migrations, tables with their columns, settings;
- `tables/<table>/<number>.jsonl`: rows, each a JSON list in the order of the columns;
- `media/<name>`: files as they are;
- `manifest.json`: the digest of all that stands before it, table by table and file by file.
"""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from operations.backups.problems import BackupProblem

FORMAT = 1
ABOUT, TABLES, MEDIA, MANIFEST = "about.json", "tables/", "media/", "manifest.json"


@dataclass(frozen=True)
class About:
    """What has to be known before anything else of the archive is read."""

    format: int
    made_at: str
    release: str
    database: str
    # [app, name] of each that was applied.
    migrations: list[list[str]]
    # [name, kind] of each column, by table.
    tables: dict[str, list[list[str]]]
    left_out: dict[str, str]
    settings: dict[str, str]


@dataclass
class Rows:
    """How a table is checked: its rows, their digest, and the last number given to one."""

    rows: int
    sha256: str
    last_number: int


@dataclass
class File:
    """How a file is checked."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What the archive holds, to the byte."""

    about: str = ""
    tables: dict[str, Rows] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    # Files that pictures point to and that the storage had lost before.
    missing: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())


def to_json(value: About | Manifest) -> bytes:
    """Return the value as it stands in the archive."""
    return json.dumps(asdict(value), ensure_ascii=False, indent=1).encode()


def about_from(content: bytes) -> About:
    """Read what an archive says of itself. Raises BackupProblem if its format is not ours."""
    values: dict[str, Any] = json.loads(content)
    if values.get("format") != FORMAT:
        raise BackupProblem(
            f"The backup has format {values.get('format')}, and this release reads {FORMAT}."
            " Use the release that made it, or a newer one."
        )
    return About(**values)


def manifest_from(content: bytes) -> Manifest:
    """Read an archive's manifest."""
    values: dict[str, Any] = json.loads(content)
    tables = {name: Rows(**each) for name, each in values.pop("tables").items()}
    files = {name: File(**each) for name, each in values.pop("files").items()}
    return Manifest(**values, tables=tables, files=files)


def lines_of(rows: list[list[Any]]) -> bytes:
    """Return rows as they stand in the archive."""
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    return "".join(lines).encode()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of the content."""
    return hashlib.sha256(content).hexdigest()


def release() -> str:
    """Return the version of this software."""
    file = Path(__file__).resolve().parents[2] / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8"))
    version: str = project["project"]["version"]
    return version
