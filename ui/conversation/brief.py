"""The brief on opening: what happened yesterday, what needs the reader, and the common questions."""

from __future__ import annotations

from typing import Any

from graphs.brief import Brief
from stocksense.domain.reasons import Language
from ui.wording import Words

STARTERS = ("sales", "days", "low", "recalls", "trends", "top", "shares")
"""The common questions: `talk.ask_...` is what is asked, `talk.chip_...` what stands on the button."""


def brief_card(say: Words, brief: Brief, *, offline: bool) -> dict[str, Any]:
    """The brief for a screen: figures, what needs the reader with where to look, and the common questions."""
    change = say("talk.brief_change", change=say.change(brief.change, 1)) if brief.change is not None else ""
    return {
        "title": say("talk.brief_title", day=say.short_day(brief.day)),
        "shop": brief.shop,
        "sales": [say("talk.brief_sales"), say.money(brief.amount), say.units(brief.units), change],
        "top": [say("talk.brief_top"), [f"{name} {say.units(units)}" for name, units in brief.top]],
        "needs": [say("talk.brief_needs"), _needs(say, brief), say("talk.brief_nothing")],
        "notes": [
            *([say("talk.brief_generated")] if brief.provenance else []),
            *([say("talk.brief_offline")] if offline else []),
        ],
        "starters": [[say(f"talk.chip_{name}"), say(f"talk.ask_{name}")] for name in STARTERS],
    }


def language_of_words(say: Words) -> Language:
    """The language of some words, as rules take it."""
    return "en" if say.language == "en" else "ko"


def _needs(say: Words, brief: Brief) -> list[str]:
    told = []
    if brief.waiting:
        told.append(say("talk.brief_waiting", n=brief.waiting, total=say.money(brief.waiting_total)))
    for key, names in (
        ("recalls", brief.recalls),
        ("attention", brief.attention),
        ("arriving", brief.arriving),
        ("failed", brief.failed_jobs),
    ):
        if names:
            told.append(say(f"talk.brief_{key}", n=len(names), names=_some(names)))
    return told


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(_cut(name) for name in names[:3]) + (" …" if len(names) > 3 else "")


def _cut(name: str) -> str:
    """What it is about, without what is told of it."""
    about = name.partition(": ")[0]
    return about if len(about) <= 40 else f"{about[:39]}…"
