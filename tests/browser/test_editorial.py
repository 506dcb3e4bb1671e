"""From draft to public, as the people who do it meet it: in real browsers, one for each person."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

ARTICLES = "/admin/articles/article/"


def to_form(page: Page, title: str, admin: str = ARTICLES) -> str:
    """Open the form of a page and return the address in the admin that its steps begin with."""
    page.goto(f"{admin}?q={title}")
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("#id_change_note")).to_be_attached()
    return page.url.partition("change/")[0]


def add_paragraph(page: Page, words: str) -> None:
    body = page.locator("#id_body")
    body.fill(f"{body.input_value().rstrip()}\n\n{words}\n")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as version")


def hand_in(page: Page, note: str) -> None:
    page.get_by_label("Note for the reviewer").fill(note)
    page.get_by_role("button", name="Hand in version").click()
    expect(page.locator(".messagelist")).to_contain_text("Handed in for clinical review")


def to_decision(page: Page, base: str) -> None:
    page.goto(f"{base}status/")
    page.get_by_role("link", name=re.compile("^Read version .* and decide$")).click()


def decide(page: Page, decision: str) -> None:
    page.get_by_label(decision, exact=True).check()
    page.get_by_role("button", name="Record my decision").click()
    expect(page.locator(".messagelist")).to_contain_text("Your review is recorded")


def publish(page: Page, base: str) -> None:
    page.goto(f"{base}status/")
    step = page.get_by_role("region", name="Publish", exact=True)
    warnings = step.get_by_label("I have read the warnings")
    if warnings.count():
        warnings.check()
    step.get_by_role("button", name="Publish version").click()
    expect(page.locator(".messagelist")).to_contain_text("Published.")


def new_tab(page: Page, control: Locator) -> Page:
    """Press what opens a new tab, and return the tab."""
    with page.context.expect_page() as opened:
        control.click()
    opened.value.wait_for_load_state()
    return opened.value


def clinic_day() -> date:
    return datetime.now(ZoneInfo("Europe/London")).date()


def long_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def test_the_whole_way_from_an_edit_to_the_readers(staff_page: NewPage, new_page: NewPage) -> None:
    title = "Needles and physiotherapy together"
    public = "/articles/needles-and-physiotherapy-together/"
    words, question = "A physiotherapist writes the plan down.", "Who keeps the plan?"
    reader, author = new_page(), staff_page("author")
    reader.goto(public)
    text_before = reader.get_by_role("main").inner_text()

    base = to_form(author, title)
    add_paragraph(author, words)
    faqs = author.locator("#faqs-group")
    faqs.locator("summary").first.click()
    faqs.get_by_role("button", name=re.compile("^Add another")).click()
    row = faqs.locator(".inline-related:not(.empty-form)").last
    row.get_by_label("Question").fill(question)
    row.locator("textarea").fill("You do, and we keep a copy.")
    author.get_by_label("What changed").fill("We say who keeps the plan.")
    unsaved = new_tab(author, author.get_by_role("button", name="Preview this text").first)
    expect(unsaved.get_by_role("main")).to_contain_text(words)
    expect(unsaved.get_by_role("main")).to_contain_text("text that is not saved")
    save(author)
    expect(author.locator(".messagelist")).to_contain_text("Readers go on seeing the published")

    reader.reload()
    assert reader.get_by_role("main").inner_text() == text_before
    author.get_by_role("link", name="What changed", exact=True).click()
    added = author.locator(".compare ins")
    expect(added.filter(has_text=words)).to_be_visible()
    expect(added.filter(has_text=words)).to_contain_text("added")
    expect(added.filter(has_text=question)).to_be_visible()
    author.go_back()
    saved = new_tab(author, author.get_by_role("link", name="Preview (new tab)"))
    expect(saved.get_by_role("main")).to_contain_text(words)
    expect(saved.get_by_role("main")).to_contain_text(question)
    hand_in(author, "Please look at the new question.")

    reviewer = staff_page("clinical-reviewer")
    to_decision(reviewer, base)
    expect(reviewer.locator("#content")).to_contain_text("Please look at the new question.")
    expect(reviewer.locator(".compare ins").filter(has_text=words)).to_be_visible()
    reviewer.get_by_text(f"Remark on “{question}”").first.click()
    reviewer.get_by_role("textbox", name=question).fill("Say for how long.")
    decide(reviewer, "Changes asked for")
    expect(reviewer.locator("#content")).not_to_contain_text("Edit the text")

    editor = staff_page("editor")
    editor.goto(f"{base}status/")
    expect(editor.get_by_role("region", name="Publish", exact=True)).to_contain_text(
        "No clinician has approved this version yet"
    )

    author.goto(f"{base}status/")
    answered = author.get_by_role("region", name="Reviews of this version")
    expect(answered).to_contain_text("Ben Sample")
    expect(answered).to_contain_text("Say for how long.")
    author.get_by_role("link", name="Edit the text").click()
    faqs.locator("summary").first.click()
    answer = faqs.locator("textarea").filter(has_text="You do, and we keep a copy.")
    answer.fill("You do, and we keep a copy for eight years.")
    expect(author.get_by_label("What changed")).to_have_value("We say who keeps the plan.")
    save(author)
    hand_in(author, "Now it says how long.")

    to_decision(reviewer, base)
    decide(reviewer, "Approved")
    reader.reload()
    assert reader.get_by_role("main").inner_text() == text_before
    publish(editor, base)

    reader.reload()
    main = reader.get_by_role("main")
    expect(main).to_contain_text(words)
    expect(main).to_contain_text("for eight years")
    checked = reader.locator("#page-review")
    today = long_date(clinic_day())
    expect(checked).to_contain_text(f"{today}: We say who keeps the plan.")
    expect(checked).to_contain_text(f"Updated on {today}")
    expect(checked).to_contain_text(f"Page last reviewed: {today}")
    expect(checked.get_by_role("link", name="Ben Sample")).to_be_visible()
    expect(checked).not_to_contain_text("has not yet checked")
    expect(reader.get_by_role("heading", name="What changed")).to_be_visible()


def test_the_way_without_scripts(staff_page: NewPage, new_page: NewPage) -> None:
    title, public = "What a needling session is like", "/articles/what-a-needling-session-is-like/"
    words = "You can ask for a short break."
    author = staff_page("author", java_script_enabled=False)
    base = to_form(author, title)
    add_paragraph(author, words)
    author.get_by_label("What changed").fill("We say that you can ask for a break.")
    save(author)
    hand_in(author, "")

    reviewer = staff_page("clinical-reviewer", java_script_enabled=False)
    to_decision(reviewer, base)
    reviewer.get_by_role("button", name="Record my decision").click()
    expect(reviewer).to_have_title(re.compile("^Error: "))
    expect(reviewer.locator("#content")).to_contain_text("Choose a decision.")
    decide(reviewer, "Approved")

    reader = new_page(java_script_enabled=False)
    reader.goto(public)
    expect(reader.get_by_role("main")).not_to_contain_text(words)
    publish(staff_page("editor", java_script_enabled=False), base)
    reader.reload()
    expect(reader.get_by_role("main")).to_contain_text(words)
    expect(reader.locator("#page-review")).to_contain_text("We say that you can ask for a break.")


@pytest.mark.parametrize(
    ("title", "scripts"),
    [
        pytest.param("Acute or chronic pain: what the words mean", True, id="scripts"),
        pytest.param("How to read a health claim", False, id="no-scripts"),
    ],
)
def test_two_people_at_one_page_lose_nothing(
    staff_page: NewPage, title: str, scripts: bool
) -> None:
    first = staff_page("author", java_script_enabled=scripts)
    second = staff_page("editor", java_script_enabled=scripts)
    base = to_form(first, title)
    expect(first.locator("[data-colleagues]")).to_be_hidden()
    second.goto(f"{base}change/")
    expect(second.locator("[data-colleagues]")).to_contain_text(
        re.compile(r"Asha Example has had this page open since \d\d:\d\d\.")
    )

    body = first.locator("#id_body")
    start, text = body.input_value().split("\n\n", 1)[0], body.input_value()
    body.fill(text.replace(start, f"{start} The first one wrote this."))
    first.locator("#id_summary").fill("What the first one makes of it.")
    if scripts:
        expect(first.locator(".page-work__status")).to_contain_text("Kept at")
        expect(first.locator("[data-colleagues]")).to_contain_text(
            re.compile(r"Demo Editor has had this page open since \d\d:\d\d\.")
        )
    add_paragraph(second, "The second one wrote that.")
    second.locator("#id_summary").fill("What the second one makes of it.")
    first.get_by_label("What changed").fill("What the first one tells readers.")
    save(first)
    second.get_by_role("button", name="Save draft").first.click()

    expect(second.get_by_role("heading", level=1)).to_contain_text("Somebody saved while")
    collision = second.get_by_role("group", name=re.compile("Choose:.*summary", re.IGNORECASE))
    expect(collision).to_contain_text("What the first one makes of it.")
    expect(collision).to_contain_text("What the second one makes of it.")
    merged = second.locator("section.step").filter(has_text="Both changes are in the text")
    merged.locator("summary").click()
    expect(merged).to_contain_text("The first one wrote this.")
    expect(merged).to_contain_text("The second one wrote that.")
    collision.get_by_label("Keep your text").check()
    second.get_by_role("button", name="Save both as one version").click()
    expect(second.locator(".messagelist")).to_contain_text("Both texts are one now")

    first.goto(f"{base}change/")
    expect(first.locator("#id_summary")).to_have_value("What the second one makes of it.")
    expect(body).to_have_value(re.compile(re.escape(f"{start} The first one wrote this.")))
    expect(body).to_have_value(re.compile("The second one wrote that."))
    expect(first.get_by_label("What changed")).to_have_value("What the first one tells readers.")
    # What was not picked is in the history.
    first.goto(f"{base}history/")
    first.get_by_role("link", name="Version 2", exact=True).click()
    expect(first.locator("#content")).to_contain_text("What the first one makes of it.")


def test_a_plan_is_shown_and_can_be_called_off(staff_page: NewPage, new_page: NewPage) -> None:
    editor = staff_page("editor", viewport=PHONE)
    to_form(editor, "Fees", "/admin/pages/informationpage/")
    editor.locator("#id_title").fill("Fees from the new year")
    editor.get_by_label("What changed").fill("New fees.")
    save(editor)
    step = editor.get_by_role("region", name="Publish", exact=True)
    if step.get_by_label("I have read the warnings").count():
        step.get_by_label("I have read the warnings").check()
    step.get_by_label("At a time").check()
    step.get_by_role("button", name="Publish version").click()
    expect(editor).to_have_title(re.compile("^Error: "))
    expect(editor.get_by_role("alert")).to_contain_text("Give both a day and a time")
    expect(step.get_by_label("At a time")).to_be_checked()

    day = clinic_day() + timedelta(days=40)
    step.get_by_label("Day").fill(day.isoformat())
    step.get_by_label("Time", exact=True).fill("09:30")
    step.get_by_role("button", name="Publish version").click()
    expect(editor.locator(".messagelist")).to_contain_text("Planned.")
    plan = editor.locator(".plan").filter(has_text="becomes public")
    expect(plan).to_contain_text(f"{long_date(day)} at 09:30")
    expect(plan).to_contain_text("Europe/London")
    reader = new_page()
    reader.goto("/fees/")
    expect(reader.get_by_role("heading", level=1)).not_to_have_text("Fees from the new year")

    plan.get_by_role("button", name="Call it off").click()
    expect(editor.locator(".messagelist")).to_contain_text("Called off.")
    expect(plan).to_have_count(0)


def tab_to(page: Page, name: str) -> None:
    """Go on with the Tab key until what has the focus is named so."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] || document.activeElement).textContent"
        )
        if name in focused:
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")


