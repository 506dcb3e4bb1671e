"""Who asks: `wrk`, over connections that stay open, as a browser of today does."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts.bench.effort import Effort
from scripts.bench.tools import find_tool
from scripts.environment import Problem

# A reader's browser: what names no browser is not counted as a reader, which would be less work.
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept": "text/html,*/*",
}
_TELL = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nFIGURES {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failed":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""
_MIXED = """
local paths = {%s}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


@dataclass(frozen=True)
class Loaded:
    """What a server did under load."""

    requests: int
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float


def load(
    url: str, paths: Sequence[str], *, connections: int, seconds: float, may_be_idle: bool = False
) -> Loaded:
    """Ask for the paths in turn, as fast as answers come.

    No answer at all in that time is a problem, unless the server `may_be_idle`.
    """
    script = "".join(f'wrk.headers["{name}"] = "{value}"\n' for name, value in BROWSER.items())
    if len(paths) > 1:
        script += _MIXED % ", ".join(f'"{path}"' for path in paths)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + _TELL)
        file.flush()
        done = subprocess.run(
            [
                find_tool("wrk"), "--threads", "1", "--connections", str(connections),
                # wrk knows whole seconds only.
                "--duration", f"{max(1, round(seconds))}s", "--timeout", "20s",
                "--script", file.name, f"{url}{paths[0]}",
            ],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    _, _, told = done.stdout.rpartition("FIGURES ")
    if done.returncode or not told:
        raise Problem(f"wrk could not measure {url}{paths[0]}: {done.stderr or done.stdout}")
    figures = json.loads(told)
    if figures["failed"] or not (figures["requests"] or may_be_idle):
        raise Problem(f"{figures['failed']} of {figures['requests']} requests failed at {url}.")
    return Loaded(
        figures["requests"],
        round(figures["requests"] / figures["microseconds"] * 1e6, 1),
        round(figures["p50"] / 1000, 2),
        round(figures["p99"] / 1000, 2),
    )


def in_turn(
    effort: Effort, first: Callable[[float], Loaded], second: Callable[[float], Loaded]
) -> tuple[list[float], list[float]]:
    """Measure two things in turn, pair by pair; return the requests per second of each."""
    first(effort.warm_up)
    second(effort.warm_up)
    pairs = [
        (first(effort.seconds).requests_per_second, second(effort.seconds).requests_per_second)
        for _ in range(effort.pairs)
    ]
    return [a for a, _ in pairs], [b for _, b in pairs]
