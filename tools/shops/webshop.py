"""The simulated wholesale shop: in this process, or behind a server where the settings name one."""

from __future__ import annotations

from stocksense.settings import Settings
from tools.simulated_shop import open_site as open_simulated
from tools.site import Site


def open_site(settings: Settings) -> Site:
    """The simulated shop of the settings."""
    return open_simulated(settings.webshop_url)
