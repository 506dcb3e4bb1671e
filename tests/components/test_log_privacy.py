"""Private addresses lose their secret part before they are logged, and nothing else changes."""

import logging

import pytest

from components.log_privacy import WithoutPrivateLinks


def cleaned(message: object, *args: object) -> str:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, message, args, None)
    assert WithoutPrivateLinks().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/contact/your-enquiry/E-7K4M:s3cr3t/", "/contact/your-enquiry/[removed]/"),
        ("/contact/your-enquiry/s3cr3t", "/contact/your-enquiry/[removed]"),
        ("/contact/received/?ref=E-7K4M%3As3cr3t", "/contact/received/?[removed]"),
        ("/contact/received/?a=b&ref=E-7K4M:s3cr3t", "/contact/received/?[removed]"),
        ("https://x.example/contact/your-enquiry/s3cr3t/?y", "…/contact/your-enquiry/[removed]/"),
        ("/staff/shared/s3cr3t/", "/shared/[removed]/"),
        ("/staff/password/new/Mw/s3cr3t-x/", "/password/new/Mw/[removed]/"),
    ],
)
def test_the_secret_part_is_taken_out_wherever_it_stands(address: str, shown: str) -> None:
    lines = (
        cleaned(f"Not Found: {address}"),
        cleaned("%s: %s", "Not Found", address),
        cleaned('"GET %s HTTP/1.1" %s', address, "404"),
        cleaned("%s and %s", address, address),
    )
    for line in lines:
        assert "s3cr3t" not in line
        assert "7K4M" not in line
        assert shown.lstrip("…") in line


@pytest.mark.parametrize(
    "line", ["Not Found: /contact/", "/contact/received/", "100 % of it", "/conditions/knee-pain/"]
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert cleaned(line) == line
    assert cleaned("%s", line) == line
