"""A simulated shop to buy in; imports nothing else of the project.

catalog = webshop_env.load_catalog("items.json", "attributes.json")
env = webshop_env.WebShopEnv(catalog, suite="templated", mode="parity")
observation, info = env.reset(options={"goal": 0})
observation, reward, terminated, truncated, info = env.step("search[red shoes]")
"""

from webshop_env.catalog import Catalog, load_catalog, load_shipped_catalog
from webshop_env.env import WebShopEnv
from webshop_env.errors import WebShopError
from webshop_env.goals import Goal
from webshop_env.product import Product
from webshop_env.reward import Reward

__all__ = [
    "Catalog", "Goal", "Product", "Reward", "WebShopEnv", "WebShopError", "load_catalog", "load_shipped_catalog",
]  # fmt: skip
