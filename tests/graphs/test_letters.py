"""A letter speaks the language of whoever gets it."""

from dataclasses import replace
from functools import partial

from graphs.brief import brief_of
from graphs.letters import write_letter
from stocksense.store import outbox
from stocksense.store.states import Role
from stocksense.store.users import save_user


def letters(services):
    write_letter(services, "brief", key="brief-7", currency="KRW", report=partial(brief_of, services))
    with services.sessions() as session:
        mails = outbox.mails(session, services.shop(session).id)
        return {mail.idempotency_key: (mail.recipients, mail.text) for mail in mails}


def addressed(services, to):
    return replace(services, settings=services.settings.model_copy(update={"mail_to": to}))


def test_everybody_is_written_to_in_their_own_language(sqlite_corner):
    services = addressed(sqlite_corner, "Hana@example.com, owner@localhost")
    with services.sessions.begin() as session:
        save_user(session, "hana@example.com", name="Hana", role=Role.OWNER, now=services.clock(), language="en")

    written = letters(services)

    assert list(written["brief-7"][0]) == ["owner@localhost"]
    assert list(written["brief-7-en"][0]) == ["Hana@example.com"]
    assert "구름우유" not in written["brief-7-en"][1]


def test_where_all_speak_one_language_there_is_one_letter(sqlite_corner):
    assert letters(addressed(sqlite_corner, "a@example.com,b@example.com")).keys() == {"brief-7"}
