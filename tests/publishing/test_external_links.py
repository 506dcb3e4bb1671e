"""Staff see which links to other websites are dead, since when, and on which pages."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from threading import Lock
from time import sleep
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from pages.external_links import links_of_pages, links_of_profiles, links_of_sources
from publishing import external_links
from publishing.external_links import (
    LinkedFrom,
    Summary,
    addresses_in,
    check_all,
    dead_links,
    external_addresses,
    register_address_finder,
)
from publishing.link_check import Outcome, Verdict
from publishing.markdown import render
from publishing.models.external_link import ExternalLink
from tests.factories import (
    make_article,
    make_condition,
    make_faq,
    make_information_page,
    make_practitioner,
    make_source,
    make_treatment,
)
from tests.publishing.test_link_check import Site, anywhere, let_names_have, run_site

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WORKS = Outcome(Verdict.WORKS, status=200)
GONE = Outcome(Verdict.DEAD, "The site says that it has no such page (404).", 404)
BROKEN = Outcome(Verdict.FAILED, "The site reported a fault of its own (503).", 503)
SILENT = Outcome(Verdict.FAILED, "The site did not answer in time.")
REFUSED = Outcome(Verdict.REFUSED, "The link leads to port 8443.")

Pages = dict[str, list[str]]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    """The only pages there are: their names, with the addresses they link to."""
    pages: Pages = {}

    def find() -> Iterator[tuple[str, str, str]]:
        for name, addresses in pages.items():
            yield from ((address, name, f"/open/{name}/") for address in addresses)

    monkeypatch.setattr(external_links, "_finders", [find])
    return pages


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A website on this machine that every name leads to."""
    let_names_have(monkeypatch, "127.0.0.1")
    with run_site() as site:
        yield site


class Answers:
    """Takes the place of the network: says of each address what the test decided."""

    def __init__(self, outcomes: dict[str, Outcome] | None = None) -> None:
        self.outcomes = outcomes or {}
        self.asked: list[str] = []
        self._lock = Lock()

    def __call__(self, address: str, **options: Any) -> Outcome:
        with self._lock:
            self.asked.append(address)
        return self.outcomes.get(address, WORKS)


def run(answers: Callable[..., Outcome] | None = None, **options: Any) -> Summary:
    """Check all links without pauses."""
    return check_all(checker=answers or Answers(), pause=0, **options)


# --- addresses in a text ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "[a](https://x.org)",
        "See [a](https://x.org/a), [b](http://y.org/b) and [a](https://x.org/a).",
        "[a](HTTPS://X.org/A)",
        "[a](<https://x.org/a b>)",
        "[a](https://x.org/a b)",
        "[a]( https://x.org )",
        "[a](https://x.org 'title (one)')",
        '[a](https://x.org\n"title")',
        "[a](https://x.org/a_(b))",
        "[a](https://x.org/((b))) and (more)",
        "[a](https://x.org/(b)",
        "([a](https://x.org/b))",
        "[a](https://x.org/a\\_b\\)c)",
        "[a](https://x.org/?a=1&amp;b=2&copy=3)",
        "[a](https://x.org/*b*_c_)",
        "[a](https://x.org/ü)",
        "[a\nb](https://x.org)",
        "[a [b]](https://x.org)",
        "[*a* `]`](https://x.org)",
        "[![alt](image:3)](https://x.org)",
        "[a]() [b](https://x.org)",
        "- [ ] [a](https://x.org)",
        "> [a](https://x.org)",
        "| a | b |\n|---|---|\n| [a](https://x.org) | <https://y.org> |",
        "!!! note\n    [a](https://x.org)",
        "<https://x.org/a>",
        "<HTTP://x.org>",
        "\\<https://x.org>",
        "[a][b]\n\n[b]: https://x.org 'Title'",
        "[a][b]\n\n  [b]: <https://x.org>",
        "[b]\n\n[b]:\n https://x.org",
        "a[^1]\n\n[^1]: <https://x.org> [b](https://y.org)",
        "One ` mark. [a](https://x.org)\n\nAnother ` mark.",
        "a]b [c](https://x.org)",
        # no links
        "",
        "Plain words.",
        "https://x.org",
        "`[a](https://x.org)`",
        "`` ` [a](https://x.org) ``",
        "`<https://x.org>`",
        "\\[a](https://x.org)",
        "[a\\](https://x.org)",
        "a](https://x.org)",
        "[a] (https://x.org)",
        "![a](https://x.org/p.png)",
        "*[HTML]: https://x.org",
        "[a](/contact/) [b](#part) [c](mailto:a@x.org) [d](tel:1)",
        '<a href="https://x.org">a</a>',
        "[@ng59] [a](/)",
    ],
)
def test_the_addresses_of_a_text_are_those_that_a_reader_can_follow(text: str) -> None:
    links = re.findall(r'<a [^>]*?href="(https?://[^"]+)"', str(render(text)), re.IGNORECASE)
    assert set(addresses_in(text)) == {unescape(each) for each in links}


