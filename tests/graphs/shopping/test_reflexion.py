"""The loop of trials: when it ends, what a trial learns from the one before, and that learning pays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

import pytest

from agents.shopper.brain import Thought, Usage
from agents.shopper.lessons import Insight
from agents.shopper.offline import QUICK, OfflineShopper
from agents.shopper.request import parse_request
from agents.shopper.scripted import Habit, ScriptedWeakModel, habits_of
from graphs.evaluation.shopping import Bench
from graphs.judging import Judgement, RewardEvaluator, VerifierEvaluator, verifier_gate
from graphs.learners import ChatLearner, OfflineLearner
from graphs.react import Bounds, Walk, go
from graphs.reflexion import Campaign, Forgets, Reflected, best_of, try_and_reflect
from tools.simulated_shop import ShopVisit
from webshop_env import WebShopEnv, load_shipped_catalog

COLA = parse_request("i am looking for cola with flavor: zero sugar, and price lower than 12.00 dollars")
BUY_ALL = ("search[cola]", "click[w00000cola]", "click[zero sugar]", "click[buy now]")
CRISP = parse_request("i am looking for cola for crisp taste with flavor: zero sugar")
READ_ONLY = ("search[cola]", "click[w00000cola]", "click[features]", "click[< prev]", "click[description]")
READ_AND_BUY = (*READ_ONLY, "click[< prev]", "click[zero sugar]", "click[buy now]")
BUY_WRONG = ("search[cola]", "click[w00000cola]", "click[original]", "click[buy now]")


@dataclass
class Told:
    """Does what it was told for each trial, and notes what it knew; its lessons are told as well."""

    walks: list[tuple[str, ...]]
    lessons: list[str]
    name: str = "told"
    known: list[tuple[str, ...]] = field(default_factory=list)
    failed: list[frozenset[str]] = field(default_factory=list)

    def brain(self, learned):
        self.known.append(learned.lessons)
        self.failed.append(learned.failed)
        return Follows(self.walks[min(len(self.known), len(self.walks)) - 1])

    def reflect(self, request, trip, judgement, *, learned):
        return Reflected(self.lessons[min(len(self.known), len(self.lessons)) - 1], usage=Usage(5, 2))


@dataclass(frozen=True)
class Follows:
    actions: tuple[str, ...]
    name: str = "told"

    def think(self, observation, clickables, *, history, request):
        action = self.actions[len(history)] if len(history) < len(self.actions) else "stop[done]"
        return Thought("as told", action, Usage(10, 1))


@pytest.fixture
def campaign(shop_with, page):
    shop = shop_with(page())

    def begin(learner, **more):
        given = {"evaluator": VerifierEvaluator(COLA)} | more
        return Campaign(COLA, lambda: shop.visit(COLA.text), learner=learner, **given)

    return begin


def test_a_first_trial_that_passes_is_the_only_one(campaign):
    (trial,) = try_and_reflect(campaign(OfflineLearner()))

    assert (trial.number, trial.judgement.passed, trial.lesson) == (1, True, "")


def test_a_lesson_is_known_to_the_next_trial(campaign):
    learner = Told([BUY_WRONG, BUY_ALL], ["Take the other flavor."])

    first, second = try_and_reflect(campaign(learner))

    assert (first.lesson, first.judgement.passed) == ("Take the other flavor.", False)
    assert second.judgement.passed
    assert learner.known == [(), ("Take the other flavor.",)]


def test_only_a_product_that_its_own_page_rules_out_is_known_to_have_failed(campaign, shop_with, page):
    dear, unchosen = (Told([BUY_WRONG], ["Take the other flavor."]) for _ in range(2))
    shop = shop_with(page(pricing="$99.00"))

    try_and_reflect(replace(campaign(dear, trials=2), visit=lambda: shop.visit(COLA.text)))
    try_and_reflect(campaign(unchosen, trials=2))

    assert (dear.failed[1], unchosen.failed[1]) == ({"w00000cola"}, frozenset())


def test_a_price_that_depends_on_the_options_does_not_rule_a_product_out(campaign, shop_with, page):
    learner = Told([BUY_WRONG], ["Look for another page."])
    shop = shop_with(page(pricing="$9.00 - $99.00"))

    first, _ = try_and_reflect(replace(campaign(learner, trials=2), visit=lambda: shop.visit(COLA.text)))

    assert "above the cap" in first.judgement.evidence
    assert learner.failed[1] == frozenset()


def test_what_an_earlier_trial_read_counts_for_a_later_purchase(campaign):
    learner = Told([READ_ONLY, BUY_ALL], ["Buy it."])

    first, second = try_and_reflect(campaign(learner, evaluator=VerifierEvaluator(CRISP)))
    (alone,) = try_and_reflect(campaign(Told([BUY_ALL], [""]), evaluator=VerifierEvaluator(CRISP), trials=1))

    assert (first.judgement.passed, second.judgement.passed) == (False, True)
    assert (alone.judgement.passed, alone.judgement.verdict.settled) == (False, ())


def test_before_buy_now_what_is_unread_must_be_read_whatever_earlier_trials_saw(campaign):
    learner = Told([READ_ONLY, BUY_ALL, READ_AND_BUY], ["Buy it.", "Read it yourself."])

    trials = try_and_reflect(campaign(learner, evaluator=VerifierEvaluator(CRISP), gate=verifier_gate(CRISP)))

    assert [trial.trip.purchase is not None for trial in trials] == [False, False, True]
    assert "'crisp taste' is not known before its features is read" in trials[1].trip.history[-2].refusal


def test_pages_that_were_seen_are_known_to_the_next_trial_alone(campaign):
    class Keeps(Forgets):
        kept: list[str] = []

        def failed(self, request, trial):
            self.kept += [trial.lesson, trial.about, *trial.known.lessons]

    memory, asked = Keeps(), parse_request("i am looking for cola with salt and flavor: zero sugar")
    trials = try_and_reflect(campaign(OfflineLearner(QUICK), evaluator=VerifierEvaluator(asked), memory=memory))

    assert trials[1].known.walks == (trials[0].trip.history,)
    assert not any("crisp" in words.lower() for words in memory.kept)


def test_the_loop_ends_when_a_reflection_repeats(campaign):
    learner = Told([BUY_WRONG], ["Take the other flavor.", "take  the other FLAVOR"])

    assert [trial.number for trial in try_and_reflect(campaign(learner))] == [1, 2]


def test_the_same_lesson_on_another_product_is_no_repetition(campaign):
    class Wandering(Told):
        def reflect(self, request, trip, judgement, *, learned):
            return Reflected("Leave it.", about=f"product {min(len(self.known), 3)}")

    assert len(try_and_reflect(campaign(Wandering([BUY_WRONG], [])))) == 4


def test_there_are_eight_trials_at_most_and_the_last_draws_no_lesson(campaign):
    trials = try_and_reflect(campaign(Told([BUY_WRONG], [f"{word} it" for word in "abcdefghijk"])))

    assert [trial.number for trial in trials] == list(range(1, 9))
    assert trials[-1].lesson == ""


def test_a_trial_counts_the_tokens_of_walk_and_reflection(campaign):
    first, second = try_and_reflect(campaign(Told([BUY_WRONG, BUY_ALL], ["Take the other flavor."])))

    assert (first.usage, second.usage) == (Usage(45, 6), Usage(40, 4))


def test_the_best_trial_is_the_one_that_the_evaluator_found_best(campaign):
    trials = try_and_reflect(campaign(Told([BUY_WRONG, ("search[nothing]",)], ["Search anew."]), trials=2))

    assert best_of(trials, VerifierEvaluator(COLA)).number == 1


def test_the_verifier_says_what_is_wrong_with_a_purchase(campaign):
    trial = try_and_reflect(campaign(Told([BUY_WRONG], ["x"]), trials=1))[0]

    assert trial.judgement.unchosen == ("flavor",)
    assert 0 < trial.judgement.score < 1
    assert "left open: flavor" in trial.judgement.evidence


def test_the_verifier_holds_all_packs_together_against_the_budget(campaign):
    two = replace(COLA, quantity=2)

    (trial,) = try_and_reflect(campaign(OfflineLearner(), evaluator=VerifierEvaluator(two, Decimal(15)), trials=1))

    assert not trial.judgement.passed
    assert "2 at $10.00 are above the budget of $15.00" in trial.judgement.evidence


def test_before_buy_now_the_verifier_refuses_what_would_fail_so_that_it_costs_nothing(campaign):
    learner = Told([BUY_WRONG, BUY_ALL], ["Take the other flavor."])

    first, second = try_and_reflect(campaign(learner, gate=verifier_gate(COLA)))

    assert first.trip.purchase is None
    assert "choose first: flavor 'zero sugar'" in first.trip.history[-2].refusal
    assert second.trip.purchase is not None


def test_a_walk_without_a_find_is_judged_all_the_same(campaign):
    (trial,) = try_and_reflect(campaign(Told([("search[xyzzy]",)], ["x"]), trials=1))

    assert trial.judgement == Judgement(False, 0.0, "stopped after 2 steps; nothing was found")


def test_the_buyer_without_a_model_learns_from_the_fixed_list_alone(campaign, shop_with, page):
    shop = shop_with(page(pricing="$99.00"))
    dear = replace(campaign(OfflineLearner()), visit=lambda: shop.visit(COLA.text))

    trials = try_and_reflect(dear)

    assert {trial.lesson for trial in trials} - {""} <= {str(insight) for insight in Insight}
    assert not any(trial.judgement.passed for trial in trials)


@pytest.fixture(scope="module")
def catalog():
    return load_shipped_catalog()


@pytest.fixture(scope="module")
def bench(catalog):
    """A campaign for a goal of the shipped catalogue's train split, judged by the environment's reward."""
    env = WebShopEnv(catalog)

    def build(goal, learner, **more):
        request = parse_request(catalog.goal("templated", goal).instruction)
        reward = RewardEvaluator(request, lambda: env.session.reward.total if env.session.reward else 0.0)
        visit = lambda: ShopVisit(env, where=lambda: "", wish={"goal": goal})  # noqa: E731
        return Campaign(request, visit, reward, learner, bounds=Bounds(steps=15), **more)

    return build


GOALS = range(1500, 1540)


def successes(results):
    """How many tasks had succeeded after each trial, from 1 to 8."""
    return [sum(any(t.judgement.passed for t in trials[:k]) for trials in results) for k in range(1, 9)]


def test_a_weak_model_that_reflects_succeeds_more_often_with_every_trial(bench):
    learner = ChatLearner(ScriptedWeakModel(seed=7))

    by_trial = successes([try_and_reflect(bench(goal, learner)) for goal in GOALS])

    assert all(later >= earlier for earlier, later in pairwise(by_trial))
    assert by_trial[-1] - by_trial[0] >= len(GOALS) / 4


def test_who_knows_what_earlier_trials_saw_buys_no_worse_with_any_trial(catalog):
    env = WebShopEnv(catalog)
    bench = Bench(env, OfflineLearner(QUICK), "verifier", trials=8, bounds=Bounds(steps=QUICK.steps))

    episodes = [bench.shop(goal) for goal in GOALS]
    stood = [[one.trials[place].reward == 1.0 for place in one.standing] for one in episodes]
    by_trial = [sum(one[min(k, len(one) - 1)] for one in stood) for k in range(8)]

    assert all(later >= earlier for earlier, later in pairwise(by_trial))
    assert by_trial[-1] >= 0.95 * len(GOALS)
    assert all(trial.steps <= QUICK.steps for one in episodes for trial in one.trials)


def test_trials_end_when_nothing_new_is_to_be_seen(campaign):
    asked = parse_request("i am looking for cola with salt and flavor: zero sugar")

    trials = try_and_reflect(campaign(OfflineLearner(QUICK), evaluator=VerifierEvaluator(asked)))

    assert 2 <= len(trials) < 8
    assert trials[-1].about == trials[-2].about


@dataclass(frozen=True)
class Forgetful(ChatLearner):
    """Reflects, and forgets it at once."""

    def brain(self, learned):
        return super().brain(replace(learned, lessons=()))


def test_the_same_model_without_its_notes_gets_no_better(bench):
    learner = Forgetful(ScriptedWeakModel(seed=7))

    by_trial = successes([try_and_reflect(bench(goal, learner)) for goal in GOALS])

    assert by_trial[0] == by_trial[-1]


def test_the_weak_model_is_the_same_for_the_same_seed(bench):
    one, two = (try_and_reflect(bench(GOALS[3], ChatLearner(ScriptedWeakModel(seed=5)))) for _ in range(2))

    assert [trial.lesson for trial in one] == [trial.lesson for trial in two]
    assert [trial.trip.history for trial in one] == [trial.trip.history for trial in two]


def test_some_instructions_meet_no_bad_habit_and_some_meet_all():
    counts = {len(habits_of(7, f"instruction {number}")) for number in range(200)}

    assert counts == set(range(len(Habit) + 1))


def test_the_evaluator_s_evidence_holds_no_hidden_field(bench, catalog):
    trials = try_and_reflect(bench(GOALS[0], ChatLearner(ScriptedWeakModel(seed=3))))

    meant = catalog.goal("templated", GOALS[0])
    seen = {turn.observation for trial in trials for turn in trial.trip.history if turn.clickables}
    for trial in trials[:-1]:
        assert meant.asin.lower() not in trial.judgement.evidence or any(meant.asin in page for page in seen)


def test_the_loop_s_walk_is_the_walk_of_the_brain_alone(bench, campaign):
    begun = campaign(OfflineLearner(QUICK))
    alone = go(Walk(OfflineShopper(QUICK), begun.visit(), COLA))

    (trial,) = try_and_reflect(begun)

    assert [turn.action for turn in trial.trip.history] == [turn.action for turn in alone.history]
