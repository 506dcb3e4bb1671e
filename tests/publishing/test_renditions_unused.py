"""Files that nothing points to any more stay for readers who may still ask, and then go."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from publishing.models import Image, UnusedFile
from publishing.renditions import make_due
from publishing.unused_files import GRACE, remove_unused
from tests.factories import make_image
from tests.publishing.uploads import encode, halves, picture_bytes

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def move(image: Image, focal_x: int) -> set[str]:
    """Give the picture other crops, and return the names of its files."""
    image.focal_x = focal_x
    image.make_first_renditions()
    image.save()
    make_due(timezone.now())
    image.refresh_from_db()
    return image.file_names()


@pytest.fixture
def image() -> Image:
    return Image.from_upload(encode(halves((600, 400))), title="Knee")


def there(names: set[str]) -> set[str]:
    return {name for name in names if default_storage.exists(name)}


def test_former_crops_go_after_a_while_and_nothing_else(image: Image) -> None:
    former, now = image.file_names() | move(image, 0), timezone.now()
    current = move(image, 100)
    assert former - current
    assert former & current  # the whole picture is the same
    assert remove_unused(now) == 0
    assert remove_unused(now + GRACE) == 0
    assert there(former) == former
    assert remove_unused(now + GRACE + DAY) == len(former - current)
    assert there(former | current) == current
    assert not UnusedFile.objects.exists()


def test_files_of_a_deleted_picture_go_with_their_folder(image: Image) -> None:
    names, now = move(image, 50), timezone.now()
    image.delete()
    assert remove_unused(now) == 0
    assert there(names) == names
    assert remove_unused(now + GRACE + DAY) == len(names)
    assert default_storage.listdir("images")[0] == []


def test_crop_that_is_in_use_again_stays(image: Image) -> None:
    former, now = move(image, 0), timezone.now()
    current = move(image, 100)
    remove_unused(now)
    assert set(UnusedFile.objects.values_list("name", flat=True)) >= former - current
    assert move(image, 0) == former
    assert not UnusedFile.objects.filter(name__in=former).exists()
    remove_unused(now + GRACE + DAY)
    assert there(former) == former


def test_picture_that_is_uploaded_again_keeps_its_files(image: Image) -> None:
    names, now = move(image, 50), timezone.now()
    image.delete()
    remove_unused(now)
    again = Image.from_upload(encode(halves((600, 400))), title="Again")
    assert move(again, 50) == names
    remove_unused(now + GRACE + DAY)
    assert there(names) == names


def test_note_that_is_wrong_removes_nothing(image: Image) -> None:
    """A row may come to point to a file after it was noted and before it is removed."""
    names, now = move(image, 50), timezone.now()
    Image.objects.filter(pk=image.pk).update(digest="0" * 20)
    remove_unused(now)
    Image.objects.filter(pk=image.pk).update(digest=image.digest)
    remove_unused(now + GRACE + DAY)
    assert there(names) == names


def test_other_files_in_the_storage_are_left_alone(image: Image) -> None:
    default_storage.save("share-images/2025-01/x.png", ContentFile(b"x"))
    now = timezone.now()
    remove_unused(now)
    remove_unused(now + GRACE + DAY)
    assert default_storage.exists("share-images/2025-01/x.png")
    default_storage.delete("share-images/2025-01/x.png")


def test_housekeeping_does_it(image: Image) -> None:
    names = move(image, 50)
    image.delete()
    UnusedFile.objects.bulk_create(
        [UnusedFile(name=name, since=timezone.now() - GRACE - DAY) for name in names]
    )
    call_command("housekeeping")
    assert there(names) == set()


def test_storage_that_cannot_list_its_files_loses_none(settings: LazySettings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tests.publishing.bucket.Bucket"}
    }
    image = Image.from_upload(picture_bytes(), title="Knee")
    names = move(image, 50)
    image.delete()
    assert remove_unused(timezone.now() + GRACE + DAY) == 0
    assert there(names) == names


def test_picture_of_before_points_to_the_files_it_has_until_the_job_has_run() -> None:
    migration = import_module("publishing.migrations.0004_former_renditions")
    image = make_image(width=1000, height=500, focal_x=20, focal_y=80)
    migration.point_to_former_files(apps, None)
    image.refresh_from_db()
    folder = f"/media/images/{image.digest}"
    assert image.fallback("full").address == f"{folder}/full-960.jpg"
    assert (image.fallback("full").width, image.fallback("full").height) == (960, 480)
    assert [each.content_type for each in image.sources("full")] == ["image/avif", "image/webp"]
    assert image.sources("card")[1].srcset == (
        f"{folder}/card-20-80-320.webp 320w, {folder}/card-20-80-640.webp 640w"
    )
    assert image.fallback("portrait").address == f"{folder}/portrait-20-80-320.jpg"
    assert image.made_with == 0
