"""axe finds nothing on any kind of page, in any state, at either size, in light and dark."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SIZES, NewPage
from tests.browser.test_editorial import decide, hand_in, publish, save, share, to_form

pytestmark = [pytest.mark.browser, pytest.mark.any_database]

PUBLIC = [
    "/",
    "/conditions/",
    "/conditions/back-pain/",
    "/conditions/headaches/",
    "/conditions/rheumatoid-arthritis/",
    "/articles/",
    "/articles/category/safety/",
    "/articles/side-effects-and-safety/",
    "/articles/acupuncture-and-dry-needling-compared/",
    "/articles/acupuncture-for-neck-pain-the-evidence/",
    "/treatments/",
    "/treatments/dry-needling/",
    "/practitioners/",
    "/practitioners/?day=thursday&condition=jaw-pain",
    "/practitioners/?language=klingon",
    "/practitioners/asha-example/",
    "/practitioners/ewa-demo/",
    "/contact/",
    "/contact/?condition=back-pain&practitioner=asha-example",
    "/contact/received/",
    "/feedback/?page=/conditions/back-pain/",
    "/feedback/received/",
    "/about/",
    "/fees/",
    "/glossary/",
    "/privacy/",
    "/search/",
    "/search/?q=back+pain",
    "/search/?q=siatica",
    "/search/?q=asdfgh",
    "/search/?q=cant+breathe",
    "/no-such-page/",
    "/old/sciatica-leaflet/",
]
# One of each kind: what is different on a wide screen is the layout, which a kind shares.
WIDE = [
    "/",
    "/conditions/",
    "/conditions/back-pain/",
    "/articles/",
    "/articles/side-effects-and-safety/",
    "/treatments/dry-needling/",
    "/practitioners/",
    "/practitioners/asha-example/",
    "/contact/",
    "/fees/",
    "/glossary/",
    "/search/?q=back+pain",
    "/no-such-page/",
]
STAFF = {
    "editor": [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/article/add/",
        "/admin/conditions/condition/",
        "/admin/evidence/source/",
        "/admin/publishing/image/",
        "/admin/publishing/image/add/",
        "/admin/publishing/redirect/",
        "/admin/publishing/redirect/add/",
        "/admin/publishing/redirect/import/",
        "/admin/visits/pagecount/",
        "/admin/visits/missingaddress/",
        "/admin/search/searchterm/",
        "/admin/search/searchsynonym/add/",
        "/admin/evidence/glossaryterm/",
        "/admin/evidence/glossaryterm/add/",
    ],
    "reception": ["/admin/", "/admin/enquiries/enquiry/", "/admin/feedback/note/"],
    "manager": ["/admin/clinic/clinic/1/change/", "/admin/practitioners/practitioner/add/"],
}


WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, *, tags: list[str] | None = None) -> list[str]:
    """Return what axe finds, with the place; by all of its rules unless some are named."""
    # Without preload: axe would write style sheets into the page, which its CSP rightly refuses.
    # What passed is not listed: finding names for thousands of elements takes most of the time.
    options = {"preload": False, "resultTypes": ["violations"]}
    options |= {"runOnly": tags} if tags else {}
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]}"
        for each in found
        for node in each["nodes"]
    ]


# Colours that are on their way from one scheme to the other are those of neither.
_SETTLED = """() => new Promise(requestAnimationFrame).then(
    () => Promise.all(document.getAnimations().map((each) => each.finished)))"""


@pytest.mark.parametrize("size", SIZES)
def test_no_public_page_has_a_finding(new_page: NewPage, size: dict) -> None:
    page = new_page(viewport=size, color_scheme="light")
    found = {}
    for address in PUBLIC if size == PHONE else WIDE:
        page.emulate_media(color_scheme="light")
        page.goto(address)
        findings = violations(page)
        # Of all rules, only that of contrast can come out otherwise in the other scheme, and no
        # colour depends on the size.
        if size == PHONE:
            page.emulate_media(color_scheme="dark")
            page.evaluate(_SETTLED)
            findings += violations(page, tags=["color-contrast"])
        if findings:
            found[address] = findings
    assert found == {}


@pytest.mark.parametrize("size", SIZES)
def test_no_state_of_the_form_has_a_finding(new_page: NewPage, size: dict) -> None:
    page = new_page(viewport=size)
    page.goto("/contact/")
    page.get_by_role("button", name="Send enquiry").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_no_state_of_a_note_on_a_page_has_a_finding(new_page: NewPage, size: dict) -> None:
    page = new_page(viewport=size)
    page.goto("/conditions/back-pain/")
    page.get_by_role("link", name="Is anything wrong with this page?").click()
    page.get_by_role("button", name="Send note").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert violations(page) == []
    page.get_by_label("Something does not work").check()
    page.get_by_label("Tell us more").fill("The second link. And I have crushing chest pain.")
    page.get_by_role("button", name="Send note").click()
    page.get_by_role("heading", name="We have your note").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("role", STAFF)
def test_no_page_of_the_admin_has_a_finding(new_page: NewPage, sign_in, role: str) -> None:
    page = new_page(viewport=DESKTOP)
    page.goto("/admin/")
    assert violations(page) == []
    sign_in(page, role)
    found = {}
    for address in STAFF[role]:
        page.goto(address)
        page.wait_for_function(
            "!document.querySelector('.admin-autocomplete:not(.select2-hidden-accessible)"
            ":not([name*=__prefix__])')"
        )
        # Django's own lists break some of axe's best practices, which are no part of WCAG.
        if findings := violations(page, tags=WCAG_AA):
            found[address] = findings
    assert found == {}


def test_nothing_scrolls_sideways_at_320_pixels(new_page: NewPage) -> None:
    """320 pixels is also a 1280-pixel window at 400 % zoom (WCAG 1.4.10)."""
    page = new_page(viewport={"width": 320, "height": 640})
    widths = {}
    for address in PUBLIC:
        page.goto(address)
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in widths.items() if width > 320} == {}


def test_the_skip_link_is_first_and_leads_to_the_content(new_page: NewPage) -> None:
    page = new_page(viewport=PHONE)
    page.goto("/conditions/back-pain/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_open_menu_never_covers_what_has_the_focus(new_page: NewPage) -> None:
    """Tabbing on past the menu's last link leads into the page behind it (WCAG 2.4.11)."""
    page = new_page(viewport=PHONE)
    page.goto("/")
    page.get_by_role("button", name="Menu", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Contact", exact=True).focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        on_top = page.evaluate(
            """() => {
                const focused = document.activeElement;
                const box = focused.getBoundingClientRect();
                const top = document.elementFromPoint(
                    box.x + box.width / 2, box.y + box.height / 2);
                return focused.contains(top);
            }"""
        )
        assert on_top


