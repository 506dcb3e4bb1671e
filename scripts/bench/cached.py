"""A kept article page against a bare WSGI function that returns the same bytes."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from scripts.address import free_port
from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median, ratio
from scripts.bench.load import BROWSER, Loaded, in_turn, load
from scripts.bench.running import Running, fetch, running
from scripts.bench.site import ARTICLE, Site
from scripts.environment import ROOT

CONNECTIONS = 16
# What every answer has to say of a body.
_LEAST = {"content-type", "content-encoding", "content-length"}
# Which the server adds by itself.
_SERVERS_OWN = {"date", "server", "connection"}


@contextmanager
def bare(site: Site, headers: Mapping[str, str], body: bytes) -> Iterator[Running]:
    """Serve one answer with a bare function under the production server."""
    file = site.folder / f"bare-{len(headers)}.json"
    file.write_text(
        json.dumps({"headers": list(headers.items()), "body": b64encode(body).decode()})
    )
    port = free_port()
    with running(
        site.server_command("scripts.bench.bare:application", port),
        port=port,
        cwd=ROOT,
        variables={**site.variables, "BARE_ANSWER": str(file)},
    ) as server:
        yield server


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure in pairs: the same answer, and the same body with the fewest headers."""
    with site.serve() as server:
        headers, body = fetch(server.port, ARTICLE, BROWSER)
        told = {name: value for name, value in headers.items() if name not in _SERVERS_OWN}
        least = {name: value for name, value in told.items() if name in _LEAST}

        def ours(seconds: float) -> Loaded:
            return load(server.url, [ARTICLE], connections=CONNECTIONS, seconds=seconds)

        with bare(site, told, body) as same, bare(site, least, body) as fewest:

            def theirs(seconds: float) -> Loaded:
                return load(same.url, [ARTICLE], connections=CONNECTIONS, seconds=seconds)

            def with_fewest(seconds: float) -> Loaded:
                return load(fewest.url, [ARTICLE], connections=CONNECTIONS, seconds=seconds)

            kept, function = in_turn(effort, ours, theirs)
            kept_again, shortest = in_turn(effort, ours, with_fewest)
    lines: list[Line] = [
        ratio("kept page ÷ bare function, same bytes", kept, function, at_least=0.8),
        ratio("kept page ÷ bare function, same body, three headers", kept_again, shortest),
        median("kept page", kept, "requests/s"),
        median("bare function, same bytes", function, "requests/s"),
        median("bare function, three headers", shortest, "requests/s"),
        Line("body of the article page, brotli", len(body), "bytes"),
    ]
    return Outcome(f"A kept page, at {CONNECTIONS} connections", lines)
