"""Rising keywords, and the products of a shop that they name."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.stock import ProductStatus
from stocksense.domain.trend import Candidate, Rise, candidates, rises, touches
from stocksense.store import trends
from stocksense.store.kept import kept_as
from stocksense.store.products import product_of
from stocksense.store.scope import category_names
from stocksense.store.shops import ShopInfo
from stocksense.store.states import is_generated
from stocksense.store.suggest import catalogue_of, named
from stocksense.store.tables import ProductFacts
from stocksense.store.upsert import portions

Leaves = dict[int, tuple[str, str]]
"""The last names of the categories, English and Korean, by row number."""


def rising(
    session: Session,
    shop: ShopInfo,
    *,
    at_least: int = 3,
    only: Collection[str] | None = None,
    most: int | None = None,
) -> tuple[Candidate, ...]:
    """What climbed `at_least` places between the newest two windows of each list, held against what is on sale.

    With `only`, against the products of these SKUs alone; with `most`, no more than so many of the strongest.

    Generated lists count for a generated shop alone, and no others do there.
    """
    windows = trends.newest_windows(session)
    now, before = (
        [rank for rank in ranks if is_generated(rank.source) == shop.is_generated]
        for ranks in (windows.now, windows.before)
    )
    climbed = rises(now, before, at_least=at_least)[:most]
    if not climbed:
        return ()
    if only is not None:
        return candidates(climbed, {sku: _texts(session, shop, sku) for sku in sorted(only)})
    leaves = {
        key: (_last(english), _last(korean)) for key, (english, korean) in category_names(session, shop.id).items()
    }
    question = (shop.id, catalogue_of(session, shop.id), tuple(leaves.items()), climbed)
    return kept_as(session, question, partial(_on_sale, session, shop.id, climbed, leaves))


def _on_sale(session: Session, shop_id: int, climbed: tuple[Rise, ...], leaves: Leaves) -> tuple[Candidate, ...]:
    """The rises with what is on sale of what they name: found in the texts of all products, and by category."""
    return tuple(Candidate(rise, _named_by(session, shop_id, rise.keyword, leaves)) for rise in climbed)


def _named_by(session: Session, shop_id: int, keyword: str, leaves: Leaves) -> tuple[str, ...]:
    if not touches(keyword, (keyword,)):
        return ()
    facts, found = ProductFacts, set[str]()
    active = select(facts.sku).where(facts.shop_id == shop_id, facts.status == ProductStatus.ACTIVE)
    categories = [key for key, names in leaves.items() if touches(keyword, names)]
    for column, keys in ((facts.product_id, named(session, shop_id, keyword.split())), (facts.category_id, categories)):
        for portion in portions(keys):
            found.update(session.scalars(active.where(column.in_(portion))))
    return tuple(sorted(found))


def _texts(session: Session, shop: ShopInfo, sku: str) -> tuple[str, ...]:
    product = product_of(session, shop.id, sku)
    leaves = (path.leaf if path else "" for path in (product.category_ko, product.category))
    return (product.name_ko, product.name_en, *leaves)


def _last(names: tuple[str, ...]) -> str:
    return next((name for name in reversed(names) if name), "")
