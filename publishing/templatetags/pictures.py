"""The tag that shows a picture outside Markdown: at a page's head, in a card, a portrait."""

from xml.etree.ElementTree import tostring

from django import template
from django.utils.safestring import SafeString, mark_safe

from publishing.models import Image
from publishing.pictures import BODY_SIZES, picture_element

register = template.Library()


@register.simple_tag
def picture(
    *,
    image: Image,
    alt: str,
    crop: str = "full",
    sizes: str = BODY_SIZES,
    eager: bool = False,
    leads: bool = False,
) -> SafeString:
    """Print a `picture` in every format and size. One that `leads` is what a page opens with."""
    element = picture_element(image, alt, crop=crop, sizes=sizes, eager=eager, leads=leads)
    markup = tostring(element, encoding="unicode", method="html")
    return mark_safe(markup)  # noqa: S308  (the serialiser escapes every value)
