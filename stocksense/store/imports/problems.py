"""One thing that is wrong with a file: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stocksense.errors import BadImport
from stocksense.store.imports.wording import WARNINGS, WORDS, Fault

Language = Literal["ko", "en"]

SHOWN_CHARACTERS = 80
"""How much of a cell a sentence repeats."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell. `row` is the number that Excel shows; 0 means the whole file."""

    file: str
    row: int
    column: str
    value: str
    fault: Fault
    hint: str = ""

    @property
    def is_warning(self) -> bool:
        """Whether the row was taken all the same."""
        return self.fault in WARNINGS

    def what(self, language: Language) -> str:
        """What is wrong."""
        words = WORDS[self.fault]
        return self._filled(words.ko if language == "ko" else words.en)

    def remedy(self, language: Language) -> str:
        """What to do about it."""
        words = WORDS[self.fault]
        return self._filled(words.remedy_ko if language == "ko" else words.remedy_en)

    def where(self, language: Language) -> str:
        """File, row and column."""
        row, column = ("{}행", "'{}' 열") if language == "ko" else ("row {}", "column '{}'")
        parts = [self.file]
        parts += [row.format(self.row)] if self.row else []
        parts += [column.format(self.column)] if self.column else []
        return ", ".join(parts)

    def sentence(self, language: Language) -> str:
        """Where, which value, what is wrong with it and what to do, in one line."""
        value = f" '{self._shown}'" if self.value and self.row else ""
        return f"{self.where(language)}:{value} {self.what(language)}; {self.remedy(language)}"

    @property
    def _shown(self) -> str:
        text = " ".join(self.value.split())
        return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"

    def _filled(self, words: str) -> str:
        return words.replace("{value}", self._shown).replace("{hint}", self.hint)


def unreadable(file: str, fault: Fault, *, row: int = 0, value: str = "", hint: str = "") -> BadImport:
    """The error for a file that cannot be read at all, in both languages."""
    problem = Problem(file, row, "", value, fault, hint)
    return BadImport(problem.sentence("en"), in_korean=problem.sentence("ko"))
