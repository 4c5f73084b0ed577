"""A trained model: the same again by its seed, judged on days it had not seen, safe on disk."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from forecasting.model import CARD_FILE, WEIGHTS_FILE, TrainedModel
from forecasting.panel import SalesPanel
from forecasting.predict import predict
from forecasting.train import effort_for, train
from stocksense.errors import BadModelFile, BadValue


def test_the_same_seed_gives_the_same_model(model: TrainedModel, shop: SalesPanel):
    assert train(shop, budget_seconds=2).version == model.version


def test_the_order_of_the_products_does_not_change_the_model(model: TrainedModel, shop: SalesPanel):
    shuffled = shop.only(np.random.default_rng(4).permutation(len(shop.skus)))

    assert train(shuffled, budget_seconds=2).version == model.version


def test_another_seed_gives_another_model(model: TrainedModel, shop: SalesPanel):
    assert train(shop, seed=8, budget_seconds=1).version != model.version


def test_progress_is_told_from_the_first_step_to_the_end(shop: SalesPanel):
    told: list[tuple[int, int, str]] = []

    train(shop, budget_seconds=1, progress=lambda *step: told.append(step))

    done = [step for step, _, _ in told]
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1]


def test_the_card_says_what_was_held_out_and_how_each_model_did(model: TrainedModel):
    assert "21 days" in model.card["held_out"]
    assert {"lstm", "seasonal_naive_7", "moving_average_28", "tsb", "champion"} == set(model.card["backtest"])
    assert model.card["backtest"]["lstm"]["wape"] > 0


def test_a_trial_tells_the_held_out_days_of_each_category(model: TrainedModel, shop: SalesPanel):
    assert model.trial is not None
    first = model.trial.first
    days = {len(units) for units in model.trial.units.values()}

    assert str(first) == model.card["held_out"][:10]
    assert first + timedelta(days.pop() - 1) == shop.last_day
    assert not days
    assert set(model.trial.units) == set(shop.categories)
    assert model.trial.known_to(first + timedelta(22)) == first + timedelta(20)


def test_what_is_tried_on_is_not_known_to_the_model(model: TrainedModel, shop: SalesPanel):
    """Whatever came on the last held-out days, the forecast of the first of them is the same."""
    assert model.trial is not None
    units = shop.units.copy()
    units[:, (model.trial.first - shop.first_day).days :] += 50
    other = train(replace(shop, units=units), budget_seconds=2).trial

    assert other is not None
    told, again = (sum(days[0] for days in trial.units.values()) for trial in (model.trial, other))
    assert told == pytest.approx(again)


def test_every_product_has_a_champion(model: TrainedModel, shop: SalesPanel):
    assert set(model.champions) == set(shop.skus)


def test_a_saved_model_forecasts_as_before(model: TrainedModel, shop: SalesPanel, tmp_path: Path):
    model.save(tmp_path)

    again = TrainedModel.load(tmp_path)

    assert (again.card, again.trial) == (model.card, model.trial)
    assert (predict(again, shop).mean == predict(model, shop).mean).all()


def test_a_model_from_before_trials_were_kept_can_be_used(model: TrainedModel, tmp_path: Path):
    model.save(tmp_path)
    card = json.loads((tmp_path / CARD_FILE).read_text(encoding="utf-8"))
    del card["trial"]
    (tmp_path / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")

    assert TrainedModel.load(tmp_path).trial is None


def test_damaged_weights_are_refused(model: TrainedModel, tmp_path: Path):
    model.save(tmp_path)
    (tmp_path / WEIGHTS_FILE).write_bytes(b"something else")

    with pytest.raises(BadModelFile, match="not the file its card describes"):
        TrainedModel.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"), [("{", "damaged"), ('{"kind": "poem"}', "not the card"), ("[]", "not the card")]
)
def test_a_foreign_card_is_refused(model: TrainedModel, tmp_path: Path, text: str, said: str):
    model.save(tmp_path)
    (tmp_path / CARD_FILE).write_text(text, encoding="utf-8")

    with pytest.raises(BadModelFile, match=said):
        TrainedModel.load(tmp_path)


def test_a_card_without_its_parts_is_refused(model: TrainedModel, tmp_path: Path):
    model.save(tmp_path)
    card = json.loads((tmp_path / CARD_FILE).read_text(encoding="utf-8"))
    del card["vocabulary"]
    (tmp_path / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")

    with pytest.raises(BadModelFile, match="vocabulary"):
        TrainedModel.load(tmp_path)


def test_an_empty_folder_says_to_train_first(tmp_path: Path):
    with pytest.raises(BadModelFile, match="train the forecaster first"):
        TrainedModel.load(tmp_path)


def test_too_short_a_history_is_refused(shop: SalesPanel):
    with pytest.raises(BadValue, match="at least 70"):
        train(shop.until(60))


def test_a_panel_without_sales_is_refused(shop: SalesPanel):
    young = shop.only(np.array([len(shop.skus) - 1]))

    with pytest.raises(BadValue, match="no sales"):
        train(young.until(100))


def test_seventy_days_are_enough(shop: SalesPanel):
    short = shop.until(70)

    assert predict(train(short, budget_seconds=1), short).mean.shape == (len(shop.skus), 21)


def test_a_budget_sets_the_steps(shop: SalesPanel):
    assert effort_for(shop, 8).steps == 100


def test_training_does_not_load_torchs_compiler():
    code = (
        "import sys, torch; from torch import nn; from forecasting.adamw import AdamW; p = nn.Parameter(torch.ones(1));"
        "rule = AdamW([p]); (p * p).sum().backward(); rule.step(0.1); print(float(p), 'torch._dynamo' in sys.modules)"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert float(found[0]) == pytest.approx(0.899, abs=1e-3)
    assert found[1] == "False"