def test_an_address_is_named_once() -> None:
    assert addresses_in("[a](https://x.org) <https://x.org>") == ["https://x.org"]


def test_a_definition_counts_although_nothing_refers_to_it() -> None:
    assert addresses_in("Text.\n\n[b]: https://x.org") == ["https://x.org"]


@pytest.mark.parametrize(
    "own", ["https://clinic.example/a", "http://clinic.example", "HTTPS://Clinic.Example:443/"]
)
def test_our_own_pages_are_no_other_website(settings: LazySettings, own: str) -> None:
    settings.SITE_URL = "https://clinic.example"
    other = "https://clinic.example:8443/a"
    assert addresses_in(f"[a]({own}) [b]({other})") == [other]


@pytest.mark.parametrize("address", ["http://[", "https://a:b/", "http://]"])
def test_what_is_no_address_is_kept_for_the_check(address: str) -> None:
    assert addresses_in(f"<{address}>") == [address]


@pytest.mark.parametrize(
    "part", ["[", "](", "[a](", "[a](((", "`", "``", "<http://", "\\", "[x]:", "![", "](a", "(a"]
)  # fmt: skip
def test_a_text_of_debris_is_read_to_its_end(part: str) -> None:
    assert len(addresses_in("https://" + part * 20_000)) <= 1


# --- where links stand --------------------------------------------------------------------------


@pytest.mark.django_db
def test_links_of_every_kind_of_page_are_found() -> None:
    condition = make_condition(
        name="Back pain", symptoms="[a](https://a.org)", self_care="[b](https://b.org)"
    )
    make_faq(condition, answer="[c](https://c.org)")
    article = make_article(title="Knees", body="[a](https://a.org)", published_at=None)
    make_faq(article, answer="<https://d.org>")
    treatment = make_treatment(name="Massage", evidence="<https://e.org>")
    make_faq(treatment, answer="<https://f.org>")
    make_information_page(title="Fees", body="<https://g.org>")
    assert {(address, title) for address, title, _ in links_of_pages()} == {
        ("https://a.org", "Condition: Back pain"),
        ("https://b.org", "Condition: Back pain"),
        ("https://c.org", "Condition: Back pain"),
        ("https://a.org", "Article: Knees"),
        ("https://d.org", "Article: Knees"),
        ("https://e.org", "Treatment: Massage"),
        ("https://f.org", "Treatment: Massage"),
        ("https://g.org", "Information page: Fees"),
    }
    urls = {title: url for _, title, url in links_of_pages()}
    assert urls["Article: Knees"] == reverse("admin:articles_article_change", args=[article.pk])


@pytest.mark.django_db
def test_links_of_a_deleted_page_need_no_mending() -> None:
    make_article(body="<https://a.org>", deleted_at=timezone.now())
    assert list(links_of_pages()) == []


@pytest.mark.django_db
def test_links_of_profiles_and_sources_are_found() -> None:
    person = make_practitioner(name="Ana Reid", profile="<https://a.org>")
    source = make_source("ng59")
    make_source("leaflet", nice="", url="")
    assert list(links_of_profiles()) == [
        (
            "https://a.org",
            "Practitioner: Ana Reid",
            reverse("admin:practitioners_practitioner_change", args=[person.pk]),
        )
    ]
    assert list(links_of_sources()) == [
        (
            source.link,
            "Source ng59",
            reverse("admin:evidence_source_change", args=[source.pk]),
        )
    ]


