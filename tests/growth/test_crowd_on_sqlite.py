"""Many readers and several writers on one SQLite file: nobody is told that it is locked.

Five seconds of what `make fault-test` does for a minute.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from scripts.faults.crowd import readers_and_writers
from scripts.faults.mail_server import BadMailServer
from scripts.faults.site import TrialSite
from scripts.local_site import prepare_data
from tests.factories import make_clinic

pytestmark = [pytest.mark.whole, pytest.mark.any_database]


@pytest.fixture
def mail_server() -> Iterator[BadMailServer]:
    server = BadMailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def trial_site(
    transactional_db: None, tmp_path: Path, mail_server: BadMailServer
) -> Iterator[TrialSite]:
    """A server on a database file with a clinic in it."""
    site = TrialSite(str(tmp_path), mail_server.port)
    site.variables["DJANGO_SETTINGS_MODULE"] = "tests.growth.site_settings"
    prepare_data(site.variables)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    make_clinic()
    connection.cursor().execute("VACUUM INTO %s", [str(tmp_path / "db.sqlite3")])
    yield site
    site.kill()


def test_a_crowd_is_answered(trial_site: TrialSite, mail_server: BadMailServer) -> None:
    outcome = readers_and_writers(trial_site, mail_server, seconds=5)
    assert outcome.failures == [], outcome.counted
    assert outcome.counted["pages read"] > 0
    assert outcome.counted["enquiries sent"] > 0
