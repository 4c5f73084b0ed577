"""Stock as a ledger: locations, moves between them, and what follows from the moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stocksense.errors import BadValue, NotEnoughStock


class LocationKind(StrEnum):
    """What a location stands for; only `STORE` holds units that customers can buy."""

    STORE = "store"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    QUARANTINE = "quarantine"
    LOSS = "loss"


class MoveKind(StrEnum):
    """Why units moved; each kind runs between fixed kinds of location."""

    OPENING = "opening"
    RECEIPT = "receipt"
    SALE = "sale"
    CUSTOMER_RETURN = "customer_return"
    TRANSFER = "transfer"
    QUARANTINE = "quarantine"
    RELEASE = "release"
    WASTE = "waste"
    CORRECTION = "correction"
    SUPPLIER_RETURN = "supplier_return"


class Adjustment(StrEnum):
    """Why a person changes what a shelf holds, beside counting it."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    OWN_USE = "own_use"
    MISSING = "missing"
    FOUND = "found"

    @property
    def kind(self) -> MoveKind:
        """The kind of move that it is booked as: known losses are waste, all else corrects the books."""
        return MoveKind.CORRECTION if self in (Adjustment.MISSING, Adjustment.FOUND) else MoveKind.WASTE


class NegativeStock(StrEnum):
    """What a shop does when a move would take more units than the ledger knows of."""

    BLOCK = "block"
    WARN = "warn"
    ALLOW = "allow"


class ProductStatus(StrEnum):
    """Whether a product is sold and bought."""

    ACTIVE = "active"
    DISCONTINUED = "discontinued"
    RECALLED = "recalled"


_ROUTES: dict[MoveKind, frozenset[tuple[LocationKind, LocationKind]]] = {
    MoveKind.OPENING: frozenset({(LocationKind.SUPPLIER, LocationKind.STORE)}),
    MoveKind.RECEIPT: frozenset({(LocationKind.SUPPLIER, LocationKind.STORE)}),
    MoveKind.SALE: frozenset({(LocationKind.STORE, LocationKind.CUSTOMER)}),
    MoveKind.CUSTOMER_RETURN: frozenset({(LocationKind.CUSTOMER, LocationKind.STORE)}),
    MoveKind.TRANSFER: frozenset({(LocationKind.STORE, LocationKind.STORE)}),
    MoveKind.QUARANTINE: frozenset({(LocationKind.STORE, LocationKind.QUARANTINE)}),
    MoveKind.RELEASE: frozenset({(LocationKind.QUARANTINE, LocationKind.STORE)}),
    # The way back is for taking back what was booked by mistake.
    MoveKind.WASTE: frozenset(
        {
            (LocationKind.STORE, LocationKind.LOSS),
            (LocationKind.QUARANTINE, LocationKind.LOSS),
            (LocationKind.LOSS, LocationKind.STORE),
        }
    ),
    MoveKind.CORRECTION: frozenset({(LocationKind.STORE, LocationKind.LOSS), (LocationKind.LOSS, LocationKind.STORE)}),
    MoveKind.SUPPLIER_RETURN: frozenset(
        {(LocationKind.STORE, LocationKind.SUPPLIER), (LocationKind.QUARANTINE, LocationKind.SUPPLIER)}
    ),
}


def check_route(kind: MoveKind, origin: LocationKind, destination: LocationKind, units: int) -> None:
    """Hold one move against the rules of the ledger.

    Raises BadValue if the units are not positive or the kind of move doesn't run between these kinds of location.
    """
    if units <= 0:
        raise BadValue(f"a move of {units} units is no move; give a positive number and swap the locations")
    if (origin, destination) not in _ROUTES[kind]:
        allowed = ", ".join(sorted(f"{a} to {b}" for a, b in _ROUTES[kind]))
        raise BadValue(f"a {kind} cannot run from {origin} to {destination}; it runs from {allowed}")


@dataclass(frozen=True)
class StockLevel:
    """Units of one SKU in each state, summed over the shop's own locations.

    `past_sale` are those on hand whose last day is over (`past_sale`).
    """

    sku: str
    on_hand: int
    on_order: int = 0
    allocated: int = 0
    backordered: int = 0
    quarantined: int = 0
    past_sale: int = 0

    @property
    def available(self) -> int:
        """Units that can be sold now: on hand less what is promised and what is past its date.

        Quarantined units left `on_hand` already.
        """
        return self.on_hand - self.allocated - self.past_sale

    @property
    def inventory_position(self) -> int:
        """Units on hand and on the way, less what customers wait for and what is past its date."""
        return self.on_hand + self.on_order - self.backordered - self.past_sale


@dataclass(frozen=True)
class Shortfall:
    """A location that holds fewer units than a move takes: somebody should count."""

    sku: str
    location: str
    held: int
    taken: int


def take(policy: NegativeStock, sku: str, location: str, *, held: int, taken: int) -> Shortfall | None:
    """Apply the shop's policy to taking `taken` units where the ledger knows of `held`.

    Returns the shortfall to flag, or None. Raises NotEnoughStock under the policy `block`.
    """
    if taken <= held:
        return None
    if policy is NegativeStock.BLOCK:
        raise NotEnoughStock(
            f"{location} holds {held} units of {sku}, {taken} were to leave it; "
            f"count the shelf and correct the stock, or let the shop's policy allow negative stock",
            in_korean=f"{location}에 {sku}이(가) {held}개뿐이라 {taken}개를 뺄 수 없습니다. 먼저 실사하세요.",
        )
    return Shortfall(sku, location, held, taken)


@dataclass(frozen=True)
class Lot:
    """Units received together, with the day after which they may not be sold."""

    code: str
    received_on: date
    units: int
    expires_on: date | None = None


def past_sale(lots: Iterable[Lot], today: date) -> int:
    """Units of lots whose last day is over: they are on hand, but nobody may buy them."""
    return sum(lot.units for lot in lots if lot.expires_on is not None and lot.expires_on < today)


def lots_on_hand(received: Iterable[Lot], on_hand: int) -> tuple[Lot, ...]:
    """Which lots the units on hand belong to, if the earliest to expire leave first (FEFO).

    The lots that expire last are taken to be those still on the shelf. Lots without expiry leave in the order in
    which they came. Units beyond all lots belong to none and are left out.
    """
    left = max(on_hand, 0)
    kept: list[Lot] = []
    for lot in sorted(received, key=lambda lot: (lot.expires_on or date.max, lot.received_on, lot.code), reverse=True):
        units = min(lot.units, left)
        if units:
            kept.append(Lot(lot.code, lot.received_on, units, lot.expires_on))
        left -= units
    return tuple(reversed(kept))
