"""Prints how long Django alone takes for pages, as JSON. `scripts.bench` runs it inside .venv."""

import importlib.metadata
import json
import os
import sys
import time
from typing import Any

import django

WARM_UP = 3
REPEATS = 30


def render_milliseconds(client: Any, path: str) -> list[float]:
    """Return the time of each of several requests within this process: no network, no server."""
    times = []
    for number in range(WARM_UP + REPEATS):
        start = time.perf_counter()
        response = client.get(path, headers={"host": "127.0.0.1"})
        if response.status_code != 200:
            sys.exit(f"{path} answered {response.status_code}")
        if number >= WARM_UP:
            times.append((time.perf_counter() - start) * 1000)
    return times


def main(paths: list[str]) -> None:
    """Measure the paths and print the times and the versions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    django.setup()
    from django.test import Client

    client = Client()
    times = {path: render_milliseconds(client, path) for path in paths}
    versions = {name: importlib.metadata.version(name) for name in ("Django", "granian")}
    print(json.dumps({"milliseconds": times, "versions": versions}))


if __name__ == "__main__":
    main(sys.argv[1:])
