"""A picture that a text places is not deleted from under its readers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from publishing.models import Image
from publishing.usage import texts_placing
from tests.factories import make_article, make_condition, make_faq, make_image

pytestmark = pytest.mark.django_db


def test_texts_that_place_a_picture_are_found() -> None:
    image = make_image()
    article = make_article(body=f"![A knee](image:{image.pk})")
    condition = make_condition(symptoms=f'![A knee](image:{image.pk} "It bends.")')
    faq = make_faq(article, answer=f"![A knee](image:{image.pk})")
    make_article(body=f"![Another](image:{image.pk}0)")
    assert set(texts_placing(image)) == {article, condition, faq}


def test_a_picture_in_a_text_cannot_be_deleted(staff: Callable[..., Client]) -> None:
    image = make_image()
    make_article(title="Knees", body=f"![A knee](image:{image.pk})")
    client = staff("Editor")
    address = reverse("admin:publishing_image_delete", args=[image.pk])
    page = client.get(address).content.decode()
    assert "Article: Knees" in page
    client.post(address, {"post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()


def test_a_picture_that_no_text_places_can_be_deleted(staff: Callable[..., Client]) -> None:
    image = make_image()
    address = reverse("admin:publishing_image_delete", args=[image.pk])
    staff("Editor").post(address, {"post": "yes"})
    assert not Image.objects.filter(pk=image.pk).exists()
