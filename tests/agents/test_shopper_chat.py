"""The buyer with a chat model: what the model is shown, and how strictly its answer is read."""

from __future__ import annotations

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel

from agents.shopper.brain import Thought, Turn, parse_action
from agents.shopper.chat import ChatShopper, parse_answer
from agents.shopper.request import Request

COLA = Request("i am looking for cola")


def test_thought_and_action_are_read_from_two_lines():
    assert parse_answer("Thought: I search.\nAction: search[cola]") == Thought("I search.", "search[cola]")


@pytest.mark.parametrize(
    "answer", ["search[cola]", "Action: search[cola]", "Thought: a\nAction: search[a]\nAction: click[b]", "", "Sure!"]
)
def test_an_answer_of_another_form_is_no_action(answer):
    assert parse_answer(answer).action == ""


@pytest.mark.parametrize("action", ["buy[cola]", "search[]", "click[buy now] now", "think[hard]", "search cola"])
def test_what_is_not_one_of_the_three_actions_is_none(action):
    assert parse_action(action) is None


def test_the_model_is_shown_the_example_lessons_instruction_and_every_turn():
    history = (Turn("I search.", "search[cola]", "Page 1 ...", ("next >",), refusal="not now"),)

    shown = ChatShopper(GenericFakeChatModel(messages=iter([])), ("Be brief.",)).messages("", (), history, COLA)

    text = "\n".join(str(message.content) for message in shown)
    assert "An example of a whole walk" in text
    assert "- Be brief." in text
    assert "Thought: I search.\nAction: search[cola]" in text
    assert "Refused: not now\nObservation: Page 1" in text


def test_a_huge_page_is_cut_before_the_model_sees_it():
    shown = ChatShopper(GenericFakeChatModel(messages=iter([]))).messages("x" * 50_000, (), (), COLA)

    assert len(str(shown[-1].content)) < 5_000
