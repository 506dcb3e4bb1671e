"""A whole site as `make run` starts it, in a process of its own, and a browser that visits it."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from enquiries.crypto import new_key
from scripts.address import Address, free_port
from scripts.environment import PYTHON, ROOT
from scripts.server import Server
from tests.prepared import prepared

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]


@dataclass(frozen=True)
class Site:
    """A running site: its address, its staff's passwords, its mail's folder, its environment."""

    url: str
    passwords: dict[str, str]
    mail: Path
    variables: dict[str, str]


def _manage(variables: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [PYTHON, "manage.py", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _variables(data: Path) -> dict[str, str]:
    """Return the environment of the site whose files are in the folder."""
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return own | {
        "SITE_URL": Address("127.0.0.1", free_port()).local_url,
        "ALLOWED_HOSTS": "",
        "SECRET_KEY": "",
        "SECRET_KEY_FILE": str(data / "secret-key"),
        "ENQUIRY_KEYS": "",
        "ENQUIRY_KEYS_FILE": str(data / "enquiry-keys"),
        "DATABASE_URL": f"sqlite:///{data / 'site.sqlite3'}",
        "DATA_DIR": str(data),
        "DEBUG": "false",
        "EMAIL_HOST": "",
        "SECOND_FACTOR": "offered",
    }


def _fill(data: Path) -> None:
    """Make the demo clinic's site as `make run` does: its secrets, database, files and staff."""
    (data / "secret-key").write_text(secrets.token_urlsafe(50))
    (data / "enquiry-keys").write_text(new_key())
    variables = _variables(data)
    _manage(variables, "migrate", "--verbosity", "0")
    _manage(variables, "load_content", "demo")
    (data / "staff").write_text(_manage(variables, "create_demo_staff"))
    _manage(variables, "collectstatic", "--noinput", "--verbosity", "0")


@pytest.fixture(scope="session")
def site_folder(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo clinic's files, database file included: a copy of what one process has made."""
    made = prepared(shared_folder, "site", _fill)
    return shutil.copytree(made, tmp_path_factory.mktemp("site") / "data")


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[Site]:
    """The production server with the demo clinic, on loopback."""
    data = site_folder
    variables = _variables(data)
    parts = urlsplit(variables["SITE_URL"])
    address = Address(parts.hostname or "", parts.port or 0)
    passwords = dict(re.findall(r"user name (\S+) +password (\S+)", (data / "staff").read_text()))
    server = Server(address)
    server.start(variables)
    try:
        server.wait_until_ready()
        yield Site(address.local_url, passwords, data / "mail", variables)
    finally:
        server.stop()
        server.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without the services that would call home."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=os.environ.get("BROWSER_PATH") or None,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield opened
        opened.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(site: Site, browser: Browser) -> Iterator[NewPage]:
    """Opens pages in contexts of their own, and fails on anything the browser complains of.

    A page that `loses_the_server` on purpose may say so.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(*, loses_the_server: bool = False, **options: object) -> Page:
        told = {"base_url": site.url, "viewport": DESKTOP} | options
        context = browser.new_context(**told)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)

        def watch(page: Page) -> None:
            page.on(
                "console",
                lambda message: _note(complaints, message.type, message.text, loses_the_server),
            )
            # markdownx complains without a word of a preview that it could not fetch.
            page.on(
                "pageerror",
                lambda error: (
                    complaints.append(str(error)) if str(error) or not loses_the_server else None
                ),
            )
            page.on(
                "request",
                lambda request: _note_foreign(complaints, str(told["base_url"]), request.url),
            )

        context.on("page", watch)  # a tab that the page opens is watched too
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str, loses_the_server: bool) -> None:
    # A page that answers 404 or 422 on purpose is reported too; that is no complaint.
    # So is what markdownx says, which is nothing, of a preview that it could not fetch.
    is_lost = loses_the_server and (not text or "net::ERR_" in text)
    is_expected = "status of 4" in text or is_lost
    if kind == "error" and not is_expected:
        complaints.append(text)


def _note_foreign(complaints: list[str], own: str, address: str) -> None:
    if not address.startswith((own, "data:", "blob:")):
        complaints.append(f"asked another origin: {address}")


@pytest.fixture
def sign_in(site: Site) -> Callable[[Page, str], None]:
    """Signs a member of staff in."""

    def enter(page: Page, name: str) -> None:
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(site.passwords[name])
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("link", name="Skip for now").click()
        page.get_by_role("heading", name="Your desk").wait_for()

    return enter


@pytest.fixture(scope="session")
def cookies_of_staff() -> dict[str, list[Any]]:
    """The cookies of each member of staff who has signed in once, so that it need not be again."""
    return {}


@pytest.fixture
def staff_page(
    new_page: NewPage,
    sign_in: Callable[[Page, str], None],
    site: Site,
    cookies_of_staff: dict[str, list[Any]],
) -> NewPage:
    """Opens pages, in contexts of their own, on which a member of staff is signed in."""

    def open_page(name: str, **options: Any) -> Page:
        if name not in cookies_of_staff:
            first = new_page()
            sign_in(first, name)
            cookies_of_staff[name] = first.context.cookies()
            first.context.close()
        page = new_page(**options)
        # Cookies know no port, so that they hold at another server of the same site too.
        page.context.add_cookies(cookies_of_staff[name])
        return page

    return open_page
