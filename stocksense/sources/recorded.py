"""Answers from files, asked as if they were the sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from stocksense.errors import SourceUnreachable
from stocksense.sources.answer import Answer, check_web_address, shown


class RecordedFetch:
    """Looks answers up in a folder instead of asking the web.

    A question whose address ends in `recallList.json` is answered by the file `recallList.json`. Where there is no
    such file, the folder named like the host (`datalab` for datalab.naver.com) is searched: the name of a file there
    holds, joined by `_`, values that the question must give, such as `50000006_2026-09-10_2026-09-16_1.json` for
    category, first day, last day and page. The file that names the most values wins.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The recorded answer. Raises SourceUnreachable if none was recorded."""
        return self._answer(url, params or {})

    def post(self, url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """The recorded answer. Raises SourceUnreachable if none was recorded."""
        return self._answer(url, data or {})

    def _answer(self, url: str, values: Mapping[str, str]) -> Answer:
        parts = urlsplit(check_web_address(url))
        named = self._folder / parts.path.rpartition("/")[2]
        found = named if named.is_file() else self._by_values((parts.hostname or "").split(".")[0], values)
        if found is None:
            asked = ", ".join(f"{name}={value}" for name, value in values.items() if value)
            raise SourceUnreachable(
                f"no answer to {shown(url)} ({asked or 'no values'}) is recorded in {self._folder}; "
                f"the sample shop is generated data, set up the real source to ask further"
            )
        return Answer(200, {"content-type": "application/json"}, found.read_text(encoding="utf-8"), url)

    def _by_values(self, host: str, values: Mapping[str, str]) -> Path | None:
        given = set(values.values())
        fitting = [file for file in sorted((self._folder / host).glob("*.json")) if set(file.stem.split("_")) <= given]
        return max(fitting, key=lambda file: file.stem.count("_"), default=None)
