"""Sending what waits in the outbox, by SMTP where MAIL_HOST is set.

At least once: a message is marked as sent after the server took it, and its Message-ID never
changes, so that a repeat after a crash is recognised. Without MAIL_HOST messages are read on the
site, each under its person's name.
"""

from __future__ import annotations

import os
import smtplib
from email.message import EmailMessage
from email.utils import format_datetime

from broker import outbox
from broker.db import db, transaction
from broker.models.work import Message


def send_waiting() -> int:
    """Send the waiting messages; how many went. No transaction is open while the server answers."""
    host = os.environ.get("MAIL_HOST")
    ready = [(message.id, as_email(message)) for message in outbox.waiting()] if host else []
    db.session.rollback()
    if not ready or not host:
        return 0
    with smtplib.SMTP(host, int(os.environ.get("MAIL_PORT", "25")), timeout=20) as server:
        for message_id, email in ready:
            server.send_message(email)
            with transaction():
                outbox.mark_sent(message_id)
    return len(ready)


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
