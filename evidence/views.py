"""A page that shows the sources of what it says."""

from typing import Any

from evidence.citations import references
from evidence.models import Source, WarningSign
from publishing.views import PageDetailView

CARD_HEADINGS = {
    WarningSign.Level.EMERGENCY: "Call 999 or go to A&E now if:",
    WarningSign.Level.URGENT: "Ask for an urgent GP appointment or get help from NHS 111 if:",
    WarningSign.Level.ROUTINE: "Speak to a GP if:",
}


def care_cards(signs: list[Any]) -> list[dict[str, Any]]:
    """Return a card for each level that has signs, most urgent first.

    The headings are the NHS's (service manual, care cards) and cannot be edited.
    """
    cards = []
    for level, heading in CARD_HEADINGS.items():
        own = [sign for sign in signs if sign.level == level]
        if own:
            cards.append({"level": level.value, "heading": heading, "signs": own})
    return cards


def sources_of(signs: list[Any]) -> list[Source]:
    """Return the sources of the signs, each once."""
    return list({source.pk: source for sign in signs for source in sign.sources.all()}.values())


class SourcedPageDetailView(PageDetailView):
    """A page with its reference list and, where it has warning signs, its care cards."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        signs = self.of_page("warning signs", self._signs)
        context = super().get_context_data(
            care_cards=care_cards(signs), sign_sources=sources_of(signs), **kwargs
        )
        context["references"] = references(context["document"])
        return context

    def _signs(self) -> list[Any]:
        related = getattr(self.object, "warning_signs", None)
        return list(related.prefetch_related("sources")) if related is not None else []
