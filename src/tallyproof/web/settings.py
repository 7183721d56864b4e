"""Django's settings: nothing from another host; the accounts' database and the key come at start."""

from pathlib import Path

ROOM = Path(__file__).parent

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "tallyproof.web.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "tallyproof.web.accounts.apps.Accounts",
]
DATABASES: dict[str, object] = {}
MIGRATION_MODULES = {"auth": None, "contenttypes": None}  # their tables are not used
DATABASE_ROUTERS = ["tallyproof.web.accounts.database.Router"]
MIDDLEWARE = [
    "tallyproof.web.headers.SecurityHeaders",
    "tallyproof.web.language.Language",
    "tallyproof.web.fitting.Fitting",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tallyproof.web.faults.PlainFaults",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOM / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "tallyproof.web.pages.assets.addresses",
                "tallyproof.web.signed_in.who",
            ],
            "builtins": ["django.templatetags.i18n", "tallyproof.web.wording"],
        },
    }
]

AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("name",)}),
    )
]
SESSION_COOKIE_NAME = "tallyproof"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "tallyproof-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # it ends with the browser, like the session
CSRF_FAILURE_VIEW = "tallyproof.web.faults.form_refused"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOM / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

APPEND_SLASH = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # a table of many columns is mapped with four fields each

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
