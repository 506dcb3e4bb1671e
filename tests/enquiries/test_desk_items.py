"""What the first page of the admin says about enquiries, and where it leads."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from enquiries import jobs
from enquiries.models import Enquiry, JobRun, OutgoingMail, RedFlag
from tests.enquiries.conftest import soup_of
from tests.enquiries.reception import LIST, at, listed
from tests.factories import make_clinic, make_enquiry, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(db: None, clock: time_machine.Traveller) -> User:
    make_clinic()
    RedFlag.objects.update(awaiting_clinician=False)
    return make_user("Reception", username="rosa")


def items(client: Client) -> dict[str, tuple[int, str, bool]]:
    """Return what the desk lists: by its words, how many, where it leads, whether it is urgent."""
    found = {}
    for item in soup_of(client.get("/admin/").content).select(".desk__item"):
        count, words = item.select_one(".desk__count"), item.select_one(".desk__text")
        assert count is not None
        assert words is not None
        assert item.a is not None
        flag = words.select_one(".desk__flag")
        if flag is not None:
            flag.extract()
        text = " ".join(words.get_text(" ").split())
        found[text] = (int(count.get_text()), str(item.a["href"]), flag is not None)
    return found


def test_reception_is_told_what_waits_and_finds_it(
    rosa: User, signed_in: Callable[[User], Client]
) -> None:
    desk = signed_in(rosa)
    assert items(desk) == {}
    make_enquiry(urgency=Enquiry.Urgency.EMERGENCY)
    make_enquiry(urgency=Enquiry.Urgency.MENTIONED)
    make_enquiry(reply_by=at(20, 9))
    for owner in (rosa, make_user("Reception")):
        make_enquiry(owner=owner, status="in-progress", first_read_at=at(19, 9), urgency=2)
    make_enquiry(status="waiting", reply_by=at(20, 9))
    make_enquiry(suspected_spam=True)
    make_enquiry(is_test=True, reply_by=at(20, 9))
    unsent = make_enquiry(status="in-progress")
    OutgoingMail.objects.create(
        enquiry=unsent, kind="notification", state="failed", message_id="<1@x>"
    )
    make_enquiry(status="closed", reply_by=at(20, 9))
    assert items(desk) == {
        "enquiry with a warning sign, not read yet": (1, f"{LIST}?queue=flagged", True),
        "enquiry overdue for a reply": (1, f"{LIST}?queue=overdue", True),
        "enquiry with mail that was not delivered": (1, f"{LIST}?queue=unsent", True),
        "enquiries to be answered, new": (3, f"{LIST}?queue=new", False),
        "enquiry that you answer, open": (1, f"{LIST}?queue=mine", False),
        "enquiry suspected of being spam, to look through": (1, f"{LIST}?queue=spam", False),
    }
    for words, (count, address, _) in items(desk).items():
        found = listed(desk, address.removeprefix(LIST))
        assert len(found) == count, words


def test_clinicians_are_told_of_red_flags_to_confirm(
    rosa: User, staff: Callable[[str], Client]
) -> None:
    fields = {"level": "urgent", "words": "cold", "sign": "you are cold"}
    RedFlag.objects.create(key="one", awaiting_clinician=True, **fields)
    RedFlag.objects.create(key="two", awaiting_clinician=True, is_active=False, **fields)
    words = "red flags for enquiries awaiting a clinician’s confirmation"
    reviewer = staff("Clinical reviewer")
    count, address, _ = items(reviewer)[words]
    assert count == 1
    assert reviewer.get(address).status_code == 200
    for role in ("Reception", "Editor", "Author"):
        assert words not in items(staff(role))


def test_manager_is_told_of_a_job_that_has_stopped(
    rosa: User, staff: Callable[[str], Client]
) -> None:
    name, limit = next(iter(jobs.LATE.items()))
    JobRun.objects.create(name=name, ran_at=timezone.now(), succeeded_at=timezone.now() - limit)
    assert not [words for words in items(staff("Manager")) if "stopped" in words]
    JobRun.objects.update(succeeded_at=timezone.now() - limit - timedelta(minutes=1))
    (words,) = [words for words in items(staff("Manager")) if "stopped" in words]
    assert name in words
    assert items(staff("Manager"))[words][2] is True
    assert items(staff("Reception")) == {}


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer", "Editor"])
def test_others_are_told_nothing_about_enquiries(
    rosa: User, staff: Callable[[str], Client], role: str
) -> None:
    make_enquiry(reply_by=at(1, 9), urgency=3)
    assert [words for words in items(staff(role)) if "enquir" in words] == []
