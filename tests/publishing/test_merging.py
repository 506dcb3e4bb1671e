"""Two people save the same page: nothing that either typed is lost, nobody wins by luck."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.merging import Merge, is_same, merge, places, resolve, rows_in_order

# The text that Hypothesis makes up can take a while on a busy machine, which is no fault in ours.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FIRST = "# Back pain\n\nMost people get it.\n\nIt passes.\n\n- walk\n- swim\n- rest\n\nSee us."
ASHA = {"pk": 3, "text": "Asha Example"}
BEN = {"pk": 4, "text": "Ben Example"}
CHEN = {"pk": 5, "text": "Chen Example"}


def _text(text: Any) -> dict[str, Any]:
    return {"fields": {"body": text}}


def _many(*references: dict[str, Any]) -> dict[str, Any]:
    return {"many": {"treatments": list(references)}}


def _rows(*names: str) -> dict[str, Any]:
    return {"rows": {"faqs": [{"q": name, "position": at} for at, name in enumerate(names)]}}


def _kinds(merged: Merge) -> dict[str, str]:
    return {each.place: each.kind for each in merged.differences}


def _merged_text(theirs: str, mine: str, base: str = FIRST) -> str:
    merged = merge(_text(base), _text(theirs), _text(mine))
    assert _kinds(merged) == {"fields.body": "merged"}
    return str(merged.data["fields"]["body"])


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "merged", "kind"),
    [
        ("a", "b", "a", "b", "theirs"),
        ("a", "a", "b", "b", "mine"),
        ("a", "b", "b", "b", "same"),
        ("a", "b", "c", "c", "collision"),
        (1, 2, 3, 3, "collision"),
        (1, True, 1, True, "theirs"),
        (None, ASHA, None, ASHA, "theirs"),
        (ASHA, BEN, CHEN, CHEN, "collision"),
        (["a"], ["a", "b"], ["c", "a"], ["c", "a"], "collision"),
        ("a", None, "c", "c", "collision"),
        ("long " * 80, "longer " * 80, "longest " * 80, "longest " * 80, "collision"),
    ],
)
def test_value_that_both_changed_is_for_the_editor(
    base: Any, theirs: Any, mine: Any, merged: Any, kind: str
) -> None:
    found = merge(_text(base), _text(theirs), _text(mine))
    (difference,) = found.differences
    assert (difference.kind, difference.merged) == (kind, merged)
    assert (difference.base, difference.theirs, difference.mine) == (base, theirs, mine)
    assert found.data == _text(merged)
    assert found.collisions == ([difference] if kind == "collision" else [])


def test_reference_that_was_only_renamed_is_no_difference() -> None:
    renamed = ASHA | {"text": "Asha Married"}
    assert merge(_text(ASHA), _text(renamed), _text(ASHA)).differences == []


# --- texts ----------------------------------------------------------------------------------------


def test_paragraphs_apart_from_each_other_are_merged() -> None:
    theirs = FIRST.replace("# Back pain", "# Low back pain")
    mine = FIRST.replace("It passes.", "It passes soon.")
    assert _merged_text(theirs, mine) == theirs.replace("It passes.", "It passes soon.")


def test_list_items_apart_from_each_other_are_merged() -> None:
    theirs = FIRST.replace("- walk", "- walk daily")
    mine = FIRST.replace("- rest", "- rest\n- stretch")
    assert "- walk daily\n- swim\n- rest\n- stretch\n\nSee us." in _merged_text(theirs, mine)


def test_text_added_at_both_ends_is_merged() -> None:
    merged = _merged_text("First of all.\n\n" + FIRST, FIRST + "\n\nLast of all.\n")
    assert merged == f"First of all.\n\n{FIRST}\n\nLast of all.\n"


def test_same_change_is_made_once() -> None:
    both = FIRST.replace("It passes.", "It passes soon.")
    merged = _merged_text(both + "\n\nMore.", both.replace("# Back", "# Low back"))
    assert merged == both.replace("# Back", "# Low back") + "\n\nMore."


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (("It passes.", "It goes."), ("It passes.", "It stays.")),
        (("Most people get it.", "Few get it."), ("It passes.", "It stays.")),  # they touch
        (("It passes.\n\n", ""), ("It passes.", "It stays.")),
        (("See us.", "See us.\n\nA"), ("See us.", "See us.\n\nB")),
        (("See us.", ""), ("See us.", "See us.\n\nB")),
        (("- swim\n", "- swim\n\n"), ("- swim\n", "- swim\n\n\n")),
    ],
)
def test_changes_that_touch_collide(theirs: tuple[str, str], mine: tuple[str, str]) -> None:
    other, own = FIRST.replace(*theirs), FIRST.replace(*mine)
    merged = merge(_text(FIRST), _text(other), _text(own))
    assert _kinds(merged) == {"fields.body": "collision"}
    assert merged.data == _text(own)


def test_paragraph_that_both_moved_elsewhere_does_not_stand_there_twice() -> None:
    paragraphs = [f"Paragraph {letter}." for letter in "ABCDEFGH"]
    moved = [paragraphs[0], *paragraphs[2:]]
    theirs = [*moved[:4], paragraphs[1], *moved[4:]]
    mine = [*moved, paragraphs[1]]
    base, other, own = ("\n\n".join(each) for each in (paragraphs, theirs, mine))
    assert _kinds(merge(_text(base), _text(other), _text(own))) == {"fields.body": "collision"}


def test_paragraph_that_one_moved_and_the_other_took_out_is_for_the_editor() -> None:
    paragraphs = [f"Paragraph {letter}." for letter in "ABCDEFGH"]
    gone = [paragraphs[0], *paragraphs[2:]]
    base, other, own = ("\n\n".join(e) for e in (paragraphs, [*gone, paragraphs[1]], gone))
    assert _kinds(merge(_text(base), _text(other), _text(own))) == {"fields.body": "collision"}


def test_lines_of_one_paragraph_are_not_merged_into_a_sentence_nobody_wrote() -> None:
    base = "Take it\nwith food\nin the morning."
    theirs, mine = base.replace("Take", "Do not take"), base.replace("morning", "evening")
    assert merge(_text(base), _text(theirs), _text(mine)).collisions


def test_text_with_more_paragraphs_than_can_be_compared_is_for_the_editor() -> None:
    base = "a\n\n" * 13_000
    merged = merge(_text(base), _text("b\n\n" + base), _text(base + "c"))
    assert _kinds(merged) == {"fields.body": "collision"}
    assert merged.data == _text(base + "c")


# --- references and rows --------------------------------------------------------------------------


def test_references_of_both_are_combined() -> None:
    merged = merge(_many(ASHA, BEN), _many(BEN, CHEN), _many(ASHA))
    assert merged.data == _many(CHEN)
    assert _kinds(merged) == {"many.treatments": "merged"}
    assert _kinds(merge(_many(ASHA, BEN), _many(BEN, ASHA), _many(ASHA, BEN))) == {}


def test_rows_apart_from_each_other_are_merged_and_numbered() -> None:
    merged = merge(_rows("a", "b", "c"), _rows("x", "a", "b", "c"), _rows("a", "b", "C", "d"))
    assert merged.data == _rows("x", "a", "b", "C", "d")
    assert _kinds(merged) == {"rows.faqs": "merged"}


def test_same_row_changed_by_both_is_for_the_editor() -> None:
    merged = merge(_rows("a", "b"), _rows("A", "b"), _rows("aa", "b"))
    assert _kinds(merged) == {"rows.faqs": "collision"}
    assert merged.data == _rows("aa", "b")


def test_rows_go_by_their_positions_and_not_by_the_numbers() -> None:
    gaps = {"rows": {"faqs": [{"q": "b", "position": 9}, {"q": "a", "position": 2}]}}
    assert merge(_rows("a", "b"), gaps, _rows("a", "b")).differences == []
    swapped = {"rows": {"faqs": [{"q": "a", "position": 1}, {"q": "b", "position": 0}]}}
    assert _kinds(merge(_rows("a", "b"), _rows("a", "b"), swapped)) == {"rows.faqs": "mine"}
    assert rows_in_order(["odd", {"position": 0}]) == ["odd", {"position": 0}]


def test_rows_without_positions_get_none() -> None:
    base, theirs, mine = (
        {"rows": {"x": [{"n": each} for each in letters]}} for letters in ("abc", "zabc", "abcd")
    )
    assert merge(base, theirs, mine).data == {"rows": {"x": [{"n": each} for each in "zabcd"]}}


# --- missing places -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "merged", "kind"),
    [
        ({"a": 1}, {}, {"a": 1}, {"a": 1}, None),
        ({"a": 1}, {"a": 1}, {}, {"a": 1}, None),
        ({"a": 1}, {}, {"a": 2}, {"a": 2}, "mine"),
        ({"a": 1}, {"a": 2}, {}, {"a": 2}, "theirs"),
        ({}, {"a": 2}, {}, {"a": 2}, "theirs"),
        ({}, {}, {"a": 2}, {"a": 2}, "mine"),
        ({}, {"a": 2}, {"a": 2}, {"a": 2}, "same"),
        ({}, {"a": 2}, {"a": 3}, {"a": 3}, "collision"),
        ({}, {"a": "x"}, {"a": ""}, {"a": "x"}, "theirs"),
        ({}, {"a": ""}, {"a": "x"}, {"a": "x"}, "mine"),
        ({}, {"a": ""}, {"a": ""}, {"a": ""}, None),
    ],
)
def test_side_that_does_not_know_a_place_has_not_changed_it(
    base: Any, theirs: Any, mine: Any, merged: Any, kind: str | None
) -> None:
    found = merge({"fields": base}, {"fields": theirs}, {"fields": mine})
    assert found.data == {"fields": merged}
    assert [each.kind for each in found.differences] == ([kind] if kind else [])


def test_parts_that_one_side_lacks_are_kept() -> None:
    assert merge({}, {}, {}).data == {}
    assert merge({}, _many(ASHA), _rows("a")).data == _many(ASHA) | _rows("a")
    assert merge({}, _many(ASHA), _many(BEN)).data == _many(BEN, ASHA)
    assert merge({}, _rows("a"), _rows("b")).collisions
    assert merge({"format": 1}, {"format": 2}, {"fields": {}}).data == {"format": 2, "fields": {}}


def test_names_with_dots_are_places_too() -> None:
    base, mine = {"fields": {"a.b": 1}}, {"fields": {"a.b": 2}}
    assert merge(base, base, mine).data == mine
    assert places(mine) == {"fields.a.b": 2}


# --- picking --------------------------------------------------------------------------------------


def test_pick_decides_a_collision() -> None:
    sides = [_text("a") | _rows("a"), _text("b") | _rows("b"), _text("c") | _rows("c")]
    merged = merge(*sides)
    assert resolve(merged, {}) == sides[2]
    assert resolve(merged, {"fields.body": "theirs"}) == _text("b") | _rows("c")
    assert resolve(merged, {"fields.body": "mine", "rows.faqs": "theirs"}) == (
        _text("c") | _rows("b")
    )
    assert merged.data == sides[2]


@pytest.mark.parametrize(
    "picks", [{"fields.other": "mine"}, {"fields.body": "base"}, {"fields.title": "theirs"}]
)
def test_pick_made_for_another_merge_is_refused(picks: dict[str, str]) -> None:
    sides = ({"fields": {"body": each, "title": title}} for each, title in ("aA", "bB", "cA"))
    with pytest.raises(ValueError, match="Compare the edits again"):
        resolve(merge(*sides), picks)


def test_sides_stay_as_they_were() -> None:
    sides = [_rows("a", "b", "c"), _rows("x", "a", "b", "c"), _rows("a", "b", "C")]
    before = deepcopy(sides)
    merged = merge(*sides)
    merged.data["rows"]["faqs"].clear()
    assert sides == before
    assert merged.differences[0].merged == _rows("x", "a", "b", "C")["rows"]["faqs"]


# --- whatever is typed ----------------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(["a", "b", "c", "- d", "- e", "", "  f", "g\n\n", "\x00", "\ud800", "عربي"])
)
TEXTS = st.one_of(LINES.map("\n".join), LINES.map("\n\n".join), st.text(st.characters()))
REFERENCES = st.builds(lambda pk: {"pk": pk, "text": f"Number {pk}"}, st.integers(1, 5))
VALUES = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), REFERENCES)
ROWS = st.lists(st.sampled_from("abcd")).map(
    lambda names: [{"q": name, "position": at} for at, name in enumerate(names)]
)


def _snapshots(*, whole: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    parts: dict[str, Any] = {
        "fields": st.fixed_dictionaries({"body": TEXTS, "other": VALUES}),
        "many": st.fixed_dictionaries({"t": st.lists(REFERENCES, unique_by=lambda r: r["pk"])}),
        "rows": st.fixed_dictionaries({"faqs": ROWS}),
    }
    return st.fixed_dictionaries(parts) if whole else st.fixed_dictionaries({}, optional=parts)


@UNHURRIED
@given(_snapshots(whole=True), _snapshots(whole=True))
def test_without_a_change_of_theirs_mine_stands(base: dict[str, Any], mine: dict[str, Any]) -> None:
    merged = merge(base, base, mine)
    assert merged.data == mine
    assert set(_kinds(merged).values()) <= {"mine"}


@UNHURRIED
@given(_snapshots(whole=True), _snapshots(whole=True))
def test_without_a_change_of_mine_theirs_stands(
    base: dict[str, Any], theirs: dict[str, Any]
) -> None:
    data = merge(base, theirs, base).data
    assert all(
        is_same(place, value, places(theirs)[place]) for place, value in places(data).items()
    )


@UNHURRIED
@given(_snapshots(), _snapshots(whole=True))
def test_same_edit_of_both_stands_once(base: dict[str, Any], mine: dict[str, Any]) -> None:
    merged = merge(base, mine, mine)
    assert merged.data == mine
    assert set(_kinds(merged).values()) <= {"same"}


@UNHURRIED
@given(_snapshots(), _snapshots(), _snapshots())
def test_who_saves_last_decides_nothing_but_collisions(
    base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    here, there = merge(base, one, other), merge(base, other, one)
    swap = {"mine": "theirs", "theirs": "mine"}
    assert _kinds(here) == {place: swap.get(k, k) for place, k in _kinds(there).items()}
    for place, value in places(here.data).items():
        if _kinds(here).get(place) != "collision":
            assert is_same(place, value, places(there.data)[place])


@UNHURRIED
@given(_snapshots(), _snapshots(), _snapshots())
def test_nothing_typed_is_lost(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged = merge(base, theirs, mine)
    data = places(merged.data)
    for each in merged.collisions:
        assert data[each.place] == each.merged == each.mine == places(mine)[each.place]
        assert each.theirs == places(theirs)[each.place]
        assert places(resolve(merged, {each.place: "theirs"}))[each.place] == each.theirs
    for each in merged.differences:
        if each.kind == "merged" and isinstance(each.merged, str):
            new = set((each.mine + "\n" + each.theirs).split()) - set(each.base.split())
            assert new <= set(each.merged.split())


@UNHURRIED
@given(TEXTS, TEXTS, TEXTS)
def test_merged_text_holds_no_word_of_anybody_else(base: str, theirs: str, mine: str) -> None:
    merged = merge(_text(base), _text(theirs), _text(mine)).data["fields"]["body"]
    assert set(merged.split()) <= set(f"{base}\n{theirs}\n{mine}".split())
