"""What `make run` and `make dev` share: settings for this machine, data folder, demo clinic."""

import base64
import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.address import Address, machine_names
from scripts.environment import PYTHON, ROOT, Problem, run, say

Variables = dict[str, str]
_FAILED = "The step “manage.py {}” failed. The lines above say why."
_READ_DOTENV = "import dotenv, json, sys; print(json.dumps(dotenv.dotenv_values(sys.argv[1])))"


def chosen_variables() -> Variables:
    """Return what the person has set, in the environment or in .env; the environment wins."""
    done = subprocess.run(
        [PYTHON, "-c", _READ_DOTENV, ROOT / ".env"], capture_output=True, text=True, check=False
    )
    from_file = json.loads(done.stdout) if done.returncode == 0 else {}
    return {name: value for name, value in from_file.items() if value} | dict(os.environ)


def data_directory(chosen: Mapping[str, str]) -> Path:
    """Return where database, pictures and collected static files live."""
    return ROOT / (chosen.get("DATA_DIR") or "var")


def site_variables(chosen: Mapping[str, str], address: Address) -> Variables:
    """Return the settings of a site on this machine; what the person has set stays."""
    names = [] if address.is_loopback else [address.near_host, *machine_names()]
    defaults = {
        "SITE_URL": address.local_url,
        "ALLOWED_HOSTS": ",".join(names),
        "DATA_DIR": str(data_directory(chosen)),
    }
    if not chosen.get("SECRET_KEY") and not chosen.get("SECRET_KEY_FILE"):
        defaults["SECRET_KEY_FILE"] = str(data_directory(chosen) / "secret_key")
    if not chosen.get("ENQUIRY_KEYS") and not chosen.get("ENQUIRY_KEYS_FILE"):
        defaults["ENQUIRY_KEYS_FILE"] = str(data_directory(chosen) / "enquiry_keys")
    if address.is_loopback and not chosen.get("SITE_URL"):
        defaults["SECOND_FACTOR"] = "offered"  # a demonstration, which nobody else can reach
    variables = dict(chosen)
    for name, value in defaults.items():
        variables[name] = chosen.get(name) or value
    return variables


def prepare_data(variables: Mapping[str, str]) -> None:
    """Make the data folder and the keys, for the owner's eyes only, unless they are there."""
    folder = Path(variables["DATA_DIR"])
    # The second is as the encryption wants it: 32 random bytes.
    keys = {
        "secret_key": ("SECRET_KEY_FILE", secrets.token_urlsafe(50)),
        "enquiry_keys": (
            "ENQUIRY_KEYS_FILE",
            base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        ),
    }
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, (variable, key) in keys.items():
            path = folder / name
            if variables.get(variable) == str(path) and not path.exists():
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(file, "w") as opened:
                    opened.write(key)
    except OSError as error:
        raise Problem(
            f"Cannot write to the data folder {folder}: {error.strerror}.\n"
            "Set DATA_DIR to a folder of yours, for example: DATA_DIR=/tmp/clinic make run"
        ) from None


def manage(variables: Mapping[str, str], *arguments: str) -> None:
    """Run a management command in silence."""
    run(
        [PYTHON, "manage.py", *arguments],
        env=variables,
        failure=_FAILED.format(" ".join(arguments)),
    )


def manage_aloud(variables: Mapping[str, str], *arguments: str) -> None:
    """Run a management command that has something to tell the person."""
    done = subprocess.run(
        [PYTHON, "manage.py", *arguments],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        process_group=0,
        check=False,
    )
    if done.returncode:
        raise Problem(_FAILED.format(" ".join(arguments)))


def fill_database(variables: Mapping[str, str]) -> None:
    """Bring the database up to date, load the demo clinic once, make the demo's staff once."""
    manage(variables, "migrate", "--verbosity", "0")
    manage_aloud(variables, "load_content", "demo", "--once")
    manage_aloud(variables, "create_demo_staff")


def warn_if_reachable(address: Address) -> None:
    """Say what it means that others can reach the site."""
    if not address.is_loopback:
        say(
            "\nOthers on your network can reach this demo under the names and addresses of this"
            "\nmachine, and what they send is not encrypted: put nothing real in it."
            "\nA public site needs an https address; the README says how."
        )
