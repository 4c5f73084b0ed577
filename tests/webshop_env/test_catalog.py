"""Reading a catalogue: what is kept, what is passed over, and how a broken file is told."""

import gzip
import json

import pytest

import webshop_env
from webshop_env.catalog import read_products
from webshop_env.errors import BadCatalogFile, UnknownProduct
from webshop_env.nouns import find_nouns, rule_of_thumb, spacy_tagger
from webshop_env.product import read_prices, read_product

RUG = {"asin": "RUG0000001", "name": "Wool Rug", "pricing": "$10.00"}


@pytest.mark.parametrize(
    ("written", "prices", "tag"),
    [
        ("", (100.0,), "$100.0"),
        ("$877.80", (877.8,), "$877.8"),
        ("$9.99 - $19.99", (9.99, 19.99), "$9.99 to $19.99"),
        ("$1,299.00", (1299.0,), "$1299.0"),
        ("$1 - $2 - $3", (1.0, 2.0), "$1.0 to $2.0"),
    ],
)
def test_prices_are_read_and_shown(written, prices, tag):
    assert read_prices(written) == prices
    assert read_product(RUG | {"pricing": written}).price_tag == tag


def test_a_slash_in_an_option_becomes_a_bar():
    record = RUG | {"customization_options": {"Size": [{"value": " 5/8 IN "}], "Color": None}}

    assert read_product(record).options == {"size": ("5 | 8 in",)}


def test_a_product_which_no_attributes_are_known_of_has_a_dummy():
    assert read_product(RUG).attributes == ("DUMMY_ATTR",)
    assert read_product(RUG, {"attributes": []}).attributes == ()


def test_nameless_overlong_and_repeated_asins_are_passed_over():
    records = [RUG, RUG | {"name": "Again"}, RUG | {"asin": "nan"}, RUG | {"asin": "MUCHTOOLONG1"}]

    assert [product.title for product in read_products(records, {}).values()] == ["Wool Rug"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("pricing", "ten", "field 'pricing' is 'ten'; write '$9.99'"),
        ("pricing", 9.99, "field 'pricing' is 9.99; write a text"),
        ("name", None, "field 'name' is None; write a text"),
        ("small_description", [1], "field 'small_description' is [1]; write a list of texts"),
        ("customization_options", [1], "field 'customization_options' is [1]; write {"),
        ("customization_options", {"Size": "L"}, "field 'customization_options.Size' is 'L'; write a list of"),
        ("customization_options", {"Size": [{"value": 3}]}, "field 'customization_options.Size.value' is 3"),
    ],
)
def test_a_broken_field_is_told_with_its_remedy(field, value, told):
    with pytest.raises(BadCatalogFile) as error:
        read_product(RUG | {field: value})

    assert str(error.value).startswith(f"product 'RUG0000001': {told}")


def test_a_record_without_an_asin_is_told_by_its_place():
    with pytest.raises(BadCatalogFile, match="product number 1 has no asin"):
        read_products([RUG, {"name": "Mat"}], {})


@pytest.mark.parametrize(
    ("content", "told"), [("{", "is no valid JSON"), ("{}", "holds a dict, not a list"), (None, "cannot be read")]
)
def test_a_broken_file_is_told(tmp_path, catalog_files, content, told):
    path = tmp_path / "products.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(BadCatalogFile, match=told):
        webshop_env.load_catalog(path, catalog_files[1])


def test_files_may_be_gzipped_and_cut_short(tmp_path, catalog_files):
    path = tmp_path / "products.json.gz"
    path.write_bytes(gzip.compress(catalog_files[0].read_bytes()))

    assert list(webshop_env.load_catalog(path, catalog_files[1], limit=2).products) == ["CUP0000001", "CUP0000002"]


def test_an_unknown_product_is_told(catalog):
    with pytest.raises(UnknownProduct, match="no product has asin 'NOTHING'"):
        catalog.product("NOTHING")


def test_a_catalogue_s_own_table_of_nouns_comes_first(catalog):
    nouns, served = find_nouns(catalog.products.values(), {"SHOE000001": ["shoes"]})

    assert nouns["SHOE000001"] == ("shoes",)
    assert served["catalogue table"] == 1


def test_the_frozen_table_knows_the_official_titles(official, reference):
    table = json.loads((reference / "title_nouns_sm38.json").read_text(encoding="utf-8"))

    assert official.noun_sources == {"frozen table": 1000}
    assert official.nouns == {asin: tuple(nouns) for asin, nouns in table.items()}


def test_an_installed_tagger_is_asked_for_titles_that_no_table_knows(catalog):
    nouns, served = find_nouns(
        catalog.products.values(), {"SHOE000001": ["shoes"]}, tagger=lambda: lambda title: (title[:3],)
    )

    assert served == {"catalogue table": 1, "spaCy": len(catalog.products) - 1}
    assert nouns["CUP0000001"] == (catalog.product("CUP0000001").title[:3],)


def test_spacy_finds_the_nouns_of_the_frozen_table(official, reference):
    tag = spacy_tagger()
    if tag is None:
        pytest.skip("the extra [nouns] and spaCy's model en_core_web_sm are not installed")
    table = json.loads((reference / "title_nouns_sm38.json").read_text(encoding="utf-8"))

    assert {asin: list(tag(official.product(asin).title)) for asin in table} == table


def test_the_rule_of_thumb_leaves_out_what_is_no_noun():
    assert rule_of_thumb("Soft Washable Wool Rug for the Living Room, 2 Pack") == (
        "wool",
        "rug",
        "living",
        "room",
        "pack",
    )
    assert rule_of_thumb("작설 녹차 100g") == ("작설", "녹차", "g")
