"""Warns editors of wordings that advertising rules do not allow. Knows nothing of Django.

`check_text` is all that other code needs. It never says that a text complies: it only warns.
"""

from evidence.wording.check import check_text
from evidence.wording.clinic import ClinicRule, ClinicSet
from evidence.wording.findings import Finding

__all__ = ["ClinicRule", "ClinicSet", "Finding", "check_text"]
