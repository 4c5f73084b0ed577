"""The loop of trials: shop, be judged, reflect on the failure, and shop again knowing what was learned.

After Reflexion (Shinn et al., 2023): the reflection is words that stand before the next trial.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from operator import add
from typing import Annotated, Any, Literal, Protocol, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agents.shopper.brain import NO_TOKENS, Brain, Turn, Usage
from agents.shopper.request import Request
from graphs.judging import Evaluator, Judgement
from graphs.react import Bounds, Gate, Trip, Walk, go, open_gate
from memory.reflection import likeness
from tools.site import Visit

TRIALS = 8
SAME = 0.9
"""Reflections that are so alike (0 to 1) say the same."""


@dataclass(frozen=True)
class Learned:
    """What a trial knows beforehand: lessons, products that are known not to be meant, and solved walks as text.

    `walks` are the earlier trials' own, with all their pages: evidence for this campaign, which no memory keeps.
    """

    lessons: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()
    walks: tuple[tuple[Turn, ...], ...] = ()


@dataclass(frozen=True)
class Reflected:
    """A lesson, and the tokens that it took; `about` names what it speaks of, where the same words may say more."""

    lesson: str
    about: str = ""
    usage: Usage = NO_TOKENS


class Learner(Protocol):
    """Who shops and reflects."""

    @property
    def name(self) -> str:
        """What memory calls the one who drew a lesson."""

    def brain(self, learned: Learned) -> Brain:
        """The brain for the next trial, knowing what was learned."""

    def reflect(self, request: Request, trip: Trip, judgement: Judgement, *, learned: Learned) -> Reflected:
        """Why the trial failed and what to change. Raises ModelUnavailable if a chat model does not answer."""


class Remembers(Protocol):
    """A memory that outlasts the campaign."""

    def begin(self, request: Request) -> Learned:
        """What earlier campaigns teach for a request."""

    def failed(self, request: Request, trial: Trial) -> None:
        """Keep the lesson of a trial that failed."""

    def ended(self, request: Request, trial: Trial) -> None:
        """Note whether what the trial was shown helped, and keep it as an example if it succeeded."""


class Forgets:
    """The memory that keeps nothing: every campaign begins anew."""

    def begin(self, request: Request) -> Learned:
        """Nothing is known."""
        return Learned()

    def failed(self, request: Request, trial: Trial) -> None:
        """Nothing is kept."""

    def ended(self, request: Request, trial: Trial) -> None:
        """Nothing is noted."""


@dataclass(frozen=True)
class Campaign:
    """What the trials share: `visit` begins a fresh walk for each, the gate stands before Buy Now in each."""

    request: Request
    visit: Callable[[], Visit]
    evaluator: Evaluator
    learner: Learner
    gate: Gate = open_gate
    bounds: Bounds = field(default_factory=Bounds)
    memory: Remembers = field(default_factory=Forgets)
    trials: int = TRIALS


@dataclass(frozen=True)
class Trial:
    """One trial, counted from 1: the walk, its judgement, and the lesson drawn (empty if it passed or was the last).

    `usage` counts the tokens of walk and reflection together; `known` is what the trial knew beforehand.
    """

    number: int
    trip: Trip
    judgement: Judgement
    lesson: str = ""
    about: str = ""
    seconds: float = 0.0
    usage: Usage = NO_TOKENS
    known: Learned = field(default_factory=Learned)


class Trying(TypedDict):
    """The graph's state: the trials so far, what is known for the next, and the trial that waits to be reflected."""

    trials: Annotated[tuple[Trial, ...], add]
    learned: Learned
    latest: Trial | None
    over: bool


def attempt(state: Trying, runtime: Runtime[Campaign]) -> dict[str, Any]:
    """Shop once, knowing what was learned, and have it judged."""
    campaign, learned = runtime.context, state["learned"]
    walk = Walk(campaign.learner.brain(learned), campaign.visit(), campaign.request, campaign.gate, campaign.bounds)
    trip = go(walk)
    judgement = campaign.evaluator.judge(trip, tuple(trial.trip for trial in state["trials"]))
    trial = Trial(len(state["trials"]) + 1, trip, judgement, seconds=trip.seconds, usage=trip.usage, known=learned)
    campaign.memory.ended(campaign.request, trial)
    last = judgement.passed or trial.number >= campaign.trials
    return {"latest": trial, "over": last, "trials": (trial,) if last else ()}


def reflect(state: Trying, runtime: Runtime[Campaign]) -> dict[str, Any]:
    """Draw a lesson from the failure; one that was drawn before ends the campaign, since nothing would change."""
    campaign, learned, trial = runtime.context, state["learned"], state["latest"]
    assert trial is not None
    drawn = campaign.learner.reflect(campaign.request, trial.trip, trial.judgement, learned=learned)
    trial = replace(trial, lesson=drawn.lesson, about=drawn.about, usage=trial.usage + drawn.usage)
    repeats = any(_says_the_same(trial, earlier) for earlier in state["trials"])
    campaign.memory.failed(campaign.request, trial)
    judgement = trial.judgement
    grown = replace(
        learned,
        lessons=tuple(dict.fromkeys([*learned.lessons, drawn.lesson])),
        failed=learned.failed | ({judgement.product} if judgement.refuted else frozenset()),
        walks=(*learned.walks, trial.trip.history),
    )
    return {"trials": (trial,), "learned": grown, "over": repeats}


def goes_on(state: Trying) -> Literal["reflect", "__end__"]:
    """Reflect unless the trial passed or was the last."""
    return "__end__" if state["over"] else "reflect"


def tries_again(state: Trying) -> Literal["attempt", "__end__"]:
    """Try again unless the reflection repeats an earlier one."""
    return "__end__" if state["over"] else "attempt"


def _says_the_same(trial: Trial, earlier: Trial) -> bool:
    return trial.about == earlier.about and likeness(trial.lesson, earlier.lesson) >= SAME


def try_and_reflect(campaign: Campaign) -> tuple[Trial, ...]:
    """Shop until a trial passes, reflections repeat, or the trials are used up; all trials, in order.

    Raises SourceUnreachable or ModelUnavailable if shop or model stop answering.
    """
    begin = Trying(trials=(), learned=campaign.memory.begin(campaign.request), latest=None, over=False)
    limit: RunnableConfig = {"recursion_limit": 2 * campaign.trials + 3}
    end = build_reflexion().invoke(begin, context=campaign, config=limit)
    trials: tuple[Trial, ...] = end["trials"]
    return trials


def best_of(trials: tuple[Trial, ...], evaluator: Evaluator) -> Trial:
    """The trial whose purchase the evaluator prefers, knowing what all of them saw."""
    return trials[evaluator.prefer([trial.trip for trial in trials], [trial.judgement for trial in trials])]


@cache
def build_reflexion() -> CompiledStateGraph[Trying, Campaign, Trying, Trying]:
    """The graph: attempt -> reflect -> attempt, until a trial passes or nothing more can be learned."""
    graph = StateGraph(Trying, context_schema=Campaign)
    graph.add_node("attempt", attempt)
    graph.add_node("reflect", reflect)
    graph.add_edge(START, "attempt")
    graph.add_conditional_edges("attempt", goes_on, {"reflect": "reflect", "__end__": END})
    graph.add_conditional_edges("reflect", tries_again, {"attempt": "attempt", "__end__": END})
    return graph.compile()
