"""The arithmetic, the report, the picture and the changed nginx configuration of `make bench`."""

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scripts.bench import growth
from scripts.bench.effort import FULL, SHORT
from scripts.bench.figures import Line, Outcome, Table, median, number, percentile, ratio
from scripts.bench.nginx import DEPLOYED, deployed_for, same_headers
from scripts.bench.plot import growth_plot
from scripts.bench.report import keep, markdown

MACHINE = {
    "processor": "Some processor",
    "processors": 2,
    "memory_gib": 8.0,
    "system": "Linux x86_64",
    "python": "3.11.7",
}


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (1, 1), (50, 50), (99, 99), (99.5, 100), (100, 100)]
)
def test_percentile_is_the_value_that_so_many_do_not_exceed(percent: float, expected: int) -> None:
    values = list(range(100, 0, -1))

    assert percentile(values, percent) == expected


def test_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.5], 99) == 7.5


def test_ratio_is_the_median_of_the_pairs_and_not_the_ratio_of_the_medians() -> None:
    # The machine was slow for both during the second pair.
    line = ratio("a ÷ b", [80, 8, 90], [100, 10, 100], at_least=0.8)

    assert line.figure == 0.8
    assert line.spread == (0.8, 0.9)
    assert line.values == [0.8, 0.8, 0.9]
    assert line.met is True


def test_ratio_below_its_target_is_missed_and_without_one_neither() -> None:
    assert ratio("a ÷ b", [7], [10], at_least=0.8).met is False
    assert ratio("a ÷ b", [7], [10]).met is None


def test_ratio_refuses_halves_of_pairs() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio("a ÷ b", [1, 2], [1])


def test_median_is_held_to_its_most_and_has_a_spread_only_with_several_values() -> None:
    several = median("memory", [140, 160, 150], "MB", at_most=150)

    assert (several.figure, several.spread, several.met) == (150, (140, 160), True)
    assert median("memory", [151], "MB", at_most=150).met is False
    assert median("memory", [151], "MB").spread is None


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.8149, "0.81"), (9.999, "10.00"), (10.04, "10.0"), (13483.4, "13,483"), (0, "0.00")],
)
def test_number_keeps_the_digits_that_count(value: float, words: str) -> None:
    assert number(value) == words


def test_report_says_what_was_met_missed_and_left_open() -> None:
    outcome = Outcome(
        "A kept page",
        [
            Line("first", 0.91, "×", (0.9, 0.93), "≥ 0.8", True),
            Line("second", 0.7, "×", (0.6, 0.8), "≥ 0.8", False),
            Line("third", 12345.6, "requests/s"),
        ],
        [Table("Servers", ("server", "requests/s"), [("granian", "13,000")])],
        ["A remark."],
    )

    told = markdown(MACHINE, "full", [outcome]).splitlines()

    assert "2 × Some processor, 8.0 GiB, Linux x86_64, Python 3.11.7." in told
    assert "| first | 0.91 × | 0.90–0.93 | ≥ 0.8 | met |" in told
    assert "| second | 0.70 × | 0.60–0.80 | ≥ 0.8 | missed |" in told
    assert "| third | 12,346 requests/s |  |  |  |" in told
    assert "| granian | 13,000 |" in told
    assert told[-1] == "A remark."
    assert "run, to see that it works" not in "\n".join(told)


def test_report_of_a_short_run_says_that_it_means_little() -> None:
    assert "its figures mean little" in markdown(MACHINE, SHORT.name, [])


def test_report_is_kept_in_both_forms_under_its_time(tmp_path: Path) -> None:
    outcome = Outcome("Start", [Line("first answer", 1.5, "s", values=[1.4, 1.5])])

    file = keep(
        tmp_path / "results", "2026-11-21T20:30:00+00:00", MACHINE, "full", {"memory": outcome}
    )

    assert file.name == "2026-11-21T203000.md"
    assert "| first answer | 1.50 s |" in file.read_text()
    kept = json.loads(file.with_suffix(".json").read_text())
    assert kept["machine"]["processors"] == 2
    assert kept["parts"]["memory"]["lines"][0]["values"] == [1.4, 1.5]


