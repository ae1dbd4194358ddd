"""Settings, all from the environment. Without any, this is production and refuses to start unconfigured.

``DEMO=true`` (set by ``make run`` and by the tests) serves plain HTTP on one machine and lets the demo
people exist, without a second factor; nothing else differs from production.
"""

import os
import sys
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf.locale import LANG_INFO

from lms import environment as env
from lms.stylesheet import stylesheet_hashes, stylesheet_release

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.switch("DEBUG", default=False)
DEMO = env.switch("DEMO", default=False)

SECRET_KEY = env.setting("SECRET_KEY", env.long_enough, env.RANDOM)
PIN_PEPPER = env.setting("PIN_PEPPER", env.long_enough, env.RANDOM)
BASE_URL = env.setting(
    "BASE_URL",
    env.address,
    "the whole address that cards bear, such as https://belajar.example.id",
    "http://127.0.0.1:8000" if DEMO else "https://localhost",
)
ALLOWED_HOSTS = env.setting(
    "ALLOWED_HOSTS", env.hosts, "host names such as belajar.example.id, between commas", "127.0.0.1,localhost,[::1]"
)
CSRF_TRUSTED_ORIGINS = env.setting(
    "CSRF_TRUSTED_ORIGINS", env.addresses, "whole addresses such as https://belajar.example.id, between commas"
)

# --- Parts -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours, the upper layers first: their templates and commands win.
    "lms",
    "learn",
    "companions",
    "reports",
    "desk",
    "badges",
    "progress",
    "quizzes",
    "practice",
    "courses",
    "people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "lms.wagtail_users.WagtailUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lms.static_files.ReadOnceWhiteNoise",
    "lms.compression.PageCompressionMiddleware",
    "lms.csp.PolicyByPathMiddleware",
    "courses.save_data.VaryOnSaveData",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.OwnPasswordMiddleware",
    "people.middleware.SecondFactorMiddleware",
    "people.middleware.TimeZoneMiddleware",
    "lms.errors.NotAllowedPage",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
FAST_PAGES = env.switch("FAST_PAGES", default=True)  # learn/fast_pages.py, lms/asked_again.py
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["lms.templatetags.drawings"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": env.setting(
        "DATABASE_URL",
        env.database,
        "an address such as postgresql://name:password@127.0.0.1:5432/belajar, in a password %2F for / and %3F for ?",
        f"sqlite:///{BASE_DIR / 'var' / 'belajar.sqlite3'}",
    )
}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        # A write lock taken at BEGIN cannot deadlock on a later upgrade; FULL keeps acknowledged work on a power cut.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;",
    }
else:
    DATABASES["default"]["ENGINE"] = "lms.postgresql"
    # As it comes, PostgreSQL takes the disk for one that turns, and reads a whole table of a million where an index
    # leads to a thousand rows. What it thinks costly it compiles, and starts processes for: longer than a query takes.
    for_short_queries = "-c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0"
    # A server that vanishes without a word is noticed within a minute, and nobody waits for it any longer.
    noticed = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
    DATABASES["default"]["OPTIONS"] = {"options": for_short_queries} | noticed | DATABASES["default"].get("OPTIONS", {})

# The sign-in limiter counts here, so all workers must share it and nothing may push a count out.
CACHES = {
    "default": {
        "BACKEND": "people.limiter_cache.LimiterCache",
        "LOCATION": "cache",
    }
}

