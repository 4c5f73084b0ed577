"""Who says whether a trial succeeded: the environment's reward in a benchmark, our own verifier everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from agents.shopper.brain import Turn
from agents.shopper.journey import Journey, look_back, look_back_over
from agents.shopper.ranker import Ranker, shipped_ranker
from agents.shopper.ranking import ranked
from agents.shopper.request import Request
from agents.shopper.survey import Survey
from agents.shopper.verdict import MENDABLE, Fault, Offered, Verdict, choices, judge
from graphs.react import Gate, Trip
from stocksense.domain.reasons import show_money
from tools.site import Sight

CLEARLY = 0.5
"""By so much a later purchase must be worth more by the ranker, whose weights differ by 1 to 10 for what matters.

Chosen on WebShop's dev split, where 0.5 and 1 are the same."""


@dataclass(frozen=True)
class Judgement:
    """Whether a trial succeeded, how well it did (0 to 1), and by which evidence, in our own words and numbers.

    `product` is what was bought, else the nearest that was found; the verdict speaks of it. `unchosen` names options
    that were asked for and left open. `refuted` says that the product itself is known not to be what was asked for.
    """

    passed: bool
    score: float
    evidence: str
    product: str = ""
    verdict: Verdict = field(default_factory=lambda: Verdict(()))
    unchosen: tuple[str, ...] = ()
    refuted: bool = False

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the product or not known of it, worst first."""
        return self.verdict.faults


class Evaluator(Protocol):
    """Judges a trial that has ended, and says which of several purchases to keep."""

    def judge(self, trip: Trip, earlier: Sequence[Trip] = ()) -> Judgement:
        """Whether the walk bought what was asked for, by which evidence; what `earlier` walks saw counts as well."""

    def prefer(self, trips: Sequence[Trip], judgements: Sequence[Judgement]) -> int:
        """The place, from 0, of the walk whose purchase is best; each walk with its judgement when it had ended."""


@dataclass(frozen=True)
class VerifierEvaluator:
    """Our own check, which knows the request and the pages that were seen, and nothing else.

    `budget` is the most that all packs together may cost, in the site's currency; the `ranker` puts purchases in order.
    """

    request: Request
    budget: Decimal | None = None
    ranker: Ranker = field(default_factory=shipped_ranker, repr=False)

    def judge(self, trip: Trip, earlier: Sequence[Trip] = ()) -> Judgement:
        """Hold what was bought against the request; of a walk without a purchase, the nearest that it found."""
        return self._judge(trip, _seen_by([*earlier, trip]))

    def prefer(self, trips: Sequence[Trip], judgements: Sequence[Judgement]) -> int:
        """What all pages confirm, else the best of what none rules out, if any was read; of equals the latest.

        A purchase gives way to a later one only if that is clearly better, so that no next page turns it round.
        """
        journey = _seen_by(trips)
        judged = [self._judge(trip, journey) for trip in trips]
        merits = [_merit(one, trip) for one, trip in zip(judged, trips, strict=True)]
        survey, stands = Survey(self.ranker, "quick", self.request, journey), 0
        for later in range(1, len(trips)):
            as_good = merits[later] == merits[stands] and _gives_way(
                judged[stands].product, judged[later].product, survey
            )
            stands = later if merits[later] > merits[stands] or as_good else stands
        return stands

    def _judge(self, trip: Trip, journey: Journey) -> Judgement:
        bought = trip.purchase
        product = bought.product if bought else next(iter(ranked(self.request, journey)), "")
        if product not in journey.offers and product not in journey.listed:
            return Judgement(False, 0.0, f"{trip.outcome} after {len(trip.history)} steps; nothing was found", product)
        offered = journey.offer(product)
        verdict = judge(self.request, offered)
        unchosen = self._unchosen(offered, dict(bought.options)) if bought else ()
        wrong = [str(verdict)] if not verdict.accepted else []
        wrong += [f"left open: {', '.join(unchosen)}"] if unchosen else []
        wrong += [over] if bought and (over := over_budget(self.request, bought.price, self.budget)) else []
        passed = bought is not None and not wrong
        ended = "bought" if bought else f"{trip.outcome} after {len(trip.history)} steps, nearest"
        evidence = f"{ended} {product}: {'; '.join(wrong) or 'it is what was asked for'}"
        score = 1.0 if passed else self._share(verdict, len(unchosen)) * (1.0 if bought else 0.5)
        refuted = any(_rules_out(fault, self.request, offered) for fault in verdict.settled)
        return Judgement(passed, score, evidence, product, verdict, unchosen, refuted)

    def _unchosen(self, offered: Offered, chosen: dict[str, str]) -> tuple[str, ...]:
        """Groups whose wanted value the purchase does not have; names and values fold as pages may spell them."""
        have = {_folded(group): _folded(value) for group, value in chosen.items()}
        wanted = choices(self.request, offered)
        return tuple(group for group, value in wanted.items() if have.get(_folded(group)) != _folded(value))

    def _share(self, verdict: Verdict, unchosen: int) -> float:
        """The share of the request's parts that are right, half for what is not known; below 1 if not all are."""
        request = self.request
        parts = 2 + len(request.attributes) + len(request.options) + (request.price_cap is not None)
        wrong = (len(verdict.findings) + len(verdict.settled)) / 2
        return max(1 - (wrong + unchosen) / parts, 0.0) * 0.99


