"""How often pages are read, for staff: all pages, and one page over time.

It stands here because it names the pages, which `visits` does not know.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from components.spreadsheet import csv_text
from publishing.answering import titles
from visits.chart import bar_chart
from visits.figures import STRETCHES, charts, over_time, readings
from visits.models import PageCount

PAGES_AT_ONCE = 100
STRETCH_NAMES = {"week": "Last 7 days", "month": "Last 30 days", "year": "Last 365 days"}
# What one row of the table of a page stands for.
ROWS = {
    "day": ("By day", "each of the last 28 days", "j F Y"),
    "week": ("By week", "each of the last 26 weeks, from Monday", "j F Y"),
    "month": ("By month", "each of the last 36 months", "F Y"),
}


def counts_of(user: Any, address: str) -> dict[str, Any] | None:
    """Return what the page that shows how a page stands says of its readers, to who may see it."""
    if not user.has_perm("visits.view_pagecount"):
        return None
    chart = charts([address], timezone.localdate())[address]
    return {"chart": chart, "url": page_url(address)}


def page_url(address: str, by: str = "day") -> str:
    """Return where staff see how often the page at an address was read over time."""
    return f"{reverse('admin:visits_pagecount_page')}?{urlencode({'path': address, 'by': by})}"


@admin.register(PageCount)
class PageCountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The counts. They are read here, and changed nowhere."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("page/", view(self.page_view), name="visits_pagecount_page"),
            path("page.csv", view(self.page_csv), name="visits_pagecount_page_csv"),
            path("counts.csv", view(self.counts_csv), name="visits_pagecount_csv"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show every page that was read within a year, the most read first."""
        self._require_view(request)
        by = request.GET.get("by", "")
        by = by if by in STRETCHES else "month"
        today = timezone.localdate()
        found = Paginator(readings(today, by), PAGES_AT_ONCE).get_page(request.GET.get("p"))
        shown = [each.path for each in found]
        drawn, names = charts(shown, today), titles(shown)
        context = self._context(request, "How often pages are read") | {
            "rows": [
                {
                    "reading": each,
                    "title": names.get(each.path, each.path),
                    "chart": drawn[each.path],
                    "url": page_url(each.path),
                }
                for each in found
            ],
            "found": found,
            "by": by,
            "stretches": STRETCH_NAMES,
        }
        return TemplateResponse(request, "admin/visits/counts.html", context)

    def page_view(self, request: HttpRequest) -> HttpResponse:
        """Show one page by day, week or month."""
        self._require_view(request)
        address, by = self._asked(request)
        rows = over_time(address, timezone.localdate(), by)
        _, each, date_format = ROWS[by]
        title = titles([address]).get(address, address)
        context = self._context(request, f"How often “{title}” is read") | {
            "address": address,
            "rows": list(reversed(rows)),
            "chart": bar_chart([row.times for row in rows], each.capitalize()),
            "total": sum(row.times for row in rows),
            "each": each,
            "date_format": date_format,
            "by": by,
            "choices": [
                {"name": name, "label": label, "url": page_url(address, name)}
                for name, (label, _, _) in ROWS.items()
            ],
            "csv_url": f"{reverse('admin:visits_pagecount_page_csv')}"
            f"?{urlencode({'path': address, 'by': by})}",
        }
        return TemplateResponse(request, "admin/visits/page.html", context)

    def counts_csv(self, request: HttpRequest) -> HttpResponse:
        """Return the counts of all pages for a spreadsheet."""
        self._require_view(request)
        rows = readings(timezone.localdate())
        names = titles(each.path for each in rows)
        table = [("address", "title", *(f"last {days} days" for days in STRETCHES.values()))]
        for each in rows:
            counts = (str(each.week), str(each.month), str(each.year))
            table.append((each.path, names.get(each.path, ""), *counts))
        return _csv(table, "readers.csv")

    def page_csv(self, request: HttpRequest) -> HttpResponse:
        """Return the counts of one page over time for a spreadsheet."""
        self._require_view(request)
        address, by = self._asked(request)
        rows = over_time(address, timezone.localdate(), by)
        told = [(each.first.isoformat(), str(each.times)) for each in rows]
        return _csv([(f"{by} from", "times"), *told], "readers-of-a-page.csv")

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _asked(self, request: HttpRequest) -> tuple[str, str]:
        """Return the address and the kind of row; nobody ever read what is no address."""
        by = request.GET.get("by", "")
        return request.GET.get("path", "").replace("\x00", ""), by if by in ROWS else "day"

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        shared: dict[str, Any] = self.admin_site.each_context(request)
        return shared | {"title": title, "opts": self.model._meta}


def _csv(rows: list[Any], name: str) -> HttpResponse:
    return HttpResponse(
        csv_text(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
