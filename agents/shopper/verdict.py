"""Holds what a page offers against a request: type, name, attributes, options, price and pack, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from agents.shopper.options import SAME_WORDS, chosen_of, likeness
from agents.shopper.request import Request
from agents.shopper.words import covered, plain, says, word_set
from stocksense.domain.reasons import Language, show_money

_PACKS = (
    re.compile(r"\b(?:pack|case|box|set|bundle) of (\d+)\b"),
    re.compile(r"\b(\d+)[ -]?(?:pack|count|ct|pcs|pieces|piece|pk)\b"),
    re.compile(r"(?:^|[ ,(])(\d+) ?[x×] ?\d|[x×] ?(\d+)\b"),
)
NEAR = 0.2
"""A value must be that like the wanted one to be chosen at all; only the same words satisfy the verdict."""


class Fault(StrEnum):
    """What can be wrong with an offer."""

    KIND = "kind"
    NAME = "name"
    ATTRIBUTE = "attribute"
    OPTION = "option"
    OPEN_OPTION = "open option"
    PRICE = "price"
    NO_PRICE = "no price"
    PACK = "pack"
    NO_PACK = "no pack"


MENDABLE = frozenset({Fault.KIND, Fault.ATTRIBUTE, Fault.NO_PACK})
"""Faults that reading on may clear; the others are settled by title, options and price."""
OWN_PAGE = "page"
"""What is unread of a product that was only listed; then its options are not known either."""
_PAGES_IN_KOREAN = {"description": "설명", "features": "특징", "reviews": "후기", OWN_PAGE: "상품"}
_UNREAD: dict[Language, str] = {
    "en": "'{wanted}' is not known before its {unread} is read",
    "ko": "{unread} 페이지를 읽어야 '{wanted}'인지 알 수 있음",
}
_WORDS: dict[Language, dict[Fault, str]] = {
    "en": {
        Fault.KIND: "it does not call itself '{wanted}'",
        Fault.NAME: "its title lacks: {wanted}",
        Fault.ATTRIBUTE: "no page of it says '{wanted}'",
        Fault.OPTION: "it cannot be had with {wanted}",
        Fault.OPEN_OPTION: "it leaves {found} open, and the request does not say which",
        Fault.PRICE: "it costs {found}, above the cap of {wanted}",
        Fault.NO_PRICE: "its page shows no price, or it is sold out; the cap is {wanted}",
        Fault.PACK: "it sells {found} at once, asked for are {wanted}",
        Fault.NO_PACK: "no page of it says how many it sells at once, asked for are {wanted}",
    },
    "ko": {
        Fault.KIND: "페이지에 '{wanted}'라는 말이 없음",
        Fault.NAME: "제목에 없는 말: {wanted}",
        Fault.ATTRIBUTE: "'{wanted}'가 어느 페이지에서도 확인되지 않음",
        Fault.OPTION: "선택할 수 없는 옵션: {wanted}",
        Fault.OPEN_OPTION: "골라야 할 옵션({found})이 요청에 없음",
        Fault.PRICE: "{found}으로 상한 {wanted}보다 비쌈",
        Fault.NO_PRICE: "페이지에 가격이 없거나 품절(상한 {wanted})",
        Fault.PACK: "{found}개 묶음인데 요청은 {wanted}개 묶음",
        Fault.NO_PACK: "몇 개 묶음인지 나와 있지 않음(요청 {wanted}개)",
    },
}


def page_in(language: Language, name: str) -> str:
    """What a page of a product is called in Korean (`ko`) or English (`en`)."""
    return _PAGES_IN_KOREAN.get(name, name) if language == "ko" else name


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or not known: what was asked for, and what was found instead, if anything.

    `unread` names the next page of the product that may still say it; empty if it is settled. Of prices both are
    amounts in the site's `currency`.
    """

    fault: Fault
    wanted: str
    found: str = ""
    unread: str = ""
    currency: str = ""

    def say(self, language: Language) -> str:
        """The finding as a clause in Korean (`ko`) or English (`en`)."""
        words = _UNREAD[language] if self.unread else _WORDS[language][self.fault]
        return words.format(
            wanted=self._told(self.wanted, language),
            found=self._told(self.found, language),
            unread=page_in(language, self.unread),
        )

    def _told(self, value: str, language: Language) -> str:
        return show_money(Decimal(value), self.currency, language) if self.currency and value else value


