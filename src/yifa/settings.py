"""Settings. One data folder (`YIFA_DATA`, default ./data) holds everything the installation owns."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url

DATA = Path(os.environ.get("YIFA_DATA", "data")).resolve()


def _secret_key() -> str:
    """The installation's key, made on first use and kept in the data folder."""
    given = os.environ.get("YIFA_SECRET_KEY")
    if given:
        return given
    path = DATA / "secret-key"
    if path.exists():
        return path.read_text().strip()
    key = secrets.token_urlsafe(48)
    path.write_text(key)
    path.chmod(0o600)
    return key


DATA.mkdir(parents=True, exist_ok=True)
SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("YIFA_HOSTS", "*").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "yifa.ledger",
    "yifa.planning",
    "yifa.reporting",
    "yifa.exchange",
    "yifa.documents",
    "yifa.batches",
    "yifa.approvals",
    "yifa.supervision",
    "yifa.assessment",
    "yifa.workbench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "yifa.workbench.serving.staticfiles.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yifa.workbench.rights.gate.Gate",
    "yifa.workbench.forms.once.Once",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yifa.workbench.urls"
WSGI_APPLICATION = "yifa.workbench.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["yifa.workbench.templatetags.yifa"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yifa.workbench.rights.navigation.navigation",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'yifa.sqlite3'}",
        conn_max_age=600,  # to connect anew for each page costs PostgreSQL more than the page, SQLite what it has cached
        conn_health_checks=True,
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        # What was committed is on the disk (synchronous=FULL), else the ledger might lose records with the power.
        # 32 MB of pages kept; the server writes the log back every few seconds, whoever records only from 64 MB on.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16000; PRAGMA secure_delete=FAST;",
    }

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # what was sent after a session had ended, for an hour: in memory, so that it is on no disk and in no backup
    "forms": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "forms",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

AUTH_USER_MODEL = "ledger.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "yifa.ledger.people.passwords.LongEnough"},
    {"NAME": "yifa.ledger.people.passwords.Mixed"},
    {"NAME": "yifa.ledger.people.passwords.NotTheName"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # for the audit administrator
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1000
IDLE_SECONDS = 60 * int(
    os.environ.get("YIFA_IDLE_MINUTES", "60")
)  # a session left alone this long is signed out
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]

AXES_LOCKOUT_CALLABLE = "yifa.workbench.views.people.account.locked_out"
FORM_RENDERER = "yifa.workbench.forms.Renderer"
MESSAGE_TAGS = {10: "secondary", 20: "info", 25: "success", 30: "warning", 40: "danger"}
CSRF_FAILURE_VIEW = "yifa.workbench.views.errors.csrf_failure"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
ATTACHMENTS = DATA / "attachments"
IMPORT_APART = int(
    os.environ.get("YIFA_IMPORT_APART", "1500")
)  # rows beyond which an import gets its own process
READ_APART = int(os.environ.get("YIFA_READ_APART", "2000000"))  # bytes beyond which a list is read apart
IMPORT_WORKERS = int(
    os.environ.get("YIFA_IMPORT_WORKERS") or min((os.cpu_count() or 1) - 1, 3)
)  # processes that prepare the rows of such an import while it stores others; 0: none
DATA_UPLOAD_MAX_MEMORY_SIZE = 110 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 250
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a table of units typed on one page has some thousand cells
FILE_UPLOAD_HANDLERS = [
    "yifa.workbench.serving.uploads.SizeGate",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What goes wrong is written beside the data, not shown to the user.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": DATA / "yifa.log",
            "maxBytes": 5_000_000,
            "backupCount": 3,
            "encoding": "utf-8",
            "delay": True,
            "level": "WARNING",
            "formatter": "line",
        },
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
