"""The editor's preview and upload: for staff who may add pictures, and for nobody else."""

from collections.abc import Callable
from html import unescape

import pytest
from django.conf import settings as project_settings
from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from markdownx import settings as markdownx_settings

from publishing.editor import MAX_PREVIEW_CHARACTERS
from publishing.images import MAX_BYTES
from publishing.markdown import mistakes, render
from publishing.models import AuditEntry, Image
from publishing.renditions import make_due
from tests.factories import make_user
from tests.publishing.markup import find, parse, trouble
from tests.publishing.uploads import NOT_PICTURES, bomb, photo, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PREVIEW = reverse("editor:preview")
UPLOAD = reverse("editor:upload")
ADDRESSES = pytest.mark.parametrize("address", [PREVIEW, UPLOAD])

StaffClient = Callable[..., Client]
SignIn = Callable[..., Client]


def file(
    content: bytes, name: str = "knee.png", content_type: str = "image/png"
) -> dict[str, object]:
    return {"image": SimpleUploadedFile(name, content, content_type), "content": "# Words"}


def stored_files(folder: str = "") -> list[str]:
    if not default_storage.exists(folder or "."):
        return []
    folders, files = default_storage.listdir(folder)
    return files + [
        name for each in folders for name in stored_files(f"{folder}/{each}".lstrip("/"))
    ]


def assert_nothing_kept() -> None:
    assert not Image.objects.exists()
    assert stored_files() == []


# --- who may --------------------------------------------------------------------------------------


@ADDRESSES
def test_stranger_is_sent_to_sign_in_and_nothing_is_kept(client: Client, address: str) -> None:
    response = client.post(address, file(picture_bytes()))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("admin:login"))
    assert_nothing_kept()


@ADDRESSES
def test_visitor_with_an_account_is_not_staff(signed_in: SignIn, address: str) -> None:
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="add_image"))
    response = signed_in(user).post(address, file(picture_bytes()))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("admin:login"))
    assert_nothing_kept()


@ADDRESSES
@pytest.mark.parametrize("role", ["Reception", "Clinical reviewer"])
def test_staff_without_the_permission_are_refused(
    staff: StaffClient, address: str, role: str
) -> None:
    response = staff(role).post(address, file(picture_bytes()))
    assert response.status_code == 403
    assert_nothing_kept()


@ADDRESSES
def test_account_that_was_closed_is_refused(signed_in: SignIn, address: str) -> None:
    user = make_user("Editor")
    client = signed_in(user)
    user.is_active = False
    user.save()
    assert client.post(address, file(picture_bytes())).status_code == 302
    assert_nothing_kept()


@ADDRESSES
@pytest.mark.parametrize("role", ["Author", "Editor", "Manager"])
def test_those_who_write_may(staff: StaffClient, address: str, role: str) -> None:
    assert staff(role).post(address, file(picture_bytes())).status_code == 200


@ADDRESSES
def test_token_is_asked_for(staff: StaffClient, address: str) -> None:
    response = staff("Editor", enforce_csrf_checks=True).post(address, file(picture_bytes()))
    assert response.status_code == 403
    assert_nothing_kept()


@ADDRESSES
def test_token_of_the_form_is_accepted(staff: StaffClient, address: str) -> None:
    client = staff("Editor", enforce_csrf_checks=True)
    form = client.get(reverse("admin:pages_informationpage_add"))
    token = find(form.content.decode(), "#informationpage_form input[name=csrfmiddlewaretoken]")
    response = client.post(
        address, file(picture_bytes()), headers={"x-csrftoken": str(token["value"])}
    )
    assert response.status_code == 200


@ADDRESSES
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_other_methods_are_refused(staff: StaffClient, address: str, method: str) -> None:
    response: HttpResponse = getattr(staff("Editor"), method)(address)
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


@ADDRESSES
def test_answer_is_never_stored(staff: StaffClient, address: str) -> None:
    response = staff("Editor").post(address, file(picture_bytes()))
    assert "no-store" in response.headers["Cache-Control"]


# --- preview --------------------------------------------------------------------------------------


def preview_of(client: Client, content: str) -> str:
    response = client.post(PREVIEW, {"content": content})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return str(response.content.decode())


TEXT = (
    '# Rest\n\nSee [NICE](https://www.nice.org.uk/).[^1]\n\n!!! warning "Stop"\n    if it hurts\n\n'
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n![Steps](illustration:needle-session)\n\n[^1]: Note."
)


def test_preview_is_what_the_site_shows(staff: StaffClient) -> None:
    box = find(preview_of(staff("Editor"), TEXT), ".prose")
    assert box.decode_contents() == parse(render(TEXT)).decode_contents()


def test_preview_of_markdownx_itself_is_the_same_renderer() -> None:
    markdownify = import_string(markdownx_settings.MARKDOWNX_MARKDOWNIFY_FUNCTION)
    assert markdownify(TEXT) == render(TEXT)


