"""Sources, the claims that rest on them, warning signs, the glossary, and what to review again."""

from evidence.models.checked import CheckedWords
from evidence.models.claims import Claim
from evidence.models.glossary import GlossaryTerm
from evidence.models.review_needed import ReviewNeeded
from evidence.models.sources import Source
from evidence.models.warning_signs import WarningSign
from evidence.models.wording_decisions import ClinicRule, EvidenceHeld, RuleSeverity

__all__ = [
    "CheckedWords",
    "Claim",
    "ClinicRule",
    "EvidenceHeld",
    "GlossaryTerm",
    "ReviewNeeded",
    "RuleSeverity",
    "Source",
    "WarningSign",
]
