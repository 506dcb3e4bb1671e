"""Bodies that unpack to more than they are, and answers to what no form sends."""

import gzip
import zlib

import pytest
from django.test import Client

from enquiries.models import Enquiry
from tests.factories import make_clinic

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FORM = b"full_name=Sam&message=" + b"x" * 5_000_000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(FORM)),
        ("deflate", zlib.compress(FORM)),
        ("br", b"\x1b\xff\xff\xff"),
        ("gzip, gzip", gzip.compress(gzip.compress(FORM))),
    ],
)
@pytest.mark.parametrize("url", ["/contact/", "/feedback/", "/is-needling-suitable/"])
def test_a_compressed_body_is_not_unpacked(
    client: Client, url: str, coding: str, body: bytes
) -> None:
    make_clinic()
    assert len(body) < 10_000
    response = client.post(
        url,
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"content-encoding": coding},
    )
    assert response.status_code in {200, 400, 422}
    assert len(response.content) < 200_000
    assert b"xxxxxxxxxx" not in response.content
    assert not Enquiry.objects.exists()


def test_a_form_of_thousands_of_fields_is_refused(client: Client) -> None:
    make_clinic()
    body = "&".join(f"f{number}=x" for number in range(5_000))
    for url in ("/contact/", "/feedback/", "/admin/login/"):
        response = client.post(url, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 400, url
