"""Decisions, purchase proposals and open orders; approving is for people and the owner's policy, never for a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stocksense.domain.orders import ProposalState, Terms
from stocksense.domain.reasons import Language, sentence, show_money
from stocksense.domain.reorder import Situation, order_quantity
from stocksense.errors import BadValue, UnknownName
from stocksense.store import decisions, offers, orders, proposals, stock
from stocksense.store.decisions import StoredDecision
from stocksense.store.offers import OfferInfo
from stocksense.store.products import ProductInfo
from stocksense.store.proposal_lists import Origin, origin_of
from stocksense.store.proposals import ProposalInfo
from stocksense.store.shops import ShopInfo
from tools.naming import product_named
from tools.services import Services
from tools.stock import NO_DECISIONS, NO_DECISIONS_KO


@dataclass(frozen=True)
class Explanation:
    """Why a product was, or was not, to be ordered when it was last decided, and how its stock stands now.

    `proposal` is the number of the purchase proposal that waits for approval or is about to be ordered, if any.
    """

    sku: str
    name_ko: str
    name_en: str
    decided_on: date
    reason: str
    order_quantity: int
    reason_ko: str
    reason_en: str
    on_hand: int
    on_order: int
    changed_since: bool
    proposal: int | None


@dataclass(frozen=True)
class OpenOrder:
    """One product that is on its way; `total` is what the line costs, `days_late` counts from the expected day."""

    line: int
    sku: str
    name_ko: str
    name_en: str
    supplier: str
    state: str
    units_ordered: int
    units_open: int
    total: Decimal
    expected_on: date | None
    days_late: int


@dataclass(frozen=True)
class OpenOrders:
    """Everything that is on its way, the newest first."""

    count: int
    total: Decimal
    currency: str
    orders: tuple[OpenOrder, ...]


@dataclass(frozen=True)
class ProposalRow:
    """A purchase that is proposed and not decided on."""

    id: int
    sku: str
    name_ko: str
    name_en: str
    supplier: str
    quantity: int
    unit_price: Decimal
    total: Decimal
    currency: str
    state: str
    reason_ko: str
    reason_en: str


@dataclass(frozen=True)
class Proposals:
    """The proposals that wait for a person."""

    proposals: tuple[ProposalRow, ...]


def explain_decision(services: Services, product: str) -> Explanation:
    """Say why a product was, or was not, ordered, in one sentence with its numbers.

    Args:
        product: SKU, barcode or name as the user wrote it.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        found = product_named(session, shop.id, product)
        made = decisions.decision_of(session, shop.id, found.sku)
        if made is None:
            raise UnknownName("decision", found.sku, NO_DECISIONS, in_korean=NO_DECISIONS_KO)
        level = stock.level_of(session, shop.id, found.sku, services.today(session))
        at = made.decision.situation
        waiting = proposals.live_proposals(session, shop.id, [found.sku])
        return Explanation(
            found.sku,
            found.name_ko,
            found.name_en,
            made.made_on,
            str(made.decision.reason),
            made.decision.order_quantity,
            sentence(made.decision, "ko", shop.currency),
            sentence(made.decision, "en", shop.currency),
            level.on_hand,
            level.on_order,
            changed_since=(level.available, level.on_order) != (at.on_hand, at.on_order),
            proposal=waiting.get(found.sku),
        )


def open_orders(services: Services) -> OpenOrders:
    """List the purchase orders that are on their way: units, supplier, cost, expected day."""
    with services.sessions() as session:
        shop, today = services.shop(session), services.today(session)
        rows = tuple(
            OpenOrder(
                line.id,
                line.sku,
                line.name_ko,
                line.name_en,
                line.supplier,
                str(line.state),
                line.quantity,
                line.quantity - line.received,
                line.total,
                line.expected_on,
                max((today - line.expected_on).days, 0) if line.expected_on else 0,
            )
            for line in orders.open_lines(session, shop.id)
        )
        return OpenOrders(len(rows), sum((row.total for row in rows), Decimal(0)), shop.currency, rows)


def list_proposals(services: Services) -> Proposals:
    """List the purchase proposals that wait for a person's decision."""
    with services.sessions() as session:
        waiting = proposals.proposals(session, services.shop(session).id, states=(ProposalState.PENDING,))
        made = decisions.decisions_numbered(session, {info.decision_id for info in waiting if info.decision_id})
        return Proposals(tuple(_row(info, made.get(info.decision_id or 0)) for info in waiting))


