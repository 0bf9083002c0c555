"""Reading an ID token: signature, issuer, audience, nonce and times, by authlib and joserfc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from broker import clock
from broker.council_accounts import line
from broker.council_accounts.line import Refused
from broker.council_providers import CouncilProvider

SKEW = 60  # seconds by which a provider's clock and ours may differ
# Signed by the provider's own key; never 'none', nor with the secret that both sides have.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
LONGEST = 255  # characters of a subject (OpenID Connect Core, 2)


@dataclass(frozen=True)
class Shown:
    """What a provider says of somebody. `email` is empty where it gave none; `signed_in_at` is by
    its clock, in seconds since 1970."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    is_strong: bool
    signed_in_at: float | None


def read(provider: CouncilProvider, got: dict[str, Any], *, nonce: str) -> Shown:
    """What tokens that were just got say. Refused where anything about them does not hold."""
    id_token = got.get("id_token")
    if not isinstance(id_token, str):
        raise Refused("no ID token")
    claims = _checked(provider, id_token, nonce, got.get("access_token"))
    is_short = not {"email", provider.verified_by} <= claims.keys()
    if is_short and isinstance(got.get("access_token"), str):
        more = line.userinfo(provider, got["access_token"])
        claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
    return _shown(provider, claims)


def _checked(
    provider: CouncilProvider, id_token: str, nonce: str, access_token: Any
) -> dict[str, Any]:
    try:
        token = _signed(provider, id_token)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token},
        )
        claims.validate(int(clock.by_the_wall().timestamp()), SKEW)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(f"the ID token: {type(error).__name__}") from error
    if not 0 < len(claims["sub"]) <= LONGEST:
        raise Refused("the ID token: its subject")
    return dict(claims)


def _signed(provider: CouncilProvider, id_token: str) -> jwt.Token:
    """The token, where a key of the provider's signed it; it may have a new key since we asked."""
    try:
        return _by(line.about(provider).keys, id_token)
    except (JoseError, ValueError):
        return _by(line.about(provider, afresh=True).keys, id_token)


def _by(keys: KeySet, id_token: str) -> jwt.Token:
    return jwt.decode(id_token, keys, algorithms=ALGORITHMS)


def _shown(provider: CouncilProvider, claims: dict[str, Any]) -> Shown:
    email, at = claims.get("email"), claims.get("auth_time")
    return Shown(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=email.strip().lower() if isinstance(email, str) else "",
        is_verified=claims.get(provider.verified_by) in (True, "true", "1"),
        is_strong=any(_says(claims.get(claim), value) for claim, value in provider.strong),
        signed_in_at=at if isinstance(at, (int, float)) else None,
    )


def _says(said: Any, value: str) -> bool:
    """`amr` is a list, `acr` a word."""
    return value in said if isinstance(said, list) else said == value
