"""One order line to buy, and the gate that it has to pass immediately before Buy Now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from agents.shopper.brain import Turn
from agents.shopper.journey import Journey, look_back
from agents.shopper.request import CENT, Request, say_request
from agents.shopper.verdict import Offered, choices, judge
from agents.shopper.wanted import rate, request_for
from stocksense.domain.orders import OrderState, Terms, check_approval
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadValue, NotApproved
from stocksense.store import orders, products, proposals
from stocksense.store.orders import OrderLineInfo
from stocksense.store.products import OfferInfo, ProductInfo
from stocksense.store.session import Session
from tools.services import Services
from tools.shop_page import read_page
from tools.site import Sight

DOLLARS = "USD"


@dataclass(frozen=True)
class Errand:
    """A line being placed, the terms that were approved for it, the offer that they rest on, and the request.

    `currency` is the site's: that of the request's price cap and of every price on its pages.
    """

    line: OrderLineInfo
    product: ProductInfo
    terms: Terms
    offer: OfferInfo
    request: Request
    currency: str = DOLLARS

    def paid(self, services: Services, price: Decimal) -> Decimal:
        """What the whole line costs in the shop's currency when one pack costs so much in the site's."""
        return self.counted(services, price * self.request.quantity)

    def counted(self, services: Services, amount: Decimal) -> Decimal:
        """An amount in the site's currency as one in the shop's, to its smallest coin."""
        return _converted(
            amount, self.currency, self.terms.currency, services.settings.won_per_dollar, rounding=ROUND_HALF_UP
        )


def errand_of(services: Services, line: OrderLineInfo, currency: str = DOLLARS) -> Errand:
    """What is to be bought for a line, at a site that reckons in a currency.

    Raises NotApproved unless the line's terms are approved, BadValue if they cannot be asked of a shop in packs.
    """
    if line.proposal_id is None:
        raise NotApproved(f"order line {line.id} comes from no proposal, so nobody approved it; propose it first")
    with services.sessions() as session:
        terms = proposals.approved_terms(session, line.proposal_id)
        product = products.product_of(session, line.shop_id, line.sku)
        offer = _offer(session, line, terms)
    won_per_dollar = services.settings.won_per_dollar
    request = request_for(product, offer, terms, won_per_dollar)
    if currency != DOLLARS:
        request = _asked_in(request, currency, offer, terms, won_per_dollar)
    return Errand(line, product, terms, offer, request, currency)


def why_not_buy(services: Services, errand: Errand, sight: Sight, history: tuple[Turn, ...]) -> str:
    """Why what is open may not be bought now; empty if it may.

    Asked immediately before Buy Now: holds the page against the request, and its total against the approval as it
    stands in the database at this moment.
    """
    journey = look_back(history)
    offered = journey.offer(journey.at)
    verdict = judge(errand.request, offered)
    if not verdict.accepted:
        return f"our own check refuses it: {verdict}"
    if missing := _unchosen(errand.request, offered, journey):
        return f"choose first: {missing}"
    now = read_page(sight.text, sight.clickables)
    if now.kind != "item" or now.title != offered.title:
        return f"the open page is not the one of {offered.title!r} that was judged"
    if now.highest is None or offered.highest is None:
        return "its page shows no price"
    # A page may ask more than when it was first opened, and then that is what would be paid.
    with services.sessions() as session:
        return _why_not_allowed(services, errand, max(now.highest, offered.highest), session)


def _why_not_allowed(services: Services, errand: Errand, price: Decimal, session: Session) -> str:
    line = orders.line_of(session, errand.line.id)
    product = products.product_of(session, line.shop_id, line.sku)
    if line.state is not OrderState.PLACING or line.proposal_id is None:
        return f"order line {line.id} is {line.state} by now"
    if product.status is not ProductStatus.ACTIVE:
        return f"{line.sku} is {product.status} by now"
    try:
        approved = proposals.approved_digest(session, line.proposal_id)
        check_approval(errand.terms, approved, paid=errand.paid(services, price))
    except NotApproved as refusal:
        return str(refusal)
    return ""


def _unchosen(request: Request, offered: Offered, journey: Journey) -> str:
    wanted = choices(request, offered)
    return ", ".join(f"{group} '{value}'" for group, value in wanted.items() if journey.chosen.get(group) != value)


def _asked_in(request: Request, currency: str, offer: OfferInfo, terms: Terms, won_per_dollar: Decimal) -> Request:
    """The same request at a site whose prices are not in dollars: the cap is the approved price of a pack there."""
    pack = terms.unit_price * offer.pack_size
    cap = _converted(pack, terms.currency, currency, won_per_dollar, rounding=ROUND_DOWN)
    plain = say_request(replace(request, price_cap=None))
    money = f"{cap:,} won" if currency == "KRW" else f"{cap:,} {currency}"
    return replace(request, price_cap=cap, currency=currency, text=f"{plain}, and price lower than {money}")


def _converted(amount: Decimal, source: str, target: str, won_per_dollar: Decimal, *, rounding: str) -> Decimal:
    """An amount in another currency. Raises BadValue for a currency without a rate."""
    coin = Decimal(1) if target == "KRW" else CENT
    if source != target:
        amount = amount * rate(target, won_per_dollar) / rate(source, won_per_dollar)
    return amount.quantize(coin, rounding)


def _offer(session: Session, line: OrderLineInfo, terms: Terms) -> OfferInfo:
    for offer in products.offers_of(session, line.shop_id, line.sku):
        if offer.supplier == terms.supplier:
            return offer
    raise BadValue(f"{terms.supplier} no longer offers {terms.sku}; propose it anew with another supplier")
