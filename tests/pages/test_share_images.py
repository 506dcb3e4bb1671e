"""Share images: one for each public page, at an address that follows from what it shows."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image as PillowImage

from clinic.models import Clinic
from pages.share_images import kept
from pages.share_images.drawing import Picture, draw
from publishing import workflow
from tests.factories import (
    make_article,
    make_category,
    make_clinic,
    make_condition,
    make_image,
    make_information_page,
    make_practitioner,
    make_treatment,
    make_user,
)
from tests.publishing.bucket import Bucket
from tests.site.machines import SITE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MAKERS = [
    make_article,
    make_condition,
    make_treatment,
    make_information_page,
    make_practitioner,
    make_category,
]
MOST_BYTES = 60_000


def address_of(client: Client, url: str) -> str:
    """Return the path of the image that a page names."""
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    named = soup.find("meta", property="og:image")
    assert named is not None, url
    address = str(named["content"])
    assert address.startswith(f"{SITE}/share-images/"), address
    return address.removeprefix(SITE)


def opened(content: bytes) -> Any:
    return PillowImage.open(io.BytesIO(content)).convert("RGB")


def files() -> list[Path]:
    folder = Path(default_storage.path(kept.FOLDER))
    return sorted(each for each in folder.rglob("*") if each.is_file())


@pytest.mark.parametrize("make", MAKERS)
def test_every_kind_of_page_names_an_image_that_answers(client: Client, make: Any) -> None:
    make_clinic()
    response = client.get(address_of(client, make().get_absolute_url()))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert opened(response.content).size == (1200, 630)
    assert len(response.content) <= MOST_BYTES
    cached = response["Cache-Control"].split(", ")
    assert sorted(cached) == ["immutable", "max-age=31536000", "public"]
    # Other websites are to show it.
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        ({"title": "Other words"}, True),
        ({"summary": "Other words."}, False),
        ({"body": "Other words."}, False),
    ],
)
def test_address_changes_with_what_the_image_shows(
    client: Client, change: dict[str, str], is_new: bool
) -> None:
    page = make_article()
    before = address_of(client, page.get_absolute_url())
    for name, value in change.items():
        setattr(page, name, value)
    page.save()
    after = address_of(client, page.get_absolute_url())
    assert (after != before) is is_new
    assert client.get(after).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"name": "Other Clinic"}, {"brand_colour": "#7a1f3d"}, {"is_demonstration": True}],
)
def test_address_changes_with_the_clinic(client: Client, change: dict[str, Any]) -> None:
    make_clinic()
    before = address_of(client, "/conditions/")
    Clinic.objects.update(**change)
    assert address_of(client, "/conditions/") != before


def test_clinic_with_a_logo_of_its_own_is_shown_without_the_site_s_mark(client: Client) -> None:
    clinic = make_clinic()
    mark = (72, 498, 140, 630)  # where it stands: in the brand colour, beside the name
    colours = []
    for logo in (None, make_image()):
        clinic.logo = logo
        clinic.save()
        image = opened(client.get(address_of(client, "/conditions/")).content).crop(mark)
        colours.append({colour for _, colour in image.getcolors()})
    assert (0x0F, 0x5C, 0x5C) in colours[0] - colours[1]


def test_old_address_leads_to_the_image_of_today_for_now(client: Client) -> None:
    page = make_article(title="Old words")
    old = address_of(client, page.get_absolute_url())
    page.title = "New words"
    page.save()
    response = client.get(old)
    assert response.status_code == 302
    assert response["Location"] == address_of(client, page.get_absolute_url())
    assert "immutable" not in response["Cache-Control"]


def test_flood_of_made_up_digests_draws_and_keeps_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address_of(client, make_article().get_absolute_url())
    monkeypatch.setattr("pages.share_images.views.draw", never)
    for number in range(50):
        made_up = re.sub(r"[0-9a-f]{16}\.png$", f"{number:016x}.png", path)
        assert client.get(made_up).status_code == 302
    assert files() == []


def never(*args: Any) -> Any:
    raise AssertionError("this was not to be called")


@pytest.mark.parametrize("how", ["draft", "planned", "withdrawn", "deleted"])
def test_page_that_is_not_public_has_no_image(
    client: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    page = make_article()
    path = address_of(client, page.get_absolute_url())
    user = make_user("Manager")
    if how == "draft":
        type(page).objects.update(published_at=None)
    elif how == "planned":
        type(page).objects.update(published_at=timezone.now() + timedelta(hours=1))
    elif how == "withdrawn":
        workflow.withdraw(page, user, reason="Old.")
    else:
        workflow.delete(page, user)
    monkeypatch.setattr("pages.share_images.views.draw", never)
    # Neither at its address, nor by a redirect that would give it away.
    for each in (path, re.sub(r"[0-9a-f]{16}\.png$", f"{0:016x}.png", path)):
        assert client.get(each).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/share-images/article/no-such-0123456789abcdef.png",
        "/share-images/site/no-such-0123456789abcdef.png",
        "/share-images/no/article-0123456789abcdef.png",
        "/share-images/article/0123456789abcdef.png",
        "/share-images/",
    ],
)
def test_address_of_nothing_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


# --- as files ----------------------------------------------------------------------------------


def test_image_is_drawn_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = address_of(client, make_article().get_absolute_url())
    first = client.get(path).content
    [file] = files()  # and no half of one
    assert file.read_bytes() == first
    monkeypatch.setattr("pages.share_images.views.draw", never)
    assert client.get(path).content == first


def test_full_disk_costs_nobody_the_image(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    path = address_of(client, make_article().get_absolute_url())

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    response = client.get(path)
    assert response.status_code == 200
    assert opened(response.content).size == (1200, 630)
    assert files() == []


def test_storage_without_a_folder_keeps_the_image_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket()
    monkeypatch.setattr(kept, "default_storage", bucket)
    path = address_of(client, make_article().get_absolute_url())
    first = client.get(path).content
    assert [content for content, _ in bucket.kept.values()] == [first]
    monkeypatch.setattr("pages.share_images.views.draw", never)
    assert client.get(path).content == first
    assert kept.remove_old() == 0  # it cannot list, and fails nobody's housekeeping


@pytest.fixture
def months(client: Client) -> Iterator[Any]:
    """Draw three images in October and one in November, and be in November."""
    pages = [make_article() for _ in range(3)]
    with time_machine.travel(datetime(2026, 10, 20, 12, tzinfo=UTC), tick=False) as clock:
        for page in pages:
            client.get(address_of(client, page.get_absolute_url()))
        clock.move_to(datetime(2026, 11, 20, 12, tzinfo=UTC))
        client.get(address_of(client, pages[0].get_absolute_url()))
        yield clock


def test_housekeeping_removes_what_was_drawn_in_earlier_months(months: Any) -> None:
    assert len(files()) == 4
    call_command("housekeeping", verbosity=0, stdout=io.StringIO())
    assert [file.parent.name for file in files()] == ["2026-11"]
    assert default_storage.listdir(kept.FOLDER)[0] == ["2026-11"]
    assert kept.remove_old() == 0


def test_housekeeping_removes_so_many_at_a_time(
    months: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_REMOVED", 2)
    assert [kept.remove_old() for _ in range(3)] == [2, 1, 0]
    assert len(files()) == 1


def test_nothing_drawn_is_nothing_to_remove() -> None:
    assert kept.remove_old() == 0


# --- the drawing -------------------------------------------------------------------------------


def picture(title: str, **changes: Any) -> Picture:
    told = {
        "label": "Article",
        "clinic": "Fernhill Clinic",
        "brand_colour": "#0f5c5c",
        "has_mark": True,
    } | changes
    return Picture(title=title, **told)  # type: ignore[arg-type]


TITLES = {
    "short": "Sciatica",
    "long": "Acupuncture for osteoarthritis: what all of the evidence says now",
    "accents": "Zoë’s café – “naïve” Łódź, ½ of £60",
    "one long word": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "wide letters": "W" * 80,
    "many words": "word " * 60,
    "symbols": "Pain \U0001f600 here",
    "other writing": "Leaflet: دليل المريض 患者指南",
    "lines": "One\nTwo\tThree\u2028Four\x00",
    "half a character": "One \ud800 two",
}


@pytest.mark.parametrize("kind", TITLES)
def test_words_stay_within_the_picture(kind: str) -> None:
    content = draw(picture(TITLES[kind]))
    assert len(content) <= MOST_BYTES
    drawn, ground = opened(content), opened(draw(picture("")))
    assert drawn.size == ground.size == (1200, 630)
    assert drawn.tobytes() != ground.tobytes()
    # The margins, the label and the foot are as they are without a title.
    for box in ((0, 0, 60, 630), (1140, 0, 1200, 630), (0, 0, 1200, 120), (0, 480, 1200, 630)):
        assert drawn.crop(box).tobytes() == ground.crop(box).tobytes(), box


@pytest.mark.parametrize("name", ["C" * 80, "Łódź Clinic", ""])
def test_name_of_the_clinic_stays_within_the_foot(name: str) -> None:
    drawn = opened(draw(picture("Title", clinic=name)))
    ground = opened(draw(picture("Title", clinic="")))
    for box in ((1140, 0, 1200, 630), (0, 0, 1200, 498)):
        assert drawn.crop(box).tobytes() == ground.crop(box).tobytes(), box


def test_letters_with_accents_are_in_the_font() -> None:
    """A letter that is missing would be the same empty box as any other."""
    drawn = {letter: draw(picture(letter)) for letter in "éèüñçøłőşđœßÆŽΩДж’“–£€½≥"}
    missing = draw(picture("\ue000"))
    assert [letter for letter, content in drawn.items() if content == missing] == []
    assert len(set(drawn.values())) == len(drawn)


def test_colour_of_the_clinic_is_the_ground() -> None:
    drawn = opened(draw(picture("Title", brand_colour="#7a1f3d")))
    assert drawn.getpixel((5, 5)) == (0x7A, 0x1F, 0x3D)
