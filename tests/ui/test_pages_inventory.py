"""The inventory in a real browser: finding, counting, correcting and receiving, each with a way back."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from stocksense.domain.orders import OrderState
from stocksense.domain.shelf import ShelfState
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store.inventory import InventoryQuery, Sort, inventory_page, state_counts
from stocksense.store.moves import Move, record_moves
from stocksense.store.orders import lines
from stocksense.store.product_page import product_row
from stocksense.store.products import NewProduct, save_products
from stocksense.store.shops import find_shop, locations_of
from stocksense.store.skus import names_of
from stocksense.store.stock import MoveKind, balance_faults, held_at

HOSTILE = NewProduct('EVIL/1"><b>', "=1+1<img src=x onerror=alert(1)>", "=1+1<img src=x onerror=alert(1)>")
BREAD = "BKR-BREAD-LOAF-400-MILK"


@pytest.fixture(scope="module")
def shelves(site, served, tmp_path_factory):
    """A copy of the sample shop for this file alone, with a product whose name is an attack."""
    home = tmp_path_factory.mktemp("shelves")
    files = [sqlite3.connect(place / "stocksense.db") for place in (site.home, home)]
    with closing(files[0]) as kept, closing(files[1]) as copy:
        kept.backup(copy)
    one = served(home)
    with one.sessions().begin() as session:
        save_products(session, find_shop(session).id, [HOSTILE], now=datetime.now(UTC))
    return one


@pytest.fixture
def visit(open_page, shelves):
    """Opens a page of that shop."""
    return lambda path, width=1280, language="en", role="staff": open_page(path, width, language, role, on=shelves)


@pytest.fixture
def ask(shelves):
    """Asks the store of that shop: a function of a session and the shop's number."""

    def one(question):
        with shelves.sessions()() as session:
            return question(session, find_shop(session).id)

    return one


def on_hand(ask, sku=BREAD):
    return ask(lambda session, shop: product_row(session, shop, sku).on_hand)


def shown(page):
    """The number on hand in the first row."""
    return int(page.locator("#results tr.first td.number b").first.inner_text().replace(",", ""))


def test_the_list_narrows_while_one_types(visit):
    page = visit("/inventory")

    page.locator("#find-q").press_sequentially("bread loaf milk")

    expect(page.locator("#results tr.first")).to_have_count(1)
    expect(page.locator("#results tr.first a").first).to_contain_text("Bread Loaf")
    assert "q=bread" in page.url
    expect(page.locator("#find-q")).to_be_focused()


def test_the_levels_of_the_categories_lead_down(visit, ask):
    page = visit("/inventory")

    page.select_option("#level-main", index=1)
    page.select_option("#level-sub1", index=1)
    page.wait_for_url(re.compile("sub1="))

    chosen = [page.locator(f"#level-{level}").input_value() for level in ("main", "sub1")]
    there = ask(lambda session, shop: inventory_page(session, shop, InventoryQuery(category=CategoryPath(*chosen))))
    expect(page.locator("#results")).to_contain_text(f"{there.total} product")
    expect(page.locator("#results tr.first")).to_have_count(min(there.total, 30))


def test_states_count_what_they_show(visit, ask):
    page = visit("/inventory")
    counts = ask(lambda session, shop: state_counts(session, shop, InventoryQuery()))

    page.locator("#results .tabs a", has_text="Low").click()
    page.wait_for_url(re.compile("state=low"))

    expect(page.locator("#results")).to_contain_text(f"{counts[ShelfState.LOW]} products")
    assert set(page.locator("#results tr.first .badge").all_inner_texts()) == {"Low"}


def test_columns_sort_and_pages_turn(visit, ask):
    page = visit("/inventory?sort=on_hand")
    page.locator("thead a", has_text="On hand").click()
    page.wait_for_url(re.compile("sort=-on_hand"))
    page.locator("#results .pages a[rel=next]").click()
    page.wait_for_url(re.compile("page=2"))

    second = InventoryQuery(sort=Sort.ON_HAND, descending=True, page=2, per_page=30)
    expected = ask(lambda session, shop: inventory_page(session, shop, second))
    assert shown(page) == expected.rows[0].on_hand


