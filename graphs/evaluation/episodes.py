"""What is kept of an episode: each trial's purchase, reward and cost, and the walk itself where it failed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from agents.shopper.brain import Turn, parse_action

SHOWN = 700
"""Characters of an observation that are kept."""


@dataclass(frozen=True)
class Step:
    """One turn of a walk: what was thought, done and seen, and why nothing was done, if so."""

    thought: str
    action: str
    seen: str
    refusal: str = ""


@dataclass(frozen=True)
class TrialResult:
    """One walk: what it bought (`bought` is empty if nothing), and what that is worth to the benchmark, 0 to 1.

    `reward` is the environment's, which the buyer never sees with the verifier; `parts` are the reward's. `accepted`
    and `verdict` are the evaluator's word, `lesson` what was learned from the failure. `tokens` is None where no
    model reads or writes any, and `estimated` where it does not count them itself.
    """

    reward: float
    outcome: str
    reason: str = ""
    bought: Mapping[str, Any] | None = None
    parts: Mapping[str, Any] | None = None
    steps: int = 0
    page_views: int = 0
    seconds: float = 0.0
    tokens: int | None = None
    estimated: bool = False
    accepted: bool = False
    verdict: str = ""
    lesson: str = ""
    walk: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Episode:
    """One task: the goal's number, what was asked for, what was meant (known to the benchmark alone), the trials.

    `standing` says for each trial k which trial's purchase stands if k is the last: places in `trials`, from 0.
    """

    goal: int
    instruction: str
    wanted: Mapping[str, Any]
    trials: tuple[TrialResult, ...]
    standing: tuple[int, ...]

    def after(self, trial: int) -> TrialResult:
        """The trial whose purchase stands after `trial` trials, counted from 1; a task that ended early stays."""
        return self.trials[self.standing[min(trial, len(self.standing)) - 1]]

    @property
    def reward(self) -> float:
        """The reward of the purchase that stands in the end."""
        return self.after(len(self.trials)).reward

    @property
    def failed(self) -> bool:
        """Whether what stands in the end has less than full marks."""
        return self.reward < 1.0


def to_line(episode: Episode) -> str:
    """The episode as one line of JSON; the walks of a task that succeeded are left out."""
    kept = episode
    if not episode.failed:
        kept = replace(episode, trials=tuple(replace(trial, walk=()) for trial in episode.trials))
    return json.dumps(asdict(kept), ensure_ascii=False) + "\n"


def from_line(line: str) -> Episode:
    """Read a line back. Raises ValueError, KeyError or TypeError if it is no episode."""
    told = json.loads(line)
    trials = [
        TrialResult(**{**trial, "walk": tuple(Step(**step) for step in trial["walk"])}) for trial in told["trials"]
    ]
    return Episode(told["goal"], told["instruction"], told["wanted"], tuple(trials), tuple(told["standing"]))


def walked(history: Sequence[Turn]) -> tuple[Step, ...]:
    """The turns as they are kept: of a page as much as a reader needs."""
    return tuple(Step(turn.thought, turn.action, turn.observation[:SHOWN], turn.refusal) for turn in history)


def page_views(history: Sequence[Turn]) -> int:
    """How many pages the shop was asked for: the start page, and one for each action that was done."""
    done = (turn for turn in history if not turn.refusal and (parse_action(turn.action) or ("stop",))[0] != "stop")
    return 1 + sum(1 for _ in done)
