"""What the chat costs beside its tools: each tool alone against a whole turn with steps, sources and cards, kept.

    python benchmarks/chat.py [--turns 10]               on a sample shop made for this, after one run
    python benchmarks/chat.py --folder DIR               keeps that shop, and uses it again

Works with the offline model, whose own time is taken out, and with a browser that is always quick. Each question
makes one call of a tool. "added" is what the chat adds until the answer shows; "kept" until all of it is written down,
which nobody waits for. "CPU" is what this process worked for it, which a busy machine changes least. Conversations go
into the shop's database, as they do when served, and are forgotten in the end.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sample_home import sample_home

from agents.offline import model as offline
from agents.roster import AGENTS
from agents.wire import as_json
from stocksense.settings import Settings
from stocksense.store import conversations
from stocksense.store.states import Role
from stocksense.store.users import save_user
from tools.services import Services
from ui.furnishing import furnish
from ui.open import open_services
from ui.wording import Words

QUESTIONS = (
    ("오늘 매출 어때?", "sales_summary", {"period": "today"}),
    ("이번 주 매출 어때?", "sales_summary", {"period": "this_week"}),
    ("이번 달 카테고리별 매출", "sales_by_category", {"period": "this_month"}),
    ("뭐가 부족해?", "low_stock", {}),
    ("승인할 거 뭐 있어?", "list_proposals", {}),
    ("들어올 주문은?", "open_orders", {}),
    ("우리 매장에 해당하는 리콜 있어?", "recalls_touching_us", {}),
    ("요즘 뜨는 검색어는?", "trending", {}),
)
TOOLS = {tool.__name__: tool for agent in AGENTS for tool in agent.tools}


spent: dict[str, float] = {}


@contextmanager
def adding(name: str) -> Iterator[None]:
    """Add the time of a block to what was spent under a name."""
    began = time.perf_counter()
    try:
        yield
    finally:
        spent[name] = spent.get(name, 0.0) + time.perf_counter() - began


def clock_the_model() -> None:
    """Add up how long the offline model thinks."""
    think = offline._reply

    def clocked(*given: Any) -> Any:
        with adding("model"):
            return think(*given)

    offline._reply = clocked


async def measure(services: Services, turns: int) -> None:
    """Print a line a question: tool alone, whole turn, the model's part, what the chat adds."""
    with services.sessions.begin() as session:
        person = save_user(session, "benchmark@example.com", name="Benchmark", role=Role.VIEWER, now=services.clock())
    from chainlit.config import config
    from chainlit.context import init_ws_context
    from chainlit.session import WebsocketSession
    from chainlit.user import PersistedUser

    from ui.conversation import turn
    from ui.conversation.layer import Kept

    clock_the_model()
    layer = Kept(services)
    config.code.data_layer = lambda: layer

    async def sent(event: str, data: Any) -> None:
        """A browser that takes everything at once."""

    def call(event: str, data: Any, timeout: int | None) -> None:
        """Nobody is asked anything."""

    user = PersistedUser(id=str(person.id), createdAt="", identifier=person.email, metadata={"language": "ko"})
    talk = WebsocketSession(
        id=str(uuid4()), socket_id=str(uuid4()), emit=sent, emit_call=call, user_env={}, client_type="webapp", user=user
    )
    talk.has_first_interaction = True
    init_ws_context(talk)
    print(
        f"{'question':<28}{'tool':>10}{'turn':>10}{'model':>10}{'added':>10}{'CPU':>10}{'kept':>10}{'CPU':>10}"
        f"   ms, medians of {turns}"
    )
    columns: list[list[float]] = [[], [], [], []]
    for question, name, arguments in QUESTIONS:
        alone, whole, model = [], [], []
        added: list[list[float]] = [[], [], [], []]
        for _ in range(turns + 1):
            began, worked = time.perf_counter(), time.process_time()
            as_json(TOOLS[name](services, **arguments))
            alone.append(time.perf_counter() - began)
            worked_alone = time.process_time() - worked
            spent.clear()
            began, worked = time.perf_counter(), time.process_time()
            await turn.take_turn(services, Words("ko"), question, (), may_write=False)
            shown = time.perf_counter() - began, time.process_time() - worked
            await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))
            kept = time.perf_counter() - began, time.process_time() - worked
            whole.append(shown[0])
            model.append(spent["model"])
            without = alone[-1] + model[-1], worked_alone + model[-1]
            for times, took, less in zip(added, (*shown, *kept), without * 2, strict=True):
                times.append(took - less)
        for column, times in zip(columns, added, strict=True):
            column.extend(times[1:])
        middle = [statistics.median(times[1:]) * 1000 for times in (alone, whole, model, *added)]
        print(f"{question:<28}" + "".join(f"{value:>10.1f}" for value in middle))
    for what, times in zip(("until shown", "its CPU", "until kept", "its CPU"), columns, strict=True):
        high = sorted(times)[int(len(times) * 0.95)]
        print(
            f"added a tool call, {what:<12} median {statistics.median(times) * 1000:6.1f}   p95 {high * 1000:6.1f} ms"
        )
    print(f"goal: 50 ms; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with services.sessions.begin() as session:
        conversations.forget(session, talk.thread_id)


def main() -> None:
    """Measure on the sample shop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10, help="how often each question is asked")
    parser.add_argument("--folder", type=Path, help="where the sample shop is kept")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    with sample_home(given.folder) as home:
        settings = Settings(home=home, database_url="", shop="", model_base_url="", upstage_api_key=None)
        furnish(settings)
        asyncio.run(measure(open_services(settings), given.turns))


if __name__ == "__main__":
    main()
