"""What a run did, read back from the store as one value: the tables, the letter and `--json` all show this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from stocksense.domain.demand import Forecast
from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.reasons import Language, sentence
from stocksense.domain.recall import MatchState
from stocksense.domain.reorder import Reason
from stocksense.store import decisions, forecasts, orders, outbox, products, proposals, recalls, rising, takings
from stocksense.store.proposals import ProposalInfo
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from tools.services import Services


@dataclass(frozen=True)
class ModelReport:
    """How one model did on the held-out days: errors as shares (0.3 = 30 % off), bias, and how many products use it."""

    name: str
    wape: float
    wape21: float
    bias: float
    chosen_for: int


@dataclass(frozen=True)
class ForecastReport:
    """Which models the forecasts come from, and which days were held out to judge them."""

    products: int
    version: str
    held_out: str
    models: tuple[ModelReport, ...]


@dataclass(frozen=True)
class ProposedReport:
    """One proposal of the run and what has become of it."""

    sku: str
    name: str
    quantity: int
    total: Decimal
    state: ProposalState
    reason: str


@dataclass(frozen=True)
class OrderReport:
    """One line bought, or stopped; `page` is where in the shop."""

    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    total: Decimal
    state: OrderState
    bought: str
    page: str
    note: str


@dataclass(frozen=True)
class RecallReport:
    """A notice that touches a product, and the units taken off sale."""

    sku: str
    name: str
    notice: str
    evidence: str
    units: int
    state: MatchState


@dataclass(frozen=True)
class TrendReport:
    """A rising keyword and the products that it names, none if the shop doesn't carry it."""

    keyword: str
    category: str
    rank: int
    before: int | None
    source: str
    window: tuple[date, date]
    skus: tuple[str, ...]


@dataclass(frozen=True)
class RunReport:
    """Everything that one replenishment did and found; `provenance` says where the data comes from.

    Without a source nothing was asked, which is not the same as nothing found.
    """

    run_id: int
    shop: str
    provenance: str
    day: date
    currency: str
    products: int
    sales_from: date | None
    sales_to: date | None
    forecast: ForecastReport
    reasons: dict[Reason, int]
    proposals: tuple[ProposedReport, ...]
    orders: tuple[OrderReport, ...]
    recalls: tuple[RecallReport, ...]
    trends: tuple[TrendReport, ...]
    failures: tuple[str, ...]
    mails: tuple[str, ...]
    recall_sources: tuple[str, ...]
    trend_sources: tuple[str, ...]

    @property
    def waiting(self) -> tuple[ProposedReport, ...]:
        """Proposals that a person has to decide on."""
        return tuple(proposal for proposal in self.proposals if proposal.state is ProposalState.PENDING)


def report_of(services: Services, run_id: int, failures: tuple[str, ...], language: Language) -> RunReport:
    """Read back what a run did, with names and reasons in one language."""
    with services.sessions() as session:
        shop = services.shop(session)
        names = {product.sku: product.name(language) for product in products.all_products(session, shop.id)}
        made = decisions.decisions_of_run(session, shop.id, run_id)
        first, last = takings.first_and_last_day(session, shop.id) or (None, None)
        return RunReport(
            run_id=run_id,
            shop=shop.name,
            provenance=shop.provenance,
            day=services.today(session),
            currency=shop.currency,
            products=len(names),
            sales_from=first,
            sales_to=last,
            forecast=_forecast_report(
                list(forecasts.latest_forecasts(session, shop.id).values()), services.forecaster.card(shop.name)
            ),
            reasons=dict(Counter(stored.decision.reason for stored in made)),
            proposals=_proposed(session, shop, run_id, names, language),
            orders=_ordered(session, shop, run_id, names),
            recalls=_recalled(session, shop, names),
            trends=_trending(session, shop),
            failures=failures,
            mails=_mails(session, shop, run_id),
            recall_sources=tuple(source.name for source in services.recall_sources),
            trend_sources=tuple(source.name for source in services.trend_sources),
        )


def _forecast_report(made: list[Forecast], card: Mapping[str, Any] | None) -> ForecastReport:
    used = Counter(forecast.model for forecast in made)
    figures = card["backtest"] if card else {}
    models = [
        ModelReport(name, judged["wape"], judged["wape21"], judged["bias"], used.get(name, 0))
        for name, judged in figures.items()
    ]
    return ForecastReport(
        products=len(made),
        version=made[0].version if made else "",
        held_out=card["held_out"] if card else "",
        models=tuple(sorted(models, key=lambda model: model.wape)),
    )


def _proposed(
    session: Session, shop: ShopInfo, run_id: int, names: dict[str, str], language: Language
) -> tuple[ProposedReport, ...]:
    told = {
        stored.id: sentence(stored.decision, language, shop.currency)
        for stored in decisions.decisions_of_run(session, shop.id, run_id)
    }
    return tuple(
        ProposedReport(
            sku=proposal.sku,
            name=names[proposal.sku],
            quantity=proposal.terms.quantity,
            total=proposal.terms.total,
            state=proposal.state,
            reason=told.get(proposal.decision_id or 0, proposal.reason),
        )
        for proposal in _proposals_of(session, shop, run_id)
    )


def _proposals_of(session: Session, shop: ShopInfo, run_id: int) -> list[ProposalInfo]:
    return list(proposals.proposals(session, shop.id, run_id=run_id))


def _ordered(session: Session, shop: ShopInfo, run_id: int, names: dict[str, str]) -> tuple[OrderReport, ...]:
    proposed = {proposal.id for proposal in _proposals_of(session, shop, run_id)}
    return tuple(
        OrderReport(
            sku=line.sku,
            name=names[line.sku],
            quantity=line.quantity,
            unit_price=line.unit_price,
            total=line.total,
            state=line.state,
            bought=line.bought,
            page=line.page,
            note=line.note,
        )
        for line in orders.lines(session, shop.id)
        if line.proposal_id in proposed
    )


def _recalled(session: Session, shop: ShopInfo, names: dict[str, str]) -> tuple[RecallReport, ...]:
    return tuple(
        RecallReport(match.sku, names[match.sku], match.notice.product_name, match.evidence, match.units, match.state)
        for match in recalls.matches(session, shop.id, states=(MatchState.PROPOSED, MatchState.QUARANTINED))
    )


def _trending(session: Session, shop: ShopInfo) -> tuple[TrendReport, ...]:
    return tuple(
        TrendReport(
            keyword=found.rise.keyword,
            category=found.rise.category,
            rank=found.rise.rank,
            before=found.rise.before,
            source=found.rise.source,
            window=(found.rise.window_start, found.rise.window_end),
            skus=found.skus,
        )
        for found in rising.rising(session, shop)
    )


def _mails(session: Session, shop: ShopInfo, run_id: int) -> tuple[str, ...]:
    """Where each letter of the run is: the file that it was written to, or how far it has come."""
    return tuple(
        mail.note or f"{', '.join(mail.recipients)}: {mail.state.value}"
        for mail in outbox.mails(session, shop.id)
        if mail.idempotency_key == f"replenish-{run_id}"
    )
