"""The forecaster of a shop: keeps a trained model, trains anew when it is old, and hands out plain forecasts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from forecasting.book import ForecastBook, ProductForecast
from forecasting.model import CARD_FILE, TrainedModel
from forecasting.panel import SalesPanel
from forecasting.predict import predict
from forecasting.train import train
from stocksense.domain.demand import Forecast, Trial
from stocksense.errors import BadModelFile

log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]

TRAIN_AGAIN_AFTER_DAYS = 7
"""Days of new sales after which the model is trained anew; until then it only predicts."""


@dataclass(frozen=True)
class ShopForecaster:
    """Forecasts a shop's demand with the model in `folder / shop`, which is trained when it is missing or old."""

    folder: Path
    seed: int = 7

    def forecast(self, panel: SalesPanel, shop: str, progress: Progress) -> tuple[Forecast, ...]:
        """One forecast a product of the panel, from the day after its last one.

        Raises BadValue if the panel holds too little to learn from.
        """
        home = self._home(shop)
        model = self._kept(home)
        if model is None or _is_old(model, panel):
            model = train(panel, seed=self.seed, progress=progress)
            model.save(home)
        book = predict(model, panel)
        return tuple(_as_forecast(book.product(sku), book) for sku in book.skus)

    def card(self, shop: str) -> dict[str, Any] | None:
        """What is known of the shop's model: version, window, seed, what was held out and how each model did."""
        model = self._kept(self._home(shop))
        return model.card if model else None

    def trial(self, shop: str) -> Trial | None:
        """What the shop's model expected of days that it was tried on before it had learned them; None without one."""
        model = self._kept(self._home(shop))
        return model.trial if model else None

    def _kept(self, home: Path) -> TrainedModel | None:
        """The model in a folder; None where there is none, or a kill while it was written left it unusable."""
        if not (home / CARD_FILE).exists():
            return None
        try:
            return TrainedModel.load(home)
        except BadModelFile as error:
            log.warning("kept model cannot be used, a new one will be trained: %s", error)
            return None

    def _home(self, shop: str) -> Path:
        return self.folder / (re.sub(r"[^\w-]+", "-", shop).strip("-") or "shop")


def _is_old(model: TrainedModel, panel: SalesPanel) -> bool:
    learned_to = date.fromisoformat(model.card["last_day"])
    return not 0 <= (panel.last_day - learned_to).days < TRAIN_AGAIN_AFTER_DAYS


def _as_forecast(product: ProductForecast, book: ForecastBook) -> Forecast:
    return Forecast(
        sku=product.sku,
        made_on=book.first_day - timedelta(days=1),
        daily_mean=product.mean,
        daily_low=product.low,
        daily_high=product.high,
        lead_time_demand=product.lead_time_units,
        model=product.model,
        version=book.model_version,
        backtest=product.weekly_wape,
        notes={
            "ko": " ".join(reason.korean for reason in product.reasons),
            "en": " ".join(reason.english for reason in product.reasons),
        },
    )
