"""How a buyer without a language model shops: patiently for a real shop, quickly or thoroughly for a benchmark."""

from __future__ import annotations

from dataclasses import dataclass

from agents.shopper.ranker import Pace


@dataclass(frozen=True)
class Profile:
    """How long to look: `steps` in all, result `pages` a query, products to `open`, what to `read` of each.

    With `must_buy` the best offer is bought although something is wrong with it: for benchmarks, never for a shop.
    Then `reads` says how many of the opened products are read, `at_once` that they are read when they are opened,
    since coming back takes too long, and `pace` by which weights they are ranked.
    """

    steps: int = 30
    pages: int = 2
    open: int = 6
    read: tuple[str, ...] = ("features", "description")
    must_buy: bool = False
    reads: int = 0
    pace: Pace = "thorough"
    at_once: bool = False


PATIENT = Profile()
QUICK = Profile(steps=15, pages=1, open=6, read=("features",), must_buy=True, reads=3, pace="quick", at_once=True)
THOROUGH = Profile(steps=400, pages=5, open=30, must_buy=True, reads=10)
