"""What the buyer asked a shop for, told in the reader's language: the parts are the shop's words, the rest is ours."""

from __future__ import annotations

import re

from stocksense.domain.options import option_name
from ui.wording import Words

_CAP = re.compile(r",? and price lower than ([\d.,]+) dollars$")
_OPTION = re.compile(r"(?:, and| with) ((?:(?! with | and )[a-z -])+): ((?:(?!, and [a-z -]+: ).)+)$")
_PACK = re.compile(r", pack of (\d+)")
_ASKED = "i am looking for "


def wish(say: Words, request: str) -> str:
    """A request in the buyer's own form, its parts named in Korean; in English, or in free words, as it was made."""
    if say.language == "en" or not request.startswith(_ASKED):
        return request
    rest, cap = _taken(_CAP, request.removeprefix(_ASKED))
    rest, pack = _taken(_PACK, rest)
    options: list[str] = []
    while (found := _OPTION.search(rest)) is not None:
        options.insert(0, f"{option_name(found[1], say.language)}: {found[2]}")
        rest = rest[: found.start()]
    told = [part for part in rest.split(" with ") if part]
    told += [say("order.wish_pack", n=int(pack))] if pack else []
    told += options
    told += [say("order.wish_cap", price=say.money(float(cap.replace(",", "")), "USD"))] if cap else []
    return " · ".join(told)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what a pattern finds, and what its group holds; empty if it finds nothing."""
    found = pattern.search(text)
    return (text, "") if found is None else (text[: found.start()] + text[found.end() :], found[1])
