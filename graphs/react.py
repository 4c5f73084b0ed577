"""The buyer's loop: think, act, observe, until something is bought or a bound is reached."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from operator import add
from typing import Annotated, Any, Literal, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.shopper.brain import BUY, HOW_TO_ACT, NO_TOKENS, Brain, Thought, Turn, Usage, parse_action
from agents.shopper.request import Request
from tools.shop_page import BREAK
from tools.site import Purchase, Sight, Visit

Outcome = Literal["bought", "stopped", "steps", "repeats", "tokens", "seconds"]
Gate = Callable[[Sight, tuple[Turn, ...]], str]
SHOWN = 300


@dataclass(frozen=True)
class Bounds:
    """When a walk ends without a purchase: `steps` in all, the same action on the same page `repeats` times.

    Further when its model has read and written so many `tokens`, or after so many `seconds`.
    """

    steps: int = 30
    repeats: int = 3
    seconds: float = 60.0
    tokens: int = 400_000


def open_gate(sight: Sight, history: tuple[Turn, ...]) -> str:
    """The gate that lets everything pass: for benchmarks, where the environment judges."""
    return ""


@dataclass(frozen=True)
class Walk:
    """What one walk needs: who thinks, where, for what, and who may forbid to buy.

    The gate is asked immediately before `click[buy now]`; what it answers becomes the observation, "" lets it pass.
    """

    brain: Brain
    visit: Visit
    request: Request
    gate: Gate = open_gate
    bounds: Bounds = field(default_factory=Bounds)
    clock: Callable[[], float] = time.monotonic


class Steps(TypedDict):
    """The graph's state: all turns so far, the thought to act on, and how the walk ended, if it did."""

    history: Annotated[tuple[Turn, ...], add]
    sight: Sight
    thought: Thought
    refusal: str
    started: float
    outcome: Outcome | Literal[""]
    reason: str


@dataclass(frozen=True)
class Trip:
    """How a walk ended, and everything that was thought, done and seen."""

    outcome: Outcome
    reason: str
    history: tuple[Turn, ...]
    purchase: Purchase | None
    seconds: float

    @property
    def usage(self) -> Usage:
        """The tokens of all its steps."""
        return sum((turn.usage for turn in self.history), NO_TOKENS)


def think(state: Steps, runtime: Runtime[Walk]) -> dict[str, Any]:
    """Ask the brain for the next thought and action."""
    walk, sight = runtime.context, state["sight"]
    thought = walk.brain.think(sight.text, sight.clickables, history=state["history"], request=walk.request)
    return {"thought": thought}


def act(state: Steps, runtime: Runtime[Walk]) -> dict[str, Any]:
    """Do what was thought, unless it is no action, not on the page, or the gate forbids it."""
    walk, sight, thought = runtime.context, state["sight"], state["thought"]
    action = parse_action(thought.action)
    if action and action[0] == "stop":
        return {"outcome": "stopped", "reason": action[1], "refusal": ""}
    refusal = thought.fault or why_not(thought.action, sight.clickables)
    if not refusal and _is_buy(thought.action):
        refusal = walk.gate(sight, state["history"])
    if refusal:
        return {"refusal": refusal}
    return {"sight": walk.visit.act(_as_offered(thought.action, sight.clickables)), "refusal": ""}


def observe(state: Steps, runtime: Runtime[Walk]) -> dict[str, Any]:
    """Write the turn down and hold the walk against its bounds."""
    sight, thought = state["sight"], state["thought"]
    action = BUY if _is_buy(thought.action) else thought.action
    turn = Turn(thought.thought, action, sight.text, sight.clickables, sight.page, state["refusal"], thought.usage)
    history = (*state["history"], turn)
    outcome, reason = state["outcome"], state["reason"]
    if sight.purchase:
        outcome, reason = "bought", thought.thought
    elif not outcome:
        outcome, reason = _bound(runtime.context, history, state["started"])
    return {"history": (turn,), "outcome": outcome, "reason": reason}


