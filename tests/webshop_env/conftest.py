"""What tests of the shop share: a small catalogue made by hand, and the official one where it is there."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn

import webshop_env
from webshop_env.server import create_app

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "webshop"


def record(asin: str, name: str, **fields: Any) -> dict[str, Any]:
    plain = {"full_description": "", "pricing": "$10.00", "small_description": [], "images": [], "category": "garden"}
    plain |= {"query": "Tea Cups", "product_category": "Home › Kitchen › Cups", "customization_options": ""}
    return plain | {"asin": asin, "name": name} | fields


def group(*values: str) -> list[dict[str, str]]:
    return [{"value": value} for value in values]


RECORDS = [
    record(
        "CUP0000001",
        "Porcelain Tea Cup with Lid",
        full_description="A quiet cup. Dishwasher safe.",
        small_description=["Hand painted porcelain", "Keeps tea warm"],
        pricing="$9.99 - $19.99",
        customization_options={"Color": group("Sky Blue", "Rectangular Red/White"), "Size": group("Large", "X-Large")},
    ),
    record("CUP0000002", "Glass Tea Cup", customization_options={"Size": group("10", "12"), "Width": group("10")}),
    record("CUP0000003", "Steel Mug", pricing="", customization_options={"Style": group("plain [lid]", "buy now")}),
    record("TEA0000001", "작설 녹차 100g", category="grocery", query="green tea", product_category="식품 › 차 › 녹차"),
    record("TEA0000002", "Green Tea Bags, Green Tea", pricing="$4.50", category="grocery", query="green tea"),
    record("SHOE000001", "Running Shoes", category="fashion", product_category="Clothing › Shoes", query="shoes"),
]
ATTRIBUTES = {
    "CUP0000001": {
        "attributes": ["dishwasher safe", "hand painted"],
        "instruction": "Find me hand painted cups",
        "instruction_attributes": ["hand painted"],
    },
    "CUP0000002": {
        "attributes": ["heat resistant"],
        "instruction": "Find me heat resistant cups",
        "instruction_attributes": ["heat resistant"],
    },
    "CUP0000003": {
        "attributes": ["stainless steel"],
        "instruction": "Find me stainless steel mugs",
        "instruction_attributes": ["stainless steel"],
    },
}
HUMAN = {
    "CUP0000001": [
        {
            "instruction": "i need a hand painted cup in sky blue.",
            "instruction_attributes": ["hand painted"],
            "instruction_options": ["sky blue"],
        },
        {"instruction": "nothing to look for", "instruction_attributes": [], "instruction_options": []},
    ]
}


@pytest.fixture(scope="session")
def catalog_files(tmp_path_factory) -> tuple[Path, Path, Path]:
    """The products, attributes and instructions of the small catalogue, as files."""
    folder = tmp_path_factory.mktemp("catalogue")
    paths = (folder / "products.json", folder / "attributes.json", folder / "human.json")
    for path, content in zip(paths, (RECORDS, ATTRIBUTES, HUMAN), strict=True):
        path.write_text(json.dumps(content), encoding="utf-8")
    return paths


@pytest.fixture(scope="session")
def catalog(catalog_files):
    return webshop_env.load_catalog(*catalog_files, seed=7)


@pytest.fixture
def parity(catalog):
    return webshop_env.WebShopEnv(catalog, mode="parity")


@pytest.fixture
def fixed(catalog):
    return webshop_env.WebShopEnv(catalog, mode="fixed")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of the official 1,000 products and of the reference's recorded outputs."""
    if not REFERENCE.exists():
        pytest.skip("the official WebShop data isn't here; see CONTRIBUTING.md")
    return REFERENCE


@pytest.fixture(scope="session")
def official(reference):
    files = (reference / "items_shuffle_1000.json", reference / "items_ins_v2_1000.json")
    return webshop_env.load_catalog(*files, reference / "items_human_ins.json", seed=7)


@contextmanager
def served(catalog: webshop_env.Catalog, **options: Any) -> Iterator[str]:
    """The address of a server of the catalogue, running on a free port until the end of the context."""
    config = uvicorn.Config(create_app(catalog, **options), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    """Serves a catalogue for the time of a context."""
    return served


@pytest.fixture(scope="session")
def shop_address(catalog) -> Iterator[str]:
    """A server of the small catalogue in fixed mode."""
    with served(catalog, mode="fixed") as address:
        yield address
