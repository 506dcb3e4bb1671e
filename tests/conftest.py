"""Fixtures that all tests share."""

import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from publishing.projection import expect_nothing
from scripts import debian, postgres
from tests.demo import DemoRows, load_rows, today
from tests.factories import make_user
from tests.prepared import (
    copy_into_memory,
    create_database,
    folder_for_all,
    migrated_file,
    migrated_template,
    prepared,
)
from tests.upgrade.steps import Upgraded, bring_up_to_date

# A test that uses none of these does not come near the database.
_WHOLE = {"site", "browser", "security", "growth", "upgrade", "deploy"}  # folders
# What takes a process long to make; the tests that use one of them stay together.
_LONG_IN_THE_MAKING = ("visits", "collected")
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of the whole site, and leave out what another database need not repeat."""
    for item in items:
        if _WHOLE & set(item.path.relative_to(config.rootpath).parts):
            item.add_marker("whole")
        for name in _LONG_IN_THE_MAKING:
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(name))
    # The longest first, so that no processor waits for another at the end.
    items.sort(key=lambda item: "browser" not in item.path.parts)
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    kept, left_out = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        uses_it = item.get_closest_marker("django_db") or fixtures & _DATABASE_FIXTURES
        uses_it = uses_it and not item.get_closest_marker("any_database")
        (kept if uses_it else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what is made once for all processes."""
    return folder_for_all(tmp_path_factory)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, shared_folder: Path
) -> Iterator[None]:
    """Start from a database that is migrated already; pytest-django's own does nothing more."""
    for_tests = connection.settings_dict["TEST"]
    for_tests["MIGRATE"] = False
    if connection.vendor == "sqlite":
        name = connection.creation._get_test_db_name()
        with closing(copy_into_memory(migrated_file(shared_folder), name)):
            yield
    else:
        for_tests["TEMPLATE"] = migrated_template(shared_folder, os.environ["TEST_DATABASE_URL"])
        yield


@pytest.fixture(autouse=True)
def media_folder(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give every test a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send mail about enquiries before the request ends: a thread would outlive its test."""
    monkeypatch.setattr("enquiries.outbox.run_in_background", lambda work: work())


@pytest.fixture(autouse=True)
def no_plans() -> None:
    """Let no test look for planned changes unless it calls `look_again`: the look is a query."""
    expect_nothing()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL of the tests' own, for what they start as processes."""
    if not postgres.is_installed() and not debian.can_install():
        pytest.skip("PostgreSQL is not on this machine: apt install postgresql")
    with postgres.throw_away_cluster() as url:
        yield url


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    """A PostgreSQL with the demo clinic of the first release, brought up to date."""
    create_database(postgres_server, "upgraded")
    url = f"{postgres_server.rpartition('/')[0]}/upgraded"
    return bring_up_to_date(tmp_path_factory.mktemp("upgraded"), url)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Return a function that makes a client in which the person is signed in."""

    def sign_in(user: User, **options: bool) -> Client:
        client = Client(**options)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def staff(db: None, signed_in: Callable[[User], Client]) -> Callable[[str], Client]:
    """Return a function that makes a client signed in as staff of a role, such as Editor."""
    return lambda role, **options: signed_in(make_user(role), **options)


@pytest.fixture(scope="session")
def demo_rows(
    django_db_setup: None,
    django_db_blocker: Any,
    shared_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> DemoRows:
    """The demonstration's rows, loaded once for all processes. The database stays empty."""

    def make(begun: Path) -> None:
        with django_db_blocker.unblock():
            rows = load_rows(begun / "media")
        (begun / "rows").write_bytes(pickle.dumps(rows))

    kept = prepared(shared_folder, f"demo-{connection.vendor}", make)
    # A copy of its own: a test may take a file away.
    media = shutil.copytree(kept / "media", tmp_path_factory.mktemp("demo") / "media")
    return DemoRows(pickle.loads((kept / "rows").read_bytes()), media)  # noqa: S301  (ours)


@pytest.fixture
def demo(
    db: None, demo_rows: DemoRows, media_folder: None, settings: LazySettings
) -> Iterator[DemoRows]:
    """A site with the demonstration's content, on a day when all of it is public."""
    settings.MEDIA_ROOT = demo_rows.media
    with today():
        demo_rows.restore()
        yield demo_rows