def goes_on(state: Steps) -> Literal["think", "__end__"]:
    """Think again until there is an outcome."""
    return "__end__" if state["outcome"] else "think"


def why_not(action: str, clickables: tuple[str, ...]) -> str:
    """Why an action cannot be done on a page with these clickables; empty if it can."""
    parsed = parse_action(action)
    if parsed is None:
        return f"{action!r} is no action; {HOW_TO_ACT}"
    verb, name = parsed
    if verb == "click" and (name == "search" or name not in {_folded(offered) for offered in clickables}):
        return f"there is nothing called {name!r} to click here; click one of: {', '.join(clickables)}"
    return ""


def _folded(name: str) -> str:
    return " ".join(name.split()).lower()


def _is_buy(action: str) -> bool:
    return parse_action(action) == ("click", "buy now")


def _as_offered(action: str, clickables: tuple[str, ...]) -> str:
    """The action with the clicked name spelled as the page spells it, odd spaces included."""
    verb, name = parse_action(action) or ("", "")
    own = next((offered for offered in clickables if verb == "click" and _folded(offered) == name), name)
    return f"{verb}[{own}]"


def _bound(walk: Walk, history: tuple[Turn, ...], started: float) -> tuple[Outcome | Literal[""], str]:
    bounds, last = walk.bounds, history[-1]
    tried = _tries(history)
    if tried >= bounds.repeats:
        return "repeats", f"{last.action} was tried {tried} times on the same page"
    if len(history) >= bounds.steps:
        return "steps", f"{len(history)} steps did not lead to a purchase"
    spent = sum((turn.usage for turn in history), NO_TOKENS)
    if spent.tokens >= bounds.tokens:
        counted = "about " if spent.estimated else ""
        return "tokens", f"{counted}{spent.tokens} tokens did not lead to a purchase"
    if walk.clock() - started > bounds.seconds:
        return "seconds", f"{bounds.seconds:.0f} seconds did not suffice"
    return "", ""


def _tries(history: tuple[Turn, ...]) -> int:
    """How often the last action was done on the page on which it was done last, with the same outcome."""
    before = ["", *(turn.observation for turn in history)]
    done = [(page, turn.action, turn.observation) for page, turn in zip(before, history, strict=False)]
    return done.count(done[-1])


def go(walk: Walk) -> Trip:
    """Walk through a shop until an outcome. Raises SourceUnreachable if the shop stops answering."""
    started = walk.clock()
    begin = Steps(
        history=(), sight=walk.visit.sight, thought=Thought("", ""), refusal="", started=started, outcome="", reason=""
    )
    limit: RunnableConfig = {"recursion_limit": 3 * walk.bounds.steps + 3}
    end = build_react().invoke(begin, context=walk, config=limit)
    return Trip(end["outcome"], end["reason"], end["history"], end["sight"].purchase, walk.clock() - started)


def transcript(history: tuple[Turn, ...]) -> list[dict[str, str]]:
    """The turns as plain values to store: thought, action, page address and the beginning of what was seen."""
    return [
        {
            "thought": turn.thought,
            "action": turn.action,
            "page": turn.page,
            "seen": turn.refusal or _without_instruction(turn.observation)[:SHOWN],
        }
        for turn in history
    ]


def _without_instruction(observation: str) -> str:
    """What a page says beyond the instruction, which stands at the head of every page."""
    head, _, rest = observation.partition(BREAK)
    return rest.partition(BREAK)[2] if head == "Instruction:" else observation


@cache
def build_react() -> CompiledStateGraph[Steps, Walk, Steps, Steps]:
    """The graph: think -> act -> observe -> think, until there is an outcome."""
    graph = StateGraph(Steps, context_schema=Walk)
    graph.add_node("think", think)
    graph.add_node("act", act)
    graph.add_node("observe", observe)
    graph.add_edge(START, "think")
    graph.add_edge("think", "act")
    graph.add_edge("act", "observe")
    graph.add_conditional_edges("observe", goes_on, {"think": "think", "__end__": END})
    return graph.compile()
