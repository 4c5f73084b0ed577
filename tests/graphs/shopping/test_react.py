"""The buyer's loop: what brings it to an end, and what it answers to actions that cannot be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from agents.shopper.brain import Thought, Usage
from agents.shopper.chat import ChatShopper
from agents.shopper.offline import OfflineShopper
from agents.shopper.request import Request, parse_request
from graphs.react import Bounds, Walk, go, transcript

COLA = parse_request("i am looking for caffeinated cola with flavor: zero sugar, and price lower than 12.00 dollars")


@dataclass
class Scripted:
    """Does what it was told, then the last thing again and again."""

    actions: list[str]
    name: str = "scripted"
    shown: list[str] = field(default_factory=list)

    def think(self, observation, clickables, *, history, request):
        self.shown.append(history[-1].refusal if history else "")
        return Thought("as told", self.actions[min(len(history), len(self.actions) - 1)])


@dataclass
class Costly:
    """Does what it was told, for thirty tokens read and ten written each time."""

    actions: list[str]
    estimated: bool = False
    name: str = "costly"

    def think(self, observation, clickables, *, history, request):
        action = self.actions[min(len(history), len(self.actions) - 1)]
        return Thought("as told", action, Usage(30, 10, self.estimated))


@pytest.fixture
def walk(shop_with, page):
    def begin(brain, request=COLA, **more):
        return go(Walk(brain, shop_with(page()).visit(request.text), request, **more))

    return begin


def test_the_buyer_without_a_model_finds_reads_chooses_and_buys(walk):
    trip = walk(OfflineShopper())

    assert trip.outcome == "bought"
    assert trip.purchase.options == (("flavor", "zero sugar"),)
    assert [turn.action for turn in trip.history][-2:] == ["click[zero sugar]", "click[buy now]"]


def test_the_same_sights_lead_to_the_same_walk(walk):
    assert transcript(walk(OfflineShopper()).history) == transcript(walk(OfflineShopper()).history)


def test_a_chat_model_that_answers_in_form_buys(walk):
    actions = ["search[cola]", "click[W00000COLA]", "click[zero sugar]", "click[Buy Now]"]
    answers = iter([AIMessage(f"Thought: step\nAction: {action}") for action in actions])

    assert walk(ChatShopper(GenericFakeChatModel(messages=answers))).outcome == "bought"


def test_an_action_that_cannot_be_done_comes_back_as_an_observation(walk):
    brain = Scripted(["click[buy now]", "dance[wildly]", "search[cola]", "stop[enough]"])

    trip = walk(brain)

    assert "nothing called 'buy now' to click here" in brain.shown[1]
    assert "write one action" in brain.shown[2]
    assert (trip.outcome, trip.reason) == ("stopped", "enough")


def test_repeating_an_action_on_the_same_page_ends_the_walk(walk):
    assert walk(Scripted(["search[cola]"])).outcome == "repeats"


def test_steps_are_bounded(walk):
    trip = walk(Scripted([f"search[cola {number}]" for number in range(9)]), bounds=Bounds(steps=5))

    assert (trip.outcome, len(trip.history)) == ("steps", 5)


def test_seconds_are_bounded(walk):
    ticks = count(step=10)

    trip = walk(Scripted(["search[a]", "search[b]", "search[c]"]), clock=lambda: next(ticks), bounds=Bounds(seconds=15))

    assert trip.outcome == "seconds"


def test_tokens_are_bounded(walk):
    brain = Costly([f"search[cola {number}]" for number in range(9)])

    trip = walk(brain, bounds=Bounds(tokens=100))

    assert (trip.outcome, len(trip.history), trip.usage) == ("tokens", 3, Usage(90, 30))


def test_estimated_tokens_are_said_to_be(walk):
    trip = walk(Costly(["search[cola]"], estimated=True), bounds=Bounds(tokens=1))

    assert trip.reason.startswith("about 40 tokens")


def test_an_answer_of_another_form_comes_back_with_the_rules(walk):
    answers = iter([AIMessage("Sure, I will look for cola."), AIMessage("Thought: no\nAction: stop[enough]")])

    trip = walk(ChatShopper(GenericFakeChatModel(messages=answers)))

    assert "your answer had another form" in trip.history[0].refusal
    assert trip.outcome == "stopped"


def test_who_watches_is_told_of_every_turn_at_once(walk):
    seen = []

    trip = walk(Scripted(["search[cola]", "stop[enough]"]), watch=lambda history: seen.append(len(history)))

    assert seen == [1, 2]
    assert len(trip.history) == 2


def test_what_the_gate_forbids_is_not_bought(walk):
    trip = walk(OfflineShopper(), gate=lambda sight, history: "the owner said no")

    assert trip.purchase is None
    assert any(turn.refusal == "the owner said no" for turn in trip.history)


def test_a_shop_without_anything_that_fits_is_left_with_the_reason(walk):
    trip = walk(OfflineShopper(), Request("tea", kind="green tea"))

    assert trip.outcome == "stopped"


def test_a_transcript_is_plain_values(walk):
    steps = transcript(walk(OfflineShopper()).history)

    assert all({type(value) for value in step.values()} == {str} for step in steps)


def test_a_transcript_shows_pages_without_the_instruction_that_each_repeats(walk):
    steps = transcript(walk(OfflineShopper()).history)

    assert steps[0]["seen"].startswith("Back to Search [SEP] Page 1")
