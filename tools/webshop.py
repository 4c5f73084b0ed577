"""What a model may look up in the wholesale shop on the web; buying there is no tool."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from stocksense.errors import BadValue
from tools.services import Services
from tools.shop_page import Listed, Page, read_page
from tools.simulated_shop import open_site
from tools.site import Site


def search_shop(services: Services, keywords: str, page: int = 1) -> tuple[Listed, ...]:
    """List what the wholesale shop on the web offers for some keywords, ten products a page, prices in dollars.

    Args:
        keywords: words to search for, in English, such as "cola 355 ml".
        page: which page of results, from 1.
    """
    if not keywords.strip() or page < 1:
        raise BadValue(f"keywords {keywords!r}, page {page}: give at least one word and a page from 1")
    with closing(_site(services).visit("looking around")) as visit:
        sight = visit.act(f"search[{_unbracketed(keywords)}]")
        for _ in range(page - 1):
            sight = visit.act("click[next >]")
    return read_page(sight.text, sight.clickables).results


def open_shop_page(services: Services, keywords: str, product: str) -> Page:
    """Show one product's page in the wholesale shop: title, price in dollars, options, and what its sub-pages say.

    Args:
        keywords: the words that search_shop listed it for, such as "cola 355 ml".
        product: its number in that list, such as "w0ab12cd34".
    """
    said = []
    with closing(_site(services).visit("looking around")) as visit:
        if product.lower() not in visit.act(f"search[{_unbracketed(keywords)}]").clickables:
            raise BadValue(
                f"{keywords!r} does not list {product!r}; search with search_shop and take a number from there"
            )
        sight = visit.act(f"click[{product.lower()}]")
        for name in ("features", "description"):
            below = visit.act(f"click[{name}]")
            said.append(read_page(below.text, below.clickables).body)
            visit.act("click[< prev]")
    return replace(read_page(sight.text, sight.clickables), body="\n".join(part for part in said if part))


def _site(services: Services) -> Site:
    return services.site or open_site(services.settings.webshop_url)


def _unbracketed(words: str) -> str:
    return " ".join(words.replace("[", " ").replace("]", " ").split())


READS = (search_shop, open_shop_page)
WRITES = ()
