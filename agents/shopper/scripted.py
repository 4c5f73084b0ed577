"""A chat model that is a script with bad habits, each of which it drops once a note in its prompt says so.

It is no language model: it shows that the loop of trials carries lessons from one trial to the next, and says nothing
about how well any real model would do. Which habits it has depends on the seed and on the instruction alone.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from agents.shopper.brain import BUY, parse_action
from agents.shopper.ranking import promise, weigh
from agents.shopper.reflecting import QUESTION
from agents.shopper.request import Request, parse_request
from agents.shopper.verdict import MENDABLE, Offered, choices, judge
from tools.shop_page import Page, read_page

NAME = "scripted-weak"
MOST_OPENED = 3
_PAGE = re.compile(r"Observation: (?P<seen>.*)\nClickable: (?P<names>\[.*\])\s*$", re.DOTALL)
_INSTRUCTION = re.compile(r"^Instruction: (.*)$", re.MULTILINE)
_DONE = re.compile(r"^Action: (.*)$", re.MULTILINE)


class Habit(StrEnum):
    """A mistake that the script makes, in the words of the note that cures it."""

    TOP = "Compare all titles of a list and open the one that fits best, not simply what stands on top."
    NO_OPTIONS = "Choose the wished options on the page of the product before taking it."
    FIRST_VALUE = "Take the option value that was named in the wish, not the one that stands first."
    FIRST_GROUP = "Go through every group of options, not only through the first of them."
    GIVE_UP = "Do not give up after a single look; the nearest that was found is better than nothing."
    KIND_ONLY = "Search with the wished attributes and options as well, not with the kind of thing alone."
    SETTLE = "Look at a second and a third product when the first one lacks something."


NOTHING_MORE = "Nothing further comes to mind; the same way once more."


class ScriptedWeakModel(BaseChatModel):
    """Acts in two lines of text, as ReAct asks, and reflects in a sentence; `seed` deals out the habits."""

    seed: int = 7

    @property
    def _llm_type(self) -> str:
        return NAME

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        told = "\n".join(message.text for message in messages[1:2])
        instruction = _INSTRUCTION.findall(told)[-1]
        left = [habit for habit in habits_of(self.seed, instruction) if f"- {habit}" not in told]
        if messages[-1].text.endswith(QUESTION):
            answer = str(left[0]) if left else NOTHING_MORE
        else:
            answer = _Shopping(parse_request(instruction), frozenset(left), _actions(messages)).answer(messages[-1])
        return ChatResult(generations=[ChatGeneration(message=AIMessage(answer))])


def habits_of(seed: int, instruction: str) -> tuple[Habit, ...]:
    """The habits that the script has for an instruction, none to all, in the order in which it will notice them."""
    dice = random.Random(f"{seed} {instruction}")
    return tuple(dice.sample(list(Habit), dice.randint(0, len(Habit))))


def _actions(messages: Sequence[BaseMessage]) -> tuple[str, ...]:
    return tuple(found[1] for m in messages if isinstance(m, AIMessage) and (found := _DONE.search(m.text)))


@dataclass(frozen=True)
class _Shopping:
    """One decision, from the page in sight and the actions before it."""

    request: Request
    habits: frozenset[Habit]
    done: tuple[str, ...]

    def answer(self, latest: BaseMessage) -> str:
        """The two lines."""
        found = _PAGE.search(latest.text)
        names = tuple(json.loads(found["names"])) if found else ()
        page = read_page(found["seen"] if found else "", names)
        thought, action = self._next(page)
        return f"Thought: {thought}\nAction: {action}"

    def _next(self, page: Page) -> tuple[str, str]:
        if page.kind == "item":
            return self._at_item(page)
        if page.kind != "results":
            return "I search for what is wished.", f"search[{self._query()}]"
        fresh = [result for result in page.results if result.product not in self._opened()]
        if not page.results:
            return "Nothing is listed.", "stop[nothing was found]"
        if not fresh or len(self._opened()) >= MOST_OPENED:
            return "I go back to the first.", f"click[{self._opened()[0] if self._opened() else fresh[0].product}]"
        if Habit.TOP in self.habits:
            return "I open what stands on top.", f"click[{fresh[0].product}]"
        weights = weigh({result.product: result for result in page.results})
        worth = {r.product: promise(self.request, r, place, weights) for place, r in enumerate(fresh, 1)}
        return "I open what fits best.", f"click[{max(worth, key=lambda product: worth[product])}]"

    def _at_item(self, page: Page) -> tuple[str, str]:
        offered = Offered("", page.title, page.lowest, page.highest, page.options)
        lacks = any(fault not in MENDABLE for fault in judge(self.request, offered).faults)
        if lacks and Habit.GIVE_UP in self.habits:
            return "It is not quite right.", "stop[the product lacks something]"
        again = len(self._opened()) < len([name for name in self._clicked() if name in self._opened()])
        if lacks and Habit.SETTLE not in self.habits and len(self._opened()) < MOST_OPENED and not again:
            return "It lacks something, I look at another.", "click[< prev]"
        clicked = set(self._since_opening())
        for value in self._values(offered):
            if " ".join(value.split()).lower() not in clicked:
                return "I choose an option.", f"click[{value}]"
        return "I take it.", BUY

    def _values(self, offered: Offered) -> list[str]:
        """The option values to click, spoiled by habit."""
        if Habit.NO_OPTIONS in self.habits:
            return []
        wanted = choices(self.request, offered)
        if Habit.FIRST_VALUE in self.habits:
            wanted = {group: values[0] for group, values in offered.options if group in wanted}
        return list(wanted.values())[: 1 if Habit.FIRST_GROUP in self.habits else None]

    def _query(self) -> str:
        request = self.request
        parts = [request.kind]
        if Habit.KIND_ONLY not in self.habits:
            parts = [*request.attributes, request.kind, *(value for _, value in request.options)]
        return " ".join(" ".join(parts).replace("[", " ").replace("]", " ").split()) or request.text

    def _clicked(self) -> list[str]:
        parsed = [parse_action(action) for action in self.done]
        return [one[1] for one in parsed if one and one[0] == "click"]

    def _opened(self) -> list[str]:
        """The products that were opened, in order, each once."""
        names = ("< prev", "next >", "back to search", "buy now")
        places = [place for place, action in enumerate(self.done) if (p := parse_action(action)) and p[0] == "click"]
        opened = []
        for place in places:
            before = self.done[place - 1] if place else ""
            parsed, earlier = parse_action(self.done[place]), parse_action(before)
            from_list = earlier and (earlier[0] == "search" or earlier[1] in ("< prev", "next >"))
            if parsed and parsed[1] not in names and from_list:
                opened.append(parsed[1])
        return list(dict.fromkeys(opened))

    def _since_opening(self) -> list[str]:
        """What was clicked since the product's page was opened."""
        clicked, opened = self._clicked(), set(self._opened())
        last = max((place for place, name in enumerate(clicked) if name in opened), default=-1)
        return clicked[last + 1 :]
