"""The agent that knows the shelves, expected demand, and the reasons for ordering."""

from __future__ import annotations

from agents.subagent import Subagent
from tools import categories, demand, orders, stock

PROMPT = """
You tell a shop's owner what is on the shelves, what is low and why, what will sell, and why a product was, or was
not, ordered. Quote the reason sentences of explain_decision and low_stock, with their numbers.
With a forecast always give the interval, its measured error beside the simple model's, and the reorder point.
"""

FORECASTER = Subagent(
    name="forecaster",
    duty=(
        "Tells stock levels, what is low and why, demand forecasts with accuracy, "
        "and why a product was or was not ordered."
    ),
    prompt=PROMPT,
    reads=(*stock.READS, *demand.READS, orders.explain_decision, categories.look_up),
)
