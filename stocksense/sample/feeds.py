"""The sample shop's invented recall notices and keyword ranks, and a way for the readers of sources to read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stocksense.sources.answer import Answer

FEEDS = Path(__file__).parent / "feeds"
"""The folder of what outside sources would have answered, in their own forms."""

RECALL_LIST = FEEDS / "recallList.json"
"""Recall notices in the envelope of the SafetyKorea open API; one of them names a product of the shop."""


def datalab_files() -> tuple[Path, ...]:
    """Keyword ranks in the form of Naver DataLab's shopping insight, one file a category and week, oldest first.

    A name is `{cid}_{first day}_{last day}.json`.
    """
    return tuple(sorted((FEEDS / "datalab").glob("*.json"), key=lambda file: file.stem.split("_")[1:]))


class SampleFeeds:
    """A fetcher that never leaves this machine: it answers the readers of SafetyKorea and DataLab from the files.

    A question that the files have no answer to is answered as the source would: with an empty list.
    """

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Recall notices; `publishDate` narrows them by a prefix as at the source, lists of other kinds are empty."""
        document = _read(RECALL_LIST)
        asked = params or {}
        if not url.endswith("/recall/recallList.json"):
            document["resultData"] = []
        elif asked.get("conditionKey") == "publishDate":
            prefix = asked.get("conditionValue", "")
            document["resultData"] = [row for row in document["resultData"] if row["publishDate"].startswith(prefix)]
        if not document["resultData"]:
            document |= {"resultCode": "2004", "resultMsg": "No data"}
        return _answer(url, document)

    def post(self, url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """The ranks of the week that the asked window ends in; each list is one page long."""
        asked = data or {}
        for file in datalab_files():
            cid, first, last = file.stem.split("_")
            if cid == asked.get("cid") and first <= asked.get("endDate", "") <= last and asked.get("page") == "1":
                return _answer(url, _read(file))
        return _answer(url, {"message": None, "statusCode": 200, "returnCode": 0, "range": "", "ranks": []})


def _read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def _answer(url: str, document: Mapping[str, Any]) -> Answer:
    return Answer(200, {"content-type": "application/json"}, json.dumps(document, ensure_ascii=False), url)
