"""Recall notices as they were published, and which of the shop's products they touch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from stocksense.domain.recall import Certainty, MatchState, RecallableProduct, RecallMatch, RecallNotice
from stocksense.errors import UnknownName
from stocksense.store import audit
from stocksense.store.skus import product_ids_of
from stocksense.store.steps import take_step
from stocksense.store.tables import Product, Recall, RecallMatchRow
from stocksense.store.upsert import insert_new


@dataclass(frozen=True)
class MatchInfo:
    """A notice that touches a product, and what was done: `units` were taken off sale for it."""

    id: int
    notice: RecallNotice
    sku: str
    name_ko: str
    name_en: str
    certainty: Certainty
    evidence: str
    state: MatchState
    units: int
    decided_by: str
    changed_at: datetime

    @property
    def uid(self) -> str:
        """The notice's number at its source."""
        return self.notice.uid

    @property
    def product_name(self) -> str:
        """What the notice calls the product."""
        return self.notice.product_name

    def name(self, language: str) -> str:
        """The product's name in a language (`ko` or `en`), in the other where there is none."""
        first, second = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return first or second or self.sku


def save_notices(session: Session, notices: Iterable[RecallNotice], now: datetime) -> int:
    """Keep notices and return how many are new. One that its source has changed since is kept as it is now."""
    rows = {(notice.source, notice.uid): _row(notice) for notice in notices}
    known = _known(session, {source for source, _ in rows})
    fresh = [row | {"fetched_at": now} for key, row in rows.items() if key not in known]
    for key, row in rows.items():
        if key in known and known[key] != row["notice"]:
            same = update(Recall).where(Recall.source == key[0], Recall.uid == key[1])
            session.execute(same.values(**row, fetched_at=now))
    return len(insert_new(session, Recall, fresh, keys=("source", "uid")))


def notices_since(session: Session, since: date) -> tuple[RecallNotice, ...]:
    """The notices published on `since` or later, the newest first, and those that bear no date."""
    rows = select(Recall.notice).where(or_(Recall.published_on >= since, Recall.published_on.is_(None)))
    found = (_notice(stored) for stored in session.scalars(rows))
    return tuple(sorted(found, key=lambda n: (n.published_on or date.max, n.source, n.uid), reverse=True))


def recallable_products(session: Session, shop_id: int) -> tuple[RecallableProduct, ...]:
    """Every product of the shop with what a notice can be held against; recalled and discontinued ones too."""
    rows = select(Product).where(Product.shop_id == shop_id).order_by(Product.sku)
    return tuple(
        RecallableProduct(
            sku=row.sku,
            names=tuple(name for name in (row.name_ko, row.name_en) if name),
            gtin=row.gtin,
            brand=row.brand,
            model=row.model,
        )
        for row in session.scalars(rows)
    )


def save_matches(
    session: Session, shop_id: int, matches: Iterable[RecallMatch], now: datetime
) -> tuple[MatchInfo, ...]:
    """Keep matches with notices that are stored, and return those that are new.

    A match that is there already keeps its state: what a person has dismissed does not come back.
    Raises UnknownSku or UnknownName for a product or a notice that isn't stored.
    """
    found = list(matches)
    products = product_ids_of(session, shop_id, (match.sku for match in found))
    recalls = _numbers(session, {match.source for match in found})
    rows = [_match_row(match, products[match.sku], recalls) | {"changed_at": now} for match in found]
    new = insert_new(session, RecallMatchRow, rows, keys=("recall_id", "product_id"))
    return tuple(_info(*row) for row in _rows(session, _matches().where(RecallMatchRow.id.in_(new))))


def matches(session: Session, shop_id: int, *, states: Collection[MatchState] = ()) -> tuple[MatchInfo, ...]:
    """The matches with the shop's products, the newest first; with `states`, only those."""
    wanted = _matches().where(Product.shop_id == shop_id).order_by(RecallMatchRow.id.desc())
    if states:
        wanted = wanted.where(RecallMatchRow.state.in_(list(states)))
    return tuple(_info(*row) for row in _rows(session, wanted))


def matches_of_product(session: Session, product_id: int) -> tuple[MatchInfo, ...]:
    """The matches with a product, the newest first."""
    return tuple(_info(*row) for row in session.execute(_of_product(), {"product": product_id}))


