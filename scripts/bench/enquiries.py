"""How many enquiries a second are stored and acknowledged, on SQLite and on PostgreSQL.

Each is what a visitor does: open the form, send it, be led to the confirmation. The server has said
so only once the enquiry is in the database. The jobs send its mail meanwhile, to files.
"""

import http.client
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from scripts.address import DEFAULT_HOST
from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median, ratio
from scripts.bench.load import BROWSER
from scripts.bench.running import Running
from scripts.bench.site import Site
from scripts.environment import Problem
from scripts.faults.visitor import TOKEN, answers
from scripts.postgres import is_installed, throw_away_cluster

VISITORS = 8  # at the same time
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_numbers = itertools.count(1)
# Nothing is lost that was acknowledged, as on a real server.
_DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure both databases in turn."""
    site.inside("lifting")
    if not is_installed():
        with site.serve() as server:
            alone = [_per_second(server, effort.enquiries) for _ in range(effort.pairs)]
        told = median("stored and acknowledged on SQLite", alone, "a second")
        return Outcome("Enquiries", [told], notes=["PostgreSQL is not installed here."])
    with throw_away_cluster(options=_DURABLE) as url:
        other = Site(site.folder / "postgres", url)
        other.set_up(articles=0)
        other.inside("lifting")
        with site.serve() as first, other.serve() as second:
            _per_second(first, VISITORS)
            _per_second(second, VISITORS)
            pairs = [
                (_per_second(first, effort.enquiries), _per_second(second, effort.enquiries))
                for _ in range(effort.pairs)
            ]
    on_sqlite, on_postgres = [a for a, _ in pairs], [b for _, b in pairs]
    lines: list[Line] = [
        median("stored and acknowledged on SQLite", on_sqlite, "a second"),
        median("stored and acknowledged on PostgreSQL", on_postgres, "a second"),
        ratio("SQLite ÷ PostgreSQL", on_sqlite, on_postgres),
    ]
    note = (
        f"{VISITORS} visitors at the same time, each of whom opens the form first. SQLite writes"
        " ahead to a log that survives a crash of the site, and with the power the last moments may"
        " go (`synchronous=NORMAL`); PostgreSQL waits for the disk each time."
    )
    return Outcome("Enquiries", lines, notes=[note])


def _per_second(server: Running, number: int) -> float:
    """Send so many enquiries, and return how many were acknowledged a second."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(VISITORS) as pool:
        list(pool.map(lambda _: _visit(server.port), range(number)))
    return round(number / (time.perf_counter() - begun), 2)


def _visit(port: int) -> None:
    connection = http.client.HTTPConnection(DEFAULT_HOST, port, timeout=60)
    try:
        connection.request("GET", "/contact/", headers={"User-Agent": BROWSER["User-Agent"]})
        found = TOKEN.search(connection.getresponse().read().decode())
        if found is None:
            raise Problem("The form has no token, so no enquiry can be sent.")
        body = urlencode(answers(next(_numbers), found[1]))
        connection.request("POST", "/contact/?send", body, {**_FORM, **BROWSER})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise Problem(f"An enquiry was answered {answer.status}, and not stored.")
    finally:
        connection.close()