@pytest.mark.django_db
def test_more_pages_need_no_more_queries(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        make_faq(make_article(body="<https://a.org>"), answer="<https://b.org>")
        make_faq(make_condition(overview="<https://a.org>"))
    with django_assert_max_num_queries(7):  # four kinds of page, three with questions
        assert len(list(links_of_pages())) == 15


def test_an_address_names_all_its_pages_once(pages: Pages) -> None:
    pages["one"] = ["https://a.org/x", "https://a.org/x#part", " https://a.org/x "]
    pages["two"] = ["https://a.org/x", "", "#", "http://localhost/own"]
    assert external_addresses() == {
        "https://a.org/x": [LinkedFrom("one", "/open/one/"), LinkedFrom("two", "/open/two/")]
    }


def test_a_finder_is_registered_once(pages: Pages) -> None:
    def find() -> list[tuple[str, str, str]]:
        return []

    assert register_address_finder(find) is find
    register_address_finder(find)
    assert external_links._finders.count(find) == 1


# --- dead or alive ------------------------------------------------------------------------------


def learned(*found: tuple[float, Outcome]) -> ExternalLink:
    """Return a link after checks, each so many days after Monday at nine."""
    link = ExternalLink.of("https://a.org")
    for days, outcome in found:
        link.learn(outcome, MONDAY + timedelta(days=days))
    return link


@pytest.mark.parametrize(
    ("found", "dead_since"),
    [
        ([(0, WORKS)], None),
        ([(0, GONE)], 0),
        ([(0, WORKS), (1, GONE)], 1),
        ([(0, GONE), (1, GONE)], 0),
        ([(0, GONE), (1, WORKS)], None),
        ([(0, GONE), (1, WORKS), (2, GONE)], 2),
        ([(0, GONE), (1, BROKEN)], 0),
        ([(0, BROKEN)], None),
        ([(0, BROKEN), (1, SILENT)], None),
        ([(0, BROKEN), (1, SILENT), (2, BROKEN)], 0),
        ([(0, BROKEN), (7, SILENT), (30, BROKEN), (31, BROKEN)], 0),
        ([(0, BROKEN), (0.1, BROKEN), (0.2, BROKEN), (0.3, BROKEN)], None),
        ([(0, BROKEN), (0.1, BROKEN), (1, BROKEN), (1.1, BROKEN), (2, BROKEN)], 0),
        ([(0, BROKEN), (1, BROKEN), (2, WORKS), (3, BROKEN), (4, BROKEN)], None),
        ([(0, BROKEN), (1, BROKEN), (2, WORKS), (3, BROKEN), (4, BROKEN), (5, BROKEN)], 3),
        ([(0, BROKEN), (1, BROKEN), (2, BROKEN), (3, WORKS)], None),
        ([(0, BROKEN), (1, GONE)], 0),
        ([(0, REFUSED), (1, REFUSED), (2, REFUSED), (3, REFUSED)], None),
        ([(0, GONE), (1, REFUSED)], 0),
        ([(0, BROKEN), (1, REFUSED), (2, BROKEN), (3, BROKEN)], 0),
    ],
)
def test_a_link_is_dead_when_it_is_certain(
    found: list[tuple[float, Outcome]], dead_since: int | None
) -> None:
    link = learned(*found)
    expected = None if dead_since is None else MONDAY + timedelta(days=dead_since)
    assert (link.is_dead, link.dead_since) == (expected is not None, expected)


def test_a_day_ends_at_midnight_at_the_clinic() -> None:
    # In June, 22:30 and 23:30 UTC are before and after midnight in London.
    link = learned((13.5 / 24, BROKEN), (14.5 / 24, BROKEN))
    assert link.failing_days == 2


def test_a_link_remembers_the_last_answer() -> None:
    link = learned((0, BROKEN))
    assert (link.status, link.problem) == (503, BROKEN.problem)
    link.learn(WORKS, MONDAY)
    assert (link.status, link.problem, link.checked_at) == (200, "", MONDAY)
    assert (link.failing_since, link.failing_days) == (None, 0)


@pytest.mark.django_db
def test_a_link_is_kept_once() -> None:
    link = ExternalLink.objects.create(address="https://a.org")
    assert str(link) == "https://a.org"
    with pytest.raises(IntegrityError):
        ExternalLink.objects.create(address="https://a.org")


# --- a run over all links -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_run_makes_updates_and_deletes_rows(pages: Pages) -> None:
    pages["one"] = ["https://a.org/", "https://b.org/"]
    summary = run(Answers({"https://b.org/": GONE}))
    assert summary == Summary(known=2, checked=2, works=1, dead=1)
    assert [link.address for link in ExternalLink.objects.all()] == [
        "https://b.org/",
        "https://a.org/",
    ]
    pages["one"] = ["https://b.org/", "https://c.org/"]
    summary = run(Answers({"https://c.org/": BROKEN}), everything=True)
    assert summary == Summary(known=2, checked=2, works=1, failed=1, forgotten=1)
    assert set(ExternalLink.objects.values_list("address", "is_dead")) == {
        ("https://b.org/", False),
        ("https://c.org/", False),
    }


@pytest.mark.django_db
def test_a_link_keeps_the_day_it_was_first_seen(pages: Pages) -> None:
    pages["one"] = ["https://a.org/"]
    with time_machine.travel(MONDAY, tick=False):
        run()
    run()
    assert ExternalLink.objects.get().first_seen_at == MONDAY


@pytest.mark.django_db
def test_a_link_is_checked_once_a_day(pages: Pages) -> None:
    pages["one"] = ["https://a.org/"]
    asked: list[int] = []
    for hours in (0, 19, 21, 24, 45):
        with time_machine.travel(MONDAY + timedelta(hours=hours), tick=False):
            asked.append(run().checked)
    assert asked == [1, 0, 1, 0, 1]


@pytest.mark.django_db
def test_a_limit_takes_the_links_that_waited_longest(pages: Pages) -> None:
    pages["one"] = [f"https://{name}.org/" for name in "abc"]
    order: list[str] = []
    for day in range(4):
        with time_machine.travel(MONDAY + timedelta(days=day), tick=False):
            answers = Answers()
            run(answers, limit=1)
            order += answers.asked
    assert len(set(order[:3])) == 3
    assert order[3] == order[0]
    assert run(limit=0).checked == run(limit=-1).checked == 0


@pytest.mark.django_db
def test_dead_links_name_their_pages_the_longest_dead_first(pages: Pages) -> None:
    pages["one"] = ["https://b.org/", "https://ok.org/"]
    with time_machine.travel(MONDAY, tick=False):
        run(Answers({"https://b.org/": GONE}))
    pages["two"] = ["https://b.org/", "https://a.org/"]
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        run(Answers({"https://b.org/": GONE, "https://a.org/": GONE}))
    first, second = dead_links()
    assert (first.address, first.since, first.problem) == ("https://b.org/", MONDAY, GONE.problem)
    assert [page.text for page in first.pages] == ["one", "two"]
    assert second.pages == [LinkedFrom("two", "/open/two/")]
    pages["two"] = []  # mended since, but not checked again
    assert [link.address for link in dead_links()] == ["https://b.org/"]


@pytest.mark.django_db
def test_nothing_dead_reads_no_page(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_links, "external_addresses", lambda: pytest.fail("reads pages"))
    assert dead_links() == []


@pytest.mark.django_db
def test_a_server_that_is_cut_off_declares_nothing_dead(pages: Pages) -> None:
    pages["one"] = [f"https://{name}.org/" for name in "abc"]
    unknown = Outcome(Verdict.DEAD, "There is no website of this name any more.")
    summary = run(Answers({f"https://{name}.org/": unknown for name in "abc"}))
    assert summary.is_offline
    assert not ExternalLink.objects.filter(checked_at__isnull=False).exists()
    # As soon as one site answers, the others' silence is their own.
    answers = Answers({f"https://{name}.org/": unknown for name in "ab"})
    assert run(answers) == Summary(known=3, checked=3, works=1, dead=2)


@pytest.mark.django_db
def test_a_refused_or_impossible_address_needs_no_network(pages: Pages) -> None:
    pages["one"] = ["http://[", "http://a..b/", "https://a:b/", "https://93.184.215.14:8443/"]
    summary = check_all(pause=0)
    assert summary == Summary(known=4, checked=4, dead=3, refused=1)


@pytest.mark.django_db
def test_a_huge_address_is_kept_and_not_asked_for(pages: Pages) -> None:
    pages["one"] = ["https://a.org/" + "x" * 30_000]
    assert check_all(pause=0).refused == 1
    assert len(ExternalLink.objects.get().address) > 30_000


@pytest.mark.django_db
def test_a_row_that_another_run_deleted_does_not_come_back(pages: Pages) -> None:
    pages["one"] = ["https://a.org/"]
    rows = external_links._due

    def due(**options: Any) -> list[ExternalLink]:
        found = rows(**options)
        ExternalLink.objects.all().delete()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(external_links, "_due", due)
        run()
    assert not ExternalLink.objects.exists()


@pytest.mark.django_db
def test_a_fault_of_ours_ends_the_run_after_the_other_hosts(pages: Pages) -> None:
    pages["one"] = ["https://a.org/", "https://b.org/"]

    def fail(address: str, **options: Any) -> Outcome:
        if address == "https://a.org/":
            raise RuntimeError("a fault of ours")
        return WORKS

    with pytest.raises(RuntimeError, match="a fault of ours"):
        run(fail)
    assert ExternalLink.objects.get(address="https://b.org/").checked_at


def test_who_stops_a_run_waits_for_nothing_more() -> None:
    asked: list[str] = []

    def ask(address: str) -> Outcome:
        asked.append(address)
        sleep(0.02)
        return WORKS

    outcomes = external_links._outcomes([f"https://a.org/{number}" for number in range(99)], ask)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert len(asked) < 10


# --- politeness ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_host_gets_one_request_at_a_time_and_hosts_do_not_wait(pages: Pages, site: Site) -> None:
    hosts = ["a.example", "b.example", "c.example"]
    pages["one"] = [site.url(f"/{number}", host) for host in hosts for number in range(4)]
    site.pages = {f"/{number}": 200 for number in range(4)}
    site.delay = 0.05
    summary = check_all(is_allowed=anywhere, pause=0)
    assert summary.works == 12
    assert {host: site.most_at_once[host] for host in hosts} == dict.fromkeys(hosts, 1)
    assert site.most_at_once["all"] > 1


@pytest.mark.django_db
def test_redirects_wait_for_their_turn_too(pages: Pages, site: Site) -> None:
    # All of them lead to one host, as the addresses of a register of publications do.
    for name in "abcdef":
        pages[name] = [site.url(f"/{name}", f"{name}.example")]
        site.pages[f"/{name}"] = site.url("/end", "end.example")
    site.pages["/end"] = 200
    site.delay = 0.03
    assert check_all(is_allowed=anywhere, pause=0).works == 6
    assert site.most_at_once["end.example"] == 1


@pytest.mark.django_db
def test_at_most_eight_hosts_are_asked_at_once(pages: Pages, site: Site) -> None:
    pages["one"] = [site.url("/", f"h{number}.example") for number in range(20)]
    site.pages["/"] = 200
    site.delay = 0.05
    check_all(is_allowed=anywhere, pause=0)
    assert 1 < site.most_at_once["all"] <= 8


@pytest.mark.django_db
def test_a_host_is_left_in_peace_between_requests(pages: Pages, site: Site) -> None:
    pages["one"] = [site.url("/a"), site.url("/b")]
    site.pages = {"HEAD /a": 405, "GET /a": 200, "/b": 200}
    check_all(is_allowed=anywhere, pause=0.2)
    gaps = [after - before for before, after in zip(site.times, site.times[1:], strict=False)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.19


# --- the command --------------------------------------------------------------------------------


def check_links(*arguments: str) -> str:
    """Run the command and return what it says."""
    said = StringIO()
    call_command("check_links", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Answers:
    """Switch the command on, and let it ask the test instead of the network."""
    settings.LINK_CHECK_ENABLED = True
    answers = Answers()
    options = external_links.check_all.__kwdefaults__ | {"checker": answers, "pause": 0}
    monkeypatch.setattr(external_links.check_all, "__kwdefaults__", options)
    return answers


@pytest.mark.django_db
def test_the_command_does_nothing_when_it_is_off(
    pages: Pages, answers: Answers, settings: LazySettings
) -> None:
    settings.LINK_CHECK_ENABLED = False
    pages["one"] = ["https://a.org/"]
    assert "LINK_CHECK_ENABLED is off" in check_links("--all")
    assert answers.asked == []
    assert not ExternalLink.objects.exists()


@pytest.mark.django_db
def test_the_command_names_dead_links_and_their_pages(pages: Pages, answers: Answers) -> None:
    pages["Article: Knees"] = pages["Source ng59"] = ["https://a.org/", "https://b.org/"]
    answers.outcomes["https://a.org/"] = GONE
    with time_machine.travel(MONDAY, tick=False):
        said = check_links()
    assert (
        f"https://a.org/: dead since 2026-06-01. {GONE.problem} On: Article: Knees, Source ng59\n"
    ) in said
    assert "Links on pages: 2. Checked now: 2, of which work: 1" in said
    assert "Dead in all: 1." in said
    assert "https://b.org/" not in said


@pytest.mark.django_db
def test_the_command_takes_all_links_or_a_few(pages: Pages, answers: Answers) -> None:
    pages["one"] = ["https://a.org/", "https://b.org/", "https://c.org/"]
    assert "Checked now: 2" in check_links("--limit", "2")
    assert "Checked now: 1" in check_links()
    assert "Checked now: 0" in check_links()
    assert "Checked now: 3" in check_links("--all")


@pytest.mark.django_db
def test_the_command_says_that_the_server_may_be_cut_off(pages: Pages, answers: Answers) -> None:
    pages["one"] = [f"https://{name}.org/" for name in "abc"]
    answers.outcomes |= dict.fromkeys(pages["one"], SILENT)
    assert "cut off from the internet" in check_links()
