"""Static files: the address of each holds a digest of what is in it, so that browsers may keep it for ever."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

FOLDER = Path(__file__).parent / "assets"
PLOTLY = "plotly.min.js"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter()


@cache
def asset(name: str) -> str:
    """The address of a static file. Raises FileNotFoundError for one that isn't there."""
    path = _path(name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/assets/{digest}/{name}"


@cache
def _path(name: str) -> Path:
    """Where a static file lies; plotly's script lies in its own package."""
    if name == PLOTLY:
        found = find_spec("plotly")
        assert found is not None and found.origin is not None
        return Path(found.origin).parent / "package_data" / PLOTLY
    return FOLDER / name


def _names() -> frozenset[str]:
    return frozenset({PLOTLY, *(path.name for path in FOLDER.iterdir())})


@router.get("/assets/{digest}/{name}", include_in_schema=False)
def static_file(digest: str, name: str) -> Response:
    """A static file; under another digest than its own it isn't kept."""
    if name not in _names():
        raise HTTPException(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kept = FOR_EVER if asset(name).endswith(f"/{digest}/{name}") else {"Cache-Control": "no-cache"}
    return FileResponse(_path(name), media_type=kind, headers=kept)


@router.get("/favicon.ico", include_in_schema=False)
def favicon() -> Response:
    """The sign in the browser's tab."""
    return FileResponse(FOLDER / "mark.svg", media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})
