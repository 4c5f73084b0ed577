"""What a proposal rests on, in the reader's language: the reason sentence, the numbers behind it, and how it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from stocksense.domain.reasons import sentence
from stocksense.domain.reorder import Situation
from stocksense.domain.trend import Rise
from stocksense.store import rising
from stocksense.store.decisions import StoredDecision, decisions_numbered
from stocksense.store.proposal_lists import Origin, Stand, origin_of, stands
from stocksense.store.proposals import ProposalInfo
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from ui.wording import Words


@dataclass(frozen=True)
class Evidence:
    """Why something is proposed: the sentence (empty if only the words of `origin` tell), and the numbers behind it.

    `decision` and `at` are what the last run worked out and from what; `now` how the product stands at this moment.
    """

    origin: Origin | None
    reason: str
    decision: StoredDecision | None
    now: Stand | None
    rise: Rise | None = None

    @property
    def at(self) -> Situation | None:
        """From what it was decided."""
        return None if self.decision is None else self.decision.decision.situation

    @property
    def has_moved(self) -> bool:
        """Whether other units are on hand or on order than when it was decided."""
        at, now = self.at, self.now
        return (
            at is not None
            and now is not None
            and (at.on_hand + at.past_sale, at.on_order) != (now.on_hand, now.on_order)
        )


def evidence_of(session: Session, shop: ShopInfo, found: Sequence[ProposalInfo], language: str) -> dict[int, Evidence]:
    """The evidence of proposals, by their numbers."""
    decided = decisions_numbered(session, {info.decision_id for info in found if info.decision_id is not None})
    now = stands(session, shop.id, {info.sku for info in found})
    rises = _rises(session, shop, found)
    return {
        info.id: _evidence(info, decided.get(info.decision_id or 0), now.get(info.sku), rises, shop, language)
        for info in found
    }


def why(say: Words, evidence: Evidence, info: ProposalInfo) -> str:
    """In a sentence why something is proposed, with the units that are proposed now."""
    if evidence.reason:
        return evidence.reason
    if (rise := evidence.rise) is None:
        return say(f"approvals.because_{evidence.origin or Origin.EDIT}", n=info.quantity)
    return say(
        "approvals.rise" if rise.before else "approvals.rise_new",
        word=rise.keyword,
        before=rise.before or 0,
        rank=rise.rank,
        first=say.short_day(rise.window_start),
        last=say.short_day(rise.window_end),
        source=say.source(rise.source),
        category=rise.category,
        units=info.quantity,
    )


def _evidence(  # everything that a sentence is made of
    info: ProposalInfo,
    made: StoredDecision | None,
    now: Stand | None,
    rises: dict[str, Rise],
    shop: ShopInfo,
    language: str,
) -> Evidence:
    origin = origin_of(info)
    if made is not None:
        said = sentence(made.decision, cast('Literal["ko", "en"]', language), shop.currency)
        return Evidence(origin, said, made, now)
    rise = rises.get(info.sku) if origin is Origin.TRIAL else None
    told_by_origin = rise is not None or origin in {Origin.CHAT, Origin.EDIT}
    return Evidence(origin, "" if told_by_origin else info.reason, None, now, rise)


def _rises(session: Session, shop: ShopInfo, found: Sequence[ProposalInfo]) -> dict[str, Rise]:
    """What rises in the lists now and names a product of which a trial is proposed."""
    trials = {info.sku for info in found if origin_of(info) is Origin.TRIAL}
    if not trials:
        return {}
    return {sku: one.rise for one in rising.rising(session, shop, only=trials) for sku in one.skus}
