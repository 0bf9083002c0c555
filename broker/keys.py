"""Keys for single purposes, worked out from the installation's one secret."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def key_for(purpose: str) -> bytes:
    """32 bytes that say nothing about the secret, nor about the key for another purpose."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(SHA256(), 32, salt=None, info=f"exchange {purpose}".encode()).derive(secret)


def seal(purpose: str, text: str) -> str:
    """The text, readable only with this installation's secret."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str | None:
    """What was sealed; None when it was sealed with another secret, or changed since."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))


def mark(purpose: str, text: str) -> str:
    """A code for the text, as it can be made only here: 43 characters for an address."""
    made = hmac.digest(key_for(purpose), text.encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest(text: str) -> str:
    """What is kept of a secret that is long and random by itself."""
    return hashlib.sha256(text.encode()).hexdigest()
