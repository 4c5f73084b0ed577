"""Names of products, categories and places are resolved against the catalogue, never trusted."""

import pytest

from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue, UnknownName
from stocksense.store.products import NewProduct, save_products
from tools.naming import category_named, locations_named, product_named


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("SNK-2", "SNK-2"),
        ("8800000001041", "DRK-2"),
        ("구름우유", "DRK-2"),
        ("구름 우유를", "DRK-2"),
        ("바다칩매운맛", "SNK-2"),
        ("cloud milk", "DRK-2"),
        ("CLOUD MILK 1 L", "DRK-2"),
        ("달빛라면 5잎", "RMN-1"),
        ("Moonlite ramen 5 pack", "RMN-1"),
    ],
)
def test_a_product_is_found_by_whatever_it_is_called(read_only_corner, text, sku):
    with read_only_corner.sessions() as session:
        assert product_named(session, read_only_corner.shop(session).id, text).sku == sku


def test_a_product_that_is_called_so_goes_before_those_whose_category_is(sqlite_corner):
    with sqlite_corner.sessions.begin() as session:
        shop = sqlite_corner.shop(session)
        named = [("A-1", "식빵 우유 400g", "빵"), ("A-2", "크림빵 우유 90g", "식빵")]
        made = [
            NewProduct(sku, name, category=CategoryPath(cat), category_ko=CategoryPath(cat)) for sku, name, cat in named
        ]
        save_products(session, shop.id, made, now=sqlite_corner.clock())

        assert product_named(session, shop.id, "식빵 우유").sku == "A-1"


def test_a_name_that_fits_several_products_is_asked_back(read_only_corner):
    with read_only_corner.sessions() as session, pytest.raises(BadValue, match=r"SNK-1.*SNK-2.*Ask which one"):
        product_named(session, read_only_corner.shop(session).id, "바다칩")


@pytest.mark.parametrize("text", ["냉장고", "tea for two hundred people", "%", "' OR 1=1 --", ""])
def test_what_nothing_is_called_is_unknown(read_only_corner, text):
    with read_only_corner.sessions() as session, pytest.raises((UnknownName, BadValue)):
        product_named(session, read_only_corner.shop(session).id, text)


@pytest.mark.parametrize("text", ["음료", "drinks", "Drinks"])
def test_a_category_is_known_in_both_languages(read_only_corner, text):
    with read_only_corner.sessions() as session:
        named = category_named(session, read_only_corner.shop(session).id, text)

    assert (str(named.path), str(named.path_ko)) == ("Drinks", "음료")


def test_a_place_is_known_by_a_part_of_its_name(read_only_corner):
    with read_only_corner.sessions() as session:
        assert [p.name for p in locations_named(session, read_only_corner.shop(session).id, "역앞")] == ["역앞점"]
