"""Pictures in object storage: uploaded, made smaller, shown, listed and removed, on an S3 server.

The settings are those that a site's environment variables come to, read in a process of its own.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishing.models import Image
from publishing.renditions import make_due
from publishing.unused_files import GRACE, remove_unused
from scripts.address import free_port
from scripts.environment import ROOT
from tests.factories import make_article, make_clinic, make_practitioner
from tests.publishing.uploads import picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.whole]

BUCKET = "clinic-media"
_ACCESS = {"access_key": "tests", "secret_key": "tests", "region_name": "eu-west-2"}
_ASK = """
import json
from django.conf import settings
media = settings.STORAGES["default"]
print(json.dumps([media, settings.CONTENT_SECURITY_POLICY, settings.MEDIA_URL], default=str))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server on loopback."""
    from moto.server import ThreadedMotoServer  # takes seconds, so not for whoever collects tests

    port = free_port()
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    moto.start()
    yield f"http://127.0.0.1:{port}"
    moto.stop()


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[Any]:
    """A client of the server, with a bucket whose files anybody may read, as browsers do."""
    import boto3

    connected = boto3.client(
        "s3",
        endpoint_url=server,
        aws_access_key_id="tests",
        aws_secret_access_key="tests",
        region_name="eu-west-2",
    )
    connected.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    anybody = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [anybody]}
    connected.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    yield connected
    connected.close()


@pytest.fixture
def bucket(client: Any, server: str, settings: LazySettings) -> Any:
    """A site whose pictures are in the bucket."""
    storage, policy, media_url = settings_from(
        MEDIA_STORAGE="storages.backends.s3.S3Storage",
        MEDIA_STORAGE_OPTIONS=json.dumps({"bucket_name": BUCKET, "endpoint_url": server} | _ACCESS),
        MEDIA_URL=f"{server}/{BUCKET}/",
    )
    settings.STORAGES = settings.STORAGES | {"default": storage}
    settings.CONTENT_SECURITY_POLICY = policy
    settings.MEDIA_URL = media_url
    return client


def settings_from(**variables: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "clinic_site.settings"} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def kept(bucket: Any) -> dict[str, Any]:
    """Return what is in the bucket, with what browsers are told of it."""
    listed = bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {each["Key"]: bucket.head_object(Bucket=BUCKET, Key=each["Key"]) for each in listed}


def test_pictures_live_in_the_bucket_from_their_upload_to_their_end(
    bucket: Any, server: str, staff: Callable[..., Client]
) -> None:
    make_clinic()
    upload = SimpleUploadedFile("knee.png", picture_bytes(size=(900, 600)), "image/png")
    form = {"title": "Knee", "focal_x": 50, "focal_y": 50, "permission": "", "upload": upload}
    assert staff("Author").post(reverse("admin:publishing_image_add"), form).status_code == 302
    image = Image.objects.get()
    at_once = kept(bucket)
    assert {name.rpartition(".")[2] for name in at_once} == {"webp", "jpg"}

    assert make_due(timezone.now()) == 1
    image.refresh_from_db()
    files = kept(bucket)
    assert set(files) == set(image.file_names())
    types = {"webp": "image/webp", "jpg": "image/jpeg", "avif": "image/avif"}
    assert {name.rpartition(".")[2] for name in files} == set(types)
    for name, told in files.items():
        assert told["ContentType"] == types[name.rpartition(".")[2]]
        assert told["CacheControl"] == "public, max-age=31536000, immutable"

    article = make_article(author=make_practitioner(), body=f"![A knee](image:{image.pk})")
    response = Client().get(article.get_absolute_url())
    fallback = image.fallback("full").address
    assert fallback.startswith(f"{server}/{BUCKET}/images/")
    assert f'src="{fallback}"' in response.content.decode()
    directives = response.headers["Content-Security-Policy"].split("; ")
    assert f"img-src 'self' data: {server}" in directives
    with urlopen(fallback) as fetched:  # noqa: S310  (as a browser does, without a signature)
        assert fetched.headers["Content-Type"] == "image/jpeg"
        assert fetched.read().startswith(b"\xff\xd8\xff")

    folders, _ = default_storage.listdir("images")
    assert folders == [image.digest]
    _, names = default_storage.listdir(f"images/{image.digest}")
    assert {f"images/{image.digest}/{name}" for name in names} == set(files)

    article.delete()
    image.delete()
    now = timezone.now()
    assert remove_unused(now) == 0
    assert remove_unused(now + GRACE + timedelta(days=1)) == len(files)
    assert kept(bucket) == {}


def test_share_image_is_drawn_once_and_kept_in_the_bucket(bucket: Any) -> None:
    make_clinic()
    page = Client().get("/").content.decode()
    address = page.partition('property="og:image" content="')[2].partition('"')[0]
    path = "/" + address.split("/", 3)[3]
    first, second = (Client().get(path).content for _ in range(2))
    assert first == second
    [told] = [told for name, told in kept(bucket).items() if name.startswith("share-images/")]
    assert told["ContentType"] == "image/png"
