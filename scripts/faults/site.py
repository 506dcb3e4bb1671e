"""A site of the trials' own: scratch folder, server with its jobs, database to look into."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from scripts.address import DEFAULT_HOST, Address, free_port
from scripts.environment import PYTHON, ROOT
from scripts.local_site import manage, prepare_data, site_variables
from scripts.server import answers

_OWN = {"DATABASE_URL", "SITE_URL", "SECRET_KEY", "SECRET_KEY_FILE", "ENQUIRY_KEYS",
        "ENQUIRY_KEYS_FILE", "EMAIL_HOST"}  # fmt: skip
_SHELL = "import json\nfrom django.utils import timezone\nfrom enquiries.models import *\n"


class TrialSite:
    """Started, killed and started again."""

    def __init__(self, folder: str, mail_port: int, database_url: str = "") -> None:
        self.address = Address(DEFAULT_HOST, free_port())
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        self.variables = site_variables({**kept, "DATA_DIR": folder}, self.address) | {
            "DEBUG": "false",
            "DATABASE_URL": database_url or f"sqlite:///{folder}/db.sqlite3",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
            "EMAIL_USE_TLS": "false",
            "LOG_LEVEL": "CRITICAL",  # what goes wrong here goes wrong on purpose
        }
        self.folder = folder
        self.log = Path(folder) / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def set_up(self) -> None:
        """Make the database with the demo clinic, and lift the limits for spam."""
        prepare_data(self.variables)
        manage(self.variables, "migrate", "--verbosity", "0")
        manage(self.variables, "load_content", "demo")
        manage(self.variables, "collectstatic", "--noinput", "--verbosity", "0")
        # Every trial's enquiries come from one address.
        self.ask(
            "SpamPolicy.objects.create(pk=1, threshold=50, per_network_per_hour=1000,"
            " repeats_per_day=100)\nprint(json.dumps(None))"
        )

    def start(self, **changes: str) -> None:
        """Start the server and its jobs, with changed settings, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    PYTHON, "manage.py", "serve",
                    "--host", self.address.host, "--port", str(self.address.port),
                ],
                cwd=ROOT,
                env=self.variables | changes,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not answers(self.address):
            if time.monotonic() > deadline:
                raise TimeoutError("The server did not answer within a minute.")
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server, its workers and its jobs with SIGKILL, in the middle of whatever."""
        if self.process is not None:
            # The session that this object started, by its number.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def processes(self) -> list[int]:
        """Return the server's processes and the jobs', by their numbers."""
        assert self.process is not None  # noqa: S101  (it was started)
        found = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # The sixth field is the session, counted after the name, which may hold anything.
                session = entry.read_text().rpartition(")")[2].split()[3]
                if int(session) == self.process.pid:
                    found.append(int(entry.parent.name))
        return found

    def ask(self, code: str) -> Any:
        """Run code that knows the models and prints JSON; return what it printed."""
        done = subprocess.run(
            [PYTHON, "manage.py", "shell", "--no-imports", "--command", _SHELL + code],
            cwd=ROOT, env=self.variables, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout.strip().splitlines()[-1])

    def let_time_pass(self) -> None:
        """Make the mail that killed senders had taken due now, as it is some minutes later.

        First the living ones have to be through with what they are sending.
        """
        self._wait_for("state='waiting', attempts=0", 120)
        time.sleep(5)
        self.ask(
            "OutgoingMail.objects.filter(state='waiting').update(due_at=timezone.now())\n"
            "print(json.dumps(None))"
        )

    def drain(self, seconds: float) -> int:
        """Wait until no mail is waiting; return how many still are when the time is over."""
        return self._wait_for("state='waiting'", seconds)

    def _wait_for(self, which: str, seconds: float) -> int:
        deadline = time.monotonic() + seconds
        left = 1
        while left and time.monotonic() < deadline:
            left = self.ask(f"print(json.dumps(OutgoingMail.objects.filter({which}).count()))")
            time.sleep(0.5)
        return left
