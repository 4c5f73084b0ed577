"""What a buyer can learn from a failed try: a fixed list of lessons, so that no page can write one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agents.shopper.verdict import MENDABLE, Fault, Verdict


class Insight(StrEnum):
    """Every lesson there is, in the words that a chat model reads."""

    BROADEN = "All the words of the request together found nothing that fits: search its name or kind alone first."
    OPTION = "What fitted could not be had with the option: look for a page of its own for that option."
    PRICE = "All that fitted cost more than the cap: only the owner can raise it, so do not search on for long."
    READ = "Pages did not confirm an attribute: read features and description before giving a product up."
    PACK = "What fitted was sold in another number: put the pack size into the search."
    HURRY = "The walk ended before a decision: open fewer products and decide sooner."


_IN_KOREAN: dict[str, str] = {
    Insight.BROADEN: "요청의 말을 모두 넣으니 맞는 것이 없었음. 이름이나 종류만으로 먼저 찾을 것.",
    Insight.OPTION: "맞는 상품에 그 옵션이 없었음. 그 옵션만 따로 파는 페이지를 찾을 것.",
    Insight.PRICE: "맞는 상품이 모두 상한보다 비쌌음. 상한은 주인만 올릴 수 있으니 오래 찾지 말 것.",
    Insight.READ: "페이지에서 조건을 확인하지 못했음. 포기하기 전에 특징과 설명을 읽을 것.",
    Insight.PACK: "맞는 상품의 묶음 수가 달랐음. 검색에 묶음 수를 넣을 것.",
    Insight.HURRY: "정하기 전에 걸음이 다 됐음. 상품을 덜 열어 보고 빨리 정할 것.",
}


def lesson_in(language: str, lesson: str) -> str:
    """A lesson in Korean (`ko`) or English (`en`); one that a model wrote stays in its own words."""
    return _IN_KOREAN.get(lesson, lesson) if language == "ko" else lesson


_LESSON_OF = {
    Fault.KIND: Insight.BROADEN,
    Fault.NAME: Insight.BROADEN,
    Fault.ATTRIBUTE: Insight.READ,
    Fault.OPTION: Insight.OPTION,
    Fault.OPEN_OPTION: Insight.OPTION,
    Fault.PRICE: Insight.PRICE,
    Fault.NO_PRICE: Insight.PRICE,
    Fault.PACK: Insight.PACK,
    Fault.NO_PACK: Insight.PACK,
}


def insight_from(verdict: Verdict) -> Insight:
    """What the verdict on the nearest offer teaches: its first fault that reading on could not have cleared."""
    settled = [fault for fault in verdict.faults if fault not in MENDABLE]
    return _LESSON_OF[(settled or [*verdict.faults, Fault.KIND])[0]]


@dataclass(frozen=True)
class Plan:
    """How lessons change the next walk of the brain without a language model.

    `deeper` counts the earlier tries of which nothing is to be seen again, `avoid` holds the products that they
    bought or judged in vain, by number alone.
    """

    broaden: bool = False
    name_pack: bool = False
    hurry: bool = False
    read: bool = False
    deeper: int = 0
    avoid: frozenset[str] = frozenset()
    lesson: Insight | None = None


def plan_from(lessons: Iterable[Insight], avoid: frozenset[str] = frozenset()) -> Plan:
    """The plan that follows from recollected lessons and failed products; other lessons speak to people."""
    learned = tuple(lessons)
    return Plan(
        broaden=Insight.BROADEN in learned,
        name_pack=Insight.PACK in learned,
        hurry=Insight.HURRY in learned,
        read=Insight.READ in learned,
        deeper=len(avoid),
        avoid=avoid,
        lesson=learned[0] if learned else None,
    )
