"""Lifts the limits for spam: every enquiry of the benchmarks comes from one address. In .venv."""

import json
import os


def main() -> None:
    """Set the limits so high that nothing is set aside for its number."""
    import django

    django.setup()
    from enquiries.models import SpamPolicy

    SpamPolicy.objects.update_or_create(
        pk=1, defaults={"threshold": 50, "per_network_per_hour": 30_000, "repeats_per_day": 1000}
    )
    print(json.dumps(None))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    main()
