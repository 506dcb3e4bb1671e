"""The admin of pages, of pictures and of the records."""

from publishing.admin.images import ImageAdmin
from publishing.admin.links import ExternalLinkAdmin
from publishing.admin.missing_addresses import MissingAddressAdmin
from publishing.admin.pages import PageAdmin
from publishing.admin.parts import FAQInline, PartInline, PartTabularInline
from publishing.admin.readers import PageCountAdmin
from publishing.admin.records import AuditEntryAdmin, ReviewPolicyAdmin
from publishing.admin.redirects import RedirectAdmin

__all__ = [
    "AuditEntryAdmin",
    "ExternalLinkAdmin",
    "FAQInline",
    "ImageAdmin",
    "MissingAddressAdmin",
    "PageAdmin",
    "PageCountAdmin",
    "PartInline",
    "PartTabularInline",
    "RedirectAdmin",
    "ReviewPolicyAdmin",
]
