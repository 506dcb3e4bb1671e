"""No text makes the site think for ever about it: its expressions, and what the public may send."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client

from components.whitespace import without_indentation
from tests.enquiries.conftest import answers
from tests.factories import make_clinic
from tests.security.regular_expressions import ROOT, hard_texts

# No measure of speed: what backtracks without bound takes longer than anybody can wait.
FOR_EVER = 240  # seconds


def test_every_expression_is_done_with_texts_that_it_finds_hard() -> None:
    """In a process of its own, which can be ended: nothing stops an expression at work."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.security.regular_expressions"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True,
            text=True,
            timeout=FOR_EVER,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        told = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout
        pytest.fail(f"Not done with {(told or '').split()[-1:]}")
    assert done.returncode == 0, done.stderr
    assert "components.whitespace" in done.stdout
    assert len(done.stdout.split()) > 100


def test_the_texts_are_hard_for_an_expression_that_backtracks() -> None:
    """Each would take twice as long with every letter more; so it is tried with a few."""
    for bad in (r"(a+)+b", r"(?:[a-z]+)*\d", r"(a|a)*c", r"<(\s*\w+)*>"):
        texts = list(hard_texts(re.compile(bad)))
        assert any(re.match(bad.replace("b", "").rstrip("cd\\>"), each) for each in texts), bad


@pytest.fixture
def hang_guard() -> Iterator[None]:
    """End a test that would never end."""
    import faulthandler

    faulthandler.dump_traceback_later(FOR_EVER, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


LONG = {
    "spaces": "a" + " " * 1_000_000 + "b",
    "new lines and tabs": "a" + "\t\n" * 50_000 + "b",
    "brackets": "[(" * 50_000,
    "addresses": "a@" * 50_000,
    "dots": "a." * 50_000,
    "digits": "1" * 100_000,
    "marks": "a\u0301" * 50_000,
}


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.usefixtures("hang_guard")
@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("url", ["/contact/", "/feedback/"])
def test_a_form_with_very_long_answers_comes_back(client: Client, url: str, text: str) -> None:
    make_clinic()
    for name in ("full_name", "email", "telephone", "message"):
        response = client.post(url, answers(**{name: text}) | {"kind": "mistake", "page": "/"})
        assert response.status_code in {400, 422}, name


@pytest.mark.usefixtures("hang_guard")
def test_a_page_with_a_million_spaces_loses_its_indentation_at_once() -> None:
    page = f"<p>\n  <b>a{' ' * 1_000_000}b</b>  \n</p>"
    assert without_indentation(page) == f"<p>\n<b>a{' ' * 1_000_000}b</b>\n</p>"
