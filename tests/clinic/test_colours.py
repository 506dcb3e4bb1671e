"""A brand colour is refused when words in it, or on it, could not be read."""

import pytest
from django.core.exceptions import ValidationError

from clinic.colours import MINIMUM_CONTRAST, contrast, relative_luminance, validate_brand_colour
from clinic.models import Clinic


# Ratios from the definition in WCAG 2.2; grey #767676 is the well-known lightest that passes.
@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000FF", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_wcag_defines(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(first, second) == contrast(second, first)


def test_white_is_brightest_and_black_is_darkest() -> None:
    assert relative_luminance("#000000") == 0
    assert relative_luminance("#ffffff") == pytest.approx(1)


@pytest.mark.parametrize("colour", ["#0f5c5c", "#767676", "#000000", "#0000FF"])
def test_colour_that_can_be_read_is_accepted(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= MINIMUM_CONTRAST
    validate_brand_colour(colour)


@pytest.mark.parametrize("colour", ["#777777", "#ffffff", "#ffcc00", "#00ffff"])
def test_colour_that_cannot_be_read_is_refused_with_its_ratio(colour: str) -> None:
    with pytest.raises(ValidationError) as raised:
        validate_brand_colour(colour)
    (message,) = raised.value.messages
    assert f"a contrast of {contrast(colour, '#ffffff'):.1f} to 1" in message
    assert "Choose a darker colour." in message


@pytest.mark.parametrize(
    "value",
    ["", "0f5c5c", "#0f5", "#0f5c5c5c", "teal", "#gggggg", "#0f5c5c\n", "#0f5c5c;}</style>"],
)
def test_anything_but_six_digits_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="Enter a colour as #"):
        validate_brand_colour(value)


def test_colour_we_start_with_can_be_read() -> None:
    validate_brand_colour(Clinic().brand_colour)
