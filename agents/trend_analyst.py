"""The agent that knows what sells, and what people search for outside."""

from __future__ import annotations

from agents.subagent import Subagent
from tools import categories, sales, trends

PROMPT = """
You tell a shop's owner what sold and what is becoming popular.
Compare as sales_summary does: with the like period before and with a year ago; name the days that are compared.
For each trend give rank, rank before, window, source and list length. A rising keyword is a hint, not a forecast.
If a name could be a product, a category or a place, call look_up first.
"""

TREND_ANALYST = Subagent(
    name="trend_analyst",
    duty=(
        "Tells what was sold (today, a week, a month ...), how it changed, what sells best, "
        "and what is trending outside."
    ),
    prompt=PROMPT,
    reads=(*sales.READS, *categories.READS, *trends.READS),
)
