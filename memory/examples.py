"""Few-shot examples: trials that were solved, and which of them are nearest to a request."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memory.reflection import likeness

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Turns texts into vectors of one length, such as an embedding model's."""
LEAST_ALIKE = 0.2
"""An example that is less like the request by its three-letter pieces is not shown."""


@dataclass(frozen=True)
class Episode:
    """A trial that succeeded: when (aware, UTC), where, for which request and goods, its steps, and who did it.

    A step has `thought`, `action` and what was `seen`. `used` counts trials that were shown the episode, `helped`
    those that succeeded; `number` is given by the book.
    """

    at: datetime
    site: str
    request: str
    steps: tuple[Mapping[str, str], ...]
    category: str = ""
    score: float = 1.0
    model: str = ""
    times: int = 1
    used: int = 0
    helped: int = 0
    number: int = 0


def nearest(
    request: str, episodes: Sequence[Episode], *, limit: int, embed: Embed | None = None
) -> tuple[Episode, ...]:
    """The episodes of the requests most like this one, best first: by an embedding if given, else by letters.

    The cosines of embeddings only rank; by letters what is hardly alike is left out. None for a `limit` of 0.
    """
    if not episodes or limit < 1:
        return ()
    if embed is None:
        worth = [likeness(request, episode.request) for episode in episodes]
        least = LEAST_ALIKE
    else:
        asked, *others = embed([request, *(episode.request for episode in episodes)])
        worth, least = [_cosine(asked, other) for other in others], -math.inf
    order = sorted(range(len(episodes)), key=lambda place: -worth[place])
    return tuple(episodes[place] for place in order[:limit] if worth[place] >= least)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    length = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0.0
