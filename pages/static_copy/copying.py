"""Follows every link of the public site and writes what stands there as files."""

from collections import deque
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.urls import reverse

from components.static_copy import making_static_copy
from pages.page_kinds import PAGE_KINDS
from pages.static_copy.asking import Answer, Site
from pages.static_copy.references import file_of, in_copy, path_of, references, with_changed_links
from publishing import redirects

# What a plain server answers with where it has no file; this address has none.
_NOT_FOUND, _NO_PAGE = "404.html", "/nothing-stands-here/"
# For staff, or of no use without the software behind it.
_NOT_COPIED = ("/admin/", "/staff/", "/shared/", "/feedback/", "/healthz")
_WITHDRAWN = 410


class StaticCopyError(Exception):
    """The copy cannot be made; the message says why and what to do."""


@dataclass
class Copied:
    """What a copy holds, and the addresses that pages lead to where nothing stands."""

    pages: int = 0
    files: int = 0
    redirects: int = 0
    missing: set[str] = field(default_factory=set)


def copy_site(folder: Path) -> Copied:
    """Write the public site to an empty or new folder. Raises StaticCopyError if it cannot be.

    Links lead from the root of a host; addresses in full are those of `SITE_URL`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StaticCopyError(
            f"{folder} is not an empty folder. Name a new one: nothing is overwritten."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with making_static_copy():
        return _Copier(folder).copy()


class _Copier:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = Site()
        self.copied = Copied()
        self.waiting: deque[str] = deque()
        # Where nothing stands is no page that a link could lead to.
        self.known: set[str] = {_NO_PAGE}

    def copy(self) -> Copied:
        for address in _beginnings():
            self._expect(address)
        self._write(_NOT_FOUND, self._page(_NO_PAGE, self.site.ask(_NO_PAGE)))
        self._copy_waiting()
        # Last: an old address at which something stands again leads nowhere.
        for old, new in sorted(redirects.everything().items()):
            self._lead_on(old, new)
        self._copy_waiting()
        return self.copied

    def _copy_waiting(self) -> None:
        while self.waiting:
            self._copy(self.waiting.popleft())

    def _expect(self, path: str) -> None:
        # What differs in its query alone is one page, but for the pages of a list.
        if in_copy(path) not in self.known and not path.startswith(_NOT_COPIED):
            self.known.add(in_copy(path))
            self.waiting.append(path)

    def _copy(self, path: str) -> None:
        bare = path.partition("?")[0]
        # Asked for without a query that only fills in a form.
        answer = self.site.ask(path if in_copy(path) != bare else bare)
        if answer.status in {301, 302, 308}:
            self._lead_on(path, answer.location)
        elif answer.status == 404:
            self.copied.missing.add(path)
        elif answer.status not in {200, _WITHDRAWN}:
            raise StaticCopyError(
                f"{path} could not be made: the site answers {answer.status}. Try that address in a"
                " browser; after an update, run collectstatic first."
            )
        elif answer.content_type == "text/html":
            self.copied.pages += 1
            self._write(file_of(in_copy(path)), self._page(path, answer))
        else:
            self.copied.files += 1
            self._follow(path, answer)
            self._write(file_of(in_copy(path)), answer.body)

    def _page(self, path: str, answer: Answer) -> bytes:
        self._follow(path, answer)
        return with_changed_links(answer.body.decode(), path, in_copy).encode()

    def _follow(self, path: str, answer: Answer) -> None:
        if answer.content_type.startswith("image/") and answer.content_type != "image/svg+xml":
            return
        text = answer.body.decode("utf-8", "replace")
        for address in references(answer.content_type, text):
            found = path_of(address, path)
            if found is not None:
                self._expect(found)

    def _lead_on(self, old: str, new: str) -> None:
        """Write a page that leads from an old address to the new one."""
        name = file_of(in_copy(old if old.endswith("/") else f"{old}/"))
        if (self.folder / name).exists():
            return
        target = path_of(new, old)
        if target is not None:
            self._expect(target)
        address = escape(in_copy(target) if target is not None else new)
        self.copied.redirects += 1
        self._write(
            name,
            (
                '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
                f'<title>This page has moved</title><link rel="canonical" href="{address}">'
                f'<meta http-equiv="refresh" content="0; url={address}"></head>'
                f'<body><p><a href="{address}">This page has moved</a></p></body></html>\n'
            ).encode(),
        )

    def _write(self, name: str, content: bytes) -> None:
        path = (self.folder / unquote(name)).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise StaticCopyError(f"“{name}” cannot be the name of a file. Change that address.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _beginnings() -> list[str]:
    """Return where the site begins: home, what machines ask for, and what was withdrawn."""
    machines = [
        reverse(f"pages:{name}") for name in ("home", "sitemap", "robots", "security", "manifest")
    ]
    root = Path(settings.WHITENOISE_ROOT)
    at_root = [f"/{path.name}" for path in sorted(root.iterdir()) if path.is_file()]
    withdrawn = [
        page.get_absolute_url()
        for kind in PAGE_KINDS
        for page in kind._default_manager.filter(withdrawn_at__isnull=False)
        if page.is_withdrawn
    ]
    return [*machines, *at_root, *withdrawn, reverse("search:search")]