def test_preview_of_hostile_text_is_harmless(staff: StaffClient) -> None:
    html = preview_of(staff("Editor"), "<script>alert(1)</script> [x](javascript:alert(1))")
    assert trouble(html) == []


def test_preview_without_text_is_empty(staff: StaffClient) -> None:
    client = staff("Editor")
    assert find(preview_of(client, ""), ".prose").get_text() == ""
    assert client.post(PREVIEW).status_code == 200


@pytest.mark.parametrize("content", ["\x00\x01", "half\ud83d", "‮right to left عربي", "\r\n" * 5])
def test_preview_of_odd_characters(staff: StaffClient, content: str) -> None:
    body = f"content={content}".encode("utf-8", "surrogatepass")
    response = staff("Editor").post(PREVIEW, body, "application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert trouble(response.content.decode()) == []


def test_preview_of_a_giant_text_is_refused_in_words(staff: StaffClient) -> None:
    client = staff("Editor")
    response = client.post(PREVIEW, {"content": "a" * (MAX_PREVIEW_CHARACTERS + 1)})
    assert response.status_code == 413
    assert response.content.decode() == "This text is too long to preview."


def test_preview_of_a_body_over_the_server_limit_is_refused(staff: StaffClient) -> None:
    response = staff("Editor").post(PREVIEW, {"content": "a" * (13 * 1024 * 1024)})
    assert response.status_code in {400, 413}


def test_preview_says_why_a_text_is_not_laid_out(staff: StaffClient) -> None:
    html = preview_of(staff("Editor"), "One.\n\n" + "[" * 50)
    assert "Line 3: too many brackets are open here." in html


# --- upload ---------------------------------------------------------------------------------------


def upload(client: Client, content: bytes, **given: str) -> HttpResponse:
    response: HttpResponse = client.post(UPLOAD, file(content, **given))
    assert response.headers["Content-Type"] == "application/json"
    return response


def get_picture(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue()


def test_upload_keeps_the_picture_and_answers_with_the_markdown_to_place_it(
    signed_in: SignIn,
) -> None:
    user = make_user("Author")
    response = upload(signed_in(user), picture_bytes(), name="Left knee.png")
    image = Image.objects.get()
    assert response.json().keys() == {"image_code"}
    assert response.json()["image_code"].endswith(f"](image:{image.pk})")
    assert (image.title, image.uploaded_by, image.width, image.height) == (
        "Left knee",
        user,
        64,
        48,
    )


def test_markdown_of_an_upload_is_refused_until_the_picture_is_described(
    staff: StaffClient,
) -> None:
    placed = upload(staff("Editor"), picture_bytes()).json()["image_code"]
    (mistake,) = mistakes(placed)
    assert "say in the square brackets what the picture shows" in mistake.message
    described = "![A knee" + placed[placed.index("]") :]
    assert mistakes(described) == []


def test_upload_shows_in_the_preview_at_once(staff: StaffClient) -> None:
    client = staff("Editor")
    placed = upload(client, picture_bytes(size=(1500, 900))).json()["image_code"]
    assert get_picture(client, str(find(preview_of(client, placed), "img")["src"]))
    make_due(timezone.now())
    html = preview_of(client, placed)
    addresses = [find(html, "img")["src"]]
    for source in parse(html).find_all("source"):
        addresses += [each.split()[0] for each in str(source["srcset"]).split(",")]
    assert len(addresses) == 1 + 4
    for address in addresses:
        assert get_picture(client, str(address))


def test_upload_of_a_photo_stores_no_trace_of_the_original(staff: StaffClient) -> None:
    upload(staff("Editor"), photo(6), name="IMG_1.jpg", content_type="image/jpeg")
    make_due(timezone.now())
    image = Image.objects.get()
    assert (image.width, image.height) == (120, 80)
    folder = f"images/{image.digest}"
    names = stored_files(folder)
    assert len(names) == 1 + 3 * 2  # the cleaned picture, and three crops in two formats
    for name in names:
        with default_storage.open(f"{folder}/{name}") as kept:
            content = kept.read()
        assert b"Secret" not in content
        assert b"Exif" not in content


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("evil.html", "image/gif"), ("evil.svg", "image/svg+xml"), ("knee.jpg", "image/jpeg")],
)
@pytest.mark.parametrize("content", NOT_PICTURES.values(), ids=NOT_PICTURES.keys())
def test_upload_of_anything_but_a_picture_keeps_nothing(
    staff: StaffClient, content: bytes, name: str, content_type: str
) -> None:
    client = staff("Editor")
    response = client.post(UPLOAD, file(content, name, content_type))
    assert response.status_code == 400
    (message,) = response.json()["image"]
    assert message.startswith(("This file is not a picture we can use", "Choose a picture"))
    assert_nothing_kept()


def test_name_and_type_that_the_browser_gives_decide_nothing(staff: StaffClient) -> None:
    response = upload(
        staff("Editor"), picture_bytes("JPEG"), name="../../evil.html", content_type="text/html"
    )
    assert response.status_code == 200
    names = stored_files()
    assert names
    assert {name.rpartition(".")[2] for name in names} == {"webp", "jpg"}
    assert Image.objects.get().title == "evil.html"


