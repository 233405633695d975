"""One settings file for the demo, the tests and production.

`KANVAS_ENV=production` turns every protection on and refuses to start with weak values;
anything else is the demo, which needs no configuration at all.
"""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import bootstrap_wrapper
from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from config import engines, env

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = engines.state_dir()

PRODUCTION = env.text("KANVAS_ENV", "demo") == "production"
PROCESS = env.text("KANVAS_PROCESS")  # "web" in a web server process
DEBUG = env.flag("DEBUG", False)


def secret(name: str, size: int = 50) -> str:
    """Given in production; made once and kept in the state directory otherwise. `size` in random bytes."""
    if given := env.text(name):
        return given
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set in production")
    path = STATE_DIR / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(size))
    return path.read_text()


SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # former keys, so that links in old mails go on working
# What seals the NIK and what finds it again: two keys, outside the database and outside its backups.
NIK_KEYS = [secret("NIK_KEY"), *env.words("NIK_KEY_FALLBACKS")]  # the first seals, each opens
NIK_INDEX_KEY = secret("NIK_INDEX_KEY")
FACTOR_KEYS = [secret("FACTOR_KEY"), *env.words("FACTOR_KEY_FALLBACKS")]  # what seals second factors
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "localhost 127.0.0.1 [::1]")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")

if PRODUCTION:
    for name in ("DATABASE_URL", "REDIS_URL", "MAIL_FROM"):
        if not env.text(name):
            raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set in production")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production")
    secrets_given = {
        "SECRET_KEY": SECRET_KEY,
        "NIK_KEY": NIK_KEYS[0],
        "NIK_INDEX_KEY": NIK_INDEX_KEY,
        "FACTOR_KEY": FACTOR_KEYS[0],
    }
    for name, value in secrets_given.items():
        if len(value) < 50 or len(set(value)) < 10:
            raise ImproperlyConfigured(f"{name} is too weak: use at least 50 random characters")
    if len(set(secrets_given.values())) < len(secrets_given):
        raise ImproperlyConfigured("SECRET_KEY, NIK_KEY, NIK_INDEX_KEY and FACTOR_KEY must differ from each other")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must list the host names of the site, without *")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must be the public https:// address of the site")

INSTALLED_APPS = [
    "config",
    "accounts",
    "canvassing",
    "jobseekers",
    "training",
    "announcements",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",  # allauth's page of security keys asks for it
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.request_log",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "config.middleware.private_pages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # our pages lie in the app config, which stands first
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "config.templatetags.ui"],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------


