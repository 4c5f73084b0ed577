"""Which chat model speaks for the agents: Upstage's, any OpenAI-compatible server's, or the offline one."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from agents.offline import OfflineModel
from stocksense.settings import Settings


def chat_model(settings: Settings) -> BaseChatModel:
    """The model that the settings ask for: a server by URL, else Upstage by key, else the offline model.

    Every model raises ModelUnavailable, with the way out and without secrets, where it cannot answer.
    """
    if settings.model_base_url or settings.upstage_api_key:
        # The client libraries take seconds to load, which the offline model should not pay for.
        from agents.served import server_model, upstage_model

        return server_model(settings) if settings.model_base_url else upstage_model(settings)
    return OfflineModel()


def model_name(settings: Settings) -> str:
    """What to call the model in front of people, such as `solar-pro4 (Upstage)`."""
    if settings.model_base_url:
        return f"{settings.model} ({settings.model_base_url})"
    return f"{settings.model} (Upstage)" if settings.upstage_api_key else "offline, rule-based"
