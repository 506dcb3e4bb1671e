"""`manage.py check_claims [FILE…]`: warn of wordings that advertising rules do not allow.

The site's own pages are read with the clinic's rules and the evidence that reviewers recorded.
Files are read with the rules that come with the site, unless `--clinic` is given: what is tested
with a file should not depend on what somebody switched here.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.wording import ClinicSet, Finding, check_text
from evidence.wording_check import clinic_set
from evidence.wording_report import site_findings
from publishing.projection import apply_due

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
            "--clinic",
            action="store_true",
            help="apply the clinic's own rules to files too; they always apply to the site's pages",
        )
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
        try:
            if not options["files"]:
                apply_due()
                yield from (
                    (text.name, finding)
                    for text, finding in site_findings(options["rules"], options["therapy"])
                )
            clinic = _clinic(options)
            for name in options["files"]:
                form = _FORMATS.get(Path(name).suffix.lower(), "markdown")
                for finding in check_text(
                    _read(name),
                    format=form,
                    therapy=options["therapy"],
                    rules=options["rules"],
                    clinic=clinic,
                ):
                    yield name, finding
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error

    def _answer_lines(self, options: dict[str, Any]) -> None:
        clinic = _clinic(options)
        for line in sys.stdin.buffer:
            if line.strip():
                answer = _answer(line, options, clinic)
                self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _clinic(options: dict[str, Any]) -> ClinicSet:
    """Return the clinic's rules where they are asked for. No database is asked otherwise."""
    return clinic_set() if options["clinic"] else ClinicSet()


def _answer(line: bytes, options: dict[str, Any], clinic: ClinicSet) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"This line is not JSON: {error}"}
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return {"error": "This line is not an object with a text."}
    therapy = row.get("therapy")
    therapy = therapy if isinstance(therapy, str) else options["therapy"]
    found = check_text(row["text"], therapy=therapy, rules=options["rules"], clinic=clinic)
    return {"findings": [_shown(finding) for finding in found]}


def _shown(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in _SHOWN}


def _read(name: str) -> str:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name}: cannot be read: {error.strerror}.", returncode=2) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: must be saved as UTF-8 text.", returncode=2) from error