def database(url: str) -> dict:
    """Django's form of a `postgresql://user:password@host:port/name?host=/socket/dir` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    web = PROCESS == "web"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": parts.port or query.get("port", ""),
        "CONN_MAX_AGE": 0 if web else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "prepare_threshold": 1,  # lets the ledger and matching prepare; Django's own cursors never do
            # A pool only where threads serve requests: a forked worker must never share its sockets.
            **({"pool": {"min_size": 1, "max_size": env.number("WEB_THREADS", 4)}} if web else {}),
            "options": (
                f"-c statement_timeout={'10s' if web else '60s'} -c lock_timeout=5s "
                "-c max_parallel_workers_per_gather=0 -c jit=off"
            ),
        },
        "TEST": {"NAME": env.text("TEST_DATABASE_NAME") or None},
    }


DATABASES = {"default": database(env.text("DATABASE_URL") or engines.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL") or engines.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": engines.cache_url(REDIS_URL, 0),
        "KEY_PREFIX": "kanvas",
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = engines.broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message is a hint that may be lost or repeated; the rows in PostgreSQL decide what is done.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_TIMEZONE = "UTC"

# --- Who is there -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR", PRODUCTION)

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
}
ACCOUNT_SESSION_REMEMBER = False  # how long a session lasts: accounts.adapter
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = True  # one address; the former one stays until the new one is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tells people that their address, password or second factor was changed
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "request_login_code": "20/m/ip,5/h/key",
    "signup": f"{env.number('SIGN_UPS_PER_HOUR', 60)}/h/ip",  # a school class shares an address
    "confirm_email": "1/30s/key",
    "reset_password": "20/m/ip,5/h/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "reset_password_from_key": "20/m/ip",
}
# (how many, in how many seconds) by one person or, where nobody is signed in, one IP address; 0: no limit
RATE_LIMITS = {
    "search": (env.number("SEARCH_PER_MINUTE", 120), 60),
    "subscribe": (env.number("SUBSCRIBE_PER_HOUR", 20), 3600),
    "subscribe_address": (5, 3600),
    "report": (env.number("REPORT_PER_HOUR", 20), 3600),
    "nik": (env.number("NIK_PER_HOUR", 60), 3600),  # exact searches by one officer
    "reveal_nik": (20, 24 * 3600),  # by one officer
    "register": (60, 3600),  # steps of registering and of the profile
    "upload": (20, 3600),  # by one person
    "answer": (60, 3600),  # of an employer to letters
    "test_mail": (20, 3600),  # of pieces to oneself, by one person
    "my_data": (20, 3600),  # copies of the own data, by one person
    "chat_message": (30, 3600),  # taken from one chat
    "chat_code": (10, 3600),  # tried from one chat
    "reauthentication_code": (5, 3600),  # to one person
}
FORM_SECONDS = 2  # a public form that comes back sooner is shown once more
RETENTION_DAYS = env.number("RETENTION_DAYS", 730)  # after the last sign of life of a job seeker
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Kanvas Kerja"
MFA_TOTP_TOLERANCE = 1  # step of 30 s before and after, for a slow hand and a clock that is off (RFC 6238, 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

SESSION_COOKIE_AGE = 14 * 24 * 3600
STAFF_IDLE_SECONDS = 30 * 60  # more about it: accounts.sessions
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "kanvas_session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "kanvas_csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- Words, time, files -----------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Asia/Jakarta")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
# Bootstrap comes from its wheel; only the stylesheets are needed.
STATICFILES_DIRS = [("bootstrap/css", Path(bootstrap_wrapper.get_bootstrap_css_dir()))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if env.flag("PLAIN_STATIC", False)
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # no visitor reads them
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = env.flag("PLAIN_STATIC", False)
MEDIA_ROOT = env.text("MEDIA_ROOT") or STATE_DIR / "media"

# The four kinds of notice that the stylesheet knows
MESSAGE_TAGS = {
    messages.DEBUG: "info",
    messages.INFO: "info",
    messages.SUCCESS: "ok",
    messages.WARNING: "warn",
    messages.ERROR: "bad",
}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Mail -------------------------------------------------------------------------------------

# Django's and allauth's mail becomes a row of the delivery ledger; the ledger talks to SMTP.
EMAIL_BACKEND = "announcements.mail.LedgerBackend"
EMAIL_HOST = env.text("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.number("SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("SMTP_STARTTLS", False)
EMAIL_USE_SSL = env.flag("SMTP_TLS", False)
EMAIL_TIMEOUT = env.number("KANVAS_SMTP_SECONDS", 20)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", "Kanvas Kerja <kabar@kanvas.test>")
MAIL_PER_MINUTE = env.number("MAIL_PER_MINUTE", 6000)
RECIPIENTS_WITHOUT_RELEASE = env.number("RECIPIENTS_WITHOUT_RELEASE", 500)  # more wait for the head of office
# The key by which push services know us, 32 bytes in base64url; production without one has no notices on devices.
VAPID_KEY = env.text("VAPID_KEY") if PRODUCTION else secret("VAPID_KEY", 32)
if len(VAPID_KEY) not in (0, 43):
    raise ImproperlyConfigured("VAPID_KEY must be 32 random bytes in base64url, 43 characters; docs/install.md has how")
PER_MINUTE = {  # most messages a minute of the other channels; see announcements.models.ChannelKey
    "push": env.number("PUSH_PER_MINUTE", 6000),
    "whatsapp_msg": env.number("WHATSAPP_PER_MINUTE", 600),
    "telegram_msg": env.number("TELEGRAM_PER_MINUTE", 1200),
}
# Messaging services; each is off until all of its settings are said. What they are: docs/operate.md.
WHATSAPP_URL = env.text("WHATSAPP_URL", "https://graph.facebook.com/v23.0").rstrip("/")
WHATSAPP_NUMBER = env.text("WHATSAPP_NUMBER")
WHATSAPP_PHONE_NUMBER_ID = env.text("WHATSAPP_PHONE_NUMBER_ID")
WHATSAPP_TEMPLATE = env.text("WHATSAPP_TEMPLATE")
WHATSAPP_TOKEN = env.text("WHATSAPP_TOKEN")
WHATSAPP_APP_SECRET = env.text("WHATSAPP_APP_SECRET")
WHATSAPP_VERIFY_TOKEN = env.text("WHATSAPP_VERIFY_TOKEN")
TELEGRAM_URL = env.text("TELEGRAM_URL", "https://api.telegram.org").rstrip("/")
TELEGRAM_BOT = env.text("TELEGRAM_BOT")
TELEGRAM_TOKEN = env.text("TELEGRAM_TOKEN")
TELEGRAM_SECRET = env.text("TELEGRAM_SECRET")
MAIL_EVENTS_SECRET = env.text("MAIL_EVENTS_SECRET")
for name in ("TELEGRAM_SECRET", "MAIL_EVENTS_SECRET"):  # these two we choose ourselves
    if 0 < len(env.text(name)) < 20:
        raise ImproperlyConfigured(f"{name} is too weak: use at least 20 random characters, or leave it empty")
OUTBOUND_LOOPBACK = False  # tests let our outbound requests reach their own machine
QUIET_HOURS = ("20:00", "07:00") if PRODUCTION else None  # office time, for announcements; codes are exempt
LEASE_SECONDS = env.number("KANVAS_LEASE_SECONDS", 60)  # longer than the longest SMTP call

# --- Logs: one JSON object a line, no personal data ---------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "kanvas": {"level": "INFO"},
        "celery": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},  # it would write the bot's token, which stands in the address
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
