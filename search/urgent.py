"""What somebody types into the search may be the moment to send them for help instead.

The words are matched to the clinicians' red flags, as a message in the enquiry form is.
"""

from typing import Any

from enquiries.flagging import flags_in
from evidence.general_signs import GeneralSign
from evidence.models import WarningSign
from evidence.views import care_cards


def care_cards_for(typed: str) -> list[dict[str, Any]]:
    """Return the care cards that answer what somebody typed, most urgent first; mostly none."""
    flags = [flag for flag in flags_in(typed).kept if not flag["is_weakened"]]
    signs = {
        flag["sign"]: GeneralSign(WarningSign.Level(flag["level"]), flag["sign"]) for flag in flags
    }
    return care_cards(list(signs.values()))
