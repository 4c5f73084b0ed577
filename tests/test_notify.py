"""Mails leave once: over SMTP to a real server on localhost, or as files; and no text becomes a header."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from stocksense.errors import MailUndelivered
from stocksense.notify import FileTransport, MailServer, Notifier, SmtpTransport, compose, make_notifier
from stocksense.settings import Settings
from stocksense.store import outbox
from stocksense.store.outbox import Outbox
from stocksense.store.shops import create_shop, find_shop
from stocksense.store.states import MailState

NOW = datetime(2026, 3, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Note:
    """A mail to deliver."""

    id: int = 1
    idempotency_key: str = "replenish-1"
    recipients: tuple[str, ...] = ("owner@shop.test",)
    subject: str = "오늘의 주문"
    text: str = "차 12개를 주문했습니다.\n.\n끝\n"
    html: str = "<p>차 <b>12개</b>를 주문했습니다.</p>"
    created_at: datetime = NOW


@dataclass
class Post:
    """A mail server's mind: what it took, and how it answers at each step."""

    taken: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    at_data: str = "250 OK"
    refused: tuple[str, ...] = ()
    breaks_after_data: bool = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # aiosmtpd names it
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd names it
        self.taken.append((tuple(envelope.rcpt_tos), envelope.content))
        if self.breaks_after_data:
            server.transport.abort()
        return self.at_data


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def start(post: Post) -> Iterator[Callable[..., MailServer]]:
    """Starts a mail server on localhost and says how to reach it."""
    running: list[Controller] = []

    def begin(**options: object) -> MailServer:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        running.append(Controller(post, hostname="127.0.0.1", port=port, **options))
        running[-1].start()
        return MailServer("127.0.0.1", port, "none", "stocksense@shop.test", timeout=5)

    yield begin
    for controller in running:
        controller.stop()


@pytest.fixture
def letters_in() -> Callable[..., list[outbox.Mail]]:
    """Every mail of the only shop, the oldest first."""

    def read(sessions):
        with sessions() as session:
            return list(reversed(outbox.mails(session, find_shop(session).id)))

    return read


def parsed(content):
    return message_from_bytes(content, policy=policy.default)


def test_a_mail_arrives_as_text_and_html(start, post):
    outcome = SmtpTransport(start()).send(Note(recipients=("owner@shop.test", "staff@shop.test")))

    ((to, content),) = post.taken
    message = parsed(content)
    assert (outcome.fate, to) == ("sent", ("owner@shop.test", "staff@shop.test"))
    assert (message["Subject"], message["To"]) == ("오늘의 주문", "owner@shop.test, staff@shop.test")
    assert message.get_body(("plain",)).get_content().splitlines() == ["차 12개를 주문했습니다.", ".", "끝"]
    assert "<b>12개</b>" in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("answer", "fate"), [("451 try later", "postponed"), ("552 too big", "failed"), ("554 spam", "failed")]
)
def test_a_refused_mail_is_tried_again_only_if_the_server_says_later(start, post, answer, fate):
    post.at_data = answer

    outcome = SmtpTransport(start()).send(Note())

    assert outcome.fate == fate
    assert answer[:3] in outcome.note


def test_a_mail_whose_receipt_is_lost_is_of_unknown_fate(start, post):
    post.breaks_after_data = True

    outcome = SmtpTransport(start()).send(Note())

    assert outcome.fate == "unknown"
    assert "look whether it arrived" in outcome.note


def test_a_mail_that_some_refuse_reaches_the_others(start, post):
    post.refused = ("gone@shop.test",)

    outcome = SmtpTransport(start()).send(Note(recipients=("gone@shop.test", "owner@shop.test")))

    assert (outcome.fate, post.taken[0][0]) == ("sent", ("owner@shop.test",))
    assert "gone@shop.test" in outcome.note


