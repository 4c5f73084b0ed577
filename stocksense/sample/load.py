"""The sample shop, written into the database: products, offers, two years of moves and sales, and open orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.sample.generator import SAMPLE_DAYS, SAMPLE_UNTIL, SampleShop, generate
from stocksense.sample.products import SampleProduct
from stocksense.sample.supply import Moves
from stocksense.store import bulk
from stocksense.store.database import Sessions
from stocksense.store.offers import NewOffer, save_offers, save_suppliers
from stocksense.store.products import NewProduct, save_products
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, create_shop, location_of_kind, locations_of, update_policy

SAMPLE_NAME = "새벽별 무인상점 (sample)"
"""What the sample shop is called, unless another name is asked for."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many steps are done."""

SEOUL = ZoneInfo("Asia/Seoul")

_PER_ORDER, _PER_WEEK = Decimal(300_000), Decimal(5_000_000)
_OPENS, _HOURS_OPEN = 8, 14
_ORDERS_KEPT_DAYS = 90
_HOUR_OF = {MoveKind.OPENING: time(0, 30), MoveKind.RECEIPT: time(7), MoveKind.WASTE: time(22, 30)}
_COUNTED_AT = time(23)


@dataclass(frozen=True)
class ShopSummary:
    """What was loaded; `moves` include those of the sales, `stock_outs` count days of a product at a location,
    `amount` is what customers paid, in the shop's currency.
    """

    shop: ShopInfo
    products: int
    locations: int
    sales: int
    moves: int
    orders: int
    stock_outs: int
    first_day: date
    last_day: date
    amount: Decimal


@dataclass(frozen=True)
class _Ids:
    """Row numbers in the order of the generated shop, and the locations outside of it."""

    products: NDArray[np.int64]
    stores: NDArray[np.int64]
    suppliers: list[int]
    outside: dict[LocationKind, int]


def load_sample(  # noqa: PLR0913  # each argument is one choice of the caller's
    sessions: Sessions,
    *,
    now: datetime,
    seed: int = 7,
    until: date = SAMPLE_UNTIL,
    days: int = SAMPLE_DAYS,
    name: str = SAMPLE_NAME,
    progress: Progress | None = None,
) -> ShopSummary:
    """Generate the sample shop and write it into the database, all or nothing; its day stands still at `until`.

    Raises BadValue if a shop of that name is there already, ValueError for a window that is too short.
    """
    tell = progress or silent
    tell("drawing two years of sales", 0, 5)
    shop = generate(seed, until, days)
    with sessions.begin() as session:
        tell("writing products and offers", 1, 5)
        info = _open(session, shop, name, now)
        ids = _save_products(session, shop, info.id, now)
        tell("writing deliveries, waste and counts", 2, 5)
        moves = _write_moves(session, shop, info.id, ids, now=now)
        tell("writing sales", 3, 5)
        sales = _write_sales(session, shop, info.id, ids, now=now)
        orders = _write_orders(session, shop, info.id, ids)
        tell("adding up", 4, 5)
        stock_outs = _write_stock_outs(session, shop, ids)
        bulk.derive(session, info.id)
    tell("done", 5, 5)
    amount = int((shop.sales * shop.unit_price[:, None, :].astype(np.int64)).sum())
    return ShopSummary(
        shop=info,
        products=len(shop.products),
        locations=len(shop.locations),
        sales=sales,
        moves=moves + sales,
        orders=orders,
        stock_outs=stock_outs,
        first_day=shop.days[0],
        last_day=until,
        amount=Decimal(amount),
    )


def silent(what: str, done: int, of: int) -> None:
    """The progress that nobody watches."""


def _open(session: Session, shop: SampleShop, name: str, now: datetime) -> ShopInfo:
    info = create_shop(
        session, name, now=now, stores=shop.locations, provenance=shop.provenance, as_of=shop.until, country="KR"
    )
    return update_policy(session, info.id, budget_per_order=_PER_ORDER, budget_per_week=_PER_WEEK)


