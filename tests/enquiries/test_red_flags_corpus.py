"""Red flags: how well the seeded phrases do on messages as patients might write them."""

from collections import Counter

from enquiries.red_flags.matching import match
from enquiries.red_flags.seed import seed
from scripts import red_flag_quality
from scripts.red_flag_quality import LEAST_RECALL, MOST_FALSE_ALARMS, messages, phrases, quality


def test_the_corpus_is_large_enough_and_says_nothing_twice():
    corpus = messages()
    counts = Counter(message.expect for message in corpus)
    assert counts["emergency"] + counts["urgent"] >= 120
    assert counts["weakened"] >= 60
    assert counts["none"] >= 150
    assert len({message.text.casefold() for message in corpus}) == len(corpus)
    assert sum(message.held_out for message in corpus) > len(corpus) / 3


def test_signs_are_found_and_ordinary_enquiries_left_alone():
    result = quality(messages())
    mistakes = "\n".join(result.mistakes)
    assert result.recall >= LEAST_RECALL, mistakes
    assert result.handled >= 0.95, mistakes
    assert result.false_alarms <= MOST_FALSE_ALARMS, mistakes


def test_each_sign_is_matched_by_two_messages():
    signs = {row["key"]: (row["condition"], row["sign"]) for row in seed()}
    found = Counter()
    every = phrases()
    for message in messages():
        matches = match(message.text, every, message.condition)
        found.update({signs[each.phrase.key] for each in matches if not each.is_weakened})
    assert [sign for sign in signs.values() if found[sign] < 2] == []


def test_the_script_prints_the_figures(capsys):
    red_flag_quality.main()
    printed = capsys.readouterr().out
    assert "held out" in printed
    assert "recall on signs" in printed
