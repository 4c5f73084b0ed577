"""Whatever is done in whatever order: a product is on its way once, and units arrive once."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import event

from stocksense.domain.orders import OPEN_ORDERS, Terms
from stocksense.errors import Mendable
from stocksense.store import orders, proposals, receipts, stock
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.products import NewProduct, save_products
from stocksense.store.shops import create_shop

NOW = datetime(2026, 3, 11, tzinfo=UTC)
SKUS = ("A", "B")
AT = st.integers(0, 2)
"""Which of the newest proposals or lines is meant."""


class Shopkeeping(RuleBasedStateMachine):
    """A nightly run, an owner and a buyer who do what they like, in any order, and repeat themselves."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = copyfile(template, Path(self.folder.name) / "shop.db")
        self.engine = make_engine(f"sqlite:///{path}")
        # Nothing here outlives the test, so nothing need wait for the disk.
        event.listen(self.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        self.sessions = make_sessions(self.engine)
        self.bought: list[int] = []
        self.booked: tuple[int, int, str] | None = None
        with self.sessions.begin() as session:
            self.shop = create_shop(session, "S", now=NOW)
            save_products(session, self.shop.id, [NewProduct(sku, sku, sku) for sku in SKUS], now=NOW)
            save_offers(session, self.shop.id, [NewOffer(sku, "W", Decimal(100)) for sku in SKUS])

    @contextmanager
    def trying(self):
        """A transaction in which the store may refuse: nothing happened then."""
        try:
            with self.sessions.begin() as session:
                yield session
        except Mendable:
            pass

    @rule(sku=st.sampled_from(SKUS), units=st.integers(1, 9), night=st.integers(0, 50))
    def propose(self, sku: str, units: int, night: int) -> None:
        terms = Terms("S", sku, "W", units, Decimal(100), "KRW")
        with self.trying() as session:
            proposals.propose(session, self.shop.id, terms, idempotency_key=f"{night}:{sku}", now=NOW)

    @rule(at=AT, approved=st.booleans())
    def decide(self, at: int, approved: bool) -> None:
        with self.trying() as session:
            info = self.nth(proposals.proposals(session, self.shop.id), at)
            proposals.decide_proposal(
                session, info.id, digest=info.digest, approved=approved, decided_by="owner", now=NOW
            )

    @rule(sku=st.sampled_from(SKUS), units=st.integers(4, 9), night=st.integers(0, 50))
    def run_a_night(self, sku: str, units: int, night: int) -> None:
        """Propose, approve and buy, one after the other: what a night looks like when nothing is in the way."""
        self.propose(sku, units, night)
        self.decide(0, approved=True)
        self.buy(0, is_killed=False)

    @rule()
    def postpone(self) -> None:
        with self.trying() as session:
            proposals.supersede_pending(session, self.shop.id, now=NOW)

    @rule(at=AT, is_killed=st.booleans())
    def buy(self, at: int, is_killed: bool) -> None:
        with self.trying() as session:
            info = self.nth(proposals.proposals(session, self.shop.id), at)
            line = orders.start_line(session, info.id, NOW)
            if line.is_new:
                self.bought.append(line.proposal_id or 0)
            if line.is_new and not is_killed:
                orders.finish_line(session, line.id, unit_price=line.unit_price, total=line.total, now=NOW)

    @rule(at=AT, act=st.sampled_from(["finish", "stop", "resume", "cancel"]))
    def look_after(self, at: int, act: str) -> None:
        with self.trying() as session:
            line = self.nth(orders.lines(session, self.shop.id), at)
            if act == "finish":
                orders.finish_line(session, line.id, unit_price=line.unit_price, total=line.total, now=NOW)
            elif act == "stop":
                orders.stop_line(session, line.id, note="", now=NOW)
            else:
                way = orders.resume_line if act == "resume" else orders.cancel_line
                way(session, line.id, now=NOW, actor="owner")

    @rule(at=AT, units=st.integers(1, 3), delivery=st.sampled_from(["D1", "D2"]))
    def receive(self, at: int, units: int, delivery: str) -> None:
        with self.trying() as session:
            line = self.nth(orders.lines(session, self.shop.id), at)
            receipts.receive_line(session, line.id, units, delivery=delivery, actor="staff", now=NOW)
            self.booked = (line.id, units, delivery)

    @precondition(lambda self: self.booked is not None)
    @rule()
    def receive_again(self) -> None:
        """Somebody presses the button twice."""
        line_id, units, delivery = self.booked
        with self.sessions.begin() as session:
            receipts.receive_line(session, line_id, units, delivery=delivery, actor="staff", now=NOW)

    @invariant()
    def a_product_is_on_its_way_once(self) -> None:
        with self.sessions() as session:
            live = [info.sku for info in proposals.proposals(session, self.shop.id, states=proposals.LIVE)]
            on_the_way = [line.sku for line in orders.open_lines(session, self.shop.id)]
        assert len(live + on_the_way) == len(set(live + on_the_way))
        assert len(self.bought) == len(set(self.bought))

    @invariant()
    def units_on_order_and_on_hand_are_those_of_the_lines(self) -> None:
        with self.sessions() as session:
            for sku, level in stock.levels(session, self.shop.id).items():
                lines = [line for line in orders.lines(session, self.shop.id) if line.sku == sku]
                assert level.on_hand == sum(line.received for line in lines)
                assert level.on_order == sum(line.outstanding for line in lines if line.state in OPEN_ORDERS)
                assert orders.on_order(session, self.shop.id).get(sku, 0) == level.on_order

    def nth(self, found, at: int):
        """One of the newest, or the one that isn't there."""
        if at >= len(found):
            raise Mendable("there are not that many")
        return found[at]

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()


def test_a_product_is_never_ordered_twice_while_on_order(sqlite_template):
    run_state_machine_as_test(
        lambda: Shopkeeping(sqlite_template),
        settings=settings(
            max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
