"""Puts our admin site in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class ClinicAdminConfig(AdminConfig):
    """Django's admin, with our site."""

    default_site = "pages.admin_site.ClinicAdminSite"
