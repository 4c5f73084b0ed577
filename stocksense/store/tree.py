"""The category tree, of which every node has its row in `categories`: which of them lie above which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from stocksense.store.among import among
from stocksense.store.tables import Category


def above(session: Session, category_ids: Iterable[int]) -> Mapping[int, tuple[int, ...]]:
    """The categories above each, by row number; of those that have none, nothing."""
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for category_id, above_id in session.execute(_above(), {"categories": list(category_ids)}):
        found[category_id] += (above_id,)
    return found


@cache
def _above() -> Any:
    pairs = ways_up().subquery()
    return select(pairs).where(among(pairs.c.category_id, "categories"))


def ways_up() -> Select[int, int]:
    """A row `category_id`, `above_id` for each category and each above it."""
    own, upper = aliased(Category), aliased(Category)
    same = and_(
        upper.main == own.main,
        or_(upper.sub1 == "", upper.sub1 == own.sub1),
        or_(upper.sub2 == "", upper.sub2 == own.sub2),
    )
    pairs = select(own.id.label("category_id"), upper.id.label("above_id"))
    return pairs.join(upper, same).where(upper.sub3 == "", upper.id != own.id)
