"""Writes a walk down in its order line as it goes, so that pages and other processes see each step."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.shopper.brain import Turn
from graphs.react import transcript
from stocksense.store.walks import note_walk
from tools.services import Services

PAUSE = 0.25
"""Seconds between two entries: a walk that thinks faster than that is told at its end."""


@dataclass
class Diary:
    """Called with all turns after each; `told` are the facts of the walk that stand beside its steps."""

    services: Services
    line_id: int
    told: Mapping[str, Any]
    clock: Callable[[], float] = time.monotonic
    _written: float = field(init=False)

    def __post_init__(self) -> None:
        self._written = self.clock()

    def __call__(self, history: tuple[Turn, ...]) -> None:
        """Keep the turns so far, unless the last entry was made just now."""
        if self.clock() - self._written < PAUSE:
            return
        with self.services.sessions.begin() as session:
            note_walk(session, self.line_id, {**self.told, "steps": transcript(history)}, now=self.services.clock())
        self._written = self.clock()
