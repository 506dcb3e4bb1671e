"""The site's own settings for servers that tests start, without the minutes of a public site."""

from clinic_site.settings import *  # noqa: F403

# Nobody waits for static files to be collected and compressed.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