@dataclass(frozen=True)
class Offered:
    """What is known of one product from the pages that were read; prices in the site's currency.

    `unread` names its pages that were not read: what only they may say is not known, and so is not wrong.
    """

    product: str
    title: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    texts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether an offer is what was asked for: it is, if everything was looked at and nothing found wrong."""

    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong and nothing unknown."""
        return not self.findings

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults alone, those included that are only not known to be none."""
        return tuple(finding.fault for finding in self.findings)

    @property
    def settled(self) -> tuple[Fault, ...]:
        """The faults that no page still unread can clear."""
        return tuple(finding.fault for finding in self.findings if not finding.unread)

    def say(self, language: Language) -> str:
        """All that is wrong, in Korean or English."""
        right: dict[Language, str] = {"en": "it is what was asked for", "ko": "요청한 그대로임"}
        return "; ".join(finding.say(language) for finding in self.findings) or right[language]

    def __str__(self) -> str:
        return self.say("en")


def judge(request: Request, offered: Offered) -> Verdict:
    """Everything that is wrong with an offer or not known of it, worst first. Judged by words on its pages alone."""
    return Verdict(tuple(_unless_unread(finding, offered.unread) for finding in _findings(request, offered)))


def choices(request: Request, offered: Offered) -> dict[str, str]:
    """The value to choose in each group of options that the request speaks of: {group: value as the page spells it}."""
    return {group: value for group, value, how in chosen_of(request, offered.options) if how >= NEAR}


def pack_of(texts: tuple[str, ...]) -> int:
    """How many units a page sells at once by its own words; 0 if it does not say."""
    for pattern in _PACKS:
        for text in texts:
            if found := pattern.search(plain(text)):
                return int(next(group for group in found.groups() if group))
    return 0


def _unless_unread(finding: Finding, unread: tuple[str, ...]) -> Finding:
    """The finding, left open if a page that was not read may say otherwise."""
    may_clear = finding.fault in MENDABLE or (finding.fault is Fault.OPTION and OWN_PAGE in unread)
    return replace(finding, unread=unread[0]) if unread and may_clear else finding


def _findings(request: Request, offered: Offered) -> Iterator[Finding]:
    sayings = (offered.title, *offered.texts)
    if request.kind and not says(request.kind, [" ".join(sayings)]):
        yield Finding(Fault.KIND, request.kind)
    if request.name and covered(request.name, offered.title) < 1:
        yield Finding(Fault.NAME, ", ".join(sorted(word_set(request.name) - word_set(offered.title))))
    values = [f"{group} {value}" for group, own in offered.options for value in own]
    for attribute in request.attributes:
        if not says(attribute, [*sayings, *values]):
            yield Finding(Fault.ATTRIBUTE, attribute)
    yield from _about_options(request, offered)
    yield from _about_price(request, offered)
    if request.pack_size:
        pack = pack_of(sayings)
        if not pack and request.pack_size > 1:
            yield Finding(Fault.NO_PACK, str(request.pack_size))
        elif pack and pack != request.pack_size:
            yield Finding(Fault.PACK, str(request.pack_size), str(pack))


def _about_options(request: Request, offered: Offered) -> Iterator[Finding]:
    chosen = choices(request, offered)
    for name, value in request.options:
        exact = any(likeness(value, own) >= SAME_WORDS for own in chosen.values())
        if not exact and not says(value, [offered.title]):
            yield Finding(Fault.OPTION, f"{name} '{value}'")
    for group, values in offered.options:
        if group not in chosen and len(values) > 1 and request.name:
            yield Finding(Fault.OPEN_OPTION, "", group)


def _about_price(request: Request, offered: Offered) -> Iterator[Finding]:
    cap = request.price_cap
    if cap is not None and offered.highest is None:
        yield Finding(Fault.NO_PRICE, str(cap), currency=request.currency)
    elif cap is not None and offered.highest is not None and offered.highest > cap:
        yield Finding(Fault.PRICE, str(cap), str(offered.highest), currency=request.currency)
