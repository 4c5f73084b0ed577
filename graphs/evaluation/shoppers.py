"""Which buyer a plan means, made ready to shop: without a model, with a chat model, or with reflections around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from agents.model import chat_model, model_name
from agents.shopper.chat import ChatShopper
from agents.shopper.offline import PATIENT, QUICK, OfflineShopper, Profile
from graphs.evaluation.plan import Plan
from graphs.evaluation.shopping import Bench, Shopper, shop_once
from graphs.react import Bounds
from stocksense.errors import ModelUnavailable
from stocksense.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OFFLINE = "offline"
REFLEXION_TRIALS = 8
CHAT_SECONDS = 900.0
"""The time that a walk of a chat model may take."""


def named_model(settings: Settings, brain: str, asked: str) -> str:
    """The name under which the results know the model that was asked for; empty asks for what the settings hold.

    Reflexion without a model goes around the offline buyer. Raises ModelUnavailable if ReAct has no model.
    """
    if brain == "offline" or asked == OFFLINE:
        return OFFLINE
    if not (settings.upstage_api_key or settings.model_base_url):
        if brain == "reflexion" and not asked:
            return OFFLINE
        raise ModelUnavailable(
            f"--brain {brain} needs a chat model: set UPSTAGE_API_KEY, or STOCKSENSE_MODEL_BASE_URL (and "
            f"STOCKSENSE_MODEL) for any OpenAI-compatible server"
        )
    return model_name(settings.model_copy(update={"model": asked or settings.model}))


PROFILES: dict[str, Profile] = {"quick": QUICK, "thorough": PATIENT}


def open_shopper(plan: Plan, settings: Settings) -> Shopper:
    """The buyer of a plan in its shop, ready for goals; the settings' model is the plan's."""
    profile = PROFILES[plan.profile]
    bounds = Bounds(steps=profile.steps)
    bench = Bench.of(plan, plan.open_catalog(), bounds)
    brain = OfflineShopper(profile) if plan.model == OFFLINE else ChatShopper(_model(settings))
    return partial(shop_once, bench, brain)


def _model(settings: Settings) -> BaseChatModel:
    return chat_model(settings)


def trials_of(brain: str, asked: int) -> int:
    """How many trials a brain has when so many were asked for (0: what is usual): eight for Reflexion, else one.

    The offline buyer without reflections would walk the same way each time, so it has one trial whatever is asked.
    """
    if brain == "offline":
        return 1
    return asked or (REFLEXION_TRIALS if brain == "reflexion" else 1)
