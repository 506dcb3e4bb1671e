"""Somebody who writes is told of claims beside the text, and is offered keys while typing."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import WCAG_AA, violations
from tests.browser.test_editorial import decide, hand_in, publish, save, to_decision

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

BREACH = "NICE recommends acupuncture for low back pain, it is proven and completely safe."
FAIR = (
    "NICE does not recommend acupuncture for low back pain [@ng59]. Side effects are common but"
    " usually mild."
)


def begin_article(page: Page, title: str) -> Locator:
    """Open the form of a new article, fill in what it cannot be without, and return its text."""
    page.goto("/admin/articles/article/add/")
    page.locator("#id_title").fill(title)
    choose(page, "#id_category", "Safety")
    page.locator("#id_summary").fill("A short summary.")
    body = page.locator("#id_body")
    body.fill("")  # what somebody typed on this form before and did not save comes back
    return body


def choose(page: Page, field: str, words: str) -> None:
    """Look a row up in the field's list and choose it."""
    page.locator(f"{field} + .select2").click()
    page.locator(".select2-container--open .select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=words).click()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()


def test_three_breaches_are_shown_mended_reviewed_and_published(
    staff_page: NewPage, new_page: NewPage
) -> None:
    title = "What needles do and do not do"
    page = staff_page("editor")
    body = begin_article(page, title)
    choose(page, "#id_author", "Asha Example")
    body.fill(f"## What is known\n\n{BREACH}")
    press(page, "Check")

    found = page.locator(".field-body .finding--error").filter(has_text="Line 3.")
    expect(found).to_have_count(3)
    for words, better in (
        ("NICE recommends", "NICE"),
        ("proven", "trials"),
        ("completely safe", "usually mild"),
    ):
        expect(found.filter(has_text=words).filter(has_text=better)).not_to_have_count(0)
    expect(body).to_have_value(f"## What is known\n\n{BREACH}")

    body.fill(f"## What is known\n\n{FAIR}")
    press(page, "Check")
    expect(page.locator(".messagelist")).to_contain_text("Nothing is saved yet")
    expect(page.locator(".field-body .finding--error")).to_have_count(0)
    save(page)
    expect(page.locator("#content")).not_to_contain_text("completely safe")
    base = page.url.partition("status/")[0]
    hand_in(page, "Three claims are mended.")

    reviewer = staff_page("clinical-reviewer")
    to_decision(reviewer, base)
    expect(reviewer.locator("#content")).to_contain_text("Three claims are mended.")
    decide(reviewer, "Approved")
    publish(page, base)

    reader = new_page()
    reader.goto("/articles/what-needles-do-and-do-not-do/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    main = reader.get_by_role("main")
    expect(main).to_contain_text("NICE does not recommend acupuncture for low back pain")
    expect(main).not_to_contain_text("completely safe")
    expect(main.get_by_role("link", name="Ben Sample").first).to_be_visible()


def test_pages_that_used_a_source_turn_up_for_review_when_it_is_superseded(
    staff_page: NewPage,
) -> None:
    page = staff_page("editor")
    page.goto("/admin/evidence/source/?q=macpherson-2001")
    page.get_by_role("link", name="macpherson-2001", exact=True).click()
    page.get_by_label("Status").select_option("superseded")
    choose(page, "#id_superseded_by", "witt-2009")
    press(page, "Save")
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")

    page.goto("/admin/evidence/reviewneeded/")
    row = page.locator("#result_list tr").filter(has_text="Side effects")
    expect(row).to_contain_text("macpherson-2001")
    page.goto("/admin/")
    item = page.locator(".desk__item").filter(has_text="pages to review again")
    expect(item).to_be_visible()
    page.goto("/admin/articles/article/?q=Side+effects")
    page.locator("#result_list a", has_text="Side effects").first.click()
    page.get_by_role("link", name="Review and publish").first.click()
    notice = page.locator(".page-notice", has_text="Needs a clinical review")
    expect(notice).to_contain_text("macpherson-2001")
    expect(page.locator("#content")).to_contain_text("macpherson-2001")


def test_a_key_is_looked_up_with_the_keyboard(staff_page: NewPage) -> None:
    page = staff_page("editor")
    body = begin_article(page, "Keys by keyboard")
    keys = page.get_by_role("listbox", name="Keys")
    body.press_sequentially("NICE says no [@ng5")
    expect(keys.get_by_role("option").first).to_contain_text("ng59")
    status = page.locator(".field-body .editor__status")
    expect(status).to_contain_text("offered")
    body.press("Escape")
    expect(keys).to_have_count(0)
    expect(body).to_have_value("NICE says no [@ng5")
    body.press_sequentially("9")
    option = keys.get_by_role("option").first
    expect(option).to_be_visible()
    body.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    assert body.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert violations(page, tags=WCAG_AA) == []
    expect(body).to_be_focused()
    body.press("Enter")
    expect(keys).to_have_count(0)
    expect(body).to_have_value("NICE says no [@ng59]")
    assert body.get_attribute("aria-activedescendant") is None
    body.press_sequentially(".")
    body.press("Enter")
    expect(body).to_have_value("NICE says no [@ng59].\n")


def test_a_key_is_chosen_with_the_pointer_and_leaving_closes_the_list(staff_page: NewPage) -> None:
    page = staff_page("editor")
    body = begin_article(page, "Keys by pointer")
    keys = page.get_by_role("listbox", name="Keys")
    body.press_sequentially("It says [@]")
    body.press("ArrowLeft")
    body.press_sequentially("ng59")
    keys.get_by_role("option").filter(has_text="ng59").first.click()
    expect(body).to_have_value("It says [@ng59]")
    expect(body).to_be_focused()
    body.press_sequentially(" and [@zzzz")
    expect(page.locator(".field-body .editor__status")).to_have_text(re.compile("No key matches"))
    body.fill("Now [@n")
    expect(keys).to_have_count(1)
    page.locator("#id_title").focus()
    expect(keys).to_have_count(0)


def test_without_scripts_nothing_is_offered_and_the_help_says_where_keys_are(
    staff_page: NewPage,
) -> None:
    page = staff_page("editor", java_script_enabled=False)
    page.goto("/admin/articles/article/add/")
    page.locator(".field-body .editor__help summary").click()
    link = page.locator(".field-body").get_by_role("link", name=re.compile("all sources"))
    expect(link).to_have_attribute("href", "/admin/evidence/source/")
    expect(page.get_by_role("listbox", name="Keys")).to_have_count(0)
