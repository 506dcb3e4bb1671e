"""The settings that go into an archive, so that the site can be set up again as it was.

Named one by one: a setting that is added later stays out until somebody has decided about it.
"""

import os

KEPT = (
    "ALLOWED_HOSTS", "BACKUP_DIR", "CANARY_MAX_HOURS", "CSP_REPORT_ONLY", "DATABASE_POOL_SIZE",
    "DATA_DIR", "DEFAULT_FROM_EMAIL", "EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_PORT",
    "EMAIL_USE_TLS", "ERROR_MAIL", "IMAP_HOST", "IMAP_PORT", "IMAP_USER", "LOG_FORMAT", "LOG_LEVEL",
    "MEDIA_STORAGE", "MEDIA_URL", "PAGE_CACHE_MEGABYTES", "SECOND_FACTOR", "SECURITY_CONTACT",
    "SITE_URL", "TIME_ZONE", "TRUSTED_PROXIES",
)  # fmt: skip
# Secrets, or addresses that hold a password, and where those stand. They are kept elsewhere.
NEVER_KEPT = (
    "BACKUP_KEY", "BACKUP_KEY_FILE", "CACHE_URL", "DATABASE_URL", "DEBUG", "EMAIL_HOST_PASSWORD",
    "ENQUIRY_KEYS", "ENQUIRY_KEYS_FILE", "IMAP_PASSWORD", "MEDIA_STORAGE_OPTIONS", "SECRET_KEY",
    "SECRET_KEY_FALLBACKS", "SECRET_KEY_FILE",
)  # fmt: skip


def settings_to_keep() -> dict[str, str]:
    """Return what was set, in the environment or in `.env`, by name."""
    return {name: os.environ[name] for name in KEPT if os.environ.get(name)}
