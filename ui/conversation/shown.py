"""Messages whose cards and plots stand in the order in which they were given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import chainlit as cl

from ui.conversation.layer import CONTENTS


class Shown(cl.Message):
    """A message that sends what stands below it one by one; Chainlit's own sends all at once, in any order."""

    async def send(self) -> Shown:
        """Send the message, then its elements."""
        elements, self.elements = self.elements, []
        await super().send()
        for element in elements:
            await element.send(for_id=self.id)
        self.elements = elements
        return self


def card(name: str, props: Mapping[str, Any]) -> cl.CustomElement:
    """A card of that kind; it has its address from the beginning, so that Chainlit writes no file for it."""
    made = cl.CustomElement(name=name, props=dict(props))
    made.url = f"{CONTENTS}/{made.id}"
    return made
