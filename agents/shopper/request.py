"""What the buyer is asked for, as a sentence and as its parts, read from either Korean or English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from itertools import zip_longest

from agents.shopper.words import is_filler, plain

CENT = Decimal("0.01")
_NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
_LEAD = (
    r"(?<!: )(?:(?:"
    r"\b(?:and|with|for|my|the|an?|i|it|can|has|have|to|must|should|would|be|is|of|on|price[ds]?|pricing|cost|costs|"
    r"costing|budget|spend|spending|pay|paying|up|less|lower|cheaper|under|below|beneath|at|most|max|maximum|no|not|more|"
    r"nothing|dearer|pricier|expensive|than|within|limit|cap|keep|stay|around|about|only|over|above|exceed|exceeding|"
    r"please|total|anything|as|long|willing|go|let|s)\b|가격[은이]?|예산[은이]?|금액[은이]?|최대|한도는?|값은?|비용은?)[\s:,']*)*"
)
_TAIL_OF_CAP = (
    r"(?:\s*(?:or|and)\s+(?:less|cheaper|under|below|lower)|\s*(?:at most|max(?:imum)?|tops)\b|"
    r"\s*(?:보다|이하|미만|까지|이내|안쪽|아래|넘|정도|안에서|선에서)[가-힣 ]*|"
    r"\s*(?:입니다|이에요|예요|로요|으로)[가-힣 ]*)*"
)
_CAPS = (
    (re.compile(rf"{_LEAD}{_NUMBER} ?(만|천)? ?(?:원(?!하|해)|won\b|krw\b){_TAIL_OF_CAP}"), "won"),
    (re.compile(rf"{_LEAD}(?:us)?\$\s*{_NUMBER}(?: ?(?:dollars?|usd|bucks)\b)?{_TAIL_OF_CAP}"), "dollars"),
    (re.compile(rf"{_LEAD}{_NUMBER} ?(?:dollars?\b|usd\b|bucks\b|달러|불(?![가-힣])){_TAIL_OF_CAP}"), "dollars"),
    (
        re.compile(
            rf",?\s*(?:\b(?:and|with) )?(?:\ba )?\b(?:price )?(?:is |be )?(?:lower than|less than|under|below|"
            rf"cheaper than|up to|no more than|within) {_NUMBER}(?=\s*(?:[.,;!?]|$))"
        ),
        "dollars",
    ),
)
"""How a price cap is said: any amount of money with the words around it, or a bare number that something is under."""
_UNITS = {"만": 10_000, "천": 1_000, "": 1}
_PACKS = re.compile(r"(\d+) ?(?:packs? of|boxes of|cases of|박스|상자|묶음|팩)\b")
_PACK = re.compile(r"\b(?:pack|case|box) of (\d+)\b")
_CONTRACTION = re.compile(r"\b(i|you|we|they|it|that|what)['’](?:m|d|ll|ve|re|s)\b")
_OPTION = re.compile(r"(?:^|,? with |,? and |, |\. )((?:(?! with | and )[a-z가-힣 -]){1,40}): ?")
_LISTED = re.compile(r",? (?:with|and) ")
_CLAUSE_END = re.compile(r",\s|[.!?;](?=\s|$)")
_DETAILS = re.compile(r"\s+(?:with|for|that is|that are|which is|which are|featuring)\s+")
_SENTENCE = re.compile(r"[.!?](?=\s|$)|;")
_COMMA = re.compile(r"\s*,\s+(?:and\s+)?|\s+/\s+")
_ALSO = re.compile(r"\s+(?:and also|and|as well as|also|plus|그리고|및|하고|이랑|랑)\s+(?:also\s+)?")
_EDGE = re.compile(r"^[^\w$]+|[^\w+%\"')]+$")
_SPEECH = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True)
class Request:
    """What is to be bought. Empty parts ask for nothing.

    `kind` is what sort of thing, `name` the words of one exact product; `price_cap` is the most, in the site's
    `currency`, for what one page sells at once, which is `pack_size` units (0: any number). `quantity` counts packs.
    `said` are the words of a request in free words without its price cap.
    """

    text: str
    kind: str = ""
    name: str = ""
    attributes: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    price_cap: Decimal | None = None
    pack_size: int = 0
    quantity: int = 1
    currency: str = "USD"
    said: str = field(default="", compare=False, repr=False)


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

    The kind is the first thing that is named, before any "with" or "for"; the attributes are what else is wished.
    Words by which people ask, such as "could you find" or "추천해 주세요", are left out.
    """
    rest = _CONTRACTION.sub(r"\1", plain(text).rstrip(".!? "))
    rest, cap = _take_cap(rest, won_per_dollar)
    rest, quantity = _take_number(rest, _PACKS)
    pack = _PACK.search(rest)
    said = rest
    rest, options = _take_options(rest)
    for korean, english in sorted((glossary or {}).items(), key=lambda pair: -len(pair[0])):
        rest = rest.replace(plain(korean), f" {plain(english)} ")
        said = said.replace(plain(korean), f" {plain(english)} ")
        options = tuple((name, value.replace(plain(korean), plain(english))) for name, value in options)
    kind, wanted = _kind_and_wishes(rest)
    return Request(
        text=text,
        kind=kind,
        attributes=wanted,
        options=options,
        price_cap=cap,
        pack_size=int(pack[1]) if pack else 0,
        quantity=quantity or 1,
        said=said,
    )


