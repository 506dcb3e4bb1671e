"""The admin of pictures."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from publishing.audited import Audited
from publishing.desk import TodoItem, register_todo
from publishing.images import ACCEPTED_NAMES, MAX_BYTES, RECIPE, CleanImage, ImageRefused, clean
from publishing.models import Image, RenditionTask
from publishing.renditions import given_up, try_again
from publishing.templatetags.pictures import picture
from publishing.usage import texts_placing


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


class SizesFilter(admin.SimpleListFilter):
    """Narrows the list to the pictures whose sizes could not be made."""

    title = "sizes for phones"
    parameter_name = "sizes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", "Could not be made")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() != "failed":
            return queryset
        return queryset.filter(pk__in=given_up(timezone.now()))


@register_todo
def pictures_without_sizes(request: HttpRequest) -> Iterator[TodoItem]:
    """Yield the pictures whose sizes could not be made, however often it was tried."""
    if request.user.has_perm("publishing.change_image"):
        yield TodoItem(
            given_up(timezone.now()).count(),
            "pictures that load slowly, as their sizes for phones could not be made",
            reverse("admin:publishing_image_changelist") + "?sizes=failed",
        )


@admin.register(Image)
class ImageAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """Pictures. A new one is cleaned on upload; a moved focal point makes new crops."""

    list_display = ["thumbnail", "title", "size", "uploaded_by", "uploaded_at"]
    list_display_links = ["title"]
    list_select_related = ["uploaded_by"]
    list_filter = [SizesFilter]
    search_fields = ["title", "permission"]

    def get_form(
        self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewImageForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        shown = ["title", "focal_x", "focal_y", "permission"]
        return ["upload", *shown] if obj is None else ["large", "placing", "smaller", *shown]

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        return [] if obj is None else ["large", "placing", "smaller"]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if change:
            if {"focal_x", "focal_y"} & set(form.changed_data):
                obj.make_first_renditions()
            super().save_model(request, obj, form, change)
            # Whoever opens a picture that failed and saves it wants it tried again.
            try_again(Image.objects.filter(pk=obj.pk), timezone.now())
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

    @admin.display(description="sizes for phones")
    def smaller(self, image: Image) -> str:
        """Say whether readers get the picture in the size for their screen yet."""
        if image.made_with >= RECIPE:
            return "Made."
        task = RenditionTask.objects.filter(image=image).first()
        if task is None or not task.problem:
            return "Being made. Readers see the picture already; it loads faster soon."
        return (
            "Could not be made. Readers see the picture, but it loads slowly on a phone. Save this"
            " page to try again, or ask whoever runs the website: the server’s log says why."
        )

    @admin.display(description="size")
    def size(self, image: Image) -> str:
        """Say how large the picture is."""
        return f"{image.width} × {image.height}"
