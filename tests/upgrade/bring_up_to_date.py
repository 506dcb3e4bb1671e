"""Migrates a site that is on the first release, and prints as JSON what it shows then.

`python -m tests.upgrade.bring_up_to_date FILE`, where the file is that site's SQLite. The
database of the settings is a copy of it, or an empty PostgreSQL to which it is copied first.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402  (the models need the set-up)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from enquiries.models import Enquiry  # noqa: E402
from publishing.models import Page  # noqa: E402
from tests.upgrade.to_postgres import put_first_release  # noqa: E402

_LISTS = ("/", "/conditions/", "/treatments/", "/articles/", "/contact/", "/search/?q=knee")
_OF_A_KIND = 3


def addresses() -> list[str]:
    """Return the address of every list, and of some public pages of each kind."""
    kinds = [model for model in apps.get_models() if issubclass(model, Page)]
    pages: list[Any] = [page for kind in kinds for page in kind._base_manager.all()[:_OF_A_KIND]]
    return [*_LISTS, *(page.get_absolute_url() for page in pages)]


def main(file: str) -> None:
    """Bring the site up to date, and look at everything."""
    if connection.vendor == "postgresql":
        put_first_release(Path(file))
    call_command("migrate", verbosity=0)
    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
    seen = {
        "rows": {model._meta.db_table: model._base_manager.count() for model in apps.get_models()},
        "pages": {address: client.get(address).status_code for address in addresses()},
        "enquiries": [
            [each.full_name, each.message, [entry.text for entry in each.thread.all()]]
            for each in Enquiry.objects.order_by("pk")
        ],
    }
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
