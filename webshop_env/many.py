"""Many visits to one shop at once, stepped together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webshop_env.catalog import Catalog
from webshop_env.env import WebShopEnv

Flags = NDArray[np.bool_]


class ManyShops:
    """`count` episodes side by side, which share the catalogue and its pages but nothing of their state.

    The options are those of `WebShopEnv`. With `autoreset`, an episode that has ended begins anew with the next step,
    whose action is ignored and whose reward is 0.0.
    """

    def __init__(self, catalog: Catalog, count: int, *, autoreset: bool = False, **options: Any) -> None:
        self.envs = [WebShopEnv(catalog, **options) for _ in range(count)]
        for env in self.envs[1:]:
            env.share_pages(self.envs[0])
        self._autoreset = autoreset
        self._ended = np.zeros(count, dtype=bool)

    def reset_many(
        self, *, seed: int | None = None, options: Sequence[dict[str, Any]] | None = None
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """Begin every episode: observations and infos. Episode i has the seed `seed + i` and its own options."""
        self._ended[:] = False
        begun = [
            env.reset(seed=None if seed is None else seed + i, options=options[i] if options else None)
            for i, env in enumerate(self.envs)
        ]
        return [observation for observation, _ in begun], [info for _, info in begun]

    def step_many(
        self, actions: Sequence[str]
    ) -> tuple[list[str], NDArray[np.float64], Flags, Flags, list[dict[str, Any]]]:
        """Do one action in every episode: observations, rewards, terminated, truncated, infos; arrays (count,).

        Raises ValueError unless there is one action for each episode.
        """
        if len(actions) != len(self.envs):
            raise ValueError(f"{len(actions)} actions for {len(self.envs)} episodes; give one for each")
        steps = [self._step(i, action) for i, action in enumerate(actions)]
        self._ended = np.array([step[2] for step in steps], dtype=bool)
        rewards = np.array([step[1] for step in steps], dtype=np.float64)
        truncated = np.zeros(len(steps), dtype=bool)
        return [step[0] for step in steps], rewards, self._ended.copy(), truncated, [step[4] for step in steps]

    def _step(self, place: int, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        env = self.envs[place]
        if self._autoreset and self._ended[place]:
            observation, info = env.reset()
            return observation, 0.0, False, False, info
        return env.step(action)
