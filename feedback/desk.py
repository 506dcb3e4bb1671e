"""What there is to do about notes, for the first page of the admin."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from feedback.models import Note
from publishing.desk import TodoItem, register_todo


@register_todo
def notes_to_do(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the notes that wait, those with a warning sign first.

    Nothing for somebody who may not deal with them. The count stands before the text.
    """
    if not request.user.has_perm("feedback.change_note"):
        return
    rows = Note.objects.all()
    waiting = "state__exact=new&suspected_spam__exact=0"
    for found, words, query, is_urgent in (
        (
            rows.waiting().flagged(),
            "from readers with a warning sign, not dealt with",
            f"{waiting}&urgency__gte=2",
            True,
        ),
        (rows.waiting(), "from readers about pages", waiting, False),
        (
            rows.spam(),
            "from readers suspected of being spam, to look through",
            "state__exact=new&suspected_spam__exact=1",
            False,
        ),
    ):
        count = found.count()
        address = f"{reverse('admin:feedback_note_changelist')}?{query}"
        notes = "note" if count == 1 else "notes"
        yield TodoItem(count, f"{notes} {words}", address, is_urgent=is_urgent)
