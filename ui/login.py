"""Who may talk in the chat: the user `owner`, with a password that is set or made once and kept in the home folder."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from stocksense.settings import Settings

OWNER = "owner"


@dataclass(frozen=True)
class Secret:
    """A secret and whether it was made just now, so that it can be shown this once."""

    value: str
    is_new: bool


def kept_secret(home: Path, name: str, *, strength: int = 12) -> Secret:
    """A secret of `strength` random bytes in a file that only its owner can read; made at the first call."""
    path = home / name
    if path.exists():
        return Secret(path.read_text(encoding="utf-8").strip(), is_new=False)
    home.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(strength)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(value)
    return Secret(value, is_new=True)


def owner_password(settings: Settings) -> Secret:
    """The password of the user `owner`."""
    if settings.chat_password:
        return Secret(settings.chat_password.get_secret_value(), is_new=False)
    return kept_secret(settings.home, "chat-password")


def may_enter(settings: Settings, user: str, password: str) -> bool:
    """Whether user and password are the owner's; takes the same time whatever is wrong."""
    known = owner_password(settings).value
    return secrets.compare_digest(password.encode(), known.encode()) & secrets.compare_digest(
        user.strip().lower().encode(), OWNER.encode()
    )
