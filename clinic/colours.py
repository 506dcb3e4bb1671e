"""Contrast of colours, as WCAG 2.2 defines it."""

import re

from django.core.exceptions import ValidationError

WHITE = "#ffffff"
# WCAG 2.2 success criterion 1.4.3 (AA): body text needs at least this ratio.
MINIMUM_CONTRAST = 4.5


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def relative_luminance(colour: str) -> float:
    """Return the WCAG relative luminance (0 to 1) of a `#rrggbb` colour."""
    red, green, blue = (_channel(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio (1 to 21) of two `#rrggbb` colours."""
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def validate_brand_colour(value: str) -> None:
    """Refuse a colour on which white text, or which as text on white, cannot be read."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError("Enter a colour as # and six digits or letters a to f, like #0f5c5c.")
    ratio = contrast(value, WHITE)
    if ratio < MINIMUM_CONTRAST:
        raise ValidationError(
            f"White text on this colour has a contrast of {ratio:.1f} to 1, and people need at"
            f" least {MINIMUM_CONTRAST} to 1 to read it. Choose a darker colour."
        )
