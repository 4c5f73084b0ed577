"""The shop over HTTP: pages for people, the same observations for programs, visits kept apart."""

import gzip
import json

import httpx
import pytest

from webshop_env.addresses import Place, read_place
from webshop_env.client import WebShopClient, read_html
from webshop_env.env import WebShopEnv
from webshop_env.errors import EpisodeNotReady, ShopUnreachable, UnknownPage
from webshop_env.goals import Goal
from webshop_env.pages import PageBook
from webshop_env.session import Session
from webshop_env.visits import Visits

WALK = (
    "search[tea cup]", "click[cup0000002]", "click[size: 10]", "click[description]", "click[< prev]", "nonsense",
    "click[< prev]", "click[next >]", "click[back to search]", "search[<c> garden]", "search[cups + 100% / <b>]",
    "click[nothing]", "search[녹차]", "click[tea0000001]", "click[back to search]", "search[porcelain]",
    "click[cup0000001]", "click[sky blue]", "click[large]", "click[features]", "click[< prev]", "click[buy now]",
    "search[shoes]",
)  # fmt: skip


@pytest.mark.parametrize("mode", ["parity", "fixed"])
def test_a_client_sees_what_the_environment_shows(serve, catalog, mode):
    env = WebShopEnv(catalog, mode=mode)
    with serve(catalog, mode=mode) as address, WebShopClient(address) as client:
        assert client.reset(options={"goal": 2})[0] == env.reset(options={"goal": 2})[0]
        for action in WALK:
            ours, theirs = client.step(action), env.step(action)
            assert ours[:4] == theirs[:4]
            assert ours[4]["clickables"] == theirs[4]["clickables"]


@pytest.mark.parametrize("mode", ["parity", "fixed"])
def test_a_page_for_people_says_what_the_environment_shows(serve, catalog, mode):
    env = WebShopEnv(catalog, mode=mode)
    with serve(catalog, mode=mode) as address, WebShopClient(address, observation_mode="html") as client:
        assert read_html(client.reset(options={"goal": 2})[0]).text == env.reset(options={"goal": 2})[0]
        for action in WALK:
            ours, theirs = client.step(action), env.step(action)
            assert (read_html(ours[0]).text, *ours[1:4]) == theirs[:4]
            assert ours[4]["clickables"] == theirs[4]["clickables"]


def test_a_client_sees_what_the_reference_showed(serve, official, reference):
    walks = gzip.decompress((reference / "golden" / "walks.jsonl.gz").read_bytes()).splitlines()
    with serve(official, mode="parity") as address, WebShopClient(address) as client:
        for walk in map(json.loads, walks[:12]):
            client.reset(options={"goal": walk["goal"]})
            for step in walk["steps"]:
                observation, reward, done, _, info = client.step(step["action"])
                assert (observation, reward, done) == (step["obs"], step["reward"], step["done"])
                assert info["clickables"] == step["clickables"]


def test_a_free_wish_is_bought_over_http(shop_address):
    with WebShopClient(shop_address) as client:
        observation, _ = client.reset(options={"instruction": "a cup & saucer, 100% porcelain"})
        for action in ("search[porcelain]", "click[cup0000001]", "click[large]", "click[buy now]"):
            _, reward, done, _, info = client.step(action)

    assert observation == "WebShop [SEP] Instruction: [SEP] a cup & saucer, 100% porcelain [SEP] Search"
    assert (reward, done, info["graded"]) == (0.0, True, False)
    assert (info["purchase"]["asin"], info["purchase"]["options"]) == ("CUP0000001", {"size": "large"})


def test_visits_do_not_see_each_other(shop_address):
    with WebShopClient(shop_address) as one, WebShopClient(shop_address) as other:
        one.reset(options={"goal": 0})
        quiet, _ = other.reset(options={"instruction": "shoes"})
        for action in ("search[porcelain]", "click[cup0000001]", "click[buy now]"):
            one.step(action)

        assert other.step("think[]")[0] == quiet
        assert "Total results: 1" in other.step("search[shoes]")[0]


