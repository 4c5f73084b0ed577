"""Parts that no page needs are loaded when they are first used: the server starts without them."""

from __future__ import annotations

import subprocess
import sys

from stocksense.settings import Settings
from ui.later import LaterForecaster, LaterSite

START = """
import sys
from stocksense.settings import Settings
from ui.cli.main import main
from ui.web import build_app
build_app(Settings(_env_file=None, home=sys.argv[1]))
heavy = ("torch", "numpy", "bs4", "httpx", "langchain_core", "langgraph", "chainlit", "plotly", "webshop_env")
print([name for name in heavy if name in sys.modules])
"""


def test_the_pages_start_without_what_only_agents_and_forecasts_need(tmp_path):
    done = subprocess.run([sys.executable, "-c", START, str(tmp_path)], capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_the_simulated_shop_is_the_same_once_it_is_visited():
    site = LaterSite(Settings(_env_file=None).webshop_url)

    assert (site.name, site.currency, site.sells_by_receipt) == ("webshop", "USD", True)
    assert "search" in site.visit("i am looking for tea").sight.text.lower()


def test_a_shop_that_was_never_forecast_has_no_card(tmp_path):
    assert LaterForecaster(tmp_path).card("구멍가게") is None
