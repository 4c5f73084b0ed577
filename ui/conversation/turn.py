"""One turn of the conversation: every call of a tool shows while it runs, the answer streams in, numbers get marks."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import chainlit as cl
from chainlit.element import Element, ElementType
from chainlit.utils import utc_now

from agents.model import chat_model
from agents.offline import OfflineModel
from graphs.answers import Answer, Answered, Calling, Event, Spoke, StepTaken, Used
from graphs.figures import Figure, figures_in
from graphs.supervisor import ask_events
from stocksense.errors import StockSenseError
from stocksense.settings import Settings
from tools.services import Services
from ui.conversation.cards import product_cards, proposals_named
from ui.conversation.markdown import answer_text, is_item, letters
from ui.conversation.plots import plot_of
from ui.conversation.results import agent_of, arguments_of, outcome_of, source_of, tool_of
from ui.conversation.shown import Shown, card
from ui.conversation.tables import table_of
from ui.wording import Words

log = logging.getLogger(__name__)

MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵"
"""One for each call whose numbers an answer tells."""

ANSWER = "answer"
"""Under this name a message keeps the plain text of its answer, which agents are told of later."""


class Plot(Element):
    """A plot from JSON that is made by hand, without loading plotly."""

    type: ClassVar[ElementType] = "plotly"
    size = "large"


@dataclass
class Turn:
    """What has been shown of an answer so far."""

    say: Words
    reply: Shown
    running: dict[str, cl.Step] = field(default_factory=dict)
    taken: list[StepTaken] = field(default_factory=list)
    answer: Answer | None = None

    async def show(self, event: Event) -> None:
        """Show one event of the supervisor."""
        if isinstance(event, Calling):
            await self._begin(event)
        elif isinstance(event, Used):
            await self._end(event.step)
        elif isinstance(event, Spoke):
            self.begin_to_speak()
            await self.reply.stream_token(answer_text(event.text))
        elif isinstance(event, Answered):
            self.answer = event.answer

    def begin_to_speak(self) -> None:
        """Date the answer after the calls that it rests on, so that it stands below them."""
        if not self.reply.streaming:
            self.reply.created_at = utc_now()

    async def _begin(self, call: Calling) -> None:
        step = self._step(self._name(call))
        step.start = utc_now()
        self.running[_key(call)] = step
        await step.send()

    async def _end(self, taken: StepTaken) -> None:
        """Close the step of a call; one that was refused before it began is shown as a whole."""
        self.taken.append(taken)
        step = self.running.pop(_key(taken), None) or self._step("")
        step.name = f"{self._name(taken)} · {self.say.duration(taken.seconds)}"
        step.start, step.end = step.start or utc_now(), utc_now()
        step.output, step.is_error = outcome_of(self.say, taken), bool(taken.error)
        step.language = None
        await (step.update() if step.persisted else step.send())

    def _step(self, name: str) -> cl.Step:
        # Chainlit asks for a picture by the step's name, unless it is told another.
        about = {"avatarName": "StockSense"}
        return cl.Step(name=name, type="tool", show_input=False, metadata=about, parent_id=self.reply.parent_id)

    def _name(self, call: Calling | StepTaken) -> str:
        asked = arguments_of(self.say, call.arguments) if call.arguments else ""
        return f"{agent_of(self.say, call.agent)} · {tool_of(self.say, call.tool)}" + (f" ({asked})" if asked else "")


async def take_turn(
    services: Services,
    say: Words,
    question: str,
    history: Sequence[tuple[str, str]],
    *,
    may_write: bool,
    asked_by: str = "",
) -> None:
    """Answer one question in the chat; without `may_write` the tools that write refuse, and they note `asked_by`.

    Whatever goes wrong is told in words with the way out, never as a traceback.
    """
    turn = Turn(say, Shown(content=""))
    model = model_of(services.settings)
    try:
        told = ask_events(services, model, question, may_write=may_write, asked_by=asked_by, history=history)
        async with aclosing(told) as events:
            async for event in events:
                await turn.show(event)
        if turn.answer is not None:
            await _finish(turn, turn.answer, question, by_rules=isinstance(model, OfflineModel))
    except asyncio.CancelledError:
        await _tell_stopped(turn)
        raise
    except StockSenseError as error:
        await _tell_error(turn, error)
    except Exception:  # the door of a chat turn: whatever goes wrong is logged with its traceback
        number = secrets.token_hex(4)
        log.exception("chat turn failed: number=%s", number)
        await _close(turn, say("talk.error_ours", number=number), is_error=True)


async def _finish(turn: Turn, answer: Answer, question: str, *, by_rules: bool) -> None:
    """Put marks behind the numbers, and show what belongs to the answer: sources, plots, cards."""
    say, found = turn.say, figures_in(answer.text, answer.steps, question=question)
    marks = marks_of(found)
    elements: list[Element] = []
    plots = [(step.tool, plot_of(say, step)) for step in answer.steps]
    elements += [
        Plot(name=f"plot-{at}-{tool}", content=drawn, mime="application/json")
        for at, (tool, drawn) in enumerate(plots)
        if drawn
    ]
    elements += [card("Table", made) for step in answer.steps if (made := table_of(say, step)) is not None]
    elements += [card("ProductCard", props) for props in product_cards(say, answer.steps)]
    elements += [proposal_card(number) for number in proposals_named(answer.steps)]
    if marks:
        sources = [source_of(say, answer.steps[at], mark, _told_by(found, at)) for at, mark in marks.items()]
        elements.append(card("Sources", {"title": say("talk.sources"), "sources": sources}))
    text = marked(answer.text, found, marks)
    strange = list(dict.fromkeys(figure.text for figure in found if figure.source is None))
    if strange and not by_rules:
        text += f"\n\n⚠ {say('talk.unsourced', figures=letters(', '.join(strange)))}"
    turn.reply.metadata = {ANSWER: answer.text}
    turn.reply.elements = elements  # type: ignore[assignment]
    await _close(turn, text)


@cache
def model_of(settings: Settings) -> Any:
    """The model of the settings, one for all questions: agents are put together for it once."""
    return chat_model(settings)


def proposal_card(number: int) -> cl.CustomElement:
    """The card of a proposal: it holds the number only, and asks for the rest whenever it is shown."""
    return card("ProposalCard", {"proposal": number})


def marks_of(found: Sequence[Figure]) -> dict[int, str]:
    """A mark for each call that numbers of an answer come from, in the order in which they are told."""
    called = dict.fromkeys(figure.source.step for figure in found if figure.source is not None)
    return dict(zip(called, MARKS, strict=False))


def marked(text: str, found: Sequence[Figure], marks: dict[int, str]) -> str:
    """An answer in Markdown, with links to the sources of its numbers at the end of each line in which they stand."""
    lines: list[str] = []
    at = 0
    for line in text.split("\n"):
        within = [f for f in found if at <= f.start < at + len(line) and f.source is not None]
        shown = dict.fromkeys(marks[f.source.step] for f in within if f.source and f.source.step in marks)
        links = "".join(f"[{mark}](#source-{mark})" for mark in shown)
        if lines and line.strip() and is_item(lines[-1]) and not is_item(line):
            # Else Markdown takes what follows a list for a part of its last line.
            lines.append("")
        lines.append(f"{answer_text(line)} {links}" if links else answer_text(line))
        at += len(line) + 1
    return "\n".join(lines)


def _told_by(found: Sequence[Figure], step: int) -> list[Figure]:
    return [figure for figure in found if figure.source is not None and figure.source.step == step]


async def _tell_stopped(turn: Turn) -> None:
    """Say what was done before the stop, and what may still be done: a write is whole or not at all."""
    say, told = turn.say, [turn.say("talk.stopped")]
    done = [letters(tool_of(say, step.tool)) for step in turn.taken if step.wrote]
    doing = [step.name for step in turn.running.values()]
    if done:
        told.append(say("talk.stopped_wrote", done=", ".join(done)))
    if doing:
        told.append(say("talk.stopped_writing", doing=letters(", ".join(doing))))
    for step in turn.running.values():
        step.end, step.is_error, step.output = utc_now(), True, say("talk.stopped")
        await step.update()
    await _close(turn, "\n\n".join([*([turn.reply.content] if turn.reply.content else []), *told]))


async def _tell_error(turn: Turn, error: StockSenseError) -> None:
    key = f"talk.error_{type(error).__name__}"
    told = turn.say(key if turn.say.has(key) else "talk.error_other")
    detail = turn.say("talk.detail", text=letters(error.told(turn.say.language)))
    await _close(turn, f"{told}\n\n{detail}", is_error=True)


async def _close(turn: Turn, text: str, *, is_error: bool = False) -> None:
    turn.begin_to_speak()
    turn.reply.content, turn.reply.is_error = text, is_error
    await turn.reply.send()


def _key(call: Calling | StepTaken) -> str:
    return json.dumps([call.agent, call.tool, dict(call.arguments)], sort_keys=True, default=str)


def history_of(messages: Sequence[Any]) -> list[tuple[str, str]]:
    """Questions and plain answers of the messages of a conversation, also of one that was resumed."""
    pairs: list[tuple[str, str]] = []
    asked = ""
    for message in messages:
        if message.type == "user_message":
            asked = message.content
        elif asked and (message.metadata or {}).get(ANSWER):
            pairs.append((asked, message.metadata[ANSWER]))
            asked = ""
    return pairs
