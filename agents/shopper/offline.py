"""A buyer without a language model: plans queries, reads pages, compares words, and says why at every step."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.shopper.aloud import thought
from agents.shopper.best import BestOf
from agents.shopper.brain import Thought, Turn
from agents.shopper.careful import Careful
from agents.shopper.journey import Walk, look_at
from agents.shopper.lessons import Insight, plan_from
from agents.shopper.profile import PATIENT, QUICK, THOROUGH, Profile
from agents.shopper.ranker import Ranker, shipped_ranker
from agents.shopper.request import Request
from agents.shopper.survey import Trail

__all__ = ["PATIENT", "QUICK", "THOROUGH", "OfflineShopper", "Profile"]


@dataclass(frozen=True)
class OfflineShopper:
    """The brain without a language model.

    `lessons` are what earlier failures of the same kind taught, `avoid` products that are known not to be meant,
    `ranker` how much each thing on a page counts when the best of many is to be bought. Then what the `earlier` walks
    for the same request saw is known as well; for a real shop only what this walk sees counts.
    """

    profile: Profile = PATIENT
    lessons: tuple[Insight, ...] = ()
    name: str = "offline"
    avoid: frozenset[str] = frozenset()
    ranker: Ranker = field(default_factory=shipped_ranker)
    earlier: tuple[Walk, ...] = field(default=(), repr=False)
    _trail: Trail = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_trail", Trail(self.earlier if self.profile.must_buy else ()))

    def think(
        self, observation: str, clickables: tuple[str, ...], *, history: tuple[Turn, ...], request: Request
    ) -> Thought:
        """The next thought and action, from words on pages alone."""
        page = look_at(observation, clickables)
        if page.kind == "done":
            return thought("bought", "stop[bought]")
        plan = plan_from(self.lessons, self.avoid)
        survey = self._trail.follow(history, self.ranker, self.profile.pace, request)
        if not self.profile.must_buy:
            return Careful(self.profile, request, survey.journey, plan, len(history)).at(page)
        return BestOf(self.profile, request, survey, plan, len(history), trial=len(self.earlier) + 1).at(page)
