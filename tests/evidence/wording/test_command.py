"""`check_claims` on files, standard input and the site's pages."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from tests import factories


class Input:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def run(*args, code=0, **options):
    out = io.StringIO()
    if code:
        with pytest.raises(SystemExit) as stopped:
            call_command("check_claims", *args, stdout=out, **options)
        assert stopped.value.code == code
    else:
        call_command("check_claims", *args, stdout=out, **options)
    return out.getvalue()


def test_a_file_with_an_error(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("Hello.\n\nWe guarantee results.", encoding="utf-8")
    assert run(str(path), code=1).startswith(f"{path}:3:4: error guarantee “guarantee” ")


def test_warnings_alone_do_not_fail(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<p>We are the best clinic.</p>", encoding="utf-8")
    assert " warning superlative “best” " in run(str(path))


def test_json_has_the_fields_agreed(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Input(b"We cure you."))
    (row,) = json.loads(run("-", "--format", "json", code=1))
    assert list(row) == [
        "file", "line", "column", "severity", "kind", "text", "message", "suggestion",
    ]  # fmt: skip
    assert (row["file"], row["text"]) == ("-", "cure")


def test_lines_are_answered_in_order(monkeypatch):
    lines = b'{"text": "We cure you."}\nno json\n{"txt": 1}\n{"text": "Hello."}\n'
    monkeypatch.setattr(sys, "stdin", Input(lines))
    answers = [json.loads(line) for line in run("--format", "json", "--jsonl-text").splitlines()]
    assert answers[0]["findings"][0]["kind"] == "cure"
    assert "error" in answers[1]
    assert "error" in answers[2]
    assert answers[3] == {"findings": []}


def test_unreadable_input(tmp_path):
    path = tmp_path / "page.md"
    path.write_bytes(b"\xff\xfe\x00")
    for name, words in ((str(path), "UTF-8"), (str(tmp_path / "none.md"), "cannot be read")):
        with pytest.raises(CommandError, match=words) as refused:
            call_command("check_claims", name)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="--format json"):
        call_command("check_claims", "--jsonl-text")
    with pytest.raises(CommandError, match="no rules called"):
        call_command("check_claims", __file__, "--rules", "mars")


@pytest.mark.django_db
def test_without_files_it_reads_the_site_s_pages_drafts_included():
    factories.make_information_page(body="We cure you.", published_at=None)
    factories.make_practitioner(profile="Results are guaranteed.")
    written = run(code=1)
    assert "informationpage/" in written
    assert "practitioner/" in written
    assert "guarantee “Results are guaranteed”" in written
