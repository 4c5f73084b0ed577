"""The dashboard in a browser and over HTTP: its numbers are those of the lines of sales."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import httpx
import openpyxl
import pytest
from sqlalchemy import func, select

from stocksense.domain.taxonomy import CategoryPath
from stocksense.store.tables import Category, Location, Product, Sale

LAST = date(2026, 10, 31)
"""The last day of the sample shop."""


def number(text):
    """The amount in a text such as 1,234,500원."""
    return int(re.sub(r"[^\d]", "", text))


@pytest.fixture(scope="module")
def visitor(site):
    """Somebody logged in, without a browser."""
    with httpx.Client(base_url=site.address, follow_redirects=True, timeout=60) as client:
        client.get("/login")
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)[1]
        form = {"csrf": token, "email": "viewer-ko@example.com", "password": "open-sesame", "next": "/account"}
        assert client.post("/login", data=form).url.path == "/account"
        yield client


def stat(page, name):
    """The number under a name."""
    return number(re.search(rf"<span>{name}</span>.*?<b>(.*?)</b>", page, re.DOTALL)[1])


def sold(site, first, last, *, location="", main=""):
    """Sales of a window by the lines themselves."""
    lines = select(func.coalesce(func.sum(Sale.amount), 0)).where(Sale.day.between(first, last))
    if location:
        lines = lines.join(Location, Location.id == Sale.location_id).where(Location.name == location)
    if main:
        lines = lines.join(Product, Product.id == Sale.product_id).join(Category).where(Category.main == main)
    with site.sessions()() as session:
        return int(session.scalar(lines))


@pytest.mark.parametrize(("days", "by"), [(1, "day"), (7, "day"), (28, "week"), (364, "month"), (700, "year")])
def test_sales_are_the_sum_of_their_lines(site, visitor, days, by):
    first = LAST - timedelta(days - 1)

    page = visitor.get("/dashboard", params={"period": "own", "first": first, "last": LAST, "by": by}).text

    assert stat(page, "매출") == sold(site, first, LAST)


def test_a_location_and_a_category_leave_the_rest_out(site, visitor):
    with site.sessions()() as session:
        place = session.scalars(select(Location.name).join(Sale, Sale.location_id == Location.id).limit(1)).one()
        main = session.scalars(select(Category.main).order_by(Category.id).limit(1)).one()
    span = {"period": "own", "first": "2026-09-01", "last": "2026-10-15"}

    page = visitor.get("/dashboard", params=span | {"location": place, "category": str(CategoryPath(main))}).text

    assert stat(page, "매출") == sold(site, date(2026, 9, 1), date(2026, 10, 15), location=place, main=main)


def test_a_table_can_be_taken_along_and_opened_again(site, visitor):
    span = "period=own&first=2026-10-01&last=2026-10-31&by=day"

    comma = visitor.get(f"/dashboard/export/sales.csv?{span}")
    sheet = visitor.get(f"/dashboard/export/sales.xlsx?{span}")

    rows = list(csv.reader(io.StringIO(comma.content.decode("utf-8-sig"))))
    cells = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    assert len(rows) == len(cells) == 32
    assert sum(float(row[3]) for row in rows[1:]) == sold(site, date(2026, 10, 1), LAST)
    assert sum(row[3] for row in cells[1:]) == sold(site, date(2026, 10, 1), LAST)


@pytest.mark.parametrize("table", ["places", "categories", "rising", "top", "bottom", "forecast"])
def test_every_list_has_its_file(visitor, table):
    answer = visitor.get(f"/dashboard/export/{table}.csv")

    assert answer.status_code == 200
    assert answer.content.decode("utf-8-sig").splitlines()[0].count(",") >= 3


@pytest.mark.parametrize(
    ("query", "told"),
    [("period=soon", "기간이 아닙니다"), ("by=hour", "일, 주, 월, 연"), ("period=own&first=x", "2026-03-15처럼"),
     ("location=Nowhere", "Nowhere"), ("category=No+such+thing", "No such thing"), ("against=x", "무엇과 견줄지")],
)  # fmt: skip
def test_what_cannot_be_shown_is_said(visitor, query, told):
    answer = visitor.get(f"/dashboard?{query}")

    assert answer.status_code in (400, 404)
    assert told in unescape(answer.text)


def test_a_category_opens_to_those_below_it(open_page):
    page = open_page("/dashboard", width=390, language="ko")
    first = page.locator("section[aria-label='분류별 매출'] th a").first
    name = first.inner_text()

    first.click()
    page.wait_for_selector(f"#figures .crumbs >> text={name}")

    assert page.locator("section[aria-label='분류별 매출'] tbody tr").count() >= 1
    assert "category=" in page.url


def test_a_number_opens_where_it_comes_from(open_page):
    page = open_page("/dashboard", width=1280, language="en")

    page.locator(".stat button.source").first.click()

    assert "sums that are kept with every sale" in page.locator("[popover]:popover-open").inner_text()


def test_the_days_can_be_changed_in_place(open_page):
    page = open_page("/dashboard", width=1280, language="en")
    before = page.locator("#figures").inner_text()

    page.select_option("#field-period", "last_month")
    page.wait_for_function("before => document.querySelector('#figures').innerText !== before", arg=before)

    assert "1 September 2026 to 30 September 2026" in page.locator("#figures").inner_text()
