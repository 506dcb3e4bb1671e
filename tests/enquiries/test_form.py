"""What the form accepts, and the words it uses when an answer will not do."""

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict

from enquiries.forms import EnquiryForm
from enquiries.models import Enquiry
from enquiries.public_form import readable
from tests.enquiries.conftest import answers, soup_of
from tests.factories import make_condition, make_practitioner

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TELEPHONE_ERROR = "Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"
EMAIL_ERROR = "Enter an email address in the correct format, like name@example.com"
NEITHER = "Enter an email address, a telephone number or both"


def errors(**changes: str) -> dict[str, list[str]]:
    form = EnquiryForm(answers(**changes))
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


def test_good_answers_have_no_errors() -> None:
    assert errors() == {}


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "O’Neill",
        "D'Arcy",
        "محمد",
        "李",
        "🙂",
        "Ms. Ana-María de la Cruz 3rd",
        "1",
        "-",
        "ñ" * 200,
    ],
)
def test_any_name_is_accepted_as_it_is(name: str) -> None:
    form = EnquiryForm(answers(full_name=name))
    assert form.is_valid(), form.errors
    assert form.submission().full_name == name


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u200e", "\x00", "\ud800"])
def test_a_name_that_shows_nothing_is_missing(name: str) -> None:
    assert errors(full_name=name) == {"full_name": ["Enter your full name"]}


def test_spaces_round_an_answer_do_not_matter() -> None:
    form = EnquiryForm(answers(full_name="  Sam \n Smith ", email=" sam@example.com\u202c\n"))
    assert form.is_valid()
    assert form.submission().full_name == "Sam Smith"
    assert form.submission().email == "sam@example.com"


@pytest.mark.parametrize(
    "number",
    [
        "01632960001",
        "01632 960 001 ext 12",
        "(01632) 960-001",
        "+44 (0)7700 900982 after 5pm",
        "00 353 1 496 0123",
        "\u202a+49.30.23125.000\u202c",
        "٠٧٧٠٠٩٠٠٩٨٢",
        "1234567",
    ],
)
def test_a_telephone_number_from_anywhere_is_kept_as_it_was_typed(number: str) -> None:
    form = EnquiryForm(answers(telephone=number))
    assert form.is_valid(), form.errors
    assert form.submission().telephone == number.strip("\u202a\u202c")


@pytest.mark.parametrize("number", ["123456", "call me", "9" * 21, "sam19800101@example.com"])
def test_what_cannot_be_rung_is_refused_with_examples(number: str) -> None:
    assert errors(telephone=number) == {"telephone": [TELEPHONE_ERROR]}


@pytest.mark.parametrize(
    "email",
    ["sam", "sam@", "@example.com", "sam@example", "sam smith@example.com", "a@b@example.com",
     "sam@example.com, kim@example.com", "sam@example.com\nBcc: kim@example.com"],
)  # fmt: skip
def test_what_is_no_email_address_is_refused_with_an_example(email: str) -> None:
    assert errors(email=email) == {"email": [EMAIL_ERROR]}


@pytest.mark.parametrize(
    ("name", "limit", "text"),
    [("full_name", 200, "Full name must be 200 characters or fewer"),
     ("email", 254, "Email address must be 254 characters or fewer"),
     ("telephone", 60, "Telephone number must be 60 characters or fewer")],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 1000])
def test_what_is_too_long_says_how_long_it_may_be(
    name: str, limit: int, text: str, times: int
) -> None:
    assert errors(**{name: "x" * (limit * times + 1)}) == {name: [text]}


def test_one_way_to_be_reached_is_needed_and_one_is_enough() -> None:
    assert errors(email="", telephone="", reply_by_method="") == {"email": [NEITHER]}
    assert errors(telephone="") == {}
    assert errors(email="", reply_by_method="telephone") == {}


def test_the_reply_goes_where_it_can() -> None:
    assert errors(email="") == {"email": ["Enter an email address, or select reply by telephone"]}
    assert errors(telephone="", reply_by_method="telephone") == {
        "telephone": ["Enter a telephone number, or select reply by email"]
    }
    assert errors(reply_by_method="") == {
        "reply_by_method": ["Select how you would like us to reply"]
    }
    assert errors(reply_by_method="pigeon") == {"reply_by_method": ["Select email or telephone"]}


@pytest.mark.parametrize(
    ("left_out", "method"), [("email", Enquiry.ReplyMethod.TELEPHONE), ("telephone", "email")]
)
def test_with_one_way_to_be_reached_there_is_nothing_to_choose(left_out: str, method: str) -> None:
    form = EnquiryForm(answers(reply_by_method="", **{left_out: ""}))
    assert form.is_valid(), form.errors
    assert form.submission().reply_by_method == method


def test_a_mistake_in_one_contact_detail_is_not_reported_twice() -> None:
    assert errors(email="sam@", telephone="") == {"email": [EMAIL_ERROR]}


@pytest.mark.parametrize("message", ["", "  \r\n ", "\u200b\u2060"])
def test_a_message_is_needed(message: str) -> None:
    assert errors(message=message) == {"message": ["Enter your message"]}


@pytest.mark.parametrize(
    "message",
    [
        "x" * 4000,
        "x" * 2000 + "\r\n" * 1999 + "x",
        "👩🏽‍⚕️" * 4000,
        "e\u0301" * 4000,
        "  " + "x" * 4000 + "\r\n",
    ],
)
def test_4000_characters_fit_as_a_person_counts_them(message: str) -> None:
    assert errors(message=message) == {}


@pytest.mark.parametrize(
    "message", ["x" * 4001, "👩🏽‍⚕️" * 4001, "x" * 10_000_000, "e" + "\u0301" * 50_000]
)
def test_a_message_beyond_4000_characters_is_too_long(message: str) -> None:
    assert errors(message=message) == {"message": ["Message must be 4,000 characters or fewer"]}


def test_consent_is_needed_and_says_what_else_one_can_do() -> None:
    assert errors(consent="") == {
        "consent": ["Tick the box if you agree that we may use what you write, or call us"]
    }


def test_only_listed_conditions_and_people_can_be_chosen() -> None:
    make_condition(slug="back-pain")
    make_condition(slug="draft", published_at=None)
    make_practitioner(slug="asha-example")
    make_practitioner(slug="gone", leaves_on="2020-01-01")
    assert errors(condition="back-pain", practitioner="asha-example") == {}
    for slug in ("draft", "unknown", "9" * 5000, "<b>", "back pain"):
        assert errors(condition=slug) == {"condition": ["Select what it is about from the list"]}
    assert errors(practitioner="gone") == {
        "practitioner": ["Select who you would like to see from the list"]
    }


def test_no_error_uses_words_that_help_nobody() -> None:
    found = errors(full_name="", email="x", telephone="y", message="", consent="")
    text = " ".join(text for texts in found.values() for text in texts).lower()
    for word in ("please", "valid", "required", "sorry", "oops", "must not"):
        assert word not in text


def test_what_cannot_be_shown_again_is_taken_out_before_anything_else() -> None:
    posted = MultiValueDict({"message": ["first", "a\x00b\ud800c"], "full_name": []})
    assert readable(posted) == {"message": "abc"}


def test_nothing_makes_the_browser_check_or_cut_off(clinic: object, visitor: Client) -> None:
    form = soup_of(visitor.get("/contact/").content).select_one("main form")
    assert form is not None
    assert form.has_attr("novalidate")
    for field in form.select("input, textarea, select"):
        assert not {"required", "maxlength", "minlength", "pattern"} & set(field.attrs)
