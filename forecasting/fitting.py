"""Fitting the network to a panel's windows, and asking it: the only users of torch beside lstm.py."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from forecasting.adamw import AdamW
from forecasting.distribution import DemandDistribution
from forecasting.lstm import DemandNetwork, Shape, loss
from forecasting.panel import Ints
from forecasting.windows import HORIZON_DAYS, Batch, History

LEARNING_RATE = 1e-2
RECENCY_DAYS = 120.0
LEAST_PAST_DAYS = 28
AVERAGED = 0.98


@dataclass(frozen=True)
class Schedule:
    """How long and how hard to fit."""

    steps: int
    batch: int = 512
    learning_rate: float = LEARNING_RATE
    recency_days: float = RECENCY_DAYS


def fit(
    network: DemandNetwork, history: History, schedule: Schedule, *, seed: int, tick: Callable[[int], None]
) -> DemandNetwork:
    """Fit the network in place to windows that end within the panel; gives it back, averaged over steps.

    AdamW with a cosine schedule; the averaged weights (exponential, 0.98) are the ones kept. `tick` is
    called with the number of steps done.
    """
    generator = np.random.default_rng(seed)
    torch.manual_seed(seed)
    optimiser = AdamW(network.parameters())
    kept = {name: value.detach().clone() for name, value in network.state_dict().items()}
    network.train()
    for step in range(schedule.steps):
        rows, origins = sample_windows(history, schedule, generator)
        targets = history.targets(rows, origins)
        batch = history.batch(rows, origins)
        said = network(*_tensors(batch))
        cost = loss(
            said, torch.from_numpy(targets.units), torch.from_numpy(targets.seen), torch.from_numpy(batch.scale)
        )
        cost.backward()  # type: ignore[no-untyped-call]
        optimiser.step(schedule.learning_rate * _cosine(step, schedule.steps))
        decay = min(AVERAGED, (step + 1) / (step + 10))
        for name, value in network.state_dict().items():
            kept[name].lerp_(value, 1 - decay)
        tick(step + 1)
    network.load_state_dict(kept)
    return network.eval()


def sample_windows(history: History, schedule: Schedule, generator: np.random.Generator) -> tuple[Ints, Ints]:
    """Products and origins of one batch: products alike, recent origins more often than old ones."""
    last = history.panel.days - HORIZON_DAYS
    first = min(LEAST_PAST_DAYS, last)
    wanted, rows, origins = schedule.batch, np.empty(0, np.int64), np.empty(0, np.int64)
    able = np.flatnonzero(history.launch < last - 7)
    if not able.size:
        able = np.arange(len(history.launch))
    for _ in range(20):
        row = able[generator.integers(0, len(able), wanted)]
        back = generator.exponential(schedule.recency_days, wanted) % max(last - first, 1)
        origin = (last - np.floor(back)).astype(np.int64)
        old_enough = history.launch[row] <= origin - 7
        rows, origins = np.append(rows, row[old_enough]), np.append(origins, origin[old_enough])
        if len(rows) >= wanted:
            break
    return rows[:wanted], origins[:wanted]


def ask(network: DemandNetwork, history: History, rows: Ints, origin: int) -> DemandDistribution:
    """Forecast these products from one origin (the day index of the first day ahead)."""
    parts = []
    with torch.inference_mode():
        for start in range(0, len(rows), 2048):
            chunk = rows[start : start + 2048]
            said = network(*_tensors(history.batch(chunk, np.full(len(chunk), origin, np.int64))))
            parts.append([value.double().numpy() for value in (said.mean, said.dispersion, said.lead_dispersion)])
    return DemandDistribution(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def new_network(shape: Shape, seed: int) -> DemandNetwork:
    """An untrained network, the same for the same seed."""
    torch.manual_seed(seed)
    return DemandNetwork(shape)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread, and as many as it had afterwards.

    The network is small: a second thread wins nothing on an idle machine, waits busily on a loaded one,
    and would let results depend on the number of cores.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _cosine(step: int, steps: int) -> float:
    """Share of the learning rate: a short rise, then a cosine down to 2 %."""
    rise = max(1, steps // 20)
    if step < rise:
        return (step + 1) / rise
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def _tensors(batch: Batch) -> tuple[torch.Tensor, ...]:
    values = (batch.patches, batch.statics, batch.categories, batch.steps, batch.bases, batch.scale)
    return tuple(torch.from_numpy(np.ascontiguousarray(value)) for value in values)
