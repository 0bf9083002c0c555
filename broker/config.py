"""Settings, all from the environment, checked once when the application is made."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from broker import council_providers
from broker.council_providers import LOOPBACK, CouncilProvider
from broker.errors import BadSetting as BadSetting

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demonstration", "live", "test")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class MailServer:
    """Where messages leave. `tls` is 'off', 'starttls' or 'implicit'."""

    host: str
    port: int
    tls: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts without use (`idle`; shorter for privileged roles), and at all."""

    idle: timedelta
    idle_privileged: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Settings:
    """What the environment decides. `today` anchors the clock of a demonstration.

    `site` is the public address, for links in messages. Without `mail` nothing leaves by post.
    `slow_seconds` is from when a statement is logged as slow.
    `hosts` are the names it answers by; empty: any.
    With `redis_url` all processes count together how fast somebody asks.
    `proxies` are the web servers in front: what they say of whom they ask for is believed.
    `postgres_tools` is the folder of pg_dump and pg_restore, when the PATH does not lead there.
    `backups` is the folder for a backup a day; None: none is made by itself.
    """

    mode: str
    database_url: str
    secret_key: str
    today: date | None
    var: Path
    mail: MailServer | None
    mail_from: str
    site: str
    postgres_tools: Path | None
    backups: Path | None
    metrics_token: str = field(repr=False)
    redis_url: str = field(repr=False)
    slow_seconds: float
    hosts: list[str]
    proxies: list[Network]
    session_limits: Limits
    council_providers: tuple[CouncilProvider, ...]
    sentry_dsn: str = field(repr=False)

    @property
    def is_live(self) -> bool:
        return self.mode == "live"

    @property
    def demonstration(self) -> bool:
        return self.mode == "demonstration"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting (README.md lists them); raise BadSetting in words."""
    mode = environ.get("MODE", "demonstration")
    if mode not in MODES:
        raise BadSetting(f"MODE is '{mode}'. Use one of: {', '.join(MODES)}.")
    if mode == "live":
        _refuse_what_is_unsafe(environ)
    var = Path(environ.get("VAR") or ROOT / "var").resolve()
    return Settings(
        mode=mode,
        database_url=_database_url(environ, var),
        secret_key=_secret_key(environ, mode, var),
        today=_today(environ),
        var=var,
        mail=_mail(environ),
        mail_from=environ.get("MAIL_FROM", "exchange@localhost"),
        site=(environ.get("SITE") or _own_address(environ)).rstrip("/"),
        postgres_tools=Path(tools) if (tools := environ.get("PG_TOOLS")) else None,
        backups=Path(backups).resolve() if (backups := environ.get("BACKUPS")) else None,
        metrics_token=environ.get("METRICS_TOKEN", ""),
        redis_url=environ.get("REDIS_URL", ""),
        slow_seconds=_slow_seconds(environ),
        hosts=_hosts(environ) if mode == "live" else [],
        proxies=_proxies(environ),
        session_limits=_session_limits(environ),
        council_providers=council_providers.read(environ, is_live=mode == "live"),
        sentry_dsn=_sentry_dsn(environ),
    )


def _refuse_what_is_unsafe(environ: Mapping[str, str]) -> None:
    """What may be set to try things out, and never in live use."""
    if environ.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise BadSetting("FLASK_DEBUG is set. Live use shows nobody what is inside: take it away.")
    if environ.get("TODAY"):
        raise BadSetting("TODAY is set. Live use keeps the real day: take it away.")
    site = urlsplit(environ.get("SITE", ""))
    if site.scheme != "https" or not site.hostname:
        raise BadSetting(
            "SITE is not an https address. Live use needs one, like https://a.example."
        )
    if 0 < len(environ.get("METRICS_TOKEN", "")) < 16:
        raise BadSetting("METRICS_TOKEN is too short: use at least 16 characters, or none.")


def _sentry_dsn(environ: Mapping[str, str]) -> str:
    """Where errors are reported; empty: nowhere."""
    dsn = environ.get("SENTRY_DSN", "")
    where = urlsplit(dsn)
    if dsn and not (where.scheme == "https" and where.username and where.path.strip("/")):
        raise BadSetting("SENTRY_DSN is not the https address of a project, as Sentry gives it.")
    return dsn


def _hosts(environ: Mapping[str, str]) -> list[str]:
    """By which names it answers: the site's, those of HOSTS, and the machine's own."""
    more = environ.get("HOSTS", "").replace(",", " ").split()
    return [urlsplit(environ["SITE"]).hostname or "", *more, *LOOPBACK[:2]]


def _proxies(environ: Mapping[str, str]) -> list[Network]:
    """The machine itself, and the addresses or networks of PROXIES."""
    given = environ.get("PROXIES", "").replace(",", " ").split()
    try:
        return [ipaddress.ip_network(one) for one in (*LOOPBACK[1:], *given)]
    except ValueError:
        raise BadSetting(
            "PROXIES is not a list of addresses or networks. Write it like 10.0.0.5, 10.1.0.0/24."
        ) from None


def _slow_seconds(environ: Mapping[str, str]) -> float:
    given = environ.get("SLOW_MS", "500")
    if not given.isdecimal():
        raise BadSetting(f"SLOW_MS is '{given}'. Write it in milliseconds, like 500.")
    return int(given) / 1000


def _session_limits(environ: Mapping[str, str]) -> Limits:
    idle = _whole(environ, "SESSION_IDLE", 120, "minutes")
    idle_privileged = _whole(environ, "SESSION_IDLE_PRIVILEGED", 30, "minutes")
    longest = _whole(environ, "SESSION_LONGEST", 12, "hours")
    return Limits(
        timedelta(minutes=idle), timedelta(minutes=idle_privileged), timedelta(hours=longest)
    )


def _whole(environ: Mapping[str, str], name: str, usual: int, unit: str) -> int:
    given = environ.get(name) or str(usual)
    if not (given.isascii() and given.isdecimal() and int(given) > 0):
        raise BadSetting(f"{name} is '{given}'. Write it in {unit}, like {usual}.")
    return int(given)


def _database_url(environ: Mapping[str, str], var: Path) -> str:
    return with_driver(environ.get("DATABASE_URL") or f"sqlite:///{var / 'exchange.sqlite'}")


def with_driver(url: str) -> str:
    """A database's address, naming the driver that this product uses."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _secret_key(environ: Mapping[str, str], mode: str, var: Path) -> str:
    """In live use SECRET_KEY must be set; otherwise one is made once and kept in VAR."""
    if given := environ.get("SECRET_KEY"):
        if mode == "live" and len(given) < 32:
            raise BadSetting("SECRET_KEY is too short: use at least 32 characters.")
        if mode == "live" and len(set(given)) < 10:
            raise BadSetting("SECRET_KEY is too easy to guess: let a machine choose it.")
        return given
    if mode == "live":
        raise BadSetting("SECRET_KEY is not set. Live use needs one of 32 characters or more.")
    return kept_secret(var / "secret-key")


