"""Results about decisions, proposals and orders as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from agents.offline.language import Language
from agents.offline.phrases import day, money, name_of, number, phrase, word

Values = Mapping[str, Any]


def explanation(values: Values, language: Language) -> str:
    """Why a product was, or was not, ordered, and what has changed since."""
    parts = [
        phrase(
            "explained",
            language,
            name=name_of(values, language),
            reason=values[f"reason_{language}"],
            day=day(values["decided_on"], language),
        )
    ]
    if values["changed_since"]:
        counts = {"on_hand": number(values["on_hand"]), "on_order": number(values["on_order"])}
        parts.append(phrase("explained_since", language, **counts))
    return " ".join(parts) + not_yet_ordered(values, language)


def not_yet_ordered(row: Values, language: Language) -> str:
    """What stands between a decision to order and an order: a proposal that waits, or the next run."""
    if row["proposal"]:
        return " " + phrase("waits", language, id=row["proposal"])
    is_open = row["reason"] == "ordered" and not row["on_order"] and not row.get("changed_since")
    return " " + phrase("not_proposed", language) if is_open else ""


def open_orders(values: Values, language: Language) -> str:
    """What is on its way."""
    if not values["orders"]:
        return phrase("orders_none", language)
    total = money(values["total"], values["currency"], language)
    lines = [
        phrase(
            "order_line",
            language,
            name=name_of(row, language),
            units=number(row["units_open"]),
            state=word("state", row["state"], language),
            supplier=row["supplier"],
            total=money(row["total"], values["currency"], language),
            expected=_expected(row, language),
        )
        for row in values["orders"]
    ]
    return "\n".join([phrase("orders", language, count=values["count"], total=total), *lines])


def _expected(row: Values, language: Language) -> str:
    if not row["expected_on"]:
        return ""
    shown = {"day": day(row["expected_on"], language)}
    if row["days_late"]:
        return phrase("order_overdue", language, days=row["days_late"], **shown)
    return phrase("order_expected", language, **shown)


def proposals(values: Values, language: Language) -> str:
    """What waits for a person."""
    if not values["proposals"]:
        return phrase("proposals_none", language)
    rows = values["proposals"]
    currency = rows[0]["currency"]
    total = money(sum((Decimal(row["total"]) for row in rows), Decimal(0)), currency, language)
    lines = [phrase("proposal_line", language, **_proposal(row, language)) for row in rows]
    head = phrase("proposals", language, count=len(rows), total=total)
    return "\n".join([head, *lines, phrase("approve", language)])


def proposed(values: Values, language: Language) -> str:
    """A proposal that was just made; nothing more was done."""
    return phrase("proposed", language, **_proposal(values, language))


def _proposal(row: Values, language: Language) -> dict[str, str]:
    return {
        "id": str(row["id"]),
        "name": name_of(row, language),
        "quantity": number(row["quantity"]),
        "total": money(row["total"], row["currency"], language),
        "supplier": row["supplier"],
    }
