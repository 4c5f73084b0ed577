"""Looking into the wholesale shop, in process and over HTTP."""

from __future__ import annotations

import threading
import time
from decimal import Decimal

import pytest
import uvicorn

from stocksense.errors import BadValue, SourceUnreachable
from stocksense.settings import Settings
from tools.services import Services
from tools.simulated_shop import HttpShop, InProcessShop, shipped_shop
from tools.webshop import READS, WRITES, open_shop_page, search_shop
from webshop_env.server import create_app

COLA = "duruon cola 355 ml"


@pytest.fixture(scope="module")
def served():
    """The shipped catalogue behind a server on a free port."""
    server = uvicorn.Server(uvicorn.Config(create_app(shipped_shop().catalog), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(params=["in process", "over HTTP"])
def services(request):
    site = shipped_shop() if request.param == "in process" else HttpShop(request.getfixturevalue("served"))
    return Services(
        settings=Settings(_env_file=None),
        sessions=None,
        shop_name="",
        clock=None,
        forecaster=None,
        notifier=None,
        site=site,
    )


def test_searching_lists_products_with_prices(services):
    prices = {listed.title.split(" | ")[0]: listed.lowest for listed in search_shop(services, COLA)}

    assert prices["Duruon Cola, 355 ml, Pack of 24"] == Decimal("10.62")


def test_the_second_page_of_results_goes_on_where_the_first_ended(services):
    first, second = search_shop(services, "cola"), search_shop(services, "cola", page=2)

    assert len(first) == 10
    assert not {listed.product for listed in first} & {listed.product for listed in second}


def test_a_product_s_page_shows_options_and_what_its_sub_pages_say(services):
    page = open_shop_page(services, COLA, search_shop(services, COLA)[0].product)

    assert "zero sugar" in dict(page.options)["flavor"]
    assert "crisp taste" in page.body.lower()


def test_a_product_that_is_not_listed_cannot_be_opened(services):
    with pytest.raises(BadValue, match="search with search_shop"):
        open_shop_page(services, COLA, "w000000000")


def test_searching_for_nothing_is_refused(services):
    with pytest.raises(BadValue):
        search_shop(services, " ")


def test_a_chat_can_look_but_not_buy():
    assert {function.__name__ for function in READS} == {"search_shop", "open_shop_page"}
    assert WRITES == ()


def test_a_server_that_is_not_there_is_said_to_be_unreachable():
    with pytest.raises(SourceUnreachable):
        HttpShop("http://127.0.0.1:9").visit("cola")


def test_walks_do_not_share_their_pages():
    shop = InProcessShop(shipped_shop().catalog)
    one, other = shop.visit("cola"), shop.visit("tea")

    one.act("search[cola]")

    assert "search" in other.sight.clickables
