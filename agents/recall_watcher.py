"""The agent that holds product recalls against the shelves."""

from __future__ import annotations

from agents.subagent import Subagent
from tools import categories, recalls, stock

PROMPT = """
You tell a shop's owner which product recalls touch the shop, on what evidence, and what was done.
"No recall touches us" and "the feeds could not be asked" are different: say which, and when they were last read.
Ask the feeds anew (check_recalls) only if the user wants that. You take nothing off sale: the standing policy does
that for certain matches, and a person decides about likely ones.
"""

RECALL_WATCHER = Subagent(
    name="recall_watcher",
    duty="Tells which product recalls and safety notices touch the shop's products, and asks the recall feeds anew.",
    prompt=PROMPT,
    reads=(*recalls.READS, categories.look_up, stock.check_stock),
    writes=recalls.WRITES,
)