def test_a_shelf_is_counted_in_place_and_the_count_taken_back(visit, ask, shelves):
    before, page = on_hand(ask), visit(f"/inventory?q={BREAD}", 390, "ko")
    held = ask(lambda session, shop: next(iter(held_at(session, shop, BREAD).values())))
    page.get_by_role("link", name="실사").click()
    field = page.locator("input[name=counted]").first
    expect(field).to_be_focused()

    field.fill(str(held + 3))
    page.get_by_role("button", name="센 수량으로 맞추기").click()
    expect(page.locator("#results .changed")).to_contain_text("3개 늘림")
    name = ask(lambda session, shop: names_of(session, shop, [BREAD], "ko")[BREAD])
    expect(page.get_by_text(f"{name}: 센 수량으로 맞췄습니다(+3).")).to_be_visible()

    assert (shown(page), on_hand(ask)) == (before + 3, before + 3)
    page.get_by_role("button", name="되돌리기").click()
    expect(page.locator("#results .changed")).to_have_count(0)
    assert (shown(page), on_hand(ask), ask(balance_faults)) == (before, before, ())


def test_a_count_made_while_the_shelf_changed_is_asked_again(visit, ask, shelves):
    here, there = visit(f"/inventory?q={BREAD}"), visit(f"/inventory?q={BREAD}")
    held = ask(lambda session, shop: next(iter(held_at(session, shop, BREAD).values())))
    for page in (here, there):
        page.get_by_role("link", name="Count").click()
        page.locator("input[name=counted]").first.fill(str(held + 1))

    here.get_by_role("button", name="Set to the count").click()
    expect(here.locator(".changed")).to_be_visible()
    there.get_by_role("button", name="Set to the count").click()

    expect(there.locator(".opened")).to_contain_text(f"It was {held}, now it is {held + 1}. You wrote {held + 1}.")
    there.get_by_role("button", name="Set to the count").click()
    expect(there.locator(".opened")).to_have_count(0)
    assert ask(lambda session, shop: next(iter(held_at(session, shop, BREAD).values()))) == held + 1


def test_a_loss_is_booked_once_however_often_the_form_is_sent(visit, ask):
    before, page = on_hand(ask), visit(f"/inventory?q={BREAD}&open={BREAD}&do=adjust")
    names = ("csrf", "sku", "key", "back")
    form = {name: page.locator(f".opened [name={name}]").first.input_value() for name in names}
    form |= {"location": page.locator(".opened [name=location]").input_value(), "why": "damaged", "units": "2"}

    for _ in range(2):
        assert page.request.post(page.url.split("?")[0] + "/do/adjust", form=form).ok

    assert on_hand(ask) == before - 2


