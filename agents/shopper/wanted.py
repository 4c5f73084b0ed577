"""Turns what was approved into what the buyer asks a shop for, and a shop's dollars into what was approved."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from agents.shopper.request import CENT, Request, say_request
from agents.shopper.words import plain, words
from stocksense.domain.orders import Terms
from stocksense.errors import BadValue
from stocksense.store.products import OfferInfo, ProductInfo

WHOLE = Decimal(1)


def request_for(product: ProductInfo, offer: OfferInfo, terms: Terms, won_per_dollar: Decimal) -> Request:
    """The request for approved terms: the product's kind, name, attributes and approved options, packs and price cap.

    The cap is the approved price of one pack in dollars, rounded down. Raises BadValue if the quantity is no whole
    number of packs, or the shop reckons in a currency without a rate.
    """
    if terms.quantity % offer.pack_size:
        raise BadValue(
            f"{terms.quantity} units of {terms.sku} are no whole number of packs of {offer.pack_size}; propose it anew"
        )
    cap = terms.unit_price * offer.pack_size / rate(terms.currency, won_per_dollar)
    request = Request(
        text="",
        kind=plain(product.category.leaf) if product.category else "",
        name=_name(product, terms),
        attributes=tuple(str(attribute) for attribute in product.request.get("attributes", ())),
        options=terms.options,
        price_cap=cap.quantize(CENT, ROUND_DOWN),
        pack_size=offer.pack_size,
        quantity=terms.quantity // offer.pack_size,
    )
    return replace(request, text=say_request(request))


def rate(currency: str, won_per_dollar: Decimal) -> Decimal:
    """What one dollar counts in a shop's currency. Raises BadValue for a currency without a rate."""
    if currency not in ("KRW", "USD"):
        raise BadValue(f"no rate is set between dollars and {currency}; order by hand, or keep the shop in KRW or USD")
    return won_per_dollar if currency == "KRW" else Decimal(1)


def in_currency(dollars: Decimal, currency: str, won_per_dollar: Decimal) -> Decimal:
    """Dollars in the shop's currency, to its smallest coin. Raises BadValue for a currency without a rate."""
    coin = WHOLE if currency == "KRW" else CENT
    return (dollars * rate(currency, won_per_dollar)).quantize(coin, ROUND_HALF_UP)


def _name(product: ProductInfo, terms: Terms) -> str:
    """The product's name without the values of its options, which are chosen on the page."""
    chosen = {word for _, value in terms.options for word in words(value)}
    kept = [word for word in plain(product.name("en")).split() if not {*words(word)} & chosen]
    return " ".join(kept)
