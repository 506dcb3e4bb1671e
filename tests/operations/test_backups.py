"""A site is backed up while it is written to, and comes back whole elsewhere, or not at all."""

import errno
import gzip
import io
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from enquiries.models import Enquiry
from enquiries.services import receive_enquiry
from enquiries.submission import Sending, Submission
from operations.backups import media, reading, restoring, writing
from operations.backups.archive import About, Manifest
from operations.backups.keys import new_key
from operations.backups.restoring import Restored
from operations.models import BackupRun
from pages.content.loading import load_content
from publishing.models import Redirect
from search.finding import find
from tests.demo import FOLDER, TODAY, today
from tests.factories import make_enquiry, make_image
from tests.operations.systems import (
    System,
    empty_system,
    every_file,
    every_row,
    migrated_system,
)
from tests.prepared import migrated_file

KEY = new_key()
OLD, NEXT = ("clinic", "0001_initial"), ("clinic", "0002_telephone_and_single_days")


@pytest.fixture(scope="module")
def older(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A backup that a release of long ago made, when the site was nothing but a clinic."""
    with (
        django_db_blocker.unblock(),
        override_settings(BACKUP_KEY=KEY),
        empty_system(tmp_path_factory.mktemp("older")) as system,
    ):
        models = migrate_to(OLD)
        models.get_model("clinic", "Clinic").objects.create(name="Fernhill of Old")
        media.write("images/old.webp", b"an old picture")
        call_command("backup", verbosity=0)
        return system.archive()


def migrate_to(target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return executor.loader.project_state([target]).apps


@pytest.fixture(scope="module")
def site(
    django_db_setup: None,
    django_db_blocker: Any,
    shared_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[System]:
    """A site that runs."""
    with (
        django_db_blocker.unblock(),
        override_settings(BACKUP_KEY=KEY),
        today(),
        migrated_system(tmp_path_factory.mktemp("site"), shared_folder) as system,
    ):
        yield system


@pytest.fixture(autouse=True)
def media_of_site(site: System, media_folder: None, settings: LazySettings) -> None:
    """Every test gets a media folder of its own, but these have the site's."""
    settings.MEDIA_ROOT = site.folder / "media"


# --- during writes --------------------------------------------------------------------------------


class Senders:
    """People who send enquiries all the time, from a thread of their own."""

    def __init__(self) -> None:
        self.sent = 0
        self._one_more = threading.Condition()
        self._is_over = False
        self._thread = threading.Thread(target=self._send)
        self.problems: list[Exception] = []

    def __enter__(self) -> "Senders":
        self._thread.start()
        self.wait()
        return self

    def __exit__(self, *args: object) -> None:
        self._is_over = True
        self._thread.join()

    def wait(self) -> None:
        """Return when three more enquiries have been stored."""
        with self._one_more:
            until = self.sent + 3
            assert self._one_more.wait_for(lambda: self.sent >= until, timeout=60)

    def _send(self) -> None:
        try:
            while not self._is_over:
                receive_enquiry(submission=submission(self.sent), sending=sending(self.sent))
                with self._one_more:
                    self.sent += 1
                    self._one_more.notify_all()
        except Exception as problem:
            self.problems.append(problem)
        finally:
            connections.close_all()


def submission(number: int) -> Submission:
    return Submission(
        full_name=f"Sam {number}",
        email=f"sam{number}@example.com",
        telephone="",
        reply_by_method="email",
        may_leave_message=False,
        condition=None,
        practitioner=None,
        message=f"Do you have a ramp at door {number}?",
        agrees_on_health=False,
    )


def sending(number: int) -> Sending:
    return Sending(nonce=f"nonce {number}", consent_version="2026-11", network=f"net {number}")


def pausing(senders: Senders, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return the work, but with enquiries coming in before it is done."""

    def later(*args: Any) -> Any:
        senders.wait()
        return work(*args)

    return later


def pausing_at_mail(senders: Senders) -> Callable[..., Any]:
    read_rows = writing.read_rows

    def read(connection: Any, table: Any) -> Any:
        if table.name == "enquiries_outgoingmail":
            senders.wait()
        return read_rows(connection, table)

    return read


@pytest.fixture
def quickly_migrated(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite, take the tables of today from where they were made already. It saves much time.

    Restoring makes them itself on PostgreSQL, and those of an older release on both.
    """

    class Copied(MigrationExecutor):
        def migrate(self, *args: Any, **options: Any) -> None:
            connection.close()
            shutil.copy(migrated_file(shared_folder), connection.settings_dict["NAME"])

    if connection.vendor == "sqlite":
        monkeypatch.setattr(restoring, "MigrationExecutor", Copied)


def test_everything_comes_back_from_a_backup_made_during_writes(
    site: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quickly_migrated: None
) -> None:
    monkeypatch.setattr("enquiries.outbox.run_in_background", lambda work: None)
    load_content(FOLDER)
    Redirect.objects.create(old_path="/old/", new_path="/conditions/back-pain/")
    due = make_enquiry(erase_on=TODAY.date(), reference="E-7K4M-2P9Q")
    gone = make_enquiry().pk
    Enquiry.objects.filter(pk=gone).delete()
    with Senders() as senders, monkeypatch.context() as patch:
        # Between the rows of enquiries and of their mail, and between rows and files.
        patch.setattr(writing, "read_rows", pausing_at_mail(senders))
        patch.setattr(media, "names", pausing(senders, media.names))
        call_command("backup", verbosity=0)
    assert senders.problems == []
    rows, files = every_row(), every_file()
    assert len(files) > 40
    assert sum(map(len, rows.values())) > 1000

    with empty_system(tmp_path / "elsewhere"):
        call_command("restore", site.archive(), verbosity=0)
        restored = every_row()
        assert every_file() == files
        assert find("back pain").entries[0].address == "/conditions/back-pain/"
        # The number of a row that was erased before is not given again.
        assert make_enquiry().pk > gone

    # Erased at once, as its day had come; only its tombstone is new.
    assert due.pk not in restored["enquiries_enquiry"]
    del rows["enquiries_enquiry"][due.pk]
    [tombstone] = restored.pop("enquiries_tombstone").values()
    assert tombstone["reference"] == due.reference
    assert rows.pop("enquiries_tombstone") == {}
    # The backup is of one moment: some enquiries, each with all of its mail, and nothing later.
    written = {"enquiries_enquiry", "enquiries_outgoingmail", "enquiries_recentsubmission"}
    enquiries = restored["enquiries_enquiry"]
    assert 0 < len(enquiries) < len(rows["enquiries_enquiry"])
    assert max(enquiries) < min(rows["enquiries_enquiry"].keys() - enquiries.keys())
    assert restored["enquiries_outgoingmail"] == {
        pk: mail
        for pk, mail in rows["enquiries_outgoingmail"].items()
        if mail["enquiry_id"] in enquiries
    }
    for table in written:
        came_with_it = {pk: rows[table][pk] for pk in restored[table]}
        assert restored.pop(table) == came_with_it
        del rows[table]
    # Noted when it was done.
    assert len(rows.pop("operations_backuprun")) == len(restored.pop("operations_backuprun")) + 1
    assert restored == rows


def test_what_was_made_is_noted_and_only_the_owner_may_read_it(site: System) -> None:
    call_command("backup", verbosity=0)
    run, archive = BackupRun.last_good(), site.archive()
    assert run is not None
    assert (run.file_name, run.size) == (archive.name, archive.stat().st_size)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert site.backups.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in site.backups.iterdir() if path.suffix != ".age"] == [".lock"]


def test_no_secret_is_in_it(site: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_HOST", "mail.fernhill.example")
    monkeypatch.setenv("EMAIL_HOST_PASSWORD", "battery staple")
    make_enquiry(message="My secret is safe with you")
    call_command("backup", verbosity=0)
    inside = opened(site.archive())
    assert b"mail.fernhill.example" in inside
    secrets = [settings.SECRET_KEY, *settings.ENQUIRY_KEYS, KEY, "battery staple", "My secret is"]
    assert [each for each in secrets if each.encode() in inside] == []


def opened(archive: Path) -> bytes:
    """Return what is in an archive, by the means that anybody has: age, gzip and tar."""
    identity = pyrage.x25519.Identity.from_str(KEY)
    content = gzip.decompress(pyrage.decrypt(archive.read_bytes(), [identity]))
    with tarfile.open(fileobj=io.BytesIO(content)) as members:
        assert members.getnames()[0] == "about.json"
    return content


# --- what is refused ------------------------------------------------------------------------------


def damaged(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (damaged, "damaged or cut short"),
        (lambda content: content[:-1], "damaged or cut short"),
        (lambda content: content[: len(content) // 2], "damaged or cut short"),
        (lambda content: content[:100], "damaged or cut short"),
        (lambda content: content + b"x", "damaged or cut short"),
        (lambda content: b"", "damaged or cut short"),
    ],
)
def test_an_archive_that_was_changed_is_refused(
    older: Path, tmp_path: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    copy = tmp_path / older.name
    copy.write_bytes(change(older.read_bytes()))
    with pytest.raises(CommandError, match=words):
        call_command("verify_backup", copy)
    with empty_system(tmp_path / "new"), pytest.raises(CommandError, match=words):
        call_command("restore", copy)


def test_nothing_is_written_when_an_archive_is_refused(older: Path, tmp_path: Path) -> None:
    copy = tmp_path / older.name
    copy.write_bytes(damaged(older.read_bytes()))
    with empty_system(tmp_path / "new"):
        with pytest.raises(CommandError, match="damaged"):
            call_command("restore", copy)
        assert connection.introspection.table_names() == []
        assert every_file() == {}


def test_another_key_opens_nothing(older: Path, settings: LazySettings) -> None:
    settings.BACKUP_KEY = new_key()
    with pytest.raises(CommandError, match="cannot be opened with this BACKUP_KEY"):
        call_command("verify_backup", older)


def test_something_else_that_the_key_opens_is_no_backup(tmp_path: Path) -> None:
    other = tmp_path / "notes.age"
    recipient = pyrage.x25519.Identity.from_str(KEY).to_public()
    other.write_bytes(pyrage.encrypt(b"Milk, bread, plasters", [recipient]))
    with pytest.raises(CommandError, match="not a backup of this software"):
        call_command("verify_backup", other)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("verify_backup", tmp_path / "none")


def test_a_system_that_is_not_empty_is_left_alone(older: Path, site: System) -> None:
    before = every_row()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", older)
    assert every_row() == before


def test_another_file_of_the_same_name_is_left_alone(older: Path, tmp_path: Path) -> None:
    with empty_system(tmp_path / "new"):
        media.write("images/old.webp", b"another picture")
        with pytest.raises(CommandError, match=r"another file named images/old\.webp"):
            call_command("restore", older)
        assert connection.introspection.table_names() == []


def with_other_words(older: Path, folder: Path, word: bytes, other: bytes) -> Path:
    """Return a copy that says something else, as made by somebody who has the key."""
    identity = pyrage.x25519.Identity.from_str(KEY)
    changed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(opened(older))) as members,
        tarfile.open(fileobj=changed, mode="w:gz") as copied,
    ):
        for member in members:
            file = members.extractfile(member)
            assert file is not None
            content = file.read().replace(word, other)
            member.size = len(content)
            copied.addfile(member, io.BytesIO(content))
    copy = folder / older.name
    copy.write_bytes(pyrage.encrypt(changed.getvalue(), [identity.to_public()]))
    return copy


def test_an_archive_that_its_manifest_belies_is_refused(older: Path, tmp_path: Path) -> None:
    copy = with_other_words(older, tmp_path, b"an old picture", b"another")
    with pytest.raises(CommandError, match="does not hold what its manifest says"):
        call_command("verify_backup", copy)


def test_a_backup_of_a_newer_release_is_refused(
    older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = with_other_words(older, tmp_path, b'"0001_initial"', b'"0099_to_come"')
    monkeypatch.setattr(reading._Seen, "check_all", lambda self, name: None)
    refused = pytest.raises(CommandError, match=r"newer release .*clinic\.0099_to_come")
    with empty_system(tmp_path / "new"), refused:
        call_command("restore", copy)


def test_a_backup_of_an_older_release_is_restored_as_it_was_and_then_updated(
    older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def update(about: About, manifest: Manifest, now: datetime) -> Restored:
        """Go one migration further; all of them would take long."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM django_migrations WHERE app = 'clinic'")
            seen.extend(cursor.fetchall())
        migrate_to(NEXT)
        return Restored(about, manifest, erased=0, mail_waiting=0, can_be_read=True)

    monkeypatch.setattr(restoring, "_bring_up_to_date", update)
    with empty_system(tmp_path / "new"):
        call_command("restore", older)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM clinic_clinic")
            assert cursor.fetchall() == [("Fernhill of Old",)]
        assert every_file() == {"images/old.webp": b"an old picture"}
    assert seen == [(OLD[1],)]


def test_a_backup_says_what_it_holds(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_backup", older)
    said = capsys.readouterr().out
    assert "Whole. Made 20" in said
    assert "1 files" in said


# --- what fails -----------------------------------------------------------------------------------


def test_a_failure_leaves_the_last_backup_and_is_noted(
    site: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("backup", verbosity=0)
    before = sorted(site.backups.iterdir())

    def full() -> list[str]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(media, "names", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", verbosity=0)
    assert sorted(site.backups.iterdir()) == before
    newest = BackupRun.objects.order_by("-pk")[0]
    assert not newest.succeeded
    assert "No space left" in newest.problem


def test_a_picture_whose_file_is_gone_is_told_of(
    site: System, capsys: pytest.CaptureFixture[str]
) -> None:
    image = make_image()
    call_command("backup")
    assert "1 files that pictures need are missing" in capsys.readouterr().err
    run = BackupRun.last_good()
    assert run is not None
    assert run.missing_files == 1
    image.delete()


def test_without_a_key_nothing_is_made(site: System, settings: LazySettings) -> None:
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match=r"operations\.backups\.keys"):
        call_command("backup")
