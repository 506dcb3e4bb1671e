"""How often a patient gets the page they should, over the demonstration."""

import pytest

from scripts.search_quality import judge
from search.finding import find
from tests.demo import DemoRows
from tests.search.asking import listed

pytestmark = [pytest.mark.django_db, pytest.mark.whole]


@pytest.mark.parametrize(
    ("name", "least_first", "least_three"),
    [("queries", 0.95, 0.98), ("held_out", 0.95, 0.98), ("fresh", 0.9, 0.95)],
)
def test_patients_get_the_page_they_should(
    demo_search: DemoRows, name: str, least_first: float, least_three: float
) -> None:
    queries = listed(name)
    assert len(queries) >= 120
    results = {
        each["q"]: judge(each, [entry.address for entry in find(each["q"]).entries])
        for each in queries
    }
    missed = [typed for typed, result in results.items() if not all(result)]
    assert sum(first for first, _ in results.values()) / len(results) >= least_first, missed
    assert sum(three for _, three in results.values()) / len(results) >= least_three, missed
