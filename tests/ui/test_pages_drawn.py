"""Pages that are kept in memory say what the database says, to each person with their own name and forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from starlette.testclient import TestClient

from stocksense.domain.orders import ProposalState
from stocksense.domain.recall import MatchState
from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.domain.trend import KeywordRank
from stocksense.errors import BadValue
from stocksense.store import jobs
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.logins import LIFETIME, log_in, log_out_elsewhere
from stocksense.store.moves import Move, record_moves
from stocksense.store.products import NewProduct, save_products
from stocksense.store.proposals import decide_proposal
from stocksense.store.quarantine import settle_match
from stocksense.store.session import Session
from stocksense.store.shelf_changes import Count, count_shelves
from stocksense.store.shops import ShopInfo, location_of_kind, update_policy
from stocksense.store.states import Role
from stocksense.store.stock import held_at
from stocksense.store.tables import Proposal, RecallMatchRow
from stocksense.store.trends import save_ranks
from stocksense.store.users import disable, prefer, save_user, set_role, user_of
from tools.services import Services
from ui import drawn
from ui.gate import COOKIE, Viewer
from ui.web import build_app

HTML = {"accept": "text/html"}
PAGES = ("/dashboard", "/inventory", "/inventory/SNK-1", "/inventory.json?q=SN")
Visitor = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    """Nothing kept before nor after."""
    drawn.forget()
    yield
    drawn.forget()


@pytest.fixture
def corner(sqlite_corner: Services) -> Services:
    """A corner shop of the test's own."""
    return sqlite_corner


@pytest.fixture
def app(corner: Services) -> FastAPI:
    """The application over the corner shop, with a page that counts how often it is drawn."""
    app = build_app(corner.settings)
    app.state.services.sessions.engine.dispose()
    app.state.services, app.state.drawn = corner, 0

    @app.get("/counted")
    def counted(request: Request, visit: Viewer, fail: bool = False) -> Response:
        def draw() -> Response:
            app.state.drawn += 1
            if fail:
                raise BadValue("a value that cannot be")
            return HTMLResponse(str(app.state.drawn))

        mine = visit.person.email if visit.may("count") else None
        return drawn.drawn(request, visit, draw, own=("open",), mine=mine)

    return app


@pytest.fixture
def visitor(app: FastAPI, corner: Services) -> Visitor:
    """Opens browsers in which somebody is logged in."""

    def enter(name: str = "Hana", role: Role = Role.OWNER, language: str = "en") -> TestClient:
        now = corner.clock()
        with corner.sessions.begin() as session:
            person = save_user(
                session, f"{name.split(maxsplit=1)[0]}@shop.test", name=name, role=role, now=now, language=language
            )
            token = log_in(session, person.id, address="", agent="", now=now).token
        return TestClient(app, cookies={COOKIE: token}, headers=HTML, follow_redirects=False)

    return enter


def seen(browser: TestClient) -> list[str]:
    """The pages, but for the numbers of their charts, which go up with every drawing."""
    return [re.sub(r"\bchart\d+", "chart", browser.get(path).text) for path in PAGES]


def csrf_in(text: str) -> set[str]:
    return set(re.findall(r'name="csrf" value="([^"]+)"', text))


def sell(session: Session, shop: ShopInfo, services: Services) -> None:
    store, customers = (location_of_kind(session, shop.id, k).id for k in (LocationKind.STORE, LocationKind.CUSTOMER))
    now = services.clock()
    record_moves(session, shop.id, [Move("SNK-1", store, customers, 1, MoveKind.SALE, now)], actor="till", now=now)


def rename(session: Session, shop: ShopInfo, services: Services) -> None:
    product = NewProduct("SNK-1", "새 이름", "New name", price=Decimal(777))
    save_products(session, shop.id, [product], now=services.clock())


def reject(session: Session, shop: ShopInfo, services: Services) -> None:
    waiting = session.scalars(select(Proposal).where(Proposal.state == ProposalState.PENDING)).first()
    told = {"digest": waiting.digest, "approved": False, "decided_by": "owner", "now": services.clock()}
    decide_proposal(session, waiting.id, **told)


def release(session: Session, shop: ShopInfo, services: Services) -> None:
    match = session.scalars(select(RecallMatchRow.id)).one()
    settle_match(session, match, MatchState.RELEASED, decided_by="owner", now=services.clock())


def trend(session: Session, shop: ShopInfo, services: Services) -> None:
    today = services.clock().date()
    save_ranks(session, [KeywordRank("naver-datalab", "식품", "바다칩", 1, today, today)], services.clock())


def run_a_job(session: Session, shop: ShopInfo, services: Services) -> None:
    run = jobs.claim(session, shop.id, "trend_scan", services.clock(), services.clock())
    jobs.finish(session, run, {}, services.clock())


def tighten(session: Session, shop: ShopInfo, services: Services) -> None:
    update_policy(session, shop.id, budget_per_week=Decimal(1))


@pytest.mark.parametrize("write", [sell, rename, reject, release, trend, run_a_job, tighten])
def test_pages_that_are_kept_follow_every_write_of_another_process(
    corner: Services, visitor: Visitor, write: Callable[[Session, ShopInfo, Services], None]
):
    browser = visitor()
    before = seen(browser)
    elsewhere = make_engine(corner.sessions.engine.url.render_as_string(hide_password=False))
    with make_sessions(elsewhere).begin() as session:
        write(session, corner.shop(session), corner)
    elsewhere.dispose()

    after = seen(browser)
    drawn.forget()
    assert after == seen(browser)
    assert (after == before) is (write is tighten)


