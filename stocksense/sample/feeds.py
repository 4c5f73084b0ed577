"""Where the sample shop's invented recall notices and keyword ranks lie, laid out for `sources.recorded`."""

from __future__ import annotations

from pathlib import Path

FEEDS = Path(__file__).parent / "feeds"
"""The folder of what outside sources would have answered, in their own forms."""

RECALL_LIST = FEEDS / "recallList.json"
"""Recall notices in the envelope of the SafetyKorea open API; one of them names a product of the shop."""


def datalab_files() -> tuple[Path, ...]:
    """Keyword ranks in the form of Naver DataLab's shopping insight, one file a category and week, oldest first.

    A name is `{cid}_{first day}_{last day}.json`.
    """
    return tuple(sorted((FEEDS / "datalab").glob("*.json"), key=lambda file: file.stem.split("_")[1:]))
