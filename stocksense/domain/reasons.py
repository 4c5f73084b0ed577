"""The sentence that says why a product was, or was not, ordered: Korean and English, with its numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from stocksense.domain.reorder import NEW_PRODUCT_DAYS, Decision, Reason

Language = Literal["ko", "en"]

_ENGLISH: dict[Reason, str] = {
    Reason.ORDERED: (
        "Ordered {quantity} ({packs} × {pack}) because {on_hand} on hand + {on_order} on order is at or below the "
        "reorder point {point}; {demand} a day sell, so it lasts about {days} days. Cost {cost}."
    ),
    Reason.ENOUGH_STOCK: (
        "Not ordered: {on_hand} on hand is above the reorder point {point} and lasts about {days} days "
        "at {demand} a day."
    ),
    Reason.ON_ORDER: (
        "Not ordered: only {on_hand} on hand, but {on_order} are on order already; together {position} "
        "is above the reorder point {point}."
    ),
    Reason.NO_DEMAND: "Not ordered: hardly any demand, {demand} a day expected; {on_hand} on hand.",
    Reason.RECALLED: "Not ordered: the product is recalled; {on_hand} on hand are not to be sold.",
    Reason.DISCONTINUED: "Not ordered: the product is discontinued; {on_hand} on hand are sold off.",
    Reason.OVER_BUDGET: (
        "Not ordered: {wanted} would cost {wanted_cost}, but only {budget} of the budget is left; "
        "{position} against a reorder point of {point}."
    ),
    Reason.BELOW_MINIMUM: (
        "Not ordered: the smallest order of {wanted} would last longer than the {max_days} days allowed "
        "at {demand} a day; {position} against a reorder point of {point}."
    ),
    Reason.NEW_PRODUCT: (
        "Not ordered by itself: a new product with {sales_days} days of sales (from {new_days} days on it is); "
        "{demand} a day expected from similar products, {on_hand} on hand."
    ),
    Reason.NO_OFFER: "Not ordered: no supplier offers it; {position} against a reorder point of {point}.",
}

_KOREAN: dict[Reason, str] = {
    Reason.ORDERED: (
        "현재고 {on_hand}개 + 입고 예정 {on_order}개가 재주문점 {point}개 이하라서 {quantity}개({pack}개 × {packs})를 "
        "주문합니다. 하루 {demand}개씩 팔려 약 {days}일 갑니다. 금액 {cost}."
    ),
    Reason.ENOUGH_STOCK: (
        "주문하지 않음: 현재고 {on_hand}개가 재주문점 {point}개보다 많고, 하루 {demand}개씩 팔려 약 {days}일 갑니다."
    ),
    Reason.ON_ORDER: (
        "주문하지 않음: 현재고는 {on_hand}개뿐이지만 이미 {on_order}개를 주문했고, 합계 {position}개는 "
        "재주문점 {point}개보다 많습니다."
    ),
    Reason.NO_DEMAND: "주문하지 않음: 수요가 거의 없습니다(하루 {demand}개 예상). 현재고 {on_hand}개.",
    Reason.RECALLED: "주문하지 않음: 리콜된 상품입니다. 현재고 {on_hand}개는 판매하면 안 됩니다.",
    Reason.DISCONTINUED: "주문하지 않음: 단종된 상품입니다. 현재고 {on_hand}개만 소진합니다.",
    Reason.OVER_BUDGET: (
        "주문하지 않음: {wanted}개 금액 {wanted_cost}, 남은 예산 {budget}(예산 부족). "
        "재고 {position}개, 재주문점 {point}개."
    ),
    Reason.BELOW_MINIMUM: (
        "주문하지 않음: 최소 주문 {wanted}개는 하루 {demand}개 판매로 허용 기간 {max_days}일 안에 다 팔리지 않습니다. "
        "재고 {position}개, 재주문점 {point}개."
    ),
    Reason.NEW_PRODUCT: (
        "자동 주문하지 않음: 판매 {sales_days}일째인 신상품입니다({new_days}일부터 자동 주문). "
        "비슷한 상품으로 보아 하루 {demand}개 예상, 현재고 {on_hand}개."
    ),
    Reason.NO_OFFER: "주문하지 않음: 공급처가 없습니다. 재고 {position}개, 재주문점 {point}개.",
}


_PAST_SALE: dict[Language, str] = {
    "ko": "기한이 지난 {past}개는 팔 수 없어 세지 않았습니다.",
    "en": "Not counted: {past} past their date, which cannot be sold.",
}


def sentence(decision: Decision, language: Language, currency: str = "KRW") -> str:
    """One sentence with the numbers behind a decision; another one if units past their date were left out of it."""
    phrase = (_KOREAN if language == "ko" else _ENGLISH)[decision.reason]
    told = phrase.format(**_numbers(decision, language, currency))
    past = decision.situation.past_sale
    return f"{told} {_PAST_SALE[language].format(past=show_number(past))}" if past else told


def _numbers(decision: Decision, language: Language, currency: str) -> dict[str, str]:
    situation = decision.situation
    position = situation.inventory_position
    stock = position + decision.order_quantity if decision.order_quantity else situation.on_hand
    units = {
        "on_hand": situation.on_hand,
        "on_order": situation.on_order,
        "position": position,
        "quantity": decision.order_quantity,
        "wanted": decision.wanted,
        "pack": situation.pack_size,
        "packs": decision.order_quantity // situation.pack_size,
        "point": situation.reorder_point,
        "demand": situation.daily_demand,
        "days": _days(stock, situation.daily_demand),
        "max_days": situation.max_cover_days,
        "sales_days": situation.days_of_sales,
        "new_days": NEW_PRODUCT_DAYS,
    }
    amounts = {
        "cost": decision.cost,
        "wanted_cost": situation.unit_price * decision.wanted,
        "budget": situation.budget_left or Decimal(0),
    }
    shown = {name: show_number(value) for name, value in units.items()}
    return shown | {name: show_money(value, currency, language) for name, value in amounts.items()}


def _days(units: float, daily_demand: float) -> float:
    """Whole days that the units last; more than ten years are shown as ten years."""
    return round(min(max(units, 0) / daily_demand, 3650)) if daily_demand > 0 else 0


def show_number(value: float) -> str:
    """Units as people write them: no decimals where there are none, one for amounts, two below one; halves go up."""
    if value == int(value):
        return f"{int(value):,}"
    digits = Decimal("0.1") if abs(value) >= 1 else Decimal("0.01")
    return f"{Decimal(str(value)).quantize(digits, ROUND_HALF_UP):,}"


def show_money(amount: Decimal, currency: str, language: Language = "ko") -> str:
    """An amount with its currency: 12,300원 or ₩12,300, $12.30."""
    if currency == "KRW":
        whole = f"{amount.quantize(Decimal(1)):,}"
        return f"{whole}원" if language == "ko" else f"₩{whole}"
    sign = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}.get(currency, f"{currency} ")
    return f"{sign}{amount.quantize(Decimal('0.01')):,}"
