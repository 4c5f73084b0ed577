"""The results of tools as sentences in the language of the question, with their numbers and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agents.offline import tell_orders, tell_outside, tell_sales, tell_stock
from agents.offline.language import Language
from agents.offline.phrases import name_of, phrase
from agents.offline.plan import Step

Teller = Callable[[Mapping[str, Any], Language], str]

TELLERS: Mapping[str, Teller] = {
    "sales_summary": tell_sales.summary,
    "sales_by_day": tell_sales.by_day,
    "top_sellers": tell_sales.top_sellers,
    "sales_by_category": tell_sales.by_category,
    "sales_by_location": tell_sales.by_location,
    "check_stock": tell_stock.stock,
    "low_stock": tell_stock.low_stock,
    "find_products": tell_stock.products,
    "list_categories": tell_stock.categories,
    "forecast_demand": tell_stock.forecast,
    "explain_decision": tell_orders.explanation,
    "open_orders": tell_orders.open_orders,
    "list_proposals": tell_orders.proposals,
    "propose_purchase": tell_orders.proposed,
    "recalls_touching_us": tell_outside.recalls,
    "check_recalls": tell_outside.checked,
    "trending": tell_outside.trends,
}


def tell(step: Step, language: Language) -> str:
    """One step as text: the outcome, or the question that must be answered first."""
    mention = step.ask.mention
    outcome = step.outcome
    if outcome is not None and outcome.is_refused:
        return phrase("may_only_look", language)
    if step.choices:
        offered = enumerate(step.choices[:9], 1)
        lines = [f"{at}. {name_of(product, language)} ({product['sku']})" for at, product in offered]
        return "\n".join([phrase("choose_product", language, mention=mention), *lines])
    if step.must_name:
        return phrase("no_such_product" if mention else "which_product", language, mention=mention)
    if outcome is None or outcome.error:
        return phrase("failed", language, error=outcome.error if outcome else "")
    told = TELLERS.get(step.call.tool, anything)(outcome.values, language)
    before = phrase("about_the_shop", language, mention=step.unknown) + "\n" if step.unknown else ""
    after = "\n" + phrase("approve", language) if step.ask.intent.name == "approve" else ""
    return before + told + after


def anything(values: Mapping[str, Any], language: Language) -> str:
    """A result that no phrase is made for, value by value."""
    lines = [line for name, value in values.items() for line in _lines(name, value, "")]
    return "\n".join(lines) or phrase("empty_result", language)


def _lines(name: str, value: Any, indent: str) -> list[str]:
    label = name.replace("_", " ")
    if isinstance(value, Mapping):
        inner = [line for key, item in value.items() for line in _lines(key, item, indent + "  ")]
        return [f"{indent}{label}:", *inner]
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        rows = [", ".join(f"{key.replace('_', ' ')} {item[key]}" for key in item) for item in value]
        return [f"{indent}{label}:", *(f"{indent}- {row}" for row in rows)]
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return [f"{indent}{label}: {shown}"]
