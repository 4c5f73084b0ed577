"""The catalogue: products, their prices and nouns, the goals asked of shoppers, and the search over it all."""

import gzip
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from webshop_env import goals as goal_suites
from webshop_env.errors import BadCatalogFile, UnknownGoal, UnknownProduct
from webshop_env.goals import GOAL_ORDER_SEED, Goal
from webshop_env.nouns import find_nouns
from webshop_env.paraphrase import paraphrased
from webshop_env.product import LONGEST_ASIN, Product, Record, read_product
from webshop_env.reward import Fit, Mode, Reward, fit
from webshop_env.reward import score as score_purchase
from webshop_env.search import Found, Search, build_postings

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parent / "data"
SUITES = ("templated", "human", "paraphrased", "paraphrased-ko")
MOST_KNOWN_FITS = 65_536
Source = str | Path


class Catalog:
    """Everything that a shop sells. The same seed draws the same prices and the same price caps.

    `products` holds the products by asin, in the order of their file; `noun_sources` counts how many titles' nouns
    each source gave.
    """

    def __init__(  # noqa: PLR0913  # each seed and each table is the caller's own choice
        self,
        products: Mapping[str, Product],
        *,
        name: str = "catalogue",
        instructions: Mapping[str, Any] | None = None,
        nouns: Mapping[str, Iterable[str]] | None = None,
        seed: int = 7,
        goal_seed: int = GOAL_ORDER_SEED,
        search: Search | None = None,
    ) -> None:
        self.name = name
        self.seed = seed
        self.goal_seed = goal_seed
        self.products = products
        self._instructions = instructions or {}
        self._noun_table = nouns or {}
        self._given_search = search
        self._fits: dict[tuple[str, str, tuple[str, ...]], Fit] = {}
        rng = random.Random(seed)
        self.prices = self._draw_prices(rng)
        self._after_prices = rng.getstate()
        self.goals = lru_cache(maxsize=len(SUITES))(self._goals)

    def _draw_prices(self, rng: random.Random) -> Mapping[str, float]:
        """The price at which the reward counts each product: drawn between the ends of a price range."""
        return {
            asin: product.prices[0] if len(product.prices) == 1 else rng.uniform(*product.prices)
            for asin, product in self.products.items()
        }

    @cached_property
    def _nouns_and_sources(self) -> tuple[Mapping[str, tuple[str, ...]], Counter[str]]:
        return find_nouns(self.products.values(), self._noun_table)

    @property
    def nouns(self) -> Mapping[str, tuple[str, ...]]:
        """The nouns of each product's title."""
        return self._nouns_and_sources[0]

    @property
    def noun_sources(self) -> Counter[str]:
        """How many titles' nouns came from the catalogue's table, the frozen table, spaCy, or the rule of thumb."""
        return self._nouns_and_sources[1]

    @cached_property
    def _search(self) -> Search:
        if self._given_search is not None:
            return self._given_search
        return Search(build_postings({asin: item.indexed_text for asin, item in self.products.items()}))

    def search(self, keywords: str) -> list[str]:
        """The asins that fit the keywords best, best first, at most 50."""
        return list(self.find(keywords))

    def find(self, keywords: str) -> Found:
        """As `search`, without looking up more asins than are asked for."""
        return self._search.find(keywords.lower())

    def product(self, asin: str) -> Product:
        """The product with an asin; raises UnknownProduct if there is none."""
        try:
            return self.products[asin]
        except KeyError:
            raise UnknownProduct(f"no product has asin {asin!r}; search for one, or see catalog.products") from None

    def _goals(self, suite: str = "templated") -> tuple[Goal, ...]:
        """The goals of a suite, in the order to which splits and results refer.

        Raises UnknownGoal for a suite other than templated, human, paraphrased and paraphrased-ko.
        """
        rng = random.Random()
        rng.setstate(self._after_prices)
        if suite == "human":
            found = goal_suites.human_goals(self.products, self.prices, self._instructions, rng)
        elif suite in SUITES:
            found = goal_suites.templated_goals(self.products.values(), self.prices, rng)
        else:
            raise UnknownGoal(f"no goal suite is called {suite!r}; choose from {', '.join(SUITES)}")
        ordered = goal_suites.shuffled(found, self.goal_seed)
        if suite.startswith("paraphrased"):
            return paraphrased(ordered, "ko" if suite.endswith("-ko") else "en", seed=self.seed)
        return ordered

    def goal(self, suite: str, index: int) -> Goal:
        """One goal of a suite; raises UnknownGoal if the suite has no such goal."""
        found = self.goals(suite)
        if not 0 <= index < len(found):
            raise UnknownGoal(f"suite {suite!r} has goals 0 to {len(found) - 1}, not {index}; see catalog.goals")
        return found[index]

    def score(self, goal: Goal, asin: str, options: Mapping[str, str], *, mode: Mode = "parity") -> Reward:
        """The reward for buying a product with the options chosen when `goal` was asked for."""
        kind = asin, goal.asin, goal.attributes
        fitting = self._fits.get(kind)
        if fitting is None:
            fitting = self._fits[kind] = self._fit(goal, asin)
        return score_purchase(goal, fitting, options, price=self.prices[asin], mode=mode)

    def _fit(self, goal: Goal, asin: str) -> Fit:
        """How well a product fits a goal; goals to buy one product differ in attributes, options and cap alone."""
        if len(self._fits) >= MOST_KNOWN_FITS:
            self._fits.clear()
        return fit(goal, self.product(asin), (self.nouns[asin], self.nouns.get(goal.asin, ())))