def test_a_page_is_drawn_once_for_all_who_see_the_same_until_something_is_written(corner: Services, visitor: Visitor):
    one, other = (visitor(name, Role.VIEWER) for name in ("Hana", "Duri"))
    assert [browser.get("/counted").text for browser in (one, other, one)] == ["1", "1", "1"]

    with corner.sessions.begin() as session:
        sell(session, corner.shop(session), corner)
    assert [browser.get("/counted").text for browser in (one, other, one)] == ["2", "2", "2"]


def test_what_is_one_persons_own_is_drawn_for_that_person_alone(visitor: Visitor):
    viewer, staff, owner = (visitor(role, Role(role)) for role in ("viewer", "staff", "owner"))

    assert [browser.get("/counted").text for browser in (viewer, staff, owner, viewer)] == ["1", "2", "3", "1"]
    assert [viewer.get("/counted?open=SNK-1").text for _ in range(2)] == ["4", "5"]


def test_ones_own_changes_are_shown_to_nobody_else(corner: Services, visitor: Visitor):
    mine, other = visitor("Hana", Role.STAFF), visitor("Duri", Role.STAFF)
    assert all("Undo" not in browser.get("/inventory").text for browser in (mine, other))

    with corner.sessions.begin() as session:
        shop, now = corner.shop(session), corner.clock()
        store = location_of_kind(session, shop.id, LocationKind.STORE)
        shown = held_at(session, shop.id, "SNK-1")[store.name]
        told = {"key": "eight-letters", "actor": "hana@shop.test", "now": now}
        count_shelves(session, shop.id, "SNK-1", {store.id: Count(shown + 1, shown)}, **told)
    assert ["Undo" in browser.get("/inventory").text for browser in (mine, other, mine)] == [True, False, True]


def test_what_could_not_be_drawn_is_not_kept(app: FastAPI, visitor: Visitor):
    browser = visitor("Hana & Co")
    answers = [browser.get("/counted?fail=1") for _ in range(2)]

    assert (app.state.drawn, {answer.status_code for answer in answers}) == (2, {400})
    assert all("Hana &amp; Co" in answer.text for answer in answers)


def test_a_page_tells_how_long_ago_something_was_anew_after_a_while(app: FastAPI, corner: Services, visitor: Visitor):
    browser = visitor()
    assert browser.get("/counted").text == "1"
    later = corner.clock() + timedelta(seconds=drawn.LONGEST_SECONDS)

    app.state.services = replace(corner, clock=lambda: later)
    assert browser.get("/counted").text == "2"


@pytest.mark.parametrize("path", PAGES[:3])
def test_everybody_gets_their_own_name_and_token(visitor: Visitor, path: str):
    browsers = [visitor(name, Role.VIEWER) for name in ("Hana", "Duri & Co")]
    first, second = (browser.get(path).text for browser in browsers)

    assert "Hana" in first and "Duri &amp; Co" in second and "Hana" not in second
    assert len(csrf_in(first)) == len(csrf_in(second)) == 1 and csrf_in(first) != csrf_in(second)
    assert "csrf-" not in first + second and "name-" not in first.replace("data-name-", "") + second
    told = [browsers[n].post("/account/choose", data={"csrf": csrf_in((first, second)[n]).pop()}) for n in (0, 1)]
    assert {answer.status_code for answer in told} == {303}


def test_language_theme_and_rights_show_at_once(corner: Services, visitor: Visitor):
    browser = visitor("Hana", Role.VIEWER)
    assert 'lang="en"' in browser.get("/inventory").text

    with corner.sessions.begin() as session:
        person = user_of(session, "hana@shop.test")
        prefer(session, person.id, language="ko", theme="dark")
        set_role(session, person.id, Role.STAFF)
    page = browser.get("/inventory").text
    assert 'lang="ko"' in page and 'data-theme="dark"' in page and "do=count" in page


def test_who_is_shut_out_sees_nothing_any_more(corner: Services, visitor: Visitor):
    browsers = [visitor("Hana"), visitor("Duri", Role.VIEWER), visitor("Sena", Role.VIEWER)]
    assert [browser.get("/dashboard").status_code for browser in browsers] == [200, 200, 200]

    with corner.sessions.begin() as session:
        disable(session, user_of(session, "duri@shop.test").id, disabled=True, now=corner.clock())
        log_out_elsewhere(session, user_of(session, "sena@shop.test").id)
    assert [browser.get("/dashboard").status_code for browser in browsers] == [200, 303, 303]


def test_a_login_that_has_run_out_is_not_remembered(app: FastAPI, corner: Services, visitor: Visitor):
    browser = visitor()
    assert browser.get("/dashboard").status_code == 200

    app.state.services = replace(corner, clock=lambda: corner.clock() + LIFETIME)
    assert browser.get("/dashboard").status_code == 303


def test_a_notice_is_shown_once(visitor: Visitor):
    browser = visitor()
    pages = []
    for _ in range(2):
        browser.cookies.set("stocksense_notice", "%5B%22account.saved%22%2C%20%7B%7D%5D")
        pages.append(browser.get("/inventory").text)
    browser.cookies.delete("stocksense_notice")

    assert 'class="banner good"' in pages[0] and pages[0] == pages[1]
    assert 'class="banner good"' not in browser.get("/inventory").text


def test_two_open_forms_never_share_their_key(visitor: Visitor):
    pages = [visitor(name).get("/inventory?open=SNK-1&do=count").text for name in ("Hana", "Duri")]

    keys = [re.findall(r'name="key" value="([^"]+)"', page) for page in pages]
    assert all(keys) and keys[0] != keys[1]
