"""Django's settings: no database, no sessions, no sign-in, nothing from another host."""

from pathlib import Path

ROOM = Path(__file__).parent

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "tallyproof.web.urls"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, object] = {}
MIDDLEWARE = [
    "tallyproof.web.headers.SecurityHeaders",
    "tallyproof.web.language.Language",
    "django.middleware.common.CommonMiddleware",
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
            ],
            "builtins": ["django.templatetags.i18n", "tallyproof.web.wording"],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOM / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

APPEND_SLASH = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