def load_catalog(  # noqa: PLR0913  # each file and each seed is the caller's own choice
    products: Source,
    attributes: Source,
    human: Source | None = None,
    *,
    seed: int = 7,
    goal_seed: int = GOAL_ORDER_SEED,
    nouns: Source | None = None,
    limit: int | None = None,
) -> Catalog:
    """The catalogue in the official files (JSON, gzipped or not), with prices and caps drawn from `seed`.

    Raises BadCatalogFile, naming the product, the field, its value and the remedy.
    """
    began = time.perf_counter()
    records = read_json(products, list)
    extra = read_json(attributes, dict)
    catalog = Catalog(
        read_products(records[:limit], extra),
        name=Path(products).name.removesuffix(".gz").removesuffix(".json"),
        instructions=read_json(human, dict) if human else None,
        nouns=read_json(nouns, dict) if nouns else None,
        seed=seed,
        goal_seed=goal_seed,
    )
    served = ", ".join(f"{source} {count}" for source, count in sorted(catalog.noun_sources.items()))
    took = time.perf_counter() - began
    log.info("catalogue loaded: products=%d seconds=%.2f nouns=%s", len(catalog.products), took, served)
    return catalog


def read_products(records: Iterable[Record], extra: Mapping[str, Record]) -> dict[str, Product]:
    """The products in records, by asin and in order."""
    return {record["asin"]: read_product(record, extra.get(record["asin"])) for record in kept_records(records)}


def kept_records(records: Iterable[Record]) -> Iterator[Record]:
    """The records of products that a catalogue keeps: nameless, overlong and repeated asins are passed over.

    Raises BadCatalogFile at a record without an asin.
    """
    seen: set[str] = set()
    for place, record in enumerate(records):
        if not isinstance(record, Mapping) or not isinstance(record.get("asin"), str):
            raise BadCatalogFile(f"product number {place} has no asin: {str(record)[:80]!r}; give it a unique one")
        asin = record["asin"]
        if asin != "nan" and len(asin) <= LONGEST_ASIN and asin not in seen:
            seen.add(asin)
            yield record


def read_json(source: Source, form: type) -> Any:
    """The JSON in a file, which must be of the form given (list or dict)."""
    path = Path(source)
    try:
        data = path.read_bytes()
        content = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    except OSError as error:
        raise BadCatalogFile(f"{path} cannot be read ({error}); check the path and the file") from error
    except ValueError as error:
        raise BadCatalogFile(f"{path} is no valid JSON ({error}); download or export it again") from error
    if not isinstance(content, form):
        raise BadCatalogFile(f"{path} holds a {type(content).__name__}, not a {form.__name__}; see the data's README")
    return content


def load_shipped_catalog(*, seed: int = 7, goal_seed: int = GOAL_ORDER_SEED) -> Catalog:
    """The made-up catalogue that comes with the project: about 1,000 products in Korean and English."""
    catalog = load_catalog(
        SHIPPED / "products.json.gz",
        SHIPPED / "attributes.json.gz",
        SHIPPED / "human.json.gz",
        nouns=SHIPPED / "nouns.json.gz",
        seed=seed,
        goal_seed=goal_seed,
    )
    catalog.name = "shipped"
    return catalog
