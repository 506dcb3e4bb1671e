"""The site as it runs in production: renewed under load, watched, and silent about people."""

import http.client
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.db import connection

from clinic.models import Clinic
from conditions.models import Condition
from tests.factories import make_clinic, make_condition, make_user
from tests.operations.running import SECRET_KEY, Running, collect_names, running, soon

# Marked with the database for the sake of the copy that is taken of it.
pytestmark = [pytest.mark.whole, pytest.mark.any_database, pytest.mark.django_db]

PAGE = "/conditions/canary-knee/"


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One site for all tests of this file, with a clinic, a page and an editor."""
    folder = tmp_path_factory.mktemp("running")
    with django_db_blocker.unblock():
        rows = [make_clinic(), make_condition(slug="canary-knee"), make_user("Editor")]
        try:
            connection.cursor().execute("VACUUM INTO %s", [str(folder / "db.sqlite3")])
        finally:
            for model, row in zip((Clinic, Condition, User), rows, strict=True):
                model._default_manager.filter(pk=row.pk).delete()
    collect_names(folder)
    log = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "ERROR_MAIL": "ops@example.org"}
    with running(folder, **log) as started:
        yield started


class Visitors:
    """Ask for pages again and again, each in a thread, and count the answers."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._are_to_stop = threading.Event()
        self.answers: Counter[object] = Counter()
        paths = (PAGE, "/contact/", PAGE, "/contact/")
        self._threads = [
            threading.Thread(target=self._visit, args=[path, number < 2])
            for number, path in enumerate(paths)
        ]

    def __enter__(self) -> "Visitors":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._are_to_stop.set()
        for each in self._threads:
            each.join()

    def _visit(self, path: str, keeps_connection: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        is_used = False
        while not self._are_to_stop.is_set():
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                self.answers[answer.status] += 1
                is_used = keeps_connection
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                # An open connection may be closed while it is idle; then any browser and any
                # proxy asks again (RFC 9112, 9.3.1). On a new one nothing may go wrong.
                if not is_used:
                    self.answers[repr(error)] += 1
                is_used = False
            if not keeps_connection:
                connection.close()
            time.sleep(0.05)
        connection.close()


def test_a_server_takes_anothers_place_without_a_request_that_fails(site: Running) -> None:
    old = site.children("operations.web_server")
    jobs = site.children("run_jobs")
    with Visitors(site.port) as visitors:
        soon(lambda: visitors.answers[200] > 50)
        site.signal(signal.SIGHUP)
        assert soon(lambda: set(site.children("operations.web_server")).isdisjoint(old))
        before = visitors.answers[200]
        assert soon(lambda: visitors.answers[200] > before + 50)
    assert set(visitors.answers) == {200}
    assert soon(lambda: site.children("run_jobs") not in ([], jobs))
    assert site.says("The new server is ready.")


def test_jobs_that_were_killed_are_started_again(site: Running) -> None:
    (killed,) = site.children("run_jobs")
    os.kill(killed, signal.SIGKILL)
    assert soon(lambda: site.children("run_jobs") not in ([], [killed]))
    ended = [each for each in site.entries() if "ended by itself" in each["message"]]
    assert ended[0]["level"] == "ERROR"
    assert "“jobs”" in ended[0]["message"]


def test_figures_are_for_this_machine_and_count_all_workers(site: Running) -> None:
    assert site.ask("GET", "/metrics").status in {301, 404}
    assert site.ask("GET", "/metrics/").status == 404
    assert soon(lambda: site.children("manage.py metrics"))
    assert soon(lambda: _figures(site))
    figures = _figures(site)
    before = figures['clinic_requests_total{status="2xx"}']
    for _ in range(20):
        site.ask("GET", "/livez")
    assert _figures(site)['clinic_requests_total{status="2xx"}'] >= before + 20
    assert figures["clinic_outbox_given_up"] == 0


def _figures(site: Running) -> dict[str, float]:
    try:
        text = site.ask("GET", "/", port=site.metrics_port).body
    except OSError:
        return {}
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_readiness_and_the_number_of_a_request(site: Running) -> None:
    ready = site.ask("GET", "/readyz")
    assert ready.status == 200, ready.body
    number = ready.headers["X-Request-ID"]
    assert soon(lambda: site.says(number))
    (line,) = [each for each in site.entries() if each.get("request_id") == number]
    assert (line["path"], line["status"], line["method"]) == ("/readyz", 200, "GET")
    # What is given to many readers has the number of none of them.
    kept = [site.ask("GET", PAGE) for _ in range(2)]
    assert [each.status for each in kept] == [200, 200]
    assert "X-Request-ID" not in kept[1].headers


CANARIES = {
    "full_name": "Canaryname Birdsong",
    "email": "canarymail@example.com",
    "telephone": "07700900777",
    "message": "Canarymessage about my knee",
}


def _form(site: Running, **answers: str) -> Any:
    token = re.findall(r'name="form_token"\s+value="([^"]+)"', site.ask("GET", "/contact/").body)
    answers |= {"form_token": token[0], "reply_by_method": "email"}
    answers |= {"consent": "on", "health_consent": "on"}
    return site.ask("POST", "/contact/?send", urlencode(answers))


def _use_with_secrets(site: Running) -> list[str]:
    """Do what people do, with words that must not be found again; return those made meanwhile."""
    received = _form(site, **CANARIES).headers["Location"]
    confirmation = site.ask("GET", received).body
    private = re.findall(r"/contact/your-enquiry/([^/\"]+)/", confirmation)[0]
    assert site.ask("GET", f"/contact/your-enquiry/{private}/").status == 200
    site.ask("GET", "/shared/canarytokenofadraft/")
    site.ask("GET", "/search/?q=canarysearch")
    site.ask("GET", "/canarypage/?q=canaryquery", **{"User-Agent": "Canarybrowser"})
    for address in ("/admin/login/", "/staff/password/forgotten/"):
        page = site.ask("GET", address).body
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
        typed = {
            "csrfmiddlewaretoken": token, "username": "canaryuser", "password": "canarypassword",
            "email": "canarymail@example.com",
        }  # fmt: skip
        site.ask("POST", address, urlencode(typed))
    site.ask("GET", "/staff/password/new/MQ/canarytoken-ofapassword/")
    return [private, received.partition("=")[2], *site.cookies.values()]


def _fail_with_secrets(site: Running) -> None:
    """Have pages fail in the middle of what people have typed."""
    for table, fail in (
        ("enquiries_enquiry", lambda: _form(site, **CANARIES | {"message": "Canarymessage, lost"})),
        ("evidence_glossaryterm", lambda: site.ask("GET", "/glossary/?q=canaryquery")),
    ):
        site.database(f"ALTER TABLE {table} RENAME TO away_for_a_moment")
        try:
            assert fail().status >= 500
        finally:
            site.database(f"ALTER TABLE away_for_a_moment RENAME TO {table}")


def test_neither_log_nor_mail_about_faults_holds_a_secret_or_a_word_of_anybodys(
    site: Running,
) -> None:
    made = _use_with_secrets(site)
    _fail_with_secrets(site)
    number = site.ask("GET", "/livez").headers["X-Request-ID"]
    assert soon(lambda: site.says(number))  # the last line is there, so all others are
    assert soon(lambda: _mails(site.folder))
    mails = _mails(site.folder)
    assert "OperationalError" in mails
    log = site.log()
    assert "OperationalError" in log
    assert '"path": "/contact/your-enquiry/[removed]/"' in log
    keys = [SECRET_KEY, *site_settings.ENQUIRY_KEYS]
    assert made
    for text in (log, mails):
        for secret in (*keys, *made, *CANARIES.values()):
            assert secret not in text, secret
        # The only canaries left are addresses of pages: one that is there, one that is not.
        left = set(re.findall(r"canary[\w-]*", text, re.IGNORECASE))
        assert left <= {"canary-knee", "canarypage"}, left


def _mails(folder: Path) -> str:
    """Return the mails about faults. Others hold what they are for."""
    texts = [file.read_text() for file in (folder / "mail").glob("*.log")]
    return "".join(text for text in texts if "To: ops@example.org" in text)
