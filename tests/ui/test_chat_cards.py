"""Proposals in the chat, in a real browser: their cards are views of rows, on every device and after every reload."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from stocksense.domain.orders import ProposalState
from stocksense.settings import Settings
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.proposals import proposal_of, proposals
from stocksense.store.shops import find_shop
from stocksense.store.states import Role
from stocksense.store.tables import OrderLine, Product, Proposal, User
from stocksense.store.users import save_user

HOSTILE = "![그림](http://evil.test/x.png) <script>alert(1)</script> [누르세요](javascript:alert(1)) www.evil.test"

SLOW = '''
"""Counts the grains of rice in the store room, which takes long."""
import time
from dataclasses import dataclass
from tools.services import Services

@dataclass(frozen=True)
class Grains:
    """How many there are."""
    grains: int

def count_grains(services: Services) -> Grains:
    """Count the grains of rice in the storeroom (쌀알 세기)."""
    time.sleep(4)
    return Grains(7)

AGENTS = ("forecaster",)
READS = (count_grains,)
'''


@pytest.fixture(scope="module")
def talk(home, tmp_path_factory, served):
    """The sample shop, served: the newest proposal's product has a hostile name, and one tool is slow."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("talk") / "home")
    (own / "tools").mkdir()
    (own / "tools" / "grains.py").write_text(SLOW, encoding="utf-8")
    (own / ".env").write_text(f"STOCKSENSE_TOOLS={own / 'tools'}\n", encoding="utf-8")
    engine = make_engine(Settings(_env_file=None, home=own).store_url)
    with make_sessions(engine).begin() as session:
        people = (("owner", "ko", "김하나"), ("manager", "en", "Lee Min"), ("viewer", "en", "Guest"))
        for role, language, name in people:
            email, now = f"{role}-{language}@example.com", datetime.now(UTC)
            save_user(session, email, name=name, role=Role(role), now=now, language=language, password="open-sesame")
        newest = proposals(session, find_shop(session).id, states=(ProposalState.PENDING,))[0]
        session.execute(update(Product).where(Product.sku == newest.sku).values(name_ko=HOSTILE, name_en=HOSTILE))
    engine.dispose()
    return served(own)


@pytest.fixture
def waiting(talk):
    """The proposals that wait now, the newest first."""
    with talk.sessions()() as session:
        return proposals(session, find_shop(session).id, states=(ProposalState.PENDING,))


@pytest.fixture
def state_of(talk):
    """How a proposal stands in the database."""

    def look(number):
        with talk.sessions()() as session:
            return proposal_of(session, number)

    return look


def ask(page, text):
    page.locator("#chat-input").fill(text)
    expect(page.locator("#chat-submit")).to_be_enabled(timeout=20_000)
    page.locator("#chat-submit").click()


def card(page, number):
    return page.locator(f".ss-card[data-proposal='{number}']").last


def test_an_approval_shows_at_once_everywhere_and_after_a_reload(talk, open_page, waiting, state_of):
    first = waiting[0]
    phone, desk = open_page("/chat/", 390, on=talk), open_page("/chat/", 1280, "en", "manager", on=talk)
    expect(card(desk, first.id).get_by_role("button", name="Approve")).to_be_visible(timeout=40_000)
    expect(card(phone, first.id)).to_contain_text("승인 대기", timeout=40_000)
    card(phone, first.id).get_by_role("button", name="승인").click()

    expect(card(phone, first.id)).to_contain_text("김하나 승인", timeout=20_000)
    expect(card(desk, first.id)).to_contain_text("Approved by 김하나", timeout=20_000)
    expect(card(desk, first.id).get_by_role("button")).to_have_count(0)
    info = state_of(first.id)
    assert (info.approval.approved, info.approval.decided_by) == (True, "owner-ko@example.com")

    phone.wait_for_url("**/thread/**")
    phone.wait_for_timeout(500)
    phone.reload()
    expect(card(phone, first.id)).to_contain_text("김하나 승인", timeout=40_000)
    expect(card(phone, first.id).get_by_role("button")).to_have_count(0)
    with talk.sessions()() as session:
        assert session.scalar(select(OrderLine.id).where(OrderLine.proposal_id == first.id)) is not None