@cache
def _of_product() -> Any:
    """Made once and kept, since making it takes longer than running it."""
    mine = RecallMatchRow.product_id == bindparam("product")
    return _matches().where(mine).order_by(RecallMatchRow.id.desc())


def match_of(session: Session, match_id: int) -> MatchInfo:
    """One match. Raises UnknownName if there is none of that number."""
    for row in _rows(session, _matches().where(RecallMatchRow.id == match_id)):
        return _info(*row)
    raise UnknownName("recall match", match_id, "list them with `stocksense recalls`")


def set_match_state(
    session: Session,
    match_id: int,
    state: MatchState,
    *,
    decided_by: str,
    now: datetime,
    units: int | None = None,
) -> MatchInfo:
    """Note what was done about a match, and how many units it took off sale or gave back.

    Raises IllegalStep where that cannot follow, and UnknownName.
    """
    changes: dict[str, Any] = {"decided_by": decided_by, "changed_at": now}
    take_step(session, RecallMatchRow, match_id, state, **changes, **({} if units is None else {"units": units}))
    info = match_of(session, match_id)
    shop_id = session.scalar(
        select(Product.shop_id)
        .join(RecallMatchRow, RecallMatchRow.product_id == Product.id)
        .where(RecallMatchRow.id == match_id)
    )
    details = {"sku": info.sku, "notice": info.notice.uid, "units": info.units}
    audit.write(
        session,
        shop_id,
        f"recall match {state}",
        f"recall match {match_id}",
        actor=decided_by,
        now=now,
        details=details,
    )
    return info


def _known(session: Session, sources: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """The stored notices of some sources, by source and number."""
    rows = select(Recall.source, Recall.uid, Recall.notice).where(Recall.source.in_(sources))
    return {(row.source, row.uid): row.notice for row in session.execute(rows)}


def _matches() -> Select[RecallMatchRow, Recall, Product]:
    return (
        select(RecallMatchRow, Recall, Product)
        .join(Recall, Recall.id == RecallMatchRow.recall_id)
        .join(Product, Product.id == RecallMatchRow.product_id)
    )


def _rows(
    session: Session, wanted: Select[RecallMatchRow, Recall, Product]
) -> list[tuple[RecallMatchRow, Recall, Product]]:
    return [(match, recall, product) for match, recall, product in session.execute(wanted)]


def _row(notice: RecallNotice) -> dict[str, Any]:
    """A notice as a row; within `notice` tuples become lists and the day a text, as JSON keeps them."""
    lists = {
        "models": list(notice.models),
        "barcodes": list(notice.barcodes),
        "certificates": list(notice.certificates),
    }
    day = None if notice.published_on is None else notice.published_on.isoformat()
    return {
        "source": notice.source,
        "uid": notice.uid,
        "product_name": notice.product_name[:500],
        "notice": asdict(notice) | lists | {"published_on": day},
        "published_on": notice.published_on,
    }


def _notice(stored: dict[str, Any]) -> RecallNotice:
    """The inverse of `_row`."""
    day = stored.get("published_on")
    lists = {name: tuple(stored.get(name) or ()) for name in ("models", "barcodes", "certificates")}
    return RecallNotice(**(stored | lists | {"published_on": None if day is None else date.fromisoformat(day)}))


def _numbers(session: Session, sources: set[str]) -> dict[tuple[str, str], int]:
    """The rows of the stored notices of some sources, by source and number."""
    rows = select(Recall.source, Recall.uid, Recall.id).where(Recall.source.in_(sources))
    return {(row.source, row.uid): row.id for row in session.execute(rows)}


def _match_row(match: RecallMatch, product_id: int, recalls: dict[tuple[str, str], int]) -> dict[str, Any]:
    recall_id = recalls.get((match.source, match.notice_uid))
    if recall_id is None:
        raise UnknownName(f"notice of {match.source}", match.notice_uid, "save the notices before their matches")
    return {
        "recall_id": recall_id,
        "product_id": product_id,
        "certainty": match.certainty,
        "evidence": match.evidence[:400],
        "state": MatchState.PROPOSED,
        "units": 0,
        "decided_by": "",
    }


def _info(match: RecallMatchRow, recall: Recall, product: Product) -> MatchInfo:
    return MatchInfo(
        id=match.id,
        notice=_notice(recall.notice),
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        certainty=match.certainty,
        evidence=match.evidence,
        state=match.state,
        units=match.units,
        decided_by=match.decided_by,
        changed_at=match.changed_at,
    )
