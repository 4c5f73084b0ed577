"""What to search for, in order, from the parts of a request."""

from __future__ import annotations

from collections.abc import Iterable

from agents.shopper.lessons import Plan
from agents.shopper.request import Request

STRESS = (3, 4)
"""How often the values of options stand in the search for the kind, and in that for all words.

Chosen by how high goals of WebShop's train split come in the list."""


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


def surveys(request: Request) -> tuple[str, ...]:
    """For the best of many: the kind with its options, which few products have alike, and all words.

    A shop that ranks by words counts one that stands there twice twice, so the values of options are stressed: they
    are rarer than what else is said. Where no options are named, the wishes alone and the kind alone bring up others:
    a product that heads several lists is likely the one.
    """
    names, values = [name for name, _ in request.options], [value for _, value in request.options]
    if values:
        named = [request.kind, *names], [request.name, *request.attributes, request.kind, *names]
        return tuple(
            dict.fromkeys(_query(parts, stress=[values] * times) for parts, times in zip(named, STRESS, strict=True))
        )
    whole = [request.name, *request.attributes, request.kind]
    return _different([whole, request.attributes, [request.kind]]) or _different([[request.text]])


def further(request: Request) -> tuple[str, ...]:
    """For the best of many, when what the surveys found is not enough: the wishes alone, each half of them, the kind.

    The values of options, if there are any, stand in each of them once.
    """
    middle = (len(request.attributes) + 1) // 2
    halves = (request.attributes[:middle], request.attributes[middle:])
    values = [value for _, value in request.options]
    drafts = [request.attributes, *([request.kind, *half] for half in halves), [request.kind]]
    return _different([*draft, *values] for draft in drafts)


def _different(drafts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(query for draft in drafts if (query := _query(draft))))


def _query(parts: Iterable[str], stress: Iterable[Iterable[str]] = ()) -> str:
    """The different words of the parts, then all words of what is stressed, as often as it is given."""
    return " ".join(word for some in (parts, *stress) for word in dict.fromkeys(_words(some)))


def _words(parts: Iterable[str]) -> list[str]:
    return [word for part in parts for word in part.replace("[", " ").replace("]", " ").lower().split()]
