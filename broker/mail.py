"""Sending what waits in the outbox, by SMTP where MAIL_HOST is set.

At least once: a message is marked as sent after the server took it, and its Message-ID never
changes, so that a repeat after a crash is recognised. Without MAIL_HOST messages are read on the
site, each under its person's name.
"""

from __future__ import annotations

import logging
import os
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from broker import clock, outbox
from broker.db import db, transaction
from broker.models.work import Message

log = logging.getLogger(__name__)
REST = timedelta(minutes=1)


class Trouble:
    """When a server that did not answer is asked again; None: it answers."""

    rests_until: datetime | None = None


def send_waiting() -> int:
    """Send the waiting messages; how many are settled. No transaction is open meanwhile.

    A server in trouble is asked again a minute later. What it refuses for good stays on the site.
    """
    host = os.environ.get("MAIL_HOST")
    if not host or (Trouble.rests_until and clock.now() < Trouble.rests_until):
        return 0
    ready = [(message.id, as_email(message)) for message in outbox.waiting()]
    db.session.rollback()
    try:
        return _send_all(host, ready) if ready else 0
    except (OSError, smtplib.SMTPException) as error:
        Trouble.rests_until = clock.now() + REST
        log.warning("the mail server at %s is in trouble: %s", host, error)
        return 0


def _send_all(host: str, ready: list[tuple[int, EmailMessage]]) -> int:
    """Send one by one; a message that is put off waits for the next time, the others go."""
    settled = 0
    with smtplib.SMTP(host, int(os.environ.get("MAIL_PORT", "25")), timeout=20) as server:
        for message_id, email in ready:
            if _is_put_off(server, email):
                Trouble.rests_until = clock.now() + REST
                continue
            with transaction():
                outbox.mark_sent(message_id)
            settled += 1
    return settled


def _is_put_off(server: smtplib.SMTP, email: EmailMessage) -> bool:
    """Send it. True when the server asks to try later; what it refuses for good is not repeated."""
    try:
        server.send_message(email)
    except smtplib.SMTPRecipientsRefused as error:
        log.warning("message %s was refused: %s", email["Message-ID"], error.recipients)
        return any(code < 500 for code, _ in error.recipients.values())
    return False


def as_email(message: Message) -> EmailMessage:
    site = os.environ.get("SITE", "http://127.0.0.1:5000").rstrip("/")
    email = EmailMessage()
    email["From"] = os.environ.get("MAIL_FROM", "exchange@localhost")
    email["To"] = message.to.email
    email["Subject"] = " ".join(message.subject.split())
    email["Date"] = format_datetime(message.written_at)
    email["Message-ID"] = f"<{message.key}@support-exchange>"
    email.set_content(f"{message.body}\n\n{site}{message.path}\n")
    return email
