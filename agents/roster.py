"""All agents, with the tools that other developers added to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from agents.buyer import BUYER
from agents.forecaster import FORECASTER
from agents.recall_watcher import RECALL_WATCHER
from agents.subagent import Subagent
from agents.trend_analyst import TREND_ANALYST
from stocksense.errors import BadTool
from tools.registry import ExtraTool, extra_tools

AGENTS: tuple[Subagent, ...] = (TREND_ANALYST, RECALL_WATCHER, FORECASTER, BUYER)


def roster(tools_folder: str = "") -> tuple[Subagent, ...]:
    """The agents with the tools of a folder ("" for none) and of installed packages.

    Raises BadTool, naming file and function, for a tool that cannot be used.
    """
    return equipped(AGENTS, extra_tools(tools_folder))


def equipped(agents: Iterable[Subagent], extras: Iterable[ExtraTool]) -> tuple[Subagent, ...]:
    """The agents with further tools. Raises BadTool for an agent that isn't there or a name that is taken."""
    team = {agent.name: agent for agent in agents}
    for extra in extras:
        for name in extra.agents:
            if name not in team:
                raise BadTool(f"{_place(extra)} is for {name!r}, which is no agent; use one of {', '.join(team)}")
            team[name] = _with(team[name], extra)
    return tuple(team.values())


def _with(agent: Subagent, extra: ExtraTool) -> Subagent:
    if extra.function.__name__ in {function.__name__ for function in agent.tools}:
        raise BadTool(f"{_place(extra)}: {agent.name} has a tool of that name already; choose another")
    if extra.writes:
        return replace(agent, writes=(*agent.writes, extra.function))
    return replace(agent, reads=(*agent.reads, extra.function))


def _place(extra: ExtraTool) -> str:
    return f"{extra.function.__code__.co_filename}: tool {extra.function.__name__}"
