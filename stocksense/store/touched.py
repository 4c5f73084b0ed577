"""Which stored recall notices touch a shop's products."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from stocksense.domain.recall import match_recall
from stocksense.store import recalls
from stocksense.store.recalls import MatchInfo
from stocksense.store.shops import ShopInfo
from stocksense.store.states import is_generated


def match_notices(session: Session, shop: ShopInfo, since: date, *, now: datetime) -> tuple[MatchInfo, ...]:
    """Hold every notice published since a day against every product, keep what touches, and return what is new.

    Generated notices count for a generated shop alone, and no others do there. Nothing is taken off sale.
    """
    products = recalls.recallable_products(session, shop.id)
    found = [
        match
        for notice in recalls.notices_since(session, since)
        if is_generated(notice.source) == shop.is_generated
        for product in products
        if (match := match_recall(notice, product)) is not None
    ]
    return recalls.save_matches(session, shop.id, found, now)
