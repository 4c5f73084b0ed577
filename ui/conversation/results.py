"""What a tool returned, as tables that people read: the same in the step of a call and behind a number's mark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graphs.answers import StepTaken
from graphs.figures import ARGUMENT, COUNT, TOTAL, Figure
from ui.conversation.markdown import letters, table
from ui.conversation.values import label_of, shown
from ui.wording import Words

MOST_ROWS = 15
_HIDDEN = frozenset({"name_ko", "name_en", "reason_ko", "reason_en", "note_ko", "note_en", "category_ko"})


def agent_of(say: Words, name: str) -> str:
    """What an agent is called; those that somebody added keep their name."""
    return say(f"talk.agent_{name}") if say.has(f"talk.agent_{name}") else name


def tool_of(say: Words, name: str) -> str:
    """What a tool is called; those that somebody added keep their name."""
    return say(f"talk.tool_{name}") if say.has(f"talk.tool_{name}") else name


def arguments_of(say: Words, arguments: Mapping[str, Any]) -> str:
    """With which values a tool was called, on one line."""
    pairs = [
        f"{label_of(say, name)}: {shown(say, value, name)}" for name, value in arguments.items() if value not in ("",)
    ]
    return ", ".join(pairs) if pairs else say("talk.no_arguments")


@dataclass(frozen=True)
class Rows:
    """A table of a result: what heads it, its cells as they are read, and what is said of rows that are left out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str = ""


def outcome_of(say: Words, step: StepTaken) -> str:
    """What a call was asked and what it returned, in Markdown."""
    asked = f"**{say('talk.asked_with')}** {letters(arguments_of(say, step.arguments))}"
    if step.error:
        return f"{asked}\n\n**{say('talk.failed')}** {letters(step.error)}"
    return "\n\n".join([asked, *(_markdown(rows) for rows in tables_of(say, step))])


def source_of(say: Words, step: StepTaken, mark: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """Behind a mark: which call it was, which numbers of the answer it told, and all that it returned."""
    agent, tool, time = agent_of(say, step.agent), tool_of(say, step.tool), say.duration(step.seconds)
    told = tuple({figure.text: _where(say, figure) for figure in figures}.items())
    cited = Rows(say("talk.figures_here"), (say("talk.figure"), say("talk.comes_from")), told)
    return {
        "mark": mark,
        "head": say("talk.source_head", agent=agent, tool=tool, time=time),
        "asked": f"{say('talk.asked_with')}: {arguments_of(say, step.arguments)}",
        "failed": f"{say('talk.failed')}: {step.error}" if step.error else "",
        "tables": [asdict(rows) for rows in (*((cited,) if told else ()), *tables_of(say, step))],
    }


def tables_of(say: Words, step: StepTaken) -> list[Rows]:
    """What a call returned: its single values first, then one table a list."""
    if not step.result:
        return []
    value = localised(json.loads(step.result), say.language)
    if not isinstance(value, Mapping):
        return [Rows(say("talk.result"), ("",), ((shown(say, value),),))]
    flat = {
        (key, name): part
        for key, inner in value.items()
        for name, part in (inner.items() if isinstance(inner, dict) else [("", inner)])
    }
    labels = {place: " · ".join(label_of(say, part) for part in place if part) for place in flat}
    single = tuple(
        (labels[at], shown(say, part, _field(at))) for at, part in flat.items() if not isinstance(part, dict | list)
    )
    made = [Rows(say("talk.result"), ("", ""), single)] if single else []
    return [*made, *(_listed(say, labels[at], part, _field(at)) for at, part in flat.items() if isinstance(part, list))]


def _field(place: tuple[str, str]) -> str:
    """Under which name a value stands; a period is named as it was asked for."""
    return "period" if place == ("period", "name") else place[1] or place[0]


def _listed(say: Words, title: str, rows: Sequence[Any], field: str) -> Rows:
    title = f"{title} ({say.number(len(rows))})"
    more = say("talk.more_rows", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else ""
    if not rows or not isinstance(rows[0], Mapping):
        return Rows(title, ("",), tuple((shown(say, row, field),) for row in rows[:MOST_ROWS]), more)
    columns = [name for name in rows[0] if any(row.get(name) not in (None, "", []) for row in rows)]
    cells = tuple(tuple(shown(say, row.get(name), name) for name in columns) for row in rows[:MOST_ROWS])
    return Rows(title, tuple(label_of(say, name) for name in columns), cells, more)


def _markdown(rows: Rows) -> str:
    made = [f"**{letters(rows.title)}**", *([table(rows.head, rows.rows)] if rows.rows else []), letters(rows.more)]
    return "\n\n".join(part for part in made if part)


def localised(value: Any, language: str) -> Any:
    """A result with each name in one language, as `name`; the pair of names goes."""
    if isinstance(value, list):
        return [localised(inner, language) for inner in value]
    if not isinstance(value, Mapping):
        return value
    made: dict[str, Any] = {}
    for name in ("name", "reason", "note", "category"):
        wanted, other = value.get(f"{name}_{language}"), value.get(f"{name}_{'en' if language == 'ko' else 'ko'}")
        if wanted or other:
            made[name] = wanted or other
    rest = {key: localised(inner, language) for key, inner in value.items() if key not in _HIDDEN}
    return {**rest, **made} if "name" not in made else {"name": made["name"], **rest, **made}


def _where(say: Words, figure: Figure) -> str:
    """Where a number stands in a result, in words."""
    path = figure.source.path if figure.source else ""
    for start, key, name in ((COUNT, "talk.rows_counted", "list"), (TOTAL, "talk.column_summed", "column")):
        if path.startswith(f"{start} "):
            return say(key, **{name: _named(say, path.partition(" ")[2])})
    if path.startswith(f"{ARGUMENT}."):
        return say("talk.asked_value", name=_named(say, path.partition(".")[2]))
    return _named(say, path)


def _named(say: Words, path: str) -> str:
    parts = [re.fullmatch(r"(.*?)(?:\[(\d+)\])?", part) for part in path.split(".")]
    shown = [
        label_of(say, re.sub(r"_(ko|en)$", "", part[1])) + (f" {int(part[2]) + 1}" if part[2] else "")
        for part in parts
        if part
    ]
    return " › ".join(shown)
