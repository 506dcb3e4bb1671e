"""`make fault-test`: try every fault, print the figures, and fail if anything was lost."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from scripts.environment import PYTHON, ROOT, say
from scripts.faults import trials
from scripts.faults.crowd import readers_and_writers
from scripts.faults.mail_server import BadMailServer
from scripts.faults.site import TrialSite
from scripts.faults.trials import Outcome
from scripts.postgres import throw_away_cluster

Trial = Callable[[TrialSite, BadMailServer], Outcome]
EVERYWHERE: dict[str, Trial] = {
    "server killed at random during 500 submissions": trials.killed_at_random,
    "200 submissions at once": trials.all_at_once,
    "10 MB, and odd texts in every field": trials.odd_input,
    "50 readers and 5 writers for a minute": readers_and_writers,
}
# These take hold of SQLite's file.
SQLITE_ONLY: dict[str, Trial] = {
    "database locked for 10 seconds": trials.locked_for_ten_seconds,
    "disk full during a submission": trials.disk_full,
}


def in_process(site: TrialSite) -> dict[str, Outcome]:
    """Run the trials that set the clock, and judge what they counted."""
    done = subprocess.run(
        [PYTHON, "-m", "scripts.faults.in_process"],
        cwd=ROOT,
        env={**site.variables, "DJANGO_SETTINGS_MODULE": "clinic_site.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"trials that set the clock": Outcome({}, [done.stderr.strip()[-2000:]])}
    outcomes = {}
    for name, counted in json.loads(done.stdout).items():
        outcome = Outcome(counted)
        if "taken in the end" in counted:
            outcome.expect(counted["taken in the end"] >= counted["mails"], "a mail was lost")
        elif "taken" in counted:
            outcome.expect(counted["taken"] == counted["mails"], "lost, or sent twice")
        else:
            outcome.expect(counted == {"stored": 1, "mails sent": 2}, "not stored, or not sent")
        outcomes[name] = outcome
    return outcomes


def show(name: str, outcome: Outcome, seconds: float) -> bool:
    """Print what a trial counted; say whether all was well."""
    say(f"\n{name} ({seconds:.0f} s)")
    counted: dict[str, Any] = outcome.counted
    for what, number in counted.items():
        say(f"  {what:<40} {number}")
    for failure in outcome.failures:
        say(f"  FAILED: {failure}")
    return not outcome.failures


def run_all(database_url: str) -> bool:
    """Try every fault on one database."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-faults-"))
        mail = BadMailServer()
        mail.start()
        stack.callback(mail.stop)
        site = TrialSite(folder, mail.port, database_url)
        stack.callback(site.kill)
        site.set_up()
        chosen = EVERYWHERE | ({} if database_url else SQLITE_ONLY)
        well = True
        for name, trial in chosen.items():
            begun = time.monotonic()
            well &= show(name, trial(site, mail), time.monotonic() - begun)
        begun = time.monotonic()
        for name, outcome in in_process(site).items():
            well &= show(name, outcome, time.monotonic() - begun)
        return well


def main() -> int:
    """Run on SQLite, and on PostgreSQL too if asked."""
    say("On SQLite")
    well = run_all("")
    if "--postgres" in sys.argv[1:]:
        with throw_away_cluster() as url:
            say("\nOn PostgreSQL")
            well &= run_all(url)
    say("\nNothing was lost." if well else "\nSomething went wrong: see FAILED above.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
