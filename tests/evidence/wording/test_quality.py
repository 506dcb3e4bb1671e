"""How good the check is, on the labelled corpus, kind by kind, and on the demonstration's pages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.wording import check_text
from evidence.wording.rules import load
from scripts import wording_quality

DEMO = Path(__file__).resolve().parents[3] / "demo"
MUST_FIND = ("cure", "guarantee", "safety_absolute", "discourage_medical",
             "misattributed_guideline")  # fmt: skip
THERAPIES = {"medical-acupuncture": "acupuncture", "dry-needling": "dry_needling",
             "sports-massage": "massage"}  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    return wording_quality.score(*wording_quality.PARTS)


def test_overall_precision_and_recall(whole):
    assert whole.precision() >= 0.95, whole.mistakes
    assert whole.recall() >= 0.95, whole.mistakes


@pytest.mark.parametrize("kind", MUST_FIND)
def test_the_gravest_kinds_are_never_missed(whole, kind):
    assert whole.recall(kind) == 1.0, whole.mistakes


def test_the_corpus_is_large_and_covers_every_kind():
    labelled = [row for part in wording_quality.PARTS for row in wording_quality.sentences(part)]
    assert len(labelled) >= 300
    kinds = {rule.kind for rule in load("uk").rules.values()}
    assert kinds == {kind for _, expected in labelled for kind in expected}


@pytest.mark.parametrize("path", sorted(DEMO.glob("*/*.md")), ids=lambda path: path.stem)
def test_the_demonstration_has_no_errors(path):
    therapy = THERAPIES.get(path.stem, path.stem if path.parent.name == "treatments" else None)
    found = check_text(path.read_text(encoding="utf-8"), therapy=therapy)
    assert not [finding for finding in found if finding.severity == "error"]


def test_the_benchmark_is_told_how_long_the_check_of_a_page_takes():
    command = [sys.executable, "-m", "scripts.wording_quality", "--speed"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    assert measured["words"] == 1500
    assert 0 < measured["processor_milliseconds"] < 1000
    assert f"{measured['processor_milliseconds']} ms" in measured["told"]


def test_every_rule_explains_itself():
    for rule in load("uk").rules.values():
        assert rule.severity in ("error", "warning")
        assert rule.reason
        assert rule.suggestion
        assert rule.rule.startswith("CAP")
