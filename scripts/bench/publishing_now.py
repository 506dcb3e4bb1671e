"""An editor who publishes when told to: reads a number from each line, publishes it, says so.

Run inside .venv, in a process of its own, as staff are to readers. What is published holds the
number in summary and text, so that whoever reads it can say how old it is.
"""

import os
import sys
import time

SLUG = "acute-or-chronic-pain"


def main() -> None:
    """Publish until there are no more lines."""
    import django

    django.setup()
    from django.contrib.auth.models import User

    from articles.models import Article
    from publishing import workflow

    editor, _ = User.objects.update_or_create(
        username="bench-editor", defaults={"is_superuser": True}
    )
    for line in sys.stdin:
        number = line.strip()
        begun = time.perf_counter()
        page = Article.objects.get(slug=SLUG)
        data = dict(workflow.latest_version(page).data)
        data["fields"] = data["fields"] | {"summary": f"Edition {number} of the benchmark."}
        version = workflow.save_draft(page, data, editor, change_note=f"Edition {number}")
        workflow.publish(
            page, version, editor, unreviewed_reason="A benchmark", accepts_warnings=True
        )
        print(f"{number} {(time.perf_counter() - begun) * 1000:.1f}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    main()
