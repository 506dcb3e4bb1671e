"""Addresses that machines look for. Part of `pages.urls`."""

from django.urls import path, re_path

from pages.machine_files import (
    robots_txt,
    security_txt,
    sitemap_index,
    sitemap_section,
    web_manifest,
)
from pages.share_images.views import share_image

urlpatterns = [
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap_section, name="sitemap_section"),
    path("robots.txt", robots_txt, name="robots"),
    path(".well-known/security.txt", security_txt, name="security"),
    path("manifest.webmanifest", web_manifest, name="manifest"),
    re_path(
        r"^share-images/(?P<kind>[a-z]+)/(?P<key>[-\w]+)-(?P<digest>[0-9a-f]{16})\.png$",
        share_image,
        name="share_image",
    ),
]
