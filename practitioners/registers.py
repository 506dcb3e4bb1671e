"""Regulators and membership bodies: who they are, their numbers' form and their public registers.

Forms and addresses as known in November 2026: HCPC and GCC from their own words or links to their
search, the others from practitioners' pages and public code. The forms are loose on purpose: a
number that looks odd is for a person to check at the register.
"""

import re
from dataclasses import dataclass

from django.db import models


class Regulator(models.TextChoices):
    """Bodies that register a profession by law."""

    HCPC = "hcpc", "Health and Care Professions Council (HCPC)"
    GOSC = "gosc", "General Osteopathic Council (GOsC)"
    GCC = "gcc", "General Chiropractic Council (GCC)"
    GMC = "gmc", "General Medical Council (GMC)"
    NMC = "nmc", "Nursing and Midwifery Council (NMC)"


class MembershipBody(models.TextChoices):
    """Bodies that people join by choice. They are not regulators and are never called so."""

    AACP = "aacp", "Acupuncture Association of Chartered Physiotherapists (AACP)"
    BMAS = "bmas", "British Medical Acupuncture Society (BMAS)"
    BACC = "bacc", "British Acupuncture Council (BAcC)"
    CNHC = "cnhc", "Complementary and Natural Healthcare Council (CNHC)"
    CSP = "csp", "Chartered Society of Physiotherapy (CSP)"


@dataclass(frozen=True)
class Register:
    """A regulator's public register."""

    pattern: str
    example: str
    address: str

    def accepts(self, number: str) -> bool:
        """Say whether the number has the register's form."""
        return re.fullmatch(self.pattern, number, re.ASCII) is not None


REGISTERS = {
    Regulator.HCPC: Register(
        r"[A-Z]{2,3}\d{1,6}", "PH123456", "https://www.hcpc-uk.org/check-the-register/"
    ),
    Regulator.GOSC: Register(r"\d{3,6}", "1234", "https://www.osteopathy.org.uk/register-search/"),
    Regulator.GCC: Register(r"\d{3,6}", "01234", "https://www.gcc-uk.org/search-the-register/"),
    Regulator.GMC: Register(
        r"\d{7}|L\d{6}",
        "1234567",
        "https://www.gmc-uk.org/registration-and-licensing/our-registers",
    ),
    Regulator.NMC: Register(
        r"\d{2}[A-Z]\d{4}[A-Z]",
        "01A2345N",
        "https://www.nmc.org.uk/registration/search-the-register/",
    ),
}
