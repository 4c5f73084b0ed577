"""What rises is held against every product, whatever their number and however it is found."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stocksense.domain.stock import ProductStatus
from stocksense.domain.trend import KeywordRank, touches
from stocksense.store.products import all_products, set_status
from stocksense.store.rising import rising
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.trends import save_ranks
from tools.services import Services


def texts(session: Session, shop: ShopInfo) -> dict[str, tuple[str, ...]]:
    return {
        p.sku: (p.name_ko, p.name_en, *(path.leaf if path else "" for path in (p.category_ko, p.category)))
        for p in all_products(session, shop.id, status=ProductStatus.ACTIVE)
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_rising_keyword_finds_the_products_that_looking_at_each_finds(corner: Services, data: st.DataObject):
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        shelves = texts(session, shop)
        text = data.draw(st.sampled_from(sorted(text for row in shelves.values() for text in row if text)))
        start = data.draw(st.integers(0, len(text) - 1))
        word = (text[start : start + data.draw(st.integers(1, 6))].strip() or text).upper()
        ranks = [KeywordRank("naver-datalab", "식품", word, 1, date(2026, 3, 9), date(2026, 3, 12))]
        save_ranks(session, ranks, corner.clock())
    with corner.sessions() as session:
        found = next(one for one in rising(session, shop, at_least=0) if one.rise.keyword == word)

    assert found.skus == tuple(sorted(sku for sku, row in shelves.items() if touches(word, row)))


@pytest.mark.parametrize("status", [ProductStatus.DISCONTINUED, ProductStatus.RECALLED])
def test_a_product_that_goes_off_sale_is_no_longer_named(corner: Services, status: ProductStatus):
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        before = {sku for one in rising(session, shop, at_least=-9) for sku in one.skus}
        for sku in before:
            set_status(session, shop.id, sku, status)
    with corner.sessions() as session:
        assert before
        assert not any(one.skus for one in rising(session, shop, at_least=-9))
