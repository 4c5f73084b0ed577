"""Tables beside an answer: the lists that tools returned, with the columns that people compare."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from graphs.answers import StepTaken
from ui.conversation.results import MOST_ROWS, localised, tool_of
from ui.conversation.values import label_of, shown
from ui.wording import Words

_SHARES = ("rows", ("name", "units", "amount", "share_percent"))
_COLUMNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "low_stock": ("products", ("name", "on_hand", "on_order", "reorder_point", "days_left")),
    "top_sellers": ("products", ("rank", "name", "units", "amount")),
    "sales_by_category": _SHARES,
    "sales_by_location": _SHARES,
    "open_orders": ("orders", ("name", "units_open", "total", "expected_on", "supplier")),
    "trending": ("rises", ("keyword", "rank", "before", "climbed", "category")),
}
"""By tool: the list of its result that is shown, and which of its columns."""

_MONEY = frozenset({"amount", "total"})
_WORDS = frozenset({"name", "supplier", "keyword", "category", "expected_on"})


def table_of(say: Words, step: StepTaken) -> dict[str, Any] | None:
    """The table of what a call returned, for a screen; None where it returned no list of two rows or more.

    Of each cell: its text, and the page of the product that it names, if any.
    """
    name, columns = _COLUMNS.get(step.tool, ("", ()))
    if not name or not step.result:
        return None
    values = localised(json.loads(step.result), say.language)
    rows, currency = values[name], values.get("currency", "")
    if len(rows) < 2:
        return None
    return {
        "title": label_of(say, "slowest") if values.get("slowest") else tool_of(say, step.tool),
        "head": [label_of(say, column) for column in columns],
        "numbers": [column not in _WORDS for column in columns],
        "rows": [[_cell(say, column, row, currency) for column in columns] for row in rows[:MOST_ROWS]],
        "more": say("talk.more_rows", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    }


def _cell(say: Words, column: str, row: Mapping[str, Any], currency: str) -> list[str]:
    value = row.get(column)
    text = say.money(float(value), currency) if column in _MONEY and value is not None else shown(say, value, column)
    href = f"/inventory/{quote(row['sku'], safe='')}" if column == "name" and row.get("sku") else ""
    return [text, href]
