"""The two walks that the site exists for, and what must hold along them, in a real browser."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, NewPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


def fill_enquiry(page: Page, name: str) -> None:
    page.get_by_label("Full name").fill(name)
    page.get_by_label(re.compile("^Email address")).fill("pat@example.org")
    page.get_by_label("Your message").fill("My back aches after sitting. Who can I see?")
    page.get_by_role("checkbox", name=re.compile("^I agree")).check()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_condition_to_enquiry_to_desk(
    new_page: NewPage, sign_in, size: dict, scripts: bool
) -> None:
    """A patient finds the condition, picks a person and enquires; reception finds the enquiry."""
    name = f"Pat O’Walk {size['width']} {scripts}"
    page = new_page(viewport=size, java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Back pain").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Back pain")
    page.get_by_role("main").get_by_role("link", name="Ben Sample").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ben Sample")
    page.get_by_role("main").get_by_role("link", name=re.compile("nquir")).first.click()
    expect(page.get_by_label("Who would you like to see?")).to_have_value("ben-sample")
    fill_enquiry(page, name)
    page.get_by_role("button", name="Send enquiry").click()
    expect(page).to_have_url(re.compile("/contact/received/"))
    reference = re.search(r"E-[0-9A-Z]{4}-[0-9A-Z]{4}", page.get_by_role("main").inner_text())
    assert reference is not None
    assert page.context.cookies() == []

    desk = new_page(viewport=size)
    sign_in(desk, "reception")
    desk.goto("/admin/enquiries/enquiry/")
    row = desk.get_by_role("row").filter(has_text=reference[0])
    row.get_by_role("link", name=reference[0]).click()
    content = desk.locator("#content")
    expect(content).to_contain_text(name)
    expect(content).to_contain_text("My back aches after sitting.")


def test_mistakes_are_named_and_nothing_typed_is_lost(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/contact/?condition=sciatica")
    page.get_by_label("Your message").fill("Something I typed")
    page.get_by_role("button", name="Send enquiry").click()
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter your full name")
    expect(page.get_by_label("Your message")).to_have_value("Something I typed")
    expect(page.get_by_label("What is it about?")).to_have_value("sciatica")
    summary.get_by_role("link", name="Enter your full name").click()
    expect(page.get_by_label("Full name")).to_be_focused()


def test_double_click_refresh_and_back_make_one_enquiry(new_page: NewPage, sign_in) -> None:
    page = new_page()
    page.goto("/contact/")
    fill_enquiry(page, "Dora Double")
    page.get_by_role("button", name="Send enquiry").dblclick()
    page.wait_for_url(re.compile("/contact/received/"))
    page.reload()
    page.go_back()
    page.get_by_role("button", name="Send enquiry").click()
    page.wait_for_url(re.compile("/contact/received/"))
    desk = new_page()
    sign_in(desk, "reception")
    desk.goto("/admin/enquiries/enquiry/?q=Dora+Double")
    expect(desk.locator("#result_list tbody tr")).to_have_count(1)


def test_an_enquiry_can_be_sent_with_the_keyboard_alone(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/contact/")

    def tab_to(label: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            name = page.evaluate(
                "e => (document.activeElement.labels?.[0] || document.activeElement).textContent"
            )
            if label in name:
                return
        raise AssertionError(f"{label} cannot be reached with the Tab key")

    tab_to("Full name")
    page.keyboard.type("Kay Board")
    tab_to("Telephone number")
    page.keyboard.type("+44 1632 960001")
    tab_to("Your message")
    page.keyboard.type("Please ring me.")
    tab_to("I agree that reception")
    page.keyboard.press("Space")
    tab_to("Send enquiry")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/contact/received/"))


def test_the_body_map_leads_to_a_part_of_the_body(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/conditions/")
    link = page.locator("a.bm-link").filter(has=page.locator("title", has_text="Knee"))
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#region-knee$"))
    expect(page.locator("#region-knee")).to_be_in_viewport()


def test_the_notification_is_written_and_says_nothing_of_health(
    new_page: NewPage, site: Site
) -> None:
    page = new_page()
    page.goto("/contact/")
    fill_enquiry(page, "Mail Check")
    page.get_by_role("button", name="Send enquiry").click()
    page.wait_for_url(re.compile("/contact/received/"))
    for _ in range(50):
        mails = "".join(path.read_text() for path in site.mail.glob("*"))
        if "To: reception@demolane.example" in mails:
            break
        page.wait_for_timeout(100)
    assert "To: reception@demolane.example" in mails
    assert "back aches" not in mails
    assert "Mail Check" not in mails


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_from_article_to_image_to_site(new_page: NewPage, sign_in, size: dict) -> None:
    """An editor writes an article, adds a picture, looks at the preview and publishes."""
    title = f"A walk through the editor {size['width']}"
    page = new_page(viewport=size)
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/")
    page.locator("#id_title").fill(title)
    page.locator("#id_title").press("Tab")  # the address follows the title when it is left
    # Also where this form brought back what somebody typed in it before and did not save.
    page.locator("#id_slug").fill(f"a-walk-through-the-editor-{size['width']}")
    choose(page, "id_category", "Safety")
    page.locator("#id_summary").fill("A short summary.")
    body = page.locator("#id_body")
    body.fill("## First steps\n\nNICE advises against it [@ng59].\n\n")
    preview = page.locator(".field-body .editor__preview")
    expect(preview.get_by_role("heading", name="First steps")).to_be_visible()
    body.press("Control+End")
    page.locator(".field-body input[type=file]").set_input_files(
        {"name": "room.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(body).to_have_value(re.compile(r"!\[DESCRIBE THIS PICTURE, or write decorative\]"))
    page.get_by_role("button", name="Save draft", exact=True).first.click()
    expect(page.locator(".errorlist").last).to_contain_text("say in the square brackets")

    described = body.input_value().replace(
        "DESCRIBE THIS PICTURE, or write decorative", "A grey wall that gets lighter"
    )
    body.fill(described)
    expect(preview.get_by_role("img", name="A grey wall that gets lighter")).to_be_visible()
    page.get_by_role("button", name="Save draft", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as version 1")

    reader = page  # the draft, which readers do not see yet
    reader.goto(f"/articles/a-walk-through-the-editor-{size['width']}/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    image = reader.get_by_role("img", name="A grey wall that gets lighter")
    image.scroll_into_view_if_needed()
    assert image.evaluate("e => e.decode().then(() => e.naturalWidth)") > 0
    expect(reader.locator("#reference-1")).to_contain_text("2016")


def choose(page: Page, field: str, text: str) -> None:
    """Choose from one of the admin's search lists."""
    page.locator(f"#{field} + .select2").click()
    page.locator(".select2-container--open .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=text).click()


def test_text_and_preview_lie_side_by_side(new_page: NewPage, sign_in) -> None:
    page = new_page(viewport={"width": 1366, "height": 800})
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/")
    text = page.locator("#id_body").bounding_box()
    preview = page.locator(".field-body .editor__preview").bounding_box()
    assert text is not None
    assert preview is not None
    assert text["x"] + text["width"] <= preview["x"]
    assert preview["x"] + preview["width"] <= 1366


def test_the_tab_key_leaves_the_editor(new_page: NewPage, sign_in) -> None:
    page = new_page()
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/")
    body = page.locator("#id_body")
    # Another test's editor may have left unsaved text, which the new form rightly brings back.
    before = body.input_value()
    body.focus()
    body.press("Tab")
    expect(body).not_to_be_focused()
    expect(body).to_have_value(before)
