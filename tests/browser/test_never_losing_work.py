"""Whatever happens to the browser, the session, the network or the server: the text is there."""

import os
import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from scripts.address import Address, free_port
from scripts.server import Server
from tests.browser.conftest import NewPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

TREATMENT = "/admin/treatments/treatment/"
CONDITION = "/admin/conditions/condition/"


def open_form(page: Page, title: str, admin: str) -> str:
    """Open the form of a page and return its address."""
    page.goto(f"{admin}?q={title}")
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("#id_change_note")).to_be_attached()
    return page.url.partition("?")[0]


def kept(page: Page) -> None:
    expect(page.locator(".page-work__status")).to_have_text(
        re.compile(r"^Kept at \d\d:\d\d\. Not saved as a version yet\.$")
    )


def lose(page: Page, what: str, site: Site) -> None:
    if what == "session":
        page.context.clear_cookies(name="sessionid")
    else:
        cookie = {"name": "csrftoken", "value": "spoilt" * 5 + "xx", "url": site.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("what", ["session", "token"])
def test_a_lost_session_loses_no_text(
    staff_page: NewPage, site: Site, what: str, scripts: bool
) -> None:
    page = staff_page("author", java_script_enabled=scripts)
    address = open_form(page, "Physiotherapy", TREATMENT)
    words = f"Typed before {what} was gone, scripts {scripts}: “£ & <b>” and a line\n\nafter it."
    page.locator("#id_what_it_is").fill(words)
    page.get_by_label("Note for colleagues").fill("Nothing of this may be lost.")
    lose(page, what, site)
    page.get_by_role("button", name="Save draft").first.click()

    expect(page.get_by_role("heading", name="Your text is kept")).to_be_visible()
    if what == "token":
        page.get_by_role("button", name="Go on with my text").click()
    else:
        page.get_by_label("User name").fill("author")
        page.get_by_label("Password").fill("mistyped")
        page.get_by_role("button", name="Sign in and go on").click()
        expect(page.get_by_role("alert")).to_contain_text("correct username and password")
        page.get_by_label("User name").fill("author")
        page.get_by_label("Password").fill(site.passwords["author"])
        page.get_by_role("button", name="Sign in and go on").click()

    expect(page).to_have_url(re.compile(re.escape(address)))
    expect(page.locator(".page-notice").first).to_contain_text("had not saved")
    expect(page.locator("#id_what_it_is")).to_have_value(words)
    expect(page.get_by_label("Note for colleagues")).to_have_value("Nothing of this may be lost.")
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as version")
    page.goto(address)
    expect(page.locator("#id_what_it_is")).to_have_value(words)
    expect(page.locator(".page-notice").filter(has_text="had not saved")).to_have_count(0)
    expect(page.locator(".page-work__choice")).to_be_hidden()


def test_what_is_typed_is_kept_and_comes_back(staff_page: NewPage) -> None:
    page = staff_page("author")
    address = open_form(page, "Neck pain", CONDITION)
    summary = page.locator("#id_summary")
    before = summary.input_value()
    summary.fill("Typed and not saved.")
    faqs = page.locator("#faqs-group")
    faqs.locator("summary").first.click()
    rows = faqs.locator(".inline-related:not(.empty-form)")
    count = rows.count()
    faqs.get_by_role("button", name=re.compile("^Add another")).click()
    rows.last.get_by_label("Question").fill("Is a new row kept?")
    kept(page)
    again = page.context.new_page()
    again.goto(address.replace("change/", "history/"))
    expect(again.get_by_role("link", name="Version 1", exact=True)).to_be_visible()
    expect(again.get_by_role("link", name="Version 2", exact=True)).to_have_count(0)
    page.close()

    again.goto(address)
    notice = again.locator(".page-notice").filter(has_text="had not saved")
    expect(notice).to_contain_text(re.compile(r"This is the text you typed here at \d\d:\d\d"))
    expect(again.locator("#id_summary")).to_have_value("Typed and not saved.")
    rows = again.locator("#faqs-group .inline-related:not(.empty-form)")
    expect(rows).to_have_count(count + 1)
    expect(rows.last.get_by_label("Question")).to_have_value("Is a new row kept?")
    notice.get_by_role("button", name="Throw it away").click()
    expect(notice).to_have_count(0)
    expect(again.locator("#id_summary")).to_have_value(before)
    expect(rows).to_have_count(count)


def test_offline_the_browser_keeps_the_text_and_says_so(staff_page: NewPage) -> None:
    page = staff_page("author", loses_the_server=True)
    open_form(page, "Sciatica", CONDITION)
    page.context.set_offline(True)
    page.locator("#id_summary").fill("Typed on a train.")
    line = page.locator(".page-work__status")
    expect(line).to_contain_text(re.compile("^You are offline.*kept in this browser"))
    assert "Typed on a train." in page.evaluate("JSON.stringify(localStorage)")
    page.context.set_offline(False)
    kept(page)
    assert "Typed on a train." not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(page.locator("#id_summary")).to_have_value("Typed on a train.")


def test_leaving_warns_only_of_text_that_is_kept_nowhere(staff_page: NewPage) -> None:
    page = staff_page("author")
    open_form(page, "Headaches", CONDITION)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.locator("#id_summary").click()
    page.keyboard.type("Now ")
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert not page.is_closed()

    kept(page)
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review and publish")
    page.go_back()
    page.locator("#id_summary").click()
    page.keyboard.type("and then ")
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as version")
    assert asked == ["beforeunload"]


@pytest.fixture
def second_server(site: Site) -> Iterator["Crashing"]:
    """A server of its own for the same site, so that it may be killed."""
    server = Crashing(site)
    server.start()
    yield server
    server.kill()


class Crashing:
    """A server that can be killed without a word and started again at the same address."""

    def __init__(self, site: Site) -> None:
        self.address = Address("127.0.0.1", free_port())
        self.variables = site.variables | {"SITE_URL": self.address.local_url}
        self.server: Server | None = None

    def start(self) -> None:
        """Start it and return once it answers."""
        self.server = Server(self.address)
        self.server.start(self.variables)
        self.server.wait_until_ready()

    def kill(self) -> None:
        """End it and its workers as a loss of power would."""
        if self.server is not None and self.server.process is not None:
            os.killpg(self.server.process.pid, signal.SIGKILL)
            self.server.process.wait()
        self.server = None


def test_a_crash_of_the_server_loses_no_text(staff_page: NewPage, second_server: Crashing) -> None:
    page = staff_page("author", loses_the_server=True, base_url=second_server.address.local_url)
    address = open_form(page, "Fibromyalgia", CONDITION)
    line = page.locator(".page-work__status")
    page.locator("#id_summary").fill("Typed before the crash.")
    kept(page)
    second_server.kill()
    page.locator("#id_summary").fill("Typed before the crash. Typed after it.")
    expect(line).to_contain_text(re.compile("^The website cannot be reached.*in this browser"))
    context = page.context
    page.close()

    second_server.start()
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".page-notice").first).to_contain_text("had not saved")
    expect(page.locator("#id_summary")).to_have_value("Typed before the crash.")
    choice = page.locator(".page-work__choice")
    expect(choice).to_contain_text("that never reached the website")
    choice.get_by_role("button", name="Bring it back").click()
    expect(page.locator("#id_summary")).to_have_value("Typed before the crash. Typed after it.")
    kept(page)
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as version")
    page.goto(address)
    expect(page.locator("#id_summary")).to_have_value("Typed before the crash. Typed after it.")
    expect(page.locator(".page-work__choice")).to_be_hidden()