def test_two_clients_on_the_same_fixed_goal_read_the_same_wish(shop_address):
    first, again = (httpx.get(f"{shop_address}/fixed_2", headers={"Accept": "text/plain"}) for _ in range(2))

    assert first.text == again.text
    assert first.text.startswith("WebShop [SEP] Instruction:")


def test_programs_may_ask_for_plain_values(shop_address):
    page = httpx.get(f"{shop_address}/fixed_1", headers={"Accept": "application/json"}).json()

    assert page["has_search_bar"]
    assert page["clickables"] == {"search": "/fixed_1"}
    assert httpx.get(f"{shop_address}/health").json()["products"] == 6


@pytest.mark.parametrize(
    "path",
    [
        "/item_page/fixed_1/NOTHING/tea/1/%7B%7D", "/item_page/fixed_1/CUP0000001/tea/1/%7B%22size%22%3A%22huge%22%7D",
        "/item_page/fixed_1/CUP0000001/tea/1/%5B1", "/search_results/fixed_1/tea/0", "/search_results/fixed_1/tea/x",
        "/done/nobody/CUP0000001/%7B%7D", "/a/b/c/d/e/f/g/h", "/%00%ff%fe", "/fixed_99999", "/?goal=x", "/?goal=999999",
        "/item_sub_page/fixed_1/CUP0000001/tea/1/Secrets/%7B%7D",
    ],
)  # fmt: skip
def test_an_address_without_a_page_gets_a_page_that_says_so(shop_address, path):
    answer = httpx.get(f"{shop_address}{path}", follow_redirects=True)

    assert answer.status_code == 404
    assert "열 수 없습니다" in answer.text


@pytest.mark.parametrize("word", ["tea", "a/b", "c++", "100%", "녹차", "<q>", "'\"", "", "?&#"])
def test_an_address_keeps_what_was_typed(word):
    place = Place("s1", "item", (word, "tea"), 2, asin="CUP0000001", options={"size": word})

    assert read_place(place.path) == place


def test_options_may_be_written_as_the_reference_does():
    assert read_place("/done/s/CUP0000001/%7B'size'%3A%20'large'%7D").options == {"size": "large"}
    with pytest.raises(UnknownPage, match="write them as JSON"):
        read_place("/done/s/CUP0000001/%7B'size'%3A%20__import__('os')%7D")


def test_a_client_says_when_nobody_answers():
    with WebShopClient("http://127.0.0.1:9") as client, pytest.raises(ShopUnreachable, match="is the server running"):
        client.reset()


@pytest.mark.parametrize("observation_mode", ["text", "html"])
def test_a_client_says_why_the_shop_refused(shop_address, observation_mode):
    with (
        WebShopClient(shop_address, observation_mode=observation_mode) as client,
        pytest.raises(ShopUnreachable, match="has goals 0 to"),
    ):
        client.reset(options={"goal": 5000})


def test_a_client_wants_to_be_reset_first(shop_address):
    with WebShopClient(shop_address) as client, pytest.raises(EpisodeNotReady):
        client.step("search[tea]")


@pytest.fixture
def visit(catalog):
    pages = PageBook(catalog, "fixed")
    goal: Goal = catalog.goals("templated")[0]
    return lambda sid: Session(pages, sid, goal.instruction, goal)


def test_only_so_many_visits_are_kept_and_the_longest_unused_goes_first(visit):
    visits = Visits(most=2)
    visits.keep(visit("a"))
    visits.keep(visit("b"))
    visits.find("a")
    visits.keep(visit("c"))

    assert len(visits) == 2
    assert visits.find("b") is None
    assert visits.find("a") is not None


def test_a_visit_left_alone_is_forgotten(visit):
    now = [0.0]
    visits = Visits(idle_seconds=60, clock=lambda: now[0])
    visits.keep(visit("a"))
    now[0] = 59.0
    used = visits.find("a")
    now[0] = 130.0

    assert used is not None
    assert visits.find("a") is None
    assert len(visits) == 0