def test_upload_of_a_decompression_bomb_is_refused_in_words(staff: StaffClient) -> None:
    response = upload(staff("Editor"), bomb(12_000))
    assert response.status_code == 400
    assert "unpacks to far more" in response.json()["image"][0]
    assert_nothing_kept()


def test_upload_of_a_file_that_is_too_large_is_refused_in_words(staff: StaffClient) -> None:
    response = upload(staff("Editor"), b"\x00" * (MAX_BYTES + 1))
    assert response.status_code == 400
    assert response.json() == {"image": ["Choose a picture of at most 15 MB."]}
    assert_nothing_kept()


@pytest.mark.parametrize("data", [{}, {"image": "words, not a file"}, {"other": "x"}])
def test_upload_without_a_file_says_so(staff: StaffClient, data: dict[str, str]) -> None:
    response = staff("Editor").post(UPLOAD, data)
    assert response.status_code == 400
    assert response.json() == {"image": ["Choose a picture to upload."]}


@pytest.mark.parametrize("name", ["a" * 300 + ".png", "ع👩‍👧.png", "<b>.png", "nu\x00ll.png"])
def test_upload_with_an_odd_name_is_kept_under_it(staff: StaffClient, name: str) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="'
        + name.encode()
        + b'"\r\nContent-Type: image/png\r\n\r\n'
        + picture_bytes()
        + b"\r\n--x--\r\n"
    )
    response = staff("Editor").post(UPLOAD, body, "multipart/form-data; boundary=x")
    assert response.status_code == 200
    title = Image.objects.get().title
    assert 0 < len(title) <= 120
    assert "\x00" not in title


def test_broken_form_data_are_no_server_error(staff: StaffClient) -> None:
    response = staff("Editor").post(UPLOAD, b"--x\r\nbroken", "multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert_nothing_kept()


def test_upload_is_in_the_audit_log(staff: StaffClient) -> None:
    upload(staff("Author"), picture_bytes(), name="Sore knee.JPEG")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.target) == ("uploaded a picture", "picture: Sore knee")
    assert entry.object_id == str(Image.objects.get().pk)


def test_same_picture_twice_is_kept_once(staff: StaffClient) -> None:
    client = staff("Editor")
    first = upload(client, picture_bytes(), name="one.png").json()
    files = sorted(stored_files())
    again = upload(staff("Author"), picture_bytes(), name="two.png").json()
    assert again == first
    assert Image.objects.get().title == "one"
    assert sorted(stored_files()) == files


def test_picture_deleted_and_uploaded_again_is_there_again(staff: StaffClient) -> None:
    client = staff("Editor")
    upload(client, picture_bytes())
    Image.objects.get().delete()
    placed = upload(client, picture_bytes()).json()["image_code"]
    address = find(preview_of(client, placed), "img")["src"]
    assert get_picture(client, str(address))


# --- wiring ---------------------------------------------------------------------------------------


def test_addresses_that_the_editor_uses_are_ours() -> None:
    """markdownx keeps literal addresses in its settings instead of asking for them."""
    assert project_settings.MARKDOWNX_URLS_PATH == markdownx_settings.MARKDOWNX_URLS_PATH == PREVIEW
    assert (
        project_settings.MARKDOWNX_UPLOAD_URLS_PATH
        == markdownx_settings.MARKDOWNX_UPLOAD_URLS_PATH
        == UPLOAD
    )


@pytest.mark.parametrize("address", ["/markdownx/markdownify/", "/markdownx/upload/"])
def test_addresses_that_markdownx_ships_do_not_exist(staff: StaffClient, address: str) -> None:
    assert staff("Editor").post(address, file(picture_bytes())).status_code == 404
    assert_nothing_kept()


def test_editor_in_the_admin_knows_both_addresses(staff: StaffClient) -> None:
    html = staff("Editor").get(reverse("admin:pages_informationpage_add")).content.decode()
    textarea = find(html, "textarea[name=body]")
    assert textarea["data-markdownx-urls-path"] == PREVIEW
    assert textarea["data-markdownx-upload-urls-path"] == UPLOAD
    box = textarea.find_parent(class_="markdownx")
    assert box is not None
    assert box.select_one(".markdownx-preview") is not None


def test_text_in_the_editor_is_escaped(staff: StaffClient) -> None:
    client = staff("Editor")
    hostile = "</textarea><script>alert(1)</script>"
    html = client.post(
        reverse("admin:pages_informationpage_add"), {"body": hostile}
    ).content.decode()
    assert "<script>alert(1)" not in html
    assert hostile in unescape(find(html, "textarea[name=body]").decode_contents())


def test_superuser_may_too(signed_in: SignIn) -> None:
    user: User = make_user(is_staff=True, is_superuser=True)
    assert upload(signed_in(user), picture_bytes()).status_code == 200
