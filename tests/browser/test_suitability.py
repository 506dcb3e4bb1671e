"""“Is needling suitable for me?” in a real browser: every state, by keyboard, and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.browser.test_accessibility import in_every_look

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

ADDRESS = "/is-needling-suitable/"


def answer(page: Page, *, otherwise: str = "No", **said: str) -> None:
    """Answer every question, those named by their key otherwise, and look at the result."""
    for group in page.get_by_role("group").all():
        key = str(group.get_by_role("radio").first.get_attribute("name"))
        told = said.get(key.removeprefix("caution-").replace("-", "_"), otherwise)
        group.get_by_label(told, exact=True).check()
    page.get_by_role("button", name="See what to do first").click()


def width_at_320(page: Page) -> int:
    page.set_viewport_size({"width": 320, "height": 640})
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def test_no_state_of_the_page_has_a_finding(new_page: NewPage) -> None:
    """The questions, the mistakes and the three answers, in every look and at 320 pixels."""
    page, found = new_page(), {}

    def look(name: str, heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        if findings := in_every_look(page, tags=None):
            found[name] = findings
        assert width_at_320(page) <= 320, name

    question = "Is needling suitable for me?"
    page.goto(ADDRESS)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    look("questions", question)
    page.get_by_role("button", name="See what to do first").click()
    expect(page).to_have_title(re.compile("^Error: "))
    look("mistakes", question)
    answer(page)
    look("ask us", "You can ask us about it")
    page.get_by_role("button", name="Change my answers").click()
    answer(page, pregnancy="Yes", numb_skin="Yes", lungs="I am not sure")
    look("tell us", "Tell us first")
    page.get_by_role("button", name="Change my answers").click()
    expect(page.get_by_role("group", name="Are you pregnant").get_by_label("Yes")).to_be_checked()
    answer(page, otherwise="I am not sure", blood_thinner="Yes")
    look("see GP", "See your GP first")
    assert page.context.cookies() == []
    assert page.url.endswith(ADDRESS)
    assert found == {}


def test_everything_can_be_done_with_the_keyboard(new_page: NewPage) -> None:
    page = new_page(viewport=PHONE)
    page.goto(ADDRESS)
    questions = page.get_by_role("group").count()
    first = page.get_by_role("radio").first
    page.get_by_role("link", name="Check for signs that need help now").focus()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    # One stop for each group; the first is left out.
    for _ in range(questions - 1):
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")  # from yes, where the focus is, to no
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="See what to do first")).to_be_focused()
    page.keyboard.press("Enter")
    # The mistakes take the focus, and their link leads to the question.
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Space")
    for _ in range(questions):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("See your GP first")
    page.get_by_role("link", name="Send an enquiry").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/contact/$"))


def test_answer_prints_with_the_advice_and_the_clinics_name(new_page: NewPage) -> None:
    page = new_page()
    page.goto(ADDRESS)
    answer(page, blood_thinner="Yes")
    page.emulate_media(media="print")
    line = page.get_by_text("Demo Lane Clinic: answers to “Is needling suitable for me?”")
    expect(line).to_be_visible()
    expect(page.get_by_role("heading", name="Do you take a blood thinner")).to_be_visible()
    expect(page.get_by_text("Do not stop or skip the medicine")).to_be_visible()
    expect(page.get_by_role("button", name="Change my answers")).to_be_hidden()
    expect(page.get_by_role("link", name="Send an enquiry")).to_be_hidden()
