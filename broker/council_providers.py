"""Councils' own sign-ins that open the exchange: settings, all from the environment.

OIDC_PROVIDERS names them ('leeds, wirral'); OIDC_LEEDS_ISSUER and the like say what each is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from broker.errors import BadSetting

LOOPBACK = ("localhost", "127.0.0.1", "::1")
NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "DOMAINS")
MORE = ("HOSTS", "STRONG", "VERIFIED")
SET = re.compile(r"OIDC_([A-Z0-9]+)_([A-Z_]+)")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
STRONG = re.compile(r"(acr|amr)=(\S+)")


@dataclass(frozen=True)
class CouncilProvider:
    """An OpenID Connect provider. `key` names it in addresses of ours.

    `domains` are those of the e-mail addresses that it speaks for. `origins` are where it may ask
    people to sign in, its issuer's first. `strong`: (claim, value), any of which says that two
    steps were taken; none: it never says so. `verified_by` is the claim that says that an address
    is its holder's.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...]
    origins: tuple[str, ...]
    strong: tuple[tuple[str, str], ...]
    verified_by: str

    def speaks_for(self, email: str) -> bool:
        return email.rpartition("@")[2].lower() in self.domains


def read(environ: Mapping[str, str], *, is_live: bool) -> tuple[CouncilProvider, ...]:
    """Every provider, in the order given; BadSetting where one is half set up."""
    keys = environ.get("OIDC_PROVIDERS", "").replace(",", " ").lower().split()
    if odd := [key for key in keys if not re.fullmatch("[a-z0-9]{1,20}", key)]:
        raise BadSetting(f"'{odd[0]}' in OIDC_PROVIDERS is not a name of letters and digits.")
    _refuse_strays(environ, keys)
    found = tuple(_one(environ, key, is_live=is_live) for key in keys)
    _refuse_twice([one.key for one in found], "OIDC_PROVIDERS")
    _refuse_twice([one.issuer for one in found], "ISSUER")
    _refuse_twice([domain for one in found for domain in one.domains], "DOMAINS")
    return found


def _refuse_strays(environ: Mapping[str, str], keys: list[str]) -> None:
    """A setting of a provider that is not named, or that nobody reads, is a slip of the pen."""
    for name in sorted(environ):
        if name.startswith("OIDC_") and name != "OIDC_PROVIDERS":
            parts = SET.fullmatch(name)
            if parts is None or parts[1].lower() not in keys or parts[2] not in NEEDED + MORE:
                raise BadSetting(f"{name} is set, and belongs to no provider in OIDC_PROVIDERS.")


def _refuse_twice(values: list[str], what: str) -> None:
    if twice := sorted({one for one in values if values.count(one) > 1}):
        raise BadSetting(f"'{twice[0]}' stands twice in {what}, of one provider or of two.")


def _one(environ: Mapping[str, str], key: str, *, is_live: bool) -> CouncilProvider:
    said = {name: environ.get(_setting(key, name), "").strip() for name in NEEDED + MORE}
    if missing := [name for name in NEEDED if not said[name]]:
        raise BadSetting(f"{_setting(key, missing[0])} is not set. '{key}' needs it.")
    origin = _origin(_setting(key, "ISSUER"), said["ISSUER"], is_live=is_live)
    hosts = _setting(key, "HOSTS")
    others = [_origin(hosts, one, is_live=is_live) for one in _words(said["HOSTS"])]
    return CouncilProvider(
        key=key,
        name=said["NAME"],
        issuer=said["ISSUER"],
        client_id=said["CLIENT_ID"],
        client_secret=said["CLIENT_SECRET"],
        domains=tuple(_domain(key, one.lower()) for one in _words(said["DOMAINS"])),
        origins=(origin, *others),
        strong=tuple(_strong(key, one) for one in _words(said["STRONG"])),
        verified_by=said["VERIFIED"] or "email_verified",
    )


def _setting(key: str, name: str) -> str:
    return f"OIDC_{key.upper()}_{name}"


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _origin(setting: str, address: str, *, is_live: bool) -> str:
    """'https://login.example.org' of an address; http only on this machine, to try things out."""
    url = urlsplit(address)
    is_plain = not (url.query or url.fragment or "@" in url.netloc)
    is_own = url.scheme == "http" and url.hostname in LOOPBACK and not is_live
    if not (is_plain and re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", url.netloc)) or not (
        url.scheme == "https" or is_own
    ):
        raise BadSetting(f"{setting} is not an https address. Write it like https://login.example.")
    return f"{url.scheme}://{url.netloc.lower()}"


def _domain(key: str, domain: str) -> str:
    if not DOMAIN.fullmatch(domain):
        raise BadSetting(f"'{domain}' in {_setting(key, 'DOMAINS')} is not like example.gov.uk.")
    return domain


def _strong(key: str, text: str) -> tuple[str, str]:
    parts = STRONG.fullmatch(text)
    if parts is None:
        raise BadSetting(f"'{text}' in {_setting(key, 'STRONG')} is not like amr=mfa or acr=two.")
    return parts[1], parts[2]
