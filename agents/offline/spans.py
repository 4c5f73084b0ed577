"""Periods and days ahead, as people write them in Korean and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORDS = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|may|jun|jul|aug|sept|sep|oct|nov|dec"
)

_PERIODS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        r"(\d{4}-\d{1,2}-\d{1,2})\s*(?:\.\.|~|부터|to|until|-)\s*(\d{4}-\d{1,2}-\d{1,2})(?:\s*까지)?",
        lambda m: f"{m[1]}..{m[2]}",
    ),
    (r"\d{4}-\d{1,2}(?:-\d{1,2})?(?!\d)", lambda m: m[0]),
    (r"(\d{4})\s*년\s*(\d{1,2})\s*월(?:\s*(\d{1,2})\s*일)?", lambda m: "-".join(part for part in m.groups() if part)),
    (r"(\d{4})\s*년", lambda m: m[1]),
    (r"(\d{1,2})\s*월\s*(\d{1,2})\s*일", lambda m: f"month_{m[1]}_day_{m[2]}"),
    (r"(?<!\d)(\d{1,2})\s*월(?!요)", lambda m: f"month_{m[1]}"),
    (r"(?:최근|지난|과거|요\s*근래)\s*(\d{1,3})\s*일(?:간|\s*동안)?", lambda m: f"last_{m[1]}_days"),
    (r"(?:최근|지난|과거)\s*(\d{1,2})\s*주(?:일)?(?:간|\s*동안)?", lambda m: f"last_{int(m[1]) * 7}_days"),
    (r"(?:최근|지난|과거)\s*(\d{1,2})\s*(?:개월|달)(?:간|\s*동안)?", lambda m: f"last_{int(m[1]) * 30}_days"),
    (r"(?:최근|지난)?\s*(?:일주일|한\s*주)(?:간|\s*동안)?", "last_7_days"),
    (r"(?:최근|지난)?\s*한\s*달(?:간|\s*동안)", "last_30_days"),
    (r"오늘(?:은|의|까지)?|금일", "today"),
    (r"어제(?:는|의)?|전날", "yesterday"),
    (r"이번\s*주|금주|요번\s*주", "this_week"),
    (r"지난\s*주|저번\s*주|전주(?=\s|$|엔|에|의)", "last_week"),
    (r"이번\s*달|이달|금월|당월|요번\s*달", "this_month"),
    (r"지난\s*달|저번\s*달|전월|전달", "last_month"),
    (r"올해|금년|올\s*한\s*해", "this_year"),
    (r"작년|지난\s*해|전년", "last_year"),
    (r"\b(?:last|past|previous)\s+(\d{1,3})\s+days?\b", lambda m: f"last_{m[1]}_days"),
    (r"\b(?:last|past|previous)\s+(\d{1,2})\s+weeks?\b", lambda m: f"last_{int(m[1]) * 7}_days"),
    (r"\b(?:last|past|previous)\s+(\d{1,2})\s+months?\b", lambda m: f"last_{int(m[1]) * 30}_days"),
    (r"\b(?:the )?past week\b", "last_7_days"),
    (r"\b(?:the )?past month\b", "last_30_days"),
    (r"\bthis week(?:'s)?\b|\bwtd\b|\bweek to date\b", "this_week"),
    (r"\b(?:last|previous) week(?:'s)?\b", "last_week"),
    (r"\bthis month(?:'s)?\b|\bmtd\b|\bmonth to date\b", "this_month"),
    (r"\b(?:last|previous) month(?:'s)?\b", "last_month"),
    (r"\bthis year(?:'s)?\b|\bytd\b|\byear to date\b", "this_year"),
    (r"\b(?:last|previous) year(?:'s)?\b", "last_year"),
    (r"\btoday(?:'s)?\b", "today"),
    (r"\byesterday(?:'s)?\b", "yesterday"),
    (
        rf"\b(?:in |for |during )?({_MONTH_WORDS})\s+(\d{{4}})\b",
        lambda m: f"{m[2]}-{_month(m[1]):02d}",
    ),
    (rf"\b(?:in|for|during)\s+({_MONTH_WORDS})\b", lambda m: f"month_{_month(m[1])}"),
)

_COMPARISONS = re.compile(
    r"(?:지난\s*주|저번\s*주|지난\s*달|저번\s*달|작년|어제|전주|전월|전년)\s*(?:동기\s*)?"
    r"(?:대비|보다|하고\s*비교|랑\s*비교|와\s*비교|과\s*비교|에\s*비해)"
    r"|\b(?:compared (?:to|with)|versus|vs\.?|against|than|over)\s+(?:the\s+)?(?:last|previous|same)?\s*"
    r"(?:week|month|year|yesterday|day)\b",
    re.IGNORECASE,
)
"""What a period is compared with is told anyway, so it must not be taken for the period."""

_HORIZONS: tuple[tuple[str, int], ...] = (
    (r"내일모레|모레|\bday after tomorrow\b", 2),
    (r"내일|\btomorrow\b", 1),
    (r"(?:다음|담)\s*주|\bnext week\b|\bcoming week\b|이번\s*주|\bthis week\b|일주일|한\s*주", 7),
    (r"(?:다음|담)\s*달|\bnext month\b|\bcoming month\b|한\s*달", 21),
    (r"보름|\bfortnight\b", 14),
)
_HORIZON_DAYS = re.compile(
    r"(?:앞으로|향후|다음)?\s*(\d{1,3})\s*(일|주일|주|days?|weeks?)(?:간|\s*동안|\s*치)?", re.IGNORECASE
)
_HORIZON_FRAME = re.compile(r"\b(?:(?:over|in|for|within)\s+)?(?:the\s+)?(?:next|coming)\b|앞으로|향후", re.IGNORECASE)


def period_of(clause: str) -> tuple[str, str]:
    """The period a clause names ("" for none), in the words of `parse_period`, and the clause without it."""
    text = _COMPARISONS.sub(" ", unicodedata.normalize("NFKC", clause))
    for pattern, name in _PERIODS:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            period = name if isinstance(name, str) else name(match)
            return period, text[: match.start()] + " " + text[match.end() :]
    return "", text


def horizon_of(clause: str) -> tuple[int, str]:
    """Days ahead that a clause names (0 for none), and the clause without them."""
    text = unicodedata.normalize("NFKC", clause)
    match = _HORIZON_DAYS.search(text)
    if match:
        days = int(match[1]) * (7 if match[2].casefold().startswith(("주", "week")) else 1)
        return days, _HORIZON_FRAME.sub(" ", text[: match.start()] + " " + text[match.end() :])
    for pattern, days in _HORIZONS:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return days, _HORIZON_FRAME.sub(" ", text[: found.start()] + " " + text[found.end() :])
    return 0, text


def _month(word: str) -> int:
    return _MONTHS.index(word.casefold()[:3]) + 1
