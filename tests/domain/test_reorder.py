"""When a product is ordered, how much of it, and that the reason always follows from the situation."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.domain.demand import Forecast
from stocksense.domain.reasons import sentence, show_number
from stocksense.domain.reorder import (
    Decision,
    Reason,
    Situation,
    decide,
    decide_all,
    order_quantity,
    quantile_reorder_point,
    reorder_point,
    safety_stock,
)
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadValue

COLA = Situation(
    sku="COLA-355",
    status=ProductStatus.ACTIVE,
    on_hand=5,
    on_order=0,
    daily_demand=4.0,
    lead_time_days=2,
    review_period_days=1,
    service_level=0.95,
    reorder_point=17.0,
    safety_stock=5.0,
    cover_days=7,
    max_cover_days=60,
    days_of_sales=300,
    unit_price=Decimal(800),
    pack_size=24,
    minimum_order=24,
    budget_left=Decimal(100_000),
)

TEA = Forecast(
    sku="TEA",
    made_on=date(2026, 10, 31),
    daily_mean=(2.0, 3.0, 1.0, 2.0, 2.0, 4.0, 0.0),
    daily_low=(0.0,) * 7,
    daily_high=(5.0,) * 7,
    lead_time_demand={3: {0.5: 6.0, 0.9: 9.0, 0.99: 13.0}, 7: {0.5: 14.0, 0.9: 18.0, 0.99: 24.0}},
    model="lstm",
    version="1",
)

amounts = st.floats(0, 10_000, allow_nan=False)
situations = st.builds(
    Situation,
    sku=st.text(min_size=1, max_size=10),
    status=st.sampled_from(ProductStatus),
    on_hand=st.integers(-20, 500),
    on_order=st.integers(0, 500),
    daily_demand=st.floats(0, 100),
    lead_time_days=st.floats(0, 30),
    review_period_days=st.floats(0, 7),
    service_level=st.floats(0.5, 0.99),
    reorder_point=st.floats(0, 1000),
    safety_stock=st.floats(0, 500),
    cover_days=st.floats(0, 30),
    max_cover_days=st.floats(0, 90),
    days_of_sales=st.integers(0, 800),
    has_offer=st.booleans(),
    unit_price=st.decimals(0, 100_000, places=2),
    pack_size=st.integers(1, 48),
    minimum_order=st.integers(1, 100),
    budget_left=st.none() | st.decimals(0, 1_000_000, places=2),
)


def test_a_product_below_its_reorder_point_is_ordered_in_whole_packs():
    decision = decide(COLA)

    assert decision.reason is Reason.ORDERED
    assert decision.order_quantity == 48


def test_units_on_order_count_as_if_they_were_on_hand():
    assert decide(replace(COLA, on_order=48)).reason is Reason.ON_ORDER


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"on_hand": 18}, Reason.ENOUGH_STOCK),
        ({"status": ProductStatus.RECALLED}, Reason.RECALLED),
        ({"status": ProductStatus.DISCONTINUED}, Reason.DISCONTINUED),
        ({"daily_demand": 0.01}, Reason.NO_DEMAND),
        ({"has_offer": False}, Reason.NO_OFFER),
        ({"days_of_sales": 3}, Reason.NEW_PRODUCT),
        ({"budget_left": Decimal(38_399)}, Reason.OVER_BUDGET),
        ({"max_cover_days": 6}, Reason.BELOW_MINIMUM),
    ],
)
def test_every_way_not_to_order_has_its_reason(change, reason):
    assert decide(replace(COLA, **change)).reason is reason


def test_the_budget_is_enough_to_the_last_won():
    assert decide(replace(COLA, budget_left=Decimal(38_400))).reason is Reason.ORDERED


def test_a_short_shelf_life_shrinks_the_order():
    assert decide(replace(COLA, max_cover_days=10)).order_quantity == 24


def test_a_negative_stock_is_filled_up_as_well():
    assert decide(replace(COLA, on_hand=-10)).order_quantity == 72


@given(situations)
def test_the_stored_situation_recomputes_to_the_same_decision(situation):
    stored = json.loads(json.dumps(situation.as_json()))

    assert decide(Situation.from_json(stored)) == decide(situation)


@given(situations)
def test_an_order_is_whole_packs_and_never_over_budget(situation):
    decision = decide(situation)

    assert decision.order_quantity % situation.pack_size == 0
    assert (decision.order_quantity > 0) == (decision.reason is Reason.ORDERED)
    assert situation.budget_left is None or decision.cost <= situation.budget_left


@given(situations)
def test_once_an_order_is_on_its_way_the_same_need_is_not_ordered_again(situation):
    first = decide(situation)
    again = decide(replace(situation, on_order=situation.on_order + first.order_quantity))

    assert not (first.order_quantity and again.order_quantity)


@given(st.lists(situations, max_size=12), st.decimals(0, 2_000_000, places=2))
def test_all_orders_together_stay_within_the_budget(products, budget):
    decisions = decide_all(products, budget)

    assert sum((d.cost for d in decisions), Decimal(0)) <= budget
    assert [d.situation.sku for d in decisions] == [s.sku for s in products]


def test_the_money_goes_to_the_emptiest_shelf_first():
    half_full, empty = replace(COLA, sku="HALF", on_hand=9), replace(COLA, sku="EMPTY", on_hand=0)

    decisions = decide_all([half_full, empty], Decimal(40_000))

    assert [d.reason for d in decisions] == [Reason.OVER_BUDGET, Reason.ORDERED]


@given(amounts, amounts, amounts, amounts)
def test_the_reorder_point_never_falls_as_lead_time_grows(demand, lead, longer, buffer):
    assert reorder_point(demand, lead, buffer) <= reorder_point(demand, lead + longer, buffer)


def test_the_forecast_s_own_spread_sets_the_reorder_point():
    point = quantile_reorder_point(TEA, lead_time_days=2, lead_time_sd=0, review_period_days=1, service_level=0.9)

    assert point == pytest.approx(9.0)


@given(*[st.floats(0, 20)] * 2, *[st.floats(0, 5)] * 2, *[st.floats(0.5, 0.99)] * 2)
def test_a_longer_or_less_certain_lead_time_or_a_higher_service_level_never_lowers_it(
    lead, more_lead, spread, more_spread, level, other_level
):
    low, high = sorted((level, other_level))
    known = {"lead_time_days": lead, "lead_time_sd": spread, "review_period_days": 1, "service_level": low}

    least = quantile_reorder_point(TEA, **known)

    for change in (
        {"lead_time_days": lead + more_lead},
        {"lead_time_sd": spread + more_spread},
        {"service_level": high},
    ):
        assert least <= quantile_reorder_point(TEA, **(known | change)) + 1e-9


def test_a_negative_lead_time_is_refused():
    with pytest.raises(BadValue, match="-1"):
        quantile_reorder_point(TEA, lead_time_days=-1, lead_time_sd=0, review_period_days=1, service_level=0.9)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), amounts, amounts)
def test_safety_stock_never_falls_as_the_service_level_grows(level, other, spread, lead):
    low, high = sorted((level, other))

    assert safety_stock(low, spread, lead) <= safety_stock(high, spread, lead)


@pytest.mark.parametrize(
    ("wanted", "pack", "minimum", "units"),
    [(0, 6, 12, 0), (-3, 6, 12, 0), (1, 6, 1, 6), (6, 6, 1, 6), (6.1, 6, 1, 12), (1, 6, 20, 24), (5, 1, 1, 5)],
)
def test_quantities_are_rounded_up_to_packs_and_minimum(wanted, pack, minimum, units):
    assert order_quantity(wanted, pack, minimum) == units


@pytest.mark.parametrize(
    "call",
    [
        lambda: order_quantity(1, 0, 1),
        lambda: safety_stock(0.95, -1, 2),
        lambda: safety_stock(1.0, 1, 2),
        lambda: reorder_point(-0.1, 1, 0),
    ],
)
def test_impossible_values_are_refused_by_name(call):
    with pytest.raises(BadValue, match=r"-1|1\.0|0 units|-0\.1"):
        call()


@given(situations, st.sampled_from(["ko", "en"]), st.sampled_from(["KRW", "USD"]))
def test_every_decision_has_a_sentence_in_both_languages(situation, language, currency):
    words = sentence(decide(situation), language, currency)

    assert words.endswith(".")
    assert "{" not in words


@pytest.mark.parametrize("reason", Reason)
def test_the_sentence_holds_the_numbers(reason):
    decision = Decision(COLA, reason, order_quantity=48, wanted=48)

    korean, english = sentence(decision, "ko"), sentence(decision, "en")

    assert any(number in korean for number in ("5", "17", "48"))
    assert any(number in english for number in ("5", "17", "48"))


def test_an_order_is_explained_in_full():
    assert sentence(decide(COLA), "en") == (
        "Ordered 48 (2 × 24) because 5 on hand + 0 on order is at or below the reorder point 17; "
        "4 a day sell, so it lasts about 13 days. Cost ₩38,400."
    )


@pytest.mark.parametrize(
    ("value", "said"), [(3.35, "3.4"), (11.45, "11.5"), (3.348, "3.3"), (0.125, "0.13"), (7.0, "7")]
)
def test_numbers_in_sentences_are_rounded_as_people_do(value, said):
    assert show_number(value) == said
