"""`make run`: from a fresh checkout to the demo clinic in a browser, served as in production."""

import argparse
import sys
from collections.abc import Mapping

from scripts.address import DEFAULT_HOST, DEFAULT_PORT, Address, check_free, parse_port
from scripts.environment import Problem, install, say
from scripts.local_site import (
    chosen_variables,
    fill_database,
    manage,
    prepare_data,
    site_variables,
    warn_if_reachable,
)
from scripts.server import Server


def parse_arguments(arguments: list[str]) -> Address:
    """Return the address to listen on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default=DEFAULT_HOST)
    parser.add_argument("--port", default=str(DEFAULT_PORT))
    parsed = parser.parse_args(arguments)
    return Address(parsed.host, parse_port(parsed.port))


def set_up(address: Address) -> Mapping[str, str]:
    """Install, migrate, load and collect, whatever of it is still to do; return the settings."""
    check_free(address, "make run")
    say("1/4 Python packages")
    install("base")
    variables = {**site_variables(chosen_variables(), address), "DEBUG": "false"}
    say(f"2/4 Database and demo clinic, in {variables['DATA_DIR']}")
    prepare_data(variables)
    fill_database(variables)
    say("3/4 Style sheets, scripts and icons")
    manage(variables, "collectstatic", "--noinput", "--verbosity", "0")
    say("4/4 Starting the server")
    return variables


def announce(address: Address, variables: Mapping[str, str]) -> None:
    """Print where everything is, and how to stop."""
    warn_if_reachable(address)
    site = variables["SITE_URL"].rstrip("/")
    say("\nThe clinic's site is running.")
    say(f"  For patients   {site}/")
    say(f"  For staff      {site}/admin/")
    if not variables.get("EMAIL_HOST"):
        say(f"  Mail it sends  files in {variables['DATA_DIR']}/mail")
    say("Ctrl+C stops it.")


def main(arguments: list[str]) -> int:
    """Set up, serve until stopped, and return the exit code."""
    try:
        address = parse_arguments(arguments)
        variables = set_up(address)
        server = Server(address)
        server.stop_on_signals()
        server.start(variables)
        server.wait_until_ready()
        if server.is_running:
            announce(address, variables)
        server.wait()
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped before the site was ready. Run the same command to go on.")
        return 0
    say("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
