"""What the dashboard was asked to show: which days, cut how, at which place, of which category, beside what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stocksense.domain.periods import Period, PeriodKind, parse_period
from stocksense.domain.taxonomy import CategoryPath, parse_category
from stocksense.errors import BadValue
from stocksense.store.dashboard import LONGEST_BY_DAY
from stocksense.store.scope import Scope, scope_of
from stocksense.store.session import Session

PRESETS = (
    "today", "last_7_days", "last_28_days", "this_month", "last_month", "last_91_days", "this_year", "last_year",
    "last_364_days",
)  # fmt: skip
OWN = "own"
"""The choice of days of one's own, from `first` to `last`."""
USUAL = "last_28_days"
CUTS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.YEAR)
AGAINST = ("then", "last_year")


@dataclass(frozen=True)
class Look:
    """What to show. `against` is `then`, the like days before, or `last_year`."""

    choice: str
    period: Period
    by: PeriodKind
    against: str
    scope: Scope

    @property
    def before(self) -> Period:
        """The days that are compared with."""
        return self.period.previous() if self.against == "then" else self.period.year_before()

    @property
    def crumbs(self) -> tuple[CategoryPath, ...]:
        """The chosen category and those above it, from the top."""
        names = [name for name in self.scope.category.levels if name] if self.scope.category else []
        return tuple(CategoryPath(*names[:depth]) for depth in range(1, len(names) + 1))


def read_look(session: Session, shop_id: int, today: date, query: Mapping[str, str]) -> Look:
    """Read the address's query: `period` (with `first` and `last`), `by`, `against`, `location`, `category`.

    Raises BadValue or UnknownName for what cannot be shown.
    """
    choice = query.get("period") or USUAL
    period = _own(query, today) if choice == OWN else parse_period(choice, today)
    by = _cut(query.get("by", ""), period)
    against = query.get("against") or AGAINST[0]
    if against not in AGAINST:
        raise BadValue(
            f"against={against!r} compares with nothing; use one of {', '.join(AGAINST)}",
            in_korean="무엇과 견줄지 목록에서 골라 주세요.",
        )
    category = parse_category(query["category"]) if query.get("category") else None
    scope = scope_of(session, shop_id, location=query.get("location", ""), category=category)
    return Look(choice, period, by, against, scope)


def _own(query: Mapping[str, str], today: date) -> Period:
    usual = parse_period(USUAL, today)
    try:
        first = date.fromisoformat(query.get("first") or usual.first.isoformat())
        last = date.fromisoformat(query.get("last") or usual.last.isoformat())
    except ValueError as error:
        raise BadValue(
            f"{query.get('first')!r} to {query.get('last')!r} are no days; write 2026-03-15",
            in_korean="날짜를 2026-03-15처럼 적어 주세요.",
        ) from error
    return Period(OWN, min(first, last), max(first, last))


def _cut(asked: str, period: Period) -> PeriodKind:
    """The cut that was asked for, or one that gives a readable number of bars."""
    if asked:
        if asked not in CUTS:
            raise BadValue(
                f"by={asked!r} is no way to cut days; use one of {', '.join(CUTS)}",
                in_korean="일, 주, 월, 연 가운데 골라 주세요.",
            )
        cut = PeriodKind(asked)
        return PeriodKind.MONTH if cut in CUTS[:2] and period.days > LONGEST_BY_DAY else cut
    for cut, most in ((PeriodKind.DAY, 45), (PeriodKind.WEEK, 190), (PeriodKind.MONTH, 1500)):
        if period.days <= most:
            return cut
    return PeriodKind.YEAR
