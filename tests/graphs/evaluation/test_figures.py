"""Figures say what was measured, and keep to what stands after each trial."""

import pytest

from graphs.evaluation.figures import UNITS, figures, measure_baselines
from graphs.evaluation.plan import Plan

REFLEXION = Plan(brain="reflexion", split="dev", n=4, trials=3)


def test_success_by_trial_counts_what_stands_after_that_trial(catalog, episode):
    episodes = [episode(500, 1.0), episode(501, 0.5, 1.0), episode(502, 0.5, 0.5, 1.0), episode(503, 0.0, 0.0, 0.0)]

    found = figures(REFLEXION, catalog, episodes)

    assert [score.success for score in found.by_trial] == [25, 50, 75]
    assert found.by_trial[0].mean == pytest.approx(50)


def test_a_trial_that_made_it_worse_counts_only_where_its_purchase_stands(catalog, episode):
    found = figures(REFLEXION, catalog, [episode(500, 0.8, 0.2, standing=(0, 0))])

    assert [score.mean for score in found.by_trial] == pytest.approx([80, 80, 80])


def test_costs_are_of_all_trials_of_a_task(catalog, episode):
    found = figures(REFLEXION, catalog, [episode(500, 0.0, 1.0), episode(501, 1.0)])

    assert (found.steps_mean, found.page_views_mean, found.seconds_mean) == (1.5, 3, 0.75)
    assert found.tokens_mean is None


def test_a_program_reads_score_and_success_in_percent_with_their_units(catalog, episode):
    told = figures(Plan(split="dev"), catalog, [episode(500, 1.0), episode(501, 0.5)]).as_dict()

    assert (told["score"], told["success_rate"], told["n"]) == (75, 50, 2)
    assert {"steps_mean", "seconds_mean", "by_trial", "success_interval"} <= set(told)
    assert told["units"] == UNITS


def test_what_stands_beside_a_score_lets_others_repeat_it(catalog, episode):
    label = figures(Plan(split="dev", mode="fixed"), catalog, [episode(500, 1.0)]).label()

    for said in ("shipped", "templated", "dev", "fixed", "n 1", "seed 7", "quick", "verifier"):
        assert said in label


def test_whoever_knows_the_answer_is_named_a_baseline(catalog):
    found = measure_baselines(Plan(split="dev"), catalog, range(500, 510))

    assert [score.shopper for score in found] == [
        "baseline: rule baseline",
        "baseline: right product",
        "baseline: oracle",
    ]
    assert found[0].mean < found[2].mean
