"""The site against Wagtail with wagtail-cache: the same text, the same server, the same machine."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.address import free_port
from scripts.bench.effort import Effort
from scripts.bench.figures import Line, Outcome, median, ratio
from scripts.bench.load import Loaded, in_turn, load
from scripts.bench.memory import memory_of
from scripts.bench.running import Running, running
from scripts.bench.site import ARTICLE, RENDERED, Site
from scripts.bench.tools import scratch_environment
from scripts.environment import PYTHON, ROOT, Problem, run, say

CONNECTIONS = 16
SOURCE = ROOT / "benchmarks" / "wagtail_site"
_NOTE = (
    "Ours is compressed; Wagtail's is not, as wagtail-cache keeps no compressed pages and"
    " compressing each would cost it more. Its cache is in each worker's own memory."
)
_FAILED = "The Wagtail site could not be made. The lines above say why."


class WagtailSite:
    """A small Wagtail site that shows the text of ours."""

    def __init__(self, ours: Site) -> None:
        self._ours = ours
        self._python = scratch_environment("wagtail")
        self._folder = ours.folder / "wagtail"
        kept = {
            name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
        }
        self._variables = {**kept, "WAGTAIL_DATA": str(self._folder), "WAGTAIL_CACHE": "0"}

    def set_up(self) -> None:
        """Make its database of our text. Its migrations are made here: nobody keeps them."""
        say("  Making a Wagtail site of the same text")
        self._folder.mkdir()
        text = self._folder / "text.json"
        text.write_text(json.dumps(self._ours.inside("exporting")))
        # Beside its data, so that its migrations are not left in the checkout.
        self._project = self._folder / "project"
        run(["cp", "-r", SOURCE, self._project], failure=_FAILED)
        for arguments in (
            ["manage.py", "makemigrations", "home", "--verbosity", "0"],
            ["manage.py", "migrate", "--verbosity", "0"],
            ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            ["home/fill.py", str(text)],
        ):
            self._run(*arguments)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._python, *arguments],
            cwd=self._project,
            env=self._variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(f"{done.stderr.strip()}\n\n{_FAILED}")
        return done.stdout

    def rendering(self, path: str) -> dict[str, Any]:
        """Return the median time and the queries of a page that is rendered each time."""
        found: dict[str, Any] = json.loads(self._run("render_times.py", path))[path]
        return found

    @contextmanager
    def serve(self, *, cached: bool) -> Iterator[Running]:
        """Serve it as ours is served: same server, workers and threads."""
        port = free_port()
        command = self._ours.server_command("wsgi:application", port)
        with running(
            [self._python, *command[1:]],
            port=port,
            cwd=self._project,
            # The server's own modules are ours; its project comes before them.
            variables={
                **self._variables,
                "WAGTAIL_CACHE": "1" if cached else "0",
                "PYTHONPATH": str(ROOT),
            },
            wait_for=ARTICLE,
            log=self._folder / "serve.log",
        ) as server:
            yield server


def measure(site: Site, effort: Effort) -> Outcome:
    """Measure in pairs with both caches on, with both off, and each page's rendering alone."""
    theirs = WagtailSite(site)
    theirs.set_up()
    lines: list[Line] = []
    with site.serve() as ours, theirs.serve(cached=True) as other:
        kept, cached = in_turn(effort, _asking(ours), _asking(other))
        memory = memory_of(other)
    with site.serve() as ours, theirs.serve(cached=False) as other:
        rendered, uncached = in_turn(effort, _asking(ours, RENDERED), _asking(other))
    our_page, their_page = our_rendering(site, ARTICLE), theirs.rendering(ARTICLE)
    lines += [
        ratio("kept page ÷ Wagtail with wagtail-cache", kept, cached, at_least=6),
        ratio("page rendered each time ÷ Wagtail without cache", rendered, uncached, at_least=1.5),
        median("ours, kept", kept, "requests/s"),
        median("Wagtail, cached", cached, "requests/s"),
        median("ours, rendered each time", rendered, "requests/s"),
        median("Wagtail, without cache", uncached, "requests/s"),
        median(
            "ours, rendering", [our_page["milliseconds"]], "ms", at_most=their_page["milliseconds"]
        ),
        Line("Wagtail, rendering", their_page["milliseconds"], "ms"),
        median("ours, queries", [our_page["queries"]], "", at_most=5),
        Line("Wagtail, queries", their_page["queries"]),
        Line("ours, HTML", our_page["bytes"], "bytes"),
        Line("Wagtail, HTML", their_page["bytes"], "bytes"),
        Line("Wagtail, memory (PSS) after 10,000 requests", memory, "MB"),
    ]
    return Outcome(f"Against Wagtail, at {CONNECTIONS} connections", lines, notes=[_NOTE])


def our_rendering(site: Site, path: str) -> dict[str, Any]:
    """Return the same of our page, by the same program."""
    done = subprocess.run(
        [PYTHON, Path("benchmarks") / "wagtail_site" / "render_times.py", path],
        cwd=ROOT,
        env={**site.variables, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)[path]
    return found


def _asking(server: Running, path: str = ARTICLE) -> Any:
    def ask(seconds: float) -> Loaded:
        return load(server.url, [path], connections=CONNECTIONS, seconds=seconds)

    return ask
