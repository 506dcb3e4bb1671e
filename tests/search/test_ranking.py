"""Which page comes first."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from search.models import SearchEntry
from search.query import Query, Term, understand
from search.ranking import score
from search.words import stems

CONDITION, ARTICLE = SearchEntry.Kind.CONDITION, SearchEntry.Kind.ARTICLE


class EveryWord:
    """A site on which every word stands on some pages."""

    def entries_with(self, stems: Sequence[str]) -> Mapping[str, int]:
        return dict.fromkeys(stems, 5)

    def size(self) -> int:
        return 50

    def correct(self, word: str) -> str:
        return ""

    def split(self, word: str) -> None:
        return None


def page(**texts: Any) -> dict[str, Any]:
    """Return what the index keeps of a page's texts."""
    told = {name: " ".join(stems(texts.get(name, ""))) for name in ("title", "summary", "body")}
    told_lists = {
        name: [" ".join(stems(each)) for each in texts.get(name, ())]
        for name in ("names", "headings")
    }
    return told | told_lists


def judged(typed: str, kind: SearchEntry.Kind = ARTICLE, **texts: Any) -> float:
    return score(understand(typed, EveryWord()), kind, page(**texts))


BODY = "neck pain " * 30


def test_the_title_comes_before_the_text() -> None:
    assert judged("neck pain", title="Neck pain") > judged("neck pain", title="Sleep", body=BODY)


def test_another_name_comes_before_the_text() -> None:
    by_name = judged("crick", title="Neck pain", names=["crick in the neck"])
    assert by_name > judged("crick", title="Sleep", summary="A crick.", body="crick " * 50)


def test_the_whole_name_comes_before_a_part_of_one() -> None:
    whole = judged("arthritis", title="Joints", names=["arthritis"])
    assert whole > judged("arthritis", title="Joints", names=["rheumatoid arthritis"])


def test_the_summary_comes_before_the_text() -> None:
    assert judged("sleep", title="A", summary="Sleep.") > judged("sleep", title="A", body="Sleep.")


def test_a_question_that_is_answered_counts_more_than_its_words_in_the_text() -> None:
    asked = "can I drive"
    answered = judged(asked, title="A", headings=["Can I drive?"])
    assert answered > judged(asked, title="A", body="You can drive. I drive. We drive.")


def test_all_of_what_was_typed_comes_before_a_part_often() -> None:
    both = judged("knee swelling", title="A", body="A knee with swelling.")
    assert both > judged("knee swelling", title="A", body="knee " * 40)


def test_the_order_of_words_is_all_the_same() -> None:
    texts = {"title": "Pain in the neck", "body": BODY}
    assert judged("neck pain", **texts) == judged("pain neck", **texts)


def test_of_the_same_a_condition_comes_before_an_article() -> None:
    assert judged("jaw", CONDITION, title="Jaw") > judged("jaw", ARTICLE, title="Jaw")


@pytest.mark.parametrize("typed", ["elbow", "elbow wrist hand finger neck"])
def test_a_page_with_too_little_of_it_is_not_found(typed: str) -> None:
    assert judged(typed, title="Sleep", body="Mind your neck.") == 0


def test_a_part_of_a_word_is_not_the_word() -> None:
    assert judged("arm", title="Farmers", body="An alarm.") == 0


def test_without_anything_to_look_for_nothing_is_found() -> None:
    assert score(Query(""), ARTICLE, page(title="Neck")) == 0
    assert score(Query("x", (Term({}, 2.0),)), ARTICLE, page(title="Neck")) == 0
