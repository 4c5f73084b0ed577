"""Popular search words of Naver DataLab's Shopping Insight, by the call that its own page makes."""

from __future__ import annotations

from datetime import date
from typing import Any

from stocksense.domain.trend import KeywordRank
from stocksense.errors import BadValue, SourceUnreadable
from stocksense.sources.answer import Answer, Fetch, check_reached, read_document
from stocksense.sources.text import plain

FIRST_DAY = date(2017, 8, 1)
"""The day on which DataLab's records begin."""

ROWS_A_PAGE = 20
LAST_PAGE = 25

CATEGORIES = {
    "50000000": "패션의류",
    "50000001": "패션잡화",
    "50000002": "화장품/미용",
    "50000003": "디지털/가전",
    "50000004": "가구/인테리어",
    "50000005": "출산/육아",
    "50000006": "식품",
    "50000007": "스포츠/레저",
    "50000008": "생활/건강",
    "50000009": "여가/생활편의",
    "50000010": "면세점",
    "50005542": "도서",
}
"""Numbers and names of the categories at the top."""

_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
"""The page's call is answered to browsers only."""


class DataLab:
    """Reads rank lists. Pauses between calls are kept by the `fetch` that it is given."""

    def __init__(self, fetch: Fetch, base_url: str, *, name: str = "datalab") -> None:
        self._fetch = fetch
        self._base = base_url.rstrip("/")
        self.name = name

    def ranks(self, category_id: str, first: date, last: date, *, most: int = 100) -> tuple[KeywordRank, ...]:
        """The `most` (500 at most) popular words of a category over a window of days, by rank; 1 is the most popular.

        Empty while the window's last day isn't published yet. Raises BadValue for a window that cannot be,
        SourceUnreachable when shut out, SourceUnreadable for an unknown form.
        """
        _check_window(category_id, first, last)
        found: dict[int, str] = {}
        for page in range(1, min(-(-most // ROWS_A_PAGE), LAST_PAGE) + 1):
            rows = self._page(category_id, first, last, page)
            fresh = {rank: word for rank, word in rows.items() if rank not in found}
            found |= fresh
            if len(fresh) < ROWS_A_PAGE:
                break
        category = CATEGORIES.get(category_id, category_id)
        ranked = sorted(found.items())[:most]
        return tuple(KeywordRank(self.name, category, word, rank, first, last) for rank, word in ranked)

    def _page(self, category_id: str, first: date, last: date, page: int) -> dict[int, str]:
        """One page of the list, as word by rank."""
        answer = self._fetch.post(
            f"{self._base}/shoppingInsight/getCategoryKeywordRank.naver",
            {
                "cid": category_id,
                "timeUnit": "date",
                "startDate": first.isoformat(),
                "endDate": last.isoformat(),
                "age": "",
                "gender": "",
                "device": "",
                "page": str(page),
                "count": str(ROWS_A_PAGE),
            },
            {
                "Referer": f"{self._base}/shoppingInsight/sCategory.naver",
                "X-Requested-With": "XMLHttpRequest",
                "User-Agent": _AGENT,
                "Accept": "application/json",
            },
        )
        check_reached(answer, "Naver DataLab", "it has shut us out for a while: wait an hour before asking again")
        return _ranked(answer)


def _check_window(category_id: str, first: date, last: date) -> None:
    if not category_id.isdigit():
        raise BadValue(f"{category_id!r} is no category of DataLab; give its number, such as 50000006 for food")
    if first < FIRST_DAY or last < first:
        raise BadValue(
            f"DataLab has no ranks for {first} to {last}; give a first day from {FIRST_DAY} on and a last day after it"
        )


def _ranked(answer: Answer) -> dict[int, str]:
    """Word by rank of one answer. Raises SourceUnreadable if it isn't a list of ranks."""
    document = read_document(answer, "Naver DataLab")
    rows = document.get("ranks")
    refused = document.get("returnCode") not in (0, None) or document.get("statusCode") not in (200, None)
    if refused or not isinstance(rows, list):
        said = plain(document.get("message"), 100)
        raise SourceUnreadable(
            f"Naver DataLab answered with code {plain(document.get('returnCode'), 20)} ({said or 'no message'}) and no "
            f"list of ranks; try again in an hour, or look for a newer version of StockSense"
        )
    ranked = dict(_row(row) for row in rows)
    return {rank: word for rank, word in ranked.items() if word}


def _row(row: Any) -> tuple[int, str]:
    """Rank and word of one row."""
    if isinstance(row, dict):
        rank = row.get("rank")
        if isinstance(rank, int) and 1 <= rank <= ROWS_A_PAGE * LAST_PAGE:
            return rank, plain(row.get("keyword"), 200)
    raise SourceUnreadable(
        f"Naver DataLab sent a rank in a form that we don't know: {plain(str(row), 100)!r}; "
        f"look for a newer version of StockSense"
    )
