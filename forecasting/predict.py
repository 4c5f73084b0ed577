"""From a trained forecaster and the latest sales to a book of forecasts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from forecasting import baselines
from forecasting.backtest import LSTM, MODELS
from forecasting.book import ForecastBook
from forecasting.distribution import DemandDistribution, chosen
from forecasting.model import TrainedModel
from forecasting.neighbours import Borrowed, from_neighbours
from forecasting.panel import Ints, SalesPanel
from forecasting.reasons import reasons_for
from forecasting.windows import History
from stocksense.errors import BadModelFile

NEIGHBOURS = "neighbours"


def predict(model: TrainedModel, panel: SalesPanel) -> ForecastBook:
    """Forecast the 21 days after the panel's last one, each product by its champion.

    Products that the model was not trained with come from the LSTM; those sold for under 28 days come
    from their neighbours in category and price.
    """
    history = History(panel, model.vocabulary)
    rows = np.arange(len(panel.skus))
    choice = np.array([MODELS.index(model.champions.get(sku, LSTM)) for sku in panel.skus], np.int64)
    candidates = [network_forecast(model, history, rows)]
    for name in baselines.BASELINES:
        candidates.append(baselines.forecast(name, history.demand, panel.on_sale))
    said = chosen(candidates, choice)
    models = [MODELS[which] for which in choice]
    borrowed = from_neighbours(panel, history.demand, said)
    if borrowed is not None:
        said = _with(said, borrowed)
        for row in borrowed.rows:
            models[row] = NEIGHBOURS
    return ForecastBook(
        skus=panel.skus,
        first_day=panel.last_day + timedelta(days=1),
        distribution=said,
        models=tuple(models),
        weekly_wape=tuple(model.weekly_wape.get(sku, {}) for sku in panel.skus),
        reasons=reasons_for(panel, said.mean, borrowed),
        model_version=model.version,
    )


def network_forecast(model: TrainedModel, history: History, rows: Ints) -> DemandDistribution:
    """The LSTM's forecast alone, from the end of the history. Raises BadModelFile if weights do not fit."""
    import torch

    from forecasting import fitting
    from forecasting.lstm import DemandNetwork, Shape

    shape: dict[str, Any] = model.shape
    network = DemandNetwork(Shape(**shape))
    weights = {name: torch.from_numpy(np.array(value)) for name, value in model.weights.items()}
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise BadModelFile(f"the saved weights do not fit the network ({error}); train again") from error
    with fitting.one_thread():
        said = fitting.ask(network.eval(), history, rows, history.panel.days)
    return said.times(np.full(len(rows), model.bias_factor))


def _with(said: DemandDistribution, borrowed: Borrowed) -> DemandDistribution:
    """The same with the young products' forecasts put in."""
    parts = {}
    for name in ("mean", "dispersion", "lead_dispersion"):
        parts[name] = getattr(said, name).copy()
        parts[name][borrowed.rows] = getattr(borrowed.said, name)
    return replace(said, **parts)
