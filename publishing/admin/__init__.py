"""The admin of pages, of pictures and of the records."""

from publishing.admin.images import ImageAdmin
from publishing.admin.links import ExternalLinkAdmin
from publishing.admin.pages import PageAdmin
from publishing.admin.parts import FAQInline, PartInline, PartTabularInline
from publishing.admin.records import AuditEntryAdmin, ReviewPolicyAdmin

__all__ = [
    "AuditEntryAdmin",
    "ExternalLinkAdmin",
    "FAQInline",
    "ImageAdmin",
    "PageAdmin",
    "PartInline",
    "PartTabularInline",
    "ReviewPolicyAdmin",
]
