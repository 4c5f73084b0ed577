"""The chat: opening with the brief, commands, questions to the supervisor, and going on with old conversations.

Chainlit loads this file by its path; it is mounted in chat_door.py.
"""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import chainlit as cl
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession
from chainlit.types import CommandDict, ThreadDict

from agents.model import chat_model
from agents.offline import OfflineModel
from graphs.brief import brief_of
from stocksense.domain.orders import ProposalState
from stocksense.errors import UnknownName
from stocksense.settings import Settings
from stocksense.store import proposals
from stocksense.store.users import Person, person_of
from tools.services import Services
from ui.configuration import read_settings
from ui.conversation.brief import brief_card, language_of_words
from ui.conversation.layer import DECIDED, Kept
from ui.conversation.shown import Shown, card
from ui.conversation.turn import history_of, proposal_card, take_turn
from ui.gate import cookie_of, find_visit
from ui.open import open_services
from ui.rights import Right, may
from ui.wording import Words

REMEMBERED = 6
"""Exchanges of a conversation that the agents are told of."""

CARDS_ON_OPENING = 3
"""Proposals whose cards are shown with the brief; `/approve` shows all."""

# Chainlit asks for the profiles where it can't wait for them, drops the call, and goes on without.
warnings.filterwarnings("ignore", "coroutine 'profiles' was never awaited", RuntimeWarning)

COMMANDS = {
    "brief": "sun",
    "approve": "circle-check",
    "low": "package-minus",
    "recalls": "shield-alert",
    "trends": "trending-up",
}
"""The commands, each with its icon."""


@cache
def _settings() -> Settings:
    return read_settings()


@cache
def _services() -> Services:
    return open_services(_settings())


@cl.data_layer
def kept() -> Kept:
    """Conversations are kept in the application's database."""
    return Kept(_services())


@cl.header_auth_callback
async def log_in(headers: Any) -> cl.User | None:
    """The person who is logged in on the pages; nobody else gets as far as this (see chat_door.py)."""
    visit = find_visit(_services(), cookie_of(headers))
    return None if visit is None else cl.User(identifier=visit.person.email, display_name=visit.person.name)


@cl.set_chat_profiles
async def profiles(user: cl.User | None, language: str | None = None) -> list[cl.ChatProfile]:
    """One profile a language, the person's own first."""
    own = str((user.metadata if user else {}).get("language", _settings().language))
    order = sorted(("ko", "en"), key=lambda one: one != own)
    return [
        cl.ChatProfile(
            name=Words(one)("talk.profile"), markdown_description=Words(one)("talk.title"), default=one == own
        )
        for one in order
    ]


@cl.on_chat_start
async def open_conversation() -> None:
    """Show what happened, what needs the person, and what can be asked."""
    say = await _begin()
    await _show_brief(say)


@cl.on_chat_resume
async def resume(thread: ThreadDict) -> None:
    """Go on with an old conversation, from its end; its cards ask by themselves how things stand now."""
    await _begin()
    await cl.send_window_message({"resumed": thread["id"]})


@cl.on_message
async def answer(message: cl.Message) -> None:
    """Answer one message, or do what a command says."""
    services, person, say = _services(), *await _who()
    await _give_address()
    command = message.command or _typed_command(message.content)
    if command in _OPENED:
        await _OPENED[command](say)
        return
    question = say(f"talk.ask_{command}") if command in COMMANDS else message.content
    history = history_of(cl.chat_context.get())[-REMEMBERED:]
    await take_turn(services, say, question, history, may_write=_may_write(person), asked_by=person.email)


@cl.action_callback(DECIDED)
async def decided(action: cl.Action) -> None:
    """A decision on a card begins a conversation, too: a reload comes back to it."""
    await _give_address()


@sio.on("stop")
async def stop(sid: str) -> None:
    """Cancel the running answer; in place of Chainlit's own, which speaks English only."""
    session = WebsocketSession.get(sid)
    if session is not None and session.current_task is not None:
        init_ws_context(session)
        session.current_task.cancel()


async def _give_address() -> None:
    """Tell the page under which address the conversation is found again."""
    await cl.send_window_message({"conversation": cl.context.session.thread_id})


async def _begin() -> Words:
    """Tell the page which commands there are."""
    _, say = await _who()
    commands: list[CommandDict] = [
        {
            "id": name,
            "icon": icon,
            "description": say(f"talk.command_{name}"),
            "button": False,
            "persistent": False,
            "selected": False,
        }
        for name, icon in COMMANDS.items()
    ]
    await cl.context.emitter.set_commands(commands)
    return say


async def _show_brief(say: Words) -> None:
    services = _services()
    try:
        brief = await cl.make_async(brief_of)(services, language_of_words(say))
        waiting = await cl.make_async(_waiting)(services)
    except UnknownName:
        await Shown(content=say("talk.no_shop")).send()
        return
    offline = isinstance(chat_model(services.settings), OfflineModel)
    opening = card("Brief", brief_card(say, brief, offline=offline))
    cards = [proposal_card(number) for number in waiting[:CARDS_ON_OPENING]]
    await Shown(content="", elements=[opening, *cards]).send()


async def _show_waiting(say: Words) -> None:
    waiting = await cl.make_async(_waiting)(_services())
    text = say("talk.cards_wait", n=len(waiting)) if waiting else say("talk.none_waits")
    await Shown(content=text, elements=[proposal_card(number) for number in waiting]).send()


_OPENED: dict[str, Callable[[Words], Awaitable[None]]] = {"brief": _show_brief, "approve": _show_waiting}


def _typed_command(text: str) -> str:
    """The command that a text names, for those who type it and send."""
    name = text.strip().removeprefix("/").lower()
    return name if text.strip().startswith("/") and name in COMMANDS else ""


def _waiting(services: Services) -> tuple[int, ...]:
    """The numbers of the proposals that wait, the newest first."""
    with services.sessions() as session:
        shop = services.shop(session)
        return tuple(one.id for one in proposals.proposals(session, shop.id, states=(ProposalState.PENDING,)))


def _may_write(person: Person) -> bool:
    """Whether agents may change anything for a person: whoever approves on the pages, while the account is open."""
    return not person.is_disabled and may(person.role, Right.APPROVE)


async def _who() -> tuple[Person, Words]:
    """The person as the account stands now, and the words of the chosen profile; instants by the person's clock."""
    services = _services()

    def look() -> tuple[Person, str]:
        with services.sessions() as session:
            person = person_of(session, int(cl.user_session.get("user").id))
            try:
                return person, services.shop(session).currency
            except UnknownName:
                return person, "KRW"

    person, currency = await cl.make_async(look)()
    chosen = cl.user_session.get("chat_profile")
    spoken = {Words(one)("talk.profile"): one for one in ("ko", "en")}
    return person, Words(spoken.get(chosen, person.language), person.time_zone, currency)
