"""Loads the glossary of a folder of content. Terms that are there already are left alone."""

from collections import Counter
from pathlib import Path

from evidence.models import GlossaryTerm, Source
from pages.content.files import read_list
from pages.content.rows import errors_named, find, given, save_checked
from practitioners.models import Practitioner


def load_glossary(path: Path) -> Counter[str]:
    """Load the list of terms; return how many were added. Raises ContentError for a wrong entry."""
    added: Counter[str] = Counter()
    known = set(GlossaryTerm.objects.values_list("slug", flat=True))
    with errors_named(path):
        rows = [row for row in read_list(path) if row["slug"] not in known]
    for row in rows:
        with errors_named(path, row["slug"]):
            checked_by = row.get("checked_by")
            term = save_checked(
                GlossaryTerm(
                    checked_by=find(Practitioner, "slug", checked_by) if checked_by else None,
                    **given(
                        row, "slug", "term", "other_forms", "definition", "awaiting_clinician",
                        "checked_on", "is_shown", "link_first_use",
                    ),
                )
            )  # fmt: skip
            term.sources.set(find(Source, "key", key) for key in row.get("sources", []))
        added[str(GlossaryTerm._meta.verbose_name_plural)] += 1
    return added