# --- the way from draft to public -----------------------------------------------------------------


def in_every_look(page: Page, *, tags: list[str] | None = WCAG_AA) -> list[str]:
    """Return what axe finds on a wide screen in light and a narrow one in dark; what scrolls."""
    found = []
    # No colour depends on the size, so each scheme is looked at in one.
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_SETTLED)
        told = f"{size['width']} {scheme}"
        found += [f"{told}: {each}" for each in violations(page, tags=tags)]
    found += [f"360: scrolls sideways: {each}" for each in sideways(page)]
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    return found


def sideways(page: Page) -> list[str]:
    """Return what has to be scrolled sideways to be read: the page, or a part that is no table."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("html, body *")].filter((each) => {
            const scrolls = ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
            const isRoot = each === document.documentElement;
            const isOurs = !each.matches("textarea, input, select, table") &&
                (isRoot || !each.querySelector("table"));
            return (scrolls || isRoot) && isOurs && each.scrollWidth > each.clientWidth + 1;
        }).map((each) => `${each.tagName} ${each.className} ${each.scrollWidth}`)"""
    )
    return found


def test_no_step_of_a_draft_has_a_finding(staff_page: NewPage, new_page: NewPage) -> None:
    """The form in its states, and every page on which something is decided about a draft."""
    found: dict[str, list[str]] = {}

    def look(name: str, at: Page, *, tags: list[str] | None = WCAG_AA) -> None:
        if findings := in_every_look(at, tags=tags):
            found[name] = findings

    author, editor = staff_page("author"), staff_page("editor")
    reviewer = staff_page("clinical-reviewer")
    base = to_form(author, "Questions to ask before needling")
    author.locator("#id_summary").fill("Bone on bone, TK, and so forth.")
    body = author.locator("#id_body")
    body.fill(f"{body.input_value()}\n\nTo read on, [click here](/no-such-page/). It is crumbling.")
    author.get_by_role("button", name="Check", exact=True).first.click()
    expect(author.locator(".finding").first).to_be_visible()
    look("form with findings", author)
    author.get_by_label("What changed").fill("More questions to ask.")
    save(author)
    hand_in(author, "For the axe.")
    look("status", author)
    address = share(author, base, "Dr Outside")

    editor.goto(f"{base}change/")
    expect(editor.locator("[data-colleagues]")).to_be_hidden()
    author.goto(f"{base}change/")
    expect(author.locator("[data-colleagues]")).to_contain_text(
        "Demo Editor has had this page open"
    )
    look("form with a colleague", author)

    reviewer.goto(f"{base}review/")
    reviewer.locator(".remark summary").first.click()
    look("review", reviewer)
    reviewer.get_by_role("button", name="Record my decision").click()
    expect(reviewer.get_by_role("alert")).to_be_visible()
    look("review with mistakes", reviewer)
    reviewer.locator(".remark summary").first.click()
    reviewer.locator(".remark textarea").first.fill("Please mend this.")
    decide(reviewer, "Changes asked for")
    look("status after review", reviewer)
    for step in ("history/", "compare/?old=1&new=2", "versions/1/", "versions/2/", "delete/"):
        editor.goto(f"{base}{step}")
        look(step, editor)

    # As if somebody had saved version 2 while this form was open.
    editor.goto(f"{base}change/")
    editor.locator("#id_summary").fill("Another summary altogether.")
    editor.locator("#id_title").fill("Questions to ask before any needling")
    editor.evaluate("document.getElementById('id_based_on_number').value = 1")
    editor.get_by_role("button", name="Save draft").first.click()
    expect(editor.get_by_role("heading", level=1)).to_contain_text("Somebody saved")
    look("merge", editor)
    editor.goto(f"{base}change/")
    look("form with text from before", editor)
    editor.context.clear_cookies(name="sessionid")
    editor.get_by_role("button", name="Save draft").first.click()
    expect(editor.get_by_label("Password")).to_be_visible()
    look("signing in again", editor)

    outside = new_page()
    outside.goto(address)
    look("shared version", outside, tags=None)
    outside.goto(f"{address}review/")
    look("shared review", outside, tags=None)
    outside.get_by_role("button", name="Send my decision").click()
    expect(outside).to_have_title(re.compile("^Error: "))
    look("shared review with mistakes", outside, tags=None)
    assert found == {}


