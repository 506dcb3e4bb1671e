"""Addresses of links for outside reviewers: signed, so that none can be guessed or made up."""

from django.core import signing
from django.urls import reverse

from publishing.models import ShareLink

_signer = signing.Signer(salt="publishing.share-link")


def address_of(link: ShareLink) -> str:
    """Return the path of a link."""
    return reverse("shared:version", args=[_signer.sign(str(link.pk))])


def link_from(token: str) -> ShareLink | None:
    """Return the link that an address names, open or ended, or nothing."""
    try:
        pk = int(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return ShareLink.objects.select_related("version").filter(pk=pk).first()