def _merit(one: Judgement, trip: Trip) -> tuple[bool, bool, bool, int]:
    """What is certain of how a trial ended, the weightiest first; the greater the better."""
    return one.passed, trip.purchase is not None, not one.refuted, -len(one.unchosen)


def _gives_way(old: str, new: str, survey: Survey) -> bool:
    """Whether the later of two trials of the same merit has the better product, or one that nobody can tell."""
    journey = survey.journey
    known = [product for product in (old, new) if product in journey.offers]
    if old == new or not any(journey.read[product] for product in known):
        return True
    return new in known and (old not in known or survey.lead(new, over=old) > CLEARLY)


def _rules_out(fault: Fault, request: Request, offered: Offered) -> bool:
    """Whether a settled fault shows that a product is not meant; by its options a price may yet be below the cap."""
    lowest, cap = offered.lowest, request.price_cap
    by_option = fault is Fault.PRICE and lowest is not None and cap is not None and lowest <= cap
    return fault not in MENDABLE and not by_option


def _seen_by(trips: Sequence[Trip]) -> Journey:
    return look_back_over(trip.history for trip in trips)


@dataclass(frozen=True)
class RewardEvaluator:
    """The environment's own reward, for benchmarks: `reward` is asked when a walk has ended, 1.0 is success.

    Its evidence is our verifier's, as pages would tell; the reward's parts, which hold hidden fields, stay hidden.
    """

    request: Request
    reward: Callable[[], float]

    def judge(self, trip: Trip, earlier: Sequence[Trip] = ()) -> Judgement:
        """The reward of what was bought, 0 where nothing was, with the verifier's findings as evidence."""
        found = VerifierEvaluator(self.request).judge(trip, earlier)
        score = self.reward() if trip.purchase else 0.0
        evidence = f"the purchase is worth {score:.2f} of 1; {found.evidence}" if trip.purchase else found.evidence
        refuted = bool(trip.purchase) and score < 1.0
        return Judgement(score == 1.0, score, evidence, found.product, found.verdict, found.unchosen, refuted)

    def prefer(self, trips: Sequence[Trip], judgements: Sequence[Judgement]) -> int:
        """The purchase with the highest reward; of equals the latest."""
        return max(range(len(trips)), key=lambda place: (judgements[place].passed, judgements[place].score, place))


def verifier_gate(request: Request, budget: Decimal | None = None) -> Gate:
    """The verifier as a gate before Buy Now: what it refuses costs no money, and is reflected upon."""

    def gate(sight: Sight, history: tuple[Turn, ...]) -> str:
        journey = look_back(history)
        if journey.at not in journey.offers:
            return "open a product's page first"
        return _why_not(request, journey, budget)

    return gate


def over_budget(request: Request, price: Decimal | None, budget: Decimal | None) -> str:
    """That all packs together cost more than the budget; empty if they do not, or none is set."""
    if budget is None or price is None or price * request.quantity <= budget:
        return ""
    each, most = (show_money(amount, request.currency, "en") for amount in (price, budget))
    return f"{request.quantity} at {each} are above the budget of {most}"


def _why_not(request: Request, journey: Journey, budget: Decimal | None) -> str:
    offered = journey.offer(journey.at)
    verdict = judge(request, offered)
    if not verdict.accepted:
        return f"our own check refuses it: {verdict}"
    missing = [
        f"{group} '{value}'" for group, value in choices(request, offered).items() if journey.chosen.get(group) != value
    ]
    return f"choose first: {', '.join(missing)}" if missing else over_budget(request, offered.highest, budget)


def _folded(text: str) -> str:
    return " ".join(text.split()).lower()
