"""Accounts: who gets in, who has to wait, who may do what, and that forms come from our own pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from stocksense.settings import Settings
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.shops import create_shop, find_shop
from stocksense.store.states import Role
from stocksense.store.users import save_user, users
from ui.kept import setup_code
from ui.web import build_app

PASSWORD = "open-sesame"
HTML = {"accept": "text/html", "accept-language": "ko"}


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    """A home folder with an empty, migrated database."""
    (tmp_path / "stocksense.db").write_bytes(sqlite_template.read_bytes())
    return Settings(_env_file=None, home=tmp_path)


@pytest.fixture
def sessions(settings):
    engine = make_engine(settings.store_url)
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def people(sessions):
    """A shop with a person of each role."""
    now = datetime.now(UTC)
    with sessions.begin() as session:
        create_shop(session, "구멍가게", now=now)
        return {
            role: save_user(session, f"{role}@shop.test", name=f"{role}", role=role, now=now, password=PASSWORD)
            for role in Role
        }


@pytest.fixture
def visit(settings) -> Iterator[Callable[[], TestClient]]:
    """Opens browsers at the application."""
    app = build_app(settings)
    yield lambda: TestClient(app, follow_redirects=False, headers=HTML)
    app.state.services.sessions.kw["bind"].dispose()


def token_in(text: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', text)[1]


def log_in(client: TestClient, email: str = "owner@shop.test", password: str = PASSWORD, to: str = "/account"):
    token = token_in(client.get("/login").text)
    return client.post("/login", data={"csrf": token, "email": email, "password": password, "next": to})


@pytest.fixture
def inside(visit, people) -> Callable[[str], TestClient]:
    """A browser in which somebody of a role is logged in."""

    def one(role: str = "owner") -> TestClient:
        client = visit()
        assert log_in(client, f"{role}@shop.test").headers["location"] == "/account"
        return client

    return one


def post(client: TestClient, path: str, **fields: object):
    token = token_in(client.get("/account").text)
    return client.post(path, data={"csrf": token} | fields)


def test_a_stranger_is_led_to_the_login_and_back(visit, people):
    client = visit()

    assert client.get("/recalls?show=all").headers["location"] == "/login?next=/recalls%3Fshow%3Dall"
    assert log_in(client, to="/recalls?show=all").headers["location"] == "/recalls?show=all"


@pytest.mark.parametrize("to", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
def test_a_login_never_leads_elsewhere(visit, people, to):
    assert log_in(visit(), to=to).headers["location"] == "/"


def test_who_keeps_failing_waits_even_with_the_right_password(visit, people):
    client = visit()

    answers = [log_in(client, password="wrong").status_code for _ in range(5)]

    assert answers == [400, 400, 400, 400, 429]
    refused = log_in(client)
    assert refused.status_code == 429
    assert "잠시 막았습니다" in refused.text


@pytest.mark.parametrize("path", ["/login", "/first-run"])
def test_a_strangers_form_from_elsewhere_is_refused(visit, people, path):
    assert visit().post(path, data={"csrf": "x", "email": "owner@shop.test", "password": PASSWORD}).status_code == 403


def test_a_form_without_the_logins_token_is_refused(inside):
    client = inside()

    assert client.post("/account/profile", data={"name": "x", "time_zone": "Asia/Seoul"}).status_code == 403
    assert client.post("/logout", data={"csrf": "x"}).status_code == 403


def test_the_cookie_of_a_login_is_kept_from_scripts_and_other_sites(visit, people):
    cookie = log_in(visit()).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("manager", 403), ("staff", 403), ("viewer", 403)]
)  # fmt: skip
def test_only_owners_see_the_people(inside, role, status):
    assert inside(role).get("/people").status_code == status


@pytest.mark.parametrize(("role", "status"), [("manager", 404), ("staff", 403), ("viewer", 403)])
def test_only_who_may_approve_decides_about_recalls(inside, role, status):
    assert post(inside(role), "/recalls/77/released").status_code == status


def test_a_logout_ends_the_login(inside):
    client = inside()
    kept = client.cookies["stocksense_login"]
    post(client, "/logout")

    client.cookies.set("stocksense_login", kept)
    assert client.get("/account").headers["location"].startswith("/login")


def test_a_new_password_ends_the_other_logins(inside):
    here, elsewhere = inside(), inside()

    post(here, "/account/password", old=PASSWORD, new="a longer password")

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_a_password_is_changed_only_by_who_knows_it(inside):
    refused = post(inside(), "/account/password", old="guess", new="a longer password")

    assert refused.status_code == 400
    assert "지금 비밀번호가 맞지 않습니다" in refused.text


def test_a_language_is_chosen_on_any_page(inside):
    client = inside()

    assert post(client, "/account/choose", language="en", next="/trends").headers["location"] == "/trends"
    assert "Trends" in client.get("/trends").text


def test_a_closed_account_is_out_at_once(inside, people):
    owner, staff = inside(), inside("staff")

    post(owner, f"/people/{people[Role.STAFF].id}/open", closed="true")

    assert staff.get("/account").status_code == 303


def test_the_only_owner_cannot_be_shut_out(inside, people):
    answer = post(inside(), f"/people/{people[Role.OWNER].id}/change", role="viewer")

    assert answer.status_code == 400
    assert "마지막 주인" in answer.text


def test_an_owner_adds_a_person_who_can_log_in(inside, visit):
    post(
        inside(),
        "/people/add",
        name="새 직원",
        email="new@shop.test",
        password="long enough",
        role="staff",
        language="ko",
    )

    assert log_in(visit(), "new@shop.test", "long enough").status_code == 303


def test_a_part_of_a_page_is_drawn_alone(inside):
    part = inside().get("/jobs", headers={"x-part": "runs"}).text

    assert part.strip().startswith("<section")
    assert "<html" not in part


def test_what_is_not_there_is_told_in_the_readers_words(inside):
    answer = inside().get("/nowhere")

    assert answer.status_code == 404
    assert "찾는 것이 없습니다" in answer.text


def test_a_fresh_installation_asks_for_the_setup_code(visit, settings, sessions):
    client = visit()
    assert client.get("/login").headers["location"] == "/first-run"
    form = {"shop": "구멍가게", "name": "김", "email": "kim@shop.test", "password": PASSWORD, "language": "ko"}
    form |= {"time_zone": "Asia/Tokyo", "csrf": token_in(client.get("/first-run").text)}

    assert client.post("/first-run", data=form | {"code": "AAAA-AAAA"}).status_code == 400
    begun = client.post("/first-run", data=form | {"code": setup_code(settings.home).lower()})

    assert begun.headers["location"] == "/"
    with sessions() as session:
        assert [(one.email, one.role, one.time_zone) for one in users(session)] == [
            ("kim@shop.test", Role.OWNER, "Asia/Tokyo")
        ]
        assert find_shop(session).name == "구멍가게"
    assert client.get("/account").status_code == 200


def test_nobody_claims_a_shop_that_has_an_owner(visit, settings, people):
    client = visit()
    log_in(client)

    assert client.get("/first-run").headers["location"] == "/login"


def test_guessing_the_setup_code_costs_time(visit):
    client = visit()
    form = {"csrf": token_in(client.get("/first-run").text), "code": "AAAA-AAAA"}

    assert [client.post("/first-run", data=form).status_code for _ in range(5)] == [400, 400, 400, 400, 429]


def test_a_static_file_is_kept_for_ever_under_its_digest(visit, people):
    client = visit()
    address = re.search(r"/assets/\w+/style.css", client.get("/login").text)[0]

    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get(address.replace("style.css", "../web.py")).status_code == 404
    assert "immutable" not in client.get("/assets/000000000000/style.css").headers["cache-control"]


@pytest.mark.parametrize(
    ("language", "told"),
    [("ko", "&#39;99&#39;(이)라는 리콜 건이 없습니다."), ("en", "no recall match is called 99")],
)
def test_an_error_is_told_in_the_readers_language(inside, language, told):
    client = inside()
    post(client, "/account/choose", language=language)

    problem = re.search(r"<p data-problem>(.*?)</p>", post(client, "/recalls/99/released").text)[1]

    assert told in problem.replace("&quot;", '"')
    assert language == "en" or "recall match" not in problem
