"""Parts that take long to load and that no page needs: each is loaded when it is first used, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stocksense.domain.demand import Forecast, Trial
from tools.services import Forecaster
from tools.site import Once, Site, Visit

if TYPE_CHECKING:
    from forecasting.panel import SalesPanel


class LaterForecaster:
    """The forecaster that keeps its models in a folder; its numbers' library is loaded with the first question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def forecast(self, panel: SalesPanel, shop: str, progress: Callable[[int, int, str], None]) -> tuple[Forecast, ...]:
        """One forecast a product, from the day after the panel's last. Raises BadValue for too little to learn from."""
        return self._loaded.forecast(panel, shop, progress)

    def card(self, shop: str) -> Mapping[str, Any] | None:
        """What is known of the shop's model; None without one."""
        return self._loaded.card(shop)

    def trial(self, shop: str) -> Trial | None:
        """What the shop's model expected of days that it was tried on; None without one."""
        return self._loaded.trial(shop)

    @cached_property
    def _loaded(self) -> Forecaster:
        from forecasting.forecaster import ShopForecaster

        return ShopForecaster(self._folder)


class LaterSite:
    """The simulated shop at a base URL, in process when the URL is empty; its catalogue is read with the first use."""

    def __init__(self, webshop_url: str) -> None:
        self._url = webshop_url

    @property
    def name(self) -> str:
        """The word that suppliers and lessons know the shop by."""
        return self._loaded.name

    @property
    def currency(self) -> str:
        """The currency of its prices."""
        return self._loaded.currency

    @property
    def sells_by_receipt(self) -> bool:
        """Whether nothing is sold until its receipt is kept."""
        return self._loaded.sells_by_receipt

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        """Begin a walk. Raises SourceUnreachable if the shop does not answer."""
        return self._loaded.visit(instruction, once=once)

    @cached_property
    def _loaded(self) -> Site:
        from tools.simulated_shop import open_site

        return open_site(self._url)
