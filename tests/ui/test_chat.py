"""The chat in a real browser, on a phone and on a screen: with the pages' login, ask, see what was looked up."""

from __future__ import annotations

import re
import time

import httpx
from playwright.sync_api import expect
from sqlalchemy import select

from stocksense.store.tables import ConversationElement


def ask(page, text):
    page.locator("#chat-input").fill(text)
    expect(page.locator("#chat-submit")).to_be_enabled(timeout=20_000)
    page.locator("#chat-submit").click()


def test_the_brief_opens_the_chat_and_its_starters_are_asked_with_a_tap(open_page):
    page = open_page("/chat/", 390)
    brief = page.locator(".ss-brief")
    expect(brief).to_contain_text("어제 매출", timeout=40_000)
    expect(brief).to_contain_text("확인할 일")
    brief.get_by_role("button", name="리콜").click()

    expect(page.get_by_text("우리 매장에 해당하는 리콜 있어?")).to_be_visible(timeout=60_000)
    expect(page.locator(".ss-marks").first).to_be_visible(timeout=60_000)


def test_a_starter_is_asked_however_long_the_tap_and_the_line_are(site, open_page):
    page = open_page("/account", 390)
    page.route("**/chat/project/settings**", lambda route: (time.sleep(0.8), route.continue_()))
    page.goto(f"{site.address}/chat/")
    page.locator(".ss-brief").get_by_role("button", name="리콜").click(delay=1_500, timeout=40_000)

    expect(page.locator(".ss-marks").first).to_be_visible(timeout=60_000)


def test_an_answer_shows_its_steps_and_every_number_leads_to_its_result(open_page):
    page = open_page("/chat/", 390)
    expect(page.locator(".ss-brief")).to_be_visible(timeout=40_000)
    ask(page, "이번 주 매출 어때?")
    expect(page.get_by_text("이번 주 매출은")).to_be_visible(timeout=60_000)

    step = page.locator("[data-step-type=tool]")
    expect(step).to_contain_text("매출·검색 분석 · 매출 합계 (기간: 이번 주) ·")
    page.locator("a[href^='#source-']").first.click()
    source = page.locator(".ss-source")
    expect(source).to_contain_text("금액")
    total = page.locator(".message-content", has_text="이번 주 매출은").inner_text().split("원")[0].split()[-1]
    expect(source.get_by_role("cell", name=total, exact=True).first).to_be_visible()


def test_an_old_conversation_comes_back_with_its_plot_and_is_gone_on_with(open_page):
    page = open_page("/chat/", 1280, "en")
    expect(page.locator(".ss-brief")).to_contain_text("What needs you", timeout=40_000)
    ask(page, "sales by category")
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=60_000)
    first = page.locator(".ss-table tbody tr").first.inner_text()
    page.wait_for_timeout(500)
    page.reload()

    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=40_000)
    expect(page.locator(".ss-table tbody tr").first).to_have_text(re.sub(r"\s+", "", first), timeout=20_000)
    expect(page.locator(".ss-sources")).to_be_in_viewport()
    ask(page, "and last month?")
    expect(page.get_by_text("last month (").last).to_be_visible(timeout=60_000)


def test_another_person_can_neither_open_nor_read_a_conversation(site, open_page):
    page = open_page("/chat/", 1280, "en")
    expect(page.locator(".ss-brief")).to_be_visible(timeout=40_000)
    ask(page, "sales by location")
    expect(page.locator(".js-plotly-plot")).to_be_visible(timeout=60_000)
    page.wait_for_url("**/thread/**")
    page.wait_for_timeout(500)
    thread = page.url.rsplit("/", 1)[1]
    with site.sessions()() as session:
        kept = ConversationElement
        element = session.scalar(
            select(kept.id).where(kept.conversation_id == thread, kept.content.contains("Sales (KRW)"))
        )
    stranger = open_page("/account", 1280, "en", "viewer")

    assert page.request.get(f"{site.address}/conversation-contents/{element}").status == 200
    assert stranger.request.get(f"{site.address}/conversation-contents/{element}").status == 404
    assert stranger.request.get(f"{site.address}/chat/project/thread/{thread}").status in (401, 404)


def test_commands_answer_the_common_questions(open_page):
    page = open_page("/chat/", 390)
    expect(page.locator(".ss-brief")).to_be_visible(timeout=40_000)
    page.locator("#chat-input").press_sequentially("/appr")
    expect(page.get_by_text("승인을 기다리는 제안", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.get_by_text(re.compile(r"승인을 기다리는 제안 \d건입니다"))).to_be_visible(timeout=20_000)


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
