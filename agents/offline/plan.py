"""Which tools to call next, given what is asked for and what was answered so far."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.offline.asks import Ask
from agents.offline.phrases import phrase

LOOK_UP = "look_up"
FIND = "find_products"

_PERIOD_IF_NONE = {"top_sellers": "this_month", "sales_by_category": "this_month", "sales_by_location": "this_month"}
"""Where no period is named; elsewhere the tool's own default stands."""

_REFUSALS = frozenset({phrase("may_only_look", "ko"), phrase("may_only_look", "en")})
"""How agents/guard.py refuses to write for somebody who may only look."""


@dataclass(frozen=True)
class Call:
    """One call of a tool."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same call."""
        return self.tool + json.dumps(self.arguments, sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Outcome:
    """What a tool returned: the values of its JSON, or in words why it failed."""

    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether it was not done because the person may only look, whatever is asked."""
        return self.error in _REFUSALS


@dataclass(frozen=True)
class Step:
    """Where one ask stands: the call to make next, or the outcome to tell.

    `unknown` is a name that nothing in the shop bears, so that the outcome is about the whole shop; `choices` are
    products among which the user must choose.
    """

    ask: Ask
    call: Call
    outcome: Outcome | None = None
    unknown: str = ""
    choices: tuple[Mapping[str, Any], ...] = ()
    must_name: bool = False


Schemas = Mapping[str, Mapping[str, Any]]
"""The arguments that each tool takes: {tool: {argument: JSON schema}}."""


def step(ask: Ask, schemas: Schemas, outcomes: Mapping[str, Outcome]) -> Step:
    """What to do about one ask."""
    if ask.intent.needs == "product" and not ask.mention:
        return Step(ask, Call(ask.intent.tool), must_name=True)
    if ask.intent.needs == "product":
        return _about_product(ask, schemas, outcomes)
    if ask.intent.needs == "anything" and ask.mention and LOOK_UP in schemas:
        return _about_anything(ask, schemas, outcomes)
    return _plain(ask, schemas, outcomes, {})


def steps(asks: Sequence[Ask], schemas: Schemas, outcomes: Mapping[str, Outcome]) -> list[Step]:
    """What to do about every ask, in order."""
    return [step(ask, schemas, outcomes) for ask in asks]


def _about_product(ask: Ask, schemas: Schemas, outcomes: Mapping[str, Outcome]) -> Step:
    """Ask about the product as it was named; where that fails, see which products could be meant."""
    named = "text" if ask.intent.tool == FIND else "product"
    first = _plain(ask, schemas, outcomes, {named: ask.mention})
    if first.outcome is None or not first.outcome.error or first.outcome.is_refused:
        return first
    if ask.intent.tool == FIND or FIND not in schemas:
        return first
    finding = Call(FIND, {"text": ask.mention})
    found = outcomes.get(finding.key)
    if found is None:
        return Step(ask, finding)
    if len(found.values.get("products", ())) == 1:
        return first
    choices = (*found.values.get("products", ()), *found.values.get("close", ()))
    return Step(ask, finding, Outcome(), unknown="" if choices else ask.mention, choices=choices, must_name=True)


def _about_anything(ask: Ask, schemas: Schemas, outcomes: Mapping[str, Outcome]) -> Step:
    """Look up what the name stands for, then ask about that."""
    looking = Call(LOOK_UP, {"text": ask.mention})
    found = outcomes.get(looking.key)
    if found is None:
        return Step(ask, looking)
    products = found.values.get("products", ())
    arguments = schemas.get(ask.intent.tool, {})
    for kind, names in (
        ("location", found.values.get("locations", ())),
        ("category", found.values.get("categories", ())),
    ):
        if names and kind in arguments:
            return _plain(ask, schemas, outcomes, {kind: names[0]})
    if len(products) == 1 and ask.intent.tool == "low_stock" and "check_stock" in schemas:
        call = Call("check_stock", {"product": products[0]["sku"]})
        return Step(ask, call, outcomes.get(call.key))
    if len(products) == 1 and "product" in arguments:
        return _plain(ask, schemas, outcomes, {"product": products[0]["sku"]})
    if len(products) > 1 and "product" in arguments:
        return Step(ask, looking, Outcome(), choices=tuple(products), must_name=True)
    whole = _plain(ask, schemas, outcomes, {})
    return Step(ask, whole.call, whole.outcome, unknown=ask.mention)


def _plain(ask: Ask, schemas: Schemas, outcomes: Mapping[str, Outcome], about: Mapping[str, Any]) -> Step:
    period = ask.period or _PERIOD_IF_NONE.get(ask.intent.tool, "")
    said = {"period": period, "days": ask.days, "quantity": ask.count, "limit": ask.count, **ask.intent.fixed, **about}
    taken = schemas.get(ask.intent.tool, {})
    call = Call(ask.intent.tool, {name: value for name, value in said.items() if value and name in taken})
    return Step(ask, call, outcomes.get(call.key))
