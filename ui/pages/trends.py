"""What is searched for: keywords that climb, and the newest rank lists with their source, window and length."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import Response

from stocksense.domain.trend import KeywordRank
from stocksense.store.states import is_generated
from stocksense.store.trends import newest_windows
from tools.trends import MOST_ROWS, trending
from ui.gate import Viewer, services_of
from ui.page import Nav, render

router = APIRouter()
NAV = Nav("trends", "/trends", icon="trends", place=70)

_SHOWN = 20
"""Ranks shown of each list."""


@router.get("/trends")
def trends_page(request: Request, visit: Viewer) -> Response:
    """Rising keywords first, then the lists they were read from."""
    services = services_of(request)
    found = trending(services, MOST_ROWS)
    with services.sessions() as session:
        shop = services.shop(session)
        ranks = [rank for rank in newest_windows(session).now if is_generated(rank.source) == shop.is_generated]
    return render(request, "trends.html", found=found, lists=_lists(ranks), shown=_SHOWN)


def _lists(ranks: list[KeywordRank]) -> list[tuple[KeywordRank, list[KeywordRank]]]:
    """Each list with one of its ranks, which tells source, category and window; the ranks in order."""

    def key(rank: KeywordRank) -> tuple[str, str]:
        return rank.source, rank.category

    grouped = (sorted(group, key=lambda rank: rank.rank) for _, group in groupby(sorted(ranks, key=key), key))
    return [(group[0], group) for group in grouped]
