"""Redirects from a table: what is taken, what is refused and why, and that nothing else happens."""

from collections.abc import Iterable

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from publishing import redirect_import, redirects
from publishing.models import AuditEntry, Redirect
from publishing.redirect_import import ChangedMeanwhile, Unreadable, plan, text_of, wishes_in
from publishing.redirect_rules import Outcome, Wish, WrongAddress, judge, path_from
from tests.factories import make_article, make_category, make_condition, make_user

PAGES = {"/new/", "/newer/", "/page/"}


def judged(*rows: tuple[str, ...], existing: dict[str, str] | None = None) -> list[Outcome]:
    """Return what becomes of rows on a site with the pages above."""
    wishes = [Wish(number, cells) for number, cells in enumerate(rows, 1)]
    return [each.outcome for each in judge(wishes, existing or {}, PAGES.intersection)]


def ends(rows: Iterable[tuple[str, str]], existing: dict[str, str]) -> dict[str, str]:
    wishes = [Wish(number, cells) for number, cells in enumerate(rows, 1)]
    found = judge(wishes, existing, PAGES.intersection)
    return {each.old: each.end for each in found if each.is_done}


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/old/", "/old/"),
        ("  /old/ ", "/old/"),
        ("/old", "/old/"),  # where a page could stand there
        ("/articles/old", "/articles/old/"),
        ("/old/page.html", "/old/page.html"),
        ("/old%20page.html", "/old page.html"),
        ("/r%C3%BCcken.html", "/rücken.html"),
        ("/bad%FFbyte.html", "/bad%FFbyte.html"),  # as a request for it has it
        ("http://localhost/old/", "/old/"),
        ("https://LOCALHOST:8000/old/", "/old/"),
        ("http://testserver/old", "/old/"),
        ("http://localhost", "/"),
        ("http://localhost/", "/"),
        ("/\u200bold/", "/old/"),  # pasted with a letter that nobody sees
    ],
)
def test_addresses_become_the_paths_that_requests_have(
    settings: LazySettings, typed: str, path: str
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    assert path_from(typed) == path


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Begin with a slash"),
        ("old/", "Begin with a slash"),
        ("www.example.org/old/", "Begin with a slash"),
        ("javascript:alert(1)", "Begin with a slash"),
        ("//example.org/old/", "single slashes"),
        ("/a//b/", "single slashes"),
        ("/%2F/example.org/", "single slashes"),
        ("/\\example.org/", "single slashes"),
        ("/a/../b/", "single slashes"),
        ("/a/./b/", "single slashes"),
        ("/old/?page=2", "from “?” or “#”"),
        ("/old/#part", "from “?” or “#”"),
        ("https://example.org/old/", "another website"),
        ("https://localhost.example.org/old/", "another website"),
        ("https://[/old/", "another website"),
        ("/old%00/", "cannot be seen"),
        ("/old%0D%0ASet-Cookie:x/", "cannot be seen"),
        ("/o\x07ld/", "cannot be seen"),
        ("/" + "x" * 200, "too long"),
        ("/admin/", "/admin/ are the software’s own"),
        ("/admin", "/admin/ are the software’s own"),
        ("/static/old.css", "/static/ are the software’s own"),
        ("/%61dmin/x/", "/admin/ are the software’s own"),
        ("/shared/x/", "/shared/ are the software’s own"),
    ],
)
def test_what_is_no_path_of_this_site_is_refused(typed: str, why: str) -> None:
    with pytest.raises(WrongAddress, match=why.replace("?", r"\?")):
        path_from(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_clean_path_or_refused(typed: str) -> None:
    try:
        path = path_from(f"/{typed}")
    except WrongAddress:
        return
    assert path.startswith("/")
    assert not path.startswith("//")
    assert not set(path) & set("\x00\r\n\\")
    assert len(path) <= 200


# --- judging --------------------------------------------------------------------------------------


def test_new_and_replaced_and_the_same() -> None:
    there = {"/b/": "/new/", "/c/": "/newer/"}
    rows = [("/a/", "/new/"), ("/b/", "/newer/"), ("/c/", "/newer/")]
    assert judged(*rows, existing=there) == [Outcome.NEW, Outcome.REPLACES, Outcome.SAME]
    assert ends(rows, there) == {"/a/": "/new/", "/b/": "/newer/"}


def test_a_chain_is_shortened_in_whatever_order_its_rows_stand() -> None:
    rows = [("/a/", "/b/"), ("/b/", "/c/"), ("/c/", "/new/")]
    for order in (rows, rows[::-1]):
        assert ends(order, {}) == {"/a/": "/new/", "/b/": "/new/", "/c/": "/new/"}
    assert judged(*rows) == [Outcome.CHAIN, Outcome.CHAIN, Outcome.NEW]


def test_a_chain_by_way_of_what_is_there_is_shortened() -> None:
    assert ends([("/a/", "/b/")], {"/b/": "/new/"}) == {"/a/": "/new/"}
    # The file changes where the next step leads.
    rows = [("/a/", "/b/"), ("/b/", "/newer/")]
    assert ends(rows, {"/b/": "/new/"}) == {"/a/": "/newer/", "/b/": "/newer/"}


@pytest.mark.parametrize(
    ("rows", "existing"),
    [
        ([("/a/", "/a/")], {}),
        ([("/a/", "/b/"), ("/b/", "/a/")], {}),
        ([("/a/", "/b/"), ("/b/", "/c/"), ("/c/", "/a/")], {}),
        ([("/a/", "/b/")], {"/b/": "/a/"}),
        ([("/a/", "/b/")], {"/b/": "/c/", "/c/": "/b/"}),
        ([("/x/", "/a/"), ("/a/", "/b/"), ("/b/", "/a/")], {}),  # the first leads into the circle
    ],
)
def test_whatever_leads_in_a_circle_is_refused(
    rows: list[tuple[str, str]], existing: dict[str, str]
) -> None:
    assert judged(*rows, existing=existing) == [Outcome.LOOP] * len(rows)


def test_clashes() -> None:
    rows = [("/page/", "/new/"), ("/a/", "/new/"), ("/a/", "/newer/"), ("/b/", "/new/"),
            ("/b/", "/new/")]  # fmt: skip
    assert judged(*rows) == [
        Outcome.PAGE, Outcome.CLASH, Outcome.CLASH, Outcome.NEW, Outcome.SAME,
    ]  # fmt: skip


def test_where_nothing_answers_nothing_is_led() -> None:
    rows = [("/a/", "/nowhere/"), ("/b/", "/a/"), ("/c/", "/d/")]
    assert judged(*rows, existing={"/d/": "/nowhere/"}) == [Outcome.NO_TARGET] * 3


def test_the_words_name_the_end_and_what_was_there() -> None:
    found = judge([Wish(1, ("/a/", "/b/"))], {"/a/": "/page/", "/b/": "/new/"}, PAGES.intersection)
    assert found[0].words == (
        "/b/ leads on to /new/. The old address leads there at once. Until now it led to /page/."
    )


@pytest.mark.parametrize("cells", [("/a/",), ("/a/", "/new/", "note"), ("", "/new/"), ("a", "/b/")])
def test_rows_that_cannot_be_read_are_told(cells: tuple[str, ...]) -> None:
    assert judged(("/x/", "/new/"), cells) == [Outcome.NEW, Outcome.MALFORMED]


def test_headings_are_told_apart_only_at_the_top() -> None:
    assert judged(("old", "new"), ("/a/", "/new/")) == [Outcome.HEADING, Outcome.NEW]
    assert judged(("/a/", "/new/"), ("old", "new")) == [Outcome.NEW, Outcome.MALFORMED]


_PLACES = st.sampled_from(["/a/", "/b/", "/c/", "/d/", "/new/", "/page/"])


@given(
    st.lists(st.tuples(_PLACES, _PLACES), max_size=8),
    st.dictionaries(st.sampled_from(["/a/", "/b/", "/c/", "/e/"]), st.just("/new/"), max_size=3),
)
def test_whatever_is_written_leads_to_a_page_in_one_step(
    rows: list[tuple[str, str]], existing: dict[str, str]
) -> None:
    written = ends(rows, existing)
    after = existing | written
    after = {old: written.get(new, new) for old, new in after.items()}
    for old, new in after.items():
        assert old not in PAGES
        assert new in PAGES
        assert new not in after


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_as_spreadsheets_write_them(delimiter: str, end: str) -> None:
    lines = ["/a/|/b,c;d.html", "", '"/e/"|/f/||', "  |  "]
    text = end.join(
        line.replace("|", delimiter).replace("/b,c;d.html", '"/b,c;d.html"') for line in lines
    )
    assert wishes_in(text) == [Wish(1, ("/a/", "/b,c;d.html")), Wish(3, ("/e/", "/f/"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_letters_arrive_whatever_wrote_them(encoding: str) -> None:
    assert text_of("/rücken/,/new/".encode(encoding)) == "/rücken/,/new/"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00", "/a/,/b/".encode("utf-16"), b"\x81\x8d"]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="Save the table as CSV"):
        text_of(content)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing in it"),
        ("\n   \n", "nothing in it"),
        ("/a/,/b/\n" * 5001, "5001 rows"),
        ('"' + "x" * 200_000, "quotation mark"),
        ("/a/,/b/\n" + " " * 1_000_000, "too large"),
    ],
)
def test_tables_that_cannot_be_taken_are_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        wishes_in(text)


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(Unreadable, match="1 MB"):
        text_of(b"x" * 1_000_001)


# --- on a site ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rows_are_judged_by_the_pages_of_the_site() -> None:
    make_article(slug="here")
    make_article(slug="draft", published_at=None)
    make_article(slug="other-draft", published_at=None)
    make_condition(slug="back-pain")
    make_category(slug="knees")
    found = plan(
        "/old-a/,/articles/here/\n/articles/here/,/conditions/back-pain/\n"
        "/old-b/,/articles/draft/\n/articles/other-draft/,/conditions/\n"
        "/old-c/,/articles/category/knees/\n/articles/category/gone/,/articles/\n/old-d/,/contact\n"
    )
    assert [each.outcome for each in found.verdicts] == [
        Outcome.NEW, Outcome.PAGE, Outcome.NO_TARGET, Outcome.NEW, Outcome.NEW, Outcome.NEW,
        Outcome.NEW,
    ]  # fmt: skip
    assert found.verdicts[-1].end == "/contact/"


@pytest.mark.django_db
def test_what_was_shown_is_done_and_told_to_the_audit_log() -> None:
    user = make_user("Editor")
    redirects.add("/older/", "/articles/")
    Redirect.objects.create(old_path="/oldest/", new_path="/b/")
    text = "old,new\n/a/,/b/\n/b/,/contact/\n/older/,/conditions/\n/bad/,/nowhere/\n"
    shown = plan(text)
    assert not Redirect.objects.filter(old_path="/a/").exists()
    redirect_import.carry_out(text, shown.digest, user)
    assert redirects.everything() == {
        "/a/": "/contact/",
        "/b/": "/contact/",
        "/older/": "/conditions/",
        "/oldest/": "/contact/",  # it led to /b/
    }
    entries = AuditEntry.objects.filter(act="imported")
    assert {each.target for each in entries} == {
        f"redirect: {old} → {new}" for old, new in redirects.everything().items()
    }


@pytest.mark.django_db
def test_nothing_is_done_once_something_else_came_out() -> None:
    text = "/a/,/contact/\n/b/,/articles/\n"
    shown = plan(text)
    redirects.add("/a/", "/conditions/")
    with pytest.raises(ChangedMeanwhile) as changed:
        redirect_import.carry_out(text, shown.digest, make_user("Editor"))
    assert [each.outcome for each in changed.value.plan.verdicts] == [
        Outcome.REPLACES, Outcome.NEW,
    ]  # fmt: skip
    assert redirects.everything() == {"/a/": "/conditions/"}


@pytest.mark.django_db
def test_a_fault_half_way_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr("publishing.redirect_import.record", fail)
    text = "/a/,/contact/\n"
    with pytest.raises(RuntimeError, match="half-way"):
        redirect_import.carry_out(text, plan(text).digest, make_user("Editor"))
    assert redirects.everything() == {}


@pytest.mark.django_db
def test_as_many_rows_as_are_taken_are_imported() -> None:
    text = "".join(f"/old-{number}/,/contact/\n" for number in range(5000))
    done = redirect_import.carry_out(text, plan(text).digest, make_user("Editor"))
    assert done.number == Redirect.objects.count() == 5000