def propose_purchase(services: Services, product: str, quantity: int = 0) -> ProposalRow:
    """Write a proposal to buy a product; nothing is ordered until a person approves it.

    Args:
        product: SKU, barcode or name as the user wrote it.
        quantity: units, rounded up to whole packs; 0 for what the last run worked out.
    """
    with services.sessions.begin() as session:
        shop, now = services.shop(session), services.clock()
        found = product_named(session, shop.id, product)
        offer = offers.best_offer(session, shop.id, found.sku)
        if offer is None:
            raise BadValue(
                f"no supplier offers {found.sku}; add an offer before proposing to buy it",
                in_korean=f"{found.sku}을(를) 파는 공급처가 없습니다. 먼저 공급처와 가격을 더하세요.",
            )
        made = decisions.decision_of(session, shop.id, found.sku)
        units = order_quantity(_wanted(found, quantity, made), offer.pack_size, offer.minimum_order)
        _check_cover(found, units, made.decision.situation if made else None)
        info = proposals.propose(
            session,
            shop.id,
            terms_of(shop, found, offer, units),
            reason=_asked_for(units, offer.unit_price * units, shop.currency)[services.settings.language],
            idempotency_key=f"chat:{found.sku}:{now.isoformat()}",
            now=now,
            actor=services.actor,
        )
        return _row(info, None)


def terms_of(shop: ShopInfo, product: ProductInfo, offer: OfferInfo, units: int) -> Terms:
    """What is proposed: at most the offer's price, and the options that the product is bought with."""
    options = product.request.get("options", {})
    pairs = tuple(sorted((str(name), str(value)) for name, value in options.items()))
    return Terms(shop.name, product.sku, offer.supplier, units, offer.unit_price, shop.currency, pairs)


def _wanted(product: ProductInfo, quantity: int, made: StoredDecision | None) -> int:
    """Units to propose: those named, else those decided on. Raises BadValue if there are neither."""
    wanted = quantity or (made.decision.wanted if made else 0)
    if wanted <= 0:
        raise BadValue(
            f"nothing was worked out to order of {product.sku}; say how many units, such as 20",
            in_korean=f"{product.sku}은(는) 지금 주문할 것이 없습니다. 그래도 사려면 '20개'처럼 수량을 말해 주세요.",
        )
    return wanted


def _check_cover(product: ProductInfo, units: int, at: Situation | None) -> None:
    """Raises BadValue if the units would lie longer than the shop, or their shelf life, allows."""
    if at is None or at.daily_demand <= 0:
        return
    most = int(at.daily_demand * at.max_cover_days) - at.inventory_position
    smallest = order_quantity(1, at.pack_size, at.minimum_order)
    if units > max(most, smallest):
        raise BadValue(
            f"{units} of {product.sku} would last longer than the {at.max_cover_days:g} days allowed; "
            f"propose {max(most, smallest)} at most",
            in_korean=f"{product.sku} {units}개는 허용된 {at.max_cover_days:g}일보다 오래 남습니다. "
            f"많아야 {max(most, smallest)}개까지 제안할 수 있습니다.",
        )


def _asked_for(units: int, total: Decimal, currency: str) -> dict[Language, str]:
    """Why something is proposed that a person asked for, by language."""
    return {
        "ko": f"대화에서 요청함: {units}개, {show_money(total, currency, 'ko')}.",
        "en": f"Asked for in the chat: {units}, {show_money(total, currency, 'en')}.",
    }


def _row(info: ProposalInfo, made: StoredDecision | None) -> ProposalRow:
    terms = info.terms
    reasons: dict[Language, str] = {"ko": info.reason, "en": info.reason}
    if made is not None:
        reasons = {language: sentence(made.decision, language, terms.currency) for language in reasons}
    elif origin_of(info) is Origin.CHAT:
        reasons = _asked_for(terms.quantity, terms.total, terms.currency)
    return ProposalRow(
        info.id,
        info.sku,
        info.name_ko,
        info.name_en,
        terms.supplier,
        terms.quantity,
        terms.unit_price,
        terms.total,
        terms.currency,
        str(info.state),
        reasons["ko"],
        reasons["en"],
    )


READS = (explain_decision, open_orders, list_proposals)
WRITES = (propose_purchase,)
