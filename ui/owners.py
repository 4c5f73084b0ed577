"""A made-up owner for the sample shop, so that it can be looked at right away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from stocksense.settings import Settings
from stocksense.store.states import Role
from stocksense.store.users import anybody, save_user
from tools.services import Services

EMAIL = "owner@example.com"
_NAMES = {"ko": "견본 주인", "en": "Sample owner"}


@dataclass(frozen=True)
class MadeUp:
    """An account that was made just now; its password is known only now."""

    email: str
    password: str


def make_up_owner(services: Services, settings: Settings) -> MadeUp | None:
    """An owner with a random password for the sample shop; None if anybody has an account, or the shop is real."""
    with services.sessions.begin() as session:
        if anybody(session) or not services.shop(session).is_generated:
            return None
        made = MadeUp(EMAIL, secrets.token_urlsafe(9))
        save_user(
            session,
            made.email,
            name=_NAMES[settings.language],
            role=Role.OWNER,
            now=services.clock(),
            language=settings.language,
            password=made.password,
        )
    return made
