"""Lists in pages, by plain `?page=` links that keep the other parameters."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.views.generic import ListView


class KeysFirst(Paginator):  # type: ignore[type-arg]
    """Finds the rows of a page by their keys, so that those before it are passed over unread.

    For long lists: of a queryset whose order an index has.
    """

    def page(self, number: int | str) -> "Page[Any]":
        page = super().page(number)
        everything: Any = self.object_list
        page.object_list = everything.filter(pk__in=page.object_list.values("pk"))  # type: ignore[attr-defined]
        return page


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
