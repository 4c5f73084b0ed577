"""Writing a plan's entries through the rooms of the store that own them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import tuple_, update
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind, MoveKind, Shortfall
from stocksense.errors import NotEnoughStock
from stocksense.store.imports.counted import followed_since
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.plan import ImportPlan
from stocksense.store.imports.problems import Problem
from stocksense.store.imports.products import ProductEntry
from stocksense.store.imports.sales import SaleEntry
from stocksense.store.imports.stock import StockEntry, balances
from stocksense.store.imports.wording import Fault
from stocksense.store.moves import Move, record_moves
from stocksense.store.products import save_products
from stocksense.store.sales import record_sales
from stocksense.store.shops import location_of_kind
from stocksense.store.tables import CountRequest
from stocksense.store.upsert import portions


@dataclass
class Writing:
    """A plan being written, and what came of it so far."""

    session: Session
    shop_id: int
    plan: ImportPlan
    actor: str
    now: datetime
    created: int = 0
    updated: int = 0
    history: int = 0
    shortfalls: list[Shortfall] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def followed(self) -> dict[tuple[str, int], datetime]:
        """Since when the ledger follows each shelf, as it was before this import."""
        return followed_since(self.session, self.shop_id)


def write_products(writing: Writing, entries: Sequence[ProductEntry]) -> None:
    """Add and change products."""
    if entries:
        saved = save_products(writing.session, writing.shop_id, [entry.product for entry in entries], now=writing.now)
        writing.created += saved.new
        writing.updated += saved.known


def write_stock(writing: Writing, entries: Sequence[StockEntry]) -> None:
    """Bring the ledger to what was counted: opened where it knows nothing, else corrected; settles asked counts."""
    if not entries:
        return
    session, shop_id = writing.session, writing.shop_id
    suppliers = location_of_kind(session, shop_id, LocationKind.SUPPLIER).id
    losses = location_of_kind(session, shop_id, LocationKind.LOSS).id
    known = balances(session, shop_id)
    moves = []
    for entry in entries:
        difference = entry.on_hand - known.get(entry.shelf, 0)
        is_new = entry.shelf not in known
        writing.created += is_new
        writing.updated += not is_new
        if difference:
            outside, kind = (suppliers, MoveKind.OPENING) if is_new else (losses, MoveKind.CORRECTION)
            ends = (outside, entry.location_id) if difference > 0 else (entry.location_id, outside)
            reference = f"{writing.plan.file}, row {entry.row}"[-200:]
            moves.append(Move(entry.sku, *ends, abs(difference), kind, writing.now, reference))
    record_moves(session, shop_id, moves, actor=writing.actor, now=writing.now)
    _settle_counts(writing, [entry.shelf for entry in entries])


def write_sales(writing: Writing, entries: Sequence[SaleEntry]) -> None:
    """Record lines of sales; those from before the ledger followed their shelf take nothing off it."""
    ordered = sorted(entries, key=lambda entry: entry.line.sold_at)
    follow = [entry for entry in ordered if _is_followed(writing, entry)]
    past = [entry for entry in ordered if not _is_followed(writing, entry)]
    writing.history += _record(writing, past, move_stock=False)
    try:
        with writing.session.begin_nested():
            _record(writing, follow, move_stock=True)
    except NotEnoughStock:
        for entry in follow:
            _record_alone(writing, entry)


def _is_followed(writing: Writing, entry: SaleEntry) -> bool:
    since = writing.followed.get((entry.line.sku, entry.line.location_id))
    return since is not None and entry.line.sold_at >= since


def _record(writing: Writing, entries: Sequence[SaleEntry], *, move_stock: bool) -> int:
    """Record lines together; returns how many were new."""
    if not entries:
        return 0
    recorded = record_sales(
        writing.session,
        writing.shop_id,
        [entry.line for entry in entries],
        actor=writing.actor,
        now=writing.now,
        move_stock=move_stock,
    )
    writing.created += recorded.new
    writing.shortfalls += recorded.shortfalls
    return recorded.new


def _record_alone(writing: Writing, entry: SaleEntry) -> None:
    """Record one line, or note that the shop's policy forbids to sell what isn't there."""
    try:
        with writing.session.begin_nested():
            _record(writing, [entry], move_stock=True)
    except NotEnoughStock:
        line = entry.line
        column = Field.QUANTITY.value
        writing.problems.append(
            Problem(writing.plan.file, entry.row, column, f"{line.sku}: {line.units}", Fault.NOT_ENOUGH)
        )


def _settle_counts(writing: Writing, shelves: Sequence[tuple[int, int]]) -> None:
    """Settle what asked for these counts."""
    for portion in portions(shelves):
        counted = tuple_(CountRequest.product_id, CountRequest.location_id).in_(portion)
        open_ones = update(CountRequest).where(counted, CountRequest.settled_at.is_(None))
        writing.session.execute(open_ones.values(settled_at=writing.now))
