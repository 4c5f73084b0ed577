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
    reason: str = ""


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
        reason=f"remembering: {learned[0]}" if learned else "",
    )
