"""Whatever arrives, the answer is a clear page: never a fault of ours."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from enquiries import form_token
from enquiries.fields import MESSAGE_LIMIT
from enquiries.forms import EnquiryForm
from enquiries.models import Enquiry
from tests.enquiries.conftest import answers, soup_of, token_in
from tests.factories import make_clinic, make_condition

# Every code point there is: null bytes, lone surrogates, unassigned and right-to-left ones too.
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
FIELDS = [*EnquiryForm.base_fields, "form_token", "unknown"]
TYPED = st.dictionaries(
    st.sampled_from(FIELDS),
    ANY_TEXT | st.sampled_from(["on", "email", "telephone", "back-pain", "sam@example.com"]),
)
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


class AnyTextTests(TestCase):
    """Properties of the form, over any text."""

    visitor = Client(enforce_csrf_checks=True)

    @classmethod
    def setUpTestData(cls) -> None:
        make_clinic()
        make_condition(slug="back-pain")

    @SETTINGS
    @given(typed=TYPED)
    @example(typed={"full_name": "\ud800", "message": "\x00\ud83d", "email": "\udfff@x.example"})
    @example(typed={"message": "\u202eabc\u2066", "telephone": "\u0661" * 7, "condition": "\x00"})
    def test_any_answers_get_a_page_with_what_was_typed(self, typed: dict[str, str]) -> None:
        body = "&".join(
            f"{quote(name)}={quote(text, errors='surrogatepass')}" for name, text in typed.items()
        )
        response = self.visitor.post(
            "/contact/", body, content_type="application/x-www-form-urlencoded"
        )
        # Hardly ever is there a token of ours in it, so nothing is stored.
        assert response.status_code == 422
        assert soup_of(response.content).select_one(".error-summary a") is not None

    @SETTINGS
    @given(name=ANY_TEXT, message=ANY_TEXT, telephone=ANY_TEXT, email=ANY_TEXT)
    @example(name="\ud800a", message="a\x00", telephone="07700 900 982", email="")
    def test_with_a_token_it_is_stored_once_or_said_what_to_mend(
        self, name: str, message: str, telephone: str, email: str
    ) -> None:
        form = EnquiryForm(
            answers(full_name=name, message=message, telephone=telephone, email=email)
        )
        is_good = form.is_valid()
        typed = {
            "full_name": name, "message": message, "telephone": telephone, "email": email,
            "reply_by_method": "email", "consent": "on", "form_token": form_token.issue(),
        }  # fmt: skip
        before = Enquiry.objects.count()
        body = "&".join(
            f"{key}={quote(text, errors='surrogatepass')}" for key, text in typed.items()
        )
        for _ in range(2):
            response = self.visitor.post(
                "/contact/", body, content_type="application/x-www-form-urlencoded"
            )
            assert response.status_code in (303, 422)
        stored = Enquiry.objects.count() - before
        assert stored == (response.status_code == 303)
        assert stored or not is_good or "�" in response.content.decode()

    @SETTINGS
    @given(text=ANY_TEXT)
    def test_any_address_gets_a_page(self, text: str) -> None:
        odd = quote(text, errors="surrogatepass")
        for path in ("/contact/received/?ref=", "/contact/?practitioner=x&condition="):
            assert self.visitor.get(path + odd).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "nonsense"])
def test_a_claimed_character_set_does_no_harm(charset: str) -> None:
    """UTF-7 can smuggle a lone surrogate past the decoder."""
    make_clinic()
    parts = {"full_name": "Sam", "message": "+2AA-", "email": "+2AA-@example.com"}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in parts.items()
    )
    response = Client().generic(
        "POST",
        "/contact/",
        body + "--b--\r\n",
        f"multipart/form-data; boundary=b; charset={charset}",
    )
    assert response.status_code in (400, 422)


@pytest.mark.django_db
def test_a_message_of_ten_megabytes_comes_back_with_a_kind_error() -> None:
    make_clinic()
    visitor = Client()
    token = token_in(visitor.get("/contact/").content)
    message = "<!--[if" * 1_400_000  # the worst case for the cleaner of pasted text
    response = visitor.post("/contact/", answers(form_token=token, message=message))
    assert response.status_code == 422
    assert f"Message must be {MESSAGE_LIMIT:,} characters or fewer" in response.content.decode()
    assert len(response.content) > len(message)
    assert not Enquiry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["nonce", ".", "..", "nonce.", ".2026-11", "é"])
def test_a_token_with_odd_content_that_we_signed_is_not_usable(value: str) -> None:
    make_clinic()
    token = TimestampSigner(salt="enquiries.form").sign(value)
    response: Any = Client().post("/contact/", answers(form_token=token))
    assert response.status_code in (303, 422)


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_a_post_of_another_kind_is_a_clear_page(content_type: str) -> None:
    make_clinic()
    response = Client().generic("POST", "/contact/", b'{"a": 1}', content_type)
    assert response.status_code in (400, 422)
