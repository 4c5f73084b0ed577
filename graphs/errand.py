"""One order line to buy, and the gate that it has to pass immediately before Buy Now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agents.shopper.brain import Turn
from agents.shopper.journey import Journey, look_back
from agents.shopper.request import Request
from agents.shopper.verdict import Offered, choices, judge
from agents.shopper.wanted import in_currency, request_for
from stocksense.domain.orders import OrderState, Terms, check_approval
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadValue, NotApproved
from stocksense.store import orders, products, proposals
from stocksense.store.orders import OrderLineInfo
from stocksense.store.products import OfferInfo
from stocksense.store.session import Session
from tools.services import Services
from tools.site import Sight


@dataclass(frozen=True)
class Errand:
    """A line being placed, the terms that were approved for it, the offer that they rest on, and the request."""

    line: OrderLineInfo
    terms: Terms
    offer: OfferInfo
    request: Request

    def paid(self, services: Services, dollars: Decimal) -> Decimal:
        """What the whole line costs in the shop's currency when one pack costs so many dollars."""
        whole = dollars * self.request.quantity
        return in_currency(whole, self.terms.currency, services.settings.won_per_dollar)


def errand_of(services: Services, line: OrderLineInfo) -> Errand:
    """What is to be bought for a line.

    Raises NotApproved unless the line's terms are approved, BadValue if they cannot be asked of a shop in packs.
    """
    if line.proposal_id is None:
        raise NotApproved(f"order line {line.id} comes from no proposal, so nobody approved it; propose it first")
    with services.sessions() as session:
        terms = proposals.approved_terms(session, line.proposal_id)
        product = products.product_of(session, line.shop_id, line.sku)
        offer = _offer(session, line, terms)
    return Errand(line, terms, offer, request_for(product, offer, terms, services.settings.won_per_dollar))


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
    with services.sessions() as session:
        return _why_not_allowed(services, errand, offered, session)


def _why_not_allowed(services: Services, errand: Errand, offered: Offered, session: Session) -> str:
    line = orders.line_of(session, errand.line.id)
    product = products.product_of(session, line.shop_id, line.sku)
    if line.state is not OrderState.PLACING or line.proposal_id is None:
        return f"order line {line.id} is {line.state} by now"
    if product.status is not ProductStatus.ACTIVE:
        return f"{line.sku} is {product.status} by now"
    if offered.highest is None:
        return "its page shows no price"
    try:
        approved = proposals.approved_digest(session, line.proposal_id)
        check_approval(errand.terms, approved, paid=errand.paid(services, offered.highest))
    except NotApproved as refusal:
        return str(refusal)
    return ""


def _unchosen(request: Request, offered: Offered, journey: Journey) -> str:
    wanted = choices(request, offered)
    return ", ".join(f"{group} '{value}'" for group, value in wanted.items() if journey.chosen.get(group) != value)


def _offer(session: Session, line: OrderLineInfo, terms: Terms) -> OfferInfo:
    for offer in products.offers_of(session, line.shop_id, line.sku):
        if offer.supplier == terms.supplier:
            return offer
    raise BadValue(f"{terms.supplier} no longer offers {terms.sku}; propose it anew with another supplier")
