"""Mail goes out in a thread of its own, and the visitor does not wait for it."""

import threading

import pytest

from enquiries import outbox

in_the_background = outbox.run_in_background


def test_work_is_done_in_another_thread_that_holds_nothing_up() -> None:
    done = threading.Event()
    threads: list[threading.Thread] = []

    def work() -> None:
        threads.append(threading.current_thread())
        done.set()

    in_the_background(work)
    assert done.wait(5)
    assert threads[0] is not threading.current_thread()
    assert threads[0].daemon
    threads[0].join(5)


@pytest.mark.django_db
def test_a_mail_server_that_hangs_gathers_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(outbox, "run_in_background", started.append)
    monkeypatch.setattr(outbox, "_places", threading.BoundedSemaphore(2))
    for _ in range(50):
        outbox.drain_soon()
    assert len(started) == 2


@pytest.mark.django_db
def test_a_sender_that_is_done_leaves_its_place_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "_places", threading.BoundedSemaphore(1))
    drained: list[int] = []
    monkeypatch.setattr(outbox, "drain", lambda *, limit: drained.append(limit))
    for _ in range(3):
        outbox.drain_soon()
    assert len(drained) == 3
