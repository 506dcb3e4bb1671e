"""What `make lint` says of packages with known weaknesses, and of checks that are done."""

import json

import pytest

from scripts import known_weaknesses
from scripts.known_weaknesses import NOT_ASKED, command, verdict
from scripts.lint import Check, checks, told

SOUND = {"name": "django", "version": "5.2.8", "vulns": []}
WEAK = {
    "name": "pillow",
    "version": "9.0.0",
    "vulns": [{"id": "PYSEC-2023-175", "fix_versions": ["10.0.1"], "description": "x"}],
}


def answer(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_known_weakness_fails_and_says_what_mends_it() -> None:
    code, words = verdict(answer(SOUND, WEAK), "Found 1 known vulnerability in 1 package")
    assert code == 1
    assert "pillow 9.0.0: PYSEC-2023-175 (mended in 10.0.1)" in words


def test_no_weakness_passes_and_says_of_how_many() -> None:
    assert verdict(answer(SOUND), "No known vulnerabilities found") == (0, "none in 1 packages")


def test_one_that_does_not_touch_us_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(known_weaknesses.NOT_OURS, "PYSEC-2023-175", "we do not use it")
    assert verdict(answer(SOUND, WEAK), "")[0] == 0


@pytest.mark.parametrize(
    "complaint",
    [
        "ERROR:pip_audit._cli:Could not connect to OSV’s vulnerability feed",
        "requests.exceptions.ConnectionError: Name or service not known",
        "ProxyError: Tunnel connection failed: 403 Forbidden",
        "Read timed out.",
    ],
)
def test_a_database_that_cannot_be_reached_fails_nothing_and_is_said(complaint: str) -> None:
    assert verdict("", complaint) == (0, NOT_ASKED)


@pytest.mark.parametrize("complaint", ["", "No module named pip_audit", "requirement: bad hash"])
def test_any_other_fault_fails(complaint: str) -> None:
    assert verdict("", complaint)[0] == 1


def test_nothing_is_installed_to_find_out() -> None:
    assert {"--disable-pip", "--require-hashes"} <= set(command())


def test_what_a_check_says_is_shown_when_it_fails_or_speaks() -> None:
    quiet, speaking = Check("Style", ("x",)), Check("Packages", ("x",), speaks=True)
    assert told(quiet, 0, "words") == "ok      Style"
    assert told(quiet, 1, "words") == "FAILED  Style\nwords\n"
    assert told(speaking, 0, NOT_ASKED) == f"ok      Packages: {NOT_ASKED}"


def test_code_and_packages_are_both_looked_at() -> None:
    commands = [" ".join(each.command) for each in checks()]
    (bandit,) = [each for each in commands if "bandit" in each]
    assert {"publishing", "enquiries", "clinic_site", "scripts"} <= set(bandit.split())
    assert any("known_weaknesses" in each for each in commands)
