"""An old Python is told what to do, in syntax that an old Python can read."""

import ast
from pathlib import Path

import scripts
from scripts import python_problem


def test_old_python_is_told_what_to_install() -> None:
    problem = python_problem((3, 9, 18))
    assert "This is Python 3.9" in problem
    assert "3.11 or newer" in problem
    assert "make run PYTHON=" in problem


def test_new_python_is_accepted() -> None:
    assert python_problem((3, 11, 0)) == ""
    assert python_problem((3, 14)) == ""
    assert python_problem((4, 0)) == ""


def test_the_check_parses_on_python_3_7() -> None:
    source = Path(scripts.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
