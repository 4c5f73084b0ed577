"""A trained forecaster at rest: its weights, its card, and the folder that holds both."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecasting.windows import Vocabulary
from stocksense.domain.demand import Trial
from stocksense.errors import BadModelFile

KIND = "stocksense forecaster"
FORMAT = 1
WEIGHTS_FILE, CARD_FILE = "network.pt", "card.json"


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """Everything a forecast needs; `card` is what a person may read of it.

    The card holds: version, first and last day of the sales seen, number of products, seed, steps,
    shape of the network, bias factor, what was held out and the backtest's figures by model.
    """

    weights: dict[str, NDArray[Any]]
    vocabulary: tuple[Vocabulary, Vocabulary]
    shape: dict[str, float]
    bias_factor: float
    champions: dict[str, str]
    """By SKU, the model that its forecast comes from."""
    weekly_wape: dict[str, dict[str, float]]
    """By SKU, then by model: error of weekly sums in the backtest; empty if it sold nothing then."""
    card: dict[str, Any]
    trial: Trial | None = None
    """What it expected of the held-out days; None in models from before that was kept."""

    @property
    def version(self) -> str:
        """Short name of this training: the last day seen and a digest of the weights."""
        return str(self.card["version"])

    def save(self, folder: Path) -> None:
        """Write weights and card into the folder, which is made if need be."""
        import torch

        folder.mkdir(parents=True, exist_ok=True)
        tensors = {name: torch.from_numpy(np.array(value)) for name, value in self.weights.items()}
        torch.save(tensors, folder / WEIGHTS_FILE)
        content = {
            "kind": KIND,
            "format": FORMAT,
            "sha256": _digest(folder / WEIGHTS_FILE),
            "card": self.card,
            "shape": self.shape,
            "bias_factor": self.bias_factor,
            "vocabulary": self.vocabulary,
            "champions": self.champions,
            "weekly_wape": self.weekly_wape,
            "trial": _trial_written(self.trial),
        }
        (folder / CARD_FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "TrainedModel":
        """Read a folder that `save` wrote; nothing in it is ever executed.

        Raises BadModelFile if a file is missing, damaged, of another make or of another format.
        """
        content = _read_card(folder / CARD_FILE)
        try:
            return cls(
                weights=_read_weights(folder / WEIGHTS_FILE, content["sha256"]),
                vocabulary=(content["vocabulary"][0], content["vocabulary"][1]),
                shape=content["shape"],
                bias_factor=float(content["bias_factor"]),
                champions=content["champions"],
                weekly_wape=content["weekly_wape"],
                card=content["card"],
                trial=_trial_read(content.get("trial")),
            )
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise BadModelFile(f"{folder / CARD_FILE} lacks or garbles {error}; train the forecaster again") from error


def _read_card(path: Path) -> dict[str, Any]:
    """The card's content, once it is certain that it is ours."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadModelFile(f"cannot read {path}: {error.strerror}; train the forecaster first") from error
    except ValueError as error:
        raise BadModelFile(f"{path} is damaged ({error}); train the forecaster again") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise BadModelFile(f"{path} is not the card of a {KIND}; name a folder that training wrote")
    if content.get("format") != FORMAT:
        raise BadModelFile(f"{path} has format {content.get('format')}, not {FORMAT}; train the forecaster again")
    return content


def _read_weights(path: Path, sha256: str) -> dict[str, NDArray[Any]]:
    """The weights as arrays, once their digest is the card's."""
    import torch

    if not path.is_file():
        raise BadModelFile(f"{path} is missing; train the forecaster again")
    if _digest(path) != sha256:
        raise BadModelFile(f"{path} is not the file its card describes; train the forecaster again")
    tensors = torch.load(path, weights_only=True, map_location="cpu")
    return {name: value.numpy() for name, value in tensors.items()}


def _trial_written(trial: Trial | None) -> dict[str, Any] | None:
    """A trial as JSON knows it, which has no lists of names for keys."""
    return None if trial is None else asdict(trial) | {"first": str(trial.first), "units": list(trial.units.items())}


def _trial_read(content: dict[str, Any] | None) -> Trial | None:
    """The inverse of `_trial_written`."""
    if content is None:
        return None
    units = {tuple(path): tuple(days) for path, days in content["units"]}
    return Trial(date.fromisoformat(content["first"]), int(content["step"]), units)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
