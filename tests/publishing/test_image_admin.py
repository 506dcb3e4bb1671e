"""Pictures in the admin: uploaded there, cropped again, deleted only when nothing needs them."""

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from publishing.images import MAX_BYTES
from publishing.models import Image
from tests.factories import make_article, make_image
from tests.publishing.markup import find, parse
from tests.publishing.uploads import HTML, encode, halves, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADD = reverse("admin:publishing_image_add")
LIST = reverse("admin:publishing_image_changelist")
StaffClient = Callable[..., Client]


def form(content: bytes | None, **fields: object) -> dict[str, object]:
    given: dict[str, object] = {"title": "Knee", "focal_x": 50, "focal_y": 50, "permission": ""}
    if content is not None:
        given["upload"] = SimpleUploadedFile("knee.png", content, "image/png")
    return given | fields


def errors_of(html: str) -> list[str]:
    return [each.get_text() for each in parse(html).select(".errorlist li")]


def test_picture_is_added_with_who_added_it(staff: StaffClient) -> None:
    response = staff("Author").post(ADD, form(picture_bytes(size=(600, 400)), focal_x=20))
    assert response.status_code == 302
    image = Image.objects.get()
    assert (image.title, image.width, image.height, image.focal_point) == (
        "Knee",
        600,
        400,
        (20, 50),
    )
    assert image.uploaded_by is not None
    for crop in ("full", "card", "portrait"):
        assert default_storage.exists(image.fallback(crop).address.removeprefix("/media/"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "Choose a picture to upload."),
        (HTML, "This file is not a picture we can use, or it is broken."),
        (b"\x00" * (MAX_BYTES + 1), "Choose a picture of at most 15 MB."),
        (picture_bytes(size=(10, 10)), "This picture is only 10 by 10 pixels."),
    ],
    ids=["nothing", "HTML", "too large", "too small"],
)
def test_what_cannot_be_used_is_refused_at_the_field(
    staff: StaffClient, content: bytes | None, says: str
) -> None:
    response = staff("Author").post(ADD, form(content))
    assert response.status_code == 200
    assert any(says in error for error in errors_of(response.content.decode()))
    assert not Image.objects.exists()


def test_picture_we_have_is_named_instead_of_kept_twice(staff: StaffClient) -> None:
    Image.from_upload(picture_bytes(), title="The first knee")
    response = staff("Author").post(ADD, form(picture_bytes()))
    assert errors_of(response.content.decode()) == [
        "This picture is here already, with the title “The first knee”."
    ]
    assert Image.objects.count() == 1


def test_focal_point_is_a_share_of_the_picture(staff: StaffClient) -> None:
    response = staff("Author").post(ADD, form(picture_bytes(), focal_x=101))
    assert response.status_code == 200
    assert not Image.objects.exists()


def test_moved_focal_point_makes_new_crops_and_keeps_the_file(staff: StaffClient) -> None:
    image = Image.from_upload(encode(halves((1200, 400))), title="Knee")
    before = Image.objects.get()
    address = reverse("admin:publishing_image_change", args=[image.pk])
    response = staff("Author").post(address, form(None, focal_x=0, focal_y=100))
    assert response.status_code == 302
    image.refresh_from_db()
    assert (image.digest, image.fallback("full")) == (before.digest, before.fallback("full"))
    for crop in ("card", "portrait"):
        assert image.fallback(crop) != before.fallback(crop)
        for each in (image, before):  # pages that were read before still show their picture
            assert default_storage.exists(each.fallback(crop).address.removeprefix("/media/"))


def test_page_of_a_picture_shows_it_and_how_to_place_it(staff: StaffClient) -> None:
    image = make_image()
    html = (
        staff("Author")
        .get(reverse("admin:publishing_image_change", args=[image.pk]))
        .content.decode()
    )
    assert f"![What it shows](image:{image.pk})" in parse(html).get_text()
    assert image.fallback("full").address in html
    assert "upload" not in {each.get("name") for each in parse(html).find_all("input")}


def test_list_shows_small_pictures_and_finds_by_title(staff: StaffClient) -> None:
    knee, elbow = make_image(title="Knee"), make_image(title="Elbow")
    client = staff("Author")
    html = client.get(LIST).content.decode()
    assert knee.fallback("portrait").address in html
    found = client.get(LIST, {"q": "elb"}).content.decode()
    titles = [each.get_text() for each in parse(found).select("#result_list tbody th a")]
    assert titles == ["Elbow"]
    assert elbow.fallback("portrait").address in found


def test_list_asks_the_same_number_of_questions_for_many_pictures(
    staff: StaffClient, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = staff("Author")
    for _ in range(12):
        make_image()
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(LIST)


def test_author_may_not_delete_and_an_editor_may(staff: StaffClient) -> None:
    image = make_image()
    address = reverse("admin:publishing_image_delete", args=[image.pk])
    assert staff("Author").post(address, {"post": "yes"}).status_code == 403
    assert Image.objects.exists()
    assert staff("Editor").post(address, {"post": "yes"}).status_code == 302
    assert not Image.objects.exists()


def test_picture_at_the_head_of_an_article_cannot_be_deleted(staff: StaffClient) -> None:
    image = make_image()
    article = make_article(lead_image=image, lead_image_role="decorative")
    address = reverse("admin:publishing_image_delete", args=[image.pk])
    response = staff("Editor").post(address, {"post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()
    assert article.title in response.content.decode()


def test_reception_does_not_see_pictures(staff: StaffClient) -> None:
    assert staff("Reception").get(LIST).status_code == 403


def test_form_for_a_new_picture_takes_only_what_we_accept(staff: StaffClient) -> None:
    html = staff("Author").get(ADD).content.decode()
    assert find(html, "input[type=file]")["accept"] == "image/jpeg,image/png,image/webp,image/avif"
    assert find(html, "form#image_form")["enctype"] == "multipart/form-data"
