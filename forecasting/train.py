"""From a panel of sales to a trained forecaster: fit, judge on held-out days, then learn those too."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forecasting.backtest import Backtest, held_out_origins, run_backtest
from forecasting.counts import Doubles
from forecasting.distribution import DemandDistribution
from forecasting.model import TrainedModel
from forecasting.panel import Ints, SalesPanel
from forecasting.windows import HORIZON_DAYS, History, vocabularies
from stocksense.domain.demand import Trial
from stocksense.errors import BadValue

if TYPE_CHECKING:
    from forecasting.lstm import DemandNetwork

Progress = Callable[[int, int, str], None]

LEAST_DAYS = 70
LARGE_SHOP = 1_500
SHARE_OF_LAST_FIT = 0.2
LAST_FIT_RATE = 0.3


def train(
    panel: SalesPanel, *, seed: int = 7, budget_seconds: float | None = None, progress: Progress | None = None
) -> TrainedModel:
    """Train on all of a panel; what the backtest tells comes from before the last days were learned.

    `budget_seconds` is CPU time for fitting, taken at the nominal cost of a step; left out, it follows
    the number of products. The number of steps depends on nothing else, so the same seed and panel give the same model
    on one machine. `progress(done, total, note)` is called after each step.
    Raises BadValue if the panel holds under 70 days or no sales.
    """
    if panel.days < LEAST_DAYS:
        raise BadValue(f"{panel.days} days of sales are too few to learn from; bring at least {LEAST_DAYS}")
    if not (panel.units > 0).any():
        raise BadValue("the panel holds no sales; import some first")
    panel = panel.only(np.array(sorted(range(len(panel.skus)), key=panel.skus.__getitem__), np.int64))
    return _Training(panel, seed, effort_for(panel, budget_seconds), progress or _silent).run()


@dataclass(frozen=True)
class Effort:
    """How much fitting a panel is worth."""

    steps: int
    batch: int


def effort_for(panel: SalesPanel, budget_seconds: float | None = None) -> Effort:
    """Steps and windows a step, by the budget or by the number of products with sales.

    A step costs about 0.08 CPU seconds with 256 windows, in a shop of up to 1,500 products, and 0.14
    with 512 in a larger one: about 7 seconds for 400 products, 70 for 6,000.
    """
    products = int((panel.launch < panel.days).sum())
    large = products > LARGE_SHOP
    if budget_seconds is not None:
        steps = max(10, round(budget_seconds / (0.14 if large else 0.08)))
    elif large:
        steps = int(np.clip(round(6.2 * products**0.5), 240, 600))
    else:
        steps = int(np.clip(round(4 * products**0.5), 60, 155))
    return Effort(steps, 512 if large else 256)


class _Training:
    """One run of training; holds what its stages share."""

    def __init__(self, panel: SalesPanel, seed: int, effort: Effort, progress: Progress) -> None:
        self.panel, self.seed, self.progress, self.batch = panel, seed, progress, effort.batch
        self.last_steps = max(2, round(effort.steps * SHARE_OF_LAST_FIT))
        self.first_steps = effort.steps - self.last_steps
        self.total = effort.steps + 1
        self.vocabulary = vocabularies(panel)

    def run(self) -> TrainedModel:
        """Fit without the held-out days, backtest, go on fitting with them."""
        from forecasting import fitting
        from forecasting.lstm import Shape

        shape = Shape(len(self.vocabulary[0]), len(self.vocabulary[1]))
        origins = held_out_origins(self.panel.days)
        with fitting.one_thread():
            network = fitting.new_network(shape, self.seed)
            first = fitting.Schedule(self.first_steps, self.batch)
            factor = self._fit(network, first, self.panel.until(origins[0]), "learning")
            self.progress(self.first_steps, self.total, "judging on held-out days")
            judged = run_backtest(self.panel, origins, self._asker(network, factor))
            last = fitting.Schedule(self.last_steps, self.batch, fitting.LEARNING_RATE * LAST_FIT_RATE)
            factor = self._fit(network, last, self.panel, "learning the latest days")
        weights = {name: value.numpy().copy() for name, value in network.state_dict().items()}
        self.progress(self.total, self.total, "trained")
        return self._model(weights, asdict(shape), factor, judged)

    def _fit(self, network: "DemandNetwork", schedule: Any, panel: SalesPanel, note: str) -> float:
        """Fit to the panel's windows; gives the factor that makes its forecasts right on the whole."""
        from forecasting import fitting

        done = 0 if note == "learning" else self.first_steps + 1
        history = History(panel, self.vocabulary)
        fitting.fit(
            network, history, schedule, seed=self.seed + done,
            tick=lambda step: self.progress(done + step, self.total, note),
        )  # fmt: skip
        return bias_factor(history, lambda rows, origin: fitting.ask(network, history, rows, origin))

    def _asker(self, network: "DemandNetwork", factor: float) -> Callable[[int], DemandDistribution]:
        """Forecasts of all products from an origin, knowing only what came before."""
        from forecasting import fitting

        def asked(origin: int) -> DemandDistribution:
            history = History(self.panel.until(origin), self.vocabulary)
            rows = np.arange(len(self.panel.skus))
            return fitting.ask(network, history, rows, origin).times(np.full(len(rows), factor))

        return asked

    def _model(
        self, weights: dict[str, NDArray[Any]], shape: dict[str, float], factor: float, judged: Backtest
    ) -> TrainedModel:
        """Everything together, with its card."""
        from forecasting import fitting

        panel = self.panel
        digest = hashlib.sha256(b"".join(weights[name].tobytes() for name in sorted(weights))).hexdigest()
        card = {
            "version": f"{panel.last_day}-{digest[:8]}",
            "first_day": str(panel.first_day),
            "last_day": str(panel.last_day),
            "products": len(panel.skus),
            "country": panel.country,
            "seed": self.seed,
            "steps": self.first_steps + self.last_steps,
            "batch": self.batch,
            "learning_rate": fitting.LEARNING_RATE,
            "parameters": int(sum(value.size for value in weights.values())),
            "horizon_days": HORIZON_DAYS,
            "bias_factor": round(factor, 4),
            "held_out": judged.held_out,
            "champions": {name: judged.champions.count(name) for name in sorted(set(judged.champions))},
            "backtest": judged.figures,
        }
        return TrainedModel(
            weights, self.vocabulary, shape, factor,
            champions=dict(zip(panel.skus, judged.champions, strict=True)),
            weekly_wape=_wape_by_sku(panel.skus, judged.weekly_wape), trial=trial_of(panel, judged), card=card,
        )  # fmt: skip


