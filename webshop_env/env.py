"""The shop as a Gymnasium environment."""

import itertools
from collections.abc import Mapping
from typing import Any, Literal

import gymnasium
import numpy as np
from gymnasium.spaces import Space

from webshop_env.catalog import Catalog
from webshop_env.errors import EpisodeNotReady, UnknownGoal
from webshop_env.html import render
from webshop_env.pages import PageBook
from webshop_env.reward import Mode, Reward
from webshop_env.session import Session

ObservationMode = Literal["text", "text_rich", "html", "url"]
OBSERVATION_MODES: tuple[ObservationMode, ...] = ("text", "text_rich", "html", "url")
MODES: tuple[Mode, ...] = ("parity", "fixed")


class AnyText(Space[str]):
    """All texts. Samples are actions such as `search[...]` or `click[...]`."""

    _SAMPLES = ("search[tea]", "search[shoes]", "click[back to search]", "click[next >]", "click[buy now]", "think[]")

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(shape=None, dtype=str, seed=seed)

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> str:
        """One of a few actions, drawn at random."""
        return str(self._SAMPLES[int(self.np_random.integers(len(self._SAMPLES)))])

    def contains(self, x: Any) -> bool:
        """Whether x is a text."""
        return isinstance(x, str)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyText)

    __hash__ = Space.__hash__


class WebShopEnv(gymnasium.Env[str, str]):
    """A visit to the shop, with an instruction to fulfil.

    Action: a text, `search[keywords]` or `click[name]`, where the name is one of `info["clickables"]`. Any other text
    is allowed and does nothing.

    Observation: a text; the mode says whether it is the page as plain text joined by ` [SEP] `, as text with buttons
    marked, as HTML, or its address.

    Reward: 0.0 until `click[buy now]`, then how well the purchase fits the goal, 0 to 1.

    End: `terminated` after Buy Now; nothing is ever truncated.

    `reset(seed, options)` draws a goal by weight, or takes `options={"goal": 3}`, or a wish that is no goal,
    `options={"instruction": "..."}`: then nothing is graded, the reward stays 0.0 and `info["graded"]` is False.

    `info` holds `clickables` in order and `has_search_bar`; after Buy Now also `purchase`, `graded`, `reward` and
    `reward_parts`.
    """

    metadata = {"render_modes": ["ansi"]}

    def __init__(
        self,
        catalog: Catalog,
        *,
        suite: str = "templated",
        mode: Mode = "parity",
        observation_mode: ObservationMode = "text",
        history: int = 0,
        render_mode: str | None = None,
    ) -> None:
        """Open a shop. `history` is how many earlier observations and actions an observation repeats."""
        if mode not in MODES or observation_mode not in OBSERVATION_MODES:
            raise UnknownGoal(
                f"mode {mode!r} with observations {observation_mode!r} is unknown; choose from {MODES} and "
                f"{OBSERVATION_MODES}"
            )
        self.catalog = catalog
        self.suite = suite
        self.mode: Mode = mode
        self.observation_mode = observation_mode
        self.render_mode = render_mode
        self.observation_space = AnyText()
        self.action_space = AnyText()
        self._pages = PageBook(catalog, mode)
        self._numbers = itertools.count()
        self._history_length = history
        self._history: list[str] = []
        self._plain = observation_mode == "text" and history == 0
        self._session: Session | None = None

    def share_pages(self, other: "WebShopEnv") -> None:
        """Use the pages which another environment of the same catalogue and mode keeps, from the next reset on."""
        if other.catalog is not self.catalog or other.mode != self.mode:
            raise UnknownGoal("pages can be shared only within one catalogue and mode; make both the same")
        self._pages = other._pages

    @property
    def session(self) -> Session:
        """The visit under way; raises EpisodeNotReady before the first reset."""
        if self._session is None:
            raise EpisodeNotReady("the environment has no episode yet; call reset() before step()")
        return self._session

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin an episode; see the class. Raises UnknownGoal for a goal which the suite does not have."""
        super().reset(seed=seed)
        if seed is not None:
            self._numbers = itertools.count()
        wishes = options or {}
        if "instruction" in wishes:
            goal, index, instruction = None, None, str(wishes["instruction"])
        else:
            index = int(wishes["goal"]) if "goal" in wishes else self._draw_goal()
            goal = self.catalog.goal(self.suite, index)
            instruction = goal.instruction
        self._session = Session(self._pages, str(next(self._numbers)), instruction, goal)
        self._history = []
        info = {"clickables": [*self._session.page.names], "has_search_bar": True}
        return self._observe(None), info | {"goal": index, "instruction": instruction}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action; see the class."""
        session = self._session
        if session is None:
            raise EpisodeNotReady("the environment has no episode yet; call reset() before step()")
        reward = session.act(action)
        page = session.page
        info: dict[str, Any] = {"clickables": [*page.names], "has_search_bar": page.has_search_bar}
        if session.done:
            info |= session.outcome
        if self._plain:
            return session.text, reward, session.done, False, info
        return self._observe(action), reward, session.done, False, info

    def score(self, goal_index: int, asin: str, options: Mapping[str, str]) -> Reward:
        """The reward which a purchase would bring for a goal of the suite."""
        return self.catalog.score(self.catalog.goal(self.suite, goal_index), asin, options, mode=self.mode)

    def render(self) -> str:
        """The page as plain text."""
        return self.session.text

    def _draw_goal(self) -> int:
        weights = np.array([goal.weight for goal in self.catalog.goals(self.suite)])
        if not len(weights):
            raise UnknownGoal(f"suite {self.suite!r} has no goals in catalogue {self.catalog.name!r}; choose another")
        return int(self.np_random.choice(len(weights), p=weights / weights.sum()))

    def _observe(self, action: str | None) -> str:
        session = self.session
        mode = self.observation_mode
        if mode == "text":
            shown = session.text
        elif mode == "url":
            shown = session.url
        else:
            shown = session.rich_text if mode == "text_rich" else render(session)
        if not self._history_length:
            return shown
        self._history += [shown] if action is None else [action, shown]
        return " [SEP] ".join(self._history[-2 * self._history_length - 1 :])
