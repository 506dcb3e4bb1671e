"""`make test`: install what the tests need, the browser included, and run them."""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence

from scripts.browser import find_browser
from scripts.environment import PYTHON, Problem, follow, install, say

# Exit codes of pytest.
INTERRUPTED = 2
NO_TESTS = 5


def parts(arguments: Sequence[str], *, with_coverage: bool) -> list[list[str]]:
    """Return pytest's arguments, once per run.

    The whole suite with coverage takes two. First the tests of each app, by which coverage is
    judged. Then those of the whole site, from outside: page by page, role by role, in a browser, or
    by hundreds of examples. They run code that has tests of its own already, and much of it in a
    server, so they are not measured, which makes them a good deal quicker.
    """
    if arguments:
        return [list(arguments)]
    # One more than processors: many of these wait for a server, a browser or a mail.
    everywhere = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadgroup"]
    if not with_coverage:
        return [everywhere]
    return [["-m", "not whole", "-n", "auto", "--cov"], ["-m", "whole", *everywhere]]


def verdict(codes: Sequence[int]) -> int:
    """Return one exit code for several runs; a run may be empty as long as another was not."""
    failures = [code for code in codes if code not in {0, NO_TESTS}]
    if failures:
        return failures[0]
    return 0 if 0 in codes else NO_TESTS


def prepare() -> dict[str, str]:
    """Install packages and browser; return the variables that the tests run with."""
    say("Preparing the tests")
    install("dev")
    browser = find_browser()
    say(f"  Browser: {browser or 'the one Playwright fetched'}")
    return {**os.environ, "BROWSER_PATH": browser}


def run_suite(
    arguments: Sequence[str], variables: Mapping[str, str], *, with_coverage: bool
) -> int:
    """Run the tests and return an exit code."""
    codes = []
    with tempfile.TemporaryDirectory(prefix="clinic-prepared-") as shared:
        shared_by_all = {**variables, "TEST_PREPARED": shared}  # see tests/prepared.py
        for part in parts(arguments, with_coverage=with_coverage):
            codes.append(follow([PYTHON, "-m", "pytest", *part], env=shared_by_all))
            if codes[-1] == INTERRUPTED:
                break
    return verdict(codes)


def main(arguments: list[str]) -> int:
    """Run the tests on SQLite."""
    try:
        return run_suite(arguments, prepare(), with_coverage=True)
    except Problem as problem:
        say(f"\n{problem}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
