"""The desk asks every app what needs doing, and shows what there is of it, urgent first."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from publishing import desk
from publishing.desk import TodoItem, register_todo, todo_items


@pytest.fixture(autouse=True)
def no_other_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_finders", [])


def items() -> list[str]:
    return [item.text for item in todo_items(RequestFactory().get("/admin/"))]


def test_urgent_items_come_first_and_empty_ones_not_at_all() -> None:
    @register_todo
    def first(request: HttpRequest) -> Iterator[TodoItem]:
        yield TodoItem(2, "drafts", "/a/")
        yield TodoItem(0, "nothing", "/b/", is_urgent=True)
        yield TodoItem(1, "overdue", "/c/", is_urgent=True)

    @register_todo
    def second(request: HttpRequest) -> list[TodoItem]:
        return [TodoItem(1, "late", "/d/", is_urgent=True), TodoItem(1, "sources", "/e/")]

    assert items() == ["overdue", "late", "drafts", "sources"]


def test_finder_is_asked_once_however_often_it_is_registered() -> None:
    def finder(request: HttpRequest) -> list[TodoItem]:
        return [TodoItem(1, request.path, "/")]

    assert register_todo(register_todo(finder)) is finder
    assert items() == ["/admin/"]


def test_nothing_to_do_is_nothing() -> None:
    assert items() == []
