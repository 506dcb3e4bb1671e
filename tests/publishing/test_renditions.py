"""The sizes of pictures: none is made while an editor waits, all are made soon after, once."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image as PillowImage

from enquiries import jobs
from publishing import images
from publishing.models import Image, RenditionTask
from publishing.renditions import CLAIMED_FOR, MOST_TRIES, WAITS, make_due
from tests.factories import make_image
from tests.publishing.markup import parse
from tests.publishing.uploads import encode, halves, picture_bytes

pytestmark = pytest.mark.django_db

StaffClient = Callable[..., Client]
UPLOAD = "/staff/markdown/upload/"
LATER = timedelta(seconds=1)


@pytest.fixture
def image() -> Image:
    """A picture as it is right after its upload."""
    return Image.from_upload(encode(halves((600, 400))), title="Knee")


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The widths of what was encoded the slow way. A test may put something in the way of it."""
    widths: list[int] = []
    real = images._avif

    def encode_avif(picture: Any) -> bytes:
        widths.append(picture.width)
        return real(picture)

    monkeypatch.setattr(images, "_avif", encode_avif)
    return widths


def break_encoder(monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> None:
    def fail(picture: Any) -> bytes:
        raise problem

    monkeypatch.setattr(images, "_avif", fail)


def formats(image: Image) -> set[str]:
    image.refresh_from_db()
    return {name.rpartition(".")[2] for name in image.file_names()}


def files_of(image: Image) -> list[str]:
    return default_storage.listdir(f"images/{image.digest}")[1]


def test_upload_waits_for_no_slow_encoder_and_has_a_picture_to_show(
    staff: StaffClient, encoded: list[int]
) -> None:
    posted = SimpleUploadedFile("knee.png", encode(halves((1500, 1000))), "image/png")
    response = staff("Author").post(UPLOAD, {"image": posted})
    assert response.status_code == 200
    assert encoded == []
    image = Image.objects.get()
    for crop in images.CROPS:
        assert image.sources(crop) == []
        shown = image.fallback(crop)
        with default_storage.open(shown.address.removeprefix("/media/")) as file:
            assert PillowImage.open(file).size == (shown.width, shown.height)


def test_the_job_makes_every_size_of_every_shape_once(image: Image, encoded: list[int]) -> None:
    assert make_due(timezone.now()) == 1
    image.refresh_from_db()
    for name, crop in images.CROPS.items():
        [source] = image.sources(name)
        assert source.content_type == "image/avif"
        widths = [int(each.split()[1][:-1]) for each in source.srcset.split(", ")]
        assert tuple(widths) == images.widths_for(crop, 600, 400)
    assert all(default_storage.exists(name) for name in image.file_names())
    assert not RenditionTask.objects.exists()
    count = len(encoded)
    assert make_due(timezone.now()) == 0
    assert len(encoded) == count


def test_the_jobs_behind_the_site_do_it(image: Image) -> None:
    jobs.Rota().run_due(timezone.now())
    assert "avif" in formats(image)


def test_a_name_is_made_from_what_is_in_the_file(image: Image) -> None:
    make_due(timezone.now())
    image.refresh_from_db()
    for name in image.file_names():
        with default_storage.open(name) as file:
            mark = hashlib.sha256(file.read()).hexdigest()
        assert mark[:12] in name


def test_the_newest_picture_is_made_first_and_a_turn_ends(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = Image.from_upload(picture_bytes(), title="Newer")
    monkeypatch.setattr("publishing.renditions.time.monotonic", iter(range(0, 1000, 5)).__next__)
    assert make_due(timezone.now(), seconds=6) == 1
    assert "avif" in formats(newer)
    assert "avif" not in formats(image)


def test_whoever_comes_by_meanwhile_makes_nothing(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_others = []
    real = images._avif

    def look_in(picture: Any) -> bytes:
        made_by_others.append(make_due(timezone.now()))
        return real(picture)

    monkeypatch.setattr(images, "_avif", look_in)
    assert make_due(timezone.now()) == 1
    assert set(made_by_others) == {0}


def test_of_two_who_begin_at_once_one_makes_it(
    image: Image, monkeypatch: pytest.MonkeyPatch, encoded: list[int]
) -> None:
    """The other one has claimed the picture after we saw that it is free."""
    now = timezone.now()
    real = RenditionTask.objects.get_or_create

    def claimed_by_another(**fields: Any) -> Any:
        task, is_new = real(**fields)
        RenditionTask.objects.filter(pk=task.pk).update(tries=1, not_before=now + CLAIMED_FOR)
        return task, is_new

    monkeypatch.setattr(RenditionTask.objects, "get_or_create", claimed_by_another)
    assert make_due(now) == 0
    assert encoded == []


def test_what_somebody_was_killed_over_is_taken_up_again(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    with monkeypatch.context() as patched:
        break_encoder(patched, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            make_due(now)
    assert make_due(now + LATER) == 0
    assert make_due(now + CLAIMED_FOR) == 1
    assert "avif" in formats(image)


def fail_until_given_up(now: datetime) -> datetime:
    """Let every try fail, each as soon as it may be; return when the last one was."""
    for wait in (*WAITS, timedelta(0)):
        assert make_due(now) == 0
        if wait:
            again = set(RenditionTask.objects.values_list("not_before", flat=True))
            assert again == {now + wait}
        now += wait
    return now


def test_failure_is_tried_again_after_longer_and_longer_waits_and_not_for_ever(
    image: Image, monkeypatch: pytest.MonkeyPatch, encoded: list[int]
) -> None:
    with monkeypatch.context() as patched:
        break_encoder(patched, OSError(28, "No space left on device"))
        last = fail_until_given_up(timezone.now())
    task = RenditionTask.objects.get()
    assert (task.tries, task.problem) == (MOST_TRIES, "OSError: [Errno 28] No space left on device")
    assert make_due(last + timedelta(days=30)) == 0
    assert encoded == []
    assert formats(image) == {"webp", "jpg"}  # readers still have what there was


def test_one_failure_is_made_good_by_the_next_try(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    with monkeypatch.context() as patched:
        break_encoder(patched, OSError("The storage is away"))
        assert make_due(now) == 0
    assert make_due(now + WAITS[0] - LATER) == 0
    assert make_due(now + WAITS[0]) == 1
    assert not RenditionTask.objects.exists()


def test_one_broken_picture_stands_in_no_other_s_way(image: Image) -> None:
    make_image(title="Its file has gone")
    assert make_due(timezone.now()) == 1
    assert "avif" in formats(image)


def test_what_was_given_up_is_told_on_the_desk_until_somebody_tries_again(
    image: Image, monkeypatch: pytest.MonkeyPatch, staff: StaffClient
) -> None:
    told = "load slowly, as their sizes for phones could not be made"
    author = staff("Author")
    page = f"/admin/publishing/image/{image.pk}/change/"
    assert "Being made" in author.get(page).content.decode()
    with monkeypatch.context() as patched:
        break_encoder(patched, ValueError("broken"))
        assert told not in author.get("/admin/").content.decode()
        fail_until_given_up(timezone.now() - sum(WAITS, timedelta()))
    desk = parse(author.get("/admin/").content.decode())
    [link] = [str(each["href"]) for each in desk.find_all("a") if told in each.get_text()]
    assert "Knee" in author.get(link).content.decode()
    assert "Could not be made" in author.get(page).content.decode()
    form = {"title": "Knee", "focal_x": 50, "focal_y": 50, "permission": ""}
    assert author.post(page, form).status_code == 302
    assert told not in author.get("/admin/").content.decode()
    assert make_due(timezone.now()) == 1
    assert "Made." in author.get(page).content.decode()
    assert parse(author.get(link).content.decode()).select("#result_list tbody tr") == []


def test_the_command_makes_all_and_says_what_it_could_not(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.from_upload(picture_bytes(), title="Another")
    with monkeypatch.context() as patched:
        break_encoder(patched, ValueError("broken"))
        fail_until_given_up(timezone.now() - sum(WAITS, timedelta()))
    out, err = StringIO(), StringIO()
    call_command("make_renditions", stdout=out, stderr=err)
    assert out.getvalue() == "Pictures made smaller: 0.\n"
    assert err.getvalue().startswith("Given up: 2.")
    out, err = StringIO(), StringIO()
    call_command("make_renditions", "--again", stdout=out, stderr=err)
    assert (out.getvalue(), err.getvalue()) == ("Pictures made smaller: 2.\n", "")


def test_moved_focal_point_has_new_crops_at_once_and_their_sizes_later(
    image: Image, staff: StaffClient, encoded: list[int]
) -> None:
    make_due(timezone.now())
    before = Image.objects.get()
    encoded.clear()
    form = {"title": "Knee", "focal_x": 100, "focal_y": 50, "permission": ""}
    page = f"/admin/publishing/image/{image.pk}/change/"
    assert staff("Author").post(page, form).status_code == 302
    assert encoded == []
    image.refresh_from_db()
    assert image.fallback("portrait") != before.fallback("portrait")
    assert image.sources("portrait") == []  # none of the former shape
    assert image.sources("full") == before.sources("full")
    make_due(timezone.now())
    image.refresh_from_db()
    assert image.sources("portrait")
    assert image.sources("portrait") != before.sources("portrait")


def test_new_title_has_nothing_made_again(image: Image, staff: StaffClient) -> None:
    make_due(timezone.now())
    before = Image.objects.get()
    form = {"title": "Elbow", "focal_x": 50, "focal_y": 50, "permission": ""}
    staff("Author").post(f"/admin/publishing/image/{image.pk}/change/", form)
    image.refresh_from_db()
    assert image.title == "Elbow"
    assert image.renditions == before.renditions
    assert make_due(timezone.now()) == 0


def test_focal_point_that_moves_while_crops_are_made_wins(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = images._avif

    def move(picture: Any) -> bytes:
        moved = Image.objects.get()
        if moved.focal_x == 50:
            moved.focal_x = 100
            moved.make_first_renditions()
            moved.save()
        return real(picture)

    monkeypatch.setattr(images, "_avif", move)
    make_due(timezone.now())
    image.refresh_from_db()
    assert image.sources("portrait")
    for name in image.file_names():
        if "/portrait-" in name:
            with default_storage.open(name) as file:
                picture = PillowImage.open(file).convert("RGB")
            found = picture.getpixel((picture.width // 2, 3))
            assert isinstance(found, tuple)
            assert found[2] > found[0], f"{name} does not show the right half, which is blue"


def test_file_that_was_broken_off_is_written_again(image: Image) -> None:
    make_due(timezone.now())
    image.refresh_from_db()
    [name] = [name for name in image.file_names() if "/full-400-" in name and "avif" in name]
    with default_storage.open(name) as file:
        whole = file.read()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(whole[:100]))
    Image.objects.update(made_with=0)
    make_due(timezone.now())
    with default_storage.open(name) as file:
        assert file.read() == whole
    assert len(files_of(image)) == len(image.file_names())


def test_new_recipe_has_all_pictures_made_again(
    image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_due(timezone.now())
    monkeypatch.setattr("publishing.renditions.RECIPE", images.RECIPE + 1)
    assert make_due(timezone.now()) == 1
    assert make_due(timezone.now()) == 0
