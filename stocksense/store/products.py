"""The shop's products, found by SKU, barcode, names, brand or category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store.facts import refresh_products
from stocksense.store.kept import note_change
from stocksense.store.offers import NewOffer, OfferInfo, best_offer, best_offers, offers_of, save_offers
from stocksense.store.rollups import move_in_rollups
from stocksense.store.skus import product_id_of, product_ids, unknown_sku
from stocksense.store.suggest import in_any_field
from stocksense.store.tables import Category, Product
from stocksense.store.upsert import insert_new, insert_or_change, portions

__all__ = [
    "NewOffer",
    "NewProduct",
    "OfferInfo",
    "ProductInfo",
    "Saved",
    "all_products",
    "best_offer",
    "best_offers",
    "find_products",
    "offers_of",
    "product_of",
    "products_numbered",
    "save_offers",
    "save_products",
    "set_status",
]


@dataclass(frozen=True)
class NewProduct:
    """A product to save. `request` is what a buyer asks a shop for: {"attributes": [...], "options": {...}}.

    `created_at` is when the shop began to sell it, if that isn't now.
    """

    sku: str
    name_ko: str = ""
    name_en: str = ""
    gtin: str = ""
    brand: str = ""
    model: str = ""
    category: CategoryPath | None = None
    category_ko: CategoryPath | None = None
    unit: str = "ea"
    price: Decimal = Decimal(0)
    shelf_life_days: int | None = None
    status: ProductStatus = ProductStatus.ACTIVE
    request: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None


@dataclass(frozen=True)
class ProductInfo:
    """A product as it is kept; `price` is what customers pay for a unit, in the shop's currency."""

    id: int
    sku: str
    name_ko: str
    name_en: str
    gtin: str
    brand: str
    model: str
    category: CategoryPath | None
    category_ko: CategoryPath | None
    unit: str
    price: Decimal
    shelf_life_days: int | None
    status: ProductStatus
    request: Mapping[str, Any]

    def name(self, language: str) -> str:
        """The name in a language (`ko` or `en`), the other one where it has none, else the SKU."""
        names = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return names[0] or names[1] or self.sku


@dataclass(frozen=True)
class Saved:
    """How many products were new and how many were known, and everyone's row number by SKU."""

    new: int
    known: int
    ids: Mapping[str, int]


_LEVELS = ("main", "sub1", "sub2", "sub3")

_CHANGEABLE = (
    "name_ko",
    "name_en",
    "gtin",
    "brand",
    "model",
    "category_id",
    "unit",
    "price",
    "shelf_life_days",
    "status",
    "request",
)


def product_of(session: Session, shop_id: int, sku: str) -> ProductInfo:
    """The product with that SKU. Raises UnknownSku, naming the closest SKUs, if there is none."""
    row = session.execute(_one_listed(), {"shop": shop_id, "sku": sku}).one_or_none()
    if row is None:
        raise unknown_sku(session, shop_id, sku)
    return _info(row)


def find_products(session: Session, shop_id: int, text: str, *, limit: int = 20) -> tuple[ProductInfo, ...]:
    """Products in whose SKU, barcode, names, brand, model or category every word of `text` occurs.

    Spaces within names don't matter. What is exactly a SKU, barcode or name comes first, the rest by SKU; empty text
    finds all.
    """
    if not text.strip():
        return tuple(_info(row) for row in session.execute(_listing(shop_id).limit(limit)))
    return products_numbered(session, shop_id, in_any_field(session, shop_id, text, limit=limit))


def products_numbered(session: Session, shop_id: int, ids: Sequence[int]) -> tuple[ProductInfo, ...]:
    """The products of some row numbers, in their order."""
    found: dict[int, ProductInfo] = {}
    for portion in portions(ids):
        rows = session.execute(_listing(shop_id).order_by(None).where(Product.id.in_(portion)))
        found |= {info.id: info for info in map(_info, rows)}
    return tuple(found[key] for key in ids if key in found)


def all_products(session: Session, shop_id: int, *, status: ProductStatus | None = None) -> tuple[ProductInfo, ...]:
    """Every product by SKU, or those of one status."""
    rows = _listing(shop_id)
    return tuple(_info(row) for row in session.execute(rows.where(Product.status == status) if status else rows))


