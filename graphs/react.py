"""The buyer's loop: think, act, observe, until something is bought or a bound is reached."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from agents.shopper.brain import BUY, HOW_TO_ACT, NO_TOKENS, Brain, Thought, Turn, Usage, parse_action
from agents.shopper.request import Request
from tools.shop_page import BREAK
from tools.site import Purchase, Sight, Visit

Outcome = Literal["bought", "stopped", "steps", "repeats", "tokens", "seconds"]
Ending = tuple[Outcome | Literal[""], str]
"""The outcome, "" while the walk goes on, and its reason."""
_GOES_ON: Ending = ("", "")
Gate = Callable[[Sight, tuple[Turn, ...]], str]
Watch = Callable[[tuple[Turn, ...]], None]
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


def nobody(history: tuple[Turn, ...]) -> None:
    """Who watches a walk that nobody looks at."""


@dataclass(frozen=True)
class Walk:
    """What one walk needs: who thinks, where, for what, and who may forbid to buy.

    The gate is asked immediately before `click[buy now]`; what it answers becomes the observation, "" lets it pass.
    `watch` is told all turns after each of them.
    """

    brain: Brain
    visit: Visit
    request: Request
    gate: Gate = open_gate
    bounds: Bounds = field(default_factory=Bounds)
    clock: Callable[[], float] = time.monotonic
    watch: Watch = nobody


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


def think(walk: Walk, sight: Sight, history: tuple[Turn, ...]) -> Thought:
    """Ask the brain for the next thought and action."""
    return walk.brain.think(sight.text, sight.clickables, history=history, request=walk.request)


def act(walk: Walk, sight: Sight, history: tuple[Turn, ...], thought: Thought) -> tuple[Sight, str]:
    """Do what was thought, unless it is no action, not on the page, or forbidden: what is seen then, and why not."""
    if _stops(thought):
        return sight, ""
    refusal = thought.fault or why_not(thought.action, sight.clickables)
    if not refusal and _is_buy(thought.action):
        refusal = walk.gate(sight, history)
    return (sight, refusal) if refusal else (walk.visit.act(_as_offered(thought.action, sight.clickables)), "")


def observe(sight: Sight, thought: Thought, refusal: str) -> Turn:
    """Write down what was thought, done and seen."""
    action = BUY if _is_buy(thought.action) else thought.action
    return Turn(
        thought.thought, action, sight.text, sight.clickables, sight.page, refusal, thought.usage, thought.korean
    )


def ends(walk: Walk, sight: Sight, thought: Thought, history: tuple[Turn, ...], *, started: float) -> Ending:
    """How the walk has ended, if it has: with a purchase, by the brain's own word, or at a bound."""
    if sight.purchase:
        return "bought", thought.thought
    if stopped := _stops(thought):
        return "stopped", stopped
    return _bound(walk, history, started)


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


def _stops(thought: Thought) -> str:
    """Why the brain gives up; empty if it does not."""
    action = parse_action(thought.action)
    return action[1] if action and action[0] == "stop" else ""


def _bound(walk: Walk, history: tuple[Turn, ...], started: float) -> Ending:
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
    return _GOES_ON


def _tries(history: tuple[Turn, ...]) -> int:
    """How often the last action was done on the page on which it was done last, with the same outcome."""
    before = ["", *(turn.observation for turn in history)]
    done = [(page, turn.action, turn.observation) for page, turn in zip(before, history, strict=False)]
    return done.count(done[-1])


def go(walk: Walk) -> Trip:
    """Think, act and observe until an outcome. Raises SourceUnreachable if the shop stops answering.

    A plain loop: there is nothing to interrupt or to resume in it, and benchmarks take it a hundred times a second.
    """
    started, sight = walk.clock(), walk.visit.sight
    history: tuple[Turn, ...] = ()
    outcome, reason = _GOES_ON
    while not outcome:
        thought = think(walk, sight, history)
        sight, refusal = act(walk, sight, history, thought)
        history = (*history, observe(sight, thought, refusal))
        walk.watch(history)
        outcome, reason = ends(walk, sight, thought, history, started=started)
    return Trip(outcome, reason, history, sight.purchase, walk.clock() - started)


def transcript(history: tuple[Turn, ...]) -> list[dict[str, str]]:
    """The turns as plain values to store: thought, action, page address and the beginning of what was seen.

    A thought that was said in Korean too stands under `thought_ko`.
    """
    return [
        {
            "thought": turn.thought,
            **({"thought_ko": turn.korean} if turn.korean else {}),
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
