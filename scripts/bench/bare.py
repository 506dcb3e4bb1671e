"""The least that a WSGI server can serve: one answer, ready made, from the file in BARE_ANSWER."""

import json
import os
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

_answer = json.loads(Path(os.environ["BARE_ANSWER"]).read_text())
_headers = [(name, value) for name, value in _answer["headers"]]
_body = [b64decode(_answer["body"])]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Return the answer, whatever is asked."""
    start_response("200 OK", _headers)
    return _body
