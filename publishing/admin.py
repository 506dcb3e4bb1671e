"""What the admin of every page kind shares, and the admin of pictures."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from publishing.checks import findings_on
from publishing.images import ACCEPTED_NAMES, MAX_BYTES, CleanImage, ImageRefused, clean
from publishing.models import Image, Page
from publishing.templatetags.pictures import picture
from publishing.usage import texts_placing

# More than this is not read; the rest appears once these are mended.
MAX_FINDINGS_SHOWN = 10


class PageForm(forms.ModelForm):  # type: ignore[type-arg]
    """A page's form, with the question whether readers' words change."""

    changes_what_readers_are_told = forms.BooleanField(
        label="This changes what readers are told",
        required=False,
        help_text=(
            "Tick it when the meaning changes: readers then see today's date as “updated”. Leave it"
            " for spelling and layout."
        ),
    )


class PageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin of a page kind. A page kind gives its own fieldsets of text as `text_fieldsets`."""

    form = PageForm
    text_fieldsets: ClassVar[tuple[Any, ...]] = ()
    list_filter = ["published_at", "reviewed_by"]
    autocomplete_fields = ["author", "reviewed_by"]
    save_on_top = True
    list_per_page = 50

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # The question is asked of somebody who saves; others would be shown its answer.
        question = ["changes_what_readers_are_told"] if self._may_save(request, obj) else []
        return (
            *self.text_fieldsets,
            (
                "Author and clinical review",
                {
                    "fields": ["author", "reviewed_by", "reviewed_on", "next_review_due"],
                    "description": "Set the review date only after the whole page was reviewed.",
                },
            ),
            (
                "Publishing",
                {
                    "fields": [
                        "published_at",
                        *question,
                        "updated_on",
                        "slug",
                        "meta_description",
                    ]
                },
            ),
        )

    def _may_save(self, request: HttpRequest, page: Any) -> bool:
        if page is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, page)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["updated_on"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # A page that is public keeps its address when its title is edited.
        return {} if obj else {"slug": [self._title_field]}

    @property
    def _title_field(self) -> str:
        return "name" if hasattr(self.model, "name") else "title"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("author", "reviewed_by")

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        if form.cleaned_data.get("changes_what_readers_are_told"):
            obj.updated_on = timezone.localdate()
        super().save_model(request, obj, form, change)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in {"summary", "meta_description"}:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().response_add(request, obj, *args, **kwargs)
        self._show_findings(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        response = super().response_change(request, obj)
        self._show_findings(request, obj)
        return response

    def _show_findings(self, request: HttpRequest, page: Page) -> None:
        """Say what to look at, after the message that says the page was saved."""
        findings = findings_on(page)
        for finding in findings[:MAX_FINDINGS_SHOWN]:
            level = messages.ERROR if finding.is_error else messages.WARNING
            messages.add_message(request, level, f"Check the wording. {finding}")
        if len(findings) > MAX_FINDINGS_SHOWN:
            left = len(findings) - MAX_FINDINGS_SHOWN
            messages.warning(request, f"There are {left} more findings on this page.")

    @admin.display(description="state", ordering="published_at")
    def state(self, page: Page) -> str:
        """Say in words what the public sees."""
        if page.published_at is None:
            return "Draft"
        return "Public" if page.is_published else "Appears later"

    @admin.display(description="clinical review", ordering="next_review_due")
    def review(self, page: Page) -> str:
        """Say in words how the clinical review stands."""
        if page.reviewed_on is None:
            return "Not reviewed"
        if page.review_is_overdue:
            return f"Overdue since {page.next_review_due:%-d %b %Y}"
        if page.changed_since_review:
            return "Changed since review"
        return f"Due {page.next_review_due:%-d %b %Y}"


class FAQInline(admin.StackedInline):  # type: ignore[type-arg]
    """Questions people ask, edited on their page."""

    extra = 0
    fields = ["question", "answer", "position"]
    classes = ["collapse"]


class NewImageForm(forms.ModelForm):  # type: ignore[type-arg]
    """Takes the file of a new picture and cleans it before anything is kept."""

    upload = forms.FileField(
        label="Picture",
        help_text=f"{ACCEPTED_NAMES}, at most {MAX_BYTES // 1024 // 1024} MB.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
        error_messages={"required": "Choose a picture to upload."},
    )

    class Meta:
        model = Image
        fields = ["title", "focal_x", "focal_y", "permission"]

    def clean_upload(self) -> CleanImage:
        posted = self.cleaned_data["upload"]
        try:
            if posted.size > MAX_BYTES:
                raise ImageRefused(f"Choose a picture of at most {MAX_BYTES // 1024 // 1024} MB.")
            picture = clean(posted.read())
        except ImageRefused as error:
            raise ValidationError(str(error)) from error
        same = Image.objects.filter(digest=picture.digest).first()
        if same:
            raise ValidationError(f"This picture is here already, with the title “{same.title}”.")
        return picture


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Pictures. A new one is cleaned on upload; a moved focal point makes new crops."""

    list_display = ["thumbnail", "title", "size", "uploaded_by", "uploaded_at"]
    list_display_links = ["title"]
    list_select_related = ["uploaded_by"]
    search_fields = ["title", "permission"]

    def get_form(
        self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewImageForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        shown = ["title", "focal_x", "focal_y", "permission"]
        return ["upload", *shown] if obj is None else ["large", "placing", *shown]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        return [] if obj is None else ["large", "placing"]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            obj.make_renditions()
            return
        picture: CleanImage = form.cleaned_data["upload"]
        obj.uploaded_by = request.user  # type: ignore[assignment]
        obj.keep(picture)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, missing_permissions, protected = super().get_deleted_objects(objs, request)
        texts = [text for image in objs for text in texts_placing(image)]
        named = [f"{str(text._meta.verbose_name).capitalize()}: {text}" for text in texts]
        return deleted, counts, missing_permissions, [*protected, *named]

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> SafeString:
        """Show the card crop, small."""
        return picture(image=image, alt="", crop="portrait", sizes="80px")

    @admin.display(description="picture")
    def large(self, image: Image) -> SafeString:
        """Show the whole picture."""
        return picture(image=image, alt="", sizes="480px")

    @admin.display(description="to place it in a text")
    def placing(self, image: Image) -> SafeString:
        """Show the Markdown that places the picture."""
        return format_html("<code>![What it shows](image:{})</code>", image.pk)

    @admin.display(description="size")
    def size(self, image: Image) -> str:
        """Say how large the picture is."""
        return f"{image.width} × {image.height}"
