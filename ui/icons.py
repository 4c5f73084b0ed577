"""The icons: strokes on a 24 by 24 grid, drawn for this, coloured by the text around them."""

from __future__ import annotations

from markupsafe import Markup

_STROKES = {
    "dashboard": "M4 13h6V4H4zM14 20h6v-9h-6zM14 4v3h6V4zM4 20h6v-3H4z",
    "inventory": "M3 8l9-4 9 4v9l-9 4-9-4zM3 8l9 4 9-4M12 12v9",
    "approvals": "M4 12l5 5L20 6M4 20h16",
    "orders": "M3 6h11v10H3zM14 10h4l3 3v3h-7zM7 19a2 2 0 1 0 0-3M17 19a2 2 0 1 0 0-3",
    "recalls": "M12 3l9 17H3zM12 10v5M12 17v1",
    "trends": "M3 17l6-6 4 4 8-9M15 6h6v6",
    "memory": "M12 4a6 6 0 0 0-4 10c1 1 1 2 1 3h6c0-1 0-2 1-3a6 6 0 0 0-4-10zM9 20h6",
    "jobs": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2",
    "chat": "M4 5h16v11H9l-5 4z",
    "account": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6",
    "people": "M9 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 6a3 3 0 0 1 0 6M17 14c3 0 4 2 4 5",
    "more": "M4 7h16M4 12h16M4 17h16",
    "up": "M12 19V5M6 11l6-6 6 6",
    "down": "M12 5v14M6 13l6 6 6-6",
    "source": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.5",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
    "close": "M6 6l12 12M18 6L6 18",
    "export": "M12 4v11M7 10l5 5 5-5M4 20h16",
    "leave": "M10 4H4v16h6M14 8l4 4-4 4M18 12H9",
    "mark": "M3 8l9-4 9 4v9l-9 4-9-4zM7 14l3-3 3 2 4-4",
}


def icon(name: str) -> Markup:
    """An icon by name, hidden from screen readers: the text beside it says what it means."""
    return Markup(
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{_STROKES[name]}"/></svg>'
    )
