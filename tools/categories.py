"""What things in the shop are called: its categories, and what a name stands for."""

from __future__ import annotations

from dataclasses import dataclass

from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import UnknownName
from stocksense.store.answers import categories_of
from stocksense.store.session import Session
from tools.naming import category_named, close_products, locations_named, products_named
from tools.services import Services


@dataclass(frozen=True)
class NamedProduct:
    """A product by its names."""

    sku: str
    name_ko: str
    name_en: str


@dataclass(frozen=True)
class Meanings:
    """What a text can stand for; all empty if nothing in the shop is called like it."""

    text: str
    locations: tuple[str, ...]
    categories: tuple[str, ...]
    products: tuple[NamedProduct, ...]


@dataclass(frozen=True)
class CategoryRow:
    """One main category and how many products are in it."""

    name_ko: str
    name_en: str
    products: int


@dataclass(frozen=True)
class Categories:
    """The main categories of the shop."""

    categories: tuple[CategoryRow, ...]


def look_up(services: Services, text: str) -> Meanings:
    """Tell what a name stands for in this shop: a location, a category or products.

    Args:
        text: the name as the user wrote it, such as "음료" or "강남점".
    """
    with services.sessions() as session:
        shop = services.shop(session)
        places = tuple(place.name for place in locations_named(session, shop.id, text))
        categories = _categories(session, shop.id, text)
        found = () if places or categories else products_named(session, shop.id, text, limit=9)
        if not (places or categories or found):
            found = tuple(product for _, product in close_products(session, shop.id, text))
        return Meanings(text, places, categories, tuple(NamedProduct(p.sku, p.name_ko, p.name_en) for p in found))


def list_categories(services: Services) -> Categories:
    """List the shop's main categories and how many products are in each."""
    with services.sessions() as session:
        counts: dict[tuple[str, str], int] = {}
        for category in categories_of(session, services.shop(session).id):
            key = (category.path_ko.main, category.path.main)
            counts[key] = counts.get(key, 0) + category.products
        return Categories(tuple(CategoryRow(ko, en, products) for (ko, en), products in counts.items()))


def _categories(session: Session, shop_id: int, text: str) -> tuple[str, ...]:
    try:
        path: CategoryPath = category_named(session, shop_id, text).path
    except UnknownName:
        return ()
    return (str(path),)


READS = (look_up, list_categories)
WRITES = ()
