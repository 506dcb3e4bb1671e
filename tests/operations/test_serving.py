"""The port of the site: sockets that are shared by workers alone, and processes that follow."""

import argparse
import socket

import pytest

from operations.serving import PortTaken, main, open_sockets, parts
from scripts.address import free_port


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_each_worker_has_a_socket_of_the_same_port(host: str) -> None:
    sockets = open_sockets(host, 0, 3)
    try:
        (port,) = {each.getsockname()[1] for each in sockets}
        socket.create_connection((host, port), timeout=5).close()
    finally:
        for each in sockets:
            each.close()


def test_a_port_that_somebody_else_has_is_refused() -> None:
    # Even if whoever has it would share: two sites on one port would answer by turns.
    taken = open_sockets("127.0.0.1", 0, 1)[0]
    port = taken.getsockname()[1]
    with taken, pytest.raises(PortTaken, match=f"Cannot listen on 127.0.0.1 port {port}: Address"):
        open_sockets("127.0.0.1", port, 2)


def test_that_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match="Cannot listen on"):
            main(["--host", "127.0.0.1", "--port", str(port), "--workers=1", "--threads=1", "x:y"])


def chosen(**values: object) -> argparse.Namespace:
    defaults = {
        "application": "x:y", "threads": 3, "folder": "/srv", "jobs": False, "metrics_port": 0,
    }  # fmt: skip
    return argparse.Namespace(**defaults | values)


def test_jobs_and_figures_run_beside_the_server_if_they_are_wanted() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as listening:
        web, others = parts(chosen(), [listening])
        assert others == []
        assert [*web.sockets] == [listening.fileno()]
        _, others = parts(chosen(jobs=True, metrics_port=9101), [listening])
    assert [each.command[2] for each in others] == ["run_jobs", "metrics"]
    assert {each.folder for each in (web, *others)} == {"/srv"}
    assert "9101" in others[1].command
