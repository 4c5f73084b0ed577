"""Catalogues too big for memory: imported once into a folder, opened in a moment, read from disk as needed.

`import_catalog` streams the official files (1.18 million products, 5 GB) into a folder; `open_catalog` maps it. The
catalogue that comes back has the face of every other.
"""

import json
import logging
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from webshop_env.catalog import Catalog, kept_records, read_json
from webshop_env.errors import BadIndexFile
from webshop_env.goals import GOAL_ORDER_SEED
from webshop_env.nouns import find_nouns
from webshop_env.posting_files import PostingWriter, open_postings
from webshop_env.product import Product, read_product
from webshop_env.search import Search
from webshop_env.shelf import Shelf, load_array, write_shelf
from webshop_env.stream import list_entries, object_entries

log = logging.getLogger(__name__)

FIELDS = (
    "asin", "name", "full_description", "small_description", "pricing", "images", "product_category", "category",
    "query", "customization_options",
)  # fmt: skip
KEPT_PRODUCTS = 4096


class StoredProducts(Mapping[str, Product]):
    """The products of a folder by asin, in the order of their file; those read lately are kept."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder, "products")
        self.record = lru_cache(maxsize=KEPT_PRODUCTS)(self._record)
        self._read = lru_cache(maxsize=KEPT_PRODUCTS)(self._product)

    def _record(self, asin: str) -> dict[str, Any]:
        record: dict[str, Any] | None = self.shelf.get(asin)
        if record is None:
            raise KeyError(asin)
        return record

    def _product(self, asin: str) -> Product:
        record = self.record(asin)
        return read_product(record, record["extra"])

    def __getitem__(self, asin: str) -> Product:
        return self._read(asin)

    def __iter__(self) -> Iterator[str]:
        return self.shelf.in_order()

    def __len__(self) -> int:
        return len(self.shelf)

    def __contains__(self, asin: object) -> bool:
        return isinstance(asin, str) and self.shelf.rank(asin) is not None


class StoredNouns(Mapping[str, tuple[str, ...]]):
    """The nouns found when the catalogue was imported."""

    def __init__(self, products: StoredProducts) -> None:
        self._products = products

    def __getitem__(self, asin: str) -> tuple[str, ...]:
        return tuple(self._products.record(asin)["nouns"])

    def __iter__(self) -> Iterator[str]:
        return iter(self._products)

    def __len__(self) -> int:
        return len(self._products)


class StoredPrices(Mapping[str, float]):
    """Prices as a catalogue in memory would draw them from the same generator."""

    def __init__(self, folder: Path, shelf: Shelf, rng: random.Random) -> None:
        lows, highs = load_array(folder, "prices")
        drawn = np.array(lows)
        for place in np.flatnonzero(~np.isnan(highs)).tolist():
            drawn[place] = rng.uniform(float(lows[place]), float(highs[place]))
        self._shelf = shelf
        self._drawn = drawn

    def __getitem__(self, asin: str) -> float:
        rank = self._shelf.rank(asin)
        if rank is None:
            raise KeyError(asin)
        return float(self._drawn[self._shelf.places[rank]])

    def __iter__(self) -> Iterator[str]:
        return self._shelf.in_order()

    def __len__(self) -> int:
        return len(self._shelf)


class StoredCatalog(Catalog):
    """A catalogue whose products, nouns and index lie in a folder."""

    def __init__(self, folder: Path, *, seed: int = 7, goal_seed: int = GOAL_ORDER_SEED) -> None:
        stored = StoredProducts(folder)
        facts = _facts(folder)
        self._folder, self._stored = folder, stored
        super().__init__(
            stored,
            name=facts["name"],
            instructions=read_json(folder / "human.json", dict),
            seed=seed,
            goal_seed=goal_seed,
            search=Search(open_postings(folder, stored.shelf.asins)),
        )
        self._nouns_and_sources = StoredNouns(stored), Counter(facts["noun_sources"])

    def _draw_prices(self, rng: random.Random) -> Mapping[str, float]:
        return StoredPrices(self._folder, self._stored.shelf, rng)


def _facts(folder: Path) -> dict[str, Any]:
    """What was noted when the catalogue was imported."""
    try:
        facts: dict[str, Any] = json.loads((folder / "catalog.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadIndexFile(f"{folder} holds no imported catalogue ({error}); import one first") from error
    return facts


def import_catalog(products: Path, attributes: Path, folder: Path, *, human: Path | None = None) -> StoredCatalog:
    """Import the official files into a new folder, streaming, and open it.

    Raises BadCatalogFile, naming what is broken; then, and if the folder exists already, nothing is left or changed.
    """
    if folder.exists():
        raise BadIndexFile(f"{folder} exists already; remove it or choose another folder")
    began = time.perf_counter()
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        served = _write(products, attributes, part)
        written = read_json(human, dict) if human else {}
        (part / "human.json").write_text(json.dumps(written), encoding="utf-8")
        facts = {"name": products.name.split(".")[0], "noun_sources": served}
        (part / "catalog.json").write_text(json.dumps(facts), encoding="utf-8")
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    catalog = StoredCatalog(folder)
    took = time.perf_counter() - began
    log.info("catalogue imported: products=%d seconds=%.1f nouns=%s", len(catalog.products), took, served)
    return catalog


def _write(products: Path, attributes: Path, folder: Path) -> Counter[str]:
    """Write products, prices and index; returns how many titles each source of nouns served."""
    write_shelf(folder, "attributes", object_entries(attributes))
    extras = Shelf(folder, "attributes")
    index = PostingWriter(folder)
    served: Counter[str] = Counter()
    asins: list[str] = []
    prices: list[tuple[float, float]] = []

    def prepared() -> Iterator[tuple[str, dict[str, Any]]]:
        for record in kept_records(list_entries(products)):
            asins.append(record["asin"])
            extra = extras.get(record["asin"])
            product = read_product(record, extra)
            nouns, source = find_nouns([product])
            served.update(source)
            index.add(product.indexed_text)
            prices.append((product.prices[0], product.prices[1] if len(product.prices) > 1 else np.nan))
            kept = {field: record[field] for field in FIELDS if field in record}
            yield product.asin, kept | {"extra": extra, "nouns": nouns[product.asin]}

    write_shelf(folder, "products", prepared())
    index.finish(asins)
    np.save(folder / "prices.npy", np.array(prices, dtype=np.float64).reshape(-1, 2).T)
    return served


def open_catalog(folder: Path, *, seed: int = 7, goal_seed: int = GOAL_ORDER_SEED) -> StoredCatalog:
    """The catalogue imported into a folder; raises BadIndexFile if there is none."""
    return StoredCatalog(folder, seed=seed, goal_seed=goal_seed)
