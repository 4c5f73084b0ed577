"""How fast the shop is here: the measures of `stocksense shop bench`, each a plain number."""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from webshop_env.catalog import Catalog
from webshop_env.env import WebShopEnv
from webshop_env.reward import Mode


@dataclass(frozen=True, slots=True)
class Speed:
    """Steps a second of processor time with cold and warm caches, and milliseconds a new search takes."""

    products: int
    cold_steps: float
    warm_steps: float
    search_p50_ms: float
    search_p95_ms: float


def random_walk(env: WebShopEnv, queries: Sequence[str], *, steps: int, seed: int) -> float:
    """Walk at random: a search where there is a search bar, else any click; steps a second of processor time."""
    rng = random.Random(seed)
    draw = rng.random
    goals = len(env.catalog.goals(env.suite))
    _, info = env.reset(options={"goal": rng.randrange(goals)})
    began = time.process_time()
    for _ in range(steps):
        verb, names = ("search", queries) if info["has_search_bar"] else ("click", info["clickables"])
        _, _, done, _, info = env.step(f"{verb}[{names[int(draw() * len(names))]}]")
        if done:
            _, info = env.reset(options={"goal": rng.randrange(goals)})
    return steps / (time.process_time() - began)


def search_times(catalog: Catalog, queries: Sequence[str]) -> list[float]:
    """Milliseconds that each query takes, sorted; a query asked before is answered from memory."""
    times = []
    for query in queries:
        began = time.perf_counter()
        catalog.find(query)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def measure_speed(catalog: Catalog, *, suite: str = "templated", mode: Mode = "fixed", steps: int = 60_000) -> Speed:
    """The speed of a catalogue just loaded; searches are goals' instructions, shortened so that none is known yet."""
    env = WebShopEnv(catalog, suite=suite, mode=mode)
    queries = [goal.instruction for goal in catalog.goals(suite)]
    catalog.find("")
    cold = random_walk(env, queries, steps=steps, seed=1)
    random_walk(env, queries, steps=steps, seed=1)
    warm = random_walk(env, queries, steps=steps, seed=1)
    times = search_times(catalog, list(dict.fromkeys(query[5:] for query in queries))[:1000])
    p95 = times[int(len(times) * 0.95)]
    return Speed(len(catalog.products), cold, warm, statistics.median(times), p95)
