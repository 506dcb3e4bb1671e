"""A table that is opened in a spreadsheet shows its cells and calculates nothing."""

import csv
import io

import pytest

from components.spreadsheet import csv_text, safe_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+441632960001", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '=HYPERLINK("x")'],
)
def test_what_a_spreadsheet_would_calculate_is_shown(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Back pain", "1", "a=b", "a\n=b", "“quoted”"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_a_table_comes_out_as_it_went_in() -> None:
    rows = [["What", "How many"], ["Knee, left", "3"], ['Says "no"', "=2+3"], ["Zoë\nÅs", ""]]
    text = csv_text(rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read == [*rows[:2], ['Says "no"', "'=2+3"], rows[3]]