def _save_products(session: Session, shop: SampleShop, shop_id: int, now: datetime) -> _Ids:
    """Write products, suppliers and offers; returns the row numbers of everything."""
    launched = [shop.days[day] for day in shop.demand.lives.launched]
    given = [
        _new_product(product, shop, at, datetime.combine(launched[at], time(0, 30), SEOUL))
        for at, product in enumerate(shop.products)
    ]
    saved = save_products(session, shop_id, given, now=now)
    suppliers = save_suppliers(session, shop_id, {supplier.name: supplier.site for supplier in shop.suppliers})
    save_offers(session, shop_id, _new_offers(shop))
    kinds = (LocationKind.SUPPLIER, LocationKind.CUSTOMER, LocationKind.LOSS)
    return _Ids(
        products=np.array([saved.ids[product.sku] for product in shop.products]),
        stores=np.array([place.id for place in locations_of(session, shop_id, LocationKind.STORE)]),
        suppliers=[suppliers[supplier.name] for supplier in shop.suppliers],
        outside={kind: location_of_kind(session, shop_id, kind).id for kind in kinds},
    )


def _new_product(product: SampleProduct, shop: SampleShop, at: int, created_at: datetime) -> NewProduct:
    return NewProduct(
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        gtin=product.barcode,
        brand=product.brand_ko,
        model=product.model,
        category=product.leaf.english,
        category_ko=product.leaf.korean,
        unit=product.unit,
        price=Decimal(product.price),
        shelf_life_days=product.shelf_life_days,
        status=shop.status[at],
        request={
            "kind": product.leaf.query,
            "name": product.page_name,
            "attributes": list(product.request_attributes),
            "options": dict(product.request_options),
            "pack_size": product.pack_size,
            "price_cap_dollars": product.price_cap_dollars,
        },
        created_at=created_at,
    )


def _new_offers(shop: SampleShop) -> list[NewOffer]:
    return [
        NewOffer(
            sku=shop.products[offer.product].sku,
            supplier=supplier.name,
            site=supplier.site,
            unit_price=Decimal(offer.unit_price),
            pack_size=offer.pack_size,
            minimum_order=offer.minimum_order,
            lead_time_days=supplier.lead_time_days,
            lead_time_sd=supplier.lead_time_sd,
        )
        for offer in shop.offers
        for supplier in (shop.suppliers[offer.supplier],)
    ]


def _write_moves(session: Session, shop: SampleShop, shop_id: int, ids: _Ids, *, now: datetime) -> int:
    """Opening stock, deliveries with their lots, waste and counts; returns how many moves."""
    supply = shop.supply
    lots = _write_lots(session, shop, ids)
    supplier, loss = ids.outside[LocationKind.SUPPLIER], ids.outside[LocationKind.LOSS]
    written = 0
    for kind, moves, outside in (
        (MoveKind.OPENING, supply.opening, supplier),
        (MoveKind.RECEIPT, supply.receipts, supplier),
        (MoveKind.WASTE, supply.waste, loss),
        (MoveKind.CORRECTION, supply.corrections, loss),
    ):
        columns = _columns(shop, moves, ids, kind=kind, outside=outside, lots=lots)
        written += bulk.insert_moves(session, shop_id, columns, actor="sample", now=now)
    return written


def _columns(
    shop: SampleShop, moves: Moves, ids: _Ids, *, kind: MoveKind, outside: int, lots: dict[tuple[int, int], int]
) -> bulk.MoveColumns:
    """Generated moves as columns: into a store from outside, or out of it where units were lost."""
    count = len(moves.units)
    stores, away = ids.stores[moves.location].tolist(), [outside] * count
    comes = kind in (MoveKind.OPENING, MoveKind.RECEIPT)
    at = _instants(shop, _HOUR_OF.get(kind, _COUNTED_AT))
    keys = zip(moves.product.tolist(), moves.order.tolist(), strict=True)
    return bulk.MoveColumns(
        product_id=ids.products[moves.product].tolist(),
        lot_id=[lots[key] for key in keys] if comes else [None] * count,
        origin_id=away if comes else stores,
        destination_id=stores if comes else away,
        units=np.abs(moves.units).tolist(),
        kind=[kind] * count,
        reference=["sample"] * count,
        day=[shop.days[day] for day in moves.day.tolist()],
        effective_at=[at[day] for day in moves.day.tolist()],
    )


