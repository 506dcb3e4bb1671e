"""Judges the search by lists of what patients type and the page they should get.

`python -m scripts.search_quality` prints, over the demo content, the share of queries whose page
comes first and among the first three; `--misses` also prints those that fail.
"""

import argparse
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

LISTS = Path(__file__).resolve().parent.parent / "tests" / "search"


def judge(query: dict[str, Any], addresses: list[str]) -> tuple[bool, bool]:
    """Say whether the page is in first place, and whether all it should show are in the first 3."""
    first = set(query["first"])
    top = addresses[:3]
    wanted = query.get("three")
    in_three = set(wanted) <= set(top) if wanted else bool(first & set(top))
    return bool(addresses) and addresses[0] in first, in_three


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("lists", nargs="*", default=["queries", "held_out"])
    options = parser.parse_args()
    from search.finding import find

    for name in options.lists:
        queries = yaml.safe_load((LISTS / f"{name}.yaml").read_text(encoding="utf-8"))
        kinds: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
        for query in queries:
            found = [entry.address for entry in find(query["q"]).entries]
            result = judge(query, found)
            kinds[query.get("kind", "")].append(result)
            if options.misses and not all(result):
                print(f"  {'—' if result[1] else 'X'} {query['q']!r}: {found[:3]}"
                      f" wanted {query['first']} {query.get('three', '')}")  # fmt: skip
        every = [result for results in kinds.values() for result in results]
        for kind, results in sorted(kinds.items()):
            print(f"  {kind:18} {_share(results, 0)} {_share(results, 1)} of {len(results)}")
        print(f"{name}: first {_share(every, 0)}, first three {_share(every, 1)} of {len(every)}")


def _share(results: list[tuple[bool, bool]], which: int) -> str:
    return f"{sum(result[which] for result in results) / len(results):.3f}"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    django.setup()
    main()