def test_a_delivery_arrives_in_part(visit, ask):
    line = ask(lambda session, shop: next(one for one in lines(session, shop) if one.state is OrderState.PLACED))
    before = ask(lambda session, shop: product_row(session, shop, line.sku))
    page = visit(f"/inventory?q={line.sku}&open={line.sku}&do=receive")

    page.select_option("[name=line]", f"{line.id}.{line.outstanding}")
    page.fill("[name=units]", "1")
    page.fill("[name=expires_on]", "2027-01-31")
    page.get_by_role("button", name="Receive").click()
    expect(page.locator("#toasts")).to_contain_text(f"{line.outstanding - 1} still to come")

    after = ask(lambda session, shop: product_row(session, shop, line.sku))
    assert (after.on_hand, after.on_order) == (before.on_hand + 1, before.on_order - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#results .changed")).to_have_count(0)
    again = ask(lambda session, shop: product_row(session, shop, line.sku))
    assert (again.on_hand, again.on_order) == (before.on_hand, before.on_order)


def test_who_may_only_look_changes_nothing(visit, ask):
    before, page = on_hand(ask), visit(f"/inventory?q={BREAD}&open={BREAD}&do=count", role="viewer")
    token = page.locator("[name=csrf]").first.input_value()
    form = {"csrf": token, "sku": BREAD, "key": "a-key-of-mine", "location": "1", "shown": "0", "counted": "99"}

    assert page.locator(".opened, .deeds").count() == 0
    assert page.request.post(page.url.split("?")[0] + "/do/count", form=form).status == 403
    assert on_hand(ask) == before


def test_the_page_follows_a_sale_while_it_is_open(visit, ask, shelves):
    page, before = visit(f"/inventory?q={BREAD}"), on_hand(ask)

    with shelves.sessions().begin() as session:
        places = {place.kind: place.id for place in reversed(locations_of(session, find_shop(session).id))}
        sale = Move(BREAD, places["store"], places["customer"], 1, MoveKind.SALE, datetime.now(UTC))
        record_moves(session, find_shop(session).id, [sale], actor="till", now=datetime.now(UTC))

    expect(page.locator("#results tr.first td.number b").first).to_have_text(str(before - 1), timeout=15_000)


def test_the_exported_files_hold_the_list_and_no_formula(visit, ask, shelves):
    page = visit("/inventory?q=1%2B1")
    expect(page.locator("#results tr.first")).to_have_count(1)

    sheets = {}
    for kind in ("csv", "xlsx"):
        sheets[kind] = page.request.get(f"{shelves.address}/inventory.{kind}?q=1%2B1").body()
    table = list(csv.reader(io.StringIO(sheets["csv"].decode("utf-8-sig"))))
    book = list(load_workbook(io.BytesIO(sheets["xlsx"])).active.iter_rows(values_only=True))

    assert table[0][0] == book[0][0] == "SKU"
    assert len(table) == len(book) == 2
    assert table[1][:2] == list(book[1][:2]) == [HOSTILE.sku, f"'{HOSTILE.name_en}"]


def test_an_export_holds_all_that_the_query_picks(visit, ask, shelves):
    body = visit("/inventory").request.get(f"{shelves.address}/inventory.csv?state=low&sort=-on_hand").body()

    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    low = InventoryQuery(states=(ShelfState.LOW,), sort=Sort.ON_HAND, descending=True, per_page=500)
    expected = ask(lambda session, shop: inventory_page(session, shop, low)).rows
    assert [(row["SKU"], row["On hand"]) for row in rows] == [(row.sku, str(row.on_hand)) for row in expected]


def test_what_is_past_its_last_day_is_on_hand_but_not_available(visit, shelves):
    with shelves.sessions().begin() as session:
        shop = find_shop(session)
        places = {place.kind: place.id for place in reversed(locations_of(session, shop.id))}
        came = (HOSTILE.sku, places["supplier"], places["store"])
        now, today = datetime.now(UTC), shop.today(datetime.now(UTC))
        moves = [
            Move(*came, 5, MoveKind.RECEIPT, now, lot_code="OLD", expires_on=today - timedelta(days=1)),
            Move(*came, 3, MoveKind.RECEIPT, now, lot_code="NEW", expires_on=today),
        ]
        record_moves(session, shop.id, moves, actor="till", now=now)

    page = visit("/inventory?q=evil")

    cells = page.locator("#results tr.first td.number").all_inner_texts()
    assert [cell.strip() for cell in cells[:2]] == ["8", "3"]
    rows = csv.DictReader(io.StringIO(page.request.get(f"{shelves.address}/inventory.csv?q=evil").text()))
    assert [(row["On hand"], row["Available"]) for row in rows] == [("8", "3")]
    page.locator("#results tr.first a").first.click()
    expect(page.locator(".stat b").nth(1)).to_have_text("3 units")


def test_a_hostile_name_is_only_text(visit):
    page = visit("/inventory?q=evil")
    expect(page.locator("#results tr.first a").first).to_have_text(HOSTILE.name_en)
    assert page.locator("main img").count() == 0

    page.locator("#results tr.first a").first.click()

    expect(page.locator("h1")).to_have_text(HOSTILE.name_en)
    assert page.locator("main img").count() == 0
