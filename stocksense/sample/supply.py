"""The shelves of the sample shop day by day: deliveries, sales, theft, waste, counts, and an owner who orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stocksense.sample.calendar import Calendar, Floats
from stocksense.sample.demand import LOCATIONS, Demand, Ints
from stocksense.sample.products import SampleProduct
from stocksense.sample.suppliers import FRESH, SUPPLIERS, SampleOffer

Rng = np.random.Generator
Whole = NDArray[np.int64]

LAST_ORDERS_BEFORE_END = 3
"""Days before the window's end from which the owner hardly orders from others than the fresh supplier."""

_MEMORY = 1 / 28
_THEFTS_A_DAY = 0.15
_BREAKAGES_A_DAY = 0.05
_COUNT_EVERY = 91
_FORGETS = 0.12
_USED_OF_LIFE = 0.4
_WORTH_A_PACK = 0.15
_FORGETS_AT_END = 0.7
_HITCH = 0.03


@dataclass(frozen=True)
class Orders:
    """What the owner ordered, one entry an order line: arrays of shape (lines,); days from the window's start.

    `arrives` may lie after the window: those lines are still open. `units` are whole packs.
    """

    product: Ints
    supplier: Ints
    placed: Ints
    arrives: Ints
    units: Ints


@dataclass(frozen=True)
class Moves:
    """Units that came to or left a place: arrays of shape (moves,). `order` is an index of Orders, -1 for none."""

    product: Ints
    location: Ints
    day: Ints
    units: Ints
    order: Ints


@dataclass(frozen=True)
class Supply:
    """What happened: sales and closing stock (products, locations, days), and the moves beside the sales.

    `corrections` hold negative units where a count found less than the books said.
    """

    sales: Ints
    on_hand: Ints
    opening: Moves
    receipts: Moves
    waste: Moves
    corrections: Moves
    orders: Orders


@dataclass
class _Log:
    """Columns of moves, gathered day by day."""

    parts: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, units: Ints, day: int, order: Whole | int = -1, rows: Whole | None = None) -> None:
        """Note every non-zero cell of `units`, shape (products or rows, locations)."""
        at, place = np.nonzero(units)
        if not len(at):
            return
        product = at if rows is None else rows[at]
        which = np.full(len(at), order) if isinstance(order, int) else order[at]
        self.parts.append(np.stack([product, place, np.full(len(at), day), units[at, place], which]))

    def moves(self) -> Moves:
        """Everything noted, in the order of time."""
        table = np.concatenate(self.parts, axis=1) if self.parts else np.zeros((5, 0))
        return Moves(*table.astype(np.int32))


def stock_shelves(
    rng: Rng,
    products: Sequence[SampleProduct],
    usual: Sequence[SampleOffer],
    calendar: Calendar,
    *,
    demand: Demand,
    well_stocked: frozenset[str],
) -> Supply:
    """Play the window: the owner orders by habit, suppliers are late, things vanish, and empty shelves sell nothing.

    Of the SKUs in `well_stocked` the owner always keeps plenty.
    """
    plenty = np.array([product.sku in well_stocked for product in products])
    shelves = _Shelves(rng, products, usual, demand=demand, well_stocked=plenty)
    shelves.open()
    for day in range(len(calendar.days)):
        shelves.throw_out_expired(day)
        shelves.receive(day)
        shelves.sell(day)
        shelves.lose(day)
        shelves.count(day)
        shelves.order(day, int(calendar.weekday[day]))
    return shelves.supply()


