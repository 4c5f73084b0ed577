"""What goes wrong, as a page in the owner's words that shows a way out."""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from stocksense.errors import (
    BadValue,
    IllegalStep,
    Mendable,
    NotApproved,
    StockSenseError,
    StoreUnavailable,
    UnknownName,
)
from ui.gate import COOKIE, PART_HEADER, find_visit, services_of, visit_of
from ui.page import render, words_of
from ui.wording import Words

log = logging.getLogger(__name__)

_KNOWN = frozenset({400, 403, 404, 405, 409, 429, 503})


def add_problems(app: FastAPI) -> None:
    """Turn errors into pages: ours by what they mean, everything else into one with a number to tell."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(StockSenseError, _ours)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: StockSenseError) -> int:
    """The status of an error of ours: what was wrong with what was asked, or that we could not."""
    if isinstance(error, UnknownName):
        return 404
    if isinstance(error, IllegalStep | NotApproved):
        return 409
    return 400 if isinstance(error, Mendable) else 503


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 401:
        if request.headers.get(PART_HEADER) or "text/html" not in request.headers.get("accept", "text/html"):
            return JSONResponse({"detail": "log in first"}, 401)
        to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/login" if to == "/" else f"/login?next={quote(to)}", 303)
    return await _page(request, error.status_code, words="csrf" if error.detail == "csrf" else "")


async def _misread(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    told = "; ".join(f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in error.errors())
    return await _page(request, 400, error=BadValue(told))


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, StockSenseError)
    status = status_of(error)
    if status == 503:
        log.warning("page could not be made: path=%s error=%s", request.url.path, error)
    return await _page(request, status, error=error)


def in_words(say: Words, error: StockSenseError) -> str:
    """What an error of ours tells, in the reader's language; empty where nobody wrote it in that language."""
    return error.told(say.language) if say.language == "en" or error.in_korean else ""


async def _unexpected(request: Request, error: Exception) -> Response:
    number = secrets.token_hex(4)
    log.error("page failed: number=%s path=%s", number, request.url.path, exc_info=error)
    return await _page(request, 500, number=number)


def _recognise(request: Request) -> None:
    """Find who is asking, where the page had not come so far."""
    if visit_of(request) is None:
        request.state.visit = find_visit(services_of(request), request.cookies.get(COOKIE, ""))


async def _page(
    request: Request, status: int, *, words: str = "", error: StockSenseError | None = None, number: str = ""
) -> Response:
    """The page of an error; where even that needs what has failed, a line of text."""
    try:
        await run_in_threadpool(_recognise, request)
    except StoreUnavailable as gone:
        return JSONResponse({"detail": str(gone)}, 503)
    told = "" if error is None else in_words(words_of(request), error)
    shown = status if status in _KNOWN else 500 if status >= 500 else 400
    values: dict[str, Any] = {
        "code": shown,
        "words": words or str(shown),
        "told": told,
        "detail": "" if error is None or told else str(error),
        "number": number or str(status),
    }
    return await run_in_threadpool(render, request, "problem.html", status=status, **values)
