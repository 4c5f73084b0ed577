"""The sample shop, drawn once for all of its tests."""

import pytest

from stocksense.sample.generator import SampleShop, generate


@pytest.fixture(scope="session")
def shop() -> SampleShop:
    return generate()
