"""The wholesaler's catalogue: that it is the shipped one, and that everything in the shop can be bought there."""

import gzip
import json
from pathlib import Path

import pytest

import webshop_env
from stocksense.sample.products import WON_PER_DOLLAR, SampleProduct, products
from stocksense.sample.wholesale import find_nouns, generate_wholesale, write_wholesale
from stocksense.sample.wishes import particle
from webshop_env.catalog import Catalog, load_shipped_catalog
from webshop_env.product import Product

SHIPPED = Path(webshop_env.__file__).parent / "data"
FILES = ("products", "attributes", "human", "nouns")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_shipped_catalog()


@pytest.fixture(scope="module")
def by_query(catalog) -> dict[str, list[Product]]:
    found: dict[str, list[Product]] = {}
    for page in catalog.products.values():
        found.setdefault(page.query, []).append(page)
    return found


def is_right(product: SampleProduct, page: Product) -> bool:
    """What a careful buyer checks: name, pack, attributes, option, and the price against the cap."""
    said = " ".join((page.title, *page.bullets, page.description)).lower()
    return (
        page.title.startswith(f"{product.brand} {product.line}, {product.size}, ")
        and f", Pack of {product.pack_size} |" in page.title
        and all(attribute in said for attribute in product.request_attributes)
        and all(value in page.options.get(name, ()) for name, value in product.request_options.items())
        and len(page.prices) == 1
        and page.prices[0] < product.price_cap_dollars
    )


def test_every_product_has_one_right_page_under_its_price_cap(by_query):
    right = {p.sku: [page for page in by_query[p.leaf.query] if is_right(p, page)] for p in products()}
    assert {sku: len(pages) for sku, pages in right.items() if len(pages) != 1} == {}


def test_the_right_page_leaves_no_option_open(by_query):
    for product in products():
        page = next(page for page in by_query[product.leaf.query] if is_right(product, page))
        assert set(page.options) == set(product.request_options), product.sku


def test_the_right_page_costs_no_more_in_won_than_the_offer(by_query):
    for product in products():
        page = next(page for page in by_query[product.leaf.query] if is_right(product, page))
        assert page.prices[0] * WON_PER_DOLLAR <= product.cost * product.pack_size + 1e-6, product.sku


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_name_of_a_product_finds_its_page_on_the_first_page_of_results(language, catalog, by_query):
    for product in products():
        name = product.name_en if language == "en" else product.name_ko
        page = next(page for page in by_query[product.leaf.query] if is_right(product, page))
        assert page.asin in catalog.search(f"{name} {product.pack_size}")[:10], name


def test_the_shipped_files_are_what_the_generator_makes(tmp_path):
    write_wholesale(tmp_path)
    for name in FILES:
        shipped, made = (gzip.decompress((folder / f"{name}.json.gz").read_bytes()) for folder in (SHIPPED, tmp_path))
        assert shipped == made, f"{name}: write it anew with `python -m stocksense.sample.wholesale webshop_env/data`"


def test_writing_twice_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        write_wholesale(folder)
    assert all((first / f"{n}.json.gz").read_bytes() == (second / f"{n}.json.gz").read_bytes() for n in FILES)


def test_another_seed_makes_another_catalogue():
    assert generate_wholesale(8).products != generate_wholesale(7).products


def test_about_a_thousand_products_are_in_it_with_goals_for_every_split(catalog):
    assert 950 <= len(catalog.products) <= 1050
    assert len(catalog.goals("templated")) > 1500
    assert len(catalog.goals("human")) > 120


def test_option_grids_price_ranges_and_missing_prices_are_there(catalog):
    pages = list(catalog.products.values())
    assert sum(len(page.options) > 1 for page in pages) > 40
    assert sum(len(page.prices) == 2 for page in pages) > 50
    records = json.loads(gzip.decompress((SHIPPED / "products.json.gz").read_bytes()))
    assert sum(record["pricing"] == "" for record in records) > 30


def test_a_quarter_of_the_human_instructions_or_more_are_korean(catalog):
    texts = [goal.instruction for goal in catalog.goals("human")]
    korean = [text for text in texts if any("가" <= letter <= "힣" for letter in text)]
    assert len(texts) / 4 <= len(korean) <= len(texts) * 3 / 4


def test_human_goals_ask_for_what_their_page_has(catalog):
    for goal in catalog.goals("human"):
        values = {value for group in catalog.products[goal.asin].options.values() for value in group}
        assert set(goal.attributes) <= set(catalog.products[goal.asin].attributes)
        assert set(goal.goal_options) <= values


def test_every_record_says_that_it_is_generated():
    records = json.loads(gzip.decompress((SHIPPED / "products.json.gz").read_bytes()))
    assert all(record["generated"] for record in records)


def test_nouns_are_the_words_that_name_a_thing():
    title = "Duruon Cola, 355 ml, Pack of 24 | 두루온 콜라 355ml 24개들이"
    assert find_nouns(title) == ["duruon", "cola", "두루온", "콜라"]


@pytest.mark.parametrize(("word", "follows"), [("콜라", "가"), ("물", "이"), ("USB", "가")])
def test_a_korean_particle_follows_the_sound_before_it(word, follows):
    assert particle(word, "이", "가") == follows
