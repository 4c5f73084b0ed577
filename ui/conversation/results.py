"""What a tool returned, as tables that people read: the same in the step of a call and behind a number's mark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphs.answers import StepTaken
from graphs.figures import ARGUMENT, COUNT, TOTAL, Figure
from ui.conversation.markdown import letters, table
from ui.wording import Words

MOST_ROWS = 15
_HIDDEN = frozenset({"name_ko", "name_en", "reason_ko", "reason_en", "note_ko", "note_en", "category_ko"})


def label_of(say: Words, name: str) -> str:
    """What a field of a result is called."""
    return say(f"talk.field_{name}") if say.has(f"talk.field_{name}") else name.replace("_", " ")


def agent_of(say: Words, name: str) -> str:
    """What an agent is called; those that somebody added keep their name."""
    return say(f"talk.agent_{name}") if say.has(f"talk.agent_{name}") else name


def tool_of(say: Words, name: str) -> str:
    """What a tool is called; those that somebody added keep their name."""
    return say(f"talk.tool_{name}") if say.has(f"talk.tool_{name}") else name


def arguments_of(say: Words, arguments: Mapping[str, Any]) -> str:
    """With which values a tool was called, on one line."""
    pairs = [f"{label_of(say, name)}: {_shown(say, value)}" for name, value in arguments.items() if value not in ("",)]
    return letters(", ".join(pairs)) if pairs else say("talk.no_arguments")


def outcome_of(say: Words, step: StepTaken) -> str:
    """What a call was asked and what it returned, in Markdown."""
    asked = f"**{say('talk.asked_with')}** {arguments_of(say, step.arguments)}"
    if step.error:
        return f"{asked}\n\n**{say('talk.failed')}** {letters(step.error)}"
    return "\n\n".join([asked, *_tables(say, localised(json.loads(step.result), say.language), "")])


def sources_of(say: Words, step: StepTaken, figures: Sequence[Figure]) -> str:
    """Behind a mark: which call it was, which numbers of the answer it told, and all that it returned."""
    head = say(
        "talk.source_head",
        agent=agent_of(say, step.agent),
        tool=tool_of(say, step.tool),
        time=say.duration(step.seconds),
    )
    rows = {figure.text: _where(say, figure) for figure in figures}
    cited = f"**{say('talk.figures_here')}**\n\n" + table(
        [say("talk.figure"), say("talk.comes_from")], list(rows.items())
    )
    return "\n\n".join([f"### {letters(head)}", *([cited] if rows else []), outcome_of(say, step)])


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


def _tables(say: Words, value: Any, title: str) -> list[str]:
    """A result as tables: its single values first, then one table a list."""
    if not isinstance(value, Mapping):
        return [letters(_shown(say, value))]
    single = [
        (label_of(say, key), _shown(say, inner)) for key, inner in value.items() if not isinstance(inner, dict | list)
    ]
    single += [
        (f"{label_of(say, key)} · {label_of(say, name)}", _shown(say, part))
        for key, inner in value.items()
        if isinstance(inner, dict)
        for name, part in inner.items()
        if not isinstance(part, dict | list)
    ]
    made = [table([title or say("talk.result"), ""], single)] if single else []
    lists = {key: inner for key, inner in value.items() if isinstance(inner, list)}
    lists |= {
        f"{key}.{name}": part
        for key, inner in value.items()
        if isinstance(inner, dict)
        for name, part in inner.items()
        if isinstance(part, list)
    }
    for key, rows in lists.items():
        made += _listed(say, label_of(say, key.rpartition(".")[2]), rows)
    return made


def _listed(say: Words, title: str, rows: Sequence[Any]) -> list[str]:
    head = f"**{letters(title)}** ({say.number(len(rows))})"
    if not rows:
        return [head]
    if not isinstance(rows[0], Mapping):
        return [f"{head}: {letters(', '.join(_shown(say, row) for row in rows))}"]
    columns = [name for name in rows[0] if any(row.get(name) not in (None, "", []) for row in rows)]
    cells = [[_shown(say, row.get(name)) for name in columns] for row in rows[:MOST_ROWS]]
    made = [head, table([label_of(say, name) for name in columns], cells)]
    return [*made, say("talk.more_rows", n=len(rows) - MOST_ROWS)] if len(rows) > MOST_ROWS else made


def _shown(say: Words, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "–" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return say.number(value, _digits(value))
    if isinstance(value, str) and re.fullmatch(r"\d{4,}(\.\d+)?", value):
        return say.number(float(value), _digits(float(value))) if not value.startswith("0") else value
    if isinstance(value, list):
        return ", ".join(_shown(say, inner) for inner in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{label_of(say, key)}: {_shown(say, inner)}" for key, inner in value.items())
    return str(value)


def _digits(value: float) -> int:
    return 0 if value == int(value) else len(str(value).partition(".")[2][:2])


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
