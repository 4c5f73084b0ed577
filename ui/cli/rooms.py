"""The rooms that commands reach into, each loaded when it is first used: help and short answers come at once.

`rooms.orders.lines(...)` loads `stocksense.store.orders`. A checker of types reads the imports, Python the names below.
"""
# ruff: noqa: F401  # imported to be read by others
# mypy: implicit-reexport

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn

    import webshop_env
    from agents import model
    from agents.shopper import examples, training
    from graphs import buying, jobs, report, review, schedule, supervisor
    from graphs.evaluation import figures, folder, page, plan, shoppers, side_by_side
    from stocksense.store import (
        database,
        decisions,
        forecasts,
        imports,
        logins,
        orders,
        products,
        proposals,
        quarantine,
        recalls,
        receipts,
        rising,
        users,
    )
    from stocksense.store import jobs as job_runs
    from tools import reflections
    from ui import checkup, configuration, files, owners, samples, web
    from ui import open as opening
    from webshop_env import bench, check, mall, play, server, warehouse

HOMES = {
    "agents": ("model",),
    "agents.shopper": ("examples", "training"),
    "graphs": ("buying", "jobs", "report", "review", "schedule", "supervisor"),
    "graphs.evaluation": ("figures", "folder", "page", "plan", "shoppers", "side_by_side"),
    "stocksense.store": (
        *("database", "decisions", "forecasts", "imports", "logins", "orders", "products", "proposals"),
        *("quarantine", "recalls", "receipts", "rising", "users"),
    ),
    "tools": ("reflections",),
    "ui": ("checkup", "configuration", "files", "owners", "samples", "web"),
    "webshop_env": ("bench", "check", "mall", "play", "server", "warehouse"),
}
"""Where the names above are."""
PATHS = {name: f"{home}.{name}" for home, names in HOMES.items() for name in names} | {
    "job_runs": "stocksense.store.jobs",
    "opening": "ui.open",
    "uvicorn": "uvicorn",
    "webshop_env": "webshop_env",
}


def __getattr__(name: str) -> ModuleType:
    """Load a room by its name here. Raises AttributeError for a name that is none."""
    if name not in PATHS:
        raise AttributeError(f"{name!r} is no room of the command line; they are in ui/cli/rooms.py")
    return import_module(PATHS[name])
