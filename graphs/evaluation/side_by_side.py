"""Shops for many goals at once, in processes of their own that end with the one that started them."""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from graphs.evaluation.episodes import Episode
from graphs.evaluation.folder import Results
from graphs.evaluation.shopping import Shopper
from stocksense.errors import ModelUnavailable, SourceUnreachable, WorkerLost

ATTEMPTS = 3
"""How often a goal is tried whose model did not answer."""
GIVE_UP_AFTER = 5
"""So many goals in a row without an answer, and the model is taken to be gone."""

Opened = Callable[[], Shopper]
"""Makes a shopper ready; it is called once in each process, so it has to be picklable when there are several."""
Told = Callable[[int, int], None]
"""Is told how many goals are done, of how many."""


@dataclass(frozen=True)
class Missed:
    """A goal that was not shopped for, because the model or the shop did not answer."""

    goal: int
    why: str


def evaluate(
    goals: Sequence[int],
    results: Results,
    opened: Opened,
    *,
    workers: int = 1,
    told: Told = lambda done, total: None,
    rest: Callable[[float], None] = time.sleep,
) -> dict[int, str]:
    """Shop for every goal that has no episode yet, and keep each episode at once.

    Returns the goals that stay without an episode after some attempts, and why: nothing was scored for them.
    Raises WorkerLost if a process dies.
    """
    missed: dict[int, str] = {}
    told(sum(goal in results.kept for goal in goals), len(goals))
    for attempt in range(ATTEMPTS):
        missing = [goal for goal in goals if goal not in results.kept]
        if attempt and missing:
            rest(2.0**attempt)
        missed, in_a_row = {}, 0
        for outcome in shop_for(missing, opened, workers=workers):
            if isinstance(outcome, Missed):
                missed[outcome.goal] = outcome.why
                in_a_row += 1
                if in_a_row >= GIVE_UP_AFTER:
                    return {goal: missed.get(goal, outcome.why) for goal in goals if goal not in results.kept}
                continue
            in_a_row = 0
            results.add(outcome)
            told(sum(goal in results.kept for goal in goals), len(goals))
        if not missed:
            break
    return missed


def shop_for(goals: Sequence[int], opened: Opened, *, workers: int = 1) -> Iterator[Episode | Missed]:
    """An episode for each goal, in the order in which they end; in this process if one worker suffices."""
    workers = min(workers, len(goals))
    if workers > 1:
        yield from _shop_in_processes(deque(goals), opened, workers)
    elif goals:
        shopper = opened()
        yield from (_attempt(shopper, goal) for goal in goals)


def _attempt(shopper: Shopper, goal: int) -> Episode | Missed:
    try:
        return shopper(goal)
    except (ModelUnavailable, SourceUnreachable) as error:
        return Missed(goal, str(error))


def _shop_in_processes(goals: deque[int], opened: Opened, workers: int) -> Iterator[Episode | Missed]:
    with _started(opened, workers) as connections:
        busy: dict[Connection, int] = {}
        for connection in connections:
            _hand(connection, goals, busy)
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                goal = busy.pop(ready)
                try:
                    outcome: Episode | Missed = ready.recv()
                except (EOFError, ConnectionResetError) as error:
                    raise WorkerLost(
                        f"the process that shopped for goal {goal} ended by itself, see above; what was finished is "
                        f"kept, type the command again to go on"
                    ) from error
                _hand(ready, goals, busy)
                yield outcome


def _hand(connection: Connection, goals: deque[int], busy: dict[Connection, int]) -> None:
    """Give a process its next goal, if there is one."""
    if not goals:
        return
    goal = goals.popleft()
    busy[connection] = goal
    try:
        connection.send(goal)
    except (BrokenPipeError, ConnectionResetError):
        return  # the process is gone; reading its end says so


@contextmanager
def _started(opened: Opened, workers: int) -> Iterator[list[Connection]]:
    """Processes that wait for goals; they end when their connection does, even if this process is killed."""
    context = get_context("spawn")
    processes: list[SpawnProcess] = []
    connections = []
    with _interrupts_ignored():  # what is started inherits this, so that Ctrl-C is this process's to answer
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, opened), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            connections.append(ours)
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()
        for process in processes:
            process.terminate()
            process.join()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C for a moment; only a main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, opened: Opened) -> None:
    """What each process does: shop for the goals that it is handed until nobody hands it any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shopper = opened()
    try:
        while True:
            connection.send(_attempt(shopper, connection.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
