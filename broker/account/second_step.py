"""The second step: codes of an authenticator app (RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac
import io
import secrets

import pyotp
import segno
from markupsafe import Markup
from sqlalchemy import delete, func, select

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.keys import digest, seal, unseal
from broker.models.person import Person
from broker.models.sign_in import RecoveryCode, SecondStep

PURPOSE = "second step"
ISSUER = "Support Exchange"
STEP = 30  # seconds that a code stands for
CODES, LETTERS_EACH = 10, 24  # 118 bits: a plain hash of it is enough
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that reads like another


def is_needed(person: Person) -> bool:
    """Whether a role that is held today asks for it."""
    return any(held.role.is_privileged for held in person.held_today)


def of(person: Person) -> SecondStep | None:
    return db.session.get(SecondStep, person.id)


def new_secret() -> str:
    """A key for an authenticator app, sealed: to be shown, and not kept until a code proves it."""
    return seal(PURPOSE, pyotp.random_base32())


def shown(sealed: str) -> str:
    """The key as a person types it, in fours."""
    secret = unseal(PURPOSE, sealed) or ""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(sealed: str, person: Person) -> Markup:
    """The key as a QR code, as an SVG picture without style or script."""
    secret = unseal(PURPOSE, sealed) or ""
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=5, xmldecl=False, svgns=True, nl=False, svgclass="app-qr",
        lineclass=None, title="QR code for your authenticator app", light="#fff",
    )  # fmt: skip
    return Markup(drawn.getvalue().decode())


def set_up(person: Person, sealed: str, code: str) -> list[str]:
    """Keep the key once a code of it is right; the recovery codes, which are shown once."""
    step = _step_of(sealed, code)
    if step is None:
        raise NotRight(
            "That is not the code that your app should show now. Check that the time on your phone"
            " is set by itself, and type the newest code.",
            "code",
        )
    kept = of(person) or SecondStep(person_id=person.id, secret=sealed)
    kept.secret, kept.last_step, kept.set_at = sealed, step, clock.now()
    db.session.add(kept)
    db.session.flush()
    return new_recovery_codes(person)


def take_code(person: Person, code: str) -> bool:
    """Use up a code of the app; False when it is wrong, or was used before."""
    kept = db.session.get(SecondStep, person.id, with_for_update=True, populate_existing=True)
    step = _step_of(kept.secret, code) if kept else None
    if kept is None or step is None or step <= kept.last_step:
        return False
    kept.last_step = step
    db.session.flush()
    return True


def _step_of(sealed: str, code: str) -> int | None:
    """The time step that a code stands for: this one, or the one before or after."""
    secret = unseal(PURPOSE, sealed)
    if secret is None:
        return None
    now, maker = int(clock.by_the_wall().timestamp()) // STEP, pyotp.TOTP(secret)
    typed = "".join(code.split())
    fits = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(maker.at(step * STEP).encode(), typed.encode())
    ]
    return fits[0] if fits else None


def new_recovery_codes(person: Person) -> list[str]:
    """Ten codes in the place of all earlier ones."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LETTERS_EACH)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=digest(code)) for code in codes)
    db.session.flush()
    return ["-".join(code[at : at + 4] for at in range(0, LETTERS_EACH, 4)) for code in codes]


def take_recovery_code(person: Person, code: str) -> bool:
    """Use up a recovery code."""
    plain = "".join(letter for letter in code.lower() if letter in LETTERS)
    mine = select(RecoveryCode).filter_by(person_id=person.id, code_hash=digest(plain))
    found = db.session.scalars(mine.with_for_update()).one_or_none()
    if found is None or found.used_at is not None:
        return False
    found.used_at = clock.now()
    db.session.flush()
    return True


def codes_left(person: Person) -> int:
    unused = select(func.count(RecoveryCode.id)).filter_by(person_id=person.id, used_at=None)
    return db.session.scalar(unused) or 0


def take_away(person: Person) -> None:
    """Forget the app and the codes: the next sign-in asks to set it up anew where it is needed."""
    for table in (SecondStep, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == person.id))
    db.session.expire_all()
