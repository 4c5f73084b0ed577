"""What importing a file would do. A dry run is a plan that nobody runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from stocksense.store.imports.kinds import Kind
from stocksense.store.imports.outcome import Outcome, Skip
from stocksense.store.imports.problems import Problem
from stocksense.store.imports.products import ProductEntry, plan_products
from stocksense.store.imports.sales import SaleEntry, plan_sales
from stocksense.store.imports.sheet import Sheet
from stocksense.store.imports.stock import StockEntry, plan_stock
from stocksense.store.imports.wording import Fault

Entry = ProductEntry | StockEntry | SaleEntry


@dataclass(frozen=True)
class ImportPlan:
    """What a file would create and change, which rows it passes over and why, and what is wrong in it.

    `rows` counts the rows that say something. `unread` are columns from which nothing is taken, `also` is what else the
    same file could be imported as.
    """

    file: str
    sheet: str
    encoding: str
    format: str
    kind: Kind
    rows: int
    create: tuple[Entry, ...]
    update: tuple[Entry, ...]
    skipped: Mapping[Skip, int]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    also: tuple[Kind, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a row from being written."""
        return tuple(problem for problem in self.problems if not problem.is_warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems with which the row is written all the same."""
        return tuple(problem for problem in self.problems if problem.is_warning)


def plan_import(
    session: Session, shop_id: int, sheet: Sheet, *, now: datetime, location: str | None = None
) -> ImportPlan:
    """Work out what a sheet means for a shop; nothing is written.

    `location` names where rows belong that say nothing about it; a shop with one place that sells needs none. Raises
    BadImport if a column is missing without which no row makes sense.
    """
    outcome = _outcome(session, shop_id, sheet, location, now)
    if not outcome.rows:
        outcome.problems.append(sheet.problem(Fault.HEADER_ONLY))
    return ImportPlan(
        file=sheet.file,
        sheet=sheet.table.sheet,
        encoding=sheet.table.encoding,
        format=sheet.format,
        kind=sheet.kind,
        rows=outcome.rows,
        create=tuple(outcome.create),
        update=tuple(outcome.update),
        skipped=dict(outcome.skipped),
        problems=tuple(outcome.problems),
        unread=sheet.header.unread,
        also=sheet.also,
    )


def _outcome(
    session: Session, shop_id: int, sheet: Sheet, location: str | None, now: datetime
) -> Outcome[ProductEntry] | Outcome[StockEntry] | Outcome[SaleEntry]:
    if sheet.kind is Kind.PRODUCTS:
        return plan_products(session, shop_id, sheet)
    if sheet.kind is Kind.STOCK:
        return plan_stock(session, shop_id, sheet, location=location)
    return plan_sales(session, shop_id, sheet, location=location, now=now)
