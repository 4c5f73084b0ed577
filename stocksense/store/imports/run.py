"""Running a plan: every good row, or nothing if one is wrong, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from stocksense.store import audit
from stocksense.store.imports.plan import ImportPlan
from stocksense.store.imports.products import ProductEntry
from stocksense.store.imports.report import ImportReport
from stocksense.store.imports.sales import SaleEntry
from stocksense.store.imports.stock import StockEntry
from stocksense.store.imports.writing import Writing, write_products, write_sales, write_stock

OnError = Literal["keep_good", "all_or_nothing"]
Progress = Callable[[int, int], None]

Item = TypeVar("Item")

_AT_ONCE = 2000
"""Rows written between two calls of `progress`."""


def run_import(  # noqa: PLR0913  # whoever imports says how, when and as whom
    session: Session,
    shop_id: int,
    plan: ImportPlan,
    *,
    on_error: OnError = "keep_good",
    now: datetime,
    actor: str,
    progress: Progress | None = None,
) -> ImportReport:
    """Write what a plan says. `progress` is told how many of how many entries are written.

    With `keep_good` the rows without fault are written, with `all_or_nothing` they are only if no row has one.
    Running a plan again, or one of an overlapping file, adds nothing twice. Does not commit: until the caller does, or
    if anything raises, nothing is kept.
    """
    if on_error == "all_or_nothing" and plan.errors:
        return ImportReport(plan, written=False, created=0, updated=0, problems=plan.problems)
    with session.begin_nested() as savepoint:
        writing = _write(Writing(session, shop_id, plan, actor, now), progress or _nobody)
        problems = (*plan.problems, *writing.problems)
        if on_error == "all_or_nothing" and writing.problems:
            savepoint.rollback()
            return ImportReport(plan, written=False, created=0, updated=0, problems=problems)
        details = {"format": plan.format, "created": writing.created, "updated": writing.updated}
        audit.write(session, shop_id, f"import {plan.kind}", plan.file, actor=actor, now=now, details=details)
    return ImportReport(
        plan,
        written=True,
        created=writing.created,
        updated=writing.updated,
        problems=problems,
        shortfalls=tuple(writing.shortfalls),
        history=writing.history,
    )


def _write(writing: Writing, progress: Progress) -> Writing:
    """Write the plan's entries portion by portion."""
    entries = (*writing.plan.create, *writing.plan.update)
    done = 0
    for portion in _portions(entries):
        write_products(writing, [entry for entry in portion if isinstance(entry, ProductEntry)])
        write_stock(writing, [entry for entry in portion if isinstance(entry, StockEntry)])
        write_sales(writing, [entry for entry in portion if isinstance(entry, SaleEntry)])
        done += len(portion)
        progress(done, len(entries))
    return writing


def _portions(entries: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(entries), _AT_ONCE):
        yield entries[start : start + _AT_ONCE]


def _nobody(_done: int, _total: int) -> None:
    """The progress that nobody asked about."""
