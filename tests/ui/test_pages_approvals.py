"""Approving on the page: exactly what is shown, once, within the budget, and seen on every device."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.recall import Certainty, RecallMatch, RecallNotice
from stocksense.domain.stock import ProductStatus
from stocksense.settings import Settings
from stocksense.store import audit, offers, orders, products, proposals, recalls, shops
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.offers import NewOffer
from stocksense.store.order_lists import lines_of_proposals
from stocksense.store.spending import seen_spent
from stocksense.store.states import Role
from stocksense.store.stock import level_of
from stocksense.store.users import save_user

NOW = datetime.now(UTC)
SOON = 15_000
"""Milliseconds in which what happens elsewhere has to show."""


@pytest.fixture(scope="module")
def floor(home: Path, tmp_path_factory: pytest.TempPathFactory, served: Callable[..., Any]) -> Any:
    """The sample shop, served for these tests alone: an order was left half bought before the server started."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("floor") / "home")
    engine = make_engine(Settings(_env_file=None, home=own).store_url)
    with make_sessions(engine).begin() as session:
        for role in (Role.OWNER, Role.VIEWER):
            for language in ("ko", "en"):
                save_user(
                    session, f"{role}-{language}@example.com", name="Hana", role=role, now=NOW, language=language,
                    password="open-sesame",
                )  # fmt: skip
        waiting = propose(session, 0)
        proposals.decide_proposal(
            session, waiting.id, digest=waiting.digest, approved=True, decided_by="owner", now=NOW
        )
        orders.start_line(session, waiting.id, NOW)
    engine.dispose()
    return served(own)


def propose(session: Any, at: int) -> Any:
    """Propose once more what the buyer found before, the n-th product of those."""
    shop = shops.find_shop(session)
    bought = [line for line in orders.lines(session, shop.id, states=(OrderState.PLACED,)) if line.proposal_id]
    done = sorted(bought, key=lambda line: line.sku)[at]
    earlier = proposals.proposal_of(session, done.proposal_id)
    return proposals.propose(
        session,
        shop.id,
        earlier.terms,
        decision_id=earlier.decision_id,
        idempotency_key=f"run-9:{done.sku}:{datetime.now(UTC).isoformat()}",
        seen_on_order=level_of(session, shop.id, done.sku).on_order,
        now=datetime.now(UTC),
    )


@pytest.fixture
def proposed(floor: Any) -> Any:
    """Proposes products of the served shop, given by their place; at the end they don't wait any more."""
    made: list[Any] = []

    def one(at: int) -> Any:
        with floor.sessions().begin() as session:
            made.append(propose(session, at))
        return made[-1]

    yield one
    with floor.sessions().begin() as session:
        shop = shops.find_shop(session)
        for info in proposals.proposals(session, shop.id, states=(ProposalState.PENDING,)):
            if info.idempotency_key.startswith(("run-9", "edit:")):
                proposals.supersede(session, info.id, now=NOW, actor="test")


