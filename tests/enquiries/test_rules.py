"""What managers and clinicians set, and the records that nobody changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from enquiries.models import (
    CanaryRun,
    Enquiry,
    JobRun,
    OutgoingMail,
    RedFlag,
    ReplyTemplate,
    RetentionRule,
    SpamPolicy,
    Tombstone,
)  # fmt: skip
from tests.enquiries.conftest import soup_of
from tests.enquiries.reception import at, log, text_of
from tests.factories import make_clinic, make_condition, make_enquiry, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADMIN = "/admin/enquiries/"


@pytest.fixture
def manager(db: None, signed_in: Callable[[User], Client], clock: time_machine.Traveller) -> Client:
    make_clinic()
    return signed_in(make_user("Manager", username="mia"))


def rule(outcome: str, days: int) -> RetentionRule:
    return RetentionRule.objects.update_or_create(outcome=outcome, defaults={"days": days})[0]


# --- how long -------------------------------------------------------------------------------------


def test_changed_time_moves_the_dates_and_says_how_many(manager: Client) -> None:
    booked, open_ = rule("booked", 90), rule("", 200)
    closed = make_enquiry(
        outcome="booked", status="closed", received_at=at(2, 9), closed_at=at(18, 9),
        erase_on=date(2027, 2, 16),
    )  # fmt: skip
    waits = make_enquiry(received_at=at(2, 9), erase_on=date(2027, 5, 21))
    response = manager.post(
        f"{ADMIN}retentionrule/{booked.pk}/change/", {"days": 10, "outcome": "spam"}, follow=True
    )
    assert "Enquiries whose date moved: 1." in text_of(response)
    closed.refresh_from_db()
    waits.refresh_from_db()
    assert closed.erase_on == date(2026, 11, 28)
    assert waits.erase_on == date(2027, 5, 21)
    booked.refresh_from_db()
    assert (booked.outcome, booked.days) == ("booked", 10)
    assert log()[-1][0] == "mia"
    assert manager.post(f"{ADMIN}retentionrule/{open_.pk}/change/", {"days": 0}).status_code == 200
    assert manager.post(f"{ADMIN}retentionrule/{open_.pk}/delete/").status_code == 403


def test_limits_for_spam_are_one_row_and_move_its_dates(manager: Client) -> None:
    SpamPolicy.objects.all().delete()
    spam = make_enquiry(suspected_spam=True, received_at=at(2, 9), erase_on=date(2026, 12, 2))
    limits = {"threshold": 5, "per_network_per_hour": 10, "repeats_per_day": 3, "days_kept": 7}
    text = text_of(manager.post(f"{ADMIN}spampolicy/add/", limits, follow=True))
    assert "Enquiries whose date moved: 1." in text
    spam.refresh_from_db()
    assert spam.erase_on == date(2026, 11, 9)
    assert manager.get(f"{ADMIN}spampolicy/add/").status_code == 403
    refused = manager.post(f"{ADMIN}spampolicy/1/change/", limits | {"days_kept": 1})
    assert refused.status_code == 200
    assert "greater than or equal to 7" in text_of(refused)


@pytest.mark.parametrize("role", ["Reception", "Editor", "Clinical reviewer"])
def test_only_managers_set_how_long(
    manager: Client, staff: Callable[[str], Client], role: str
) -> None:
    kept = rule("booked", 90)
    client = staff(role)
    assert client.get(f"{ADMIN}retentionrule/").status_code == 403
    assert client.post(f"{ADMIN}retentionrule/{kept.pk}/change/", {"days": 1}).status_code == 403
    assert client.get(f"{ADMIN}spampolicy/").status_code == 403
    kept.refresh_from_db()
    assert kept.days == 90


# --- red flags ------------------------------------------------------------------------------------


FLAG = {
    "key": "cold-foot", "level": "urgent", "sign": "your foot is cold", "condition_slug": "",
    "words": "foot|feet cold|icy", "source": "", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def clinician(manager: Client, staff: Callable[[str], Client]) -> Client:
    return staff("Clinical reviewer")


def test_clinician_adds_a_red_flag_for_a_condition_by_its_name(clinician: Client) -> None:
    make_condition(name="Sciatica", slug="sciatica")
    make_condition(name="Gone", slug="gone", deleted_at=timezone.now())
    soup = soup_of(clinician.get(f"{ADMIN}redflag/add/").content)
    options = {
        str(each["value"]): each.get_text() for each in soup.select("#id_condition_slug option")
    }
    assert options[""] == "Any"
    assert options["sciatica"] == "Sciatica"
    assert "gone" not in options
    sent = FLAG | {"condition_slug": "sciatica"}
    assert clinician.post(f"{ADMIN}redflag/add/", sent).status_code == 302
    flag = RedFlag.objects.get(key="cold-foot")
    assert (flag.condition_slug, flag.level, flag.is_active) == ("sciatica", "urgent", True)
    assert "added" in log()[-1][1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ('foot "cold', "One quotation mark is left open."),
        ("| cold", "Put a word on both sides of each |."),
        ("cold |", "Put a word on both sides of each |."),
        ("x " * 1500, "Please shorten this"),
        ("", "This field is required."),
    ],
)
def test_malformed_pattern_is_refused_kindly(clinician: Client, words: str, why: str) -> None:
    response = clinician.post(f"{ADMIN}redflag/add/", FLAG | {"words": words})
    assert response.status_code == 200
    assert why in text_of(response)
    assert not RedFlag.objects.filter(key="cold-foot").exists()


def test_flag_for_a_condition_without_a_page_stays_one_for_that_condition(
    clinician: Client,
) -> None:
    flag = RedFlag.objects.create(**FLAG | {"condition_slug": "no-page", "is_active": True})
    address = f"{ADMIN}redflag/{flag.pk}/change/"
    chosen = soup_of(clinician.get(address).content).select_one("#id_condition_slug [selected]")
    assert chosen is not None
    assert (chosen["value"], chosen.get_text()) == ("no-page", "no-page (no page here)")
    sent = FLAG | {"condition_slug": "no-page", "words": "toe cold"}
    assert clinician.post(address, sent).status_code == 302
    flag.refresh_from_db()
    assert (flag.condition_slug, flag.words) == ("no-page", "toe cold")


def test_reception_reads_red_flags_and_changes_none(
    manager: Client, staff: Callable[[str], Client]
) -> None:
    desk, flag = staff("Reception"), RedFlag.objects.create(**FLAG | {"is_active": True})
    address = f"{ADMIN}redflag/{flag.pk}/change/"
    assert "foot|feet cold|icy" in text_of(desk.get(address))
    assert desk.post(address, FLAG | {"words": "x"}).status_code == 403
    assert desk.get(f"{ADMIN}redflag/add/").status_code == 403


# --- reply templates ------------------------------------------------------------------------------


def test_reception_words_reply_templates(manager: Client, staff: Callable[[str], Client]) -> None:
    desk, address = staff("Reception"), f"{ADMIN}replytemplate/add/"
    refused = desk.post(address, {"name": "Mine", "text": "Hello {nmae}", "position": 0})
    assert "{nmae} cannot be filled in. These can: {name}, {reference}" in text_of(refused)
    sent = {"name": "Mine", "text": "Hello {name}, {me}", "position": 0}
    assert desk.post(address, sent).status_code == 302
    template = ReplyTemplate.objects.get(name="Mine")
    assert template.filled({"name": "Sam {me}", "me": "Rosa"}) == "Hello Sam {me}, Rosa"
    assert (
        desk.post(f"{ADMIN}replytemplate/{template.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    assert not ReplyTemplate.objects.filter(name="Mine").exists()


# --- records --------------------------------------------------------------------------------------


def make_mail(**fields: Any) -> OutgoingMail:
    return OutgoingMail.objects.create(
        **{
            "enquiry": make_enquiry(), "kind": "notification", "message_id": "<1@x>",
            "to": "sam@example.com",
        } | fields
    )  # fmt: skip


RECORDS: dict[str, Callable[[], Any]] = {
    "outgoingmail": make_mail,
    "tombstone": lambda: Tombstone.objects.create(
        reference="E-7K4M-2P9Q", why="staff", erased_at=timezone.now(),
        received_week=date(2026, 11, 16),
    ),
    "canaryrun": lambda: CanaryRun.objects.create(at=timezone.now(), problem="No mail"),
    "jobrun": lambda: JobRun.objects.create(name="send mail", ran_at=timezone.now()),
}  # fmt: skip


@pytest.mark.parametrize("model", RECORDS)
def test_records_are_read_and_never_changed(
    manager: Client, signed_in: Callable[[User], Client], model: str
) -> None:
    row = RECORDS[model]()
    before = type(row).objects.values().get(pk=row.pk)
    base = f"{ADMIN}{model}/"
    for client in (manager, signed_in(make_user(is_staff=True, is_superuser=True))):
        assert client.get(base).status_code == 200
        assert client.get(f"{base}{row.pk}/change/").status_code == 200
        assert client.get(f"{base}add/").status_code == 403
        for end in ("add/", f"{row.pk}/change/", f"{row.pk}/delete/"):
            assert client.post(base + end, {"post": "yes", "name": "x"}).status_code == 403
        client.post(
            base, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
    assert type(row).objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", RECORDS)
def test_records_are_for_managers(
    manager: Client, staff: Callable[[str], Client], model: str
) -> None:
    RECORDS[model]()
    for role in ("Reception", "Editor", "Clinical reviewer"):
        assert staff(role).get(f"{ADMIN}{model}/").status_code == 403


def test_mail_that_was_given_up_is_tried_again_from_the_outbox_and_shows_no_address(
    manager: Client, committing: Callable[..., Any], mailoutbox: list[Any]
) -> None:
    failed = make_mail(state="failed", last_error="SMTPServerDisconnected", attempts=45)
    sent = make_mail(state="sent", message_id="<2@x>")
    text = text_of(manager.get(f"{ADMIN}outgoingmail/"))
    assert "SMTPServerDisconnected" in text
    page = text_of(manager.get(f"{ADMIN}outgoingmail/{failed.pk}/change/"))
    assert "sam@example.com" not in text + page
    chosen = {"action": "again", "_selected_action": [failed.pk, sent.pk]}
    with committing():
        response = manager.post(f"{ADMIN}outgoingmail/", chosen, follow=True)
    assert "Mails tried again: 1." in text_of(response)
    assert len(mailoutbox) == 1
    assert Enquiry.objects.count() == 2
