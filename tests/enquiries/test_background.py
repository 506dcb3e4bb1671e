"""Mail goes out in a thread of its own, and the visitor does not wait for it."""

import threading

import pytest

from enquiries import delivery

in_the_background = delivery.run_in_background


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
    monkeypatch.setattr(delivery, "run_in_background", started.append)
    monkeypatch.setattr(delivery, "_places", threading.BoundedSemaphore(2))
    for pk in range(50):
        delivery.deliver_soon(pk)
    assert len(started) == 2
