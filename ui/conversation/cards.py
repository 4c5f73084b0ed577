"""Cards beside an answer: products as they were found, and proposals that wait."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from graphs.answers import StepTaken
from stocksense.domain.orders import ProposalState
from ui.conversation.results import localised
from ui.conversation.values import label_of, shown
from ui.wording import Words

MOST_CARDS = 4
_PRODUCT = (
    *("on_hand", "on_order", "quarantined", "past_sale", "reorder_point", "daily_demand", "days_left", "next_expiry"),
    *("price", "status"),
)


def product_cards(say: Words, steps: Sequence[StepTaken]) -> list[dict[str, Any]]:
    """A card for each product whose stock was looked up, or that was found by name, without repetition."""
    found: dict[str, dict[str, Any]] = {}
    for step in steps:
        for values in _products(step, say.language):
            found.setdefault(values["sku"], _card(say, values))
    return list(found.values())[:MOST_CARDS]


def proposals_named(steps: Sequence[StepTaken]) -> tuple[int, ...]:
    """The numbers of the proposals that an answer speaks of: those that waited, and those in the way of another."""
    found: dict[int, None] = {}
    for step in steps:
        if step.proposal is not None:
            found[step.proposal] = None
        if not step.result:
            continue
        values = json.loads(step.result)
        if step.tool in {"list_proposals", "propose_purchase"}:
            rows = values.get("proposals", [values])
            found |= {row["id"]: None for row in rows if row.get("state") == ProposalState.PENDING}
        elif step.tool == "explain_decision" and values.get("proposal"):
            found[values["proposal"]] = None
    return tuple(found)


def _products(step: StepTaken, language: str) -> list[Mapping[str, Any]]:
    if not step.result or step.tool not in {"check_stock", "find_products"}:
        return []
    values = localised(json.loads(step.result), language)
    return [values] if step.tool == "check_stock" else list(values["products"])


def _card(say: Words, values: Mapping[str, Any]) -> dict[str, Any]:
    shown = [(label_of(say, key), _written(say, key, values[key])) for key in _PRODUCT if values.get(key) is not None]
    return {
        "title": values["name"],
        "sku": values["sku"],
        "facts": [[label, value] for label, value in shown if value],
        "href": f"/inventory/{quote(values['sku'], safe='')}",
        "low": _is_low(values),
    }


def _written(say: Words, key: str, value: Any) -> str:
    if key == "price":
        return say.money(float(value))
    if key == "status":
        return "" if value == "active" else shown(say, value)
    if key == "past_sale":
        return say.number(value) if value else ""
    return say.number(value) if isinstance(value, int | float) else shown(say, value, key)


def _is_low(values: Mapping[str, Any]) -> bool:
    point = values.get("reorder_point")
    units = values.get("on_hand", 0) + values.get("on_order", 0) - values.get("past_sale", 0)
    return point is not None and units <= point
