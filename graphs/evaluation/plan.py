"""What an evaluation measures, said so fully that two runs can be compared and an unfinished one resumed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from stocksense.errors import BadValue
from webshop_env import Catalog, WebShopError, load_catalog, load_shipped_catalog
from webshop_env.catalog import SUITES
from webshop_env.goals import SPLITS, split_range
from webshop_env.reward import Mode
from webshop_env.warehouse import open_catalog

BrainName = Literal["offline", "react", "reflexion"]
ProfileName = Literal["quick", "thorough"]
EvaluatorName = Literal["reward", "verifier"]
_ROOT = Path(__file__).parents[2]
_BUYER = ("agents/shopper", "memory", "tools", "webshop_env", "graphs/react.py", "graphs/reflexion.py")
"""What an episode depends on: when one of these files changes, earlier episodes no longer speak for the buyer."""


@dataclass(frozen=True)
class Plan:
    """The settings of an evaluation. `n` says only how far to go in the split (0: all of it).

    `products`, `attributes`, `human` and `nouns` are paths in WebShop's format, `imported` is the folder of a
    catalogue that was read in; all empty stand for the shipped catalogue, and an empty `weights` for the ranker that
    is shipped. Raises BadValue for a value that there is not.
    """

    brain: BrainName = "offline"
    suite: str = "templated"
    split: str = "test"
    n: int = 200
    trials: int = 1
    profile: ProfileName = "quick"
    mode: Mode = "parity"
    seed: int = 7
    evaluator: EvaluatorName = "verifier"
    model: str = "offline"
    examples: int = 0
    weights: str = ""
    products: str = ""
    attributes: str = ""
    human: str = ""
    nouns: str = ""
    imported: str = ""

    def __post_init__(self) -> None:
        known: dict[str, tuple[str, ...]] = {
            "brain": get_args(BrainName),
            "suite": SUITES,
            "split": (*SPLITS, "all"),
            "profile": get_args(ProfileName),
            "mode": get_args(Mode),
            "evaluator": get_args(EvaluatorName),
        }
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise BadValue(f"--{name} {getattr(self, name)!r} is unknown; choose from {', '.join(values)}")
        if not 1 <= self.trials <= 20 or self.n < 0 or self.examples < 0:
            raise BadValue(
                f"--trials {self.trials} must be 1 to 20, --n {self.n} and --examples {self.examples} at least 0"
            )
        if bool(self.products) != bool(self.attributes):
            raise BadValue("--products and --attributes belong together; give both, or neither for what is shipped")

    @property
    def shopper(self) -> str:
        """Who shops, as results name it, such as `reflexion over offline quick, verifier, 8 trials`."""
        scripted = " (a script, no language model)" if self.model == "scripted-weak" else ""
        who = f"offline {self.profile}" if self.model == "offline" else f"{self.model}{scripted}, {self.profile}"
        if self.brain == "offline":
            return who
        told = f"{self.brain} over {who}" if self.brain == "reflexion" else f"react with {who}"
        shown = f", {self.examples} examples" if self.examples else ""
        return f"{told}{shown}, {self.evaluator}, {self.trials} trials" if self.trials > 1 else f"{told}{shown}"

    def open_catalog(self) -> Catalog:
        """The product set. Raises BadValue if a file cannot be read."""
        try:
            if self.imported:
                return open_catalog(Path(self.imported), seed=self.seed)
            if not self.products:
                return load_shipped_catalog(seed=self.seed)
            return load_catalog(
                self.products, self.attributes, self.human or None, seed=self.seed, nouns=self.nouns or None
            )
        except WebShopError as error:
            raise BadValue(str(error)) from error

    def goals(self, catalog: Catalog) -> range:
        """The numbers of the goals to shop for. Raises BadValue if there are none."""
        found = split_range(self.split, len(catalog.goals(self.suite)))
        if not found:
            count = len(catalog.goals(self.suite))
            raise BadValue(
                f"suite {self.suite!r} of {catalog.name!r} has {count} goals and none in split {self.split!r}; "
                f"choose another suite or split, such as --split all"
            )
        return found[: self.n or None]

    def identity(self) -> dict[str, Any]:
        """Everything that an episode's result depends on: the settings but `n`, files by content, and the buyer."""
        told = {name: value for name, value in asdict(self).items() if name != "n"}
        for name in ("weights", "products", "attributes", "human", "nouns"):
            told[name] = f"{Path(told[name]).name} {file_digest(Path(told[name]))}" if told[name] else ""
        told["imported"] = folder_digest(Path(self.imported)) if self.imported else ""
        return told | {"buyer": buyer_digest()}

    def name(self) -> str:
        """A name for the results' folder; the same settings have the same name."""
        said = json.dumps(self.identity(), sort_keys=True, ensure_ascii=False)
        return f"{self.brain}-{self.suite}-{self.split}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """What distinguishes two identities, in words: `seed 7 here, 8 there`."""
    names = dict.fromkeys([*(field.name for field in fields(Plan)), *ours, *theirs])
    return [
        f"{name} {ours.get(name)!r} here, {theirs.get(name)!r} there"
        for name in names
        if ours.get(name) != theirs.get(name)
    ]


def file_digest(path: Path) -> str:
    """The beginning of a file's SHA-256. Raises BadValue if the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]
    except OSError as error:
        raise BadValue(f"{path} cannot be read ({error.strerror}); check the path") from error


def folder_digest(path: Path) -> str:
    """The name of an imported catalogue and a digest of its files' names and sizes, which are too big to be read."""
    files = sorted(f"{file.name} {file.stat().st_size}" for file in path.glob("*"))
    return f"{path.name} {hashlib.sha256(' '.join(files).encode()).hexdigest()[:12]}"


@cache
def buyer_digest() -> str:
    """One digest over the source of everything that shops and scores."""
    told = hashlib.sha256()
    for path in sorted(_files()):
        told.update(f"{path.relative_to(_ROOT)} {file_digest(path)}\n".encode())
    return told.hexdigest()[:12]


def _files() -> Iterator[Path]:
    for name in _BUYER:
        path = _ROOT / name
        if path.is_file():
            yield path
        else:
            yield from (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
