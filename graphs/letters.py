"""The letters that graphs write to the owner: filled from forms, laid into the outbox, from which they leave once."""

from __future__ import annotations

from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from stocksense.domain.reasons import Language, show_money
from stocksense.store import outbox
from tools.services import Services

_FORMS = Environment(
    loader=PackageLoader("graphs", "letter_forms"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_letter(services: Services, form: str, *, key: str, currency: str, report: object) -> None:
    """Fill a form from a report in the owner's language and queue it; the same key is written once.

    The first line of the text form is the letter's subject.
    """
    language = services.settings.language
    subject, _, text = _filled(f"{form}.{language}.txt", language, currency, report).partition("\n")
    with services.sessions.begin() as session:
        outbox.queue(
            session,
            services.shop(session).id,
            idempotency_key=key,
            recipients=[address.strip() for address in services.settings.mail_to.split(",") if address.strip()],
            subject=subject.strip(),
            text=text.lstrip("\n"),
            html=_filled(f"{form}.{language}.html", language, currency, report),
            now=services.clock(),
        )


def _filled(form: str, language: Language, currency: str, report: object) -> str:
    def money(amount: Decimal) -> str:
        return show_money(amount, currency, language)

    return _FORMS.get_template(form).render(report=report, money=money)
