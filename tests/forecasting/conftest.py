"""Small made-up shops for the forecasting tests."""

from datetime import date

import numpy as np
import pytest

from forecasting.model import TrainedModel
from forecasting.panel import SalesPanel
from forecasting.train import train


def small_shop(products: int = 24, days: int = 190, seed: int = 1) -> SalesPanel:
    """Simulated sales: weekly rhythm, two categories, the last product new by 12 days."""
    generator = np.random.default_rng(seed)
    level = generator.uniform(0.3, 8, (products, 1))
    week = 1 + 0.4 * np.sin(2 * np.pi * np.arange(days) / 7)
    units = generator.poisson(level * week).astype(np.float32)
    units[-1, : days - 12] = 0
    price = np.repeat(generator.uniform(1, 20, (products, 1)), days, axis=1)
    nothing = np.zeros((products, days), bool)
    paths = tuple((f"main {row % 2}", f"sub {row % 4}") for row in range(products))
    skus = tuple(f"SKU-{row:03d}" for row in range(products))
    return SalesPanel(skus, paths, date(2025, 1, 6), units, ~nothing, price, nothing, "KR")


@pytest.fixture(scope="session")
def shop() -> SalesPanel:
    return small_shop()


@pytest.fixture(scope="session")
def model(shop: SalesPanel) -> TrainedModel:
    return train(shop, budget_seconds=2)
