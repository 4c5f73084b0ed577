"""The chat in a real browser, on a phone and on a screen: with the pages' login, ask, see what was looked up."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "screen"])
def test_a_question_is_answered_with_what_was_looked_up(open_page, width):
    page = open_page("/chat/", width)
    expect(page.get_by_text("부족한 상품")).to_be_visible(timeout=30_000)
    page.locator("#chat-input").click()
    page.keyboard.type("이번 주 매출 어때?")
    submit = page.locator("#chat-submit")
    expect(submit).to_be_enabled(timeout=20_000)
    submit.click()

    expect(page.get_by_text("이번 주 매출은")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("trend_analyst · sales_summary")).to_be_visible()


def test_a_stranger_is_led_to_the_login_and_then_to_the_chat(site, new_browser):
    page = new_browser().new_page()
    page.goto(f"{site.address}/chat/")

    assert page.url == f"{site.address}/login?next=/chat/"
    page.fill("[name=email]", "owner-ko@example.com")
    page.fill("[name=password]", "open-sesame")
    page.click("main button.primary")
    expect(page.locator("#chat-input")).to_be_visible(timeout=30_000)


def test_a_logout_on_the_pages_ends_the_chat(own_site, open_page):
    page = open_page("/chat/", on=own_site)
    expect(page.locator("#chat-input")).to_be_visible(timeout=30_000)
    page.goto(f"{own_site.address}/account")
    page.click("header .menu summary")
    page.click("form[action='/logout'] button")
    page.wait_for_url("**/login")

    assert page.request.get(f"{own_site.address}/chat/user", headers={"accept": "application/json"}).status == 401


def test_the_chat_loads_nothing_from_other_hosts(site, open_page):
    page = open_page("/account")
    answered: list[str] = []
    page.on("requestfinished", lambda request: answered.append(request.url))

    policy = page.goto(f"{site.address}/chat/").headers["content-security-policy"]
    page.wait_for_timeout(2000)

    assert "default-src 'self'" in policy
    assert [url for url in answered if not url.startswith((site.address, "data:", "blob:"))] == []


def test_the_sign_of_life_answers(site):
    assert httpx.get(f"{site.address}/health").json()["state"] == "ok"
