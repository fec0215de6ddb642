"""Every setting of the portal, in one literal table: name, how it is read, default, meaning.

docs/operations/configuration.md has a heading per row; a test holds the two together. Nothing else reads
os.environ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(value: str) -> str:
    """Any text, without white space around it."""
    return value.strip()


def folder(value: str) -> Path:
    """A folder's path, made absolute."""
    return Path(value).expanduser().resolve()


def folder_if_named(value: str) -> Path | None:
    """A folder's path, or None for nothing."""
    return folder(value) if value.strip() else None


def number(value: str) -> int:
    """A whole number."""
    return int(value)


def pairs(value: str) -> dict[str, str]:
    """Names with their values, as `en=https://…,tr=https://…`."""
    return dict(word.split("=", 1) for word in words(value))


def switch(value: str) -> bool:
    """`1`, `true`, `yes`, `on` or their opposites; anything else is refused."""
    folded = value.strip().lower()
    if folded not in {"1", "true", "yes", "on", "0", "false", "no", "off", ""}:
        raise ValueError(value)
    return folded in {"1", "true", "yes", "on"}


def origin_if_named(value: str) -> str:
    """A web origin, or nothing."""
    return origin(value) if value.strip() else ""


def web_address_if_named(value: str) -> str:
    """Empty, or an http or https address."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.fragment):
        raise ValueError("not an http or https address")
    return value


def file_if_named(value: str) -> Path | None:
    """A file's path, or None for nothing."""
    return folder_if_named(value)


def words(value: str) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in value.split(",") if word.strip()]


