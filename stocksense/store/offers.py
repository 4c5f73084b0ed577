"""Suppliers, and what they ask for the shop's products."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from stocksense.errors import BadValue
from stocksense.store.facts import refresh_stock
from stocksense.store.skus import product_id_of, product_ids_of
from stocksense.store.tables import Offer, Product, Supplier
from stocksense.store.upsert import insert_or_change


@dataclass(frozen=True)
class NewOffer:
    """An offer to save: price of a unit in the shop's currency; pack and minimum in units; lead time in days.

    `site` says by which door an agent can buy there, such as `webshop`; empty if by none.
    """

    sku: str
    supplier: str
    unit_price: Decimal
    pack_size: int = 1
    minimum_order: int = 1
    lead_time_days: float = 2.0
    lead_time_sd: float = 0.5
    site: str = ""


@dataclass(frozen=True)
class OfferInfo:
    """An offer as it is kept; units as in NewOffer."""

    supplier_id: int
    supplier: str
    site: str
    sku: str
    unit_price: Decimal
    pack_size: int
    minimum_order: int
    lead_time_days: float
    lead_time_sd: float


def save_offers(session: Session, shop_id: int, offers: Iterable[NewOffer]) -> int:
    """Add offers with their suppliers, or bring known ones up to date; returns how many were given.

    Raises UnknownSku for a product that the shop doesn't have, BadValue for packs or lead times that can't be.
    """
    given = list(offers)
    for offer in given:
        if offer.pack_size < 1 or offer.minimum_order < 1 or offer.lead_time_days < 0 or offer.lead_time_sd < 0:
            offered = f"the offer of {offer.supplier} for {offer.sku}"
            raise BadValue(f"{offered} cannot be; packs and minimum are at least 1, days at least 0")
    ids = product_ids_of(session, shop_id, (offer.sku for offer in given))
    suppliers = save_suppliers(session, shop_id, {offer.supplier: offer.site for offer in given})
    changes = ("unit_price", "pack_size", "minimum_order", "lead_time_days", "lead_time_sd")
    rows = [
        {name: getattr(offer, name) for name in changes}
        | {"product_id": ids[offer.sku], "supplier_id": suppliers[offer.supplier]}
        for offer in given
    ]
    insert_or_change(session, Offer, rows, keys=("product_id", "supplier_id"), changes=changes)
    refresh_stock(session, shop_id, set(ids.values()))
    return len(given)


def save_suppliers(session: Session, shop_id: int, sites: dict[str, str]) -> dict[str, int]:
    """Add suppliers given as {name: site}, known ones take the new site; returns {name: row number}."""
    rows = [{"shop_id": shop_id, "name": name, "site": site} for name, site in sites.items()]
    insert_or_change(session, Supplier, rows, keys=("shop_id", "name"), changes=("site",))
    found = session.execute(select(Supplier.name, Supplier.id).where(Supplier.shop_id == shop_id))
    return {name: key for name, key in found if name in sites}


def offers_of(session: Session, shop_id: int, sku: str) -> tuple[OfferInfo, ...]:
    """What suppliers ask for a product, the best first: the cheapest, of these the fastest.

    Raises UnknownSku if the shop doesn't have the product.
    """
    product_id = product_id_of(session, shop_id, sku)
    return tuple(_info(row) for row in session.execute(_listing(shop_id).where(Offer.product_id == product_id)))


def best_offer(session: Session, shop_id: int, sku: str) -> OfferInfo | None:
    """The cheapest offer, of equally cheap ones the fastest; None if nobody offers the product."""
    return next(iter(offers_of(session, shop_id, sku)), None)


def best_offers(session: Session, shop_id: int) -> dict[str, OfferInfo]:
    """The best offer of each SKU that somebody offers, as `best_offer`, in one query."""
    best: dict[str, OfferInfo] = {}
    for row in session.execute(_listing(shop_id)):
        offer = _info(row)
        best.setdefault(offer.sku, offer)
    return best


def _listing(shop_id: int) -> Select[Offer, Supplier, str]:
    return (
        select(Offer, Supplier, Product.sku)
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .join(Product, Product.id == Offer.product_id)
        .where(Product.shop_id == shop_id)
        .order_by(Product.sku, Offer.unit_price, Offer.lead_time_days, Supplier.name)
    )


def _info(row: Row[Offer, Supplier, str]) -> OfferInfo:
    offer, supplier, sku = row
    return OfferInfo(
        supplier_id=supplier.id,
        supplier=supplier.name,
        site=supplier.site,
        sku=sku,
        unit_price=offer.unit_price,
        pack_size=offer.pack_size,
        minimum_order=offer.minimum_order,
        lead_time_days=offer.lead_time_days,
        lead_time_sd=offer.lead_time_sd,
    )
