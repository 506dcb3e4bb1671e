"""Signing in as on a public site: setting up an app and a passkey, and walking in with each."""

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from scripts.address import Address, free_port
from scripts.environment import PYTHON, ROOT
from scripts.server import Server
from tests.accounts.steps import code_of
from tests.browser.conftest import NewPage, Site
from tests.browser.test_accessibility import in_every_look

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

NAME, PASSWORD = "first-day", "four words that differ"
_MAKE = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user("{NAME}", password="{PASSWORD}", is_staff=True)
user.groups.set(Group.objects.filter(name="Manager"))
"""


@pytest.fixture(scope="module")
def strict_site(site: Site) -> Iterator[str]:
    """The same site with the second factor required, under a name, as passkeys need one."""
    address = Address("127.0.0.1", free_port())
    url = f"http://localhost:{address.port}"
    variables = site.variables | {"SITE_URL": url, "SECOND_FACTOR": "required"}
    subprocess.run(
        [PYTHON, "manage.py", "shell", "--verbosity", "0", "-c", _MAKE],
        cwd=ROOT,
        env=variables,
        check=True,
    )
    server = Server(address)
    server.start(variables)
    try:
        server.wait_until_ready()
        yield url
    finally:
        server.stop()
        server.wait()


def give_password(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_from_the_first_sign_in_to_a_passkey(strict_site: str, new_page: NewPage) -> None:
    found: dict[str, list[str]] = {}
    page = new_page(base_url=strict_site)

    def look(name: str) -> None:
        if findings := in_every_look(page):
            found[name] = findings

    page.goto("/admin/")
    look("signing in")
    give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Make your account safer")
    look("choice")
    page.get_by_role("link", name="Use an authenticator app").click()
    look("app")
    key = page.locator(".sign-in__key").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill("12")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    look("app with a wrong code")
    page.get_by_label("Code from the app").fill(code_of(key))
    page.get_by_role("button", name="Go on").click()
    look("recovery codes")
    recovery = page.locator(".sign-in__codes li").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them as text").click()
    assert recovery in download.value.path().read_text()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Your desk")).to_be_visible()

    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    page.get_by_role("link", name="Your sign-in").click()
    page.get_by_role("link", name="Add a passkey").click()
    look("passkey")
    page.get_by_label("Name of the passkey").fill("The laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("main")).to_contain_text("Passkey “The laptop”")
    look("your sign-in")

    page.get_by_role("button", name="Log out").click()
    give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    look("second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your desk")).to_be_visible()
    page.goto("/staff/password/forgotten/")
    look("forgotten password")
    assert found == {}

    # A code needs no script; there is no passkey then, and a recovery code lets in as well.
    plain = new_page(base_url=strict_site, java_script_enabled=False)
    give_password(plain)
    expect(plain.get_by_role("button", name="Use a passkey")).to_have_count(0)
    plain.get_by_label("Code").fill("not a code")
    plain.get_by_role("button", name="Go on").click()
    expect(plain.get_by_role("alert")).to_contain_text("This code is wrong")
    plain.get_by_label("Code").fill(recovery)
    plain.get_by_role("button", name="Go on").click()
    expect(plain.get_by_role("heading", name="Your desk")).to_be_visible()