def colour(value: str) -> str:
    """A colour as `#0b4a6f`: six hex digits, nothing else, because it goes into a style sheet."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value.strip()):
        raise ValueError(value)
    return value.strip()


def days(value: str) -> int:
    """A number of days, 1 to 366."""
    if not 1 <= int(value) <= 366:
        raise ValueError(value)
    return int(value)


def days_or_none(value: str) -> int:
    """A number of days, or 0."""
    return days(value) if int(value) else 0


def several_days(value: str) -> list[int]:
    """Numbers of days, separated by commas, each once."""
    return sorted({days(word) for word in words(value)}, reverse=True)


def end_of_suspension(value: str) -> str:
    """`revoked` or `resumed`."""
    if value.strip() not in {"revoked", "resumed"}:
        raise ValueError(value)
    return value.strip()


def language(value: str) -> str:
    """`tr`, `en`, or nothing."""
    if value.strip() not in {"tr", "en", ""}:
        raise ValueError(value)
    return value.strip()


def origin(value: str) -> str:
    """A web origin: scheme and host, a port if need be, no path."""
    scheme, _, rest = value.strip().partition("://")
    if scheme not in {"http", "https"} or not rest or "/" in rest.rstrip("/"):
        raise ValueError(value)
    return f"{scheme}://{rest.rstrip('/')}"


def issuer(value: str) -> str:
    """An OpenID issuer as it writes itself, or nothing: https without query and fragment, or http on this
    machine.
    """
    url = value.strip()
    parts = urlsplit(url)
    plain = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if url and (not parts.hostname or "?" in url or "#" in url or not (parts.scheme == "https" or plain)):
        raise ValueError(value)
    return url


def one_of(*allowed: str) -> Callable[[str], str]:
    """One of these words."""

    def read_one(value: str) -> str:
        if value.strip() not in allowed:
            raise ValueError(value)
        return value.strip()

    return read_one


def https_origin_if_named(value: str) -> str:
    """An https origin, or nothing."""
    if value.strip() and not value.strip().startswith("https://"):
        raise ValueError(value)
    return origin(value) if value.strip() else ""


def networks(value: str) -> list[IPv4Network | IPv6Network]:
    """IP addresses or networks, separated by commas."""
    return [ip_network(word) for word in words(value)]


@dataclass(frozen=True)
class Setting:
    """One row: the environment variable, its reader, its default as one would write it, and what it means."""

    name: str
    read: Callable[[str], object]
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "KILITCOZ_DATA_DIR", folder, "var/portal", "Folder of the embedded database and the key files (0700)."
    ),
    Setting("DATABASE_URL", text, "", "Database address; empty means SQLite in the data folder."),
    Setting(
        "KILITCOZ_ORIGIN",
        origin,
        "http://127.0.0.1:8000",
        "The portal's own origin as holders' browsers see it.",
    ),
    Setting("KILITCOZ_ALLOWED_HOSTS", words, "", "Further host names to answer to, besides the origin's."),
    Setting(
        "KILITCOZ_BEHIND_PROXY",
        switch,
        "0",
        "Believe X-Forwarded-Proto and the last X-Forwarded-For address.",
    ),
    Setting("KILITCOZ_LANGUAGE", language, "", "Language shown first: tr or en; empty asks the browser."),
    Setting(
        "KILITCOZ_ORGANISATION",
        text,
        "Örnek Sertifika Hizmetleri",
        "Name shown on every page and in messages.",
    ),
    Setting("KILITCOZ_CALL_CENTRE", text, "0850 000 00 00", "Telephone number of the call centre, as shown."),
    Setting(
        "KILITCOZ_BRAND_COLOUR",
        colour,
        "#0b4a6f",
        "Colour of header, links and buttons; white text stands on it.",
    ),
    Setting(
        "KILITCOZ_BRAND_COLOUR_DEEP",
        colour,
        "#07344f",
        "A darker shade of it: edges, and what the mouse is over.",
    ),
    Setting(
        "KILITCOZ_AGENT_PORT",
        number,
        "35853",
        "Loopback port at which the card service's local page is opened.",
    ),
    Setting(
        "KILITCOZ_SMS_GATEWAY",
        text,
        "console",
        "Gateways of SMS, the preferred one first: console, outbox, or tables of the gateways' file.",
    ),
    Setting("KILITCOZ_SMS_COUNTRIES", words, "90", "Calling codes to which messages may be sent."),
    Setting(
        "KILITCOZ_TRUST_DAYS",
        number,
        "400",
        "Days without a login after which a browser is a stranger again.",
    ),
    Setting(
        "KILITCOZ_WRONG_WORDS_HOURLY",
        number,
        "20",
        "Wrong security words per network address and hour before strangers there are slowed.",
    ),
    Setting(
        "KILITCOZ_WRONG_WORDS_ALARM",
        number,
        "1000",
        "Wrong security words from everywhere in an hour that raise an alarm.",
    ),
    Setting(
        "KILITCOZ_SMS_GATEWAYS_FILE",
        text,
        "",
        "File (TOML) with a table for each SMS gateway that is elsewhere.",
    ),
    Setting(
        "KILITCOZ_SMS_DAILY",
        number,
        "10000",
        "Messages of the whole installation per day, at most; notices pass.",
    ),
    Setting(
        "KILITCOZ_SMS_PREFIX_HOURLY",
        number,
        "1000",
        "Messages to numbers of one prefix (+90532) per hour, at most; notices pass.",
    ),
    Setting(
        "KILITCOZ_SMS_CONVERSION_PERCENT",
        number,
        "30",
        "Share of the newest 100 codes that must come back, in percent; below it an alarm sounds. 0: none.",
    ),
    Setting(
        "KILITCOZ_MAIL_HOST", text, "", "Mail server; empty sends no e-mail (with SMS in the outbox: there)."
    ),
    Setting("KILITCOZ_MAIL_PORT", number, "587", "Its port."),
    Setting(
        "KILITCOZ_MAIL_TLS",
        one_of("starttls", "tls", "none"),
        "starttls",
        "How the connection to it is secured; none is for this machine alone.",
    ),
    Setting("KILITCOZ_MAIL_USER", text, "", "Our name there; empty logs in to nothing."),
    Setting("KILITCOZ_MAIL_PASSWORD_FILE", text, "", "File (0600) with the password."),
    Setting(
        "KILITCOZ_MAIL_FROM", text, "", "Address that e-mails are from; empty: no-reply at the origin's host."
    ),
    Setting(
        "KILITCOZ_PRIVACY_DIR",
        folder_if_named,
        "",
        "Folder with tr.txt and en.txt, the full privacy notice; empty takes the one that comes along.",
    ),
    Setting("KILITCOZ_DEMO", switch, "0", "Demonstration: shows the outbox page. Never in production."),
    Setting("KILITCOZ_DEBUG", switch, "0", "Django's debug pages. Never in production."),
    Setting("KILITCOZ_LOG_LEVEL", text, "INFO", "Least level that is logged."),
    Setting(
        "KILITCOZ_VAULT_CARD_DAILY",
        number,
        "10",
        "Releases of a card's unlock secret per card and day, at most.",
    ),
    Setting(
        "KILITCOZ_VAULT_GLOBAL_HOURLY", number, "1000", "Releases of all cards together per hour, at most."
    ),
    Setting(
        "KILITCOZ_PAIRING_HOURLY", number, "30", "Wrong pairing codes per network address and hour, at most."
    ),
    Setting(
        "KILITCOZ_CARD_LOGINS_HOURLY",
        number,
        "120",
        "Logins by card begun per network address and hour, at most.",
    ),
    Setting(
        "KILITCOZ_APPLICATIONS_HOURLY",
        number,
        "20",
        "Applications from the public pages per network address and hour, at most.",
    ),
    Setting(
        "KILITCOZ_TRUST_DIR",
        folder_if_named,
        "",
        "Folder of the trust anchors; empty means trust in the data folder.",
    ),
    Setting(
        "KILITCOZ_TRUST_POLICIES",
        words,
        "",
        "Certificate policies (dotted numbers) of which one must hold; empty means any.",
    ),
    Setting("KILITCOZ_TRUST_QUALIFIED", switch, "0", "Only qualified certificates (QcCompliance) count."),
    Setting(
        "KILITCOZ_TRUST_CLOCK_SKEW",
        number,
        "60",
        "Seconds by which clocks may differ, for validity and thisUpdate; never for revocation.",
    ),
    Setting(
        "KILITCOZ_TRUST_FETCH",
        switch,
        "1",
        "Ask the OCSP and CRL addresses in certificates; without it the trust folder alone tells of status.",
    ),
    Setting(
        "KILITCOZ_TRUST_OCSP_NONCE", switch, "1", "An OCSP answer must repeat the nonce of the question."
    ),
    Setting(
        "KILITCOZ_TRUST_PRIVATE_ADDRESSES",
        switch,
        "0",
        "Status may be fetched from addresses of private networks too.",
    ),
    Setting(
        "KILITCOZ_TRUST_STALE_CRL_HOURS",
        number,
        "0",
        "Where no status can be had, a CRL younger than so many hours counts; 0 refuses.",
    ),
    Setting(
        "KILITCOZ_TSA_URL",
        web_address_if_named,
        "",
        "Address of the time-stamping authority (RFC 3161) of E-Onay; empty does not offer E-Onay.",
    ),
    Setting(
        "KILITCOZ_TSA_ANCHORS",
        file_if_named,
        "",
        "PEM file of the authorities' certificates by which time stamps are believed.",
    ),
    Setting(
        "KILITCOZ_SIGNATURE_ORIGIN",
        https_origin_if_named,
        "",
        "Origin of the page that asks browsers for a certificate; empty offers no such login.",
    ),
    Setting(
        "KILITCOZ_SIGNATURE_PROXIES",
        networks,
        "",
        "Addresses of proxies whose headers may name a client certificate.",
    ),
    Setting(
        "KILITCOZ_LOGIN_UNKNOWN_CERTIFICATES",
        switch,
        "0",
        "Valid certificates sign a holder in although they were not enrolled with a card.",
    ),
    Setting(
        "KILITCOZ_PKCS11_MODULE",
        folder_if_named,
        "",
        "Path of the PKCS #11 module (.so) of the token that holds the authority's keys; empty: no token.",
    ),
    Setting(
        "KILITCOZ_PKCS11_PIN_FILE",
        folder_if_named,
        "",
        "File (0600) with the token's PIN; empty reads KILITCOZ_SECRET_PKCS11_PIN.",
    ),
    Setting("KILITCOZ_OIDC_ISSUER", issuer, "", "Identity provider to log in by; empty offers none."),
    Setting("KILITCOZ_OIDC_CLIENT_ID", text, "", "Our name at the provider."),
    Setting(
        "KILITCOZ_OIDC_CLIENT_AUTH",
        one_of("client_secret_basic", "client_secret_post", "private_key_jwt"),
        "client_secret_basic",
        "How we prove there that we are it.",
    ),
    Setting(
        "KILITCOZ_OIDC_SECRET_FILE",
        text,
        "",
        "File (0600) with the client secret, or with the private key in PEM.",
    ),
    Setting("KILITCOZ_OIDC_SCOPES", words, "openid", "Scopes asked for."),
    Setting("KILITCOZ_OIDC_CLAIM", text, "", "Claim with the holder's ID number."),
    Setting(
        "KILITCOZ_OIDC_CLAIM_FORM",
        one_of("bare", "prefixed"),
        "bare",
        "How it is written there: eleven digits, or TINTR-/PNOTR- before them.",
    ),
    Setting(
        "KILITCOZ_OIDC_USERINFO", switch, "0", "Ask the UserInfo endpoint where the ID token lacks the claim."
    ),
    Setting("KILITCOZ_OIDC_ACR", words, "", "Authentication classes, one of which must have been reached."),
    Setting("KILITCOZ_OIDC_AMR", words, "", "Authentication methods that must all have been used."),
    Setting("KILITCOZ_OIDC_LABEL_TR", text, "Kimlik Sağlayıcı ile Giriş", "The way's name in Turkish."),
    Setting("KILITCOZ_OIDC_LABEL_EN", text, "Identity Provider Login", "The way's name in English."),
    Setting(
        "KILITCOZ_CA",
        one_of("embedded", "cmp"),
        "embedded",
        "Where certificates come from: the embedded authority, or one elsewhere by CMP.",
    ),
    Setting("KILITCOZ_CMP_URL", text, "", "Address of the authority elsewhere (https)."),
    Setting("KILITCOZ_CMP_RECIPIENT", text, "", "Its name (RFC 4514), as CN=…,O=…,C=TR."),
    Setting(
        "KILITCOZ_CMP_TRUST_FILE",
        text,
        "",
        "File (PEM) with its issuing certificates, and those of whom it lets sign its answers.",
    ),
    Setting(
        "KILITCOZ_CMP_KEY_FILE", text, "", "File (0600, PEM) with our key as its registration authority."
    ),
    Setting("KILITCOZ_CMP_CERT_FILE", text, "", "File (PEM) with the key's certificate, then its chain."),
    Setting(
        "KILITCOZ_CMP_PROFILES",
        pairs,
        "",
        "Its names of our profiles, as signature=…,authentication=…,card=…; without: by extensions.",
    ),
    Setting("KILITCOZ_CMP_SECONDS", number, "20", "Seconds that it may take for one answer."),
    Setting(
        "KILITCOZ_CMP_PATIENCE",
        number,
        "10",
        "Seconds that a call waits where it says that a certificate or a revocation comes later.",
    ),
    Setting(
        "KILITCOZ_CMP_REVOCATIONS_AT_ONCE",
        number,
        "1",
        "Certificates in one revocation request; more than 1 only where it takes more (RFC 9483 does not).",
    ),
    Setting(
        "KILITCOZ_CMP_TLS_FILE",
        text,
        "",
        "File (PEM) of whom its TLS certificate comes from; empty: those whom the machine trusts.",
    ),
    Setting(
        "KILITCOZ_CA_PUBLISHED_AT",
        origin_if_named,
        "",
        "Origin of CRL, OCSP and CA certificates, as certificates name it; empty means this one, by http.",
    ),
    Setting(
        "KILITCOZ_CA_POLICY_URL", text, "", "Address of the practice statement, as it stands in certificates."
    ),
    Setting(
        "KILITCOZ_CA_PDS",
        pairs,
        "en=https://localhost/pds-en.pdf",
        "PKI disclosure statements by language, English among them, as en=https://…,tr=https://….",
    ),
    Setting(
        "KILITCOZ_CA_LEGISLATION",
        words,
        "",
        "Countries under whose law certificates are qualified; empty means the European Union's.",
    ),
    Setting(
        "KILITCOZ_CARD_KEYS",
        one_of("ecc-p256", "ecc-p384", "rsa-2048", "rsa-3072"),
        "ecc-p256",
        "Algorithm of the keys that the registrar's desk makes on new cards.",
    ),
    Setting(
        "KILITCOZ_SUSPENSION_DAYS",
        days,
        "30",
        "How many days a suspension lasts at most, 1 to 366.",
    ),
    Setting(
        "KILITCOZ_SUSPENSION_ENDS_IN",
        end_of_suspension,
        "revoked",
        "What the end of a suspension brings: `revoked` or `resumed`.",
    ),
    Setting(
        "KILITCOZ_RENEWAL_DAYS",
        days_or_none,
        "0",
        "How many days before its end a holder may renew a certificate at home; 0: not at all.",
    ),
    Setting(
        "KILITCOZ_RENEWAL_TIMES",
        days,
        "1",
        "How often in a row a card's certificates may be renewed at home.",
    ),
    Setting(
        "KILITCOZ_REMINDER_DAYS",
        several_days,
        "90,40,15",
        "How many days before a certificate ends its holder is reminded; empty: never.",
    ),
)


def read(environ: Mapping[str, str]) -> dict[str, object]:
    """All settings by name, read from `environ` or the defaults; a bad value names its setting, not
    itself.
    """
    values: dict[str, object] = {}
    for setting in SETTINGS:
        try:
            values[setting.name] = setting.read(environ.get(setting.name, setting.default))
        except ValueError:
            raise ImproperlyConfigured(f"{setting.name}: not understood. {setting.meaning}") from None
    return values


def named_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Values of the variables KILITCOZ_SECRET_…, by what follows: configuration files refer to them so."""
    prefix = "KILITCOZ_SECRET_"
    return {name[len(prefix) :]: value for name, value in environ.items() if name.startswith(prefix)}
