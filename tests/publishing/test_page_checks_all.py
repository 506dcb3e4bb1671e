"""All checks together: nothing to stop in good text, no crash on odd text, and no waiting."""

from collections import Counter

import pytest

from articles.models import Article
from conditions.models import Condition
from pages.models import InformationPage
from publishing import checks, snapshots
from publishing.checks import Candidate, Level, findings_in
from publishing.page_checks.registration import register_all
from publishing.snapshots import Draft
from tests.demo import DemoRows
from tests.publishing.candidates import article, condition
from treatments.models import Treatment

pytestmark = [pytest.mark.any_database, pytest.mark.whole]

register_all()

PAGES = (Article, Condition, InformationPage, Treatment)


def test_nothing_stops_a_page_of_the_demonstration(demo: DemoRows) -> None:
    found: Counter[str] = Counter()
    for model in PAGES:
        for page in model.objects.all():
            candidate = Candidate(snapshots.read(page, snapshots.take(page)))
            for finding in findings_in(candidate):
                if finding.field == "review":
                    continue  # of a version, and there is none
                found[finding.level.value] += 1
                assert finding.level is not Level.ERROR, f"{page}: {finding}"
    # More than this, and nobody reads them: then it is the check that wants mending.
    assert found["warning"] <= len(PAGES)
    assert found["hint"] <= 2 * sum(model.objects.count() for model in PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("model", PAGES)
def test_an_empty_page_has_findings_and_no_crash(model: type[Article]) -> None:
    found = findings_in(Candidate(Draft(model())))
    assert {"summary"} <= {finding.field for finding in found}
    assert all(finding.reason and str(finding) for finding in found)


ODD = (
    "\x00\ud800\udfff\ufeff\u200b",
    "مرحبا بالعالم. هذا نص طويل؟ \u202eعكس\u202c [رابط](/conditions/)",
    "[[[[((((**__``~~\n>>>\n!!! \n| | |\n|--|\n:\n[^]: \n*[]: x\n# \n===\n---\n",
    "&#xD800; &#0; &bogus; &NewLine; &#10;",
    '[a](<b\n![x](y "z\n[](\n[a][\n<https://\nhttp://[::1\n[b](http://[x)\n[c](/%00%ff/)',
    "\r\n\u2028\u2029\u0085\x0b\x0c",
    "\\" * 50 + "_" * 50 + "\\[x](/)",
)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ODD)
def test_odd_text_breaks_nothing(text: str) -> None:
    fields = ("overview", "symptoms", "causes", "evidence")
    for finding in findings_in(condition(**dict.fromkeys(fields, text), faqs=[(text, text)])):
        assert str(finding)
    findings_in(article(text, title=text, summary=text, meta_description=text))


LONG = (
    "_", "[", "](", "![", "!![", "[a](", "[a][", "(", ")", "*", "`", "``` ", "~", ".", ". ", "…”",
    "\\", " ", "\t", "a", "A", "AB ", "AB (", "“", "‘", '"', "'", "&", "&#1", "<", "<https://",
    "http://", "www.", "#", "# \n", "- ", "-\n", "- a\n", "|", "|-", "| -\n", "> ", ">", "!!! a",
    '!!! a "', "[^1]: ", "*[A]: x\n", "[a]: /b\n", "{{", "[insert ", "x", "1.", "é", "\u0301", "\n",
    "\n\n", "word. ", "Word word word.\n\n", "worn ", "wear and ", "the ", "may ", "[x](/y/)\n\n",
    "[x](#y)\n\n", "![a](image:1)\n\n", "## a\n\n", "a_b", "[@a]", " [@", "e", "A) ", "NICE ",
    "-a", "a-", "’", ":\n", "=\n", "a\n=\n\n",
)  # fmt: skip


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("piece", LONG)
def test_a_long_text_of_one_kind_is_checked_to_its_end(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    # The checks of this package; that of claims has tests of its own.
    own = [each for each in checks._checks if each.__module__.startswith("publishing.")]
    for body in (text[:-1] + "\x01x", "Words.\n\n" + text + "\n\nend)"):
        candidate = article(body)
        found = [finding for check in own for finding in check(candidate)]
        assert all(each.reason for each in found)
