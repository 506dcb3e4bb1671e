"""An enquiry with a warning sign: its sender, who has only a keyboard, and the receptionist."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.test_accessibility import _SETTLED as SETTLED
from tests.browser.test_accessibility import WCAG_AA, sideways, violations

pytestmark = pytest.mark.browser

WORKLIST = "/admin/enquiries/enquiry/"
WARNING = "My back hurts and I have numbness between my legs since yesterday."


def tab_to(page: Page, label: str) -> None:
    """Press Tab until what has the focus has the label."""
    for _ in range(70):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.labels?.[0] || document.activeElement).textContent"
        )
        if label in name:
            return
    raise AssertionError(f"“{label}” cannot be reached with the Tab key")


def press(page: Page, label: str, key: str = "Enter") -> None:
    tab_to(page, label)
    page.keyboard.press(key)


def send_by_keyboard(page: Page, name: str) -> str:
    """Send an enquiry with a warning sign in it, and return its reference."""
    page.goto("/contact/")
    for label, words in (
        ("Full name", name),
        ("Email address", f"{name.split()[0].lower()}@example.org"),
        ("Your message", WARNING),
    ):
        tab_to(page, label)
        page.keyboard.type(words)
    press(page, "I agree that reception", "Space")
    press(page, "Send enquiry")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please read this first")
    return page.locator(".confirmation__reference").inner_text()


def to_enquiry(desk: Page, reference: str) -> None:
    desk.goto(WORKLIST)
    desk.get_by_role("link", name=reference).click()
    expect(desk.get_by_role("heading", name=f"Enquiry {reference}")).to_be_visible()


def open_step(desk: Page, title: str) -> None:
    step = desk.locator("details.enquiry__step").filter(has=desk.get_by_text(title, exact=True))
    if step.get_attribute("open") is None:
        step.locator("summary").click()


def test_a_warning_sign_is_seen_answered_and_erased(new_page: NewPage, staff_page: NewPage) -> None:
    patient = new_page()
    reference = send_by_keyboard(patient, "Ada Walker")
    first = patient.get_by_role("main").locator("h1, h2, h3").nth(2)
    expect(first).to_contain_text("Call 999")
    expect(patient.locator(".care-card").first).to_contain_text("999")
    press(patient, "private page")
    private = patient.get_by_role("main")
    expect(private.get_by_role("heading", level=1)).to_contain_text(reference)
    expect(private).to_contain_text("Not yet. We said that we would reply by")
    expect(private).not_to_contain_text("numbness")

    desk = staff_page("reception")
    desk.goto(WORKLIST)
    top = desk.locator("#result_list tbody tr").first
    expect(top).to_contain_text("May be an emergency, unread for")
    expect(desk.locator("#result_list")).to_contain_text(reference)
    to_enquiry(desk, reference)
    expect(desk.locator(".enquiry-message mark", has_text="numbness")).to_be_visible()
    desk.get_by_label("Start from").select_option("Suggest a call")
    desk.get_by_role("button", name="Use this text").click()
    answer = desk.get_by_label("Your reply")
    expect(answer).to_have_value(re.compile(f"^Hello Ada Walker,\n[^{{}}]*{reference}"))
    desk.get_by_role("button", name="Send the reply").click()
    expect(desk.locator(".messagelist")).to_contain_text("The reply is on its way.")
    expect(desk.locator(".enquiry__thread")).to_contain_text("Reply by email")
    open_step(desk, "Close")
    desk.get_by_label("Answered, nothing more to do").check()
    desk.get_by_role("button", name="Close the enquiry").click()
    expect(desk.locator(".messagelist")).to_contain_text("The enquiry is closed.")

    patient.reload()
    expect(private).not_to_contain_text("Not yet")
    expect(private.get_by_role("term")).to_have_text(
        ["Received", "Read", "Answered", "To be erased"]
    )
    press(patient, "Yes, erase my enquiry", "Space")
    press(patient, "Erase my enquiry")
    expect(private.get_by_role("heading", level=1)).to_have_text(
        f"Your enquiry {reference} is erased"
    )
    assert patient.context.cookies() == []
    desk.goto(f"{WORKLIST}?q={reference}")
    expect(desk.locator("#result_list tbody tr")).to_have_count(0)


def test_no_state_of_an_enquiry_has_a_finding(new_page: NewPage, staff_page: NewPage) -> None:
    found: dict[str, list[str]] = {}

    def look(name: str, at: Page) -> None:
        found[name] = violations(at, tags=["color-contrast"])
        at.set_viewport_size(PHONE)
        at.emulate_media(color_scheme="dark")
        at.evaluate(SETTLED)
        found[name] += [*violations(at, tags=WCAG_AA), *sideways(at)]
        at.set_viewport_size(DESKTOP)
        at.emulate_media(color_scheme="light")

    patient, desk = new_page(), staff_page("manager")
    patient.goto("/contact/")
    patient.get_by_role("button", name="Send enquiry").click()
    expect(patient).to_have_title(re.compile("^Error: "))
    look("contact page with errors", patient)
    reference = send_by_keyboard(patient, "Axel Able")
    look("confirmation with care card", patient)
    patient.get_by_role("link", name="private page").click()
    look("private page", patient)
    patient.get_by_role("button", name="Erase my enquiry").click()
    expect(patient).to_have_title(re.compile("^Error: "))
    look("private page after an error", patient)

    desk.goto(WORKLIST)
    look("worklist", desk)
    to_enquiry(desk, reference)
    look("enquiry", desk)
    open_step(desk, "Close")
    desk.get_by_role("button", name="Close the enquiry").click()
    expect(desk).to_have_title(re.compile("^Error: "))
    expect(desk.get_by_role("alert")).to_contain_text("Choose how it ended")
    look("enquiry with a refused step", desk)
    desk.goto(f"{WORKLIST}person/")
    desk.get_by_label("Email address").fill("axel@example.org")
    desk.get_by_role("button", name="Find").click()
    expect(desk.get_by_role("link", name=reference)).to_be_visible()
    look("one person’s data", desk)
    desk.goto(f"{WORKLIST}figures/")
    look("figures", desk)

    patient.get_by_role("checkbox").check()
    patient.get_by_role("button", name="Erase my enquiry").click()
    expect(patient.get_by_role("heading", level=1)).to_contain_text("is erased")
    look("private page after erasure", patient)
    assert {name: findings for name, findings in found.items() if findings} == {}
