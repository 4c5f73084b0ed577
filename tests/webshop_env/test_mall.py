"""The mall replica, asked without a browser: what it sells, refuses and counts."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from webshop_env import load_shipped_catalog
from webshop_env.mall import Manners, create_mall
from webshop_env.mall_goods import Goods, Odds, number_of


@pytest.fixture(scope="module")
def catalog():
    return load_shipped_catalog()


@pytest.fixture
def browse(catalog):
    """Opens a mall of the shipped catalogue: a client that keeps its cookies, and the mall."""

    def begin(**manners):
        app = create_mall(catalog, manners=Manners(odds=Odds(0, 0, 0, 0), **manners))
        return TestClient(app, follow_redirects=False), app.state.mall

    return begin


def some_cola(client):
    return client.get("/api/search", params={"q": "duruon cola 355 ml pack of 24"}).json()["cards"][0]


def put(client, number, **changed):
    client.get(f"/products/{number}")
    return client.post("/api/cart", json={"number": number, "chosen": ["zero sugar"], "quantity": 2} | changed)


def test_every_product_of_the_catalogue_has_a_number_of_its_own(catalog):
    goods = Goods(catalog)

    assert len(goods) == len(catalog.products)
    assert all(len(number_of(asin)) == 10 for asin in catalog.products)


def test_pages_come_empty_and_their_contents_as_data(browse):
    client, _ = browse()
    cola = some_cola(client)

    assert cola["title"] not in client.get("/search", params={"q": "cola"}).text
    assert client.get(f"/api/products/{cola['number']}").json()["price"] == cola["price"]


def test_more_results_come_from_where_the_last_ended(browse):
    client, _ = browse()
    first = client.get("/api/search", params={"q": "cola"}).json()
    second = client.get("/api/search", params={"q": "cola", "from": 12}).json()

    assert first["more"]
    assert not {card["number"] for card in first["cards"]} & {card["number"] for card in second["cards"]}


@pytest.mark.parametrize(
    "changed", [{"chosen": []}, {"chosen": ["no such"]}, {"quantity": 0}, {"quantity": 1000}, {"quantity": "many"}]
)
def test_what_cannot_be_bought_is_not_put_into_a_cart(browse, changed):
    client, _ = browse()
    number = some_cola(client)["number"]

    assert put(client, number, **changed).json()["why"]


def test_putting_the_same_into_a_cart_again_sets_how_many(browse):
    client, mall = browse()
    number = some_cola(client)["number"]
    put(client, number)
    cart = put(client, number, quantity=3).json()["cart"]

    (line,) = mall.known_cart(cart.rsplit("/", 1)[1])
    assert line.quantity == 3


def test_small_orders_pay_for_delivery(browse):
    client, _ = browse()
    cola = some_cola(client)
    page = client.get(put(client, cola["number"], quantity=1).json()["cart"]).text

    assert f"{cola['price'] + 3000:,}원" in page


def test_a_sold_out_product_is_in_no_cart(catalog):
    client = TestClient(create_mall(catalog, manners=Manners(odds=Odds(sold_out=100))))
    number = some_cola(client)["number"]

    assert put(client, number).status_code == 409


def test_a_coupon_counts_once_it_was_taken(catalog):
    client = TestClient(create_mall(catalog, manners=Manners(odds=Odds(0, 0, coupon=100))))
    cola = some_cola(client)
    client.get(f"/products/{cola['number']}")
    client.post(f"/api/products/{cola['number']}/coupon")

    assert client.get(f"/api/products/{cola['number']}").json()["price"] == cola["price"] - cola["coupon"]


def test_a_login_stands_before_the_checkout_where_the_mall_has_one(browse):
    client, _ = browse(wall="checkout")
    cart = put(client, some_cola(client)["number"]).json()["cart"]
    checkout = cart.replace("/cart/", "/checkout/")

    assert client.get(checkout).headers["location"] == f"/login?next={checkout}"
    client.post("/login?next=//evil.test")
    assert client.get(checkout).status_code == 200


def test_only_paying_sells(browse):
    client, mall = browse()
    cart = put(client, some_cola(client)["number"]).json()["cart"]
    client.get(cart.replace("/cart/", "/checkout/"))
    assert mall.paid == []

    client.post(cart.replace("/cart/", "/pay/"))
    assert mall.paid == [cart.rsplit("/", 1)[1]]


def test_what_is_not_there_is_said_to_be_gone(browse):
    client, _ = browse()

    assert client.get("/products/0000000000").status_code == 404
    assert client.get("/cart/<script>").status_code == 404
    assert "<script>x" not in client.get("/cart/<script>x").text
