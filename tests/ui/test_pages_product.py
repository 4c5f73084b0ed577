"""A product's page in a real browser: its days, its ledger, its neighbours, and what leads to it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from stocksense.store.product_page import history, ledger_page, neighbours
from stocksense.store.shops import find_shop
from stocksense.store.stock import level_of

BREAD = "BKR-BREAD-LOAF-400-MILK"
PAGE = f"/inventory/{BREAD}"


@pytest.fixture
def ask(site):
    """Asks the store of the shared shop: a function of a session, the shop's number and its day."""

    def one(question):
        with site.sessions()() as session:
            shop = find_shop(session)
            return question(session, shop.id, shop.as_of)

    return one


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "screen"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_is_readable_by_everybody_and_fits(open_page, faults, width, language):
    page = open_page(f"{PAGE}?do=count", width, language, "staff")

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"
    assert page.locator(".scroll").evaluate_all(cut) == []


def test_the_numbers_are_those_of_the_ledger(open_page, ask):
    page = open_page(PAGE, language="en")

    level = ask(lambda session, shop, _: level_of(session, shop, BREAD))
    moved = ask(lambda session, shop, _: ledger_page(session, shop, BREAD, per_page=500).lines)
    assert page.locator(".stat b").first.inner_text().split()[0] == str(level.on_hand)
    assert page.locator("#ledger tbody tr").count() == 25
    assert page.locator("#ledger tbody td.number").first.inner_text().replace("−", "-") == f"{moved[0].change:+}"


@pytest.mark.parametrize("days", [28, 365])
def test_the_history_adds_up_what_sold(open_page, ask, days):
    page = open_page(PAGE, language="en")
    page.locator("#history .tabs a", has_text=f"{days} days").click()
    expect(page.locator("#history .tabs [aria-current]")).to_have_text(f"{days} days")

    days_of = ask(lambda session, shop, today: history(session, shop, BREAD, today - timedelta(days - 1), today))
    expect(page.locator("#history dl")).to_contain_text(f"{sum(day.units for day in days_of):,} units")
    assert page.locator("#history svg rect.bar").count() == sum(day.units > 0 for day in days_of)


def test_the_ledger_turns_its_pages(open_page, ask):
    page = open_page(PAGE, 390)
    page.locator("#ledger .pages a[rel=next]").click()
    page.wait_for_url(re.compile("page=2"))

    second = ask(lambda session, shop, _: ledger_page(session, shop, BREAD, page=2, per_page=25))
    assert page.locator("#ledger tbody tr").count() == len(second.lines)


def test_another_product_is_reached_by_keyboard(open_page):
    page = open_page(PAGE, language="en")
    page.locator("#jump").press_sequentially("castella")
    expect(page.get_by_role("option").first).to_contain_text("Castella")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Castella")


def test_the_products_beside_it_are_one_step_away(open_page, ask):
    page = open_page(PAGE)
    _, after = ask(lambda session, shop, _: neighbours(session, shop, BREAD))

    page.locator(".neighbours a[rel=next]").click()

    page.wait_for_url(re.compile(re.escape(after)))


def test_a_sku_that_is_not_there_leads_to_the_nearest(open_page):
    page = open_page("/inventory/BKR-BREAD-LOAF-400-MLK", 390, "en")

    page.get_by_role("link", name=re.compile("Bread Loaf Milk")).click()

    page.wait_for_url(re.compile(f"{BREAD}$"))


def test_suggestions_find_any_part_of_a_name(open_page, site):
    answer = open_page("/account").request.get(f"{site.address}/inventory.json?q=우유 식빵")

    assert BREAD in [one["sku"] for one in answer.json()]
