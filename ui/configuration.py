"""Reads the settings for the faces, and says in our words what is wrong with them."""

from __future__ import annotations

from pydantic import ValidationError

from stocksense.errors import BadSetting
from stocksense.settings import Settings, complaint


def read_settings(**overrides: str) -> Settings:
    """The settings of the environment. Raises BadSetting, naming each variable that cannot be used and why."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        raise BadSetting(complaint(error)) from error