def test_no_page_about_what_is_gone_has_a_finding(staff_page: NewPage, new_page: NewPage) -> None:
    """Withdrawn, for readers; and the deleted ones, for staff."""
    editor, reader = staff_page("editor"), new_page()
    editor.goto("/admin/pages/informationpage/add/")
    editor.locator("#id_title").fill("Parking behind the house")
    editor.locator("#id_summary").fill("Where you can leave your car when you visit us.")
    editor.locator("#id_body").fill("You can park behind the house. There are two places.")
    editor.get_by_label("says something about health").uncheck()
    save(editor)
    publish(editor, editor.url.removesuffix("status/"))
    step = editor.get_by_role("region", name="Withdraw the page")
    step.locator("summary").click()
    step.get_by_label("Why").fill("The house was sold.")
    step.get_by_role("button", name="Withdraw the page").click()
    expect(editor.locator(".messagelist")).to_contain_text("Withdrawn.")
    reader.goto("/parking-behind-the-house/")
    expect(reader.get_by_role("main")).to_contain_text("The house was sold.")
    assert in_every_look(reader, tags=None) == []
    editor.get_by_role("link", name="Delete this page").click()
    editor.get_by_role("button", name="Delete the page").click()
    expect(editor.get_by_role("button", name="Take it back").first).to_be_visible()
    assert in_every_look(editor) == []
