"""What the buyer without a language model thinks, in English and in Korean: whoever reads its walk reads their own."""

from __future__ import annotations

from typing import NamedTuple

from agents.shopper.brain import Thought
from agents.shopper.lessons import Insight, lesson_in
from agents.shopper.verdict import Offered, Verdict, page_in
from stocksense.domain.reasons import show_money


class Told(NamedTuple):
    """The same said twice."""

    en: str
    ko: str


_PHRASES = {
    "open": Told(
        "'{title}' fits the words best of what is listed; I open it.",
        "'{title}': 목록에서 요청과 가장 비슷해 열어 봅니다.",
    ),
    "turn": Told(
        "Nothing more on this page is worth opening; I turn it.", "이 쪽에는 더 열어 볼 것이 없어 다음 쪽으로 넘깁니다."
    ),
    "next": Told("I look at the next page of this list before I choose.", "고르기 전에 이 목록의 다음 쪽을 봅니다."),
    "search": Told("I search for {query!r}{why}.", "{query!r} 검색{why}."),
    "remembering": Told(": remembering: {lesson}", ": 배운 것이 있습니다. {lesson}"),
    "asked": Told(", the words of the request", " (요청에 있는 말)"),
    "in vain": Told(", because {last!r} brought nothing that fits", " ({last!r} 검색에는 맞는 것이 없었음)"),
    "again": Told(
        " again, to see pages of its list that no earlier trial saw",
        "을 다시 합니다. 앞선 시도에서 못 본 쪽이 있습니다",
    ),
    "other words": Told(", to see what other words bring up", " (다른 말로도 찾아봄)"),
    "everywhere": Told(
        "I have looked everywhere that the request leads to.", "요청이 가리키는 곳은 모두 살펴보았습니다."
    ),
    "so far": Told("So far {verdict}; I read its {page}.", "지금까지: {verdict}. {page}도 읽어 봅니다."),
    "leave": Told("I leave it: {why}.", "사지 않고 나옵니다: {why}."),
    "have read": Told("Having read this, I find: {verdict}.", "읽어 보니: {verdict}."),
    "keep in mind": Told(
        "I keep in mind what it says: {verdict}; I want its {page} as well.", "읽은 내용: {verdict}. {page}도 봅니다."
    ),
    "among the best": Told(
        "It is among the best so far; I read its {page}.", "지금까지 본 것 가운데 나은 편이라 {page}도 읽어 봅니다."
    ),
    "option": Told("The request asks for {group} '{value}'.", "요청한 옵션입니다: {group} '{value}'."),
    "buy": Told("'{title}' at {price}: {verdict}. I buy it.", "'{title}', {price}: {verdict}. 삽니다."),
    "buy the best": Told(
        "'{title}' at {price} is the best of all: {verdict}. I buy it.",
        "'{title}', {price}: 본 것 가운데 가장 낫습니다({verdict}). 삽니다.",
    ),
    "go": Told("'{title}': {why}.", "'{title}': {why}."),
    "go on": Told(
        "I note that {verdict}, and look on. '{title}': {why}.", "확인: {verdict}. 더 살펴봅니다. '{title}': {why}."
    ),
    "read more": Told("it is among the best, so I read more of it", "나은 편이라 더 읽어 봅니다"),
    "promising": Told("it promises most of what I have not opened", "아직 열지 않은 것 가운데 가장 맞을 것 같습니다"),
    "best": Told("it is the best of all that I saw", "본 것 가운데 가장 낫습니다"),
    "unknown": Told("nothing is known", "아는 것이 없음"),
    "bought": Told("The shop confirms the purchase.", "가게가 구매를 확인했습니다."),
    "no price": Told("no price", "가격 없음"),
}

Value = str | Told | Verdict


def told(name: str, /, **values: Value) -> Told:
    """A phrase with its values filled in; each value that is said twice stands in its own language."""
    english, korean = _PHRASES[name]
    return Told(
        english.format(**{key: _in_english(value) for key, value in values.items()}),
        korean.format(**{key: _in_korean(value) for key, value in values.items()}),
    )


def thought(name: str, action: str, /, **values: Value) -> Thought:
    """A thought in a phrase, and what is done next."""
    said = told(name, **values)
    return Thought(said.en, action, korean=said.ko)


def price_of(offered: Offered, currency: str) -> Told:
    """What an offer costs, in words."""
    if offered.highest is None:
        return _PHRASES["no price"]
    return Told(show_money(offered.highest, currency, "en"), show_money(offered.highest, currency, "ko"))


def remembering(lesson: Insight) -> Told:
    """What an earlier failure taught."""
    return told("remembering", lesson=Told(lesson_in("en", lesson), lesson_in("ko", lesson)))


def page_named(name: str) -> Told:
    """A page of a product by its name in the shop."""
    return Told(page_in("en", name), page_in("ko", name))


def _in_english(value: Value) -> str:
    return value.en if isinstance(value, Told) else str(value)


def _in_korean(value: Value) -> str:
    if isinstance(value, Told):
        return value.ko
    return value.say("ko") if isinstance(value, Verdict) else value
