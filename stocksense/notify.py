"""Delivers the mails of the outbox: over SMTP, or as .eml files where no mail server is set up."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

from stocksense.errors import MailUndelivered
from stocksense.settings import Settings

log = logging.getLogger(__name__)

Fate = Literal["sent", "written", "postponed", "failed", "unknown"]
"""`postponed`: tried again later. `unknown`: handed over, but no receipt came back, so it is not sent again."""

Sessions = TypeVar("Sessions")

_ADDRESS = re.compile(r"[!#-'*+\-/-9=?A-Z^-~.]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
"""Plain addresses: nothing that could end a header or a command, or stand for two."""


class Letter(Protocol):
    """A mail as the outbox keeps it."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def idempotency_key(self) -> str:
        """What names it for ever."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Addresses."""

    @property
    def subject(self) -> str:
        """Its subject."""

    @property
    def text(self) -> str:
        """Its plain text."""

    @property
    def html(self) -> str:
        """The same in HTML, or nothing."""

    @property
    def created_at(self) -> datetime:
        """When it was queued."""


class Outbox(Protocol):
    """Where mails wait. Every call is committed when it returns."""

    def claim_next(self, now: datetime) -> Letter | None:
        """The next mail that is due, which nobody else gets from then on; None if there is none."""

    def settle(self, mail_id: int, fate: Fate, *, now: datetime, note: str = "") -> None:
        """Note how the delivery of a claimed mail ended."""

    def settle_stale(self, now: datetime) -> int:
        """Note that mails whose process died while it sent them are of unknown fate; returns how many."""


@dataclass(frozen=True)
class Outcome:
    """How one delivery ended; `closed` means that the mail server refuses everything just now."""

    fate: Fate
    note: str = ""
    path: Path | None = None
    closed: bool = False


@dataclass(frozen=True)
class Delivered:
    """How many mails left or did not, the files that were written, and what went wrong, in words."""

    sent: int = 0
    written: int = 0
    failed: int = 0
    unknown: int = 0
    postponed: int = 0
    paths: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


class Transport(Protocol):
    """A way for mails to leave."""

    def send(self, letter: Letter) -> Outcome:
        """Hand one mail over; never raises for what a server or a disk does."""


class Notifier(Generic[Sessions]):
    """Empties the outbox. Two of them, in two processes, share the mails between them."""

    def __init__(self, transport: Transport, open_outbox: Callable[[Sessions], Outbox]) -> None:
        self._transport = transport
        self._open_outbox = open_outbox

    def deliver(self, sessions: Sessions, now: datetime) -> Delivered:
        """Deliver every mail that is due, and tell what came of it."""
        outbox = self._open_outbox(sessions)
        lost = outbox.settle_stale(now)
        outcomes: list[Outcome] = []
        while (letter := outbox.claim_next(now)) is not None:
            outcome = self._transport.send(letter)
            outbox.settle(letter.id, outcome.fate, now=now, note=outcome.note or str(outcome.path or ""))
            log.info("mail handled: id=%d fate=%s note=%s", letter.id, outcome.fate, outcome.note)
            outcomes.append(outcome)
            if outcome.closed:
                break
        return _summed(outcomes, lost)


