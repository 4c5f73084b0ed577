"""Pages are drawn a few at a time and in order; what listens, or changes something, takes nobody's turn."""

from __future__ import annotations

import asyncio
from typing import Any

from ui.turns import InTurn


class Kitchen:
    """An application that answers when it is told to, and remembers who came in."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.ready: dict[str, asyncio.Event] = {}
        self.stays = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Note who came, wait, answer; `/stream` goes on after the answer has begun."""
        self.came.append(scope["path"])
        await self.ready.setdefault(scope["path"], asyncio.Event()).wait()
        if scope["path"] == "/broken":
            raise ZeroDivisionError
        await send({"type": "http.response.start"})
        if scope["path"] == "/stream":
            await self.stays.wait()


async def asked(*paths: str, method: str = "GET") -> tuple[Kitchen, list[asyncio.Task[None]]]:
    """A kitchen with two turns that was asked for some paths."""
    kitchen = Kitchen()
    door = InTurn(kitchen, at_once=2)

    async def send(message: Any) -> None:
        return None

    tasks = []
    for path in paths:
        scope = {"type": "http", "method": method, "path": path}
        tasks.append(asyncio.create_task(door(scope, None, send)))
        await asyncio.sleep(0)
    return kitchen, tasks


async def let(kitchen: Kitchen, path: str) -> None:
    kitchen.ready[path].set()
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_comes_first_is_served_first():
    async def story() -> None:
        kitchen, tasks = await asked("/1", "/2", "/3", "/4")
        assert kitchen.came == ["/1", "/2"]
        await let(kitchen, "/2")
        assert kitchen.came == ["/1", "/2", "/3"]
        for path in ("/1", "/3", "/4"):
            await let(kitchen, path)
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_an_answer_that_goes_on_takes_no_turn():
    async def story() -> None:
        kitchen, tasks = await asked("/stream", "/1", "/2")
        await let(kitchen, "/stream")
        assert kitchen.came == ["/stream", "/1", "/2"]
        kitchen.stays.set()
        for path in ("/1", "/2"):
            await let(kitchen, path)
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_what_fails_gives_its_turn_back():
    async def story() -> None:
        kitchen, tasks = await asked("/broken", "/1", "/2")
        await let(kitchen, "/broken")
        assert kitchen.came == ["/broken", "/1", "/2"]
        for path in ("/1", "/2"):
            await let(kitchen, path)
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in told] == [ZeroDivisionError, type(None), type(None)]

    asyncio.run(story())


def test_what_changes_something_waits_for_no_page():
    async def story() -> None:
        kitchen, tasks = await asked("/1", "/2", "/3", method="POST")
        assert kitchen.came == ["/1", "/2", "/3"]
        for path in kitchen.came:
            await let(kitchen, path)
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_the_sign_of_life_and_static_files_wait_for_no_page():
    async def story() -> None:
        passing = ["/health", "/assets/0123/style.css", "/events"]
        kitchen, tasks = await asked("/1", "/2", "/3", *passing)
        assert kitchen.came == ["/1", "/2", *passing]
        for path in ("/1", "/2", "/3", *passing):
            kitchen.ready.setdefault(path, asyncio.Event()).set()
        await asyncio.gather(*tasks)

    asyncio.run(story())
