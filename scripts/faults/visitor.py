"""A visitor who fills in the form, and tries again when it does not go through."""

import http.client
import random
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from scripts.address import Address

TOKEN = re.compile(r'name="form_token"\s+value="([^"]+)"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_WORDS = (
    "knee", "hip", "stairs", "walk", "morning", "stiff", "ache", "sleep", "turn", "lift", "garden",
    "run", "desk", "chair", "car",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the server answered; status 0 if it did not."""

    status: int
    location: str = ""
    body: str = ""


def ask(
    address: Address, method: str, path: str, body: str | bytes | None = None, timeout: float = 40
) -> Answer:
    """Send one request; a broken connection is an answer of status 0."""
    connection = http.client.HTTPConnection(address.near_host, address.port, timeout=timeout)
    try:
        connection.request(method, path, body, _FORM if body is not None else {})
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        return Answer(response.status, response.headers.get("Location", ""), text)
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()


def open_form(address: Address, deadline: float) -> str:
    """Return the token of a new form, however often it takes to get one."""
    while time.monotonic() < deadline:
        found = TOKEN.search(ask(address, "GET", "/contact/").body)
        if found:
            return found[1]
        time.sleep(0.1)
    return ""


def answers(number: int, token: str, **changes: str) -> dict[str, str]:
    """Return the form as visitor `number` fills it in, different for each."""
    words = " ".join(random.Random(number).choices(_WORDS, k=12))  # noqa: S311  (no secret)
    return {
        "form_token": token,
        "full_name": f"Visitor {number}",
        "email": f"visitor{number}@example.com",
        "message": f"About my {words}, since {number} days.",
        "consent": "on",
    } | changes


def send(address: Address, form: dict[str, str]) -> Answer:
    """Send the form once."""
    return ask(address, "POST", "/contact/?send", urlencode(form))


def send_until_confirmed(address: Address, number: int, seconds: float) -> str:
    """Send the form until its confirmation is seen; return the reference, or nothing."""
    deadline = time.monotonic() + seconds
    token = open_form(address, deadline)
    while token and time.monotonic() < deadline:
        answer = send(address, answers(number, token))
        if answer.status == 303:
            return reference_in(answer.location)
        time.sleep(0.2)
    return ""


def reference_in(location: str) -> str:
    """Return the reference that the address of a confirmation page holds."""
    found = re.search(r"E-[0-9A-Z]{4}-[0-9A-Z]{4}", location)
    return found[0] if found else ""
