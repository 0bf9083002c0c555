"""Settings, all from the environment, checked once when the application is made."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODES = ("demonstration", "live", "test")


class BadSetting(RuntimeError):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides. `today` anchors the clock of a demonstration."""

    mode: str
    database_url: str
    secret_key: str
    today: date | None
    var: Path

    @property
    def demonstration(self) -> bool:
        return self.mode == "demonstration"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read MODE, DATABASE_URL, SECRET_KEY, TODAY and VAR; raise BadSetting in words."""
    mode = environ.get("MODE", "demonstration")
    if mode not in MODES:
        raise BadSetting(f"MODE is '{mode}'. Use one of: {', '.join(MODES)}.")
    var = Path(environ.get("VAR") or ROOT / "var").resolve()
    return Settings(
        mode=mode,
        database_url=_database_url(environ, var),
        secret_key=_secret_key(environ, mode, var),
        today=_today(environ),
        var=var,
    )


def _database_url(environ: Mapping[str, str], var: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{var / 'exchange.sqlite'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _secret_key(environ: Mapping[str, str], mode: str, var: Path) -> str:
    """In live use SECRET_KEY must be set; otherwise one is made once and kept in VAR."""
    if given := environ.get("SECRET_KEY"):
        if mode == "live" and len(given) < 32:
            raise BadSetting("SECRET_KEY is too short: use at least 32 characters.")
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
