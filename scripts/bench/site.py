"""The site that is measured: the demo clinic with made-up articles, in a scratch folder."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.address import DEFAULT_HOST, Address, free_port
from scripts.bench.running import Running, running
from scripts.environment import PYTHON, ROOT, Problem, say
from scripts.local_site import Variables, manage, prepare_data, site_variables

ARTICLES = 40
ARTICLE = "/articles/what-medical-acupuncture-is/"
# What readers come for, most of them to pages.
MIXED = (
    "/", "/conditions/", "/conditions/back-pain/", "/conditions/neck-pain/",
    "/conditions/headaches/", "/articles/", ARTICLE, "/articles/acute-or-chronic-pain/",
    "/articles/?page=2", "/treatments/", "/practitioners/", "/glossary/", "/privacy/",
    "/contact/", "/search/?q=back+pain",
)  # fmt: skip
# No page is kept for an address with an unknown query: the framework renders it for each request,
# as for staff. What many pages share (`delivery.remembered`) is ready, as it always is.
RENDERED = f"{ARTICLE}?from=elsewhere"
# What a person has set for their own site is nothing to this one.
_OWN = {
    "DATABASE_URL", "SITE_URL", "SECRET_KEY", "SECRET_KEY_FILE", "ENQUIRY_KEYS",
    "ENQUIRY_KEYS_FILE", "EMAIL_HOST", "TRUSTED_PROXIES", "PAGE_CACHE_MEGABYTES",
}  # fmt: skip
_COMMAND = """\
import json, sys
from pages.management.commands.serve import default_workers, server_command
host, port, application = sys.argv[1:]
command = server_command(host=host, port=int(port), workers=default_workers())
print(json.dumps([*command[:-1], application]))"""


class Site:
    """A site of the benchmarks' own."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.address = Address(DEFAULT_HOST, free_port())
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        chosen = {**kept, "DATA_DIR": str(folder)}
        # Empty, so that no .env of this checkout fills them in.
        chosen |= {"SECRET_KEY": "", "ENQUIRY_KEYS": "", "EMAIL_HOST": "", "DEBUG": "false"}
        self.variables: Variables = site_variables(chosen, self.address) | {
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'db.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "clinic_site.settings",
            "LOG_LEVEL": "ERROR",
        }

    def set_up(self, articles: int = ARTICLES) -> None:
        """Make the database, with the demo clinic and so many articles."""
        say(f"  Making a site with {articles:,} articles")
        prepare_data(self.variables)
        manage(self.variables, "migrate", "--verbosity", "0")
        manage(self.variables, "load_content", "demo")
        manage(self.variables, "collectstatic", "--noinput", "--verbosity", "0")
        self.inside("filling", str(articles))

    def inside(self, module: str, *arguments: str) -> Any:
        """Run a module of the benchmarks that knows the site's models; return what it tells."""
        done = subprocess.run(
            [PYTHON, "-m", f"scripts.bench.{module}", *arguments],
            cwd=ROOT,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(f"{done.stderr.strip()}\n\nscripts.bench.{module} could not measure.")
        return json.loads(done.stdout)

    def server_command(self, application: str, port: int) -> list[str]:
        """Return the command that `manage.py serve` turns into, for another application."""
        done = subprocess.run(
            [PYTHON, "-c", _COMMAND, DEFAULT_HOST, str(port), application],
            cwd=ROOT,
            env=self.variables,
            capture_output=True,
            text=True,
            check=True,
        )
        command: list[str] = json.loads(done.stdout)
        return command

    @contextmanager
    def serve(self, **changed: str) -> Iterator[Running]:
        """Serve it as in production, with the jobs, on a port of its own."""
        port = free_port()
        with running(
            [PYTHON, "manage.py", "serve", "--host", DEFAULT_HOST, "--port", str(port)],
            port=port,
            cwd=ROOT,
            variables={**self.variables, **changed},
            log=self.folder / "serve.log",
        ) as server:
            yield server
