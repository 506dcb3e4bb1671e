"""Prints how long Wagtail takes for pages and how many queries each costs, as JSON."""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

REPEATS = 30


def measure(path: str) -> dict[str, Any]:
    """Return the median time of a page within this process, nothing cached, and its queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, times = Client(), []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        answer = client.get(path, headers={"host": "127.0.0.1"})
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(path, headers={"host": "127.0.0.1"})
    return {
        "milliseconds": statistics.median(times[3:]),
        "queries": len(queries),
        "bytes": len(answer.content),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    django.setup()
    sys.stdout.write(json.dumps({path: measure(path) for path in sys.argv[1:]}))