def test_full_run_measures_five_pairs_and_more_than_a_short_one() -> None:
    assert FULL.pairs >= 5
    assert (FULL.name, SHORT.name) == ("full", "short")
    assert FULL.leak_requests >= 100_000
    assert FULL.sizes == (40, 4_000, 40_000)


def _found(small: float, large: float) -> dict[int, growth.Figures]:
    def figures(milliseconds: float) -> growth.Figures:
        return {
            "article": {"rendered": milliseconds, "kept": 0.01, "queries": 5},
            "sitemap": {"rendered": milliseconds, "queries": 2},
        }

    return {4000: figures(large), 40: figures(small), 40_000: figures(large * 9)}


def test_growth_compares_the_first_two_sizes_and_lets_grow_what_must() -> None:
    found = growth.lines(_found(10, 16))

    told = {line.what: (line.figure, line.met) for line in found}
    assert told == {
        "article, rendered each time: 40 → 4,000": (1.6, False),
        "sitemap, rendered each time: 40 → 4,000": (1.6, None),
        "article, kept: 40 → 4,000": (1.0, True),
    }


def test_growth_table_has_a_row_for_each_page_and_nothing_where_it_is_not_kept() -> None:
    table = growth.table(_found(10, 16))

    assert table.heads[:3] == ["page", "40: ms", "kept ms"]
    assert table.rows[0] == [
        "article",
        "10.0",
        "0.01",
        "5",
        "16.0",
        "0.01",
        "5",
        "144",
        "0.01",
        "5",
    ]
    assert table.rows[1][2] == ""


def test_plot_is_a_picture_with_every_page_named_once_and_apart() -> None:
    curves = {f"page <{each}>": [(40, 5.0), (4000, 5.0), (40000, 5.0)] for each in range(15)}

    root = ElementTree.fromstring(growth_plot(curves))  # noqa: S314  (our own)

    space = "{http://www.w3.org/2000/svg}"
    lines = list(root.iter(f"{space}polyline"))
    names = [each for each in root.iter(f"{space}text") if "page <" in (each.text or "")]
    places = sorted(float(each.attrib["y"]) for each in names)
    height = float(root.attrib["viewBox"].split()[3])
    assert len(lines) == len(names) == 15
    assert all(below - above >= 14 for above, below in pairwise(places))
    assert places[0] > 0
    assert places[-1] < height


def test_plot_draws_more_milliseconds_higher() -> None:
    drawn = growth_plot({"search": [(40, 1.0), (4000, 10.0), (40000, 100.0)]})

    found = re.search(r'points="([^"]+)"', drawn)
    assert found
    points = [tuple(map(float, point.split(","))) for point in found[1].split()]
    assert points[0][0] < points[1][0] < points[2][0]
    assert points[0][1] > points[1][1] > points[2][1]


def test_benchmark_serves_with_the_deployed_configuration(tmp_path: Path) -> None:
    text = deployed_for(
        DEPLOYED.read_text(),
        listen="127.0.0.1:8123",
        site_port=8124,
        data=tmp_path / "data",
        cache=tmp_path / "cache",
    )

    assert "listen 127.0.0.1:8123;" in text
    assert "server 127.0.0.1:8124;" in text
    assert f"alias {tmp_path}/data/static/" in text
    assert not re.search(r"/srv/|/etc/|/var/", text.partition("\nmap ")[2])


def test_benchmark_stops_when_the_deployed_configuration_has_changed(tmp_path: Path) -> None:
    text = DEPLOYED.read_text().replace("server 127.0.0.1:8000;", "server unix:/run/site.sock;")

    with pytest.raises(ValueError, match="no longer says"):
        deployed_for(text, listen="x", site_port=1, data=tmp_path, cache=tmp_path)


def test_same_headers_leaves_out_what_a_file_has_itself_and_escapes_quotes() -> None:
    told = same_headers({"content-length": "5", "etag": '"x"', "x-a": 'say "b"'})

    assert told == 'add_header x-a "say \\"b\\"";'