def _kind_and_wishes(text: str) -> tuple[str, tuple[str, ...]]:
    """The kind of thing, and everything else that is wished, from the text without options and cap."""
    sentences = [part for part in map(_bare, _SENTENCE.split(text)) if part]
    if not sentences:
        return "", ()
    head, *tails = _DETAILS.split(sentences[0])
    *before, kind = _pieces(head) or [""]
    wishes = [piece for tail in (*tails, *sentences[1:]) for piece in _pieces(tail)]
    return kind, (*before, *(part for wish in wishes for part in map(_bare, _ALSO.split(wish)) if part))


def _bare(text: str) -> str:
    """A clause without the words of asking at its beginning and end."""
    parts = text.split()
    while parts and _is_speech(parts[0]):
        parts.pop(0)
    while parts and _is_speech(parts[-1]):
        parts.pop()
    return _EDGE.sub("", " ".join(parts))


def _is_speech(part: str) -> bool:
    return all(is_filler(word) or not word[0].isalnum() for word in _SPEECH.findall(part))


def _pieces(text: str) -> list[str]:
    """The parts of an enumeration; the size of a pack is none of them."""
    parts = map(_bare, _COMMA.split(text))
    return [part for part in parts if part and not _PACK.fullmatch(part)]


def _take_cap(text: str, won_per_dollar: Decimal) -> tuple[str, Decimal | None]:
    """The text without its price cap, and the cap in dollars."""
    for pattern, currency in _CAPS:
        if found := pattern.search(text):
            amount = Decimal(found[1].replace(",", ""))
            if currency == "won":
                amount = (amount * _UNITS[found[2] or ""] / won_per_dollar).quantize(CENT, ROUND_DOWN)
            return f"{text[: found.start()].rstrip(' ,')}. {text[found.end() :].lstrip(' ,.')}".strip(" ."), amount
    return text, None


def _take_number(text: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    """The text without a number of packs, and the number; 0 if there is none."""
    found = pattern.search(text)
    return (pattern.sub(" ", text, count=1), int(found[1])) if found else (text, 0)


def _take_options(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text without its `name: value` pairs, and these pairs.

    After "with" or "and" a value goes on to the next pair or to the end, commas included; in other sentences it ends
    with its clause. What people call important before a colon, as in "must have: ...", is no name.
    """
    marks = [mark for mark in _OPTION.finditer(text) if not _is_speech(mark[1])]
    kept, pairs, place = [], [], 0
    for mark, follower in zip_longest(marks, marks[1:]):
        end = follower.start() if follower else len(text)
        if not _LISTED.match(mark[0]) and (clause := _CLAUSE_END.search(text, mark.end(), end)):
            end = clause.start()
        kept.append(text[place : mark.start()])
        pairs.append((_bare(mark[1]), text[mark.end() : end].strip(" ,.")))
        place = end
    rest = ". ".join(part for part in (*kept, text[place:]) if part.strip(" ,.")) if marks else text
    return rest, tuple((name, value) for name, value in pairs if value)