class _Shelves:
    """The state of the simulation. Stock is what came in less what went out, so the oldest units leave first.

    `gone` is what really left, `booked` what the books know of: theft shows up only when somebody counts. All
    three are sums since the first day, of shape (products, locations); what is kept of each day has days first.
    """

    def __init__(
        self,
        rng: Rng,
        products: Sequence[SampleProduct],
        usual: Sequence[SampleOffer],
        *,
        demand: Demand,
        well_stocked: NDArray[np.bool_],
    ) -> None:
        count, places, days = demand.true.shape
        self.rng, self.lives, self.days = rng, demand.lives, days
        self.wanted = np.ascontiguousarray(np.moveaxis(demand.true, 2, 0))
        self.life = np.array([product.shelf_life_days or 10**6 for product in products])
        self.pack = np.array([offer.pack_size for offer in usual])
        self.minimum = np.array([offer.minimum_order for offer in usual])
        self.supplier = np.array([offer.supplier for offer in usual])
        self.shares = _shares(products)
        self.came, self.gone, self.booked = (np.zeros((count, places), dtype=np.int32) for _ in range(3))
        self.came_by, self.sales, self.on_hand = (np.zeros((days, count, places), dtype=np.int32) for _ in range(3))
        self.expected: NDArray[Any] = demand.rate * np.float32(sum(size for _, size, _ in LOCATIONS))
        self.caution = np.where(well_stocked, 3.0, rng.uniform(0.2, 1.4, size=count))
        self.habit_days = np.where(well_stocked, 21.0, rng.uniform(6, 14, size=count))
        self.opening, self.receipts, self.waste, self.corrections = _Log(), _Log(), _Log(), _Log()
        self.order_parts: list[NDArray[np.int64]] = []
        self.due: dict[int, list[tuple[int, int, int]]] = {}
        self.on_order = np.zeros(count, dtype=np.int64)
        self.lines = 0
        self.thefts = _accidents(rng, products, demand, _THEFTS_A_DAY)
        self.breakages = _accidents(rng, products, demand, _BREAKAGES_A_DAY)

    def open(self) -> None:
        """Fill the shelves for the first day, and order ahead what is launched later."""
        first = self._packs(np.minimum(self.expected * self.habit_days, self.expected * self.life * _USED_OF_LIFE))
        at = np.flatnonzero(self.lives.launched == 0)
        units = _share_out(first[at], self.came[at], self.shares[at])
        self.came[at] += units
        self.opening.add(units, 0, rows=at)
        for later in np.flatnonzero(self.lives.launched > 0):
            day = int(self.lives.launched[later])
            self._place(np.array([later]), first[[later]], max(day - 7, 0), np.array([day]))

    def throw_out_expired(self, day: int) -> None:
        """In the morning, take away what expired yesterday; what was stolen from those lots is noticed with it."""
        last = day - self.life - 1
        at = np.flatnonzero(last >= 0)
        due = self.came_by[last[at], at]
        expired = np.maximum(due - self.booked[at], 0)
        self.booked[at] += expired
        self.gone[at] = np.maximum(self.gone[at], due)
        self.waste.add(expired, day, rows=at)

    def receive(self, day: int) -> None:
        """Share out to the places what the suppliers bring today."""
        waiting = self.due.pop(day, [])
        while waiting:
            line, product, units = np.array(waiting).T
            _, first = np.unique(product, return_index=True)
            rows = product[first]
            shared = _share_out(units[first], self.came[rows] - self.gone[rows], self.shares[rows])
            self.came[rows] += shared
            self.on_order[rows] -= units[first]
            self.receipts.add(shared, day, line[first], rows)
            waiting = [entry for at, entry in enumerate(waiting) if at not in set(first.tolist())]
        self.came_by[day] = self.came

    def sell(self, day: int) -> None:
        """Sell what is wanted and there. The owner sees it, and does not take an empty shelf for a lack of interest."""
        sold = np.minimum(self.wanted[day], self.came - self.gone)
        self.gone += sold
        self.booked += sold
        self.sales[day] = sold
        usual = self.shares * self.expected[:, None]
        seen = np.where(self.came > self.gone, sold, np.maximum(sold, usual)).sum(axis=1)
        age = np.minimum(day + 1 - self.lives.launched, 28).clip(0)
        memory = np.maximum(_MEMORY, 1 / (age + 6)) * (age > 0)
        self.expected += (memory * (seen - self.expected)).astype(np.float32)

    def lose(self, day: int) -> None:
        """What is broken is booked as waste at once; what is stolen isn't booked."""
        for accidents, noticed in ((self.breakages, True), (self.thefts, False)):
            if day in accidents:
                lost = np.minimum(accidents[day], self.came - self.gone)
                self.gone += lost
                if noticed:
                    self.booked += lost
                    self.waste.add(lost, day)

    def count(self, day: int) -> None:
        """Once a quarter each place is counted, and the books follow the shelf; then note the closing stock."""
        for place in range(self.gone.shape[1]):
            if (day + 1 + 14 + 30 * place) % _COUNT_EVERY == 0:
                missing = np.zeros_like(self.gone)
                missing[:, place] = self.booked[:, place] - self.gone[:, place]
                self.booked -= missing
                self.corrections.add(missing, day)
        self.on_hand[day] = self.came - self.booked

    def order(self, day: int, weekday: int) -> None:
        """Order up to a habitual level what has fallen to the point at which the owner gets uneasy."""
        active = (self.lives.launched <= day) & (self.lives.withdrawn > day)
        position = self.on_hand[day].sum(axis=1) + self.on_order
        for number, supplier in enumerate(SUPPLIERS):
            mine = np.flatnonzero(active & (self.supplier == number))
            if weekday not in supplier.order_days:
                continue
            exposed = supplier.lead_time_days + 7 / len(supplier.order_days)
            expected, life, pack = self.expected[mine], self.life[mine], self.pack[mine]
            uneasy = expected * exposed + self.caution[mine] * np.sqrt(expected * exposed)
            level = uneasy + np.minimum(expected * self.habit_days[mine], expected * life * _USED_OF_LIFE)
            wanted = self._packs(level - position[mine], mine)
            longest = np.maximum(expected * (life + 1), pack * (expected * life > pack * _WORTH_A_PACK))
            wanted = np.minimum(wanted, longest.astype(np.int64) // pack * pack)
            forgets = _FORGETS if number == FRESH or day < self.days - LAST_ORDERS_BEFORE_END else _FORGETS_AT_END
            remembered = self.rng.random(len(mine)) > forgets
            picked = (position[mine] <= uneasy) & (wanted >= self.minimum[mine]) & remembered
            at = mine[picked]
            self._place(at, wanted[picked], day, day + self._lead_times(number, len(at)))

    def supply(self) -> Supply:
        """Everything that happened."""
        lines = np.concatenate(self.order_parts, axis=1).astype(np.int32)
        return Supply(
            sales=np.ascontiguousarray(np.moveaxis(self.sales, 0, 2)),
            on_hand=np.ascontiguousarray(np.moveaxis(self.on_hand, 0, 2)),
            opening=self.opening.moves(),
            receipts=self.receipts.moves(),
            waste=self.waste.moves(),
            corrections=self.corrections.moves(),
            orders=Orders(*lines),
        )

    def _packs(self, units: NDArray[Any], at: Whole | None = None) -> Whole:
        """Units rounded up to whole packs and the minimum order, for all products or those at `at`."""
        pack, minimum = (self.pack, self.minimum) if at is None else (self.pack[at], self.minimum[at])
        whole: Whole = np.ceil(np.maximum(units, minimum) / pack).astype(np.int64) * pack
        return whole

    def _lead_times(self, supplier: int, count: int) -> Whole:
        """Whole days from order to delivery; one delivery in thirty is held up for days."""
        usual = self.rng.normal(SUPPLIERS[supplier].lead_time_days, SUPPLIERS[supplier].lead_time_sd, size=count)
        late = (self.rng.random(count) < _HITCH) * (supplier != FRESH) * self.rng.integers(4, 10, size=count)
        lead: Whole = np.maximum(np.round(usual), 1).astype(np.int64) + late
        return lead

    def _place(self, at: Whole, units: Whole, day: int, arrives: Whole) -> None:
        if not len(at):
            return
        self.order_parts.append(np.stack([at, self.supplier[at], np.full(len(at), day), arrives, units]))
        self.on_order[at] += units
        for product, quantity, arrival in zip(at.tolist(), units.tolist(), arrives.tolist(), strict=True):
            self.due.setdefault(arrival, []).append((self.lines, product, quantity))
            self.lines += 1


def _shares(products: Sequence[SampleProduct]) -> Floats:
    """Which part of a product's demand each place has, shape (products, locations)."""
    size = np.array([[place * week[p.leaf.week] for _, place, week in LOCATIONS] for p in products], dtype=np.float32)
    shares: Floats = size / size.sum(axis=1, keepdims=True)
    return shares


def _share_out(units: Whole, held: Ints, shares: Floats) -> Ints:
    """Split `units` (rows,) over the places (rows, places) so that each comes near its share of all there is."""
    need = np.maximum(shares * (units + held.sum(axis=1))[:, None] - held, 1e-6)
    exact = need / need.sum(axis=1, keepdims=True) * units[:, None]
    whole = np.floor(exact)
    rank = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    left = units - whole.sum(axis=1)
    shared: Ints = (whole + (rank < left[:, None])).astype(np.int32)
    return shared


def _accidents(rng: Rng, products: Sequence[SampleProduct], demand: Demand, a_day: float) -> dict[int, Ints]:
    """Units lost, dearer and faster-selling goods more often: {day: (products, locations)}."""
    count, places, days = demand.true.shape
    weight = np.sqrt([product.price for product in products]) * demand.rate
    lost: dict[int, Ints] = {}
    for product in rng.choice(count, size=int(rng.poisson(a_day * places * days)), p=weight / weight.sum()):
        day = lost.setdefault(int(rng.integers(0, days)), np.zeros((count, places), dtype=np.int32))
        day[product, rng.integers(0, places)] += 1
    return lost