def save_products(session: Session, shop_id: int, products: Iterable[NewProduct], *, now: datetime) -> Saved:
    """Add products, and bring those whose SKU is known up to what is given now."""
    given = {product.sku: product for product in products}
    categories = _save_categories(session, given.values())
    before = _categories(session, shop_id)
    rows = [
        {
            **{name: getattr(product, name) for name in _CHANGEABLE if name != "category_id"},
            "request": dict(product.request),
            "shop_id": shop_id,
            "sku": product.sku,
            "category_id": categories.get(product.category) if product.category else None,
            "created_at": product.created_at or now,
        }
        for product in given.values()
    ]
    insert_or_change(session, Product, rows, keys=("shop_id", "sku"), changes=_CHANGEABLE)
    session.expire_all()
    ids = product_ids(session, shop_id)
    fresh = {row["sku"]: row["category_id"] for row in rows}
    moved = {ids[sku]: (before[sku], new) for sku, new in fresh.items() if sku in before and before[sku] != new}
    move_in_rollups(session, shop_id, moved)
    refresh_products(session, shop_id, [ids[sku] for sku in given])
    known = len(given.keys() & before.keys())
    return Saved(len(given) - known, known, {sku: ids[sku] for sku in given})


def set_status(session: Session, shop_id: int, sku: str, status: ProductStatus) -> None:
    """Change whether a product is sold and bought. Raises UnknownSku if there is none."""
    product_id = product_id_of(session, shop_id, sku)
    session.execute(update(Product).where(Product.id == product_id).values(status=status))
    refresh_products(session, shop_id, [product_id])
    session.expire_all()


def _categories(session: Session, shop_id: int) -> dict[str, int | None]:
    """The category's row number of every SKU of the shop."""
    return dict(session.execute(select(Product.sku, Product.category_id).where(Product.shop_id == shop_id)).all())


def _save_categories(session: Session, products: Iterable[NewProduct]) -> dict[CategoryPath, int]:
    """Row numbers of the products' categories and those above them, those that are new added."""
    own = {product.category: product.category_ko for product in products if product.category}
    if not own:
        return {}
    paths = _higher(session, own) | own
    in_korean = [f"{level}_ko" for level in _LEVELS]
    rows = [
        dict(zip(_LEVELS, path.levels, strict=True))
        | dict(zip(in_korean, korean.levels if korean else [""] * 4, strict=True))
        for path, korean in paths.items()
    ]
    named = [row for row in rows if row["main_ko"]]
    insert_or_change(session, Category, named, keys=_LEVELS, changes=in_korean)
    if named:
        # Shops share the categories, so a new name shows on the pages of all.
        note_change(session)
    insert_new(session, Category, [row for row in rows if not row["main_ko"]], keys=_LEVELS)
    found = _rows_below(session, own, Category.id)
    return {path: key for path, (key,) in found.items()}


def _higher(
    session: Session, own: Mapping[CategoryPath, CategoryPath | None]
) -> dict[CategoryPath, CategoryPath | None]:
    """The categories above some that have no row yet, or one without the Korean name that those give them."""
    known = _rows_below(session, own, Category.main_ko)
    found: dict[CategoryPath, CategoryPath | None] = {}
    for category, korean in own.items():
        for depth, path in enumerate(category.way_down[:-1], 1):
            named = CategoryPath(*korean.levels[:depth]) if korean else found.get(path)
            if path not in known or (named and not any(known[path])):
                found[path] = named
    return found


def _rows_below(session: Session, paths: Iterable[CategoryPath], *columns: Any) -> dict[CategoryPath, tuple[Any, ...]]:
    """Some columns of the main categories of some paths and of all below them."""
    levels = [getattr(Category, level) for level in _LEVELS]
    roots = sorted({path.main for path in paths})
    rows = session.execute(select(*levels, *columns).where(Category.main.in_(roots)))
    return {CategoryPath(*row[:4]): tuple(row[4:]) for row in rows}


def _listing(shop_id: int | BindParameter[int]) -> Select[Product, Category]:
    """Products with their categories, by SKU."""
    return (
        select(Product, Category)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(Product.shop_id == shop_id)
        .order_by(Product.sku)
    )


@cache
def _one_listed() -> Any:
    """Made once and kept, since making it takes longer than running it."""
    return _listing(bindparam("shop")).where(Product.sku == bindparam("sku"))


def _paths(category: Category | None) -> tuple[CategoryPath | None, CategoryPath | None]:
    """A category in English and in Korean; in English twice where it has no Korean names."""
    if category is None:
        return None, None
    english = CategoryPath(category.main, category.sub1, category.sub2, category.sub3)
    if not category.main_ko:
        return english, english
    return english, CategoryPath(category.main_ko, category.sub1_ko, category.sub2_ko, category.sub3_ko)


def _info(row: Row[Product, Category]) -> ProductInfo:
    product, category = row
    english, korean = _paths(category)
    return ProductInfo(
        id=product.id,
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        gtin=product.gtin,
        brand=product.brand,
        model=product.model,
        category=english,
        category_ko=korean,
        unit=product.unit,
        price=product.price,
        shelf_life_days=product.shelf_life_days,
        status=product.status,
        request=product.request,
    )
