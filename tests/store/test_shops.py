"""Shops, their days, policies and locations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from stocksense.domain.stock import LocationKind, NegativeStock
from stocksense.errors import BadValue, UnknownName
from stocksense.store.database import Sessions
from stocksense.store.shops import (
    ShopInfo,
    all_shops,
    create_shop,
    find_shop,
    location_named,
    location_of_kind,
    locations_of,
    shop_of,
    update_policy,
)


def test_without_a_shop_we_say_how_to_get_one(sessions: Sessions):
    with sessions() as session, pytest.raises(UnknownName, match="stocksense sample load"):
        find_shop(session)


def test_the_newest_shop_is_meant_when_none_is_named(
    sessions: Sessions, shop: ShopInfo, another_shop: Callable[[str], ShopInfo]
):
    newer = another_shop("Station")

    with sessions() as session:
        assert find_shop(session) == newer
        assert find_shop(session, "Corner") == shop
        assert all_shops(session) == (shop, newer)


def test_an_unknown_shop_is_answered_with_the_names_that_there_are(sessions: Sessions, shop: ShopInfo):
    with sessions() as session, pytest.raises(UnknownName, match="there are: Corner"):
        find_shop(session, "Croner")


def test_a_shop_has_every_kind_of_location(sessions: Sessions, shop: ShopInfo):
    with sessions() as session:
        stores = locations_of(session, shop.id, LocationKind.STORE)
        kinds = {location_of_kind(session, shop.id, kind).kind for kind in LocationKind}

    assert [store.name for store in stores] == ["Front", "Annex"]
    assert kinds == set(LocationKind)


def test_an_unknown_location_is_answered_with_the_stores(sessions: Sessions, shop: ShopInfo):
    with sessions() as session, pytest.raises(UnknownName, match="sells at: Front, Annex"):
        location_named(session, shop.id, "Back")


def test_a_name_is_taken_once(sessions: Sessions, shop: ShopInfo, now: datetime):
    with sessions.begin() as session, pytest.raises(BadValue, match="already"):
        create_shop(session, "Corner", now=now)

    with sessions() as session:
        assert len(all_shops(session)) == 1


def test_a_shop_keeps_the_day_of_its_own_clock(shop: ShopInfo):
    late = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)

    assert shop.today(late) == date(2026, 3, 11)


def test_a_shop_of_past_data_stays_at_its_last_day(sessions: Sessions, now: datetime):
    with sessions.begin() as session:
        shop = create_shop(
            session, "Past", now=now, as_of=date(2017, 12, 31), time_zone="America/Chicago", currency="USD"
        )

    assert shop.today(now) == date(2017, 12, 31)
    assert shop.currency == "USD"


def test_an_unknown_time_zone_is_refused(sessions: Sessions, now: datetime):
    with sessions.begin() as session, pytest.raises(BadValue, match="Asia/Seoul"):
        create_shop(session, "Nowhere", now=now, time_zone="Mars/North")


def test_policies_change_and_stay(sessions: Sessions, shop: ShopInfo):
    with sessions.begin() as session:
        update_policy(session, shop.id, negative_stock=NegativeStock.BLOCK, budget_per_week=Decimal(300000))

    with sessions() as session:
        kept = shop_of(session, shop.id)
    assert (kept.negative_stock, kept.budget_per_week, kept.cover_days) == (NegativeStock.BLOCK, 300000, 7)


@pytest.mark.parametrize(
    "nonsense",
    [{"service_level": 1.0}, {"service_level": 95}, {"cover_days": 0}, {"budget_per_order": Decimal(-1)}],
)
def test_policies_that_make_no_sense_are_refused(sessions: Sessions, shop: ShopInfo, nonsense: dict[str, Any]):
    with sessions.begin() as session, pytest.raises(BadValue, match=next(iter(nonsense)).replace("_", ".")):
        update_policy(session, shop.id, **nonsense)
