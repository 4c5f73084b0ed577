"""Who shops and reflects in a loop of trials: the buyer without a language model, and a chat model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.shopper.brain import BUY, Brain
from agents.shopper.chat import ChatShopper, Style
from agents.shopper.lessons import Insight, insight_from
from agents.shopper.offline import PATIENT, OfflineShopper, Profile
from agents.shopper.reflecting import write_lesson
from agents.shopper.request import Request
from graphs.judging import Judgement
from graphs.react import Trip
from graphs.reflexion import Learned, Reflected

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

KNOWN = {str(insight): insight for insight in Insight}
"""The fixed list of lessons, by their words."""


@dataclass(frozen=True)
class OfflineLearner:
    """The buyer without a language model: its lessons are of the fixed list, whoever wrote them."""

    profile: Profile = PATIENT
    name: str = "offline"

    def brain(self, learned: Learned) -> Brain:
        """The buyer, changed by the lessons that are in the list (others are not read) and by what was seen before."""
        lessons = tuple(KNOWN[lesson] for lesson in learned.lessons if lesson in KNOWN)
        return OfflineShopper(self.profile, lessons, self.name, learned.failed, earlier=learned.walks)

    def reflect(self, request: Request, trip: Trip, judgement: Judgement, *, learned: Learned) -> Reflected:
        """The lesson that the verdict, or the walk's end, teaches, about the product and the pages known by now.

        So it repeats an earlier one only if nothing new was seen since.
        """
        pages = {turn.observation for walk in (*learned.walks, trip.history) for turn in walk if turn.action != BUY}
        return Reflected(str(insight_for(trip, judgement)), f"{judgement.product} by {len(pages)} pages")


@dataclass(frozen=True)
class ChatLearner:
    """A chat model: it shops as ReAct does, and says in its own words why it failed."""

    model: BaseChatModel
    name: str = "react"
    style: Style = "text"

    def brain(self, learned: Learned) -> Brain:
        """The buyer, with lessons and examples in its prompt."""
        return ChatShopper(self.model, learned.lessons, self.name, learned.examples, self.style)

    def reflect(self, request: Request, trip: Trip, judgement: Judgement, *, learned: Learned) -> Reflected:
        """The model's own words, cleaned; where nothing of them may be kept, the fitting lesson of the fixed list.

        Raises ModelUnavailable if the model does not answer.
        """
        lesson, usage = write_lesson(
            self.model, request, trip.history, evidence=judgement.evidence, lessons=learned.lessons
        )
        return Reflected(lesson or str(insight_for(trip, judgement)), usage=usage)


def insight_for(trip: Trip, judgement: Judgement) -> Insight:
    """The lesson of the fixed list that fits a failed trial: by how it ended, else by what is wrong."""
    if trip.outcome in ("steps", "seconds", "tokens"):
        return Insight.HURRY
    if judgement.unchosen and not judgement.faults:
        return Insight.OPTION
    return insight_from(judgement.verdict)