def share(page: Page, base: str, invited: str) -> str:
    page.goto(f"{base}status/")
    page.get_by_label("Who it is for").fill(invited)
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label(f"Link for {invited}").input_value()


def test_somebody_from_outside_reviews_by_a_link(staff_page: NewPage, new_page: NewPage) -> None:
    title, words = "What to tell us before needling", "Tell us if you have just eaten."
    author = staff_page("author")
    base = to_form(author, title)
    add_paragraph(author, words)
    author.get_by_label("What changed").fill("One more thing to tell us.")
    save(author)
    address = share(author, base, "Dr Olive Outside")

    outside = new_page()
    answer = outside.goto(address)
    assert answer is not None
    assert "no-store" in answer.headers["cache-control"]
    assert "noindex" in answer.headers["x-robots-tag"]
    expect(outside.get_by_role("main")).to_contain_text("for Dr Olive Outside to read")
    expect(outside.get_by_role("main")).to_contain_text(words)
    tab_to(outside, "Leave remarks and decide")
    outside.keyboard.press("Enter")
    outside.wait_for_url("**/review/")
    tab_to(outside, "Remark on “Summary”")
    outside.keyboard.type("Clear and kind.")
    tab_to(outside, "Approved")
    outside.keyboard.press("Space")
    tab_to(outside, "Your name")
    outside.keyboard.type("Olive Outside")
    tab_to(outside, "Your registration")
    outside.keyboard.type("GMC 7654321")
    outside.keyboard.press("Enter")
    expect(outside.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    assert outside.context.cookies() == []

    author.goto(f"{base}status/")
    found = author.get_by_role("region", name="Reviews of this version")
    expect(found).to_contain_text("Approved: Olive Outside")
    expect(found).to_contain_text("GMC 7654321")
    expect(found).to_contain_text("Clear and kind.")

    other = share(author, base, "Somebody Else")
    plan = author.locator(".plan").filter(has_text="Somebody Else")
    plan.get_by_role("button", name="End it now").click()
    expect(author.locator(".messagelist")).to_contain_text("no longer leads anywhere")
    for gone in (other, f"{other}review/"):
        answer = outside.goto(gone)
        assert answer is not None
        assert answer.status == 404


def test_withdrawing_and_deleting_can_both_be_undone(
    staff_page: NewPage, new_page: NewPage
) -> None:
    title, public = "Preparing for your first visit", "/articles/preparing-for-your-first-visit/"
    editor, reader = staff_page("editor"), new_page(viewport=DESKTOP)
    base = to_form(editor, title)
    editor.goto(f"{base}status/")
    step = editor.get_by_role("region", name="Withdraw the page")
    step.locator("summary").click()
    step.get_by_role("button", name="Withdraw the page").click()
    expect(editor.get_by_role("alert")).to_contain_text("Say why the page is withdrawn.")
    step.get_by_label("Why").fill("Our rooms are moving.")
    step.get_by_role("button", name="Withdraw the page").click()
    expect(editor.locator(".messagelist")).to_contain_text("Withdrawn.")
    reader.goto(public)
    main = reader.get_by_role("main")
    today = long_date(clinic_day())
    expect(main).to_contain_text(f"We withdrew this page on {today}. Our rooms are moving.")
    reader.goto("/articles/")
    expect(main.get_by_role("link", name=title)).to_have_count(0)

    publish(editor, base)
    reader.goto(public)
    expect(main).not_to_contain_text("We withdrew this page")

    editor.get_by_role("link", name="Delete this page").click()
    inbound = editor.get_by_role("region", name="What leads to this page")
    expect(inbound).to_contain_text("What a needling session is like")
    editor.get_by_role("button", name="Delete the page").click()
    answer = reader.goto(public)
    assert answer is not None
    assert answer.status == 404
    row = editor.get_by_role("row").filter(has_text=title)
    row.get_by_role("button", name="Take it back").click()
    expect(editor.locator(".messagelist")).to_contain_text("is back, as it was")
    reader.goto(public)
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