# Learners' photos and recordings: never below MEDIA_ROOT, and without an address of their own.
PRIVATE_ROOT = env.setting("PRIVATE_ROOT", env.folder, "a folder", str(BASE_DIR / "var" / "private"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": os.environ.get("STATIC_STORAGE", "lms.static_files.StaticFilesStorage")},
}
STATIC_URL = "static/"
STATIC_ROOT = env.setting("STATIC_ROOT", env.folder, "a folder", str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lms.static_files.StylesheetFinder",
]
STYLESHEET_COOKIE, STYLESHEET_RELEASE = "gaya", stylesheet_release()  # which stylesheet a phone has
MEDIA_URL = "media/"
MEDIA_ROOT = env.setting("MEDIA_ROOT", env.folder, "a folder", str(BASE_DIR / "media"))
# Whoever asks gets whatever lies in these two.
for name, served in {"STATIC_ROOT": STATIC_ROOT, "MEDIA_ROOT": MEDIA_ROOT}.items():
    for private in (BASE_DIR, PRIVATE_ROOT, DATABASES["default"]["NAME"]):
        if Path(private).resolve().is_relative_to(Path(served).resolve()):
            sys.exit(f"{name} is open to everyone, and {private} lies in it: name another folder, then start again.")

# --- Words that households and modules share --------------------------------------------------------------------

BUSINESS_TYPES = [
    ("kuliner", "Kuliner"),
    ("agrobisnis", "Agrobisnis"),
    ("dagang", "Dagang"),
    ("fashion", "Fashion"),
    ("jasa", "Jasa"),
    ("otomotif", "Otomotif"),
    ("kerajinan", "Kerajinan tangan"),
]
# What a household would like to learn, and what a module is about.
TOPICS = [
    ("merek", "Nama dan merek"),
    ("kemasan", "Kemasan dan mutu"),
    ("pembeli", "Mengenal pembeli"),
    ("keuangan", "Mengatur uang usaha"),
    ("foto-video", "Foto dan video"),
    ("jualan-daring", "Jualan lewat HP"),
]

# --- Language and time -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # WIB, until a household's region says otherwise
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]  # over Wagtail's own Indonesian, which is far from whole
# The languages of lessons, Indonesian first. All that is said around them stays Indonesian.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("id", "Indonesia"), ("jv", "Basa Jawa"), ("su", "Basa Sunda")]
# Django does not know all of them.
LANG_INFO |= {code: {"bidi": False, "code": code, "name": name, "name_local": name} for code, name in LANGUAGES[1:]}

# --- Signing in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.Backend"]
PASSWORD_HASHERS = ["people.hashers.PepperedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "people.passwords.SecretOfRoleValidator"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "people.sessions"
SESSION_COOKIE_AGE = 90 * 24 * 3600

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "people.forms.CardLoginForm",
    "change_password": "people.forms.ChangeSecretForm",
    "reauthenticate": "people.forms.OwnSecretForm",
}
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/15m/key,20/d/key"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.setting(
    "ALLAUTH_TRUSTED_PROXY_COUNT", env.count, "a number such as 1", "0" if DEMO else "1"
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "people.forms.NewKeyForm", "edit_webauthn": "people.forms.KeyNameForm"}

# --- Wagtail ---------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Belajar PENA"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("id", "Bahasa Indonesia")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "courses.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "courses.picture_forms.PictureForm"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "courses.Recording",
    "MEDIA_FORM_BASE": "courses.media_forms.RecordingForm",
    "AUDIO_EXTENSIONS": [],  # what a voice or a video is, its bytes say
    "VIDEO_EXTENSIONS": [],
}
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"webp": "webp", "avif": "avif"}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"

# --- Security --------------------------------------------------------------------------------------------------

STAFF_PATHS = ("/kelola/", "/django-admin/")
SECOND_FACTOR_PATHS = (*STAFF_PATHS, "/impor/")
# Editors and administrators need a second factor before any of these; the demo's have none to show.
REQUIRE_SECOND_FACTOR = env.switch("REQUIRE_SECOND_FACTOR", default=not DEMO)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, *stylesheet_hashes()],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Wagtail's date pickers and choosers need inline script and style; its preview frames our own pages.
STAFF_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
}
X_FRAME_OPTIONS = "DENY"  # Wagtail lets its own preview through
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 30_000  # Wagtail's editor sends some thirty for a question of four choices

if not DEMO:
    SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sesi"
    CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lms.errors.csrf_failure"

vars().update(
    env.setting(
        "EMAIL_URL",
        env.mail,
        "an address such as smtp+tls://name:password@mail.example.id:587, in a password %2F for / and %3F for ?",
        "consolemail://",
    )
)
DEFAULT_FROM_EMAIL = env.setting(
    "DEFAULT_FROM_EMAIL", env.sender, "an address such as belajar@example.id", "belajar@localhost"
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Their audit log is in the database.
    "loggers": {name: {"level": "WARNING"} for name in ("wagtail", "django_tasks")},
    "root": {"handlers": ["console"], "level": env.setting("LOG_LEVEL", env.level, "INFO, WARNING or DEBUG", "INFO")},
}
