"""What others published, each with the product set and the suite that it was measured on: never one table with ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """A published result. `score` is x 100, `success` in percent; by trial where several were reported."""

    who: str
    products: str
    suite: str
    score: str
    success: str
    source: str


PUBLISHED = (
    Published("ReAct", "1.18 M products", "human requests", "66.6", "40.0", "Yao et al., ReAct"),
    Published("Human expert", "1.18 M products", "human requests", "82.1", "59.6", "Yao et al., WebShop"),
    Published(
        "Hackathon version of this product: ReAct alone, rising temperature",
        "not stated; 200 instructions, at most 15 steps each, solar-pro",
        "not stated",
        "88, flat over 8 trials",
        "60.5, flat over 8 trials",
        "its own report",
    ),
    Published(
        "Hackathon version of this product: with Reflexion",
        "not stated; 200 instructions, at most 15 steps each, solar-pro",
        "not stated",
        "88.3 first trial, 93 eighth",
        "60.5, 73, 75, 75, 81, 83, 84, 84 by trial",
        "its own report",
    ),
)
