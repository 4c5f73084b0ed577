"""Replays outputs recorded in the reference environment, and says where ours differ, layer by layer.

A folder of recorded outputs holds `search.jsonl.gz`, `rewards.jsonl.gz`, `walks.jsonl.gz`, `goals.jsonl.gz` and
`prices.json`, or some of them; see `read_lines` for their form.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webshop_env.catalog import Catalog
from webshop_env.env import WebShopEnv
from webshop_env.errors import BadCatalogFile

Line = Mapping[str, Any]
SHOWN_DIFFERENCES = 10


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """How many outputs of one layer were replayed, and the differences found, in words."""

    layer: str
    replayed: int
    differences: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.layer}: {len(self.differences)} differences in {self.replayed}"]
        lines += [f"  {difference}" for difference in self.differences[:SHOWN_DIFFERENCES]]
        return "\n".join(lines)


def read_lines(path: Path) -> Iterator[Line]:
    """The recorded outputs in a file, one JSON object a line.

    A goal: i, asin, instruction_text, attributes, goal_options, price_upper, weight. A search: query, asins. A reward:
    goal, asin, options, reward, info. A walk: goal, start and steps; each of these obs, clickables, and a step also
    action, reward, done. Raises BadCatalogFile if the file cannot be read.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise BadCatalogFile(f"{path} holds no recorded outputs ({error}); see webshop_env/check.py") from error


def _tally(layer: str, found: Iterable[list[str]]) -> LayerCheck:
    """The check of a layer from the differences of each of its outputs."""
    each = list(found)
    return LayerCheck(layer, len(each), tuple(difference for differences in each for difference in differences))


def check_goals(catalog: Catalog, lines: Iterable[Line]) -> LayerCheck:
    """Compare the templated goals: order, texts, caps and weights."""

    def compare(line: Line) -> list[str]:
        goal = catalog.goal("templated", line["i"])
        ours: dict[str, Any] = {"asin": goal.asin, "instruction_text": goal.instruction}
        ours |= {"attributes": list(goal.attributes), "goal_options": goal.goal_options}
        ours |= {"price_upper": goal.price_upper, "weight": goal.weight}
        return _unequal(f"goal {line['i']}", ours, line)

    return _tally("goals", map(compare, lines))


def check_prices(catalog: Catalog, recorded: Mapping[str, float]) -> LayerCheck:
    """Compare the price at which each product is counted."""
    prices = catalog.prices
    return _tally(
        "prices", (_unequal(asin, {"price": prices.get(asin)}, {"price": was}) for asin, was in recorded.items())
    )


def check_search(catalog: Catalog, lines: Iterable[Line]) -> LayerCheck:
    """Compare what searches find, and in which order."""

    def compare(line: Line) -> list[str]:
        found, expected = catalog.search(line["query"]), line["asins"]
        if found == expected:
            return []
        same = [ours == theirs for ours, theirs in zip(found, expected, strict=False)]
        place = same.index(False) if False in same else len(same)
        return [f"{line['query']!r}: differs from place {place} on"]

    return _tally("search", map(compare, lines))


def check_rewards(env: WebShopEnv, lines: Iterable[Line]) -> LayerCheck:
    """Compare rewards and every part of them."""

    def compare(line: Line) -> list[str]:
        reward = env.score(line["goal"], line["asin"], line["options"])
        case = f"goal {line['goal']}, {line['asin']} with {line['options']}"
        return _unequal(case, {"reward": reward.total, **reward.parts()}, {"reward": line["reward"], **line["info"]})

    return _tally("rewards", map(compare, lines))


def check_walks(env: WebShopEnv, lines: Iterable[Line]) -> LayerCheck:
    """Compare whole episodes: observation, clickables in order, reward and end of every step, the start included."""

    def replay() -> Iterator[list[str]]:
        for number, line in enumerate(lines):
            obs, info = env.reset(options={"goal": line["goal"]})
            start = {"obs": obs, "clickables": info["clickables"], "search": info["has_search_bar"]}
            yield _unequal(f"walk {number}, start", start, line["start"])
            for place, step in enumerate(line["steps"]):
                obs, reward, done, _, info = env.step(step["action"])
                ours = {"obs": obs, "reward": reward, "done": done, "clickables": info["clickables"]}
                yield _unequal(f"walk {number}, step {place} {step['action']!r}", ours, step)

    return _tally("walks", replay())


def check_all(catalog: Catalog, folder: Path) -> list[LayerCheck]:
    """Every layer of which the folder holds recorded outputs."""
    env = WebShopEnv(catalog, suite="templated", mode="parity")
    checks = []
    if (folder / "prices.json").exists():
        checks.append(check_prices(catalog, json.loads((folder / "prices.json").read_text(encoding="utf-8"))))
    for name, check in (("goals", check_goals), ("search", check_search)):
        if (folder / f"{name}.jsonl.gz").exists():
            checks.append(check(catalog, read_lines(folder / f"{name}.jsonl.gz")))
    for name, replay in (("rewards", check_rewards), ("walks", check_walks)):
        if (folder / f"{name}.jsonl.gz").exists():
            checks.append(replay(env, read_lines(folder / f"{name}.jsonl.gz")))
    return checks


def _unequal(case: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The parts that differ, each with both values, shortened."""
    different = [name for name in ours if ours[name] != theirs[name]]
    return [f"{case}: {name} is {ours[name]!r:.200}, not {theirs[name]!r:.200}" for name in different]
