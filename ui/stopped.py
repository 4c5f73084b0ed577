"""Why the buyer left an order line to a person, in the reader's language."""

from __future__ import annotations

from urllib.parse import urlsplit

from stocksense.store.orders import OrderLineInfo
from ui.wording import Words


def why_stopped(say: Words, line: OrderLineInfo) -> str:
    """Why a line needs attention: in our words where the walk tells its outcome, else as it was noted."""
    told = line.transcript
    draft = told.get("draft")
    if draft and draft.get("kind") == "letter":
        return say("order.why_letter", supplier=line.supplier)
    if draft and draft.get("kind") == "cart":
        return say("order.why_cart", supplier=line.supplier)
    key = f"order.why_{told.get('outcome', '')}"
    if told.get("announced") and not told.get("outcome"):
        key = "order.why_unknown"
    return say(key, n=len(told.get("steps", ()))) if say.has(key) else line.note


def link(page: object) -> str:
    """An address that a browser may open, empty for any other: what was recorded is then shown as text.

    The simulated shop inside this process names its pages as if it were served on this machine, where nothing answers.
    """
    text = str(page or "")
    is_open = text.startswith(("https://", "http://")) and urlsplit(text).hostname not in {"127.0.0.1", "localhost"}
    return text if is_open else ""
