"""Catalogues on disk are the catalogues in memory, for any size."""

import json
import random

import pytest

from webshop_env import posting_files, stream
from webshop_env.catalog import load_catalog
from webshop_env.check import check_all
from webshop_env.env import WebShopEnv
from webshop_env.errors import BadCatalogFile, BadIndexFile
from webshop_env.stream import list_entries, object_entries
from webshop_env.warehouse import import_catalog, open_catalog

WORDS = ("tea", "cup", "green", "glass", "녹차", "찻잔", "blue", "large", "wool", "rug", "steel", "mug")


@pytest.fixture
def imported(tmp_path, catalog_files):
    products, attributes, human = catalog_files
    return import_catalog(products, attributes, tmp_path / "shop", human=human)


def test_a_catalogue_on_disk_is_the_catalogue_in_memory(imported, catalog):
    assert list(imported.products) == list(catalog.products)
    assert dict(imported.prices) == dict(catalog.prices)
    for suite in ("templated", "human", "paraphrased"):
        assert imported.goals(suite) == catalog.goals(suite)
    assert all(imported.search(words) == catalog.search(words) for words in WORDS)
    assert "CUP0000001" in imported.products
    assert "NOTHING" not in imported.products
    assert imported.noun_sources == catalog.noun_sources
    assert dict(imported.nouns) == dict(catalog.nouns)


def test_a_shopper_cannot_tell_them_apart(imported, catalog):
    stored, plain = WebShopEnv(imported, mode="fixed"), WebShopEnv(catalog, mode="fixed")
    actions = ("search[porcelain cup]", "click[cup0000001]", "click[large]", "click[features]", "click[< prev]")

    assert stored.reset(options={"goal": 1}) == plain.reset(options={"goal": 1})
    assert all(stored.step(action) == plain.step(action) for action in (*actions, "click[buy now]"))


def test_large_files_are_dealt_out_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(posting_files, "CHUNK", 97)
    monkeypatch.setattr(stream, "CHUNK", 61)
    rng = random.Random(4)
    names = [" ".join(rng.choices(WORDS, k=rng.randint(0, 9))) for _ in range(300)]
    records = [{"asin": f"{rng.randrange(10**6):06}", "name": name, "pricing": "$1 - $9"} for name in names]
    (tmp_path / "products.json").write_text(json.dumps(records), encoding="utf-8")
    (tmp_path / "attributes.json").write_text("{}", encoding="utf-8")

    plain = load_catalog(tmp_path / "products.json", tmp_path / "attributes.json")
    stored = import_catalog(tmp_path / "products.json", tmp_path / "attributes.json", tmp_path / "shop")

    assert all(stored.search(f"{a} {b}") == plain.search(f"{a} {b}") for a in WORDS for b in WORDS)
    assert dict(stored.prices) == dict(plain.prices)


def test_the_official_catalogue_on_disk_answers_as_the_reference_did(tmp_path, reference):
    files = (reference / "items_shuffle_1000.json", reference / "items_ins_v2_1000.json")
    stored = import_catalog(*files, tmp_path / "shop")

    assert [str(check) for check in check_all(stored, reference / "golden") if check.differences] == []


@pytest.mark.parametrize("broken", ["", "{", "[1, 2", "[1 2]", '[{"asin": 3}', "[[]"])
def test_a_broken_list_is_told(tmp_path, broken):
    path = tmp_path / "list.json"
    path.write_text(broken, encoding="utf-8")

    with pytest.raises(BadCatalogFile, match="is no valid JSON"):
        list(list_entries(path))


def test_entries_come_one_by_one(tmp_path):
    (tmp_path / "a.json").write_text(' [1, {"a": [2]}, "x"] ', encoding="utf-8")
    (tmp_path / "b.json").write_text('{"a": 1, "b": {"c": 12345678}}', encoding="utf-8")

    assert list(list_entries(tmp_path / "a.json")) == [1, {"a": [2]}, "x"]
    assert list(object_entries(tmp_path / "b.json")) == [("a", 1), ("b", {"c": 12345678})]


def test_a_broken_import_leaves_nothing_behind(tmp_path, catalog_files):
    broken = tmp_path / "products.json"
    broken.write_text('[{"asin": "A", "name": "Cup", "pricing": "ten"}]', encoding="utf-8")

    with pytest.raises(BadCatalogFile, match="product 'A': field 'pricing'"):
        import_catalog(broken, catalog_files[1], tmp_path / "shop")
    assert {path.name for path in tmp_path.iterdir()} == {"products.json"}


def test_an_import_never_overwrites(imported, tmp_path, catalog_files):
    with pytest.raises(BadIndexFile, match="exists already"):
        import_catalog(*catalog_files[:2], tmp_path / "shop")


def test_a_folder_without_a_catalogue_is_told(tmp_path):
    with pytest.raises(BadIndexFile, match="cannot be opened"):
        open_catalog(tmp_path)


def test_an_unfinished_index_is_told(imported, tmp_path):
    (tmp_path / "shop" / "index.json").unlink()

    with pytest.raises(BadIndexFile, match="holds no finished index"):
        open_catalog(tmp_path / "shop")
