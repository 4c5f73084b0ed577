"""Cards stand below a message in the order in which they were given, however long Chainlit takes for each."""

from __future__ import annotations

import asyncio

from chainlit.context import init_http_context

from ui.conversation.shown import Shown, card


class SlowCard:
    """A card that takes its time, and notes when it was shown."""

    def __init__(self, name: str, seconds: float, shown: list[str]) -> None:
        self.name, self.seconds, self.shown = name, seconds, shown

    async def send(self, for_id: str) -> None:
        """Be shown after a while."""
        await asyncio.sleep(self.seconds)
        self.shown.append(self.name)


async def test_cards_are_shown_one_after_the_other():
    init_http_context()
    shown: list[str] = []

    await Shown(content="", elements=[SlowCard("brief", 0.05, shown), SlowCard("proposal", 0.0, shown)]).send()

    assert shown == ["brief", "proposal"]


async def test_a_card_has_the_address_at_which_it_is_kept():
    init_http_context()

    made = card("ProposalCard", {"proposal": 7})

    assert made.url == f"/conversation-contents/{made.id}"
    assert made.props == {"proposal": 7}
