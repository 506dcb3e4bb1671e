"""Lists in pages, by plain `?page=` links that keep the other parameters."""

from typing import Any

from django.views.generic import ListView


class PagedListView(ListView):  # type: ignore[type-arg]
    """A list in pages. A page that does not exist is a plain "page not found"."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        if page is not None and page.paginator.num_pages > 1:
            context["page_numbers"] = list(
                page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
            )
        return context
