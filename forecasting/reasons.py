"""Why a forecast is what it is, in a few words of Korean and English."""

from datetime import timedelta

import holidays
import numpy as np

from forecasting.book import Reason
from forecasting.counts import Doubles
from forecasting.neighbours import YOUNG_DAYS, Borrowed
from forecasting.panel import SalesPanel
from forecasting.windows import HORIZON_DAYS

RARE_SHARE = 0.2
CHANGE = 0.25
RECENT_DAYS = 28


def reasons_for(panel: SalesPanel, mean: Doubles, borrowed: Borrowed | None) -> tuple[tuple[Reason, ...], ...]:
    """What stands out about each product, most telling first; `mean` is its forecast, (n, 21)."""
    holiday = _holiday_ahead(panel)
    lent = {} if borrowed is None else {int(row): place for place, row in enumerate(borrowed.rows)}
    recent = slice(max(panel.days - RECENT_DAYS, 0), None)
    hidden = (~panel.in_stock & panel.on_sale)[:, recent].sum(axis=1)
    window = slice(max(panel.days - 112, 0), None)
    on_sale = np.maximum(panel.on_sale[:, window].sum(axis=1), 1)
    share = (panel.units[:, window] > 0).sum(axis=1) / on_sale
    level = panel.units[:, recent].mean(axis=1)
    found = []
    for row in range(len(panel.skus)):
        mine: list[Reason] = []
        if row in lent and borrowed is not None:
            mine.append(_new(borrowed, lent[row]))
        if hidden[row]:
            mine.append(_stock_outs(int(hidden[row])))
        if 0 < share[row] < RARE_SHARE:
            mine.append(_rare(float(share[row])))
        if row not in lent:
            mine.extend(_moving(float(level[row]), float(mean[row].mean())))
        found.append((*mine, *holiday))
    return tuple(found)


def _new(borrowed: Borrowed, place: int) -> Reason:
    count, depth = int(borrowed.neighbours[place]), int(borrowed.depth[place])
    where = ("whole shop", "main category", "sub-category")[min(depth, 2)]
    korean = ("매장 전체", "대분류", "하위 분류")[min(depth, 2)]
    return Reason(
        "new_product",
        f"신상품(판매 {YOUNG_DAYS}일 미만): 같은 {korean}에서 가격이 비슷한 {count}개 상품을 참고했습니다",
        f"new product (sold for under {YOUNG_DAYS} days): "
        f"from {count} neighbours in the same {where}, weighed by price",
    )


def _stock_outs(days: int) -> Reason:
    return Reason(
        "stock_outs",
        f"최근 {RECENT_DAYS}일 중 {days}일은 품절이어서 그날의 수요를 추정해 보정했습니다",
        f"out of stock on {days} of the last {RECENT_DAYS} days; demand of those days is estimated",
    )


def _rare(share: float) -> Reason:
    return Reason(
        "intermittent",
        f"드문드문 팔리는 상품입니다(판매가 있는 날 {share:.0%})",
        f"sells rarely (on {share:.0%} of days)",
    )


def _moving(level: float, ahead: float) -> list[Reason]:
    """That the forecast is well above or below the last 28 days, if it is."""
    if level * RECENT_DAYS < 5:
        return []
    change = ahead / level - 1
    if abs(change) < CHANGE:
        return []
    word, korean = ("above", "높게") if change > 0 else ("below", "낮게")
    return [
        Reason(
            "rising" if change > 0 else "falling",
            f"최근 {RECENT_DAYS}일 평균보다 {abs(change):.0%} {korean} 예측했습니다",
            f"expected {abs(change):.0%} {word} the mean of the last {RECENT_DAYS} days",
        )
    ]


def _holiday_ahead(panel: SalesPanel) -> tuple[Reason, ...]:
    """The first public holiday within the 21 days, if there is one."""
    ahead = [panel.last_day + timedelta(days=offset) for offset in range(1, HORIZON_DAYS + 1)]
    years = range(ahead[0].year, ahead[-1].year + 1)
    try:
        english = holidays.country_holidays(panel.country, years=years, language="en_US")
        local = holidays.country_holidays(panel.country, years=years, language="ko")
    except NotImplementedError:
        return ()
    for day in ahead:
        if day in english:
            korean, name = str(local.get(day)), str(english.get(day))
            ahead_of = f"예측 기간에 공휴일이 있습니다: {korean} ({day})"
            return (Reason("holiday_ahead", ahead_of, f"holiday ahead: {name} ({day})"),)
    return ()
