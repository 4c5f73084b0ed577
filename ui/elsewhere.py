"""Requests as if they had come for another page: to answer a form with its page, and to draw a part into a stream."""

from __future__ import annotations

from fastapi import Request

from ui.gate import PART_HEADER


def as_if_at(request: Request, path: str, *, part: str = "") -> Request:
    """The same request, of the same visitor, for the page at `path`; with `part`, only for that block of it."""
    headers = [(name, value) for name, value in request.scope["headers"] if not part or name != PART_HEADER.encode()]
    if part:
        headers.append((PART_HEADER.encode(), part.encode()))
    # What was noted of the database is no longer so: a form has changed it, or the stream has lasted for a while.
    state = {name: value for name, value in request.scope.get("state", {}).items() if name != "version"}
    scope = {**request.scope, "path": path, "raw_path": path.encode(), "method": "GET", "headers": headers}
    return Request(scope | {"state": state})
