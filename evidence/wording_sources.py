"""Who knows the site's texts: apps above this one register providers for `check_claims`."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class SourceText(NamedTuple):
    """A text of the site: its name for the report, its Markdown, and the therapy it is about."""

    name: str
    text: str
    therapy: str | None


Provider = Callable[[], Iterable[SourceText]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add a provider of texts. Registering one twice changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def texts() -> Iterator[SourceText]:
    """Yield every text of the site, provider by provider."""
    for provider in _providers:
        yield from provider()
