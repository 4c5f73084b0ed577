"""What the database refuses, whoever asks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import product as pairs
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from stocksense.domain.orders import ORDER_STEPS, PROPOSAL_STEPS, OrderState, ProposalState
from stocksense.domain.recall import MATCH_STEPS, Certainty, MatchState
from stocksense.domain.stock import MoveKind
from stocksense.store import guards
from stocksense.store.database import Sessions
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.skus import product_id_of
from stocksense.store.stock import Move, record_moves
from stocksense.store.tables import (
    Audit,
    OrderLine,
    Proposal,
    PurchaseOrder,
    Recall,
    RecallMatchRow,
    Step,
    StockMove,
    Supplier,
)

KINDS = {
    OrderLine: (OrderState, ORDER_STEPS, OrderState.PLACING),
    Proposal: (ProposalState, PROPOSAL_STEPS, ProposalState.PENDING),
    RecallMatchRow: (MatchState, MATCH_STEPS, MatchState.PROPOSED),
}


def row_of(session: Session, table: Any, shop: ShopInfo, now: datetime) -> Any:
    """A row of a stepped table, with the rows that it points at."""
    product_id = product_id_of(session, shop.id, "TEA-1")
    supplier_id = session.scalars(select(Supplier.id)).one()
    price = {"quantity": 6, "unit_price": Decimal(3000)}
    order = PurchaseOrder(shop_id=shop.id, supplier_id=supplier_id, reference="PO-1", created_at=now)
    notice = Recall(source="drill", uid="1", product_name="tea", notice={}, published_on=now.date(), fetched_at=now)
    session.add_all([order, notice])
    session.flush()
    shared = {"product_id": product_id}
    rows = {
        OrderLine: OrderLine(
            order_id=order.id, total=Decimal(18000), created_at=now, changed_at=now, **price, **shared
        ),
        Proposal: Proposal(
            shop_id=shop.id,
            supplier_id=supplier_id,
            idempotency_key="1",
            currency="KRW",
            digest="",
            created_at=now,
            **price,
            **shared,
        ),
        RecallMatchRow: RecallMatchRow(
            recall_id=notice.id, certainty=Certainty.CERTAIN, evidence="barcode", changed_at=now, **shared
        ),
    }
    return rows[table]


def set_state(session: Session, table: Any, row_id: int, state: StrEnum) -> None:
    """Bring a row into a state behind the triggers' back."""
    if session.get_bind().dialect.name == "sqlite":
        guards.remove(session.connection())
        session.execute(update(table).values(state=state))
        guards.install(session.connection())
    else:
        session.execute(text(f"ALTER TABLE {table.__tablename__} DISABLE TRIGGER USER"))
        session.execute(update(table).values(state=state))
        session.execute(text(f"ALTER TABLE {table.__tablename__} ENABLE TRIGGER USER"))


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.__tablename__)
def test_the_database_takes_every_listed_step_and_refuses_all_others(
    sessions: Sessions, shop: ShopInfo, now: datetime, table: Any
):
    states, steps, _ = KINDS[table]
    taken = set()
    with sessions.begin() as session:
        row = row_of(session, table, shop, now)
        session.add(row)
        session.flush()
        for before, after in pairs(states, states):
            set_state(session, table, row.id, before)
            try:
                with session.begin_nested():
                    session.execute(update(table).values(state=after))
                taken.add((before, after))
            except IntegrityError as error:
                assert "cannot" in str(error)

    assert taken == set(steps) | {(state, state) for state in states}


@pytest.mark.parametrize("table", KINDS, ids=lambda table: table.__tablename__)
def test_a_row_begins_in_its_first_state_only(sessions: Sessions, shop: ShopInfo, now: datetime, table: Any):
    states, _, first = KINDS[table]

    for state in set(states) - {first}:
        with pytest.raises(IntegrityError, match="cannot begin"), sessions.begin() as session:
            row = row_of(session, table, shop, now)
            row.state = state
            session.add(row)


def test_the_table_of_steps_is_the_domain_s(sessions: Sessions):
    with sessions() as session:
        kept = {(step.kind, step.before, step.after) for step in session.scalars(select(Step)) if step.before}

    assert kept == (
        {("order_lines", *step) for step in ORDER_STEPS}
        | {("proposals", *step) for step in PROPOSAL_STEPS}
        | {("recall_matches", *step) for step in MATCH_STEPS}
    )


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE stock_moves SET units = units + 1",
        "UPDATE stock_moves SET reference = reference",
        "DELETE FROM stock_moves",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit",
    ],
)
def test_the_ledger_and_the_audit_trail_are_never_rewritten(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], now: datetime, rewriting: str
):
    move = Move("TEA-1", places["Suppliers"], places["Front"], 5, MoveKind.RECEIPT, now)
    with sessions.begin() as session:
        record_moves(session, shop.id, [move], actor="test", now=now)
        session.add(Audit(shop_id=shop.id, actor="test", action="look", subject="tea", happened_at=now))

    with sessions() as session, pytest.raises(IntegrityError, match="are never"):
        session.execute(text(rewriting))


def test_the_ledger_is_not_emptied_or_replaced_either(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], now: datetime
):
    statements = {
        "sqlite": "INSERT OR REPLACE INTO stock_moves SELECT * FROM stock_moves",
        "postgresql": "TRUNCATE stock_moves, audit",
    }
    move = Move("TEA-1", places["Suppliers"], places["Front"], 5, MoveKind.RECEIPT, now)
    with sessions.begin() as session:
        record_moves(session, shop.id, [move], actor="test", now=now)

    with sessions() as session, pytest.raises(IntegrityError, match="rows of stock_moves are never"):
        session.execute(text(statements[session.get_bind().dialect.name]))


@pytest.mark.parametrize("wrong", [{"units": 0}, {"units": -5}, {"destination_id": "origin"}])
def test_a_move_of_nothing_or_to_where_it_came_from_is_refused(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], now: datetime, wrong: dict[str, Any]
):
    with sessions.begin() as session:
        row = {
            "shop_id": shop.id,
            "product_id": product_id_of(session, shop.id, "TEA-1"),
            "origin_id": places["Suppliers"],
            "destination_id": places["Front"],
            "units": 5,
            "kind": MoveKind.RECEIPT,
            "day": now.date(),
            "effective_at": now,
            "recorded_at": now,
        }
        row |= {name: places["Suppliers"] if value == "origin" else value for name, value in wrong.items()}

        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(StockMove), [row])
