"""How fast many pages are indexed and searched, on each database that this machine has."""

import json
import subprocess

from scripts import postgres
from scripts.environment import PYTHON, ROOT, Problem, say
from scripts.local_site import Variables, manage

SIZES = ("1000", "10000")  # pages

Figures = dict[str, list[dict[str, float]]]


def search_figures(variables: Variables) -> Figures:
    """Return the figures at each size by database; the scratch database is in `DATA_DIR`.

    PostgreSQL is left out where its programs are not installed.
    """
    say("Indexing and searching 1,000 and 10,000 pages on SQLite")
    name = f"{variables['DATA_DIR']}/search.sqlite3"
    found = {"SQLite": _measure({**variables, "DATABASE_URL": f"sqlite:///{name}"})}
    if postgres.is_installed():
        with postgres.throw_away_cluster() as url:
            say("The same on PostgreSQL")
            found["PostgreSQL"] = _measure({**variables, "DATABASE_URL": url})
    return found


def search_lines(found: Figures) -> list[str]:
    """Return the figures as a person reads them."""
    return [
        "Search, {pages:,} pages on {database}: indexed in {index_seconds} s; found in"
        " {p50_milliseconds} ms, p95 {p95_milliseconds} ms.".format(database=database, **each)
        for database, figures in found.items()
        for each in figures
    ]


def _measure(variables: Variables) -> list[dict[str, float]]:
    manage(variables, "migrate", "--verbosity", "0")
    manage(variables, "load_content", "demo")
    done = subprocess.run(
        [PYTHON, "-m", "scripts.search_speed", *SIZES],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"{done.stderr.strip()}\n\nscripts.search_speed could not measure.")
    figures: list[dict[str, float]] = json.loads(done.stdout)
    return figures
