"""Prints how long each page of a site takes, kept and not, and its queries, as JSON. Inside .venv.

Everything happens in this process, so that neither a server nor a client stands between.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

from scripts.bench.site import ARTICLE

_PER_PAGE = 12
# However slow a page is, it is measured no longer than this.
_MOST_SECONDS = 4.0
_LEAST_REPEATS = 3

Act = Callable[[], None]


def reader_paths(articles: int) -> dict[str, str]:
    """Return what readers ask for, in our words, with its address."""
    return {
        "home": "/",
        "article": ARTICLE,
        "made-up article": "/articles/made-up-20/",
        "condition": "/conditions/back-pain/",
        "list of articles, first page": "/articles/",
        "list of articles, last page": f"/articles/?page={-(-articles // _PER_PAGE)}",
        "A to Z": "/conditions/",
        "search": "/search/?q=back+pain",
        "search, misspelt": "/search/?q=acupunture+for+my+nek",
        "feed": "/articles/feed.atom",
        "sitemap": "/sitemap.xml",
        "sitemap of articles": "/sitemap-articles.xml",
    }


def staff_paths(pk: int) -> dict[str, str]:
    """Return what an editor opens."""
    return {
        "admin: first page": "/admin/",
        "admin: list of articles": "/admin/articles/article/",
        "admin: search in the list": "/admin/articles/article/?q=back",
        "admin: edit an article": f"/admin/articles/article/{pk}/change/",
    }


def _milliseconds(act: Act, repeats: int) -> float:
    """Return the median processor time of something, after it was done once.

    Not the clock's: what else the machine does must not look like growth. The database is part of
    this process.
    """
    act()
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < repeats:
        start = time.process_time()
        act()
        times.append((time.process_time() - start) * 1000)
        if len(times) >= _LEAST_REPEATS and time.perf_counter() - begun > _MOST_SECONDS:
            break
    return round(statistics.median(times), 3)


def _asker(application: Any, path: str) -> Act:
    address, _, query = path.partition("?")

    def ask() -> None:
        environ: dict[str, Any] = {"PATH_INFO": address, "QUERY_STRING": query}
        setup_testing_defaults(environ)
        environ |= {"HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_ENCODING": "br"}
        told: list[str] = []
        result = application(environ, lambda status, *_: told.append(status))
        b"".join(result)
        if hasattr(result, "close"):
            result.close()
        if not told[0].startswith("200"):
            sys.exit(f"{path} answered {told[0]}")

    return ask


def _queries(act: Act) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        act()
    return [each["sql"] for each in captured.captured_queries]


def _slowest(act: Act) -> dict[str, Any]:
    """Return the query that takes longest, for the profile."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        act()
    found = max(captured.captured_queries, key=lambda each: float(each["time"]), default=None)
    if found is None:
        return {}
    return {"milliseconds": float(found["time"]) * 1000, "sql": found["sql"][:600]}


def _publisher() -> Act:
    """Return what an editor does who changes one article and publishes it."""
    from django.contrib.auth.models import User

    from articles.models import Article
    from publishing import workflow

    editor = User.objects.get(username="bench-editor")
    page = Article.objects.get(slug="made-up-20")

    def publish() -> None:
        data = dict(workflow.latest_version(page).data)
        summary = f"Changed at {time.time_ns()}."
        data["fields"] = data["fields"] | {"summary": summary}
        version = workflow.save_draft(page, data, editor, change_note=summary)
        workflow.publish(
            page, version, editor, unreviewed_reason="A benchmark", accepts_warnings=True
        )

    return publish


def measure(repeats: int) -> dict[str, dict[str, Any]]:
    """Return the figures of every page."""
    from django.contrib.auth.models import User
    from django.test import Client

    from articles.models import Article
    from clinic_site import wsgi

    editor, _ = User.objects.update_or_create(
        username="bench-editor", defaults={"is_superuser": True, "is_staff": True}
    )
    client = Client()
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    found: dict[str, dict[str, Any]] = {}
    for name, path in reader_paths(Article.objects.count()).items():
        rendered, kept = _asker(wsgi.framework, path), _asker(wsgi.application, path)
        found[name] = {
            "rendered": _milliseconds(rendered, repeats),
            "kept": _milliseconds(kept, repeats),
            "queries": len(_queries(rendered)),
            "slowest": _slowest(rendered),
        }
    acts = {
        name: _opener(client, path)
        for name, path in staff_paths(Article.objects.get(slug="made-up-20").pk).items()
    }
    acts["change and publish an article"] = _publisher()
    for name, act in acts.items():
        found[name] = {
            "rendered": _milliseconds(act, repeats),
            "queries": len(_queries(act)),
            "slowest": _slowest(act),
        }
    return found


def _opener(client: Any, path: str) -> Act:
    def open_page() -> None:
        answer = client.get(path, headers={"host": "127.0.0.1"})
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")

    return open_page


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
