"""Writes content files: YAML that a person can read, and the same bytes for the same content."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import models

from pages.content.files import FAQ_HEADING, QUESTIONS, TEXTS, parsed
from publishing.sections import Section

Faqs = Sequence[tuple[str, str]]

_WIDTH = 100
# Names come from addresses and digests. Whatever a row holds, no file is written anywhere else.
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)


class ExportError(Exception):
    """The export cannot be made; the message says why and what to do."""


class _Dumper(yaml.SafeDumper):
    """Safe YAML in which texts of several lines stand as such."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.SequenceNode:
    # Short lists of words stand on one line, as people write them.
    is_short = all(isinstance(each, str) and "\n" not in each for each in values)
    is_short = is_short and sum(len(each) + 2 for each in values) < _WIDTH - 30
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def plain(value: Any) -> Any:
    """Return a value of a row as YAML holds it."""
    if isinstance(value, str):
        return str(value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, time):
        return value.isoformat("auto") if value.second else f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, Mapping):
        return {plain(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def told(row: models.Model, names: Sequence[str]) -> dict[str, Any]:
    """Return the named values of a row, without those that are as they would be without a word."""
    found = {}
    for name in names:
        field: Any = row._meta.get_field(name)
        value = field.to_python(getattr(row, name))
        if value != field.get_default() and value is not None:
            found[name] = plain(value)
    return found


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that say something."""
    return {name: plain(value) for name, value in values.items() if value not in (None, "", [], {})}


def yaml_of(value: Any) -> str:
    """Return the YAML of a list or of front matter."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH,
        default_flow_style=False,
    )  # fmt: skip


class Folder:
    """The folder that an export is written into. It has to be empty, or not there."""

    def __init__(self, path: Path) -> None:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise ExportError(
                f"{path} is not an empty folder. Name a new one: nothing is overwritten."
            )
        path.mkdir(parents=True, exist_ok=True)
        self.path = path

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file. Raises ExportError for a name that could lead out of the folder."""
        parts = name.split("/")
        if not all(_NAME.fullmatch(part) for part in parts):
            raise ExportError(f"“{name}” cannot be the name of a file. Change that address.")
        path = self.path.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def write_list(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write a list of entries, an empty line between them."""
        entries = [yaml_of([row]) for row in rows]
        self.write(name, "\n".join(entries) if entries else "[]\n")

    def write_text(self, name: str, meta: Mapping[str, Any], body: str) -> None:
        """Write front matter with one text below it."""
        self.write(name, _with_front_matter(meta, plain(body).strip()))

    def write_page(
        self,
        name: str,
        meta: Mapping[str, Any],
        texts: Mapping[str, str],
        faqs: Faqs,
        sections: Sequence[Section],
    ) -> None:
        """Write a page: its texts below their headings, its questions below theirs.

        What would not be read back as it is, such as a text with headings of level 1, goes into the
        front matter.
        """
        texts = {heading: plain(text) for heading, text in texts.items() if text.strip()}
        faqs = [(plain(question), plain(answer)) for question, answer in faqs]
        tidy = {heading: text.strip() for heading, text in texts.items()}
        tidy_faqs = [(question.strip(), answer.strip()) for question, answer in faqs]
        order = [section.heading for section in sections if section.heading in tidy]
        content = _with_front_matter(meta, _body({name: tidy[name] for name in order}, tidy_faqs))
        read = parsed(Path(name), content)
        same = {name: text for name, text in read.sections().items() if text} == tidy
        if not same or read.faqs() != tidy_faqs or any(map(_begins_with_code, texts.values())):
            rows = [{"question": question, "answer": answer} for question, answer in faqs]
            more = without_empty({TEXTS: texts, QUESTIONS: rows})
            content = _with_front_matter({**meta, **more}, "")
        self.write(name, content)


def _begins_with_code(text: str) -> bool:
    return text.lstrip("\n")[:1].isspace()


def _with_front_matter(meta: Mapping[str, Any], body: str) -> str:
    return f"---\n{yaml_of(dict(meta))}---\n" + (f"{body}\n" if body else "")


def _body(texts: Mapping[str, str], faqs: Faqs) -> str:
    parts = [f"# {heading}\n\n{text}" if heading else text for heading, text in texts.items()]
    if faqs:
        questions = [f"## {question}\n\n{answer}" for question, answer in faqs]
        parts.append("\n\n".join([f"# {FAQ_HEADING}", *questions]))
    return "\n\n".join(parts)