def test_a_mail_that_all_refuse_has_failed(start, post):
    post.refused = ("gone@shop.test",)

    outcome = SmtpTransport(start()).send(Note(recipients=("gone@shop.test",)))

    assert (outcome.fate, post.taken) == ("failed", [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("password", "fate"), [("right", "sent"), ("wrong", "postponed")])
def test_the_login_is_held_against_the_password(start, password, fate):
    def check(server, session, envelope, mechanism, data):
        is_right = data.password == b"right"
        return AuthResult(success=is_right, handled=is_right)

    server = start(authenticator=check, auth_require_tls=False, auth_required=True)

    outcome = SmtpTransport(replace(server, user="me", password=password)).send(Note())

    assert outcome.fate == fate
    assert ("STOCKSENSE_SMTP_PASSWORD" in outcome.note, outcome.closed) == (fate != "sent", fate != "sent")


def test_a_server_that_cannot_be_reached_keeps_the_mail_waiting():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = MailServer("127.0.0.1", taken.getsockname()[1], "none", "a@shop.test", timeout=1)

        outcome = SmtpTransport(server).send(Note())

    assert (outcome.fate, outcome.closed) == ("postponed", True)
    assert "STOCKSENSE_SMTP_HOST" in outcome.note


def test_a_server_that_says_nothing_is_given_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = MailServer("127.0.0.1", silent.getsockname()[1], "none", "a@shop.test", timeout=0.2)

        assert SmtpTransport(server).send(Note()).fate == "postponed"


def test_a_server_without_starttls_gets_nothing_in_the_clear(start, post):
    outcome = SmtpTransport(replace(start(), security="starttls", user="me", password="secret")).send(Note())

    assert (outcome.fate, outcome.closed, post.taken) == ("postponed", True, [])
    assert "STOCKSENSE_SMTP_SECURITY=starttls" in outcome.note


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_secured_connection_needs_a_certificate_that_is_trusted(start, post, certificate, security, is_trusted):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    server = start(**({"ssl_context": serving} if security == "tls" else {"tls_context": serving}))
    trust = ssl.create_default_context(cafile=str(certificate)) if is_trusted else None

    outcome = SmtpTransport(replace(server, security=security, trust=trust)).send(Note())

    assert (outcome.fate, len(post.taken)) == (("sent", 1) if is_trusted else ("postponed", 0))


def test_a_file_holds_the_whole_mail_and_nothing_else_lies_there(tmp_path):
    outcome = FileTransport(tmp_path / "mail", "stocksense@shop.test").send(Note())

    assert list((tmp_path / "mail").iterdir()) == [outcome.path]
    message = parsed(outcome.path.read_bytes())
    assert message["Subject"] == "오늘의 주문"
    assert message.get_body(("plain",)).get_content().startswith("차 12개를")


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(tmp_path):
    (tmp_path / "mail").write_text("a file where the folder should be")

    outcome = FileTransport(tmp_path / "mail", "stocksense@shop.test").send(Note())

    assert (outcome.fate, outcome.closed) == ("postponed", True)


@pytest.mark.parametrize(
    "address",
    ["", "owner", "a@b, c@d", "a@b\r\nBcc: c@d", "Owner <a@b>", "a b@c", "가@shop.test", "a@-", "a@b>", "<a@b"],
)
def test_what_is_no_plain_address_is_refused(address):
    with pytest.raises(MailUndelivered, match=r"no plain e-mail address|no recipient"):
        compose(Note(recipients=(address,)), "stocksense@shop.test")


def test_an_address_that_is_none_fails_the_mail_and_names_the_setting(start, tmp_path):
    bad = Note(recipients=("a@b, c@d",))

    for transport in (SmtpTransport(start()), FileTransport(tmp_path, "stocksense@shop.test")):
        outcome = transport.send(bad)
        assert outcome.fate == "failed"
        assert "STOCKSENSE_MAIL_TO" in outcome.note


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80), st.text(st.characters(codec="utf-8")))
def test_no_subject_and_no_text_adds_a_header(subject, text):
    note = Note(subject=f"{subject}\r\nBcc: thief@evil.test", text=f"Bcc: thief@evil.test\r\n\r\n{text}", html="")

    message = parsed(compose(note, "stocksense@shop.test").as_bytes())

    assert message["Bcc"] is None
    assert message["To"] == "owner@shop.test"


def test_a_mail_keeps_its_name_so_that_twins_are_known():
    first, again, other = (compose(Note(idempotency_key=key), "a@shop.test")["Message-ID"] for key in ("k", "k", "l"))

    assert first == again
    assert first != other


def test_without_a_mail_server_mails_become_files(tmp_path, sessions, letters_in):
    queue(sessions, 2)

    done = make_notifier(Settings(_env_file=None, home=tmp_path), Outbox).deliver(sessions, NOW)

    assert (done.written, len(done.paths), done.problems) == (2, 2, ())
    assert all(path.parent == tmp_path / "mail" and path.is_file() for path in done.paths)
    assert [letter.note for letter in letters_in(sessions)] == [str(path) for path in done.paths]


def test_with_a_mail_server_mails_are_sent(tmp_path, sessions, start, post):
    queue(sessions, 2)
    server = start()
    settings = Settings(
        _env_file=None, home=tmp_path, smtp_host=server.host, smtp_port=server.port, smtp_security="none"
    )

    done = make_notifier(settings, Outbox).deliver(sessions, NOW)

    assert (done.sent, len(post.taken), (tmp_path / "mail").exists()) == (2, 2, False)


def test_a_closed_server_is_not_knocked_at_for_every_mail(sessions, letters_in):
    queue(sessions, 3)
    server = MailServer("127.0.0.1", 1, "none", "a@shop.test", timeout=1)

    done = Notifier(SmtpTransport(server), Outbox).deliver(sessions, NOW)

    assert (done.postponed, len(done.problems)) == (1, 1)
    assert [letter.attempts for letter in letters_in(sessions)] == [1, 0, 0]


def test_a_mail_of_unknown_fate_is_not_sent_again(sessions, start, post, letters_in):
    queue(sessions, 1)
    post.breaks_after_data = True
    notifier = Notifier(SmtpTransport(start()), Outbox)

    first, second = notifier.deliver(sessions, NOW), notifier.deliver(sessions, NOW)

    assert (first.unknown, second.unknown, len(post.taken)) == (1, 0, 1)
    assert letters_in(sessions)[0].state is MailState.UNKNOWN


def test_two_who_deliver_at_once_send_each_mail_once(sessions, start, post):
    queue(sessions, 30)
    notifier = Notifier(SmtpTransport(start()), Outbox)
    both = [threading.Thread(target=notifier.deliver, args=(sessions, NOW)) for _ in range(2)]

    for one in both:
        one.start()
    for one in both:
        one.join(60)

    names = [parsed(content)["Message-ID"] for _, content in post.taken]
    assert (len(names), len(set(names))) == (30, 30)


def queue(sessions, count):
    """Put mails into the outbox of a new shop."""
    with sessions.begin() as session:
        shop = create_shop(session, "Corner", now=NOW)
        for at in range(count):
            outbox.queue(
                session,
                shop.id,
                idempotency_key=f"mail-{at}",
                recipients=["owner@shop.test"],
                subject=f"{at}",
                text="차",
                now=NOW,
            )


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path