def kept_secret(file: Path) -> str:
    """The secret in `file`, made on first use; two processes starting together agree on it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x") as new:
            file.chmod(0o600)
            new.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return file.read_text()


def _today(environ: Mapping[str, str]) -> date | None:
    if not (given := environ.get("TODAY")):
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadSetting(f"TODAY is '{given}'. Write it like 2026-11-20.") from None


def _own_address(environ: Mapping[str, str]) -> str:
    return f"http://{environ.get('HOST', '127.0.0.1')}:{environ.get('PORT', '5000')}"


TLS = ("off", "starttls", "implicit")


def _mail(environ: Mapping[str, str]) -> MailServer | None:
    """MAIL_URL=smtp://[user:password@]host:port[?tls=…]. On loopback tls is off unless asked for;
    elsewhere it is starttls, and a password never travels without it."""
    if not (given := environ.get("MAIL_URL")):
        return None
    try:
        url = urlsplit(given)
        host, port = url.hostname, url.port or 25
    except ValueError:
        host = None
    if host is None or url.scheme != "smtp":
        raise BadSetting("MAIL_URL is not an address. Write it like smtp://mail.example.org:587.")
    default = "off" if host in LOOPBACK else "starttls"
    tls = parse_qs(url.query).get("tls", [default])[-1]
    if tls not in TLS:
        raise BadSetting(f"tls in MAIL_URL is '{tls}'. Use one of: {', '.join(TLS)}.")
    if url.password and tls == "off" and host not in LOOPBACK:
        raise BadSetting("MAIL_URL would send a password in the open. Use tls=starttls.")
    return MailServer(host, port, tls, unquote(url.username or ""), unquote(url.password or ""))
