"""How tests search."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup
from django.test import Client

from search.finding import find


def found(typed: str, at: datetime | None = None) -> list[str]:
    """Return the titles of what is found, best first."""
    return [entry.title for entry in find(typed, at).entries]


def page_of(client: Client, typed: str, **more: str) -> BeautifulSoup:
    """Return the main part of the search's page."""
    response = client.get("/search/", {"q": typed, **more})
    assert response.status_code == 200
    main = BeautifulSoup(response.content, "html.parser").main
    assert main is not None
    return BeautifulSoup(str(main), "html.parser")


def listed(name: str) -> list[dict[str, Any]]:
    """Return one of the lists of queries beside this file."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8")
    queries: list[dict[str, Any]] = yaml.safe_load(text)
    return queries
