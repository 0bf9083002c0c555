"""Sending what waits in the outbox by SMTP, where MAIL_URL names a server.

At least once: a message is marked as sent after the server took it, and its Message-ID never
changes, so that a repeat after a crash is recognised. What a server puts off rests and is tried
again, at longer and longer times; after GIVE_UP it stays on the site and administrators are told.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app
from sqlalchemy import select

from broker import clock, links, outbox, wishes
from broker.clock import LONDON
from broker.config import MailServer
from broker.db import db, transaction
from broker.models.person import Membership, Role
from broker.models.work import Message

RESTS = [
    timedelta(seconds=10),
    *(timedelta(minutes=m) for m in (1, 5, 15, 60)),
    outbox.LONGEST_REST,
]
GIVE_UP = timedelta(days=3)
AT_ANY_HOUR = ("person send_link",)  # kinds that somebody has just asked for
OPENS, CLOSES = time(7), time(19)  # London; quiet hours lie outside
ANSWERS_WITHIN = 20  # seconds
Trouble = (OSError, smtplib.SMTPException, ValueError)  # ValueError: an address no mail can go to


def is_quiet(moment: datetime) -> bool:
    """Whether nobody is to be disturbed: at night, at weekends and on bank holidays."""
    local = moment.astimezone(LONDON)
    return not (clock.is_working_day(local.date()) and OPENS <= local.time() < CLOSES)


def send_waiting(*, at_any_hour: bool = False) -> int:
    """Send the waiting messages; how many left. No transaction is open while a server answers.

    Several workers may do it at once. Quiet hours are kept unless it is to be `at_any_hour`, or
    somebody who cannot sign in sits there and waits.
    """
    server: MailServer | None = current_app.config["SETTINGS"].mail
    if server is None:
        return 0
    is_kept = is_quiet(clock.now()) and not at_any_hour
    waiting = outbox.waiting(only=AT_ANY_HOUR if is_kept else ())
    ready = [(message.id, as_email(message)) for message in waiting]
    db.session.rollback()
    if not ready:
        return 0
    with Post(server) as post:
        return sum(_send(post, message_id, email) for message_id, email in ready)


def _send(post: Post, message_id: int, email: EmailMessage) -> bool:
    """Send one message and note what came of it; True when it left."""
    with transaction():
        is_mine = outbox.claim(message_id)
    if not is_mine:
        return False
    try:
        post.send(email)
    except Trouble as error:
        with transaction():
            put_off(db.session.get_one(Message, message_id), error)
        return False
    with transaction():
        outbox.mark_sent(message_id)
    return True


class Post:
    """A connection to the mail server, made when needed and anew after it broke.

    Once it could not be made, what is left of the pass does not knock again.
    """

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.line: smtplib.SMTP | None = None
        self.is_down: Exception | None = None

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_: object) -> None:
        if self.line is not None:
            with suppress(*Trouble):
                self.line.quit()
        self.hang_up()

    def send(self, email: EmailMessage) -> None:
        if self.is_down is not None:
            raise self.is_down
        line = self.line = self.line or self._dial()
        try:
            line.send_message(email)
        except Trouble:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
        self.line = None

    def _dial(self) -> smtplib.SMTP:
        try:
            return dial(self.server)
        except Trouble as error:
            self.is_down = error
            raise


def dial(server: MailServer) -> smtplib.SMTP:
    """A connection that is ready to send."""
    secure = ssl.create_default_context()
    if server.tls == "implicit":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=ANSWERS_WITHIN, context=secure
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=ANSWERS_WITHIN)
    try:
        if server.tls == "starttls":
            line.starttls(context=secure)
        if server.user:
            line.login(server.user, server.password)
    except Trouble:
        line.close()
        raise
    return line


def put_off(message: Message, error: Exception) -> None:
    """Note a try that failed: when the next is, or that there is none."""
    now = clock.now()
    message.attempts += 1
    message.tried_at = message.tried_at or now
    message.last_error = in_short(error)
    rest = RESTS[min(message.attempts, len(RESTS)) - 1]
    message.next_try_at = now + rest
    if is_for_good(error) or message.next_try_at - message.tried_at > GIVE_UP:
        message.gave_up_at = now
        _tell_administrators()


def is_for_good(error: Exception) -> bool:
    """The address itself is refused, so that trying again would help nobody."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, (ValueError, smtplib.SMTPNotSupportedError))


def in_short(error: Exception) -> str:
    """What went wrong, without a word of the server's, which may hold an address."""
    codes: Iterable[int] = ()
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = (error.smtp_code,)
    said = ", ".join(map(str, sorted(codes)))
    return f"The server answered {said}." if said else f"No answer ({type(error).__name__})."[:80]


def _tell_administrators() -> None:
    """Once a day at most, so that a long outage does not fill their day."""
    held = select(Membership.person_id).where(
        Membership.role == Role.ADMINISTRATOR, Membership.held_on(clock.today())
    )
    for person_id in db.session.scalars(held):
        outbox.put_once(
            key=f"gave-up-{clock.today()}-person-{person_id}",
            to_id=person_id,
            kind="mail gave_up",
            subject="Some messages could not be delivered",
            body="Some messages could not be delivered by e-mail. They stay on the site.\n\n"
            "See which, and check the addresses or the mail server.",
            path="/messages/sending",
        )


def as_email(message: Message) -> EmailMessage:
    settings = current_app.config["SETTINGS"]
    email = EmailMessage()
    email["From"] = settings.mail_from
    email["To"] = message.to.email
    email["Subject"] = " ".join(message.subject.split())
    email["Date"] = format_datetime(message.written_at)
    email["Message-ID"] = f"<{message.key}@support-exchange>"
    email["Auto-Submitted"] = "auto-generated"
    footing = ""
    if message.kind == outbox.DIGEST:
        leave = f"{settings.site}{wishes.leaving_path(message.to)}"
        email["List-Unsubscribe"] = f"<{leave}>"
        email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        footing = f"\nTo stop these daily messages: {leave}\n"
    path = links.path_in(message) or message.path
    email.set_content(f"{message.body}\n\n{settings.site}{path}\n{footing}")
    return email
