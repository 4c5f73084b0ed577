"""What was decided about each product, and whether the same situation would be decided the same way today."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from stocksense.domain.reorder import Decision, Reason, Situation, decide
from stocksense.store.plans import note_decisions
from stocksense.store.skus import product_ids_of
from stocksense.store.tables import DecisionRow, Product
from stocksense.store.upsert import insert_or_change


@dataclass(frozen=True)
class StoredDecision:
    """A decision as it was made and kept.

    `decision` holds what was decided then; `recomputes` says whether `decide` comes to the same from the stored
    situation, which it does unless the rules, or the row, were changed since.
    """

    id: int
    sku: str
    name_ko: str
    name_en: str
    decision: Decision
    made_on: date
    run_id: int
    recomputes: bool

    def name(self, language: str) -> str:
        """The product's name in a language (`ko` or `en`), in the other where there is none."""
        first, second = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return first or second or self.sku


def save_decisions(
    session: Session, shop_id: int, run_id: int, decisions: Iterable[Decision], *, made_on: date, now: datetime
) -> dict[str, int]:
    """Keep the decisions of a run and return their numbers by SKU; deciding again in a run replaces the first.

    Raises UnknownSku if one is about no product of the shop; then none is kept.
    """
    made = list(decisions)
    ids = product_ids_of(session, shop_id, (decision.situation.sku for decision in made))
    stamp = {"shop_id": shop_id, "run_id": run_id, "made_on": made_on, "created_at": now}
    insert_or_change(
        session,
        DecisionRow,
        [_row(decision, ids[decision.situation.sku]) | stamp for decision in made],
        keys=("product_id", "run_id"),
        changes=("made_on", "reason", "order_quantity", "wanted", "situation", "created_at"),
    )
    kept = select(Product.sku, DecisionRow.id).join(Product, Product.id == DecisionRow.product_id)
    numbers = {row.sku: row.id for row in session.execute(kept.where(DecisionRow.run_id == run_id))}
    mine = {ids[decision.situation.sku]: decision for decision in made}
    note_decisions(session, shop_id, mine, ids={ids[sku]: numbers[sku] for sku in ids}, made_on=made_on)
    return numbers


def latest_decisions(session: Session, shop_id: int, *, reason: Reason | None = None) -> tuple[StoredDecision, ...]:
    """What the newest run decided about every product, by SKU; with `reason`, only the products with that reason."""
    newest = session.scalar(select(func.max(DecisionRow.run_id)).where(DecisionRow.shop_id == shop_id))
    return () if newest is None else decisions_of_run(session, shop_id, newest, reason=reason)


def decisions_of_run(
    session: Session, shop_id: int, run_id: int, *, reason: Reason | None = None
) -> tuple[StoredDecision, ...]:
    """What one run decided about every product, by SKU; with `reason`, only the products with that reason."""
    rows = _joined().where(DecisionRow.shop_id == shop_id, DecisionRow.run_id == run_id).order_by(Product.sku)
    if reason is not None:
        rows = rows.where(DecisionRow.reason == reason)
    return tuple(_stored(row, product) for row, product in session.execute(rows))


def decision_of(session: Session, shop_id: int, sku: str) -> StoredDecision | None:
    """The newest decision about one product, None if none was made yet."""
    rows = _joined().where(Product.shop_id == shop_id, Product.sku == sku).order_by(DecisionRow.run_id.desc()).limit(1)
    found = session.execute(rows).first()
    return None if found is None else _stored(found[0], found[1])


def decisions_of_product(session: Session, product_id: int, *, limit: int) -> tuple[StoredDecision, ...]:
    """At most `limit` decisions about a product, the newest first."""
    rows = session.execute(_of_product(), {"product": product_id, "limit": limit})
    return tuple(_stored(row, product) for row, product in rows)


@cache
def _of_product() -> Any:
    """Made once and kept, since making it takes longer than running it."""
    rows = _joined().where(DecisionRow.product_id == bindparam("product"))
    return rows.order_by(DecisionRow.run_id.desc()).limit(bindparam("limit"))


def decisions_numbered(session: Session, numbers: Collection[int]) -> dict[int, StoredDecision]:
    """Decisions by their row numbers; those that aren't there are left out."""
    rows = _joined().where(DecisionRow.id.in_(numbers))
    return {row.id: _stored(row, product) for row, product in session.execute(rows)}


def _joined() -> Select[DecisionRow, Product]:
    return select(DecisionRow, Product).join(Product, Product.id == DecisionRow.product_id)


def _row(decision: Decision, product_id: int) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "reason": decision.reason,
        "order_quantity": decision.order_quantity,
        "wanted": decision.wanted,
        "situation": decision.situation.as_json(),
    }


def _stored(row: DecisionRow, product: Product) -> StoredDecision:
    situation = Situation.from_json(row.situation)
    decision = Decision(situation, row.reason, row.order_quantity, row.wanted)
    return StoredDecision(
        id=row.id,
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        decision=decision,
        made_on=row.made_on,
        run_id=row.run_id,
        recomputes=decide(situation) == decision,
    )
