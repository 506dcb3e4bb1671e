"""The page of the search: one box, what it found, and what to do when it found nothing."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from publishing.text import clean_line
from search import terms
from search.finding import find
from search.models import SearchEntry
from search.query import MAX_LETTERS
from search.snippets import marked, snippet
from search.urgent import care_cards_for
from search.words import stems, words_in
from visits.middleware import is_reader

RESULTS_A_PAGE = 10


class SearchView(TemplateView):
    """What was found for `?q=`. Sets no cookie and writes nothing."""

    template_name = "search/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = clean_line(self.request.GET.get("q", "").replace("\x00", ""))[:MAX_LETTERS]
        if not typed:
            return super().get_context_data(**kwargs)
        found = find(typed)
        if is_reader(self.request) and "page" not in self.request.GET:
            terms.note(typed, len(found.entries))
        pages = Paginator(found.entries, RESULTS_A_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        sought = set(found.query.stems)
        numbers = list(pages.page_range) if pages.num_pages > 1 else []
        return super().get_context_data(
            typed=typed,
            found=found,
            page_obj=page,
            page_numbers=numbers,
            care_cards=care_cards_for(typed),
            results=[
                {
                    "entry": entry,
                    "title": marked(entry.title, sought),
                    "found_under": found_under(entry, sought),
                    "snippet": snippet(entry.summary, entry.body, sought),
                }
                for entry in page
            ],
            **kwargs,
        )


def found_under(entry: SearchEntry, sought: set[str]) -> SafeString | str:
    """Return the page's other name that was typed, where its title does not say it."""
    told = set(stems(entry.title))
    for name in entry.names:
        own = {word.stem for word in words_in(name) if not word.is_stop_word}
        if own and own <= sought and not own <= told:
            return marked(name, sought)
    return ""
