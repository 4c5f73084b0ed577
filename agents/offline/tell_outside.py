"""Results about recalls and trends as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.offline.language import Language
from agents.offline.phrases import day, name_of, number, phrase, span, word

Values = Mapping[str, Any]


def recalls(values: Values, language: Language) -> str:
    """The recalls that touch our products; none known and never asked are told apart."""
    if values["matches"]:
        head = phrase("recalls", language, count=len(values["matches"]))
        return "\n".join([head, *(_match(row, language) for row in values["matches"])])
    if not values["checked_on"]:
        return phrase("recalls_never", language)
    about = name_of(values["about"], language) if values.get("about") else word("other", "our_products", language)
    shown = {"notices": values["notices"], "day": day(values["checked_on"], language)}
    return phrase("recalls_none", language, about=about, **shown)


def checked(values: Values, language: Language) -> str:
    """What the feeds said when they were asked just now."""
    counts = {"notices": values["notices_read"], "new": values["new_notices"]}
    head = phrase("recalls_checked", language, sources=", ".join(values["sources"]), **counts)
    return head + "\n" + recalls(values["touching"], language)


def _match(row: Values, language: Language) -> str:
    return phrase(
        "recall_line",
        language,
        name=name_of(row, language),
        state=word("state", row["state"], language, units=number(row["units"])),
        hazard=f"{row['hazard']}. " if row["hazard"] else "",
        source=row["source"],
        uid=row["uid"],
        published=f", {day(row['published_on'], language, year=True)}" if row["published_on"] else "",
        evidence=row["evidence"],
    )


def trends(values: Values, language: Language) -> str:
    """Rising keywords with their ranks, and which of our products they touch."""
    if not values["ranks_compared"]:
        return phrase("trends_never", language)
    if not values["rises"]:
        return phrase("trends_none", language, ranks=values["ranks_compared"])
    first = values["rises"][0]
    head = phrase(
        "trends",
        language,
        source=", ".join(dict.fromkeys(row["source"] for row in values["rises"])),
        span=span(first["window_start"], first["window_end"], language),
        window_days=first["window_days"],
    )
    return "\n".join([head, *(_rise(row, language) for row in values["rises"])])


def _rise(row: Values, language: Language) -> str:
    names = ", ".join(name_of(product, language) for product in row["products"])
    return phrase(
        "trend_line" if row["before"] else "trend_line_new",
        language,
        keyword=row["keyword"],
        category=row["category"],
        before=row["before"],
        rank=row["rank"],
        climbed=row["climbed"],
        of=row["of"],
        touched=phrase("trend_touched", language, products=names) if names else "",
    )
