"""Recall notices of SafetyKorea (Korea's product safety authority), domestic and from abroad."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from stocksense.domain.recall import RecallNotice, is_missing, split_models
from stocksense.errors import SourceUnreachable, SourceUnreadable
from stocksense.sources.answer import Answer, Fetch, check_reached, read_document
from stocksense.sources.text import LONG, compact_day, plain

log = logging.getLogger(__name__)

_FOUND, _NOTHING = "2000", "2004"

_REMEDIES = {
    "4000": "the key is wrong: set STOCKSENSE_SAFETYKOREA_KEY to the AuthKey that safetykorea.kr issued",
    "4001": "this machine's address is not registered: add it to the key at safetykorea.kr",
    "4005": "it did not understand the question: its interface has changed, look for a newer version of StockSense",
    "5000": "its server failed: try again later",
}
"""What to do about each refusal. All of them come with HTTP status 200."""

_MOST_PARTS = 200
"""Models, barcodes or certificates of one notice that are kept."""


class SafetyKorea:
    """Reads one of the two lists: recalls within Korea or, with `overseas`, those of other countries."""

    def __init__(self, fetch: Fetch, base_url: str, key: str, *, overseas: bool = False, name: str = "") -> None:
        self._fetch = fetch
        self._base = base_url.rstrip("/")
        self._key = key
        self._overseas = overseas
        self.name = name or ("safetykorea-overseas" if overseas else "safetykorea")

    def notices(self, since: date, until: date | None = None) -> tuple[RecallNotice, ...]:
        """The notices published on `since` or later, the newest first; undated ones are always among them.

        With `until`, only that span is asked for; without, the whole list travels (5 MB, overseas 33 MB).
        Raises SourceUnreachable if the source refuses, with its reason, and SourceUnreadable for an unknown form.
        """
        found: dict[str, RecallNotice] = {}
        for key, value in _questions(since, until):
            for row in self._rows(key, value):
                notice = self._notice(row)
                found.setdefault(notice.uid, notice)
        kept = (n for n in found.values() if n.published_on is None or n.published_on >= since)
        return tuple(sorted(kept, key=lambda n: (n.published_on or date.max, n.uid), reverse=True))

    def _rows(self, key: str, value: str) -> list[dict[str, Any]]:
        """The rows of one question, as the source wrote them."""
        path = "recall/fRecallList.json" if self._overseas else "recall/recallList.json"
        answer = self._fetch.get(
            f"{self._base}/{path}", {"conditionKey": key, "conditionValue": value}, {"AuthKey": self._key}
        )
        check_reached(answer, "SafetyKorea", "check STOCKSENSE_SAFETYKOREA_BASE_URL, or try again later")
        rows = _unwrapped(answer)
        readable = [row for row in rows if isinstance(row, dict)]
        if len(readable) < len(rows):
            raise SourceUnreadable(
                f"SafetyKorea sent {len(rows) - len(readable)} of {len(rows)} notices in a form that we don't know, "
                f"so none was taken; its interface has changed, look for a newer version of StockSense"
            )
        return readable

    def _notice(self, row: dict[str, Any]) -> RecallNotice:
        """One row in our words; what the source calls a harm and a remedy differs between its two lists."""
        uid = _text(row, "fRecallUid" if self._overseas else "recallUid", "recallUid")
        return RecallNotice(
            source=self.name,
            uid=uid[:80] or _fingerprint(row),
            product_name=_text(row, "recallProductName", "productName"),
            brand=_text(row, "recallBrandName"),
            models=split_models(_text(row, "recallModelName", limit=LONG))[:_MOST_PARTS],
            barcodes=_parts(row, "barcodeNum"),
            certificates=_parts(row, "certNum"),
            company=_text(row, "recallCmpnyName", "makerName"),
            hazard=_text(row, *(("violateDscr",) if self._overseas else ("harmDscr", "accidentCaseDscr")), limit=LONG),
            remedy=_text(
                row, *(("accidentCaseDscr",) if self._overseas else ("publishActionDscr", "recallMeans")), limit=LONG
            ),
            published_on=compact_day(row.get("publishDate")),
            url=self._page(row, uid),
        )

    def _page(self, row: dict[str, Any], uid: str) -> str:
        """The notice's page: its own address if it's a web address, else SafetyKorea's for that number."""
        own = _text(row, "recallUrl", limit=1000)
        if urlsplit(own).scheme in ("http", "https"):
            return own
        if self._overseas or not uid.isdigit():
            return ""
        return f"{self._base.removesuffix('/openapi/api')}/recall/ajax/recallBoard?recallUid={uid}"


def _questions(since: date, until: date | None) -> list[tuple[str, str]]:
    """The conditions that together cover the span: the list knows only all, or a year or month as a prefix."""
    if until is None or until.year - since.year > 2:
        return [("all", "")]
    if (since.year, since.month) == (until.year, until.month):
        return [("publishDate", f"{since:%Y%m}")]
    return [("publishDate", str(year)) for year in range(since.year, until.year + 1)]


def _unwrapped(answer: Answer) -> list[Any]:
    """What lies in the envelope, which says by a code of its own whether the question was answered."""
    envelope = read_document(answer, "SafetyKorea")
    code = plain(envelope.get("resultCode"), 20)
    if code == _NOTHING:
        return []
    if code in _REMEDIES:
        said = plain(envelope.get("resultMsg"), 100)
        raise SourceUnreachable(f"SafetyKorea refused with code {code} ({said}); {_REMEDIES[code]}")
    rows = envelope.get("resultData")
    if code != _FOUND or not isinstance(rows, list):
        raise SourceUnreadable(
            f"SafetyKorea answered with code {code or 'missing'} and no list of notices; "
            f"its interface has changed, look for a newer version of StockSense"
        )
    return rows


def _text(row: dict[str, Any], *names: str, limit: int = 300) -> str:
    """The first of these fields that says something; null, empty and a dash say nothing."""
    for name in names:
        text = plain(row.get(name), limit)
        if not is_missing(text):
            return text
    return ""


def _parts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    """The values of a field that holds several, separated by commas, each once."""
    parts = (part.strip() for part in _text(row, name, limit=10_000).split(","))
    return tuple(dict.fromkeys(part for part in parts if not is_missing(part)))[:_MOST_PARTS]


def _fingerprint(row: dict[str, Any]) -> str:
    """A name for a notice without number, which stays the same for the same content."""
    plain_row = json.dumps(row, sort_keys=True, ensure_ascii=True, default=str)
    return f"unnumbered-{hashlib.sha256(plain_row.encode()).hexdigest()[:24]}"
