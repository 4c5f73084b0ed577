"""What a clause says beside its intent: a number of units, and the name of something."""

from __future__ import annotations

import re

from agents.offline.fillers import is_filler

_UNITS = re.compile(
    r"(\d[\d,]*)\s*(?:개|박스|봉지|봉|병|캔|팩|상자|묶음|ea\b|units?\b|pcs\b|pieces?\b|packs?\b|boxes\b|bottles?\b)?",
    re.I,
)
_KOREAN_NUMBERS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열두": 12, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "백": 100,
}  # fmt: skip
_KOREAN_UNITS = re.compile(
    rf"({'|'.join(sorted(_KOREAN_NUMBERS, key=len, reverse=True))})\s*(?:개|박스|봉지|봉|병|캔|팩|상자)"
)
_QUOTED = re.compile(r"'([^']{2,})'|\"([^\"]{2,})\"|‘([^’]+)’|“([^”]+)”|「([^」]+)」|\[([^\]]+)\]")
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b|(?<!\d)\d{8,14}(?!\d)")
_CUES = re.compile(r"(왜|얼마나|몇\s?개|언제|재고|주문|발주|예측|예상|판매량|매출|부족|리콜)")
"""Words that end a name even where no space was written."""

_EDGE = " \t\n.,!?？。~·:;()…"


def count_of(clause: str) -> tuple[int, str]:
    """A number of units or rows (0 for none), and the clause without it. Codes and names in quotes don't count."""
    hidden = _QUOTED.sub(lambda m: "\x00" * len(m[0]), _CODE.sub(lambda m: "\x00" * len(m[0]), clause))
    match = _KOREAN_UNITS.search(hidden)
    if match:
        return _KOREAN_NUMBERS[match[1]], clause[: match.start()] + " " + clause[match.end() :]
    numbers = [m for m in _UNITS.finditer(hidden) if not _part_of_word(hidden, m)]
    if not numbers:
        return 0, clause
    best = max(numbers, key=lambda m: (m[0].strip() != m[1], -m.start()))
    return int(best[1].replace(",", "")), clause[: best.start()] + " " + clause[best.end() :]


def mention_of(clause: str) -> str:
    """What a clause names beside its question: a code, a text in quotes, or the words left between the fillers."""
    quoted = _QUOTED.search(clause)
    if quoted:
        return next(group for group in quoted.groups() if group).strip()
    code = _CODE.search(clause)
    if code:
        return code[0]
    words = [word.strip(_EDGE) for word in _CUES.sub(r" \1 ", clause).split()]
    kept = [at for at, word in enumerate(words) if word and not is_filler(word)]
    return " ".join(word for word in words[kept[0] : kept[-1] + 1] if word) if kept else ""


def _part_of_word(text: str, match: re.Match[str]) -> bool:
    """Whether a number belongs to a name (`500ml`, `A4`) rather than counting something."""
    before, after = text[: match.start(1)], text[match.end(1) :]
    if re.search(r"[A-Za-z\-.]$", before):
        return True
    has_unit = match[0].strip() != match[1]
    return not has_unit and bool(re.match(r"[A-Za-z가-힣%\-]|\.\d", after))
