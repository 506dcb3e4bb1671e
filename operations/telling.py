"""Lines of the log from processes that know no Django."""

import json
import os
import sys
from datetime import UTC, datetime

# Set by `manage.py serve` for its processes.
FORMAT_VARIABLE = "CLINIC_LOG_FORMAT"


def tell(message: str, level: str = "INFO", logger: str = "operations.process_group") -> None:
    """Write a line as the site's log has them (`operations.logs`)."""
    now = datetime.now(UTC)
    if os.environ.get(FORMAT_VARIABLE) == "json":
        told = {
            "time": now.isoformat(timespec="milliseconds"),
            "level": level,
            "logger": logger,
            "message": message,
        }
        line = json.dumps(told, ensure_ascii=False)
    else:
        line = f"{now.astimezone():%Y-%m-%d %H:%M:%S} {level} {logger}: {message}"
    print(line, file=sys.stderr, flush=True)  # noqa: T201  (this is the log)
