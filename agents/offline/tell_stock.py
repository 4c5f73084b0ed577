"""Results about stock, products and demand as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.offline.language import Language
from agents.offline.phrases import day, money, name_of, number, phrase, span, word
from agents.offline.tell_orders import not_yet_ordered

Values = Mapping[str, Any]


def stock(values: Values, language: Language) -> str:
    """Units of one product, and how long they last."""
    name = name_of(values, language)
    counts = {"on_hand": number(values["on_hand"]), "on_order": number(values["on_order"])}
    parts = [phrase("stock", language, name=name, sku=values["sku"], **counts)]
    if values["past_sale"]:
        parts.append(phrase("stock_past_sale", language, units=number(values["past_sale"])))
    if values["quarantined"]:
        parts.append(phrase("stock_quarantined", language, units=number(values["quarantined"])))
    if values["reorder_point"] is not None:
        shown = {"point": number(values["reorder_point"]), "demand": number(values["daily_demand"])}
        parts.append(phrase("stock_point", language, days=number(values["days_left"]), **shown))
    if values["next_expiry"]:
        shown = {"day": day(values["next_expiry"], language, year=True)}
        parts.append(phrase("stock_expiry", language, units=number(values["expiring_units"]), **shown))
    return " ".join(parts)


def low_stock(values: Values, language: Language) -> str:
    """What is low and why, the most urgent first."""
    shown = {"day": day(values["as_of"], language), "total": values["total"], "shown": len(values["products"])}
    if not values["total"]:
        return phrase("low_none", language, **shown)
    head = phrase("low" if shown["total"] == shown["shown"] else "low_shown", language, **shown)
    lines = [
        phrase(
            "low_line",
            language,
            name=name_of(row, language),
            on_hand=number(row["on_hand"]),
            point=number(row["reorder_point"]),
            reason=row[f"reason_{language}"] + not_yet_ordered(row, language),
        )
        for row in values["products"]
    ]
    return "\n".join([head, *lines])


def products(values: Values, language: Language) -> str:
    """Products that were searched for."""
    if not values["products"]:
        return phrase("no_such_product", language, mention=values["text"])
    lines = [
        phrase(
            "product_line",
            language,
            name=name_of(row, language),
            sku=row["sku"],
            price=money(row["price"], values["currency"], language),
            on_hand=number(row["on_hand"]),
            status=word("state", row["status"], language),
        )
        for row in values["products"]
    ]
    return "\n".join([phrase("products", language, text=values["text"], total=values["total"]), *lines])


def categories(values: Values, language: Language) -> str:
    """The shop's categories."""
    lines = [
        phrase("category_line", language, name=name_of(row, language), products=row["products"])
        for row in values["categories"]
    ]
    return "\n".join([phrase("categories", language, count=len(lines)), *lines])


def forecast(values: Values, language: Language) -> str:
    """Expected sales with their spread, what is known of their accuracy, and the reorder point."""
    units = {key: number(values[key]) for key in ("total", "mean", "low", "high")}
    days = {"days": values["days"], "span": span(values["first"], values["last"], language)}
    parts = [phrase("forecast", language, name=name_of(values, language), **units, **days)]
    bound = values["bound"]
    if bound:
        shown = {"level": number(bound["service_level"] * 100), "units": number(bound["units"])}
        parts.append(phrase("forecast_bound", language, days=bound["days"], **shown))
    model = word("model", values["model"], language)
    if values["wape_percent"] is None:
        parts.append(phrase("forecast_unproven", language, model=model))
    else:
        naive = {"naive": number(values["naive_wape_percent"]), "naive_name": word("model", values["naive"], language)}
        parts.append(phrase("forecast_accuracy", language, model=model, wape=number(values["wape_percent"]), **naive))
    if values["reorder_point"] is not None:
        parts.append(phrase("forecast_point", language, point=number(values["reorder_point"])))
    return " ".join(parts + [note for note in [values[f"note_{language}"]] if note])
