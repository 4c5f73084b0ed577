"""A person plays in the terminal: the page is told and an answer asked for, until the purchase or the player leaves."""

from collections.abc import Callable, Mapping
from typing import Any

from webshop_env.env import WebShopEnv
from webshop_env.page import SEPARATOR
from webshop_env.session import Session

LEAVE = ("q", "quit", "exit", "끝")
HELP = "Type words to search, a number or a name to click, q to leave. / 검색어, 번호나 이름, 끝내려면 q."


def action_for(answer: str, clickables: list[str], *, has_search_bar: bool) -> str:
    """The action that an answer means: `search[...]` and `click[...]` as they are, a number or name, else a search."""
    text = answer.strip()
    if text.startswith(("search[", "click[")):
        return text
    names = [name for name in clickables if name != "search"]
    if text.isdecimal() and 1 <= int(text[:6]) <= len(names):
        return f"click[{names[int(text[:6]) - 1]}]"
    if text.lower() in names:
        return f"click[{text.lower()}]"
    return f"search[{text}]" if has_search_bar else f"click[{text}]"


def page_lines(session: Session, clickables: list[str]) -> list[str]:
    """The open page line by line, then what can be clicked, numbered; options chosen are marked."""
    lines = session.text.split(SEPARATOR)
    names = [name for name in clickables if name != "search"]
    chosen = {name for name in names if session.is_chosen(session.page.clicks[name])}
    lines += [f"  {number:>2} {'●' if name in chosen else ' '} {name}" for number, name in enumerate(names, 1)]
    return lines


def play(
    env: WebShopEnv,
    ask: Callable[[str], str],
    tell: Callable[[str], None],
    *,
    wishes: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> float | None:
    """Play one episode and return its reward; None if the player leaves, or nothing was graded.

    `ask` gets a prompt and returns the answer, `tell` shows a line; `wishes` are the options of `WebShopEnv.reset`. An
    `ask` that raises EOFError leaves too.
    """
    _, info = env.reset(seed=seed, options=dict(wishes or {}))
    tell(HELP)
    while True:
        for line in page_lines(env.session, info["clickables"]):
            tell(line)
        try:
            answer = ask("> ")
        except EOFError:
            return None
        if answer.strip().lower() in LEAVE:
            return None
        action = action_for(answer, info["clickables"], has_search_bar=info["has_search_bar"])
        _, reward, done, _, info = env.step(action)
        if done:
            tell(f"{info['purchase']['title']} {info['purchase']['options']}")
            tell(f"Reward {reward:.3f} of 1" if info["graded"] else "Bought; nobody grades a free wish.")
            return reward if info["graded"] else None
