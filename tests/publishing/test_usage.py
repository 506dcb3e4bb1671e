"""A picture that a text places is not deleted from under its readers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from publishing.models import Image
from publishing.usage import texts_placing
from tests.factories import make_article, make_condition, make_faq, make_image, make_version

pytestmark = pytest.mark.django_db


def test_texts_that_place_a_picture_are_found() -> None:
    image = make_image()
    article = make_article(body=f"![A knee](image:{image.pk})")
    condition = make_condition(symptoms=f'![A knee](image:{image.pk} "It bends.")')
    faq = make_faq(article, answer=f"![A knee](image:{image.pk})")
    make_article(body=f"![Another](image:{image.pk}0)")
    assert set(texts_placing(image)) == {article, condition, faq}


@pytest.mark.parametrize("later", [{}, {"body": "Without it."}])
def test_text_of_a_draft_and_of_an_old_version_places_it_too(later: dict[str, str]) -> None:
    image, other = make_image(), make_image()
    article = make_article()
    make_version(article, body=f'![A knee](image:{image.pk} "It bends.")')
    if later:
        make_version(article, **later)
    assert texts_placing(image) == [article]
    assert texts_placing(other) == []


def test_picture_at_the_top_of_a_draft_is_placed() -> None:
    image = make_image()
    article = make_article()
    make_version(article, lead_image={"pk": image.pk, "text": str(image)})
    assert texts_placing(image) == [article]


def test_a_picture_in_a_draft_cannot_be_deleted(staff: Callable[..., Client]) -> None:
    image = make_image()
    make_version(make_article(title="Knees"), body=f"![A knee](image:{image.pk})")
    address = reverse("admin:publishing_image_delete", args=[image.pk])
    client = staff("Editor")
    assert "Article: Knees" in client.get(address).content.decode()
    client.post(address, {"post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()


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
