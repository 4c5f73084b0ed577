"""Reads files of other systems into the shop, for the faces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from stocksense.settings import Settings
from stocksense.store.imports import ImportPlan, ImportReport, Kind, plan_import, read_import, run_import
from stocksense.store.imports.run import OnError
from stocksense.store.shops import all_shops, create_shop, find_shop
from ui.open import open_store

Progress = Callable[[int, int, str], None]

OWN_SHOP = "My shop"
"""What a shop is called that was made by its first import, unless it was given a name."""


def import_file(  # noqa: PLR0913  # whoever imports says how
    settings: Settings,
    path: Path,
    *,
    kind: Kind | None,
    location: str | None,
    password: str | None,
    on_error: OnError,
    dry_run: bool,
    progress: Progress,
) -> ImportPlan | ImportReport:
    """Read a file of another system into the shop, which is made if there is none; with `dry_run` only plan it.

    Raises BadImport for a file that cannot be read, UnknownName for a shop that isn't there among others.
    """
    sheet = read_import(path, path.name, kind=kind, password=password)
    sessions, now = open_store(settings), datetime.now(UTC)
    with sessions.begin() as session:
        if not all_shops(session):
            create_shop(session, settings.shop or OWN_SHOP, now=now)
        shop = find_shop(session, settings.shop)
        plan = plan_import(session, shop.id, sheet, now=now, location=location)
        if dry_run:
            session.rollback()
            return plan
        return run_import(
            session,
            shop.id,
            plan,
            on_error=on_error,
            now=now,
            actor="import",
            progress=lambda done, of: progress(done, of, path.name),
        )
