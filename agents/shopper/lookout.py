"""What to search for, in order, from the parts of a request."""

from __future__ import annotations

from collections.abc import Iterable

from agents.shopper.lessons import Plan
from agents.shopper.ranker import Pace
from agents.shopper.request import Request


def queries(request: Request, plan: Plan) -> tuple[str, ...]:
    """For one exact product: all the words, then fewer."""
    values = [value for _, value in request.options]
    exact = [request.name, *values] if request.name else [*request.attributes, request.kind, *values]
    if plan.name_pack:
        exact.append(f"pack of {request.pack_size}")
    drafts = [exact, [request.name or request.kind], [request.kind, *request.attributes], [request.kind]]
    if plan.broaden:
        drafts = [*drafts[1:], drafts[0]]
    return _different(drafts)


def surveys(request: Request, pace: Pace) -> tuple[str, ...]:
    """For the best of many: the kind with its options, which few products have alike, and all words.

    Who is quick sees the heads of more lists instead of whole ones: a product that heads several is likely the one.
    """
    values = [value for _, value in request.options]
    whole = [request.name, *request.attributes, request.kind, *values]
    named = [[request.kind, *values]] if values else []
    if pace == "thorough":
        drafts = [*named, whole]
    else:
        drafts = [*named, values, whole] if values else [whole, [*request.attributes], [request.kind]]
    return _different(drafts) or _different([[request.text]])


def further(request: Request) -> tuple[str, ...]:
    """For the best of many, when what the surveys found failed: the wishes alone, each half of them, the kind."""
    middle = (len(request.attributes) + 1) // 2
    halves = (request.attributes[:middle], request.attributes[middle:])
    return _different([request.attributes, *([request.kind, *half] for half in halves), [request.kind]])


def _different(drafts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(query for draft in drafts if (query := _query(draft))))


def _query(parts: Iterable[str]) -> str:
    plainly = (word for part in parts for word in part.replace("[", " ").replace("]", " ").lower().split())
    return " ".join(dict.fromkeys(plainly))
