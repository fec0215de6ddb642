"""Django settings of the portal; every value that differs between installations comes from
config.environment.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import dj_database_url

from kilitcoz_portal import keyfiles
from kilitcoz_portal.config import environment, logs

_read = environment.read(os.environ)
PACKAGE = Path(__file__).resolve().parent.parent

# Each row of the table by its own name, so that it has a type; a test holds this list to the table.
KILITCOZ_DATA_DIR = cast(Path, _read["KILITCOZ_DATA_DIR"])
KILITCOZ_ORIGIN = cast(str, _read["KILITCOZ_ORIGIN"])
KILITCOZ_ALLOWED_HOSTS = cast("list[str]", _read["KILITCOZ_ALLOWED_HOSTS"])
KILITCOZ_BEHIND_PROXY = cast(bool, _read["KILITCOZ_BEHIND_PROXY"])
KILITCOZ_LANGUAGE = cast(str, _read["KILITCOZ_LANGUAGE"])
KILITCOZ_ORGANISATION = cast(str, _read["KILITCOZ_ORGANISATION"])
KILITCOZ_CALL_CENTRE = cast(str, _read["KILITCOZ_CALL_CENTRE"])
KILITCOZ_BRAND_COLOUR = cast(str, _read["KILITCOZ_BRAND_COLOUR"])
KILITCOZ_BRAND_COLOUR_DEEP = cast(str, _read["KILITCOZ_BRAND_COLOUR_DEEP"])
KILITCOZ_AGENT_PORT = cast(int, _read["KILITCOZ_AGENT_PORT"])
KILITCOZ_SMS_GATEWAY = cast(str, _read["KILITCOZ_SMS_GATEWAY"])
KILITCOZ_SMS_COUNTRIES = cast("list[str]", _read["KILITCOZ_SMS_COUNTRIES"])
KILITCOZ_TRUST_DAYS = cast(int, _read["KILITCOZ_TRUST_DAYS"])
KILITCOZ_WRONG_WORDS_HOURLY = cast(int, _read["KILITCOZ_WRONG_WORDS_HOURLY"])
KILITCOZ_WRONG_WORDS_ALARM = cast(int, _read["KILITCOZ_WRONG_WORDS_ALARM"])
KILITCOZ_SMS_GATEWAYS_FILE = cast(str, _read["KILITCOZ_SMS_GATEWAYS_FILE"])
KILITCOZ_SECRETS = environment.named_secrets(os.environ)
KILITCOZ_SMS_DAILY = cast(int, _read["KILITCOZ_SMS_DAILY"])
KILITCOZ_SMS_PREFIX_HOURLY = cast(int, _read["KILITCOZ_SMS_PREFIX_HOURLY"])
KILITCOZ_SMS_CONVERSION_PERCENT = cast(int, _read["KILITCOZ_SMS_CONVERSION_PERCENT"])
KILITCOZ_MAIL_HOST = cast(str, _read["KILITCOZ_MAIL_HOST"])
KILITCOZ_MAIL_PORT = cast(int, _read["KILITCOZ_MAIL_PORT"])
KILITCOZ_MAIL_TLS = cast(str, _read["KILITCOZ_MAIL_TLS"])
KILITCOZ_MAIL_USER = cast(str, _read["KILITCOZ_MAIL_USER"])
KILITCOZ_MAIL_PASSWORD_FILE = cast(str, _read["KILITCOZ_MAIL_PASSWORD_FILE"])
KILITCOZ_MAIL_FROM = cast(str, _read["KILITCOZ_MAIL_FROM"])
KILITCOZ_PRIVACY_DIR = cast("Path | None", _read["KILITCOZ_PRIVACY_DIR"])
KILITCOZ_DEMO = cast(bool, _read["KILITCOZ_DEMO"])
KILITCOZ_DEBUG = cast(bool, _read["KILITCOZ_DEBUG"])
KILITCOZ_LOG_LEVEL = cast(str, _read["KILITCOZ_LOG_LEVEL"])
KILITCOZ_VAULT_CARD_DAILY = cast(int, _read["KILITCOZ_VAULT_CARD_DAILY"])
KILITCOZ_VAULT_GLOBAL_HOURLY = cast(int, _read["KILITCOZ_VAULT_GLOBAL_HOURLY"])
KILITCOZ_PAIRING_HOURLY = cast(int, _read["KILITCOZ_PAIRING_HOURLY"])
KILITCOZ_CARD_LOGINS_HOURLY = cast(int, _read["KILITCOZ_CARD_LOGINS_HOURLY"])
KILITCOZ_APPLICATIONS_HOURLY = cast(int, _read["KILITCOZ_APPLICATIONS_HOURLY"])
KILITCOZ_TRUST_DIR = cast("Path | None", _read["KILITCOZ_TRUST_DIR"])
KILITCOZ_TRUST_POLICIES = cast("list[str]", _read["KILITCOZ_TRUST_POLICIES"])
KILITCOZ_TRUST_QUALIFIED = cast(bool, _read["KILITCOZ_TRUST_QUALIFIED"])
KILITCOZ_TRUST_CLOCK_SKEW = cast(int, _read["KILITCOZ_TRUST_CLOCK_SKEW"])
KILITCOZ_TRUST_FETCH = cast(bool, _read["KILITCOZ_TRUST_FETCH"])
KILITCOZ_TRUST_OCSP_NONCE = cast(bool, _read["KILITCOZ_TRUST_OCSP_NONCE"])
KILITCOZ_TRUST_PRIVATE_ADDRESSES = cast(bool, _read["KILITCOZ_TRUST_PRIVATE_ADDRESSES"])
KILITCOZ_TRUST_STALE_CRL_HOURS = cast(int, _read["KILITCOZ_TRUST_STALE_CRL_HOURS"])
KILITCOZ_TSA_URL = cast(str, _read["KILITCOZ_TSA_URL"])
KILITCOZ_TSA_ANCHORS = cast("Path | None", _read["KILITCOZ_TSA_ANCHORS"])
KILITCOZ_SIGNATURE_ORIGIN = cast(str, _read["KILITCOZ_SIGNATURE_ORIGIN"])
KILITCOZ_SIGNATURE_PROXIES = cast("list[IPv4Network | IPv6Network]", _read["KILITCOZ_SIGNATURE_PROXIES"])
KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES = cast(bool, _read["KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES"])
KILITCOZ_OIDC_ISSUER = cast(str, _read["KILITCOZ_OIDC_ISSUER"])
KILITCOZ_OIDC_CLIENT_ID = cast(str, _read["KILITCOZ_OIDC_CLIENT_ID"])
KILITCOZ_OIDC_CLIENT_AUTH = cast(str, _read["KILITCOZ_OIDC_CLIENT_AUTH"])
KILITCOZ_OIDC_SECRET_FILE = cast(str, _read["KILITCOZ_OIDC_SECRET_FILE"])
KILITCOZ_OIDC_SCOPES = cast("list[str]", _read["KILITCOZ_OIDC_SCOPES"])
KILITCOZ_OIDC_CLAIM = cast(str, _read["KILITCOZ_OIDC_CLAIM"])
KILITCOZ_OIDC_CLAIM_FORM = cast(str, _read["KILITCOZ_OIDC_CLAIM_FORM"])
KILITCOZ_OIDC_USERINFO = cast(bool, _read["KILITCOZ_OIDC_USERINFO"])
KILITCOZ_OIDC_ACR = cast("list[str]", _read["KILITCOZ_OIDC_ACR"])
KILITCOZ_OIDC_AMR = cast("list[str]", _read["KILITCOZ_OIDC_AMR"])
KILITCOZ_OIDC_LABEL_TR = cast(str, _read["KILITCOZ_OIDC_LABEL_TR"])
KILITCOZ_OIDC_LABEL_EN = cast(str, _read["KILITCOZ_OIDC_LABEL_EN"])
KILITCOZ_CA = cast(str, _read["KILITCOZ_CA"])
KILITCOZ_CMP_URL = cast(str, _read["KILITCOZ_CMP_URL"])
KILITCOZ_CMP_RECIPIENT = cast(str, _read["KILITCOZ_CMP_RECIPIENT"])
KILITCOZ_CMP_TRUST_FILE = cast(str, _read["KILITCOZ_CMP_TRUST_FILE"])
KILITCOZ_CMP_KEY_FILE = cast(str, _read["KILITCOZ_CMP_KEY_FILE"])
KILITCOZ_CMP_CERT_FILE = cast(str, _read["KILITCOZ_CMP_CERT_FILE"])
KILITCOZ_CMP_PROFILES = cast("dict[str, str]", _read["KILITCOZ_CMP_PROFILES"])
KILITCOZ_CMP_SECONDS = cast(int, _read["KILITCOZ_CMP_SECONDS"])
KILITCOZ_CMP_PATIENCE = cast(int, _read["KILITCOZ_CMP_PATIENCE"])
KILITCOZ_CMP_REVOCATIONS_AT_ONCE = cast(int, _read["KILITCOZ_CMP_REVOCATIONS_AT_ONCE"])
KILITCOZ_CMP_TLS_FILE = cast(str, _read["KILITCOZ_CMP_TLS_FILE"])
KILITCOZ_PKCS11_MODULE = cast("Path | None", _read["KILITCOZ_PKCS11_MODULE"])
KILITCOZ_PKCS11_PIN_FILE = cast("Path | None", _read["KILITCOZ_PKCS11_PIN_FILE"])
KILITCOZ_CA_PUBLISHED_AT = cast(str, _read["KILITCOZ_CA_PUBLISHED_AT"])
KILITCOZ_CA_POLICY_URL = cast(str, _read["KILITCOZ_CA_POLICY_URL"])
KILITCOZ_CA_PDS = cast("dict[str, str]", _read["KILITCOZ_CA_PDS"])
KILITCOZ_CA_LEGISLATION = cast("list[str]", _read["KILITCOZ_CA_LEGISLATION"])
KILITCOZ_CARD_KEYS = _read["KILITCOZ_CARD_KEYS"]
KILITCOZ_SUSPENSION_DAYS = cast(int, _read["KILITCOZ_SUSPENSION_DAYS"])
KILITCOZ_SUSPENSION_ENDS_IN = cast(str, _read["KILITCOZ_SUSPENSION_ENDS_IN"])
KILITCOZ_RENEWAL_DAYS = cast(int, _read["KILITCOZ_RENEWAL_DAYS"])
KILITCOZ_RENEWAL_TIMES = cast(int, _read["KILITCOZ_RENEWAL_TIMES"])
KILITCOZ_REMINDER_DAYS = cast("list[int]", _read["KILITCOZ_REMINDER_DAYS"])

_secure = KILITCOZ_ORIGIN.startswith("https://")
DEBUG = KILITCOZ_DEBUG
SECRET_KEY = keyfiles.load_or_create(KILITCOZ_DATA_DIR / "secret.key").hex()
ALLOWED_HOSTS = [str(urlsplit(KILITCOZ_ORIGIN).hostname), *KILITCOZ_ALLOWED_HOSTS]
if KILITCOZ_SIGNATURE_ORIGIN:
    ALLOWED_HOSTS.append(str(urlsplit(KILITCOZ_SIGNATURE_ORIGIN).hostname))
CSRF_TRUSTED_ORIGINS = [KILITCOZ_ORIGIN]
ROOT_URLCONF = "kilitcoz_portal.config.urls"
WSGI_APPLICATION = "kilitcoz_portal.config.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 2
FILE_UPLOAD_HANDLERS = ["kilitcoz_portal.pages.uploads.KeepsLittle"]

INSTALLED_APPS = [
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "kilitcoz_portal.audit",
    "kilitcoz_portal.outgoing",
    "kilitcoz_portal.holders",
    "kilitcoz_portal.vault",
    "kilitcoz_portal.sms",
    "kilitcoz_portal.trust",
    "kilitcoz_portal.ca",
    "kilitcoz_portal.ca.cmp",
    "kilitcoz_portal.mail",
    "kilitcoz_portal.notices",
    "kilitcoz_portal.signin",
    "kilitcoz_portal.operations",
    "kilitcoz_portal.certificates",
    "kilitcoz_portal.applications",
    "kilitcoz_portal.activation",
    "kilitcoz_portal.renewal",
    "kilitcoz_portal.issuance",
    "kilitcoz_portal.approval",
    "kilitcoz_portal.agentapi",
    "kilitcoz_portal.pages",
]


def _if_present(*modules: str) -> list[str]:
    """Dotted names of classes or functions whose module exists."""
    return [name for name in modules if find_spec(name.rsplit(".", 1)[0])]


MIDDLEWARE = [
    "kilitcoz_portal.config.middleware.RequestContext",
    "kilitcoz_portal.config.middleware.signature_origin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kilitcoz_portal.config.middleware.first_language",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *_if_present("kilitcoz_portal.pages.middleware.security_headers"),
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                *_if_present("kilitcoz_portal.pages.context.portal"),
            ]
        },
    }
]


def _database() -> dict[str, Any]:
    """DATABASE_URL, or SQLite in the data folder: WAL, a writer at a time. What must be on disk at once is
    durability's care.
    """
    url = cast(str, _read["DATABASE_URL"]) or f"sqlite:///{KILITCOZ_DATA_DIR / 'portal.sqlite3'}"
    database = cast("dict[str, Any]", dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        }
    return database


DATABASES = {"default": _database()}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_NAME = "__Host-kilitcoz" if _secure else "kilitcoz"
SESSION_ENGINE = "kilitcoz_portal.signin.session_store"
SESSION_COOKIE_AGE = 65 * 60  # of Django's row; signin.living ends a session earlier
TRUST_COOKIE_NAME = "__Host-kilitcoz-tarayici" if _secure else "kilitcoz-tarayici"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kilitcoz_portal.pages.views.failures.form_refused"
CSRF_COOKIE_NAME = "__Host-kilitcoz-csrf" if _secure else "kilitcoz-csrf"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer a form's Origin becomes null and CSRF refuses it
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if KILITCOZ_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = KILITCOZ_LANGUAGE or "tr"
LANGUAGES = [("tr", "Türkçe"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "kilitcoz-dil"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Istanbul"

STATIC_URL = "/static/"
STATIC_ROOT = KILITCOZ_DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING_CONFIG = None
logs.configure(KILITCOZ_LOG_LEVEL)
