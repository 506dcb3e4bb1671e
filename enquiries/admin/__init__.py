"""Enquiries in the admin: the worklist, the page of one, people's data, figures, and the settings.

Every page of the admin is `no-store` (Django's `admin_view` sees to that).
"""

from enquiries.admin import outbox, rules, worklist

__all__ = ["outbox", "rules", "worklist"]
