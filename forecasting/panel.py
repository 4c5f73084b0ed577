"""The sales of a shop as one table of arrays: what every forecast is made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stocksense.errors import BadValue

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
SaleRow = tuple[str, date, float, float | None, bool]

ARRAY_TYPES = {"units": np.float32, "in_stock": np.bool_, "price": np.float32, "promotion": np.bool_}


@dataclass(frozen=True, eq=False)
class SalesPanel:
    """Daily sales of n products over one window of days, oldest day first.

    `units`, `in_stock`, `price` and `promotion` have the shape (n, days). `price` is the selling price
    of the day, NaN where none is known. `in_stock` is False on a day when the shelf was empty for at
    least a part of it: the units sold that day are a lower bound of the demand. `categories` holds each
    product's path, main category first. `country` is an ISO code and chooses the holidays.
    Raises BadValue if the shapes do not fit or a number makes no sense.
    """

    skus: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    first_day: date
    units: Floats
    in_stock: Flags
    price: Floats
    promotion: Flags
    country: str = "KR"

    def __post_init__(self) -> None:
        if len(set(self.skus)) != len(self.skus):
            raise BadValue("a sales panel names a SKU twice; merge its rows first")
        if len(self.categories) != len(self.skus):
            raise BadValue(f"{len(self.skus)} SKUs but {len(self.categories)} category paths; give one each")
        if self.units.ndim != 2 or self.units.shape[0] != len(self.skus):
            raise BadValue(f"units has shape {self.units.shape}; it must be ({len(self.skus)}, days)")
        for name, dtype in ARRAY_TYPES.items():
            values = getattr(self, name)
            if values.shape != self.units.shape:
                raise BadValue(f"{name} has shape {values.shape}; it must be {self.units.shape} like units")
            object.__setattr__(self, name, np.ascontiguousarray(values, dtype=dtype))
        if not np.isfinite(self.units).all() or (self.units < 0).any():
            raise BadValue("units holds a negative or missing number; use 0 for a day without sales")
        if (self.price < 0).any():
            raise BadValue("price holds a negative number; use NaN where the price is not known")

    @property
    def days(self) -> int:
        """The number of days covered."""
        return int(self.units.shape[1])

    @property
    def last_day(self) -> date:
        """The last day covered; a forecast starts the day after."""
        return self.first_day + timedelta(days=self.days - 1)

    @cached_property
    def launch(self) -> Ints:
        """The index of each product's first sale, shape (n,); `days` where it never sold.

        Days before it are "not yet sold" and never count as days of no demand.
        """
        sold = self.units > 0
        return np.where(sold.any(axis=1), sold.argmax(axis=1), self.days).astype(np.int64)

    @cached_property
    def on_sale(self) -> Flags:
        """True from each product's first sale on, shape (n, days)."""
        return np.arange(self.days)[None, :] >= self.launch[:, None]

    def until(self, days: int) -> "SalesPanel":
        """The same panel, knowing only its first `days` days: how a backtest hides the future."""
        if not 0 < days <= self.days:
            raise BadValue(f"cannot cut a panel of {self.days} days to {days}; choose 1 to {self.days}")
        cut = {name: getattr(self, name)[:, :days] for name in ARRAY_TYPES}
        return replace(self, **cut)

    def only(self, rows: Ints) -> "SalesPanel":
        """The same panel with only the products at these positions, in this order."""
        cut = {name: getattr(self, name)[rows] for name in ARRAY_TYPES}
        skus = tuple(self.skus[row] for row in rows)
        return replace(self, skus=skus, categories=tuple(self.categories[row] for row in rows), **cut)


def build_panel(
    rows: Iterable[SaleRow],
    stockouts: Iterable[tuple[str, date]] = (),
    *,
    categories: Mapping[str, tuple[str, ...]],
    first_day: date,
    last_day: date,
    country: str = "KR",
) -> SalesPanel:
    """Build a panel from rows (sku, day, units, price, promoted) and from stock-out days (sku, day).

    One product per key of `categories`, sorted by SKU, also those that never sold. Rows of one product
    and day are added up; a day whose returns outweigh its sales counts 0. Rows outside the window or of
    a product not in `categories` are left out. A price holds until the next one, and back to the start.
    """
    days = (last_day - first_day).days + 1
    if days < 1:
        raise BadValue(f"the window {first_day} to {last_day} holds no day; give first_day <= last_day")
    skus = tuple(sorted(categories))
    position = {sku: row for row, sku in enumerate(skus)}
    shape = (len(skus), days)
    units, price = np.zeros(shape, np.float32), np.full(shape, np.nan, np.float32)
    promotion, in_stock = np.zeros(shape, np.bool_), np.ones(shape, np.bool_)
    for sku, day, sold, paid, promoted in rows:
        row, column = position.get(sku), (day - first_day).days
        if row is None or not 0 <= column < days:
            continue
        units[row, column] += sold
        promotion[row, column] |= promoted
        if paid is not None:
            price[row, column] = paid
    for sku, day in stockouts:
        row, column = position.get(sku), (day - first_day).days
        if row is not None and 0 <= column < days:
            in_stock[row, column] = False
    paths = tuple(tuple(categories[sku]) for sku in skus)
    return SalesPanel(skus, paths, first_day, np.maximum(units, 0), in_stock, _carried(price), promotion, country)


def _carried(price: Floats) -> Floats:
    """Carry each known price on to the days after it, and the first one back, shape (n, days)."""
    known = ~np.isnan(price)
    column = np.where(known, np.arange(price.shape[1])[None, :], -1)
    latest = np.maximum.accumulate(column, axis=1)
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)[:, None]
    return np.asarray(np.take_along_axis(price, np.where(latest < 0, first, latest), axis=1))
