"""Settings of the tests: the site's own, made fast and strict."""

import atexit
import os
import shutil
import tempfile

data_folder = tempfile.mkdtemp(prefix="clinic-tests-")
atexit.register(shutil.rmtree, data_folder, ignore_errors=True)
# Set before the site's settings read the environment, and over anything a developer's .env says.
os.environ.update(
    SECRET_KEY="only-for-tests-" + "x" * 32,
    ENQUIRY_KEYS="b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMhISE=",
    BACKUP_KEY="",
    BACKUP_KEY_FILE="",
    SITE_URL="http://localhost",
    ALLOWED_HOSTS="testserver",
    DEBUG="false",
    DATA_DIR=data_folder,
    EMAIL_HOST="",
    MEDIA_URL="/media/",
    TRUSTED_PROXIES="0",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"),
)

from clinic_site.settings import *  # noqa: E402, F403

# The manifest is made by collectstatic; the test that checks it makes its own.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
# The tests of signing in switch it to required; the others are about what comes after.
SECOND_FACTOR = "offered"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LINK_CHECK_ENABLED = False
VISITS_FLUSH_SECONDS = 0
# What a test changes is seen by the next one too; the tests of page delivery switch it on.
PAGE_CACHE_MEGABYTES = 0
