"""From a SKU to the row of its product, and what to say when there is none."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process
from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session

from stocksense.errors import UnknownSku
from stocksense.store.tables import Product
from stocksense.store.upsert import portions

_KNOWN = "stocksense_known_products"
_NUMBER = select(Product.id).where(Product.shop_id == bindparam("shop"), Product.sku == bindparam("sku"))


def product_ids(session: Session, shop_id: int) -> dict[str, int]:
    """The row number of every SKU of the shop."""
    rows = session.execute(select(Product.sku, Product.id).where(Product.shop_id == shop_id))
    return dict(rows.all())


def product_id_of(session: Session, shop_id: int, sku: str) -> int:
    """The row number of one SKU. Raises UnknownSku, naming the closest SKUs, if the shop doesn't have it."""
    # A page asks for its product from ten places; the row's number stays while the transaction lasts.
    known: dict[tuple[int, str], int] = session.info.setdefault(_KNOWN, {})
    if (shop_id, sku) not in known:
        found: int | None = session.scalar(_NUMBER, {"shop": shop_id, "sku": sku})
        if found is None:
            raise unknown_sku(session, shop_id, sku)
        known[shop_id, sku] = found
    return known[shop_id, sku]


def product_ids_of(session: Session, shop_id: int, skus: Iterable[str]) -> dict[str, int]:
    """The row numbers of some SKUs. Raises UnknownSku for the first that the shop doesn't have."""
    wanted = list(dict.fromkeys(skus))
    if len(wanted) == 1:
        return {wanted[0]: product_id_of(session, shop_id, wanted[0])}
    known = product_ids(session, shop_id) if wanted else {}
    for sku in wanted:
        if sku not in known:
            raise unknown_sku(session, shop_id, sku)
    return {sku: known[sku] for sku in wanted}


def names_of(session: Session, shop_id: int, skus: Iterable[str], language: str) -> dict[str, str]:
    """The names of some SKUs in a language (`ko` or `en`), the other one where there is none, else the SKU."""
    return {
        sku: next((name for name in ((ko, en) if language == "ko" else (en, ko)) if name), sku)
        for sku, (ko, en) in both_names_of(session, shop_id, skus).items()
    }


def both_names_of(session: Session, shop_id: int, skus: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The Korean and English names of some SKUs; those that the shop doesn't have are left out."""
    columns = (Product.sku, Product.name_ko, Product.name_en)
    found: dict[str, tuple[str, str]] = {}
    for portion in portions(sorted(skus)):
        mine = select(*columns).where(Product.shop_id == shop_id, Product.sku.in_(portion))
        found |= {sku: (ko, en) for sku, ko, en in session.execute(mine)}
    return found


def unknown_sku(session: Session, shop_id: int, sku: str) -> UnknownSku:
    """The error for a SKU that the shop doesn't have, with the three closest that it has."""
    skus = {known.casefold(): known for known in session.scalars(select(Product.sku).where(Product.shop_id == shop_id))}
    close = process.extract(sku.strip().casefold(), skus.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=50)
    return UnknownSku(sku, tuple(skus[known] for known, _, _ in close))


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: object) -> None:
    """What was found may have been added in what is rolled back, a savepoint too."""
    session.info.pop(_KNOWN, None)
