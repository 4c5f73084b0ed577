"""What the card of a proposal shows: the approval's row as it stands now, in the reader's words.

Nothing of it is kept anywhere: whoever shows a card asks for it anew.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from stocksense.domain.options import option_name
from stocksense.domain.orders import OrderState, ProposalState
from stocksense.errors import UnknownName
from stocksense.store import audit
from stocksense.store.audit import AuditEntry
from stocksense.store.offers import offers_of
from stocksense.store.orders import OrderLineInfo, line_for
from stocksense.store.proposals import ProposalInfo
from stocksense.store.revisions import newest_of, predecessors
from stocksense.store.session import Session
from stocksense.store.shops import find_shop
from stocksense.store.users import Person, user_of
from ui.evidence import evidence_of, why
from ui.rights import Right, may
from ui.stopped import why_stopped
from ui.wording import Words


@dataclass(frozen=True)
class Card:
    """A proposal for a screen: texts are written out, `digest` is what a decision must name.

    `facts` are pairs of label and value, `tone` is `waits`, `good`, `bad` or `quiet`. Quantities can be changed in
    steps of `pack` from `least` on. `may_decide`: the reader may decide, and there is something to decide.
    """

    id: int
    digest: str
    title: str
    badge: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    reason: str
    story: tuple[str, ...]
    quantity: int
    pack: int
    least: int
    may_decide: bool
    words: dict[str, str]

    @property
    def plain(self) -> dict[str, object]:
        """The card in JSON's terms."""
        return asdict(self)


def card_of(session: Session, proposal_id: int, *, person: Person, say: Words) -> Card:
    """The card of a proposal, or of the one that took its place when somebody changed it. Raises UnknownName."""
    info = newest_of(session, proposal_id)
    line = line_for(session, info.id)
    offer = next(
        (one for one in offers_of(session, info.shop_id, info.sku) if one.supplier == info.terms.supplier), None
    )
    badge, tone = _badge(say, info, line)
    may_decide = info.state is ProposalState.PENDING and may(person.role, Right.APPROVE)
    return Card(
        id=info.id,
        digest=info.digest,
        title=info.name(say.language),
        badge=badge,
        tone=tone,
        facts=_facts(say, info),
        reason=_why(session, say, info),
        story=tuple(_story(session, say, info, line)),
        quantity=info.quantity,
        pack=offer.pack_size if offer else 1,
        least=offer.minimum_order if offer else 1,
        may_decide=may_decide,
        words=_words(say, info) if may_decide else {},
    )


def named(session: Session, say: Words, actor: str) -> str:
    """Who did something: a person by name, a part of StockSense in words."""
    if say.has(f"talk.by_{actor.replace(' ', '_')}"):
        return say(f"talk.by_{actor.replace(' ', '_')}")
    try:
        return user_of(session, actor).name
    except UnknownName:
        return actor


def _why(session: Session, say: Words, info: ProposalInfo) -> str:
    """Why it is proposed, in the reader's language, whichever language the run spoke that proposed it."""
    evidence = evidence_of(session, find_shop(session, info.terms.shop), [info], say.language)
    return why(say, evidence[info.id], info)


def _badge(say: Words, info: ProposalInfo, line: OrderLineInfo | None) -> tuple[str, str]:
    if line is not None:
        return say(f"talk.order_{line.state}"), "bad" if line.state.value in {
            "needs_attention",
            "cancelled",
        } else "good"
    tones = {ProposalState.PENDING: "waits", ProposalState.APPROVED: "good", ProposalState.REJECTED: "bad"}
    return say(f"talk.state_{info.state}"), tones.get(info.state, "quiet")


def _facts(say: Words, info: ProposalInfo) -> tuple[tuple[str, str], ...]:
    terms = info.terms
    return (
        (say("talk.quantity"), say.units(terms.quantity)),
        (say("talk.unit_price"), say.money(terms.unit_price, terms.currency)),
        (say("talk.total"), say.money(terms.total, terms.currency)),
        (say("talk.supplier"), terms.supplier),
        *((option_name(name, say.language), value) for name, value in terms.options),
    )


def _story(session: Session, say: Words, info: ProposalInfo, line: OrderLineInfo | None) -> list[str]:
    """What happened to the proposal: changed, decided or withdrawn, by whom and when; and to its order."""
    told = []
    if (old := predecessors(session, [info]).get(info.id)) is not None:
        who = _who_changed(session, say, old)
        if old.quantity != info.quantity:
            told.append(
                say("talk.was_changed", who=who, before=old.quantity, after=info.quantity, when=info.created_at)
            )
        if old.terms.unit_price != info.terms.unit_price:
            prices = [say.money(one.terms.unit_price, one.terms.currency) for one in (old, info)]
            told.append(say("talk.price_changed", before=prices[0], after=prices[1], when=info.created_at))
    if info.approval is not None:
        done = "talk.was_approved" if info.approval.approved else "talk.was_rejected"
        who = named(session, say, info.approval.decided_by)
        told.append(say(done, who=who, when=info.approval.decided_at))
    if info.state is ProposalState.SUPERSEDED and (change := _last_change(session, info)) is not None:
        told.append(say("talk.was_withdrawn", who=named(session, say, change.actor), when=change.happened_at))
    if line is not None and line.expected_on is not None:
        told.append(say("talk.arrives", day=line.expected_on))
    if line is not None and line.note:
        told.append(why_stopped(say, line) if line.state is OrderState.NEEDS_ATTENTION else line.note)
    return told


def _who_changed(session: Session, say: Words, info: ProposalInfo) -> str:
    change = _last_change(session, info)
    return named(session, say, change.actor) if change else ""


def _last_change(session: Session, info: ProposalInfo) -> AuditEntry | None:
    """What was done to a proposal last, by whom and when."""
    entries = audit.entries(session, info.shop_id, subject=f"proposal {info.id}", limit=1)
    return entries[0] if entries else None


def _words(say: Words, info: ProposalInfo) -> dict[str, str]:
    """The labels of the buttons, which name the product for those who hear them."""
    name = info.name(say.language)
    labels = {key: say(f"talk.{key}") for key in ("approve", "reject", "change", "keep", "cancel", "quantity")}
    return labels | {"about": name}
