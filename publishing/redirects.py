"""Keeps old addresses working: one step to the page, no chains and no loops."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from publishing.models import Redirect


class RedirectLoop(Exception):
    """The new address leads back to the old one."""


def destination(path: str) -> str | None:
    """Return where an old address leads on this site, or nothing."""
    if "\x00" in path:  # which no database holds, and PostgreSQL refuses to look for
        return None
    new = Redirect.objects.filter(old_path=path).values_list("new_path", flat=True).first()
    # No form of ours takes one that leads away; a row may have been written past them.
    return new if url_has_allowed_host_and_scheme(new, allowed_hosts=None) else None


@transaction.atomic
def add(old_path: str, new_path: str) -> None:
    """Lead one address to another for good.

    What led to the old address leads to the new one at once, and a new address that is itself an
    old one is followed to its end. Raises RedirectLoop where that end is the old address.
    """
    end = destination(new_path) or new_path
    if end == old_path:
        raise RedirectLoop(f"{new_path} leads back to {old_path}.")
    Redirect.objects.filter(new_path=old_path).update(new_path=end)
    Redirect.objects.update_or_create(old_path=old_path, defaults={"new_path": end})


def everything() -> dict[str, str]:
    """Return all redirects there are, the new address by the old."""
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def hold() -> None:
    """Keep others from changing the redirects there are until the transaction ends."""
    list(Redirect.objects.select_for_update().values_list("pk"))


@transaction.atomic
def add_all(ends: Mapping[str, str]) -> list[Redirect]:
    """Lead many addresses on for good; no new address may be an old one itself.

    Returns what was written: what led to one of the old addresses leads to its new one at once.
    """
    led_on = Redirect.objects.filter(new_path__in=ends)
    leads = {each.old_path: ends[each.new_path] for each in led_on} | dict(ends)
    Redirect.objects.bulk_create(
        [Redirect(old_path=old, new_path=new) for old, new in leads.items()],
        update_conflicts=True,
        unique_fields=["old_path"],
        update_fields=["new_path"],
    )
    return list(Redirect.objects.filter(old_path__in=leads))


def free(path: str) -> None:
    """Take away what leads on from an address, because a page is there now."""
    Redirect.objects.filter(old_path=path).delete()
