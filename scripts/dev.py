"""`make dev`: the developer's server, which reloads when the code changes."""

import os
import subprocess
import sys
from collections.abc import Mapping

from scripts.address import Address, check_free, in_url
from scripts.environment import PYTHON, ROOT, Problem, install, say
from scripts.local_site import (
    chosen_variables,
    fill_database,
    prepare_data,
    site_variables,
    warn_if_reachable,
)
from scripts.run import parse_arguments


def set_up(address: Address) -> Mapping[str, str]:
    """Install and fill the database; return the settings."""
    check_free(address, "make dev")
    install("dev")
    variables = {**site_variables(chosen_variables(), address), "DEBUG": "true"}
    prepare_data(variables)
    fill_database(variables)
    return variables


def become_server(address: Address, variables: Mapping[str, str]) -> None:
    """Start the jobs, and let Django's own server take this process's place."""
    os.chdir(ROOT)
    # The work behind the site. It ends with the server; a change of its code needs a new start.
    subprocess.Popen(
        [PYTHON, "manage.py", "run_jobs", "--parent", str(os.getpid())],
        env=variables,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )
    listen = f"{in_url(address.host)}:{address.port}"
    os.execve(PYTHON, [str(PYTHON), "manage.py", "runserver", listen], variables)  # noqa: S606


def main(arguments: list[str]) -> int:
    """Set up and serve; return the exit code if there was a problem."""
    try:
        address = parse_arguments(arguments)
        variables = set_up(address)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    warn_if_reachable(address)
    say("\nCode, templates and style sheet reload as you save them. Ctrl+C stops the server.")
    become_server(address, variables)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
