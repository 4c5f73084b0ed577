"""Which buyer a plan means, made ready to shop: without a model, with a chat model, or with reflections around it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from agents.model import chat_model, model_name
from agents.shopper.brain import Brain
from agents.shopper.chat import ChatShopper
from agents.shopper.offline import QUICK, THOROUGH, OfflineShopper, Profile
from agents.shopper.ranker import Ranker, shipped_ranker
from agents.shopper.request import Request
from agents.shopper.scripted import NAME as SCRIPTED
from agents.shopper.scripted import ScriptedWeakModel
from graphs.evaluation.plan import Plan
from graphs.evaluation.shopping import Bench, Shopper
from graphs.evaluation.solved import ShowsExamples, solved_episodes
from graphs.judging import Judgement
from graphs.learners import ChatLearner, OfflineLearner
from graphs.react import Bounds, Trip
from graphs.reflexion import Forgets, Learned, Learner, Reflected, Remembers
from stocksense.errors import ModelUnavailable
from stocksense.settings import Settings
from webshop_env import WebShopEnv

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OFFLINE = "offline"
REFLEXION_TRIALS = 8
CHAT_SECONDS = 900.0
"""The time that a walk of a chat model may take."""
WARMER = 0.1
"""How much the temperature rises with each further trial of ReAct without reflections."""
PROFILES: dict[str, Profile] = {"quick": QUICK, "thorough": THOROUGH}
CHAT_STEPS = {"quick": 15, "thorough": 40}
"""At most so many steps a trial of a chat model, by profile."""


def named_model(settings: Settings, brain: str, asked: str) -> str:
    """The name under which the results know the model that was asked for; empty asks for what the settings hold.

    Reflexion without a model goes around the offline buyer; `scripted-weak` is a script that plays a poor model.
    Raises ModelUnavailable if ReAct has no model.
    """
    if brain == "offline" or (brain == "reflexion" and asked == OFFLINE):
        return OFFLINE
    if asked == SCRIPTED:
        return SCRIPTED
    if not (settings.upstage_api_key or settings.model_base_url):
        if brain == "reflexion" and not asked:
            return OFFLINE
        raise ModelUnavailable(
            f"--brain {brain} needs a chat model: set UPSTAGE_API_KEY, or STOCKSENSE_MODEL_BASE_URL (and "
            f"STOCKSENSE_MODEL) for any OpenAI-compatible server; --model {SCRIPTED} is a script without a model"
        )
    return model_name(settings.model_copy(update={"model": asked or settings.model}))


def trials_of(brain: str, asked: int) -> int:
    """How many trials a brain has when so many were asked for (0: what is usual): eight for Reflexion, else one.

    The offline buyer without reflections would walk the same way each time, so it has one trial whatever is asked.
    """
    if brain == "offline":
        return 1
    return asked or (REFLEXION_TRIALS if brain == "reflexion" else 1)


def open_shopper(plan: Plan, settings: Settings) -> Shopper:
    """The buyer of a plan in its shop, ready for goals; the settings' model is the plan's."""
    profile = PROFILES[plan.profile]
    env = WebShopEnv(plan.open_catalog(), suite=plan.suite, mode=plan.mode)
    if plan.model == OFFLINE:
        ranker = ranker_of(plan)
        learner: Learner = RankedLearner(profile, ranker=ranker)
        # It pages through the same list again on its way back; its steps are bound enough.
        bounds = Bounds(steps=profile.steps, repeats=profile.steps)
        return Bench(env, learner, plan.evaluator, plan.trials, bounds, ranker=ranker).shop
    model = ScriptedWeakModel(seed=plan.seed) if plan.model == SCRIPTED else chat_model(settings)
    bounds = Bounds(steps=CHAT_STEPS[plan.profile], seconds=CHAT_SECONDS)
    return Bench(env, _chat_learner(plan, model), plan.evaluator, plan.trials, bounds, _memory(plan)).shop


def ranker_of(plan: Plan) -> Ranker:
    """The weights of a plan. Raises BadValue if the file holds none."""
    return Ranker.load(Path(plan.weights)) if plan.weights else shipped_ranker()


def _chat_learner(plan: Plan, model: BaseChatModel) -> Learner:
    return ChatLearner(model, name=plan.model) if plan.brain == "reflexion" else RetryLearner(model, name=plan.model)


def _memory(plan: Plan) -> Remembers:
    """What shows the examples; they are solved in templated goals, which every product set has."""
    if not plan.examples:
        return Forgets()
    env = WebShopEnv(plan.open_catalog(), suite="templated", mode=plan.mode)
    return ShowsExamples(solved_episodes(env, QUICK), plan.examples)


@dataclass(frozen=True)
class RankedLearner(OfflineLearner):
    """The buyer without a language model, ranking by weights of the caller's choice."""

    ranker: Ranker = field(default_factory=shipped_ranker)

    def brain(self, learned: Learned) -> Brain:
        """As the offline learner's, with these weights."""
        brain = super().brain(learned)
        return replace(brain, ranker=self.ranker) if isinstance(brain, OfflineShopper) else brain


@dataclass(frozen=True)
class RetryLearner:
    """ReAct alone: after a failure the same is tried again without a word about it, at a higher temperature."""

    model: BaseChatModel
    name: str = "react"

    def brain(self, learned: Learned) -> Brain:
        """The buyer, as warm as the number of trials before makes it."""
        tries = len(learned.lessons)
        warm = hasattr(self.model, "temperature") and tries
        model = self.model.model_copy(update={"temperature": WARMER * tries}) if warm else self.model
        return ChatShopper(model, name=self.name, examples=learned.examples)

    def reflect(self, request: Request, trip: Trip, judgement: Judgement, *, learned: Learned) -> Reflected:
        """No reflection: only the number of the trial, so that the next one is warmer."""
        number = str(len(learned.lessons) + 1)
        return Reflected(f"no reflection; trial {number} failed", about=number)
