"""Loads shops to try things on, for the faces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from stocksense.settings import Settings
from stocksense.store.database import Sessions
from ui.open import open_store, shop_or_none

if TYPE_CHECKING:
    from stocksense.sample.load import ShopSummary

Progress = Callable[[int, int, str], None]


def ensure_shop(settings: Settings, progress: Progress) -> None:
    """Make the sample shop if there is no shop at all. Raises UnknownName for a shop that was asked for by name."""
    sessions = open_store(settings)
    if shop_or_none(sessions, "") is None and not settings.shop:
        load_shop(sessions, "shop", progress=progress)


def load_shop(
    sessions: Sessions, which: str, *, seed: int = 7, until: date | None = None, progress: Progress
) -> ShopSummary:
    """Load the generated shop (`shop`), or public grocery sales (`completejourney`).

    Raises BadValue if a shop of that name is there, NotInstalled if the package with the public sales is missing.
    """

    def tell(what: str, done: int, of: int) -> None:
        progress(done, of, what)

    if which == "completejourney":
        from stocksense.sample.completejourney import load_completejourney

        return load_completejourney(sessions, now=datetime.now(UTC), progress=tell)
    from stocksense.sample.generator import SAMPLE_UNTIL
    from stocksense.sample.load import load_sample

    return load_sample(sessions, now=datetime.now(UTC), seed=seed, until=until or SAMPLE_UNTIL, progress=tell)
