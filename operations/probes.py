"""Whether the site lives, is ready, and how the work behind it stands, for whoever watches it.

Anybody may ask all three: the answers hold states and figures, and nothing about anybody.
"""

from typing import Any

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from enquiries.jobs import late_jobs
from operations.backups import standing
from operations.health import figures

_LOOKED_AT = ("database", "migrations", "jobs", "backups")
_NO_DATABASE = "the database does not answer"
_applied: set[str] = set()


def _told(values: dict[str, Any], *, is_well: bool) -> HttpResponse:
    response = JsonResponse(values, status=200 if is_well else 503)
    add_never_cache_headers(response)
    return response


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process answers at all. A supervisor may start it again if not."""
    return _told({"status": "ok"}, is_well=True)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, migrations, jobs and backups are as they should be; else 503.

    Late jobs are no reason to take the site from the net: a balancer asks `/livez` or `/healthz`.
    """
    found = dict.fromkeys(_LOOKED_AT, "ok")
    try:
        if not _is_migrated():
            found["migrations"] = "some were not applied"
        now = timezone.now()
        if late := late_jobs(now):
            found["jobs"] = f"late: {', '.join(late)}"
        if standing.figures(now)["overdue"]:
            found["backups"] = "overdue"
    except DatabaseError:
        found = dict.fromkeys(_LOOKED_AT, "unknown") | {"database": _NO_DATABASE}
        connections.close_all()
    is_well = set(found.values()) == {"ok"}
    return _told({"status": "ok" if is_well else "not ready"} | found, is_well=is_well)


def _is_migrated() -> bool:
    """Say whether the database has every migration of this code. It never loses one again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.alias not in _applied:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _applied.add(connection.alias)
    return True


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the site can reach its database, 503 when it cannot.

    Late mail and late jobs are told of in the body alone: starting the site again mends neither.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _told({"status": "ok", "database": "ok", **figures()}, is_well=True)
    except DatabaseError:
        return _told({"status": _NO_DATABASE}, is_well=False)
