"""A storage without a folder on this machine, such as an object store."""

from datetime import UTC, datetime

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage


class Bucket(Storage):
    """Keeps files by name. Like every storage that is not a folder, it has no `path`."""

    def __init__(self, base_url: str = "/media/") -> None:
        self.base_url = base_url
        self.kept: dict[str, tuple[bytes, datetime]] = {}

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(self.kept[name][0], name)

    def _save(self, name: str, content: File) -> str:
        self.kept[name] = (content.read(), datetime.now(UTC))
        return name

    def exists(self, name: str) -> bool:
        return name in self.kept

    def size(self, name: str) -> int:
        return len(self.kept[name][0])

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def url(self, name: str | None) -> str:
        return f"{self.base_url}{name}"

    def get_modified_time(self, name: str) -> datetime:
        return self.kept[name][1]
