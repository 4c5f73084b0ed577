"""Orders on their pages: live while the agent shops, received in parts, settled by hand, and saved as a file."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from stocksense.domain.orders import OrderState
from stocksense.settings import Settings
from stocksense.store import orders, proposals, shops
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.states import Role
from stocksense.store.stock import level_of
from stocksense.store.tables import Lot
from stocksense.store.users import save_user
from stocksense.store.walks import note_walk

SOON = 15_000
"""Milliseconds in which what happens elsewhere has to show."""
STEP = {
    "thought": "I look for <b>tea</b>.",
    "thought_ko": "차를 찾습니다.",
    "action": "search[tea]",
    "page": "https://shop.example/search?q=tea",
    "seen": "<script>document.title = 'taken'</script> 40 results",
}
NEAR = {
    "product": "b01", "title": "Tea of another maker", "price": "9.10", "currency": "USD", "page": "", "faults": [],
    "why": {"ko": "다른 상표", "en": "another brand"},
}  # fmt: skip


@pytest.fixture(scope="module")
def floor(home: Path, tmp_path_factory: pytest.TempPathFactory, served: Callable[..., Any]) -> Any:
    """The sample shop, served for these tests alone, with people who may do more or less."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("floor") / "home")
    engine = make_engine(Settings(_env_file=None, home=own).store_url)
    with make_sessions(engine).begin() as session:
        for role in (Role.OWNER, Role.STAFF, Role.VIEWER):
            for language in ("ko", "en"):
                save_user(
                    session, f"{role}-{language}@example.com", name="Hana", role=role, now=datetime.now(UTC),
                    language=language, password="open-sesame",
                )  # fmt: skip
    engine.dispose()
    return served(own)


