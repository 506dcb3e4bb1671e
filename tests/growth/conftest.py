"""Three machines on one PostgreSQL and one Redis, and a mail server, all on loopback."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from scripts import debian, redis_server
from scripts.address import free_port
from tests.growth.machines import Browser, Machine, output_of
from tests.growth.mail import SlowMailServer
from tests.upgrade.steps import Upgraded

# Fewer than the threads of a worker, so that they have to share.
POOL_SIZE = 2


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis or Valkey of the tests' own."""
    if not redis_server.is_installed() and not debian.can_install():
        pytest.skip("Neither Redis nor Valkey is on this machine: apt install redis-server")
    with redis_server.throw_away_redis() as url:
        yield url


@pytest.fixture(scope="module")
def mail_server() -> Iterator[SlowMailServer]:
    server = SlowMailServer()
    server.start()
    yield server
    server.stop()


@dataclass
class Site:
    """A site on three machines, and what was put into its database."""

    machines: list[Machine]
    filled: dict[str, Any]
    database_url: str
    host: str

    def browser(self) -> Browser:
        """Return somebody who has not been here before."""
        return Browser(self.host)

    def query(self, sql: str, *values: Any) -> list[Any]:
        """Return what stands in the database."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql, values).fetchall()  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def site(
    upgraded_postgres: Upgraded,
    redis_url: str,
    mail_server: SlowMailServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """A site on three machines, which were started at the same time."""
    host = f"127.0.0.1:{free_port()}"  # of a load balancer that is not there
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.growth.site_settings",
        "DATABASE_URL": upgraded_postgres.database_url,
        "DATABASE_POOL_SIZE": str(POOL_SIZE),
        "CACHE_URL": redis_url,
        "SITE_URL": f"http://{host}",
        "ALLOWED_HOSTS": "",
        "DEBUG": "false",
        "SECRET_KEY": "only-for-tests-" + "x" * 32,
        "ENQUIRY_KEYS": upgraded_postgres.enquiry_key,
        "SECOND_FACTOR": "offered",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_server.port),
        "EMAIL_USE_TLS": "false",
        "LOG_LEVEL": "WARNING",
    }
    folder = tmp_path_factory.mktemp("machines")
    machines = [Machine(f"machine-{number}", folder, variables) for number in (1, 2, 3)]
    filled = output_of(machines[0].command("-m", "tests.growth.fill"))
    try:
        for machine in machines:
            machine.start()
        for machine in machines:
            machine.wait()
        yield Site(machines, filled, upgraded_postgres.database_url, host)
    finally:
        for machine in machines:
            machine.stop()
        for machine in machines:
            machine.wait_until_stopped()