def _write_lots(session: Session, shop: SampleShop, ids: _Ids) -> dict[tuple[int, int], int]:
    """One lot a delivery and one for the opening stock: {(product, order): row number}, order -1 for the opening."""
    both = (shop.supply.opening, shop.supply.receipts)
    came: dict[tuple[int, int], int] = {}
    for moves in both:
        came |= zip(zip(moves.product.tolist(), moves.order.tolist(), strict=True), moves.day.tolist(), strict=True)
    received = [shop.days[day] for day in came.values()]
    lives = [shop.products[product].shelf_life_days for product, _ in came]
    columns = bulk.LotColumns(
        product_id=[int(ids.products[product]) for product, _ in came],
        code=["OPENING" if order < 0 else f"D{order:06d}" for _, order in came],
        received_on=received,
        expires_on=[day + timedelta(days=life) if life else None for day, life in zip(received, lives, strict=True)],
    )
    return dict(zip(came, bulk.insert_lots(session, columns), strict=True))


def _write_sales(session: Session, shop: SampleShop, shop_id: int, ids: _Ids, *, now: datetime) -> int:
    """One line a product, place and day on which something was sold; returns how many lines."""
    # Days first: what is appended in the order of the tables' indexes is written fastest.
    day, product, place = np.nonzero(np.moveaxis(shop.sales, 2, 0))
    units = shop.sales[product, place, day]
    price = shop.unit_price[product, day]
    hours = [_instants(shop, time(_OPENS + hour)) for hour in range(_HOURS_OPEN)]
    hour = ((product * 7 + place * 3 + day * 5) % _HOURS_OPEN).tolist()
    days = day.tolist()
    money = {won: Decimal(won) for won in np.unique(np.concatenate([price, price * units])).tolist()}
    lines = bulk.SaleColumns(
        product_id=ids.products[product].tolist(),
        location_id=ids.stores[place].tolist(),
        line_key=[f"S{number:07d}" for number in range(len(days))],
        units=units.tolist(),
        unit_price=[money[won] for won in price.tolist()],
        amount=[money[won] for won in (price * units).tolist()],
        promoted=shop.promoted[product, day].tolist(),
        day=[shop.days[at] for at in days],
        sold_at=[hours[of_day][at] for of_day, at in zip(hour, days, strict=True)],
    )
    return bulk.insert_sales(session, shop_id, lines, customers_id=ids.outside[LocationKind.CUSTOMER], now=now)


def _write_orders(session: Session, shop: SampleShop, shop_id: int, ids: _Ids) -> int:
    """The purchase orders of the last quarter and all that are open; returns how many."""
    orders, days = shop.supply.orders, len(shop.days)
    prices = {(offer.product, offer.supplier): offer.unit_price for offer in shop.offers}
    placed_at, came_at = _instants(shop, time(6)), _instants(shop, time(7))
    kept = np.flatnonzero((orders.placed >= days - _ORDERS_KEPT_DAYS) | (orders.arrives >= days))
    given = []
    for line in kept[np.argsort(orders.placed[kept], kind="stable")].tolist():
        product, supplier = int(orders.product[line]), int(orders.supplier[line])
        placed, arrives, units = int(orders.placed[line]), int(orders.arrives[line]), int(orders.units[line])
        usual = placed + round(shop.suppliers[supplier].lead_time_days)
        given.append(
            bulk.OldOrder(
                supplier_id=ids.suppliers[supplier],
                product_id=int(ids.products[product]),
                reference=f"S{shop_id}-{line:06d}",
                quantity=units,
                received=units if arrives < days else 0,
                unit_price=Decimal(prices[product, supplier]),
                expected_on=shop.days[0] + timedelta(days=max(usual, days) if arrives >= days else usual),
                placed_at=placed_at[placed],
                changed_at=came_at[arrives] if arrives < days else placed_at[placed],
            )
        )
    return bulk.insert_orders(session, shop_id, given)


def _write_stock_outs(session: Session, shop: SampleShop, ids: _Ids) -> int:
    """The days on which a place that carries a product closed without a unit of it; returns how many."""
    days = len(shop.days)
    first = np.full(shop.on_hand.shape[:2], days)
    for moves in (shop.supply.opening, shop.supply.receipts):
        np.minimum.at(first, (moves.product, moves.location), moves.day)
    empty = (shop.on_hand == 0) & (np.arange(days) >= first[:, :, None])
    day, product, place = np.nonzero(np.moveaxis(empty, 2, 0))
    return bulk.insert_stock_outs(
        session,
        ids.products[product].tolist(),
        ids.stores[place].tolist(),
        [shop.days[at] for at in day.tolist()],
    )


def _instants(shop: SampleShop, at: time) -> list[datetime]:
    """The instant of one hour by the shop's clock on every day of the window."""
    return [datetime.combine(day, at, SEOUL) for day in shop.days]
