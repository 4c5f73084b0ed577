"""What the buyer is asked for, as a sentence and as its parts, read from either Korean or English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from agents.shopper.words import plain

CENT = Decimal("0.01")
_AMOUNT = r"(\d[\d,]*(?:\.\d+)?)"
_BELOW = r"(?:price )?(?:is |be )?(?:lower than|less than|under|below|at most|cheaper than|up to|no more than|within)"
_DOLLAR_CAPS = (
    re.compile(rf",?\s*(?:\b(?:and|with) )?(?:\ba )?\b{_BELOW} \$?\s*{_AMOUNT}(?: ?(?:dollars?|usd|bucks))?"),
    re.compile(rf",?\s*(?:and )?\$\s*{_AMOUNT} or (?:less|cheaper|under)"),
    re.compile(rf",?\s*{_AMOUNT} ?(?:달러|불) ?(?:이하|미만|까지|이내|안쪽)(?:로|의|인)?"),
)
_WON_CAPS = (
    re.compile(rf",?\s*{_AMOUNT} ?(만|천)? ?원 ?(?:이하|미만|까지|이내|안쪽)(?:로|의|인)?"),
    re.compile(rf",?\s*(?:\band )?\b{_BELOW} {_AMOUNT} ?()(?:won|krw)"),
)
_UNITS = {"만": 10_000, "천": 1_000, "": 1}
_PACKS = re.compile(r"(\d+) ?(?:packs? of|boxes of|cases of|박스|상자|묶음|팩)\b")
_PACK = re.compile(r"\b(?:pack|case|box) of (\d+)\b")
_OPENING = re.compile(
    r"^(?:(?:please )?(?:i am|i'm|im|we are) (?:looking|searching) for|i (?:want|need)(?: to buy)?|"
    r"(?:please )?(?:find|get|buy) (?:me )?)\s*(?:an? |some )?"
)
_CLOSING = re.compile(
    r"\s*(?:을|를|좀)?\s*(?:찾아 ?줘|찾아 ?주세요|찾고 있어요?|사 ?줘|사 ?주세요|주문해 ?줘|구매해 ?줘)[.!]?$"
)
_OPTION = re.compile(r"(?:^|,? with |,? and |, )((?:(?! with | and )[a-z가-힣 -]){1,40}): ?")
_TAIL = re.compile(r"\s+(?:with|for|that is|that are|which is|which are|featuring)\s+")
_COMMA = re.compile(r",\s*(?:and\s+)?")


@dataclass(frozen=True)
class Request:
    """What is to be bought. Empty parts ask for nothing.

    `kind` is what sort of thing, `name` the words of one exact product; `price_cap` is the most, in the site's
    dollars, for what one page sells at once, which is `pack_size` units (0: any number). `quantity` counts packs.
    """

    text: str
    kind: str = ""
    name: str = ""
    attributes: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    price_cap: Decimal | None = None
    pack_size: int = 0
    quantity: int = 1


def say_request(request: Request) -> str:
    """The sentence for a request's parts: `i am looking for {kind} ... and price lower than X dollars`."""
    said = f"i am looking for {request.kind or request.name}"
    if request.name and request.kind:
        said += f", {request.name}"
    if request.pack_size > 1:
        said += f", pack of {request.pack_size}"
    if request.attributes:
        said += f" with {', '.join(request.attributes)}"
    said += "".join(
        f"{', and' if place else ' with'} {name}: {value}" for place, (name, value) in enumerate(request.options)
    )
    if request.price_cap is not None:
        said += f", and price lower than {request.price_cap:.2f} dollars"
    return said


def parse_request(
    text: str, *, won_per_dollar: Decimal = Decimal(1400), glossary: Mapping[str, str] | None = None
) -> Request:
    """Read a request in free words, English or Korean; the glossary turns Korean words into the shop's English ones.

    The kind is what stands before the first "with" or "for", attributes before a comma aside.
    """
    rest = _CLOSING.sub("", plain(text).rstrip(".!? "))
    rest, cap = _take_cap(rest, won_per_dollar)
    rest = _OPENING.sub("", rest)
    rest, quantity = _take_number(rest, _PACKS)
    pack = _PACK.search(rest)
    rest, options = _take_options(rest)
    for korean, english in sorted((glossary or {}).items(), key=lambda pair: -len(pair[0])):
        rest = rest.replace(plain(korean), f" {plain(english)} ")
        options = tuple((name, value.replace(plain(korean), plain(english))) for name, value in options)
    head, *tails = _TAIL.split(rest)
    *before, kind = _pieces(head) or [""]
    wanted = (*before, *(piece for tail in tails for piece in _pieces(tail)))
    return Request(
        text=text,
        kind=kind,
        attributes=wanted,
        options=options,
        price_cap=cap,
        pack_size=int(pack[1]) if pack else 0,
        quantity=quantity or 1,
    )


def _pieces(text: str) -> list[str]:
    """The parts of an enumeration; the size of a pack is none of them."""
    parts = (" ".join(part.split()) for part in _COMMA.split(text))
    return [part for part in parts if part and not _PACK.fullmatch(part)]


def _take_cap(text: str, won_per_dollar: Decimal) -> tuple[str, Decimal | None]:
    """The text without its price cap, and the cap in dollars."""
    for pattern in _WON_CAPS:
        if found := pattern.search(text):
            won = Decimal(found[1].replace(",", "")) * _UNITS[found[2] or ""]
            return pattern.sub(" ", text, count=1), (won / won_per_dollar).quantize(CENT, ROUND_DOWN)
    for pattern in _DOLLAR_CAPS:
        if found := pattern.search(text):
            return pattern.sub(" ", text, count=1), Decimal(found[1].replace(",", ""))
    return text, None


def _take_number(text: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    """The text without a number of packs, and the number; 0 if there is none."""
    found = pattern.search(text)
    return (pattern.sub(" ", text, count=1), int(found[1])) if found else (text, 0)


def _take_options(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text before its first `name: value`, and all such pairs."""
    marks = list(_OPTION.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    pairs = tuple((m[1].strip(), text[m.end() : end].strip(" ,.")) for m, end in zip(marks, ends, strict=True))
    return (text[: marks[0].start()] if marks else text), tuple((name, value) for name, value in pairs if value)
