"""Secrets of this installation, each in a file of the home folder that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without letters and digits that are taken for each other."""
SETUP_CODE = "setup-code"


def kept_secret(home: Path, name: str, *, strength: int = 12) -> str:
    """A secret of `strength` random bytes; made at the first call."""
    return _kept(home, name, secrets.token_urlsafe(strength))


def setup_code(home: Path) -> str:
    """The code that whoever claims a fresh installation has to know; made at the first call."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return _kept(home, SETUP_CODE, f"{letters[:4]}-{letters[4:]}")


def is_setup_code(home: Path, given: str) -> bool:
    """Whether that is the code of this installation; small letters and blanks don't matter."""
    plain = "".join(given.split()).upper().replace("-", "")
    return secrets.compare_digest(plain.encode(), setup_code(home).replace("-", "").encode())


def forget_setup_code(home: Path) -> None:
    """The code is good for one owner only."""
    (home / SETUP_CODE).unlink(missing_ok=True)


def _kept(home: Path, name: str, fresh: str) -> str:
    path = home / name
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    home.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(fresh)
    return fresh
