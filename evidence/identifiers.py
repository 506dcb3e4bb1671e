"""Identifiers of publications: their form, and the official address each one leads to."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from django.core.exceptions import ValidationError

from publishing.text import clean_paste


@dataclass(frozen=True)
class Scheme:
    """A kind of identifier. `address` has one place for the identifier."""

    name: str
    pattern: str
    example: str
    address: str
    # What people paste before the identifier itself, such as the rest of a web address.
    prefix: str = ""

    def normalise(self, value: str) -> str:
        """Return what was typed or pasted in the form that is kept: no link around it, no spaces.

        Capitals stay as they were printed; whoever compares two identifiers looks past them.
        """
        text = "".join(unicodedata.normalize("NFKC", clean_paste(value)).split())
        if self.prefix:
            text = re.sub(rf"\A(?:{self.prefix})", "", text, flags=re.IGNORECASE).rstrip("/")
        return text

    def validate(self, value: str) -> None:
        """Refuse a value that does not have the scheme's form."""
        if not re.fullmatch(self.pattern, value):
            raise ValidationError(f"Enter {self.name} in this form: {self.example}")

    def link(self, value: str) -> str:
        """Return the official address of the publication."""
        # Older DOIs hold signs that mean something else in an address, such as # and <.
        return self.address.format(quote(value, safe="/:;()"))


NICE = Scheme(
    "a NICE number",
    r"(?:NG|CG|QS|TA|IPG|MTG|DG|PH)[0-9]{1,4}",
    "NG59",
    "https://www.nice.org.uk/guidance/{}",
)
DOI = Scheme(
    "a DOI",
    # Printable ASCII only: a look-alike from another script leads nowhere.
    r"10\.[0-9]{4,9}/[!-~]{1,200}",
    "10.1136/bmj-2023-076227",
    "https://doi.org/{}",
    prefix=r"https?://(?:(?:dx|www)\.)?doi\.org/|(?:dx\.)?doi\.org/|doi:?",
)
PMID = Scheme(
    "a PubMed number",
    r"[0-9]{1,9}",
    "27092807",
    "https://pubmed.ncbi.nlm.nih.gov/{}/",
    prefix=(
        r"(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/"
        r"|pmid:?"
    ),
)
PMCID = Scheme(
    "a PubMed Central number",
    r"PMC[0-9]{1,9}",
    "PMC3658605",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
)
COCHRANE = Scheme(
    "a Cochrane review number", r"CD[0-9]{6}", "CD007587", "https://www.cochrane.org/{}"
)
ISBN = Scheme("an ISBN", r"97[89](?:-?[0-9]){10}", "978-92-4-008178-9", "")


def validate_nice(value: str) -> None:
    """Refuse what is not a NICE guidance number."""
    NICE.validate(value)


def validate_doi(value: str) -> None:
    """Refuse what is not a DOI."""
    DOI.validate(value)


def validate_pmid(value: str) -> None:
    """Refuse what is not a PubMed number."""
    PMID.validate(value)


def validate_pmcid(value: str) -> None:
    """Refuse what is not a PubMed Central number."""
    PMCID.validate(value)


def validate_cochrane(value: str) -> None:
    """Refuse what is not a Cochrane review number."""
    COCHRANE.validate(value)


def validate_isbn(value: str) -> None:
    """Refuse what is not a thirteen-digit ISBN."""
    ISBN.validate(value)