def test_an_edited_quantity_waits_for_a_decision_of_its_own(talk, open_page, waiting, state_of):
    old = waiting[0]
    page = open_page("/chat/", 390, on=talk)
    buttons = card(page, old.id)
    buttons.get_by_role("button", name="수량 바꾸기").click(timeout=40_000)
    buttons.get_by_role("spinbutton").fill(str(old.quantity * 2))
    buttons.get_by_role("button", name="이 수량으로").click()

    expect(page.get_by_text(f"{old.quantity}개에서 {old.quantity * 2}개로 바꿈")).to_be_visible(timeout=20_000)
    changed = page.locator(".ss-card", has_text="로 바꿈")
    assert state_of(old.id).state is ProposalState.SUPERSEDED
    changed.get_by_role("button", name="거절").click()
    expect(changed).to_contain_text("김하나 거절", timeout=20_000)
    number = int(changed.get_attribute("data-proposal"))
    assert (state_of(number).state, state_of(number).quantity) == (ProposalState.REJECTED, old.quantity * 2)


def test_a_stale_card_says_what_happened_meanwhile(talk, open_page, waiting):
    info = waiting[0]
    page = open_page("/chat/", 1280, "en", "manager", on=talk)
    expect(card(page, info.id).get_by_role("button", name="Approve")).to_be_visible(timeout=60_000)
    answer = page.evaluate(
        """async ([number, digest]) => {
            const card = await (await fetch(`/proposal-cards/${number}`)).json();
            const body = (values) => new URLSearchParams({ digest, ...values });
            const post = (what, values) => fetch(`/proposal-cards/${number}/${what}`,
                { method: 'POST', headers: { 'x-csrf': card.csrf }, body: body(values) });
            await post('decision', { approved: 'false' });
            const late = await post('decision', { approved: 'true' });
            return [late.status, await late.json()];
        }""",
        [info.id, info.digest],
    )

    assert answer[0] == 409
    assert "Somebody else decided" in answer[1]["notice"]
    assert answer[1]["story"][0].startswith("Rejected by Lee Min")


def test_who_may_not_approve_gets_no_buttons_and_is_refused(talk, open_page):
    page = open_page("/chat/", 1280, "en", "viewer", on=talk)
    expect(page.locator(".ss-brief")).to_be_visible(timeout=60_000)

    assert page.locator(".ss-buttons").count() == 0
    refused = page.evaluate(
        """async () => {
            const card = await (await fetch('/proposal-cards/1')).json();
            const answer = await fetch('/proposal-cards/1/decision', { method: 'POST',
                headers: { "x-csrf": card.csrf }, body: new URLSearchParams({ digest: "", approved: "true" }) });
            return answer.status;
        }"""
    )
    assert refused == 403


def test_the_role_of_now_binds_each_question(talk, open_page):
    page = open_page("/chat/", 1280, "en", "viewer", on=talk)
    expect(page.locator(".ss-brief")).to_be_visible(timeout=60_000)
    never = select(Product.sku).where(Product.id.not_in(select(Proposal.product_id))).order_by(Product.sku).limit(1)
    with talk.sessions()() as session:
        sku = session.scalar(never)
    ask(page, f"order 1 {sku}")
    expect(page.get_by_text("Your role may only look").last).to_be_visible(timeout=60_000)
    with talk.sessions().begin() as session:
        assert session.scalar(never) == sku
        session.execute(update(User).where(User.email == "viewer-en@example.com").values(role=Role.MANAGER))
    ask(page, f"order 1 {sku}")

    expect(page.get_by_text("Nothing is ordered yet").last).to_be_visible(timeout=60_000)


def test_a_hostile_name_stays_letters(talk, open_page):
    page = open_page("/chat/", 390, on=talk)
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    expect(page.locator(".ss-brief")).to_be_visible(timeout=40_000)
    with talk.sessions()() as session:
        sku = session.scalar(select(Product.sku).where(Product.name_ko == HOSTILE))
    ask(page, f"{sku} 재고 몇 개야?")

    expect(page.locator(".ss-marks").first).to_be_visible(timeout=60_000)
    answer = page.locator(".ai-message", has=page.locator(".ss-marks"))
    expect(answer).to_contain_text("<script>alert(1)</script>")
    assert answer.locator("img:not([alt^='Avatar'])").count() == 0
    links = answer.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert [link for link in links if not link.startswith(("#source-", "/inventory/"))] == []
    assert alerts == []


def test_a_running_answer_is_stopped(talk, open_page):
    page = open_page("/chat/", 1280, on=talk)
    expect(page.locator(".ss-brief")).to_be_visible(timeout=40_000)
    ask(page, "count the grains of rice in the storeroom")
    expect(page.get_by_text("count_grains")).to_be_visible(timeout=20_000)
    page.locator("#stop-button").click()

    expect(page.get_by_text("멈췄습니다").last).to_be_visible(timeout=10_000)
    ask(page, "오늘 매출 어때?")
    expect(page.locator(".ss-marks").first).to_be_visible(timeout=60_000)
