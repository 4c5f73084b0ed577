"""What a walk's finds are worth by the learned ranker, worked out once for each thing that was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from agents.shopper.brain import Turn
from agents.shopper.features import SKIPPED, Held, Rareness, held_by, listed_features, opened_features
from agents.shopper.journey import Journey, Walk, look_back_over
from agents.shopper.ranker import Pace, Ranker
from agents.shopper.request import Request
from agents.shopper.words import rarity


class Survey:
    """The worth of products at each level of knowledge; `journey` grows while the walk goes on.

    Words are weighed by their rarity among the titles listed so far, so a new list changes every worth.
    """

    def __init__(self, ranker: Ranker, pace: Pace, request: Request, journey: Journey) -> None:
        self._request, self.journey = request, journey
        self._worth = partial(ranker.worth, request, pace)
        self._lists = -1
        self._rarity: dict[str, float] = {}
        self._features: dict[str, tuple[float, ...]] = {}
        self._listed: list[str] = []
        self._opened: dict[str, tuple[tuple[float, ...], float]] = {}
        self._held: dict[str, tuple[int, Held]] = {}
        self._best_read: tuple[object, str] = ((), "")

    def by_list(self) -> Sequence[str]:
        """All listed products, the most promising first."""
        self._refresh()
        return self._listed

    def opened(self, product: str) -> float:
        """The worth of a product whose page was seen."""
        self._refresh()
        return self._opened_features(product)[1]

    def best_known(self, products: Sequence[str]) -> str:
        """The best of opened products: of those that were read if they are several, else by their options.

        What was read is weighed by other things, so it cannot be held against what was only opened.
        """
        read = [product for product in products if self.journey.read[product]]
        if len(read) > 1:
            return self.best_read(read)
        return max(products, key=self.opened, default="")

    def best_read(self, products: Sequence[str]) -> str:
        """The best of products that were read, by what tells apart all that were read."""
        self._refresh()
        read = tuple((product, len(texts)) for product, texts in self.journey.read.items() if texts)
        known = (tuple(products), read, self._lists)
        if known != self._best_read[0]:
            self._best_read = (known, max(products, key=self._read_worth(), default=""))
        return self._best_read[1]

    def lead(self, product: str, over: str) -> float:
        """By how much one opened product is worth more than another: by all that was read of both, else as opened."""
        self._refresh()
        if self.journey.read[product] and self.journey.read[over]:
            worth = self._read_worth()
            return worth(product) - worth(over)
        return self.opened(product) - self.opened(over)

    def _read_worth(self) -> Callable[[str], float]:
        """What tells a product's worth among all that were read."""
        read = [product for product, texts in self.journey.read.items() if texts]
        opened = [offered.options for offered in self.journey.offers.values()]
        rareness = Rareness(self._request, [self._held_by(product) for product in read], opened)

        def worth(product: str) -> float:
            shown = self._opened_features(product)[0][SKIPPED:]
            return self._worth("read", (*shown, *rareness.features(self._held_by(product))))

        return worth

    def _refresh(self) -> None:
        """Weigh everything anew after a list that was not seen before."""
        journey = self.journey
        if self._lists == journey.lists:
            return
        self._lists = journey.lists
        self._rarity = rarity(listed.title for listed in journey.listed.values())
        self._opened.clear()
        self._features = {product: self._listed_features(product) for product in journey.listed}
        worth = {product: self._worth("listed", features) for product, features in self._features.items()}
        self._listed = sorted(worth, key=lambda product: -worth[product])

    def _listed_features(self, product: str) -> tuple[float, ...]:
        journey = self.journey
        return listed_features(self._request, journey.as_listed(product), journey.places_of(product), self._rarity)

    def _opened_features(self, product: str) -> tuple[tuple[float, ...], float]:
        known = self._opened.get(product)
        if known is None:
            offered = self.journey.offers[product]
            features = (*self._features[product], *opened_features(self._request, offered, self._rarity))
            known = self._opened[product] = (features, self._worth("opened", features))
        return known

    def _held_by(self, product: str) -> Held:
        offered = self.journey.offers[product]
        known = self._held.get(product)
        if known is None or known[0] != len(offered.texts):
            known = self._held[product] = (len(offered.texts), held_by(self._request, offered))
        return known[1]


class Trail:
    """Follows a walk turn by turn: a history that goes on where the last one ended is not read from its beginning.

    What `earlier` walks for the same request saw is known from the start.
    What it answers depends on its arguments alone. Threads may share it: each takes what is known for itself meanwhile.
    """

    def __init__(self, earlier: Iterable[Walk] = ()) -> None:
        self._earlier = tuple(earlier)
        self._known: list[tuple[tuple[Turn, ...], tuple[Ranker, Pace, Request], Survey]] = []

    def follow(self, history: tuple[Turn, ...], ranker: Ranker, pace: Pace, request: Request) -> Survey:
        """The survey of a history; it is changed by following a longer one."""
        try:
            known, asked, survey = self._known.pop()
        except IndexError:
            known, asked, survey = self._begin(ranker, pace, request)
        same = asked[0] is ranker and asked[1:] == (pace, request)
        if not same or len(history) < len(known) or history[: len(known)] != known:
            known, asked, survey = self._begin(ranker, pace, request)
        for turn in history[len(known) :]:
            survey.journey.take(turn)
        self._known[:] = [(history, asked, survey)]
        return survey

    def _begin(self, ranker: Ranker, pace: Pace, request: Request) -> tuple[Walk, tuple[Ranker, Pace, Request], Survey]:
        journey = look_back_over(self._earlier)
        journey.set_out()
        return (), (ranker, pace, request), Survey(ranker, pace, request, journey)
