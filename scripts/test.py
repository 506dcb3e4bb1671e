"""`make test`: install what the tests need, the browser included, and run them."""

import os
import sys
from collections.abc import Mapping, Sequence

from scripts.browser import find_browser
from scripts.environment import PYTHON, Problem, follow, install, say

# Exit codes of pytest.
INTERRUPTED = 2
NO_TESTS = 5


def parts(arguments: Sequence[str], *, with_coverage: bool) -> list[list[str]]:
    """Return pytest's arguments, once per run.

    The whole suite takes two, each on every processor: what needs no browser, then the browser's
    tests, which have a site of their own in each process. Coverage is judged at the end of the
    first: what a browser visits runs in a server that it does not measure.
    """
    if arguments:
        return [list(arguments)]
    rest = ["-m", "not browser", "-n", "auto"]
    browser = ["-m", "browser", "-n", "auto"]
    if with_coverage:
        rest += ["--cov"]
    return [rest, browser]


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
    for part in parts(arguments, with_coverage=with_coverage):
        codes.append(follow([PYTHON, "-m", "pytest", *part], env=variables))
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
