"""Web machines of one site: processes with a folder each, which share nothing but servers."""

import http.client
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from pages.management.commands import serve
from scripts.address import DEFAULT_HOST, Address, free_port
from scripts.environment import ROOT
from scripts.server import answers
from tests.publishing.test_page_admin import filled_in

SECONDS_TO_START = 60
_FORM = "application/x-www-form-urlencoded"


class Machine:
    """The production server in a folder of its own, and the commands that are run there."""

    def __init__(self, name: str, folder: Path, variables: dict[str, str]) -> None:
        self.name = name
        self.folder = folder / name
        self.address = Address(DEFAULT_HOST, free_port())
        self.variables = variables | {
            "DATA_DIR": str(self.folder),
            # By this PostgreSQL tells whose connections are open.
            "DATABASE_URL": f"{variables['DATABASE_URL']}?application_name={name}",
        }
        self.process: subprocess.Popen[bytes] | None = None
        (self.folder / "static").mkdir(parents=True)

    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command of this machine."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self) -> None:
        """Start the server, with one worker."""
        log = (self.folder / "server.log").open("wb")
        with log:
            self.process = subprocess.Popen(
                # What `manage.py serve` turns into, without the seconds that it takes to do so.
                serve.server_command(host=DEFAULT_HOST, port=self.address.port, workers=1),
                cwd=ROOT,
                env=self.variables,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Return when it answers."""
        assert self.process is not None
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(self.address):
            log = (self.folder / "server.log").read_text()
            assert self.process.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.1)

    def stop(self) -> None:
        """Tell the server to stop."""
        if self.process is not None:
            self.process.terminate()

    def wait_until_stopped(self) -> None:
        """Return when it has."""
        if self.process is not None:
            self.process.wait()


def output_of(process: "subprocess.Popen[str]") -> Any:
    """Wait for a command that prints JSON, and return what it printed."""
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return json.loads(output.strip().splitlines()[-1])


@dataclass
class Answer:
    """What a machine answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "html.parser")


@dataclass
class Browser:
    """Somebody who types one address, behind which a load balancer picks a machine each time."""

    site: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, machine: Machine, path: str, form: dict[str, Any] | None = None, **headers: str
    ) -> Answer:
        """Ask for a page, or send a form."""
        sent = {"Host": self.site, "User-Agent": "Mozilla/5.0 (tests)"} | headers
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            sent |= {"Content-Type": _FORM, "Origin": f"http://{self.site}"}
            body = urlencode(form, doseq=True)
        connection = http.client.HTTPConnection(DEFAULT_HOST, machine.address.port, timeout=30)
        try:
            connection.request("GET" if form is None else "POST", path, body, sent)
            response = connection.getresponse()
            answer = Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
            told = response.headers.get_all("Set-Cookie") or []
        finally:
            connection.close()
        for each in told:
            for name, morsel in SimpleCookie(each).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer

    def sign_in(self, machine: Machine, user: str, password: str) -> Answer:
        """Fill in the log-in page of a machine."""
        form = _form_fields(self.ask(machine, "/admin/login/").soup, "form[method=post]")
        return self.ask(machine, "/admin/login/", form | {"username": user, "password": password})

    def is_signed_in(self, machine: Machine) -> bool:
        """Say whether a machine lets this person see the desk."""
        return self.ask(machine, "/admin/").status == 200

    def save(self, machine: Machine, address: str, **changes: str) -> None:
        """Save a page of the admin with changes."""
        form = filled_in(self.ask(machine, address).soup)
        answer = self.ask(machine, address, form | changes)
        assert answer.status == 302, answer.soup.get_text()

    def take_step(self, machine: Machine, address: str, step: str, **given: str) -> None:
        """Send the form of a step as the page that says how a page stands offers it."""
        form = _form_fields(
            self.ask(machine, f"{address}status/").soup, f'form[action="{address}{step}/"]'
        )
        answer = self.ask(machine, f"{address}{step}/", form | given)
        assert answer.status == 302, answer.soup.get_text()


def _form_fields(soup: BeautifulSoup, selector: str) -> dict[str, str]:
    """Return the hidden fields of a form, of which the token against forgery is one."""
    form = soup.select_one(selector)
    assert form is not None, soup.get_text()
    return {str(each["name"]): str(each.get("value", "")) for each in form.select("[type=hidden]")}
