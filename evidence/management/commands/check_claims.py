"""`manage.py check_claims [FILE…]`: warn of wordings that advertising rules do not allow."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence import wording_sources
from evidence.wording import Finding, check_text

_FORMATS = {".html": "html", ".htm": "html", ".txt": "text"}
_SHOWN = ("line", "column", "severity", "kind", "text", "message", "suggestion")


class Command(BaseCommand):
    """Reads files, standard input or the site's own pages, and prints what it finds."""

    help = (
        "Warn of wordings that advertising rules do not allow. It never says that a text complies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", metavar="FILE", help="text, Markdown or HTML; - is standard input"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--therapy", help="the therapy that the files are about")
        parser.add_argument("--rules", default="uk", help="the name of the country's rules")
        parser.add_argument(
            "--jsonl-text",
            action="store_true",
            help="with --format json: one object with a text on each line of standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["jsonl_text"]:
            if options["format"] != "json":
                raise CommandError("--jsonl-text goes with --format json.", returncode=2)
            self._answer_lines(options)
            return
        findings = list(self._findings(options))
        if options["format"] == "json":
            rows = [{"file": name} | _shown(finding) for name, finding in findings]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for name, found in findings:
                self.stdout.write(
                    f"{name}:{found.line}:{found.column}: {found.severity} {found.kind}"
                    f" “{' '.join(found.text.split())}” {found.message}"
                )
        if any(finding.severity == "error" for _, finding in findings):
            sys.exit(1)

    def _findings(self, options: dict[str, Any]) -> Iterator[tuple[str, Finding]]:
        for name, text, form, therapy in _texts(options):
            try:
                found = check_text(text, format=form, therapy=therapy, rules=options["rules"])
            except ValueError as error:
                raise CommandError(str(error), returncode=2) from error
            for finding in found:
                yield name, finding

    def _answer_lines(self, options: dict[str, Any]) -> None:
        for line in sys.stdin.buffer:
            if line.strip():
                answer = _answer(line, options)
                self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _answer(line: bytes, options: dict[str, Any]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"This line is not JSON: {error}"}
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return {"error": "This line is not an object with a text."}
    therapy = row.get("therapy")
    therapy = therapy if isinstance(therapy, str) else options["therapy"]
    found = check_text(row["text"], therapy=therapy, rules=options["rules"])
    return {"findings": [_shown(finding) for finding in found]}


def _shown(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in _SHOWN}


def _texts(options: dict[str, Any]) -> Iterator[tuple[str, str, str, str | None]]:
    if not options["files"]:
        for name, text, therapy in wording_sources.texts():
            yield name, text, "markdown", options["therapy"] or therapy
    for name in options["files"]:
        form = _FORMATS.get(Path(name).suffix.lower(), "markdown")
        yield name, _read(name), form, options["therapy"]


def _read(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name}: cannot be read: {error.strerror}.", returncode=2) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: must be saved as UTF-8 text.", returncode=2) from error
