"""The judgement stays right on made-up enquiries, above all on those of patients."""

from scripts.spam_quality import (
    MOST_FALSE_NEGATIVES,
    MOST_FALSE_POSITIVES,
    examples,
    main,
    rates,
)

FEWEST = 130


def test_hardly_any_patient_is_suspected() -> None:
    assert rates(examples()).false_positives <= MOST_FALSE_POSITIVES


def test_most_spam_is_suspected() -> None:
    assert rates(examples()).false_negatives <= MOST_FALSE_NEGATIVES


def test_hardly_any_patient_of_the_held_out_part_is_suspected() -> None:
    held_out = [each for each in examples() if each.is_held_out]
    assert rates(held_out).false_positives <= MOST_FALSE_POSITIVES


def test_the_corpus_is_large_enough_to_say_so() -> None:
    counted = rates(examples())
    assert min(counted.genuine, counted.spam) >= FEWEST


def test_a_language_is_not_judged_by_its_spam() -> None:
    genuine = {each.language for each in examples() if not each.is_spam}
    spam = {each.language for each in examples() if each.is_spam}
    assert spam <= genuine


def test_the_script_is_content_with_the_corpus() -> None:
    assert main() == 0
