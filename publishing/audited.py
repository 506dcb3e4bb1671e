"""Has the admin write every act to the audit log."""

from typing import Any

from django.http import HttpRequest

from publishing.models.audit import record


class Audited:
    """Mixed into a ModelAdmin. It writes which fields were changed, and never their contents."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record(request.user, "added", obj)
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record(request.user, "changed", obj, _fields(message))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            record(request.user, "deleted", row)
        return super().log_deletions(request, queryset)  # type: ignore[misc]


def _fields(message: Any) -> str:
    """Return the names of what was changed, from the admin's own account of it."""
    if isinstance(message, str):
        return message
    told = []
    for each in message:
        for act, detail in each.items():
            what = f"{detail['name']} “{detail['object']}”: " if "name" in detail else ""
            fields = ", ".join(detail.get("fields", [])) or act
            told.append(f"{what}{fields}")
    return "; ".join(told)
