"""The chat: questions go to the supervisor, what its agents do shows as steps, the answer streams in.

Chainlit loads this file by its path; it is mounted in web.py.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import chainlit as cl

from agents.model import chat_model
from graphs.answers import Answered, Spoke, Used
from graphs.supervisor import ask_events
from stocksense.errors import StockSenseError
from stocksense.settings import Settings
from tools.services import Services
from ui.configuration import read_settings
from ui.gate import cookie_of, find_visit
from ui.open import open_services

REMEMBERED = 6
"""Exchanges of a conversation that the agents are told of."""

STARTERS = {
    "ko": (
        ("오늘 매출", "오늘 매출 어때?"),
        ("부족한 상품", "뭐가 부족하고 왜 그래?"),
        ("리콜", "우리 매장에 해당하는 리콜 있어?"),
        ("뜨는 검색어", "요즘 뭐가 떠?"),
    ),
    "en": (
        ("Sales today", "How are sales today?"),
        ("What is low", "What is low and why?"),
        ("Recalls", "Are there recalls that touch us?"),
        ("Trends", "What is trending?"),
    ),
}


@cache
def _settings() -> Settings:
    return read_settings()


@cache
def _services() -> Services:
    return open_services(_settings())


@cl.header_auth_callback
async def log_in(headers: Any) -> cl.User | None:
    """The person who is logged in on the pages; nobody else gets as far as this (see chat_door.py)."""
    visit = find_visit(_services(), cookie_of(headers))
    return None if visit is None else cl.User(identifier=visit.person.email, display_name=visit.person.name)


@cl.set_starters
async def starters(user: cl.User | None) -> list[cl.Starter]:
    """The common questions, a tap away."""
    return [cl.Starter(label=label, message=message) for label, message in STARTERS[_settings().language]]


@cl.on_message
async def answer(message: cl.Message) -> None:
    """Answer one message; every tool call is a step that can be opened."""
    history: list[tuple[str, str]] = cl.user_session.get("history") or []
    reply = cl.Message(content="")
    try:
        async for event in ask_events(_services(), chat_model(_settings()), message.content, history=history):
            await _show(event, reply)
    except StockSenseError as error:
        reply.content = str(error)
    await reply.send()
    cl.user_session.set("history", [*history, (message.content, reply.content)][-REMEMBERED:])


def as_markdown(text: str) -> str:
    """Text in which the tilde of a range (1일~3일) doesn't strike out what follows."""
    return text.replace("~", "\\~")


async def _show(event: Any, reply: cl.Message) -> None:
    """Show one event of the supervisor: a tool's call as a step, words as they come, the answer in the end."""
    if isinstance(event, Used):
        taken = event.step
        async with cl.Step(name=f"{taken.agent} · {taken.tool}", type="tool") as step:
            step.input = dict(taken.arguments)
            step.output = taken.error or f"{taken.seconds:.2f} s"
            step.is_error = bool(taken.error)
    elif isinstance(event, Spoke):
        await reply.stream_token(as_markdown(event.text))
    elif isinstance(event, Answered):
        reply.content = as_markdown(event.answer.text)
