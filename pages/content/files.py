"""Reads a folder of content files. Knows YAML and Markdown, and nothing of the database."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FAQ_HEADING = "Questions people ask"
# In the front matter, for what cannot stand below it, such as a text with a heading of level 1.
TEXTS, QUESTIONS = "texts", "questions"

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n?(.*)\Z", re.DOTALL)
_SECTION = re.compile(r"^# +(.+?) *$", re.MULTILINE)
_QUESTION = re.compile(r"^## +(.+?) *$", re.MULTILINE)


class ContentError(Exception):
    """A content file cannot be used; the message names the file and what to mend."""


@dataclass(frozen=True)
class ContentFile:
    """One Markdown file with front matter."""

    path: Path
    meta: Mapping[str, Any]
    body: str

    @property
    def slug(self) -> str:
        """The page's address, which is the file's name."""
        return self.path.stem

    def sections(self) -> dict[str, str]:
        """Return the text under each heading of level 1, by heading; before the first, under ""."""
        found = {
            heading: text.strip()
            for heading, text in _split(_SECTION, self.body).items()
            if heading != FAQ_HEADING
        }
        return found | (self.meta.get(TEXTS) or {})

    def faqs(self) -> list[tuple[str, str]]:
        """Return the questions and answers under the heading for questions."""
        if QUESTIONS in self.meta:
            return [(row["question"], row["answer"]) for row in self.meta[QUESTIONS]]
        text = _split(_SECTION, self.body).get(FAQ_HEADING, "")
        return [
            (question, answer.strip())
            for question, answer in _split(_QUESTION, text).items()
            if question
        ]


def read_file(path: Path) -> ContentFile:
    """Read one file. Raises ContentError when its front matter is missing or no YAML."""
    return parsed(path, _text(path))


def parsed(path: Path, text: str) -> ContentFile:
    """Return what the text of a file says. Raises ContentError as `read_file` does."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise ContentError(f"{path}: must begin with front matter between two lines of ---")
    meta = _yaml(path, match[1])
    if not isinstance(meta, dict):
        raise ContentError(f"{path}: the front matter must be a list of names with values")
    return ContentFile(path, meta, match[2].strip())


def read_folder(folder: Path) -> Iterator[ContentFile]:
    """Read the Markdown files of a folder by name; a folder that is not there holds none."""
    for path in sorted(folder.glob("*.md")):
        yield read_file(path)


def read_list(path: Path) -> list[dict[str, Any]]:
    """Read a YAML file that holds a list; a file that is not there holds none."""
    if not path.exists():
        return []
    rows = _yaml(path, _text(path))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ContentError(f"{path}: must hold a list of entries")
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}: must be saved as UTF-8 text") from error


def _yaml(path: Path, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # a date that there is not is a ValueError
        raise ContentError(f"{path}: {error}") from error


def _split(heading: re.Pattern[str], text: str) -> dict[str, str]:
    parts = heading.split(text)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))
