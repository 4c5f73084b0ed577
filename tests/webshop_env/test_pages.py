"""What the pages say, in every form of observation, and what can be clicked on them."""

import pytest
from bs4 import BeautifulSoup

import webshop_env
from webshop_env.env import WebShopEnv
from webshop_env.html import render
from webshop_env.page import visible
from webshop_env.product import read_product


def said_by(html: str) -> str:
    return " [SEP] ".join(tag.get_text() for tag in BeautifulSoup(html, "html.parser").select("[data-part]"))


def test_a_page_of_results_lists_title_and_price_of_each_product(parity):
    parity.reset(options={"goal": 0})

    observation, *_, info = parity.step("search[running shoes]")

    assert observation.endswith(
        "Back to Search [SEP] Page 1 (Total results: 1) [SEP] Next > [SEP] SHOE000001 [SEP] Running Shoes [SEP] $10.0"
    )
    assert info["clickables"] == ["back to search", "next >", "shoe000001"]


def test_a_product_page_offers_its_options_and_sub_pages(parity):
    parity.reset(options={"instruction": "i am looking for a cup"})
    parity.step("search[porcelain]")

    observation, *_, info = parity.step("click[CUP0000001]")

    assert "color [SEP] sky blue [SEP] rectangular red | white [SEP] size [SEP] large" in observation
    assert "Price: $9.99 to $19.99 [SEP] Rating: N.A. [SEP] Description" in observation
    assert info["clickables"][2:8] == [
        "description",
        "features",
        "reviews",
        "buy now",
        "sky blue",
        "rectangular red | white",
    ]


def test_pages_of_results_have_no_end(parity):
    parity.reset(options={"goal": 0})
    parity.step("search[tea]")
    for _ in range(7):
        observation, *_ = parity.step("click[next >]")

    assert observation.endswith("Page 8 (Total results: 3) [SEP] < Prev [SEP] Next >")


def test_options_are_kept_on_the_way_back_from_a_sub_page_only(parity):
    parity.reset(options={"goal": 0})
    for action in ("search[porcelain]", "click[cup0000001]", "click[large]", "click[features]", "click[< prev]"):
        parity.step(action)
    kept = dict(parity.session.options)
    parity.step("click[< prev]")

    assert kept == {"size": "large"}
    assert parity.session.options == {}


def test_rich_text_marks_what_was_clicked(catalog):
    env = WebShopEnv(catalog, observation_mode="text_rich")
    env.reset(options={"goal": 0})
    for action in ("search[porcelain]", "click[cup0000001]", "click[large]"):
        observation, *_ = env.step(action)

    assert observation.startswith("You have clicked large.\nInstruction:\n")
    assert "  [clicked button] large [clicked button_]\n  [button] x-large [button_]\n" in observation
    assert "[button] Buy Now [button_]" in observation


def test_the_address_names_the_page_and_the_options(catalog):
    env = WebShopEnv(catalog, observation_mode="url")
    env.reset(options={"goal": 0})
    for action in ("search[porcelain cup]", "click[cup0000001]", "click[large]"):
        address, *_ = env.step(action)

    assert address == 'http://127.0.0.1:3000/item_page/0/CUP0000001/porcelain+cup/1/{"size": "large"}'


WALK = (
    "search[<c> garden]", "search[tea cup]", "click[cup0000002]", "click[10]", "click[description]", "click[< prev]",
    "click[features]", "click[back to search]", "search[of the]", "search[<porcelain> & 'tea']", "click[next >]",
    "click[< prev]", "click[cup0000001]", "click[features]", "click[< prev]", "click[sky blue]", "click[buy now]",
)  # fmt: skip


@pytest.mark.parametrize("mode", ["parity", "fixed"])
def test_html_says_what_the_text_says(catalog, mode):
    env = WebShopEnv(catalog, mode=mode)
    env.reset(options={"goal": 0})

    for action in WALK:
        observation, *_ = env.step(action)
        assert said_by(render(env.session)) == observation


def test_html_says_what_the_text_says_of_the_official_products(official):
    env = WebShopEnv(official)
    env.reset(options={"goal": 3})
    env.step("search[women's shoes]")

    for asin in list(official.products)[::9]:
        env.session.open_item(asin)
        assert said_by(render(env.session)) == env.session.text
        env.session.open_sub_page("Features")
        assert said_by(render(env.session)) == env.session.text


def test_a_page_shows_no_node_for_nothing_and_an_empty_one_for_a_space():
    assert [visible(text) for text in ("", "\n \n", " ", " a b\n")] == [None, None, "", "a b"]


def test_markup_in_a_wish_stays_text(fixed):
    fixed.reset(options={"instruction": "<script>alert(1)</script>"})

    assert "<script>alert" not in render(fixed.session)


def test_asins_spelt_like_a_button_or_like_one_another_are_clicked_as_they_stand():
    asins = ("Next >", "AB", "ab", "a[b]", "plain")
    products = {asin: read_product({"asin": asin, "name": f"tea {asin}"}) for asin in asins}
    env = WebShopEnv(webshop_env.Catalog(products))
    env.reset(options={"instruction": "tea"})
    env.step("search[tea]")
    page = env.session.page

    assert page.names == tuple(page.clicks) == ("back to search", "next >", "ab", "a[b]", "plain")
    assert page.clicks["next >"].target == "Next >"
    followed = {name: page.follow(f"click[{name}]") for name in page.names}
    assert all(click is None or click == page.clicks[name] for name, click in followed.items())
    assert followed["a[b]"] is followed["ab"] is None
    assert followed["plain"] is not None
