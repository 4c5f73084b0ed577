"""What is said is kept in the order in which it was said, whatever else is written at the same time."""

from __future__ import annotations

import asyncio

import pytest

from stocksense.errors import UnknownName
from stocksense.store.conversations import conversation_of, save_element
from stocksense.store.states import Role
from stocksense.store.users import save_user
from ui.conversation.layer import Kept


@pytest.fixture
def people(sqlite_corner):
    """The numbers of two people, as Chainlit knows them."""
    with sqlite_corner.sessions.begin() as session:
        emails = ("one@example.com", "two@example.com")
        made = [save_user(session, e, name=e, role=Role.OWNER, now=sqlite_corner.clock()) for e in emails]
    return [str(person.id) for person in made]


def name_of(services, thread):
    with services.sessions() as session:
        return conversation_of(session, thread).name


async def test_what_is_written_at_once_is_kept_in_its_order(sqlite_corner, people):
    layer = Kept(sqlite_corner)

    await asyncio.gather(*(layer.update_thread("t", name=f"name {at}", user_id=people[0]) for at in range(20)))

    assert name_of(sqlite_corner, "t") == "name 19"


async def test_what_is_refused_takes_nothing_else_with_it(sqlite_corner, people):
    layer = Kept(sqlite_corner)
    await layer.update_thread("mine", name="before", user_id=people[0])

    done = await asyncio.gather(
        layer.update_thread("other", name="first", user_id=people[1]),
        layer.update_thread("mine", name="stolen", user_id=people[1]),
        layer.update_thread("mine", name="after", user_id=people[0]),
        return_exceptions=True,
    )

    assert [type(one) for one in done] == [type(None), UnknownName, type(None)]
    assert [name_of(sqlite_corner, thread) for thread in ("other", "mine")] == ["first", "after"]


async def test_who_stops_waiting_does_not_stop_the_writing(sqlite_corner, people):
    layer = Kept(sqlite_corner)
    left = asyncio.create_task(layer.update_thread("t", name="left", user_id=people[0]))
    await asyncio.sleep(0)
    left.cancel()

    await layer.update_thread("u", name="waited", user_id=people[0])

    assert [name_of(sqlite_corner, thread) for thread in ("t", "u")] == ["left", "waited"]


async def test_cards_come_back_in_the_order_in_which_they_were_shown(sqlite_corner, people):
    layer, now = Kept(sqlite_corner), sqlite_corner.clock()
    with sqlite_corner.sessions.begin() as session:
        for place in (3, 1, 2):
            body = {"id": f"element {place}", "place": place}
            save_element(session, "t", int(people[0]), body, mime="text/plain", content="", now=now)

    thread = await layer.get_thread("t")

    assert [element["place"] for element in thread["elements"]] == [1, 2, 3]
