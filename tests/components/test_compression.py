"""Pages travel compressed; pictures, which are compressed already, as they are."""

import gzip
import io

import pytest
from django.test import Client
from PIL import Image as PillowImage

from publishing.models import Image
from tests.factories import make_clinic

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_for_a_browser_that_can_read_it(client: Client) -> None:
    make_clinic()
    plain = client.get("/about-nothing/")
    compressed = client.get("/about-nothing/", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert compressed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in compressed["Vary"]
    assert b"</html>" in gzip.decompress(compressed.content)
    assert len(compressed.content) < len(plain.content)


def test_a_picture_is_not_compressed_again(client: Client) -> None:
    buffer = io.BytesIO()
    PillowImage.linear_gradient("L").save(buffer, "PNG")
    image = Image.from_upload(buffer.getvalue(), title="A gradient")
    address = image.fallback("full").address
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"
