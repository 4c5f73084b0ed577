"""What the agents can read of the buyer: its walks and its lessons."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.reflection import Reflection
from stocksense.errors import UnknownName
from stocksense.store import orders
from stocksense.store.tables import OrderLine
from tools.reflections import book_of, list_reflections, purchase_walk, recollect_reflections

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
STEP = {"thought": "I search.", "action": "search[tea]", "page": "", "seen": "Page 1"}
WALK = {"request": "green tea", "brain": "offline", "outcome": "bought", "reason": "fits", "steps": [STEP]}


@pytest.fixture
def walked(sqlite_corner):
    """The corner shop, where one open order line has the walk by which it was bought."""
    with sqlite_corner.sessions.begin() as session:
        line = orders.lines(session, sqlite_corner.shop(session).id)[0]
        session.get_one(OrderLine, line.id).transcript = WALK
    return sqlite_corner, line


def test_how_something_was_bought_can_be_asked(walked):
    services, line = walked

    walk = purchase_walk(services, line.sku)

    assert (walk.order_line, walk.request, walk.buyer) == (line.id, "green tea", "offline")
    assert [step.action for step in walk.steps] == ["search[tea]"]


def test_without_a_name_it_is_the_last_purchase(walked):
    services, line = walked

    assert purchase_walk(services).sku == line.sku


def test_what_nobody_shopped_for_has_no_walk(sqlite_corner):
    with pytest.raises(UnknownName, match="not shopped"):
        purchase_walk(sqlite_corner)


def test_lessons_are_listed_and_found_again(sqlite_corner):
    tea = Reflection(NOW, "webshop", "green tea bags 20 pieces", "Search the name alone.")
    book_of(sqlite_corner).write(tea)

    assert [one.lesson for one in list_reflections(sqlite_corner)] == [tea.lesson]
    assert recollect_reflections(sqlite_corner, "green tea bags, 40 pieces")[0].lesson == tea.lesson
    assert recollect_reflections(sqlite_corner, "무선 이어폰") == ()
