"""The shops at which the buyer can shop: a file each, named as suppliers name the shop in their column `site`.

Such a file holds `open_site(settings) -> Site | None`, None where the settings do not say where the shop is.
"""

from __future__ import annotations

import importlib
import pkgutil

from tools.services import Services
from tools.site import Site


def shop_names() -> tuple[str, ...]:
    """The names of all shops that have a file here."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def site_named(services: Services, name: str) -> Site | None:
    """The shop of that name: the one that the services hold, else as the settings say; None if there is none."""
    if services.site is not None and services.site.name == name:
        return services.site
    # The name comes from a row of a supplier, so nothing but a file of this folder is ever imported by it.
    if name not in shop_names():
        return None
    site: Site | None = importlib.import_module(f"{__name__}.{name}").open_site(services.settings)
    return site
