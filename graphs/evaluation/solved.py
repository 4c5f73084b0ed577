"""Examples for a chat model: goals of the train split that the buyer without a model solves, shown where alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.shopper.examples import as_text, compact
from agents.shopper.offline import OfflineShopper, Profile
from agents.shopper.request import Request, parse_request
from graphs.react import Bounds, Walk, go
from graphs.reflexion import Forgets, Learned
from memory.examples import Episode, nearest
from tools.simulated_shop import ShopVisit
from webshop_env import WebShopEnv
from webshop_env.goals import split_range

TRIED = 40
"""So many goals of the train split are shopped for."""
_AT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ShowsExamples(Forgets):
    """A memory that keeps nothing and shows the solved walks of the requests most like the one at hand."""

    pool: Sequence[Episode]
    limit: int

    def begin(self, request: Request) -> Learned:
        """The nearest examples, as text."""
        return Learned(examples=tuple(as_text(one) for one in nearest(request.text, self.pool, limit=self.limit)))


def solved_episodes(env: WebShopEnv, profile: Profile) -> tuple[Episode, ...]:
    """Walks with full marks for goals of the train split, by the buyer without a model; test and dev stay unseen."""
    goals = split_range("train", len(env.catalog.goals(env.suite)))[:TRIED]
    found = []
    for number in goals:
        visit = ShopVisit(env, where=lambda: "", wish={"goal": number})
        request = parse_request(env.session.instruction)
        trip = go(Walk(OfflineShopper(profile), visit, request, bounds=Bounds(steps=profile.steps)))
        if trip.purchase and env.session.reward and env.session.reward.total == 1.0:
            steps = compact(trip.history, request)
            found.append(Episode(_AT, "webshop", request.text, steps, request.kind, model="offline"))
    return tuple(found)