@pytest.fixture
def at(floor: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a page of that shop."""
    return lambda path, *args, **more: open_page(path, *args, on=floor, **more)


@pytest.fixture
def stands(floor: Any) -> Callable[[Any], Any]:
    """A proposal as it is in the database now."""

    def look(info: Any) -> Any:
        with floor.sessions()() as session:
            return proposals.proposal_of(session, info.id)

    return look


def card(page: Page, info: Any) -> Any:
    return page.locator(f"#proposal-{info.id}")


def press(page: Page, info: Any, name: str) -> None:
    card(page, info).get_by_role("button", name=name).first.click()


def told(page: Page, kind: str) -> Any:
    return page.locator(f'[data-told="{kind}"]')


def line_of(floor: Any, info: Any) -> Any:
    """The line that a proposal became, None if it became none."""
    with floor.sessions()() as session:
        number = lines_of_proposals(session, [info.id]).get(info.id)
        return None if number is None else orders.line_of(session, number)


def test_what_a_killed_process_left_is_brought_to_its_end(floor, at):
    page = at("/orders?show=all")
    with floor.sessions()() as session:
        left = orders.lines(session, shops.find_shop(session).id, limit=1)[0]

    page.goto(f"{floor.address}/orders/{left.id}")

    expect(page.locator("#order")).to_have_attribute("data-state", "placed", timeout=30_000)
    expect(page.locator("[data-step]").first).to_be_visible()


def test_one_click_approves_and_buys_what_was_shown(floor, at, proposed):
    info = proposed(1)
    page = at("/approvals")

    press(page, info, "승인하고 구매")
    told(page, "buying").get_by_role("link").click()

    expect(page.locator("#order")).to_have_attribute("data-state", "placed", timeout=30_000)
    assert line_of(floor, info).total <= info.total
    expect(page.locator(".timeline")).to_contain_text("owner-ko@example.com")


def test_two_tabs_and_two_clicks_buy_once(floor, at, proposed):
    info = proposed(2)
    first, second = at("/approvals"), at("/approvals", language="en")

    for page, name in ((first, "승인하고 구매"), (second, "Approve and buy")):
        card(page, info).get_by_role("button", name=name).first.dblclick(no_wait_after=True)

    expect(card(second, info)).to_have_count(0, timeout=SOON)
    with floor.sessions()() as session:
        everything = orders.lines(session, info.shop_id)
    assert len([line for line in everything if line.proposal_id == info.id]) == 1


def test_a_price_that_changed_under_an_approval_asks_again(floor, at, proposed, stands):
    info = proposed(3)
    page = at("/approvals")
    with floor.sessions().begin() as session:
        offer = offers.best_offer(session, info.shop_id, info.sku)
        kept = {"pack_size": offer.pack_size, "minimum_order": offer.minimum_order, "site": offer.site}
        dearer = NewOffer(info.sku, offer.supplier, offer.unit_price + 100, **kept)
        offers.save_offers(session, info.shop_id, [dearer])

    press(page, info, "승인하고 구매")

    change = told(page, "refused_changed").locator("[data-change=price]")
    expect(change).to_contain_text(f"{info.terms.unit_price:,.0f}원")
    expect(change).to_contain_text(f"{info.terms.unit_price + 100:,.0f}원")
    assert stands(info).state is ProposalState.SUPERSEDED
    assert line_of(floor, info) is None
    expect(page.locator("#waiting")).to_contain_text("앞의 제안을 바꾼 것입니다")


def test_another_quantity_is_asked_about_anew(floor, at, proposed, stands):
    info = proposed(4)
    page = at("/approvals", 390, "en")

    card(page, info).get_by_text("Edit").click()
    page.fill(f"#quantity-{info.id}", str(info.quantity * 2))
    press(page, info, "Propose this quantity")

    expect(page.locator("[data-change=quantity]").first).to_contain_text(f"{info.quantity * 2} units")
    assert stands(info).state is ProposalState.SUPERSEDED


def test_a_rejection_keeps_its_reason(floor, at, proposed, stands):
    info = proposed(5)
    page = at("/approvals", 390)

    card(page, info).locator(f"#reject-{info.id} summary").click()
    page.fill(f"#why-{info.id}", "<b>너무 많음</b>")
    card(page, info).locator(f"#reject-{info.id} form button").click()

    expect(told(page, "rejected")).to_be_visible()
    assert stands(info).state is ProposalState.REJECTED
    with floor.sessions()() as session:
        newest = audit.entries(session, info.shop_id, subject=f"proposal {info.id}", limit=1)[0]
    assert newest.details["note"] == "<b>너무 많음</b>"


def test_of_many_as_many_are_approved_as_the_budget_holds(floor, at, proposed, stands):
    both = sorted((proposed(6), proposed(7)), key=lambda info: info.total)
    with floor.sessions().begin() as session:
        shop = shops.find_shop(session)
        spent = seen_spent(session, shop, NOW)
        shops.update_policy(session, shop.id, budget_per_week=spent + both[0].total, budget_per_order=Decimal(0))
    page = at("/approvals?sort=total")

    for info in both:
        page.check(f"#pick-{info.id}")
    expect(page.locator("#bulk output")).to_contain_text("남은 예산보다")
    page.get_by_role("button", name="고른 것 승인").click()

    expect(told(page, "buying")).to_have_count(1)
    expect(told(page, "refused_over_week")).to_contain_text("예산이 모자라")
    assert [stands(info).state is ProposalState.PENDING for info in both] == [False, True]
    expect(card(page, both[1])).to_be_visible()


def test_a_recalled_product_is_not_approved(floor, at, proposed, stands):
    info = proposed(8)
    page = at("/approvals", language="en")
    with floor.sessions().begin() as session:
        products.set_status(session, info.shop_id, info.sku, ProductStatus.RECALLED)

    press(page, info, "Approve and buy")

    expect(told(page, "refused_recalled")).to_contain_text("recalled")
    assert stands(info).state is ProposalState.PENDING


def test_an_approval_is_taken_back_before_anything_is_bought(floor, at, proposed, stands):
    info = proposed(9)
    page = at("/approvals")
    press(page, info, "승인만")
    expect(told(page, "approved")).to_be_visible()

    page.goto(f"{floor.address}/approvals?show=approved")
    press(page, info, "승인 거두기")

    expect(told(page, "taken_back")).to_be_visible()
    assert stands(info).state is ProposalState.SUPERSEDED
    assert line_of(floor, info) is None


def test_a_second_device_sees_the_decision(at, proposed):
    info = proposed(10)
    phone, desk = at("/approvals", 390, "en"), at("/approvals")
    expect(card(phone, info)).to_be_visible()
    phone.wait_for_timeout(1500)

    press(desk, info, "승인만")

    expect(card(phone, info)).to_have_count(0, timeout=SOON)


def test_a_recall_that_arrives_shows_on_every_open_page(floor, at):
    phone, desk = at("/inventory", 390), at("/dashboard", language="en")
    for page, held in ((phone, "판매에서 빼 두었습니다"), (desk, "kept off sale")):
        expect(page.locator("#alerts")).to_contain_text(held)
    phone.wait_for_timeout(1500)

    with floor.sessions().begin() as session:
        shop = shops.find_shop(session)
        sku = products.all_products(session, shop.id)[0].sku
        notice = RecallNotice("safetykorea", "R-LIVE", "리콜된 상품", published_on=NOW.date())
        recalls.save_notices(session, [notice], NOW)
        match = RecallMatch("R-LIVE", sku, Certainty.LIKELY, "brand", "safetykorea")
        recalls.save_matches(session, shop.id, [match], datetime.now(UTC))

    for page, told in ((phone, "리콜 1건이 매장 상품과 맞닿아"), (desk, "1 recall may touch your products")):
        expect(page.locator("#alerts .banner.bad")).to_contain_text(told, timeout=SOON)
        page.locator("#alerts").get_by_role("link").click()
        expect(page.locator("#matches")).to_contain_text("R-LIVE")


def test_ticks_outlive_what_happens_elsewhere(floor, at, proposed):
    one, other = proposed(11), proposed(12)
    page = at("/approvals")
    page.check(f"#pick-{one.id}")
    page.locator("h1").click()
    page.wait_for_timeout(1500)
    page.evaluate("document.activeElement.blur()")

    with floor.sessions().begin() as session:
        proposals.supersede(session, other.id, now=NOW, actor="somebody")
        proposals.propose(
            session, other.shop_id, other.terms, idempotency_key="run-9:anew", now=NOW,
            seen_on_order=level_of(session, other.shop_id, other.sku).on_order,
        )  # fmt: skip

    expect(card(page, other)).to_have_count(0, timeout=SOON)
    expect(page.locator(f"#pick-{one.id}")).to_be_checked()


def test_a_viewer_only_looks(floor, at, proposed, stands):
    info = proposed(13)
    page = at("/approvals", role="viewer")

    assert card(page, info).get_by_role("button", name="승인").count() == 0
    csrf = page.locator("input[name=csrf]").first.input_value()
    answer = page.request.post(
        f"{floor.address}/approvals/{info.id}/approve", form={"csrf": csrf, "digest": info.digest}
    )

    assert answer.status == 403
    assert stands(info).state is ProposalState.PENDING


def test_proposals_are_found_while_one_types(at, proposed):
    info, other = proposed(14), proposed(15)
    page = at("/approvals")

    page.get_by_role("searchbox").fill(info.sku)

    expect(card(page, other)).to_have_count(0)
    expect(card(page, info)).to_be_visible()


def test_an_approval_that_was_tampered_with_approves_nothing(floor, at, proposed, stands):
    info = proposed(16)
    page = at("/approvals")
    card(page, info).locator("input[name=digest]").first.evaluate("box => { box.value = '0'.repeat(64) }")

    press(page, info, "승인하고 구매")

    expect(told(page, "refused_not_shown")).to_be_visible()
    assert stands(info).state is ProposalState.PENDING


@pytest.mark.parametrize("width", [390, 1280])
def test_what_was_done_is_readable_by_everybody(at, proposed, faults, width):
    info = proposed(17)
    page = at("/approvals", width, "en")
    card(page, info).get_by_text("Edit").click()
    press(page, info, "Propose this quantity")
    expect(told(page, "same")).to_be_visible()

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