@dataclass(frozen=True)
class MailServer:
    """A mail server and how it is spoken to; seconds for `timeout`. Tests bring their own `trust`."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str = ""
    password: str = ""
    timeout: float = 30.0
    trust: ssl.SSLContext | None = None


class SmtpTransport:
    """Sends mails over SMTP, one connection each."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, letter: Letter) -> Outcome:
        """Hand one mail to the server; what it says decides whether it is tried again."""
        try:
            message = compose(letter, self._server.sender)
        except MailUndelivered as error:
            return Outcome("failed", str(error))
        try:
            connection = self._open()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("postponed", self._why_closed(error), closed=True)
        try:
            return self._hand_over(connection, message, letter.recipients)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("postponed", f"{self._server.host} broke the connection ({type(error).__name__})")
        finally:
            connection.close()

    def _open(self) -> smtplib.SMTP:
        """A connection that is secured and logged in as asked."""
        server = self._server
        trust = server.trust or ssl.create_default_context()
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=trust)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=trust)
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, message: EmailMessage, recipients: Sequence[str]) -> Outcome:
        """The talk about one mail, up to the point from which on it may have left."""
        code, reply = connection.mail(self._server.sender)
        if code != 250:
            return self._refused(code, reply)
        refused = {}
        for recipient in recipients:
            code, reply = connection.rcpt(recipient)
            if code not in (250, 251):
                refused[recipient] = (code, reply)
        if len(refused) == len(recipients):
            return self._refused(*refused[recipients[0]])
        code, reply = connection.docmd("DATA")
        if code != 354:
            return self._refused(code, reply)
        outcome = self._send_text(connection, message)
        if refused and outcome.fate == "sent":
            return Outcome("sent", f"{self._server.host} does not take it for {', '.join(refused)}; check the address")
        return outcome

    def _send_text(self, connection: smtplib.SMTP, message: EmailMessage) -> Outcome:
        """Send the mail itself. If the receipt for it doesn't come, it may have arrived or not."""
        lines = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=SMTP))
        try:
            connection.send(lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, reply = connection.getreply()
        except (OSError, smtplib.SMTPException):
            return Outcome(
                "unknown",
                f"{self._server.host} took the mail, but the connection broke before it said so; "
                f"look whether it arrived before sending it again",
            )
        return Outcome("sent") if code == 250 else self._refused(code, reply)

    def _refused(self, code: int, reply: bytes) -> Outcome:
        """Codes from 500 on are final, those below mean: later."""
        said = " ".join(reply.decode("ascii", "replace").split())[:200]
        return Outcome("failed" if code >= 500 else "postponed", f"{self._server.host} answered {code} {said}")

    def _why_closed(self, error: Exception) -> str:
        """What to do about a server that doesn't let us in."""
        where = f"{self._server.host}:{self._server.port}"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return (
                f"{where} refused the login ({error.smtp_code}); check STOCKSENSE_SMTP_USER and "
                f"STOCKSENSE_SMTP_PASSWORD (Gmail wants an app password)"
            )
        if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
            return f"{where} does not speak as STOCKSENSE_SMTP_SECURITY={self._server.security} asks ({error})"
        return (
            f"{where} cannot be reached ({type(error).__name__}); check STOCKSENSE_SMTP_HOST and STOCKSENSE_SMTP_PORT"
        )


class FileTransport:
    """Writes mails as files that every mail program opens, each whole or not at all."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, letter: Letter) -> Outcome:
        """Write one mail; a second attempt takes the place of the first."""
        try:
            message = compose(letter, self._sender)
        except MailUndelivered as error:
            return Outcome("failed", str(error))
        path = self._folder / f"{letter.created_at:%Y%m%d-%H%M%S}-{letter.id:06d}.eml"
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(message.as_bytes(policy=SMTP))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            return Outcome("postponed", f"{path} could not be written ({error.strerror}); free the disk", closed=True)
        return Outcome("written", path=path.absolute())


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The message of a mail, in plain text and, if there is any, HTML.

    Its Message-ID follows from the mail's key, so that a mail that arrives twice is known as one. Raises
    MailUndelivered for an address that is none; no text can add a header.
    """
    for address in (sender, *letter.recipients):
        if not _ADDRESS.fullmatch(address):
            raise MailUndelivered(
                f"{address!r} is no plain e-mail address; correct STOCKSENSE_MAIL_FROM or STOCKSENSE_MAIL_TO"
            )
    if not letter.recipients:
        raise MailUndelivered("the mail has no recipient; set STOCKSENSE_MAIL_TO")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(letter.recipients)
    message["Subject"] = _line(letter.subject)
    message["Date"] = format_datetime(letter.created_at)
    name = hashlib.sha256(letter.idempotency_key.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def make_notifier(settings: Settings, open_outbox: Callable[[Sessions], Outbox]) -> Notifier[Sessions]:
    """The notifier of the settings: over SMTP if a mail server is set, else into the folder `mail` of the home."""
    if not settings.smtp_host:
        return Notifier(FileTransport(settings.home / "mail", settings.mail_from), open_outbox)
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=password,
    )
    return Notifier(SmtpTransport(server), open_outbox)


def _line(text: str) -> str:
    """A text on one line, without characters that control anything."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _summed(outcomes: Sequence[Outcome], lost: int) -> Delivered:
    fates = [outcome.fate for outcome in outcomes]
    return Delivered(
        sent=fates.count("sent"),
        written=fates.count("written"),
        failed=fates.count("failed"),
        unknown=fates.count("unknown") + lost,
        postponed=fates.count("postponed"),
        paths=tuple(outcome.path for outcome in outcomes if outcome.path),
        problems=tuple(dict.fromkeys(outcome.note for outcome in outcomes if outcome.note)),
    )
