"""References survive being read out and written down."""

import re

import pytest

from enquiries.reference import as_reference, new_reference


def test_a_reference_has_no_letter_that_looks_like_a_digit() -> None:
    for _ in range(200):
        assert re.fullmatch(r"E(-[0-9A-HJKMNP-TV-Z]{4}){2}", new_reference())


@pytest.mark.parametrize(
    "written",
    ["E-7K4M-1P0Q", "e-7k4m-1p0q", "7K4M1P0Q", " E 7K4M 1P0Q ", "E–7K4M–IPOQ", "e7k4m-lpoq"],
)
def test_a_reference_is_known_however_it_is_written(written: str) -> None:
    assert as_reference(written) == "E-7K4M-1P0Q"


@pytest.mark.parametrize("written", ["", "Sam", "E-7K4M", "07700 900982", "E-7K4M-1P0U", "é" * 8])
def test_other_text_is_no_reference(written: str) -> None:
    assert as_reference(written) == ""
