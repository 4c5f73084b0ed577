"""What decisions are made from, put together from the store: the history of sales, and each product's situation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from forecasting.panel import SalesPanel, build_panel
from stocksense.domain.demand import Forecast
from stocksense.domain.reorder import Situation, quantile_reorder_point
from stocksense.domain.stock import StockLevel
from stocksense.errors import BadValue
from stocksense.store import forecasts, offers, products, stock, takings
from stocksense.store.offers import OfferInfo
from stocksense.store.products import ProductInfo
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from tools.services import Services

HISTORY_DAYS = 730
"""How far back sales are learned from: two of every season."""

LATE = timedelta(days=7)
"""How late moves may be recorded and still count among the days without stock."""


def sales_history(session: Session, shop: ShopInfo, today: date) -> SalesPanel:
    """Daily sales of every product up to the last complete day, with the days on which its shelf was empty.

    Raises BadValue if the shop has no sales yet.
    """
    known = takings.first_and_last_day(session, shop.id)
    if known is None:
        raise BadValue(
            f"{shop.name} has no sales yet; read some in with `stocksense import`",
            in_korean=f"{shop.name}에 아직 매출이 없습니다. `stocksense import`로 읽어 들이세요.",
        )
    last = today if shop.as_of else today - timedelta(days=1)
    first = max(known[0], last - timedelta(days=HISTORY_DAYS - 1))
    rows = (
        (sku, day, max(units, 0), float(amount) / units if units > 0 else None, promoted)
        for sku, day, units, amount, promoted in takings.daily_rows(session, shop.id, first, last)
    )
    return build_panel(
        rows,
        stock.stock_out_days(session, shop.id, first, last),
        categories={p.sku: p.category.levels if p.category else () for p in products.all_products(session, shop.id)},
        first_day=first,
        last_day=last,
        country=shop.country,
    )


def note_empty_shelves(services: Services) -> int:
    """Write down the days without stock, and what they lost, from a week before the last known one; returns how many.

    A shop where none is known yet is looked at from its first sale on.
    """
    with services.sessions.begin() as session:
        shop, today = services.shop(session), services.today(session)
        sold = takings.first_and_last_day(session, shop.id)
        known = stock.stock_outs_known_to(session, shop.id)
        if sold is None:
            return 0
        first = sold[0] if known is None else max(known - LATE, sold[0])
        return stock.refresh_stock_outs(session, shop.id, first, today)


def forecast_shop(services: Services, progress: Callable[[int, int, str], None]) -> tuple[Forecast, ...]:
    """Forecast every product of the shop and keep the forecasts; `progress` takes done, total and a note.

    Raises BadValue if the shop has too few sales to learn from.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        panel = sales_history(session, shop, services.today(session))
    made = services.forecaster.forecast(panel, shop.name, progress)
    with services.sessions.begin() as session:
        forecasts.save_forecasts(session, shop.id, made, services.clock())
        trial = services.forecaster.trial(shop.name)
        if trial is not None:
            forecasts.save_trial(session, shop.id, trial, before=panel.last_day)
    return made


def situations(session: Session, shop: ShopInfo, today: date) -> list[Situation]:
    """One situation a product of the shop, without a budget; products without a forecast count as without demand."""
    levels = stock.levels(session, shop.id, today)
    asked = offers.best_offers(session, shop.id)
    known = forecasts.latest_forecasts(session, shop.id)
    first_sales = takings.first_sale_days(session, shop.id)
    return [
        _situation(
            shop,
            product,
            levels.get(product.sku, StockLevel(product.sku, 0)),
            forecast=known.get(product.sku),
            offer=asked.get(product.sku),
            days_of_sales=(today - first_sales[product.sku]).days + 1 if product.sku in first_sales else 0,
        )
        for product in products.all_products(session, shop.id)
    ]


def _situation(
    shop: ShopInfo,
    product: ProductInfo,
    level: StockLevel,
    *,
    forecast: Forecast | None,
    offer: OfferInfo | None,
    days_of_sales: int,
) -> Situation:
    lead, lead_sd = (offer.lead_time_days, offer.lead_time_sd) if offer else (0.0, 0.0)
    point = mean = 0.0
    if forecast is not None:
        point = quantile_reorder_point(
            forecast,
            lead_time_days=lead,
            lead_time_sd=lead_sd,
            review_period_days=shop.review_period_days,
            service_level=shop.service_level,
        )
        mean = forecast.mean_within(lead + shop.review_period_days)
    most = min(shop.max_cover_days, product.shelf_life_days or shop.max_cover_days)
    return Situation(
        sku=product.sku,
        status=product.status,
        on_hand=level.available,
        on_order=level.on_order,
        daily_demand=forecast.daily_demand if forecast else 0.0,
        lead_time_days=lead,
        review_period_days=shop.review_period_days,
        service_level=shop.service_level,
        reorder_point=point,
        safety_stock=max(point - mean, 0.0),
        cover_days=min(shop.cover_days, most),
        max_cover_days=most,
        days_of_sales=days_of_sales,
        has_offer=offer is not None,
        unit_price=offer.unit_price if offer else Decimal(0),
        pack_size=offer.pack_size if offer else 1,
        minimum_order=offer.minimum_order if offer else 1,
        model=forecast.model if forecast else "",
        past_sale=level.past_sale,
    )
