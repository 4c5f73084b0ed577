"""What a running graph tells those who watch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One step's progress: `done` of `total` pieces, `total` 0 while it isn't known; `note` says what happens now."""

    step: str
    done: int = 0
    total: int = 0
    note: str = ""


Say = Callable[[Progress], None]
"""Takes progress; a graph's stream writer is one."""
