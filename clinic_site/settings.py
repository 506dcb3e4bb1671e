"""All settings, in one place, from environment variables with safe defaults.

The default is the secure one: DEBUG is off, a secret key is required, and a site whose address
starts with https gets every protection that https allows.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from clinic_site import environment, growth
from clinic_site.environment import BASE_DIR, is_loopback, refuse
from enquiries.crypto import check_keys
from operations.backups.keys import check_key, key_in

django_stubs_ext.monkeypatch()

env = environment.read_environment()

DEBUG: bool = env.bool("DEBUG", False)
SITE_URL: str = env.str("SITE_URL", "http://127.0.0.1:8000", validate=environment.absolute_url)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")) or BASE_DIR / "var")
SECRET_KEY: str = env.str("SECRET_KEY", "")
SECRET_KEY_FILE: str = env.str("SECRET_KEY_FILE", "")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ENQUIRY_KEYS: list[str] = env.list("ENQUIRY_KEYS", [])
ENQUIRY_KEYS_FILE: str = env.str("ENQUIRY_KEYS_FILE", "")
BACKUP_KEY: str = env.str("BACKUP_KEY", "")
BACKUP_KEY_FILE: str = env.str("BACKUP_KEY_FILE", "")
BACKUP_DIR = Path(env.str("BACKUP_DIR", "") or DATA_DIR / "backups")
extra_hosts: list[str] = env.list("ALLOWED_HOSTS", [])
database_url: str = env.str(
    "DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}", validate=environment.database_url
)
database_pool_size: int = env.int("DATABASE_POOL_SIZE", 0, validate=environment.none_or_more)
cache_url: str = env.str("CACHE_URL", "", validate=environment.cache_url)
TIME_ZONE: str = env.str("TIME_ZONE", "Europe/London")
trusted_proxies: int = env.int("TRUSTED_PROXIES", 0)
media_storage: str = env.str("MEDIA_STORAGE", "django.core.files.storage.FileSystemStorage")
media_storage_options: Any = env.json("MEDIA_STORAGE_OPTIONS", {})
media_url: str = env.str("MEDIA_URL", "/media/")
EMAIL_HOST: str = env.str("EMAIL_HOST", "")
EMAIL_PORT: int = env.int("EMAIL_PORT", 587, validate=environment.positive)
EMAIL_HOST_USER: str = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = env.bool("EMAIL_USE_TLS", True)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", "website@localhost")
SECURITY_CONTACT: str = env.str("SECURITY_CONTACT", "", validate=environment.contact)
IMAP_HOST: str = env.str("IMAP_HOST", "")
IMAP_PORT: int = env.int("IMAP_PORT", 993, validate=environment.positive)
IMAP_USER: str = env.str("IMAP_USER", "")
IMAP_PASSWORD: str = env.str("IMAP_PASSWORD", "")
CANARY_MAX_HOURS: int = env.int("CANARY_MAX_HOURS", 26, validate=environment.positive)
SECOND_FACTOR: str = env.str("SECOND_FACTOR", "required", validate=environment.second_factor)
log_level: str = env.str("LOG_LEVEL", "INFO")
log_format: str = env.str("LOG_FORMAT", "", validate=environment.log_format)
ERROR_MAIL: list[str] = env.list("ERROR_MAIL", [])
page_cache_megabytes: int = env.int("PAGE_CACHE_MEGABYTES", 24)
csp_report_only: bool = env.bool("CSP_REPORT_ONLY", False)

environment.finish(env)

try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    refuse(f"  DATA_DIR: {error}")

# --- addresses and secrets ---------------------------------------------------------------------

_site = urlsplit(SITE_URL)
_host = _site.hostname or ""
_https = _site.scheme == "https"
if not _https and not is_loopback(_host) and not DEBUG:
    refuse(
        f"  SITE_URL: {SITE_URL} is not encrypted. Enquiries hold health details, so a site that"
        " others can reach must have an https address."
    )
ALLOWED_HOSTS = [_host, *extra_hosts]
if is_loopback(_host):
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
if DEBUG and not is_loopback(_host):
    refuse("  DEBUG: is for a developer's own machine; switch it off or use a loopback SITE_URL.")

if SECOND_FACTOR == "offered" and not is_loopback(_host):
    refuse(
        "  SECOND_FACTOR: offered is for trying the site out on this machine. Whoever can read"
        " enquiries or publish needs a second factor on a site that others can reach."
    )

if SECRET_KEY_FILE and not SECRET_KEY:
    try:
        SECRET_KEY = Path(SECRET_KEY_FILE).read_text().strip()
    except OSError as error:
        refuse(f"  SECRET_KEY_FILE: {error}")
if not SECRET_KEY and DEBUG:
    SECRET_KEY = get_random_secret_key()
if not SECRET_KEY:
    refuse("  SECRET_KEY: is missing. Set it, or SECRET_KEY_FILE, to a long random text.")
if len(SECRET_KEY) < 32:
    refuse("  SECRET_KEY: is too short. Use at least 32 random characters.")

if ENQUIRY_KEYS_FILE and not ENQUIRY_KEYS:
    try:
        ENQUIRY_KEYS = Path(ENQUIRY_KEYS_FILE).read_text().split()
    except OSError as error:
        refuse(f"  ENQUIRY_KEYS_FILE: {error}")
if key_problem := check_keys(ENQUIRY_KEYS):
    refuse(f"  ENQUIRY_KEYS: {key_problem}")

if BACKUP_KEY_FILE and not BACKUP_KEY:
    try:
        BACKUP_KEY = key_in(Path(BACKUP_KEY_FILE).read_text())
    except OSError as error:
        refuse(f"  BACKUP_KEY_FILE: {error}")
if key_problem := check_key(BACKUP_KEY):
    refuse(f"  BACKUP_KEY: {key_problem}")

# --- application -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "pages.admin_config.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",  # its widget templates, which our form renderer looks for
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "markdownx",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pages",
    "operations",
    "search",
    "feedback",
    "accounts",
    "articles",
    "enquiries",
    "suitability",
    "practitioners",
    "conditions",
    "treatments",
    "evidence",
    "publishing",
    "delivery",
    "visits",
    "clinic",
    "components",
]

MIDDLEWARE = [
    "operations.middleware.RequestMiddleware",
    "components.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "visits.middleware.CountReadersMiddleware",
    "components.middleware.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "components.middleware.StyleSheetMiddleware",
    "pages.middleware.WrongMethodPageMiddleware",
    "publishing.middleware.PlannedChangesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "clinic_site.urls"
WSGI_APPLICATION = "clinic_site.wsgi.application"
FORM_RENDERER = "components.forms.ComponentRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pages.context_processors.site",
            ],
            "builtins": ["components.templatetags.components"],
        },
    },
]

# --- database ----------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        database_url,
        # A pool keeps connections itself, and takes each back after its request.
        conn_max_age=0 if database_pool_size else 60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A write takes its lock when it begins, so that it waits instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for another writer
        "init_command": (
            "PRAGMA journal_mode=WAL;"  # readers go on while one process writes
            "PRAGMA synchronous=NORMAL;"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON;"  # what is erased is overwritten, not just forgotten
        ),
    }
elif database_pool_size:
    _options: dict[str, Any] = DATABASES["default"].setdefault("OPTIONS", {})
    _options["pool"] = growth.pool_options(database_pool_size)
if cache_url:
    CACHES = growth.shared_cache(cache_url)
HAS_SHARED_CACHE = bool(cache_url)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people who sign in ------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "accounts.backends.GuessLimit",
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
# By name and address together: a stranger's guesses must not lock out the person they guess at.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# A lock ends when it was said to, whatever is tried meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_WHITELIST_CALLABLE = "accounts.backends.is_exempt"
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "components.client_address.client_address"
AXES_VERBOSE = False
TRUSTED_PROXIES = trusted_proxies
# Of django-allauth only the second factors are used (decision 0016). Its limits count in a cache,
# which each process has for itself: accounts/throttle.py counts in their place.
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before or after is taken too

# --- language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True

# --- static files and uploads ------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ROOT = BASE_DIR / "root"  # answers at fixed addresses such as /favicon.ico
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs to read our files
MEDIA_URL = media_url
MEDIA_ROOT = DATA_DIR / "media"
try:
    _media_options = growth.media_options(media_storage, media_storage_options, MEDIA_URL)
except ValueError as error:
    refuse(f"  MEDIA_URL: {error}")
STORAGES = {
    "default": {"BACKEND": media_storage, "OPTIONS": _media_options},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o644
# A message far over the form's limit still comes back with a kind error and its text.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# --- Markdown ----------------------------------------------------------------------------------

MARKDOWNX_MARKDOWNIFY_FUNCTION = "publishing.markdown.render"
MARKDOWNX_URLS_PATH = "/staff/markdown/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/staff/markdown/upload/"
MARKDOWNX_EDITOR_RESIZABLE = False
# Who writes and reviews pages; `publishing` shows them without knowing the app they come from.
PUBLISHING_PERSON_MODEL = "practitioners.Practitioner"
# What claims are about; `evidence` joins them without knowing the apps they come from.
EVIDENCE_CONDITION_MODEL = "conditions.Condition"
EVIDENCE_TREATMENT_MODEL = "treatments.Treatment"

LINK_CHECK_ENABLED = True  # off in tests, which ask nobody outside
# --- page delivery -----------------------------------------------------------------------------

PAGE_CACHE_MEGABYTES = page_cache_megabytes
# Several machines share one PostgreSQL, and hear through it of each other's changes.
HEARS_OTHER_MACHINES = DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3"

VISITS_FLUSH_SECONDS = 20  # between two writings of what was read; 0, in tests, for none

# --- mail --------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 10  # seconds
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"  # where mail goes while EMAIL_HOST is not set
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- security ----------------------------------------------------------------------------------

_media_origin = (
    "" if MEDIA_URL.startswith("/") else "{0.scheme}://{0.netloc}".format(urlsplit(MEDIA_URL))
)
_csp_directives = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],  # the public pages' inline sheet is admitted by its hash
    "img-src": [SELF, "data:", *([_media_origin] if _media_origin else [])],
    "connect-src": [SELF],
    "font-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
if csp_report_only:
    CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": _csp_directives}
else:
    CONTENT_SECURITY_POLICY = {"DIRECTIVES": _csp_directives}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds: one working day
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "publishing.kept_text.csrf_failure"  # keeps what staff typed
SECURE_SSL_REDIRECT = _https
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_REDIRECT_EXEMPT = [r"^(healthz|livez|readyz)$"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- logging -----------------------------------------------------------------------------------

# Programs read the log of a public site, and a person that of a site on their own machine.
LOG_FORMAT = log_format or ("line" if is_loopback(_host) else "json")
# A developer at their own machine is shown what an exception says; nobody else is.
_formatter: dict[str, Any] = (
    {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    if DEBUG
    else {"()": f"operations.logs.{'Json' if LOG_FORMAT == 'json' else 'Line'}Formatter"}
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": _formatter},
    "filters": {"private": {"()": "components.log_privacy.WithoutPrivateLinks"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "chosen",
            "filters": ["private"],
        }
    },
    "root": {"handlers": ["console"], "level": log_level},
    "loggers": {
        "django": {"handlers": [], "level": log_level, "propagate": True},
        # At DEBUG it writes down what stands in a page's variables: what people typed, too.
        "django.template": {"level": "INFO"},
        # A line for each request is for programs alone; at a terminal it would hide all else.
        "clinic.requests": {"level": log_level if LOG_FORMAT == "json" else "WARNING"},
    },
}
if ERROR_MAIL and not DEBUG:
    LOGGING["handlers"]["error mail"] = {"class": "operations.error_mail.ErrorMailHandler"}
    LOGGING["root"]["handlers"].append("error mail")
