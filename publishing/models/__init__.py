"""Pages, pictures, the history of pages, and what staff are doing to them."""

from publishing.models.append_only import AppendOnlyError
from publishing.models.audit import AuditEntry
from publishing.models.editing import WorkInProgress
from publishing.models.external_link import ExternalLink
from publishing.models.history import (
    Cancellation,
    Publication,
    Review,
    ScheduledChange,
    Submission,
    Version,
    page_key,
)
from publishing.models.image import Image, ImagePlacement
from publishing.models.image_work import RenditionTask
from publishing.models.page import FAQ, Page, faq_texts
from publishing.models.policy import ReviewPolicy, ReviewReminder
from publishing.models.redirect import Redirect
from publishing.models.sharing import ShareLink
from publishing.models.unused_file import UnusedFile

__all__ = [
    "FAQ",
    "AppendOnlyError",
    "AuditEntry",
    "Cancellation",
    "ExternalLink",
    "Image",
    "ImagePlacement",
    "Page",
    "Publication",
    "Redirect",
    "RenditionTask",
    "Review",
    "ReviewPolicy",
    "ReviewReminder",
    "ScheduledChange",
    "ShareLink",
    "Submission",
    "UnusedFile",
    "Version",
    "WorkInProgress",
    "faq_texts",
    "page_key",
]
