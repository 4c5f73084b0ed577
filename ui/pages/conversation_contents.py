"""What is fetched to show the plots and texts of an old conversation; only by the person whose it is."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from stocksense.store.conversations import content_of
from ui.gate import Viewer, services_of

router = APIRouter()


@router.get("/conversation-contents/{element}", include_in_schema=False)
def contents(request: Request, visit: Viewer, element: str) -> Response:
    """The content of an element; somebody else's isn't there."""
    with services_of(request).sessions() as session:
        found = content_of(session, element)
    if found is None or found.user_id != visit.person.id:
        raise HTTPException(404)
    # Never as a page of its own: what was said may hold anything.
    kind = "application/json" if found.mime == "application/json" else "text/plain; charset=utf-8"
    return Response(found.content, media_type=kind, headers={"Cache-Control": "private, max-age=3600"})