@pytest.fixture
def at(floor: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a page of that shop."""
    return lambda path, *args, **more: open_page(path, *args, on=floor, **more)


@pytest.fixture
def begun(floor: Any) -> Callable[[int], Any]:
    """Begins an order of what was bought before, the n-th product of those, as another process would: nobody buys."""

    def one(at: int) -> Any:
        now = datetime.now(UTC)
        with floor.sessions().begin() as session:
            shop = shops.find_shop(session)
            bought = [one for one in orders.lines(session, shop.id, states=(OrderState.PLACED,)) if one.proposal_id]
            done = sorted(bought, key=lambda line: line.sku)[at]
            info = proposals.propose(
                session,
                shop.id,
                proposals.proposal_of(session, done.proposal_id).terms,
                idempotency_key=f"run-9:{done.sku}:{now.isoformat()}",
                seen_on_order=level_of(session, shop.id, done.sku).on_order,
                now=now,
            )
            proposals.decide_proposal(session, info.id, digest=info.digest, approved=True, decided_by="owner", now=now)
            return orders.start_line(session, info.id, now)

    return one


@pytest.fixture
def stopped(floor: Any, begun: Callable[[int], Any]) -> Callable[[int], Any]:
    """An order that could not be placed."""

    def one(at: int) -> Any:
        line, told = begun(at), {"outcome": "stopped", "steps": [STEP], "alternatives": [NEAR]}
        with floor.sessions().begin() as session:
            return orders.stop_line(session, line.id, note="=nothing fits", now=datetime.now(UTC), transcript=told)

    return one


@pytest.fixture
def placed(floor: Any, begun: Callable[[int], Any]) -> Callable[[int], Any]:
    """An order that was placed."""

    def one(at: int) -> Any:
        line = begun(at)
        with floor.sessions().begin() as session:
            return orders.finish_line(
                session, line.id, unit_price=line.unit_price, total=line.total, now=datetime.now(UTC)
            )

    return one


@pytest.fixture
def now_of(floor: Any) -> Callable[[Any], Any]:
    """A line as it is in the database now."""

    def look(line: Any) -> Any:
        with floor.sessions()() as session:
            return orders.line_of(session, line.id)

    return look


def stands(page: Page, state: OrderState) -> None:
    expect(page.locator("#order")).to_have_attribute("data-state", str(state), timeout=SOON)


def test_each_step_of_the_buyer_shows_as_it_is_taken(floor, at, begun):
    line = begun(0)
    phone, desk = at(f"/orders/{line.id}", 390), at(f"/orders/{line.id}", language="en")
    stands(phone, OrderState.PLACING)

    for steps in (1, 2):
        with floor.sessions().begin() as session:
            note_walk(session, line.id, {"brain": "a model", "steps": [STEP] * steps}, now=datetime.now(UTC))
        for page in (phone, desk):
            expect(page.locator("[data-step]")).to_have_count(steps, timeout=SOON)
    phone.reload()
    expect(phone.locator("[data-step]")).to_have_count(2)

    with floor.sessions().begin() as session:
        orders.stop_line(session, line.id, note="nothing", now=datetime.now(UTC))
    for page in (phone, desk):
        stands(page, OrderState.NEEDS_ATTENTION)


def test_what_a_shop_says_is_text_and_nothing_else(at, stopped):
    page = at(f"/orders/{stopped(1).id}", language="en")

    page.locator("#seen-1 summary").click()

    expect(page.locator("#seen-1 pre")).to_contain_text("<script>document.title")
    expect(page.locator("[data-step] p").first).to_have_text("I look for <b>tea</b>.")
    assert page.title() != "taken"


def test_the_buyer_thinks_in_the_readers_language(at, stopped):
    line = stopped(1)

    for language, thought in (("ko", "차를 찾습니다."), ("en", "I look for <b>tea</b>.")):
        page = at(f"/orders/{line.id}", 390, language)
        expect(page.locator("[data-step] p").first).to_have_text(thought)


def test_what_needs_a_person_comes_first_with_the_nearest_products(at, stopped):
    line = stopped(2)
    page = at("/orders", 390, "en")

    first = page.locator(f"#line-{line.id}")

    expect(first).to_contain_text("the shop has nothing that fits")
    expect(first).to_contain_text("Tea of another maker · $9.10")
    expect(first).to_contain_text("another brand")


def test_goods_are_received_in_parts_as_lots(floor, at, placed, now_of):
    line = placed(3)
    with floor.sessions()() as session:
        before = level_of(session, line.shop_id, line.sku).on_hand
    page = at(f"/orders/{line.id}", 390, role="staff")
    expires = (datetime.now(UTC) + timedelta(days=30)).date()

    page.fill("[name=units]", "2")
    page.fill("[name=delivery]", "LOT-7")
    page.fill("[name=expires]", expires.isoformat())
    page.click("#receive button.primary")

    stands(page, OrderState.PARTLY_RECEIVED)
    assert now_of(line).received == 2
    with floor.sessions()() as session:
        assert session.scalars(select(Lot.expires_on).where(Lot.code == f"{line.order}/0-LOT-7")).all() == [expires]
        assert level_of(session, line.shop_id, line.sku).on_hand == before + 2

    page.click("#receive button.primary")
    stands(page, OrderState.RECEIVED)


def test_a_form_that_is_sent_twice_receives_once(floor, at, placed, now_of):
    line = placed(4)
    page = at(f"/orders/{line.id}", role="staff")
    csrf = page.locator("input[name=csrf]").first.input_value()
    form = {"csrf": csrf, "units": "1", "seen": "0", "delivery": "A-1"}

    answers = [page.request.post(f"{floor.address}/orders/{line.id}/receive", form=form).status for _ in range(2)]

    assert answers == [200, 200]
    assert now_of(line).received == 1


def test_more_than_was_ordered_is_not_received(floor, at, placed, now_of):
    line = placed(5)
    page = at(f"/orders/{line.id}", language="en", role="staff")
    csrf = page.locator("input[name=csrf]").first.input_value()
    form = {"csrf": csrf, "units": str(line.quantity + 1), "seen": "0"}

    answer = page.request.post(f"{floor.address}/orders/{line.id}/receive", form=form)

    assert (answer.status, f"Give 1 to {line.quantity}." in answer.text()) == (400, True)
    assert now_of(line).received == 0


def test_the_owner_settles_what_was_bought_by_hand(at, stopped, now_of):
    line = stopped(6)
    page = at(f"/orders/{line.id}")

    page.fill("[name=total]", f"{line.total + 500:,.0f}")
    page.get_by_role("button", name="직접 샀음으로 확정").click()

    stands(page, OrderState.PLACED)
    assert now_of(line).total == line.total + 500
    expect(page.locator(".timeline")).to_contain_text("사람이 확정")


def test_the_buyer_is_sent_once_more(at, stopped):
    line = stopped(7)
    page = at(f"/orders/{line.id}", language="en")

    page.get_by_text("Try again").click()
    page.get_by_role("button", name="I have, send it").click()

    expect(page.locator("#order")).to_have_attribute("data-state", "placed", timeout=30_000)


def test_an_order_is_cancelled(at, placed, now_of):
    line = placed(8)
    page = at(f"/orders/{line.id}")

    page.get_by_text("주문 취소").click()
    page.get_by_role("button", name="취소하기").click()

    stands(page, OrderState.CANCELLED)
    assert now_of(line).outstanding == 0


@pytest.mark.parametrize(("role", "act"), [("viewer", "receive"), ("viewer", "cancel"), ("staff", "cancel")])
def test_nobody_does_more_than_their_role_allows(floor, at, placed, now_of, role, act):
    line = placed(9)
    page = at(f"/orders/{line.id}", role=role)
    csrf = page.locator("input[name=csrf]").first.input_value()

    answer = page.request.post(f"{floor.address}/orders/{line.id}/{act}", form={"csrf": csrf, "units": "1"})

    assert (answer.status, page.locator(f"form[action$={act}]").count()) == (403, 0)
    assert now_of(line).state is OrderState.PLACED


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_what_the_page_lists(floor, at, stopped, kind):
    line = stopped(10)
    page = at(f"/orders?show=attention&q={line.sku}", language="en")

    with page.expect_download() as saved:
        page.locator(f"a[href*='export.{kind}']").click()
    path = Path(saved.value.path())
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    else:
        rows = [list(row) for row in load_workbook(io.BytesIO(path.read_bytes())).active.iter_rows(values_only=True)]

    assert rows[0][:4] == ["Order", "SKU", "Product", "Supplier"]
    mine = next(row for row in rows if row[0] == line.order)
    assert (mine[1], str(mine[5]), float(mine[8])) == (line.sku, str(line.quantity), float(line.total))
    assert mine[12] == "'=nothing fits", "what a shop said is no formula"


@pytest.mark.parametrize("width", [390, 1280])
def test_an_order_is_readable_by_everybody(at, stopped, faults, width):
    page = at(f"/orders/{stopped(11).id}", width, "en")

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_order_of_no_such_number_is_not_found(floor, at):
    page = at("/orders")

    assert page.goto(f"{floor.address}/orders/999999").status == 404
