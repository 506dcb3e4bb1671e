"""A page that shows a picture is rendered anew when the sizes of the picture are there."""

from django.utils import timezone

from publishing.models import Image
from publishing.renditions import make_due
from tests.delivery.conftest import Site
from tests.factories import make_article, make_clinic
from tests.publishing.uploads import encode, halves


def test_page_shows_what_there_is_before_the_job_and_all_after_it(site: Site) -> None:
    make_clinic()
    image = Image.from_upload(encode(halves((900, 600))), title="Knee")
    address = make_article(lead_image=image, lead_image_role="decorative").get_absolute_url()
    before = site.get(address).text
    assert image.fallback("full").address in before
    assert "image/avif" not in before
    assert not site.renders(address)
    make_due(timezone.now())
    after = site.get(address).text
    assert "image/avif" in after
    assert image.fallback("full").address in after
    assert not site.renders(address)


def test_looking_for_work_makes_no_page_out_of_date(site: Site) -> None:
    make_clinic()
    article = make_article()
    site.get(article.get_absolute_url())
    make_due(timezone.now())
    assert not site.renders(article.get_absolute_url())


def test_try_that_fails_makes_no_page_out_of_date(site: Site) -> None:
    make_clinic()
    image = Image.from_upload(encode(halves((900, 600))), title="Knee")
    address = make_article(lead_image=image, lead_image_role="decorative").get_absolute_url()
    Image.objects.update(digest="0" * 20)  # its file is not there
    site.get(address)
    assert make_due(timezone.now()) == 0
    assert not site.renders(address)
