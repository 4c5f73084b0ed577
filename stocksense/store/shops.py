"""Shops with their policies, and the locations that units move between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind, NegativeStock
from stocksense.errors import BadValue, UnknownName
from stocksense.store.tables import Location, Shop


@dataclass(frozen=True)
class ShopInfo:
    """A shop with the owner's policies; money in `currency`, a budget of 0 means that the owner is always asked."""

    id: int
    name: str
    currency: str
    country: str
    time_zone: str
    provenance: str
    as_of: date | None
    negative_stock: NegativeStock
    service_level: float
    review_period_days: int
    cover_days: int
    max_cover_days: int
    budget_per_order: Decimal
    budget_per_week: Decimal

    @property
    def is_generated(self) -> bool:
        """Whether the shop's data was made up; it then sees what generated sources say, and no other shop does."""
        return self.provenance.startswith("Generated")

    def day_of(self, instant: datetime) -> date:
        """The day of an instant by the shop's own clock."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    def today(self, now: datetime) -> date:
        """The shop's day: the one that it is frozen at, else that of `now` in its time zone."""
        return self.as_of or self.day_of(now)


@dataclass(frozen=True)
class LocationInfo:
    """A place that units can be at."""

    id: int
    name: str
    kind: LocationKind


class ShopDetails(TypedDict, total=False):
    """What a new shop may be told; what is left out takes the tables' defaults (a Korean shop, live)."""

    currency: str
    country: str
    time_zone: str
    provenance: str
    as_of: date | None


class Policy(TypedDict, total=False):
    """What the owner decides: negative stock, service level (0 to 1), days to cover, budgets in the shop's currency."""

    negative_stock: NegativeStock
    service_level: float
    review_period_days: int
    cover_days: int
    max_cover_days: int
    budget_per_order: Decimal
    budget_per_week: Decimal


_OUTSIDE = {
    "Suppliers": LocationKind.SUPPLIER,
    "Customers": LocationKind.CUSTOMER,
    "Quarantine": LocationKind.QUARANTINE,
    "Losses": LocationKind.LOSS,
}


def create_shop(
    session: Session, name: str, *, now: datetime, stores: Sequence[str] = ("Store",), **details: Unpack[ShopDetails]
) -> ShopInfo:
    """Open a shop that sells at `stores`, with the locations that the ledger needs beside them.

    Raises BadValue if the name is taken or empty, there is no store, or the time zone is unknown.
    """
    if not name.strip() or not stores:
        raise BadValue("a shop needs a name and at least one location to sell at")
    _check_time_zone(details.get("time_zone", "Asia/Seoul"))
    row = Shop(name=name, created_at=now, **details)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise BadValue(
            f"there is a shop called {name!r} already; choose another name",
            in_korean=f"'{name}'(이)라는 매장이 이미 있습니다. 다른 이름을 쓰세요.",
        ) from error
    kinds = dict.fromkeys(stores, LocationKind.STORE) | _OUTSIDE
    session.add_all([Location(shop_id=row.id, name=place, kind=kind) for place, kind in kinds.items()])
    session.flush()
    return shop_of(session, row.id)


_ALL = select(*(Shop.__table__.c[each.name] for each in fields(ShopInfo))).order_by(Shop.id)
_ONE = _ALL.where(Shop.id == bindparam("shop"))
_NEWEST = _ALL.order_by(None).order_by(Shop.id.desc()).limit(1)


def find_shop(session: Session, name: str = "") -> ShopInfo:
    """The shop of that name, or the newest if the name is empty.

    Raises UnknownName, saying how to make one, if there is none.
    """
    row = session.execute(_NEWEST.where(Shop.name == name) if name else _NEWEST).one_or_none()
    if row is None:
        names = ", ".join(session.scalars(select(Shop.name).order_by(Shop.name)))
        remedy = f"there are: {names}" if names else "make one with `stocksense sample load` or `stocksense import`"
        korean = f"있는 매장: {names}" if names else "`stocksense sample load`나 `stocksense import`로 만드세요."
        raise UnknownName("shop", name, remedy, in_korean=korean)
    return ShopInfo(*row)


def shop_of(session: Session, shop_id: int) -> ShopInfo:
    """The shop of that number. Raises UnknownName if there is none."""
    row = session.execute(_ONE, {"shop": shop_id}).one_or_none()
    if row is None:
        raise UnknownName("shop", shop_id, "give the number of an existing shop")
    return ShopInfo(*row)


def all_shops(session: Session) -> tuple[ShopInfo, ...]:
    """Every shop, the oldest first."""
    return tuple(ShopInfo(*row) for row in session.execute(_ALL))


def locations_of(session: Session, shop_id: int, kind: LocationKind | None = None) -> tuple[LocationInfo, ...]:
    """The shop's locations in the order in which they were made, all or those of one kind."""
    rows = session.execute(_locations(of_a_kind=kind is not None), {"shop": shop_id, "kind": kind})
    return tuple(LocationInfo(*row) for row in rows)


@cache
def _locations(*, of_a_kind: bool) -> Any:
    """Made once and kept, since making it takes longer than running it and most pages ask for it."""
    place = Location.__table__.c
    rows = select(place.id, place.name, place.kind).where(place.shop_id == bindparam("shop"))
    if of_a_kind:
        rows = rows.where(place.kind == bindparam("kind"))
    return rows.order_by(place.id)


def location_of_kind(session: Session, shop_id: int, kind: LocationKind) -> LocationInfo:
    """The first location of a kind. Raises UnknownName if the shop has none."""
    for location in locations_of(session, shop_id, kind):
        return location
    raise UnknownName(f"location of shop {shop_id}", kind, "make the shop with create_shop, which adds one")


def location_named(session: Session, shop_id: int, name: str) -> LocationInfo:
    """The location of that name. Raises UnknownName, listing the places that sell, if there is none."""
    places = locations_of(session, shop_id)
    for place in places:
        if place.name == name:
            return place
    stores = ", ".join(place.name for place in places if place.kind is LocationKind.STORE)
    raise UnknownName("location", name, f"this shop sells at: {stores}", in_korean=f"지점: {stores}")


def update_policy(session: Session, shop_id: int, **policy: Unpack[Policy]) -> ShopInfo:
    """Change what the owner decides, and return the shop as it is then. Raises BadValue for what makes no sense."""
    if not 0.5 <= policy.get("service_level", 0.95) < 1:
        raise BadValue(f"a service level of {policy.get('service_level')} is out of range; give 0.5 to 0.999")
    for name in ("review_period_days", "cover_days", "max_cover_days"):
        if policy.get(name, 1) < 1:  # type: ignore[operator]  # these three are whole numbers
            raise BadValue(f"{name} is {policy.get(name)}; give 1 or more")
    for name in ("budget_per_order", "budget_per_week"):
        if policy.get(name, 0) < 0:  # type: ignore[operator]  # these two are amounts
            raise BadValue(f"{name} is {policy.get(name)}; give 0 (always ask) or more")
    if policy:
        session.execute(update(Shop).where(Shop.id == shop_id).values(**policy))
    session.expire_all()
    return shop_of(session, shop_id)


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadValue(f"{name!r} is no time zone; write it as 'Asia/Seoul'") from error
