"""The learned ranker: how much each feature counts, for requests that name their options and for free words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import mul
from pathlib import Path
from typing import Literal

from agents.shopper.features import NAMES
from agents.shopper.request import Request
from stocksense.errors import BadValue

Level = Literal["listed", "opened", "read"]
Form = Literal["named", "free"]
Pace = Literal["thorough", "quick"]
PACES: tuple[Pace, ...] = ("thorough", "quick")
LEVELS: tuple[Level, ...] = ("listed", "opened", "read")
FORMS: tuple[Form, ...] = ("named", "free")
SHIPPED = Path(__file__).parent / "weights.json"
Weights = Mapping[Pace, Mapping[Form, Mapping[Level, tuple[float, ...]]]]


def form_of(request: Request) -> Form:
    """Whether a request names its options, as `size: large`, or says all in free words."""
    return "named" if request.options else "free"


@dataclass(frozen=True)
class Ranker:
    """Linear weights for each pace, form of request and level of knowledge, in the order of `features.NAMES`.

    `provenance` says what they were trained on and how.
    """

    weights: Weights
    provenance: Mapping[str, str | int | float] = field(default_factory=dict)

    def worth(self, request: Request, pace: Pace, level: Level, features: Sequence[float]) -> float:
        """How good a product is beside the others of the same walk and level; only differences mean something."""
        return float(sum(map(mul, self.weights[pace][form_of(request)][level], features)))

    def to_json(self) -> str:
        """The weights by the names of their features, readable and in a fixed order."""
        named = {
            pace: {
                form: {level: dict(zip(NAMES[level], weights[level], strict=True)) for level in LEVELS}
                for form, weights in self.weights[pace].items()
            }
            for pace in PACES
        }
        return json.dumps({"provenance": dict(self.provenance), "weights": named}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def load(cls, path: Path) -> Ranker:
        """The ranker in a file. Raises BadValue if it is none, or was trained on other features."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            weights: Weights = {pace: {form: _read(told["weights"][pace][form]) for form in FORMS} for pace in PACES}
            provenance = dict(told["provenance"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadValue(
                f"{path} holds no weights of the buyer ({type(error).__name__}: {error}); "
                "make them with `stocksense buy train --out FILE`"
            ) from error
        return cls(weights, provenance)


def _read(told: Mapping[str, Mapping[str, float]]) -> dict[Level, tuple[float, ...]]:
    return {level: tuple(float(told[level][name]) for name in NAMES[level]) for level in LEVELS}


@cache
def shipped_ranker() -> Ranker:
    """The weights that come with the project, trained on the shipped catalogue."""
    return Ranker.load(SHIPPED)