def bias_factor(history: History, asked: Callable[[Ints, int], DemandDistribution]) -> float:
    """What sold over what was forecast, at origins within the panel: multiplies every later forecast.

    Taken at up to six origins, 14 days apart, at the end of the days that were fitted.
    """
    days = history.panel.days
    origins = [days - HORIZON_DAYS - 14 * back for back in range(6)]
    came, said = 0.0, 0.0
    for origin in origins:
        rows = np.flatnonzero(history.launch <= origin - 28)
        if origin < 28 or not rows.size:
            continue
        targets = history.targets(rows, np.full(len(rows), origin, np.int64))
        came += float((targets.units * targets.seen).sum())
        said += float((asked(rows, origin).mean * targets.seen).sum())
    return float(np.clip(came / said, 0.8, 1.25)) if said > 0 else 1.0


def trial_of(panel: SalesPanel, judged: Backtest) -> Trial:
    """What the backtest's champions expected of the held-out days, added up by category."""
    units: dict[tuple[str, ...], Doubles] = {}
    for path, means in zip(panel.categories, judged.said, strict=True):
        units[path] = units[path] + means if path in units else means
    days = {path: tuple(float(round(each, 4)) for each in sums) for path, sums in units.items()}
    return Trial(judged.origins[0], HORIZON_DAYS, days)


def _wape_by_sku(skus: tuple[str, ...], wape: dict[str, Doubles]) -> dict[str, dict[str, float]]:
    """The same figures, product by product, without those of products that sold nothing."""
    return {
        sku: {name: round(float(values[row]), 4) for name, values in wape.items() if np.isfinite(values[row])}
        for row, sku in enumerate(skus)
    }


def _silent(done: int, total: int, note: str) -> None:
    """Tell nobody."""
