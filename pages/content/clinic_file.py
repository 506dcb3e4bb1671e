"""Loads the clinic's one row, its opening hours and its closures from `clinic.md`."""

from datetime import time
from pathlib import Path

from clinic.models import Clinic, Closure, OpeningHours
from pages.content.files import read_file
from pages.content.pictures import Pictures
from pages.content.rows import errors_named, given, plain_fields, save_checked
from pages.content.times import weekday

# What a file gives in another way than under the field's own name.
OTHERWISE = frozenset({"disclaimer", "address"})


def load_clinic(path: Path, pictures: Pictures) -> int:
    """Load the clinic unless there is one; return how many were added: one or none."""
    if not path.exists() or Clinic.objects.exists():
        return 0
    file = read_file(path)
    with errors_named(path):
        meta = file.meta
        logo = meta.get("logo")
        clinic = save_checked(
            Clinic(
                disclaimer=file.body,
                address="\n".join(meta.get("address_lines", [])),
                logo=pictures.get(logo) if logo else None,
                **given(meta, *(name for name in plain_fields(Clinic) if name not in OTHERWISE)),
            )
        )
        for row in meta.get("opening_hours", []):
            hours = OpeningHours(
                clinic=clinic,
                weekday=weekday(row["day"]),
                opens=time.fromisoformat(row["opens"]),
                closes=time.fromisoformat(row["closes"]),
            )
            save_checked(hours)
        for row in meta.get("closures", []):
            closure = Closure(
                clinic=clinic,
                name=row["name"],
                starts_on=row["date"],
                ends_on=row.get("until", row["date"]),
                is_bank_holiday=row.get("bank_holiday", False),
            )
            save_checked(closure)
    return 1
