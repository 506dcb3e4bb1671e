"""axe finds nothing on any kind of page, in any state, at either size, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SIZES, NewPage

pytestmark = pytest.mark.browser

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
    "/about/",
    "/fees/",
    "/privacy/",
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
    ],
    "reception": ["/admin/", "/admin/enquiries/enquiry/"],
    "manager": ["/admin/clinic/clinic/1/change/", "/admin/practitioners/practitioner/add/"],
}


WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, *, tags: list[str] | None = None) -> list[str]:
    """Return what axe finds, with the place; by all of its rules unless tags are given."""
    # Without preload: axe would write style sheets into the page, which its CSP rightly refuses.
    options = {"preload": False} | ({"runOnly": tags} if tags else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html'][:160]}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_public_page_has_a_finding(new_page: NewPage, size: dict, scheme: str) -> None:
    page = new_page(viewport=size, color_scheme=scheme)
    found = {}
    for address in PUBLIC:
        page.goto(address)
        if findings := violations(page):
            found[address] = findings
    assert found == {}


@pytest.mark.parametrize("size", SIZES)
def test_no_state_of_the_form_has_a_finding(new_page: NewPage, size: dict) -> None:
    page = new_page(viewport=size)
    page.goto("/contact/")
    page.get_by_role("button", name="Send enquiry").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
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


@pytest.mark.parametrize("address", PUBLIC)
def test_nothing_scrolls_sideways_at_320_pixels(new_page: NewPage, address: str) -> None:
    """320 pixels is also a 1280-pixel window at 400 % zoom (WCAG 1.4.10)."""
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(address)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320


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
