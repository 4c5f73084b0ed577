"""Results about sales as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.offline.language import Language
from agents.offline.phrases import day, money, name_of, number, phrase, span, word

Values = Mapping[str, Any]


def summary(values: Values, language: Language) -> str:
    """Sales of a period, against the like period before and a year ago."""
    first = phrase(
        "sales",
        language,
        about=_about(values, language),
        amount=money(values["amount"], values["currency"], language),
        units=number(values["units"]),
        **_period(values["period"], language),
    )
    return " ".join([first, _against("previous", values, language), _against("year_before", values, language)])


def by_day(values: Values, language: Language) -> str:
    """Sales over the days of a period: all of them, an average day, the best and the weakest."""
    if not values["units"]:
        return phrase("nothing_sold", language, **_period(values["period"], language))

    def paid(amount: Any) -> str:
        return money(amount, values["currency"], language)

    best, least = (choose(values["days"], key=lambda row: float(row["amount"])) for choose in (max, min))
    return phrase(
        "by_day",
        language,
        about=_about(values, language),
        amount=paid(values["amount"]),
        units=number(values["units"]),
        mean=paid(values["mean_amount"]),
        best_day=day(best["day"], language),
        best=paid(best["amount"]),
        least_day=day(least["day"], language),
        least=paid(least["amount"]),
        **_period(values["period"], language),
    )


def _about(values: Values, language: Language) -> str:
    """What sales were narrowed to, as the beginning of a sentence."""
    about = name_of(values["about"], language) if values.get("about") else ""
    return (f"{about} " if language == "ko" else f"{about}. ") if about else ""


def _against(which: str, values: Values, language: Language) -> str:
    other = values[which]
    shown = {
        "label": word(which, values["period"]["kind"], language),
        "span": span(other["first"], other["last"], language, year=which == "year_before"),
    }
    if other["change_percent"] is None:
        return phrase("sales_against_nothing", language, **shown)
    change = f"{other['change_percent']:+.1f}%"
    return phrase(
        "sales_against",
        language,
        change=change,
        amount=money(other["amount"], values["currency"], language),
        **shown,
    )


def top_sellers(values: Values, language: Language) -> str:
    """The products that sold most, or least."""
    if not values["products"]:
        return phrase("nothing_sold", language, **_period(values["period"], language))
    head = phrase("bottom" if values["slowest"] else "top", language, **_period(values["period"], language))
    lines = [
        phrase(
            "top_line",
            language,
            rank=row["rank"],
            name=name_of(row, language),
            units=number(row["units"]),
            amount=money(row["amount"], values["currency"], language),
        )
        for row in values["products"]
    ]
    return "\n".join([head, *lines])


def by_category(values: Values, language: Language) -> str:
    """Sales of each category."""
    return _shares("by_category", values, language)


def by_location(values: Values, language: Language) -> str:
    """Sales of each location."""
    return _shares("by_location", values, language)


def _shares(head: str, values: Values, language: Language) -> str:
    period = _period(values["period"], language)
    if not values["rows"]:
        return phrase("nothing_sold", language, **period)
    lines = [
        phrase(
            "share_line",
            language,
            name=name_of(row, language),
            units=number(row["units"]),
            amount=money(row["amount"], values["currency"], language),
            share=number(row["share_percent"]),
        )
        for row in values["rows"]
    ]
    return "\n".join([phrase(head, language, **period), *lines])


def _period(period: Values, language: Language) -> dict[str, str]:
    name = word("period", period["name"], language)
    shown = span(period["first"], period["last"], language, year=name == period["name"])
    if name != period["name"]:
        return {"period": name, "span": shown}
    return {"period": shown if language == "ko" else "in the period", "span": shown}
