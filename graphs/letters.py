"""The letters that graphs write to the owner: filled from forms, laid into the outbox, from which they leave once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from stocksense.domain.reasons import Language, show_money
from stocksense.store import outbox, users
from stocksense.store.session import Session
from tools.services import Services

_FORMS = Environment(
    loader=PackageLoader("graphs", "letter_forms"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_letter(
    services: Services, form: str, *, key: str, currency: str, report: Callable[[Language], object]
) -> None:
    """Fill a form from a report, in each language that its readers speak, and queue it; a key is written once.

    The first line of the text form is the letter's subject.
    """
    with services.sessions() as session:
        readers = _readers(session, services)
    for place, (language, recipients) in enumerate(readers.items()):
        told = report(language)
        subject, _, text = _filled(f"{form}.{language}.txt", language, currency, told).partition("\n")
        with services.sessions.begin() as session:
            outbox.queue(
                session,
                services.shop(session).id,
                idempotency_key=f"{key}-{language}" if place else key,
                recipients=recipients,
                subject=subject.strip(),
                text=text.lstrip("\n"),
                html=_filled(f"{form}.{language}.html", language, currency, told),
                now=services.clock(),
            )


def _readers(session: Session, services: Services) -> dict[Language, list[str]]:
    """Who gets letters, by language: that of the account where there is one, else that of the settings, which leads."""
    own = services.settings.language
    addresses = [address.strip() for address in services.settings.mail_to.split(",") if address.strip()]
    spoken = users.languages_of(session, addresses)
    readers: dict[Language, list[str]] = {}
    for address in sorted(addresses, key=lambda one: spoken.get(one, own) != own):
        language: Language = "en" if spoken.get(address, own) == "en" else "ko"
        readers.setdefault(language, []).append(address)
    return readers or {own: []}


def _filled(form: str, language: Language, currency: str, report: object) -> str:
    def money(amount: Decimal) -> str:
        return show_money(amount, currency, language)

    return _FORMS.get_template(form).render(report=report, money=money)
