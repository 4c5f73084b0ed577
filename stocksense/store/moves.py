"""Recording stock moves: double entry, once per idempotency key, balances kept in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind, MoveKind, NegativeStock, Shortfall, check_route, take
from stocksense.errors import UnknownName
from stocksense.store.daily import Loss, add_losses
from stocksense.store.facts import note_past_sale, refresh_stock
from stocksense.store.shops import LocationInfo, ShopInfo, locations_of, shop_of
from stocksense.store.skus import product_ids_of
from stocksense.store.steps import lock_shop
from stocksense.store.tables import Balance, CountRequest, Lot, StockMove
from stocksense.store.upsert import dialect_insert, insert_new, portions

_HOLDING = (LocationKind.STORE, LocationKind.QUARANTINE)


@dataclass(frozen=True)
class Move:
    """Units to move. `idempotency_key` makes a repetition harmless; `lot_code` names the lot that they came with."""

    sku: str
    origin_id: int
    destination_id: int
    units: int
    kind: MoveKind
    effective_at: datetime
    reference: str = ""
    idempotency_key: str | None = None
    lot_code: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Recorded:
    """How many moves were recorded, how many were known already, and where the ledger went below zero."""

    count: int
    repeated: int = 0
    shortfalls: tuple[Shortfall, ...] = ()


def record_moves(session: Session, shop_id: int, moves: Iterable[Move], *, actor: str, now: datetime) -> Recorded:
    """Add moves to the ledger, in their order, and bring the balances along.

    A move whose idempotency key the shop has seen is skipped. Where more units leave a store than it holds, the
    shop's policy decides: `block` raises NotEnoughStock, `warn` tells the shortfall, `allow` also asks for a count.
    Raises UnknownSku or UnknownName for what the shop doesn't have, BadValue for a move that cannot run that way.
    """
    lock_shop(session, shop_id)
    given = list(moves)
    ids = product_ids_of(session, shop_id, (move.sku for move in given))
    places = {place.id: place for place in locations_of(session, shop_id)}
    for move in given:
        _check(move, places)
    fresh = _unseen(session, shop_id, given)
    if not fresh:
        return Recorded(0, len(given))
    shop = shop_of(session, shop_id)
    held = _balances(session, {ids[move.sku] for move in fresh})
    shortfalls = tuple(_walk(fresh, ids, held, places=places, policy=shop.negative_stock))
    lots = _lots(session, shop, fresh, ids)
    rows = [_row(move, shop, product_id=ids[move.sku], lots=lots) for move in fresh]
    session.execute(insert(StockMove), [row | {"actor": actor, "recorded_at": now} for row in rows])
    _add_to_balances(session, fresh, ids)
    add_losses(session, shop_id, _losses(rows, places))
    touched = {row["product_id"] for row in rows}
    refresh_stock(session, shop_id, touched)
    note_past_sale(session, shop_id, shop.today(now), touched)
    if shop.negative_stock is NegativeStock.ALLOW:
        named = {place.name: place.id for place in places.values()}
        _ask_for_counts(session, shortfalls, ids, places=named, now=now)
    return Recorded(len(fresh), len(given) - len(fresh), shortfalls)


def _check(move: Move, places: Mapping[int, LocationInfo]) -> None:
    for location_id in (move.origin_id, move.destination_id):
        if location_id not in places:
            raise UnknownName("location", location_id, "give the number of one of this shop's locations")
    check_route(move.kind, places[move.origin_id].kind, places[move.destination_id].kind, move.units)


def _unseen(session: Session, shop_id: int, moves: Sequence[Move]) -> list[Move]:
    """The moves whose key is neither in the ledger nor on an earlier one of these."""
    keys = [move.idempotency_key for move in moves if move.idempotency_key is not None]
    seen: set[str | None] = set()
    for portion in portions(keys):
        known = select(StockMove.idempotency_key).where(
            StockMove.shop_id == shop_id, StockMove.idempotency_key.in_(portion)
        )
        seen.update(session.scalars(known))
    fresh = []
    for move in moves:
        if move.idempotency_key is None or move.idempotency_key not in seen:
            fresh.append(move)
            seen.add(move.idempotency_key)
    return fresh


def _balances(session: Session, product_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    held: dict[tuple[int, int], int] = defaultdict(int)
    for portion in portions(sorted(product_ids)):
        for row in session.scalars(select(Balance).where(Balance.product_id.in_(portion))):
            held[row.product_id, row.location_id] = row.units
    return held


def _walk(
    moves: Iterable[Move],
    ids: Mapping[str, int],
    held: dict[tuple[int, int], int],
    *,
    places: Mapping[int, LocationInfo],
    policy: NegativeStock,
) -> Iterator[Shortfall]:
    """Follow the moves from shelf to shelf, and tell where more is taken than is held."""
    for move in moves:
        origin = places[move.origin_id]
        here = (ids[move.sku], move.origin_id)
        if origin.kind in _HOLDING:
            # Nobody sells from quarantine behind the ledger's back, so what isn't there can't leave.
            rule = policy if origin.kind is LocationKind.STORE else NegativeStock.BLOCK
            short = take(rule, move.sku, origin.name, held=held[here], taken=move.units)
            if short:
                yield short
        held[here] -= move.units
        held[ids[move.sku], move.destination_id] += move.units


def _lots(
    session: Session, shop: ShopInfo, moves: Iterable[Move], ids: Mapping[str, int]
) -> dict[tuple[int, str], int]:
    """Row numbers of the lots that the moves name, those that are new added."""
    named = [move for move in moves if move.lot_code]
    if not named:
        return {}
    rows = {
        (ids[move.sku], move.lot_code): {
            "product_id": ids[move.sku],
            "code": move.lot_code,
            "received_on": shop.day_of(move.effective_at),
            "expires_on": move.expires_on,
        }
        for move in reversed(named)
    }
    insert_new(session, Lot, rows.values(), keys=("product_id", "code"))
    products = sorted({product_id for product_id, _ in rows})
    found: dict[tuple[int, str], int] = {}
    for portion in portions(products):
        lots = session.execute(select(Lot.product_id, Lot.code, Lot.id).where(Lot.product_id.in_(portion)))
        found |= {(product_id, code): key for product_id, code, key in lots if (product_id, code) in rows}
    return found


def _row(move: Move, shop: ShopInfo, *, product_id: int, lots: Mapping[tuple[int, str], int]) -> dict[str, Any]:
    return {
        "shop_id": shop.id,
        "product_id": product_id,
        "lot_id": lots.get((product_id, move.lot_code)),
        "origin_id": move.origin_id,
        "destination_id": move.destination_id,
        "units": move.units,
        "kind": move.kind,
        "reference": move.reference,
        "idempotency_key": move.idempotency_key,
        "day": shop.day_of(move.effective_at),
        "effective_at": move.effective_at,
    }


def _losses(rows: Iterable[Mapping[str, Any]], places: Mapping[int, LocationInfo]) -> Iterator[Loss]:
    """What the moves mean as losses: waste, and what counts found missing or too much."""
    for row in rows:
        found = places[row["origin_id"]].kind is LocationKind.LOSS
        here = row["destination_id"] if found else row["origin_id"]
        if row["kind"] is MoveKind.WASTE:
            yield Loss(row["product_id"], here, row["day"], waste=-row["units"] if found else row["units"])
        elif row["kind"] is MoveKind.CORRECTION:
            yield Loss(row["product_id"], here, row["day"], missing=-row["units"] if found else row["units"])


def _add_to_balances(session: Session, moves: Iterable[Move], ids: Mapping[str, int]) -> None:
    change: dict[tuple[int, int], int] = defaultdict(int)
    for move in moves:
        change[ids[move.sku], move.origin_id] -= move.units
        change[ids[move.sku], move.destination_id] += move.units
    statement = dialect_insert(session)(Balance)
    statement = statement.on_conflict_do_update(
        index_elements=["product_id", "location_id"], set_={"units": Balance.units + statement.excluded.units}
    )
    rows = [{"product_id": p, "location_id": place, "units": units} for (p, place), units in sorted(change.items())]
    session.execute(statement, rows)
    session.expire_all()


def _ask_for_counts(
    session: Session,
    shortfalls: Iterable[Shortfall],
    ids: Mapping[str, int],
    *,
    places: Mapping[str, int],
    now: datetime,
) -> None:
    """Ask for a count of each shelf that fell short, unless one is asked for already."""
    asked = select(CountRequest.product_id, CountRequest.location_id).where(CountRequest.settled_at.is_(None))
    short = {(ids[s.sku], places[s.location]): s for s in shortfalls}
    if not short:
        return
    for row in session.execute(asked.where(CountRequest.product_id.in_({product_id for product_id, _ in short}))):
        short.pop((row.product_id, row.location_id), None)
    session.add_all(
        [
            CountRequest(product_id=product_id, location_id=place, held=s.held, taken=s.taken, raised_at=now)
            for (product_id, place), s in short.items()
        ]
    )
    session.flush()
